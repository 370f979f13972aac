//! What is known of `apps/v1 ReplicaSet`?

use super::{Kind, Scope};

/// Interchangeable pods, of one template.
#[derive(Clone, Copy, Debug)]
pub struct ReplicaSet;

impl Kind for ReplicaSet {
    fn group(&self) -> &'static str {
        "apps"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "ReplicaSet"
    }

    fn plural(&self) -> &'static str {
        "replicasets"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }

    fn replicas_path(&self) -> Option<&str> {
        Some("/spec/replicas")
    }

    fn pod_template_path(&self) -> Option<&str> {
        Some("/spec/template")
    }
}
