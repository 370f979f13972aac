//! What is known of `apps/v1 StatefulSet`?

use super::{Kind, Scope};

/// Pods that keep their name and their storage.
#[derive(Clone, Copy, Debug)]
pub struct StatefulSet;

impl Kind for StatefulSet {
    fn group(&self) -> &'static str {
        "apps"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "StatefulSet"
    }

    fn plural(&self) -> &'static str {
        "statefulsets"
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
