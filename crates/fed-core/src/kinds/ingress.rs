//! What is known of `networking.k8s.io/v1 Ingress`?

use super::{Kind, Scope};

/// HTTP from outside, led to services.
#[derive(Clone, Copy, Debug)]
pub struct Ingress;

impl Kind for Ingress {
    fn group(&self) -> &'static str {
        "networking.k8s.io"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "Ingress"
    }

    fn plural(&self) -> &'static str {
        "ingresses"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }
}
