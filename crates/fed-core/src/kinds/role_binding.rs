//! What is known of `rbac.authorization.k8s.io/v1 RoleBinding`?

use super::{Adds, HealthRule, Immutable, Kind, Manners, Names, Scope};

static IMMUTABLE: &[Immutable] = &[Immutable::at("/roleRef")];

const RBAC: &str = "rbac.authorization.k8s.io";

static NAMES: &[Names] = &[
    Names::of(RBAC, "Role", "/roleRef/name").only("apiGroup"),
    Names::of(RBAC, "ClusterRole", "/roleRef/name")
        .only("apiGroup")
        .in_the_cluster(),
    Names::core("ServiceAccount", "/subjects/*/name").only("apiGroup"),
];

/// Who has the permissions of a role, in one namespace.
#[derive(Clone, Copy, Debug)]
pub struct RoleBinding;

impl Kind for RoleBinding {
    fn group(&self) -> &'static str {
        "rbac.authorization.k8s.io"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "RoleBinding"
    }

    fn plural(&self) -> &'static str {
        "rolebindings"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }

    fn health_rule(&self, _manners: Manners) -> HealthRule {
        HealthRule::Exists
    }

    fn names(&self) -> &[Names] {
        NAMES
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        &[]
    }

    fn immutable(&self) -> &[Immutable] {
        IMMUTABLE
    }
}
