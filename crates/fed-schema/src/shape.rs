//! Which sorts of values, lists and patches are there?

use std::fmt;

/// What a value must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Shape {
    /// An object with known fields.
    Object,
    /// An object with keys of the user's own and values of one type.
    Map,
    /// A list of values of one type.
    List,
    /// Text.
    String,
    /// A whole number of 32 bits.
    Int32,
    /// A whole number of 64 bits.
    Int64,
    /// A whole number of unsaid size; Kubernetes takes 64 bits.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A whole number or a text, such as a port's number or name, `1` or `25%`.
    IntOrString,
    /// An amount such as `500m` or `1Gi`; a plain number is taken too.
    Quantity,
    /// Bytes as base64 text.
    Bytes,
    /// A point in time as RFC 3339 text.
    DateTime,
    /// An object with any fields, such as an embedded object of any kind.
    AnyObject,
    /// Any JSON.
    Any,
}

impl Shape {
    /// The shape as people say it: `a whole number`.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Object | Self::AnyObject => "an object",
            Self::Map => "an object of keys and values",
            Self::List => "a list",
            Self::String => "a text",
            Self::Int32 | Self::Int64 | Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::IntOrString => "a whole number or a text",
            Self::Quantity => "a quantity such as 500m or 1Gi",
            Self::Bytes => "a base64 text",
            Self::DateTime => "an RFC 3339 time",
            Self::Any => "any value",
        }
    }

    /// Does a value of this shape hold no other values?
    #[must_use]
    pub const fn is_scalar(self) -> bool {
        !matches!(
            self,
            Self::Object | Self::Map | Self::List | Self::AnyObject | Self::Any
        )
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.describe())
    }
}

/// How server-side apply merges a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListType {
    /// As one value: its last writer owns it whole.
    Atomic,
    /// As a set of scalars, each owned by itself.
    Set,
    /// As objects told apart by keys, see [`Type::map_keys`](crate::Type::map_keys).
    Map,
}

impl ListType {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "atomic" => Some(Self::Atomic),
            "set" => Some(Self::Set),
            "map" => Some(Self::Map),
            _ => None,
        }
    }
}

/// How a strategic merge patch treats a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PatchStrategy {
    /// A list is merged, by the merge key where there is one; without this it is replaced.
    pub merge: bool,
    /// A field is replaced whole, though it could be merged.
    pub replace: bool,
    /// Of a one-of object only the fields that the patch names are kept.
    pub retain_keys: bool,
}

impl PatchStrategy {
    pub(crate) fn parse(text: &str) -> Self {
        let has = |word| text.split(',').any(|part| part.trim() == word);
        Self {
            merge: has("merge"),
            replace: has("replace"),
            retain_keys: has("retainKeys"),
        }
    }
}

/// Do objects of a kind live in a namespace?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// No: the cluster has one object of each name.
    Cluster,
    /// Yes: each namespace has one object of each name.
    Namespaced,
}

impl Scope {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "Cluster" => Some(Self::Cluster),
            "Namespaced" => Some(Self::Namespaced),
            _ => None,
        }
    }

    /// The scope as Kubernetes writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cluster => "Cluster",
            Self::Namespaced => "Namespaced",
        }
    }
}
