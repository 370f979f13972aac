//! What is known of `policy/v1 PodDisruptionBudget`?

use super::{Kind, Scope};

/// How many pods may be down on purpose at one time.
#[derive(Clone, Copy, Debug)]
pub struct PodDisruptionBudget;

impl Kind for PodDisruptionBudget {
    fn group(&self) -> &'static str {
        "policy"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "PodDisruptionBudget"
    }

    fn plural(&self) -> &'static str {
        "poddisruptionbudgets"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }
}
