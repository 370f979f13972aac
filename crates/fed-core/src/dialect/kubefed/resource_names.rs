//! Is this the kind that somebody means who types `deploy`, `Deployments` or `deployments.apps`?

/// All that a kind is called by, as an API server lists it.
///
/// ```
/// use fed_core::dialect::kubefed::ResourceNames;
///
/// let names = ResourceNames {
///     plural: "deployments",
///     singular: "deployment",
///     kind: "Deployment",
///     short_names: &["deploy"],
///     group: "apps",
/// };
/// assert!(names.matches("Deploy") && names.matches("deployments.apps"));
/// assert!(!names.matches("apps"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResourceNames<'n> {
    /// The plural, such as `deployments`.
    pub plural: &'n str,
    /// The singular; empty where the server tells none.
    pub singular: &'n str,
    /// The kind.
    pub kind: &'n str,
    /// The short names.
    pub short_names: &'n [&'n str],
    /// The group; empty for the core group.
    pub group: &'n str,
}

impl ResourceNames<'_> {
    /// Is `query` one of these names, or the plural with its group? Capitals do not matter.
    ///
    /// As in KubeFed the empty text matches a kind whose server tells no singular: ask for a name
    /// first.
    pub fn matches(&self, query: &str) -> bool {
        let query = query.to_lowercase();
        let called = |name: &str| query == name.to_lowercase();
        [self.plural, self.singular, self.kind]
            .iter()
            .chain(self.short_names)
            .any(|name| called(name))
            || called(&format!("{}.{}", self.plural, self.group))
    }
}
