//! What is known of `v1 Namespace`?

use super::{Kind, Scope};

/// The scope that holds namespaced objects.
#[derive(Clone, Copy, Debug)]
pub struct Namespace;

impl Kind for Namespace {
    fn group(&self) -> &'static str {
        ""
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "Namespace"
    }

    fn plural(&self) -> &'static str {
        "namespaces"
    }

    fn scope(&self) -> Scope {
        Scope::Cluster
    }
}
