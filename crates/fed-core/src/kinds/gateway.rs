//! What is known of `gateway.networking.k8s.io/v1 Gateway`?

use super::{Adds, HealthRule, Kind, Manners, Names, Scope};

static NAMES: &[Names] =
    &[Names::core("Secret", "/spec/listeners/*/tls/certificateRefs/*/name").unless_said("group")];

static ADDS: &[Adds] = &[Adds::Concat("addresses"), Adds::Conditions];

/// Where traffic comes in from outside.
#[derive(Clone, Copy, Debug)]
pub struct Gateway;

impl Kind for Gateway {
    fn group(&self) -> &'static str {
        "gateway.networking.k8s.io"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "Gateway"
    }

    fn plural(&self) -> &'static str {
        "gateways"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }

    fn health_rule(&self, _manners: Manners) -> HealthRule {
        HealthRule::Ready("Programmed".into())
    }

    fn names(&self) -> &[Names] {
        NAMES
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        ADDS
    }
}
