//! What is known of `v1 Secret`?

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::{Adds, HealthRule, Immutable, Keep, Kind, Local, Manners, Scope};

static IMMUTABLE: &[Immutable] = &[
    Immutable::at("/type").if_said(),
    Immutable::at("/data").if_set(FROZEN),
    Immutable::at("/stringData").if_set(FROZEN),
    Immutable::at(FROZEN).if_set(FROZEN),
];

/// Whoever sets it wants the object to stay as it is.
const FROZEN: &str = "/immutable";

/// A secret of this type is filled in by the cluster, for an account of its own.
const TOKEN: &[&str] = &["kubernetes.io/service-account-token"];

static KEPT: &[Keep] = &[
    Keep::live("/data").when("/type", TOKEN),
    Keep::live("/metadata/annotations/kubernetes.io~1service-account.uid").when("/type", TOKEN),
];

static LOCAL: &[Local] = &[
    Local::at("/data").when("/type", TOKEN),
    Local::at("/metadata/annotations/kubernetes.io~1service-account.uid").when("/type", TOKEN),
];

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

    /// What is written under `stringData` is kept, encoded, under `data`.
    fn stored(&self, object: &Value) -> Option<Value> {
        let mut stored = object.clone();
        let fields = stored.as_object_mut()?;
        let written = fields.remove("stringData")?;
        let data = fields.entry("data").or_insert(Value::Null);
        if data.is_null() {
            *data = Value::Object(Map::new());
        }
        for (key, text) in written.as_object()? {
            let encoded = STANDARD.encode(text.as_str()?);
            data.as_object_mut()?.insert(key.clone(), encoded.into());
        }
        Some(stored)
    }

    fn kept(&self, manners: Manners) -> &[Keep] {
        match manners {
            Manners::Native | Manners::Karmada => KEPT,
            Manners::KubeFed => &[],
        }
    }

    fn health_rule(&self, _manners: Manners) -> HealthRule {
        HealthRule::Exists
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        &[]
    }

    fn immutable(&self) -> &[Immutable] {
        IMMUTABLE
    }

    fn local(&self, _manners: Manners) -> &[Local] {
        LOCAL
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn text_is_kept_encoded_beside_other_data() {
        let secret = json!({"kind": "Secret", "data": {"a": "QQ=="}, "stringData": {"b": "B"}});
        assert_eq!(
            Secret.stored(&secret),
            Some(json!({"kind": "Secret", "data": {"a": "QQ==", "b": "Qg=="}}))
        );
        assert_eq!(Secret.stored(&json!({"data": {"a": "QQ=="}})), None);
        assert_eq!(Secret.stored(&json!({"stringData": [1]})), None);
        assert_eq!(Secret.stored(&json!({"stringData": {"a": 1}})), None);
        let broken = json!({"data": [], "stringData": {"a": "1"}});
        assert_eq!(Secret.stored(&broken), None);
    }
}
