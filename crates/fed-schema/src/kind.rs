//! What is known of one version of a kind: names, verbs, columns, and the type of its objects?

use std::fmt;

use crate::columns::Column;
use crate::entry::{Entry, Origin, Scale, Subresource};
use crate::rules::{self, Immutable};
use crate::shape::{Scope, Shape};
use crate::table::ANYTHING;
use crate::types::Type;
use crate::unchecked::Unchecked;

/// A served version of a kind.
///
/// A handle of one word that borrows its [`Schemas`](crate::Schemas): copy it freely.
#[derive(Clone, Copy)]
pub struct Kind<'a>(pub(crate) &'a Entry);

impl<'a> Kind<'a> {
    /// The API group, empty for the core group.
    #[must_use]
    pub fn group(self) -> &'a str {
        &self.0.group
    }

    /// The version within the group.
    #[must_use]
    pub fn version(self) -> &'a str {
        &self.0.version
    }

    /// The name of the kind, such as `Deployment`.
    #[must_use]
    pub fn kind(self) -> &'a str {
        &self.0.kind
    }

    /// What an object of this kind writes as its `apiVersion`.
    #[must_use]
    pub fn api_version(self) -> String {
        match self.group() {
            "" => self.version().to_owned(),
            group => format!("{group}/{}", self.version()),
        }
    }

    /// The plural, as it stands in the paths of the API.
    #[must_use]
    pub fn plural(self) -> &'a str {
        &self.0.plural
    }

    /// The singular, as people type it.
    #[must_use]
    pub fn singular(self) -> &'a str {
        &self.0.singular
    }

    /// What people type for short, such as `deploy`.
    #[must_use]
    pub fn short_names(self) -> impl ExactSizeIterator<Item = &'a str> {
        self.0.short_names.iter().map(|name| &**name)
    }

    /// The sets of resources that it belongs to, such as `all`.
    #[must_use]
    pub fn categories(self) -> impl ExactSizeIterator<Item = &'a str> {
        self.0.categories.iter().map(|name| &**name)
    }

    /// Do its objects live in a namespace?
    #[must_use]
    pub fn scope(self) -> Scope {
        self.0.scope
    }

    /// What can be asked of it, such as `list`.
    #[must_use]
    pub fn verbs(self) -> impl ExactSizeIterator<Item = &'a str> {
        self.0.verbs.iter().map(|verb| &**verb)
    }

    /// What is served beside its objects.
    #[must_use]
    pub fn subresources(self) -> &'a [Subresource] {
        &self.0.subresources
    }

    /// The subresource of this name.
    #[must_use]
    pub fn subresource(self, name: &str) -> Option<&'a Subresource> {
        self.subresources()
            .iter()
            .find(|subresource| subresource.name == name)
    }

    /// The columns of its table.
    #[must_use]
    pub fn columns(self) -> &'a [Column] {
        self.0.columns()
    }

    /// Where its objects keep what their `scale` subresource shows, if they have one.
    #[must_use]
    pub fn scale(self) -> Option<&'a Scale> {
        self.0.scale.as_ref()
    }

    /// Where an object says how many replicas it wants, as a JSON Pointer: what its `scale`
    /// subresource says.
    #[must_use]
    pub fn replicas_path(self) -> Option<&'a str> {
        self.scale().map(|scale| scale.spec_replicas.as_str())
    }

    /// Is `spec.replicas` a whole number of 32 bits? Only then `KubeFed`'s Federated kinds have
    /// `retainReplicas`.
    #[must_use]
    pub fn has_int32_replicas(self) -> bool {
        self.root()
            .at("/spec/replicas")
            .is_some_and(|replicas| replicas.shape() == Shape::Int32)
    }

    /// Who defines it.
    #[must_use]
    pub fn origin(self) -> Origin {
        self.0.origin
    }

    /// Why this version should not be used any more, if its CRD says so.
    #[must_use]
    pub fn deprecation(self) -> Option<&'a str> {
        self.0.deprecation.as_deref()
    }

    /// What its schema demands that nothing here checks: CEL rules, patterns, limits.
    #[must_use]
    pub fn unchecked(self) -> &'a [Unchecked] {
        &self.0.unchecked
    }

    /// The fields that cannot be changed once an object is there, as far as they are known.
    pub fn immutable(self) -> impl Iterator<Item = &'static Immutable> {
        rules::immutable(self.group(), self.kind())
    }

    /// The type of its objects. A kind without a schema takes anything.
    ///
    /// The first call opens the document of the kind's group and version.
    pub fn root(self) -> Type<'a> {
        let table = self.0.schemas.table();
        let root = table.root(self.group(), self.version(), self.kind());
        // Every table has the node that takes anything.
        Type::of(table, root.unwrap_or(ANYTHING)).unwrap_or_else(Type::anything)
    }
}

impl fmt::Debug for Kind<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Kind<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.api_version(), self.kind())
    }
}
