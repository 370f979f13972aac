//! What is known of a kind that is only declared: by a FederatedTypeConfig, by a document, or by hand?

use serde_json::Value;

use super::computed::Computed;
use super::{
    Adds, ClusterStatus, Health, HealthRule, Immutable, Keep, Kind, Local, Manners, Misshapen,
    Names, Reference, Remark, Replacement, Retention, Scope, aggregate, dependencies, health,
    pod_template, reflect, replace, replicas, retain,
};
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
    pub(super) ready_path: Pointer,
    pub(super) divided_along: Option<Pointer>,
    pub(super) pod_template_path: Option<Pointer>,
    pub(super) kept: Vec<Keep>,
    pub(super) local: Vec<Local>,
    pub(super) health: HealthRule,
    pub(super) names: Vec<Names>,
    pub(super) adds: Vec<Adds>,
    pub(super) immutable: Vec<Immutable>,
    pub(super) computed: Computed,
}

impl DeclaredKind {
    /// A kind without replicas.
    pub fn new(gvk: GroupVersionKind, plural: impl Into<String>, scope: Scope) -> Self {
        Self {
            gvk,
            plural: plural.into(),
            scope,
            replicas_path: None,
            ready_path: Pointer::from_text(replicas::READY),
            divided_along: None,
            pod_template_path: None,
            kept: Vec::new(),
            local: Vec::new(),
            health: HealthRule::default(),
            names: Vec::new(),
            adds: aggregate::USUAL.to_vec(),
            immutable: Vec::new(),
            computed: Computed::default(),
        }
    }

    /// The same, with replicas at this place of its objects.
    #[must_use]
    pub fn with_replicas_path(mut self, path: Pointer) -> Self {
        self.replicas_path = Some(path);
        self
    }

    fn retained(
        &self,
        desired: &Value,
        live: &Value,
        how: &Retention<'_>,
    ) -> Result<Value, Misshapen> {
        let mut kept = desired.clone();
        retain::retain(&mut kept, live, &self.kept, self.replicas_path(), how)?;
        self.computed.kept(kept, live)
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

    fn ready_path(&self) -> &str {
        self.ready_path.as_str()
    }

    fn divided_along(&self) -> Option<&str> {
        self.divided_along.as_ref().map(Pointer::as_str)
    }

    fn pod_template_path(&self) -> Option<&str> {
        self.pod_template_path.as_ref().map(Pointer::as_str)
    }

    fn replicas(&self, object: &Value) -> Option<i64> {
        let computed = self.computed.replicas(object);
        computed.or_else(|| replicas::read(object, self.replicas_path()?))
    }

    fn kept(&self, _manners: Manners) -> &[Keep] {
        &self.kept
    }

    fn retain(
        &self,
        desired: &mut Value,
        live: &Value,
        how: &Retention<'_>,
    ) -> Result<(), Misshapen> {
        let once = self.retained(desired, live, how)?;
        if let Some(unsteady) = self.computed.unsteady()
            && self.retained(&once, live, how)? != once
        {
            return Err(unsteady);
        }
        *desired = once;
        Ok(())
    }

    fn depends_on_cluster(&self, desired: &Value, _manners: Manners) -> bool {
        self.computed.keeps() || self.kept.iter().any(|keep| keep.overrules(desired))
    }

    fn local(&self, _manners: Manners) -> &[Local] {
        &self.local
    }

    fn health_rule(&self, _manners: Manners) -> HealthRule {
        self.health.clone()
    }

    fn health(&self, object: &Value, manners: Manners) -> Health {
        health::terminating(object)
            .or_else(|| self.computed.health(object))
            .unwrap_or_else(|| {
                health::health(object, &self.health_rule(manners), self.replicas_path())
            })
    }

    fn is_ready_for_rollout(&self, object: &Value) -> bool {
        let computed = self.computed.is_ready(object);
        computed.unwrap_or_else(|| self.health(object, Manners::Native).is_healthy())
    }

    fn names(&self) -> &[Names] {
        &self.names
    }

    fn references(&self, object: &Value) -> Vec<Reference> {
        let mut found = dependencies::named(object, "", &self.names);
        if let Some(path) = self.pod_template_path() {
            found.extend(pod_template::references(object, path));
        }
        found.extend(self.computed.references(object));
        found
    }

    fn reflect_status(&self, object: &Value, manners: Manners) -> Result<Option<Value>, Misshapen> {
        let computed = self.computed.status(object);
        computed.unwrap_or_else(|| reflect::reflect(object, None, manners))
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        &self.adds
    }

    fn aggregate_status(
        &self,
        template: &Value,
        members: &[ClusterStatus<'_>],
        manners: Manners,
    ) -> Option<Value> {
        if manners == Manners::KubeFed {
            return None;
        }
        let mut whole = aggregate::aggregate(template, members, &self.adds, manners);
        self.computed.aggregate(template, members, &mut whole);
        Some(whole)
    }

    fn immutable(&self) -> &[Immutable] {
        &self.immutable
    }

    fn needs_replace(&self, before: &Value, after: &Value) -> Option<Replacement> {
        if before == after {
            return None;
        }
        let hindered = replace::replacement(before, after, &self.immutable);
        hindered.or_else(|| self.computed.replacement(before, after))
    }

    fn remarks(&self, object: &Value) -> Vec<Remark> {
        self.computed.remarks(object)
    }

    fn gvk(&self) -> GroupVersionKind {
        self.gvk.clone()
    }
}
