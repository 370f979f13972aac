//! Which kinds are known? The built-in ones, and those of the `CustomResourceDefinitions` that were
//! given.

use std::fmt;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::crd::{self, CrdError};
use crate::entry::Entry;
use crate::kind::Kind;
use crate::registry::Registry;
use crate::unchecked::Unchecked;

/// The kinds and their schemas. Cloning copies a pointer.
#[derive(Clone)]
pub struct Schemas {
    builtin: &'static Registry,
    custom: Arc<Registry>,
}

impl Schemas {
    /// The kinds of Kubernetes itself.
    ///
    /// ```
    /// use fed_schema::{Schemas, Shape};
    ///
    /// let schemas = Schemas::builtin();
    /// let deployment = schemas.kind("apps", "v1", "Deployment").expect("it is built in");
    /// let image = deployment.root().at("/spec/template/spec/containers/0/image");
    /// assert_eq!(image.map(|image| image.shape()), Some(Shape::String));
    /// ```
    pub fn builtin() -> Self {
        // A cache of constant data.
        static BUILTIN: OnceLock<Registry> = OnceLock::new();
        Self {
            builtin: BUILTIN.get_or_init(Registry::builtin),
            custom: Arc::default(),
        }
    }

    /// These kinds and those of a `CustomResourceDefinition`; one given earlier for the same kind
    /// is replaced.
    pub fn with_crd(&self, definition: &Value) -> Result<Self, CrdError> {
        let read = crd::read(definition)?;
        let is_same = |entry: &Entry| {
            let same = |new: &Arc<Entry>| new.group == entry.group && new.kind == entry.kind;
            read.iter().any(same)
        };
        if let Some(entry) = self.builtin.entries().iter().find(|entry| is_same(entry)) {
            return Err(CrdError::Builtin {
                group: entry.group.to_string(),
                kind: entry.kind.to_string(),
            });
        }
        let kept = self.custom.entries().iter().filter(|entry| !is_same(entry));
        let entries = kept.chain(&read).map(Arc::clone).collect();
        Ok(Self {
            builtin: self.builtin,
            custom: Arc::new(Registry::new(entries)),
        })
    }

    /// The kind at exactly this version; the core group is the empty text.
    #[must_use]
    pub fn kind(&self, group: &str, version: &str, kind: &str) -> Option<Kind<'_>> {
        self.versions(group, kind)
            .find(|found| found.version() == version)
    }

    /// The kind as objects write it: `apps/v1`, `Deployment`.
    #[must_use]
    pub fn kind_of(&self, api_version: &str, kind: &str) -> Option<Kind<'_>> {
        let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
        self.kind(group, version, kind)
    }

    /// The versions of a kind that are served, the preferred one first.
    #[must_use]
    pub fn versions(&self, group: &str, kind: &str) -> impl ExactSizeIterator<Item = Kind<'_>> {
        let found = match self.builtin.versions(group, kind) {
            [] => self.custom.versions(group, kind),
            found => found,
        };
        found.iter().map(|entry| Kind(entry))
    }

    /// The kind at the version that the server prefers.
    #[must_use]
    pub fn preferred(&self, group: &str, kind: &str) -> Option<Kind<'_>> {
        self.versions(group, kind).next()
    }

    /// The kind whose resource has this plural, at the version that the server prefers.
    pub fn resource(&self, group: &str, plural: &str) -> Option<Kind<'_>> {
        let builtin = self.builtin.resource(group, plural);
        builtin
            .or_else(|| self.custom.resource(group, plural))
            .map(Kind)
    }

    /// The kinds that people mean by a name: a kind, plural, singular or short name of any group.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Kind<'a>> {
        self.kinds().filter(move |kind| {
            [kind.kind(), kind.plural(), kind.singular()].contains(&name)
                || kind.short_names().any(|short| short == name)
        })
    }

    /// Every version of every kind: by group and kind, the preferred version first, the built-in
    /// kinds before all others.
    pub fn kinds(&self) -> impl Iterator<Item = Kind<'_>> {
        let entries = self.builtin.entries().iter().chain(self.custom.entries());
        entries.map(|entry| Kind(entry))
    }

    /// What the schemas of the given `CustomResourceDefinitions` demand that nothing here checks.
    pub fn unchecked(&self) -> impl Iterator<Item = (Kind<'_>, &Unchecked)> {
        self.kinds()
            .flat_map(|kind| kind.unchecked().iter().map(move |demand| (kind, demand)))
    }
}

impl Default for Schemas {
    fn default() -> Self {
        Self::builtin()
    }
}

impl fmt::Debug for Schemas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.kinds()).finish()
    }
}
