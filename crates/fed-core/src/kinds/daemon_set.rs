//! What is known of `apps/v1 DaemonSet`?

use super::{Kind, Scope};

/// One pod on each node; the nodes decide how many.
#[derive(Clone, Copy, Debug)]
pub struct DaemonSet;

impl Kind for DaemonSet {
    fn group(&self) -> &'static str {
        "apps"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "DaemonSet"
    }

    fn plural(&self) -> &'static str {
        "daemonsets"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }

    fn pod_template_path(&self) -> Option<&str> {
        Some("/spec/template")
    }
}
