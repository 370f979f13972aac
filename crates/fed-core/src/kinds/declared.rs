//! What is known of a kind that is only declared: by a FederatedTypeConfig, by a document, or by hand?

use super::{Adds, HealthRule, Immutable, Keep, Kind, Manners, Names, Scope, aggregate};
use crate::identity::GroupVersionKind;
use crate::location::Pointer;

/// A kind of which nothing is known but what its declaration says.
///
/// ```
/// use fed_core::kinds::{DeclaredKind, Kind, Kinds, Scope};
/// use fed_core::{GroupVersionKind, Pointer};
///
/// let gvk = GroupVersionKind::new("ml.example.com", "v1", "TrainingRun");
/// let declared = DeclaredKind::new(gvk, "trainingruns", Scope::Namespaced)
///     .with_replicas_path(Pointer::from_text("/spec/workers"));
/// assert_eq!(declared.replicas_path(), Some("/spec/workers"));
/// assert!(Kinds::builtin().with(declared).find("ml.example.com", "TrainingRun").is_some());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredKind {
    gvk: GroupVersionKind,
    plural: String,
    scope: Scope,
    replicas_path: Option<Pointer>,
    pub(super) pod_template_path: Option<Pointer>,
    pub(super) kept: Vec<Keep>,
    pub(super) health: HealthRule,
    pub(super) names: Vec<Names>,
    pub(super) adds: Vec<Adds>,
    pub(super) immutable: Vec<Immutable>,
}

impl DeclaredKind {
    /// A kind without replicas.
    pub fn new(gvk: GroupVersionKind, plural: impl Into<String>, scope: Scope) -> Self {
        Self {
            gvk,
            plural: plural.into(),
            scope,
            replicas_path: None,
            pod_template_path: None,
            kept: Vec::new(),
            health: HealthRule::default(),
            names: Vec::new(),
            adds: aggregate::USUAL.to_vec(),
            immutable: Vec::new(),
        }
    }

    /// The same, with replicas at this place of its objects.
    #[must_use]
    pub fn with_replicas_path(mut self, path: Pointer) -> Self {
        self.replicas_path = Some(path);
        self
    }
}

impl Kind for DeclaredKind {
    fn group(&self) -> &str {
        self.gvk.group()
    }

    fn version(&self) -> &str {
        self.gvk.version()
    }

    fn kind(&self) -> &str {
        self.gvk.kind()
    }

    fn plural(&self) -> &str {
        &self.plural
    }

    fn scope(&self) -> Scope {
        self.scope
    }

    fn replicas_path(&self) -> Option<&str> {
        self.replicas_path.as_ref().map(Pointer::as_str)
    }

    fn pod_template_path(&self) -> Option<&str> {
        self.pod_template_path.as_ref().map(Pointer::as_str)
    }

    fn kept(&self, _manners: Manners) -> &[Keep] {
        &self.kept
    }

    fn health_rule(&self, _manners: Manners) -> HealthRule {
        self.health.clone()
    }

    fn names(&self) -> &[Names] {
        &self.names
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        &self.adds
    }

    fn immutable(&self) -> &[Immutable] {
        &self.immutable
    }

    fn gvk(&self) -> GroupVersionKind {
        self.gvk.clone()
    }
}
