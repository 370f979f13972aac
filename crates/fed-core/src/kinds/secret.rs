//! What is known of `v1 Secret`?

use serde_json::{Map, Value};

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
            let encoded = base64(text.as_str()?.as_bytes());
            data.as_object_mut()?.insert(key.clone(), encoded.into());
        }
        Some(stored)
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The text that JSON has for bytes (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    let digit = |six: u32| {
        let place = usize::try_from(six & 63).unwrap_or_default();
        DIGITS.get(place).map_or('=', |digit| char::from(*digit))
    };
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (at, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            // One byte fills two digits, two bytes three.
            text.push(if at > group.len() {
                '='
            } else {
                digit(bits >> shift)
            });
        }
    }
    text
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

    #[test]
    fn bytes_are_encoded_as_the_rfc_has_it() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
            ("\u{3ff}\u{3fb}", "z7/Puw=="),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
