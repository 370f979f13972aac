//! What is known of `rbac.authorization.k8s.io/v1 Role`?

use super::{Adds, HealthRule, Kind, Manners, Scope};

/// Permissions that hold in one namespace.
#[derive(Clone, Copy, Debug)]
pub struct Role;

impl Kind for Role {
    fn group(&self) -> &'static str {
        "rbac.authorization.k8s.io"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "Role"
    }

    fn plural(&self) -> &'static str {
        "roles"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }

    fn health_rule(&self, _manners: Manners) -> HealthRule {
        HealthRule::Exists
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        &[]
    }
}
