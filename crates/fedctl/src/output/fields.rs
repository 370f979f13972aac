//! Which fields of an object change? The first of them, with their values where those may be shown.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::text::hidden;
use crate::answer::Change;

/// How many fields are told before the rest is only counted.
const TOLD: usize = 3;

/// How many characters of a value are told.
const LONGEST: usize = 30;

/// How many characters of a path are told, where it has steps that can be left out.
const LONGEST_PATH: usize = 34;

/// What may be shown of a Secret.
const SHOWN_OF_SECRET: [&str; 3] = ["metadata.labels", "type", "immutable"];

/// The fields in which both sides of a change differ, as `spec.paused: false -> true`. The number of
/// replicas has a column of its own.
pub(super) fn of(change: &Change) -> String {
    let (Some(before), Some(after)) = (&change.before, &change.after) else {
        return String::new();
    };
    let mut fields = Vec::new();
    collect(String::new(), Some(before), Some(after), &mut fields);
    if let Some(replicas) = fields.iter().position(|field| field.is_replicas(change)) {
        fields.remove(replicas);
    }
    let is_secret = is_secret(&change.object.kind);
    let told = fields.iter().take(TOLD).map(|field| field.told(is_secret));
    let told = told.collect::<Vec<_>>().join(", ");
    match fields.len().saturating_sub(TOLD) {
        0 => told,
        more => format!("{told} and {more} more"),
    }
}

fn is_secret(kind: &str) -> bool {
    let kind = kind.trim();
    ["Secret", "FederatedSecret"]
        .iter()
        .any(|secret| kind.eq_ignore_ascii_case(secret))
}

/// One field that differs.
struct Field<'v> {
    path: String,
    before: Option<&'v Value>,
    after: Option<&'v Value>,
}

impl Field<'_> {
    fn is_replicas(&self, change: &Change) -> bool {
        let number = |value: Option<&Value>| value.and_then(Value::as_i64);
        change.replicas_before != change.replicas_after
            && number(self.before) == change.replicas_before
            && number(self.after) == change.replicas_after
    }

    fn told(&self, is_secret: bool) -> String {
        let is_shown = |shown: &str| {
            let rest = self.path.strip_prefix(shown);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let is_hidden = is_secret && !SHOWN_OF_SECRET.iter().any(|shown| is_shown(shown));
        let [before, after] = [self.before, self.after].map(|value| shown(value, is_hidden));
        format!("{}: {before} -> {after}", ending(&self.path))
    }
}

fn shown(value: Option<&Value>, is_hidden: bool) -> String {
    match value {
        None => "none".to_owned(),
        Some(Value::Object(_)) => "{...}".to_owned(),
        Some(Value::Array(_)) => "[...]".to_owned(),
        Some(Value::String(text)) if is_hidden => hidden(text),
        Some(other) if is_hidden => hidden(&other.to_string()),
        Some(other) => clipped(&other.to_string()),
    }
}

/// The last steps of a long path: they tell the most.
fn ending(path: &str) -> String {
    let mut rest = path;
    while rest.chars().count() > LONGEST_PATH
        && let Some((_, shorter)) = rest.split_once('.')
    {
        rest = shorter;
    }
    if rest == path {
        path.to_owned()
    } else {
        format!("...{rest}")
    }
}

fn clipped(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The innermost values that differ. An embedded Secret is not looked into.
fn collect<'v>(
    path: String,
    before: Option<&'v Value>,
    after: Option<&'v Value>,
    fields: &mut Vec<Field<'v>>,
) {
    if before == after {
        return;
    }
    let count = fields.len();
    match (before, after) {
        (Some(Value::Object(old)), Some(Value::Object(new))) if !embeds_secret(old, new) => {
            let dot = if path.is_empty() { "" } else { "." };
            each(&entries(old), &entries(new), fields, |key| {
                format!("{path}{dot}{key}")
            });
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) => {
            if let (Some(old), Some(new)) = (named(old), named(new)) {
                each(&old, &new, fields, |name| format!("{path}[{name}]"));
            }
        }
        _ => {}
    }
    // What has no parts that differ differs as a whole, as a list of another order does.
    if fields.len() == count {
        fields.push(Field {
            path,
            before,
            after,
        });
    }
}

fn embeds_secret(before: &Map<String, Value>, after: &Map<String, Value>) -> bool {
    [before, after].iter().any(|object| {
        let kind = object.get("kind").and_then(Value::as_str);
        kind.is_some_and(is_secret)
    })
}

type Parts<'v> = BTreeMap<&'v str, &'v Value>;

fn entries(object: &Map<String, Value>) -> Parts<'_> {
    object
        .iter()
        .map(|(key, value)| (key.as_str(), value))
        .collect()
}

/// The items of a list by name, if each has a name of its own.
fn named(items: &[Value]) -> Option<Parts<'_>> {
    let parts = items
        .iter()
        .map(|item| Some((item.get("name")?.as_str()?, item)));
    let parts: Parts<'_> = parts.collect::<Option<_>>()?;
    (parts.len() == items.len()).then_some(parts)
}

fn each<'v>(
    before: &Parts<'v>,
    after: &Parts<'v>,
    fields: &mut Vec<Field<'v>>,
    path: impl Fn(&str) -> String,
) {
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let [before, after] = [before, after].map(|side| side.get(key).copied());
        collect(path(key), before, after, fields);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::answer::Identity;

    fn told(kind: &str, before: &Value, after: &Value) -> String {
        of(&Change {
            cluster: "a".to_owned(),
            object: Identity {
                api_version: "v1".to_owned(),
                kind: kind.to_owned(),
                namespace: None,
                name: "a".to_owned(),
            },
            replicas_before: before.pointer("/spec/replicas").and_then(Value::as_i64),
            replicas_after: after.pointer("/spec/replicas").and_then(Value::as_i64),
            before: Some(Arc::new(before.clone())),
            after: Some(Arc::new(after.clone())),
            reasons: Vec::new(),
        })
    }

    #[test]
    fn the_first_fields_are_told_with_their_values() {
        let before = json!({"spec": {"replicas": 3, "paused": false,
            "containers": [{"name": "a", "image": "a:1"}, {"name": "gone"}], "args": [1, 2]}});
        let after = json!({"spec": {"replicas": 5, "new": "x".repeat(50),
            "containers": [{"name": "a", "image": "a:2"}], "args": [2]}});
        assert_eq!(
            told("Deployment", &before, &after),
            format!(
                "spec.args: [...] -> [...], spec.containers[a].image: \"a:1\" -> \"a:2\", \
                 spec.containers[gone]: {{...}} -> none and 2 more"
            )
        );
        let order = [
            json!([{"name": "a"}, {"name": "b"}]),
            json!([{"name": "b"}, {"name": "a"}]),
        ];
        let [before, after] = order.map(|list| json!({"list": list}));
        assert_eq!(told("X", &before, &after), "list: [...] -> [...]");
        let [before, after] = ["x", "y"].map(|end| json!({"text": "é".repeat(60) + end}));
        let long = format!("\"{}...", "é".repeat(29));
        assert_eq!(
            told("X", &before, &after),
            format!("text: {long} -> {long}")
        );
    }

    #[test]
    fn of_a_long_path_the_end_is_told() {
        let deep = |image: &str| json!({"spec": {"template": {"spec": {"containers": [{"name": "rating", "image": image}]}}}});
        assert_eq!(
            told("X", &deep("a"), &deep("b")),
            "...spec.containers[rating].image: \"a\" -> \"b\""
        );
        let long = |value: i32| json!({"x".repeat(60): value});
        let path = "x".repeat(60);
        assert_eq!(told("X", &long(1), &long(2)), format!("{path}: 1 -> 2"));
    }

    #[test]
    fn values_of_secrets_are_not_told() {
        let secret = |value: &str| json!({"data": {"password": value}, "metadata": {"labels": {"a": value.len()}}});
        let text = told("Secret", &secret("hunter2"), &secret("hunter22"));
        assert_eq!(
            text,
            "data.password: <7 bytes, sha256 f52fbd32...> -> <8 bytes, sha256 20d2fe5e...>, \
             metadata.labels.a: 7 -> 8"
        );
        let embedded = |value: &str| json!({"spec": {"template": {"kind": "Secret", "data": {"password": value}}}});
        let text = told("Wrapper", &embedded("hunter2"), &embedded("hunter22"));
        assert_eq!(text, "spec.template: {...} -> {...}");
    }
}
