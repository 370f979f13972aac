//! What is known of `v1 ConfigMap`?

use super::{Adds, HealthRule, Immutable, Kind, Manners, Scope};

static IMMUTABLE: &[Immutable] = &[
    Immutable::at("/data").if_set(FROZEN),
    Immutable::at("/binaryData").if_set(FROZEN),
    Immutable::at(FROZEN).if_set(FROZEN),
];

/// Whoever sets it wants the object to stay as it is.
const FROZEN: &str = "/immutable";

/// Settings that pods read.
#[derive(Clone, Copy, Debug)]
pub struct ConfigMap;

impl Kind for ConfigMap {
    fn group(&self) -> &'static str {
        ""
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "ConfigMap"
    }

    fn plural(&self) -> &'static str {
        "configmaps"
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

    fn immutable(&self) -> &[Immutable] {
        IMMUTABLE
    }
}
