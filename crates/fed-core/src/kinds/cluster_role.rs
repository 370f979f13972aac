//! What is known of `rbac.authorization.k8s.io/v1 ClusterRole`?

use super::{Adds, HealthRule, Kind, Manners, Scope};

/// Permissions that hold in the whole cluster.
#[derive(Clone, Copy, Debug)]
pub struct ClusterRole;

impl Kind for ClusterRole {
    fn group(&self) -> &'static str {
        "rbac.authorization.k8s.io"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "ClusterRole"
    }

    fn plural(&self) -> &'static str {
        "clusterroles"
    }

    fn scope(&self) -> Scope {
        Scope::Cluster
    }

    fn health_rule(&self, _manners: Manners) -> HealthRule {
        HealthRule::Exists
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        &[]
    }
}
