//! How is an object held? Encoded once, with what is asked of it most beside its JSON.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

/// An object as it is held. Cloning copies a pointer.
#[derive(Clone, Debug)]
pub struct Stored(Arc<Held>);

#[derive(Debug)]
struct Held {
    version: u64,
    place: Arc<str>,
    json: Bytes,
    /// How long the head of the JSON is, which says the kind and its version.
    head: usize,
    labels: Pairs,
    is_going: bool,
}

impl Stored {
    /// The object, which is given its version, under a place such as `namespace/name`.
    pub(super) fn new(place: Arc<str>, version: u64, mut object: Value) -> Self {
        set_version(&mut object, version);
        let metadata = object.get("metadata");
        let labels = metadata.and_then(|metadata| metadata.get("labels"));
        let going = metadata.and_then(|metadata| metadata.get("deletionTimestamp"));
        let labels = labels.map(Pairs::of).unwrap_or_default();
        let is_going = going.is_some_and(Value::is_string);
        let (json, head) = encode(object);
        Self(Arc::new(Held {
            version,
            place,
            json,
            head,
            labels,
            is_going,
        }))
    }

    /// The change that made it what it is.
    pub fn version(&self) -> u64 {
        self.0.version
    }

    /// Its JSON, with that version in its metadata.
    pub fn json(&self) -> &Bytes {
        &self.0.json
    }

    /// Its JSON behind what says its kind and version: the rest of the object from its first field.
    pub(crate) fn untyped(&self) -> &[u8] {
        self.0.json.get(self.0.head..).unwrap_or_default()
    }

    /// The kind that it says it is.
    pub fn kind(&self) -> &str {
        let kind = self.head().strip_prefix(KIND);
        let kind = kind.and_then(|rest| rest.split_once('"'));
        kind.map_or("", |(kind, _)| kind)
    }

    /// The version of its kind that it is held as.
    pub fn api_version(&self) -> &str {
        let version = self.head().strip_suffix("\",");
        let version = version.and_then(|rest| rest.rsplit_once('"'));
        version.map_or("", |(_, version)| version)
    }

    fn head(&self) -> &str {
        let head = self.0.json.get(..self.0.head).unwrap_or_default();
        std::str::from_utf8(head).unwrap_or_default()
    }

    /// What it is, read from its JSON.
    pub fn object(&self) -> Value {
        serde_json::from_slice(&self.0.json).unwrap_or_default()
    }

    /// Its namespace; empty for what lives in none.
    pub fn namespace(&self) -> &str {
        self.0
            .place
            .split_once('/')
            .map_or("", |(namespace, _)| namespace)
    }

    /// Is it in this namespace? All are in the empty one.
    pub fn is_in(&self, namespace: &str) -> bool {
        let rest = self.0.place.strip_prefix(namespace);
        namespace.is_empty() || rest.is_some_and(|rest| rest.starts_with('/'))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        let place = &*self.0.place;
        place.split_once('/').map_or(place, |(_, name)| name)
    }

    /// The value of a label.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.0.labels.get(key)
    }

    /// Was it deleted, and waits to go?
    pub fn is_going(&self) -> bool {
        self.0.is_going
    }

    pub(crate) fn place(&self) -> &Arc<str> {
        &self.0.place
    }
}

const KIND: &str = r#"{"kind":""#;

/// What an object begins with.
fn head(kind: &str, api_version: &str) -> String {
    format!(r#"{KIND}{kind}","apiVersion":"{api_version}","#)
}

/// The JSON of an object, its kind and version first, and how long that head is.
fn encode(mut object: Value) -> (Bytes, usize) {
    let mut take = |field: &str| match object.as_object_mut()?.remove(field)? {
        Value::String(text) => Some(text),
        _ => None,
    };
    let kind = take("kind").unwrap_or_default();
    let api_version = take("apiVersion").unwrap_or_default();
    let mut json = head(&kind, &api_version).into_bytes();
    let length = json.len();
    // The rest begins with a bracket, whose place is in the head.
    json.pop();
    let comma = json.len();
    // Writing to a vector cannot fail.
    let _ = serde_json::to_writer(&mut json, &object);
    if let Some(bracket) = json.get_mut(comma) {
        *bracket = b',';
    }
    json.shrink_to_fit();
    (json.into(), length)
}

fn set_version(object: &mut Value, version: u64) {
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.insert("resourceVersion".to_owned(), version.to_string().into());
    }
}

/// Texts by key, in the least space: what is asked of them is asked of few.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pairs(Box<str>);

/// What stands behind a key, and behind a value: no label has it.
const ENDS: [char; 2] = ['\u{1}', '\u{2}'];

impl Pairs {
    /// The texts of an object's fields; those that are none are left out.
    fn of(fields: &Value) -> Self {
        let mut all = String::new();
        for (key, value) in fields.as_object().into_iter().flatten() {
            let Some(value) = value.as_str() else {
                continue;
            };
            for (text, end) in [key, value].into_iter().zip(ENDS) {
                all.push_str(text);
                all.push(end);
            }
        }
        Self(all.into())
    }

    fn get(&self, key: &str) -> Option<&str> {
        let mut pairs = self.0.split_terminator(ENDS[1]);
        let found =
            pairs.find_map(|pair| pair.split_once(ENDS[0]).filter(|(name, _)| *name == key));
        found.map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_object_is_held_as_json_and_knows_what_it_is_asked_for_most() {
        let object = json!({"metadata": {
            "name": "web", "labels": {"app": "web", "tier": "", "bad": 1},
        }});
        let stored = Stored::new("shop/web".into(), 7, object);
        assert_eq!(stored.object()["metadata"]["resourceVersion"], "7");
        assert_eq!((stored.namespace(), stored.name()), ("shop", "web"));
        assert!(stored.is_in("shop") && stored.is_in("") && !stored.is_in("sho"));
        assert_eq!(stored.label("app"), Some("web"));
        assert_eq!(stored.label("tier"), Some(""));
        assert_eq!(stored.label("bad"), None);
        assert!(!stored.is_going());
    }
}
