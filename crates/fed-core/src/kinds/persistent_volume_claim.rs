//! What is known of `v1 PersistentVolumeClaim`?

use super::{Kind, Scope};

/// Storage that a pod asks for.
#[derive(Clone, Copy, Debug)]
pub struct PersistentVolumeClaim;

impl Kind for PersistentVolumeClaim {
    fn group(&self) -> &'static str {
        ""
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "PersistentVolumeClaim"
    }

    fn plural(&self) -> &'static str {
        "persistentvolumeclaims"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }
}
