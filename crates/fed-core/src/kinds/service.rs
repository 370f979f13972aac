//! What is known of `v1 Service`?

use super::{Kind, Scope};

/// One address for many pods.
#[derive(Clone, Copy, Debug)]
pub struct Service;

impl Kind for Service {
    fn group(&self) -> &'static str {
        ""
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "Service"
    }

    fn plural(&self) -> &'static str {
        "services"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }
}
