//! What is known of `v1 ConfigMap`?

use super::{Kind, Scope};

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
}
