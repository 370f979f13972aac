//! What is known of `rbac.authorization.k8s.io/v1 ClusterRole`?

use super::{Kind, Scope};

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
}
