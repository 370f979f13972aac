//! What is known of `rbac.authorization.k8s.io/v1 RoleBinding`?

use super::{Kind, Scope};

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
}
