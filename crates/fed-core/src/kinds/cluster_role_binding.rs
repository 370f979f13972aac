//! What is known of `rbac.authorization.k8s.io/v1 ClusterRoleBinding`?

use super::{Kind, Scope};

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
}
