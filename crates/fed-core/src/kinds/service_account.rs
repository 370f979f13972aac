//! What is known of `v1 ServiceAccount`?

use serde_json::Value;

use super::paths::text;
use super::{Adds, HealthRule, Keep, Kind, Manners, Scope};

/// Clusters make tokens, and some make accounts of registries, of their own.
static KEPT: &[Keep] = &[Keep::union("/secrets"), Keep::union("/imagePullSecrets")];

static KEPT_BY_KUBEFED: &[Keep] = &[Keep::unsaid("/secrets")];

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

    fn kept(&self, manners: Manners) -> &[Keep] {
        match manners {
            Manners::Native | Manners::Karmada => KEPT,
            Manners::KubeFed => KEPT_BY_KUBEFED,
        }
    }

    fn health_rule(&self, _manners: Manners) -> HealthRule {
        HealthRule::Exists
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        &[]
    }

    /// The tokens that a cluster made for it, each in a secret of the name of the account.
    fn take_out_local(&self, object: &mut Value, _manners: Manners) {
        let prefix = format!("{}-token-", text(object, "/metadata/name"));
        if let Some(Value::Array(secrets)) = object.get_mut("secrets") {
            secrets.retain(|secret| !text(secret, "/name").starts_with(&prefix));
        }
    }
}
