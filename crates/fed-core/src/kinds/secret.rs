//! What is known of `v1 Secret`?

use super::{Kind, Scope};

/// Settings that nobody else may read.
#[derive(Clone, Copy, Debug)]
pub struct Secret;

impl Kind for Secret {
    fn group(&self) -> &'static str {
        ""
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "Secret"
    }

    fn plural(&self) -> &'static str {
        "secrets"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }
}
