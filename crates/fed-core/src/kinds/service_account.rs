//! What is known of `v1 ServiceAccount`?

use super::{Kind, Scope};

/// Who a pod is when it speaks with the API server.
#[derive(Clone, Copy, Debug)]
pub struct ServiceAccount;

impl Kind for ServiceAccount {
    fn group(&self) -> &'static str {
        ""
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "ServiceAccount"
    }

    fn plural(&self) -> &'static str {
        "serviceaccounts"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }
}
