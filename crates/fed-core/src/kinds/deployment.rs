//! What is known of `apps/v1 Deployment`?

use super::{Kind, Scope};

/// Interchangeable pods, replaced step by step.
#[derive(Clone, Copy, Debug)]
pub struct Deployment;

impl Kind for Deployment {
    fn group(&self) -> &'static str {
        "apps"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "Deployment"
    }

    fn plural(&self) -> &'static str {
        "deployments"
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
