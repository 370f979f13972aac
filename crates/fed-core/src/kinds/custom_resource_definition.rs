//! What is known of `apiextensions.k8s.io/v1 CustomResourceDefinition`?

use super::{Kind, Scope};

/// A type that users add to the API.
#[derive(Clone, Copy, Debug)]
pub struct CustomResourceDefinition;

impl Kind for CustomResourceDefinition {
    fn group(&self) -> &'static str {
        "apiextensions.k8s.io"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "CustomResourceDefinition"
    }

    fn plural(&self) -> &'static str {
        "customresourcedefinitions"
    }

    fn scope(&self) -> Scope {
        Scope::Cluster
    }
}
