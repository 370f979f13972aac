//! What is known of `rbac.authorization.k8s.io/v1 ClusterRoleBinding`?

use super::{Adds, HealthRule, Immutable, Kind, Manners, Names, Scope};

static IMMUTABLE: &[Immutable] = &[Immutable::at("/roleRef")];

const RBAC: &str = "rbac.authorization.k8s.io";

static NAMES: &[Names] = &[Names::of(RBAC, "ClusterRole", "/roleRef/name")
    .only("apiGroup")
    .in_the_cluster()];

/// Who has the permissions of a ClusterRole, everywhere.
#[derive(Clone, Copy, Debug)]
pub struct ClusterRoleBinding;

impl Kind for ClusterRoleBinding {
    fn group(&self) -> &'static str {
        "rbac.authorization.k8s.io"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "ClusterRoleBinding"
    }

    fn plural(&self) -> &'static str {
        "clusterrolebindings"
    }

    fn scope(&self) -> Scope {
        Scope::Cluster
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
