//! What is known of `networking.k8s.io/v1 NetworkPolicy`?

use super::{Adds, HealthRule, Kind, Manners, Scope};

/// Who may speak with which pods.
#[derive(Clone, Copy, Debug)]
pub struct NetworkPolicy;

impl Kind for NetworkPolicy {
    fn group(&self) -> &'static str {
        "networking.k8s.io"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "NetworkPolicy"
    }

    fn plural(&self) -> &'static str {
        "networkpolicies"
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
