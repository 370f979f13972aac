//! What is this thing called? Names of clusters, kinds and objects, as small values that are cheap
//! to copy and have one order.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// The name of a member cluster.
///
/// Any text is a name: whether a cluster of that name exists is a question for the
/// fleet. Cloning copies a pointer.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct ClusterName(Arc<str>);

impl ClusterName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: AsRef<str>> From<T> for ClusterName {
    fn from(name: T) -> Self {
        Self(Arc::from(name.as_ref()))
    }
}

impl From<ClusterName> for String {
    fn from(name: ClusterName) -> Self {
        name.0.as_ref().to_owned()
    }
}

impl Borrow<str> for ClusterName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClusterName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for ClusterName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl JsonSchema for ClusterName {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ClusterName".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "minLength": 1 })
    }
}

/// Group, version and kind of a Kubernetes type. Cloning copies a pointer.
///
/// ```
/// use fed_core::GroupVersionKind;
///
/// let deployment = GroupVersionKind::from_api_version("apps/v1", "Deployment");
/// assert_eq!(deployment.group(), "apps");
/// assert_eq!(deployment.api_version(), "apps/v1");
/// assert_eq!(GroupVersionKind::from_api_version("v1", "Secret").group(), "");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupVersionKind(Arc<TypeParts>);

// The order of the fields is the order of the type: by kind, then group, then version.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
struct TypeParts {
    kind: Box<str>,
    group: Box<str>,
    version: Box<str>,
}

impl GroupVersionKind {
    /// A type by its three parts; the core group is the empty text.
    pub fn new(group: &str, version: &str, kind: &str) -> Self {
        Self(Arc::new(TypeParts {
            kind: kind.into(),
            group: group.into(),
            version: version.into(),
        }))
    }

    /// A type as objects write it: `apiVersion` and `kind`. `/v1` is taken for `v1`, as
    /// Kubernetes does.
    pub fn from_api_version(api_version: &str, kind: &str) -> Self {
        let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
        Self::new(group, version, kind)
    }

    /// The API group, empty for the core group.
    pub fn group(&self) -> &str {
        &self.0.group
    }

    /// The version within the group.
    pub fn version(&self) -> &str {
        &self.0.version
    }

    /// The kind, such as `Deployment`.
    pub fn kind(&self) -> &str {
        &self.0.kind
    }

    /// What an object of this type writes as its `apiVersion`.
    pub fn api_version(&self) -> String {
        match self.group() {
            "" => self.version().to_owned(),
            group => format!("{group}/{}", self.version()),
        }
    }

    /// Is this the same kind of the same group, whatever the version?
    pub fn same_kind(&self, other: &Self) -> bool {
        self.kind() == other.kind() && self.group() == other.group()
    }
}

impl fmt::Display for GroupVersionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.api_version(), self.kind())
    }
}

impl fmt::Debug for GroupVersionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One Kubernetes object: its type, its namespace where it has one, and its name.
///
/// Ordered by kind, group, namespace and name. Cloning copies a pointer.
///
/// ```
/// use fed_core::{GroupVersionKind, ObjectId};
///
/// let deployment = GroupVersionKind::from_api_version("apps/v1", "Deployment");
/// let rating = ObjectId::new(deployment, Some("shop"), "rating");
/// assert_eq!(rating.to_string(), "Deployment shop/rating");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(Arc<ObjectParts>);

// The order of the fields is the order of the objects in every list we print.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
struct ObjectParts {
    kind: Box<str>,
    group: Box<str>,
    namespace: Option<Box<str>>,
    name: Box<str>,
    gvk: GroupVersionKind,
}

impl ObjectId {
    /// The object of this type, namespace (`None` for cluster-scoped ones) and name.
    pub fn new(gvk: GroupVersionKind, namespace: Option<&str>, name: &str) -> Self {
        Self(Arc::new(ObjectParts {
            kind: gvk.kind().into(),
            group: gvk.group().into(),
            namespace: namespace.map(Into::into),
            name: name.into(),
            gvk,
        }))
    }

    /// Its type.
    pub fn gvk(&self) -> &GroupVersionKind {
        &self.0.gvk
    }

    /// Its kind, such as `Deployment`.
    pub fn kind(&self) -> &str {
        &self.0.kind
    }

    /// Its API group, empty for the core group.
    pub fn group(&self) -> &str {
        &self.0.group
    }

    /// Its namespace; `None` for a cluster-scoped object.
    pub fn namespace(&self) -> Option<&str> {
        self.0.namespace.as_deref()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The identity without a version: an object is the same one under every version of its API.
    pub fn versionless(&self) -> Self {
        let gvk = GroupVersionKind::new(self.group(), "", self.kind());
        Self::new(gvk, self.namespace(), self.name())
    }

    /// Is this the same object, whatever the API version it was read at?
    pub fn same_object(&self, other: &Self) -> bool {
        self.gvk().same_kind(other.gvk())
            && self.namespace() == other.namespace()
            && self.name() == other.name()
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.namespace() {
            Some(namespace) => write!(f, "{} {namespace}/{}", self.kind(), self.name()),
            None => write!(f, "{} {}", self.kind(), self.name()),
        }
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_core_group_is_written_without_a_slash() {
        let namespace = GroupVersionKind::from_api_version("/v1", "Namespace");
        assert_eq!(namespace.api_version(), "v1");
        assert_eq!(namespace, GroupVersionKind::new("", "v1", "Namespace"));
    }

    #[test]
    fn objects_are_ordered_by_kind_group_namespace_name() {
        let id = |api: &str, kind: &str, namespace, name| {
            ObjectId::new(
                GroupVersionKind::from_api_version(api, kind),
                namespace,
                name,
            )
        };
        let sorted = [
            id("z.io/v1", "Alpha", Some("z"), "z"),
            id("apps/v1", "Deployment", Some("a"), "b"),
            id("apps/v1", "Deployment", Some("b"), "a"),
            id("v1", "Namespace", None, "a"),
        ];
        assert!(sorted.is_sorted());
        let beta = id("apps/v1beta1", "Deployment", Some("a"), "b");
        assert!(beta.same_object(&sorted[1]) && beta != sorted[1]);
    }
}
