//! Has the template or an override changed since an object was last written? KubeFed tells by two
//! hashes, which it keeps in PropagatedVersion objects; ours are the same to the byte. And has a
//! cluster's object changed since? It tells by the version that the cluster gave it.

mod recorded;

use std::fmt::Write;

use md5::{Digest, Md5};
use serde_json::Value;

use super::go_json::{self, Numbers};
use crate::customize::kubefed::{PlacedReplicas, lowered_list};

pub use recorded::{Hashes, recorded_version};

/// `status.templateVersion` of a federated object: the hash of its `spec.template`, or empty text
/// where there is none.
///
/// ```
/// use fed_core::dialect::kubefed::versions::template_version;
/// let federated = serde_json::json!({"spec": {"template": {"spec": {"foo": null}}}});
/// assert_eq!(template_version(&federated), "a5b8d4352d5aed51c51b93900258ccf3");
/// ```
pub fn template_version(federated: &Value) -> String {
    match federated.pointer("/spec/template") {
        None | Some(Value::Null) => String::new(),
        Some(template) => {
            let mut text = String::new();
            go_json::write(&mut text, template, Numbers::Whole);
            hash(text)
        }
    }
}

/// `status.overridesVersion` of a federated object: the hash of its `spec.overrides`, for all
/// clusters and in their order, or empty text where there is no `spec`.
pub fn overrides_version(federated: &Value) -> String {
    overrides_version_with(federated, "", &[])
}

/// The same, with the replicas that the placement asks for lowered to overrides of
/// `replicas_path`.
pub fn overrides_version_with(
    federated: &Value,
    replicas_path: &str,
    placed: &[PlacedReplicas],
) -> String {
    let spec = match federated.get("spec") {
        None | Some(Value::Null) => return String::new(),
        Some(spec) => spec,
    };
    let overrides = lowered_list(spec.get("overrides"), replicas_path, placed);
    let mut text = String::from("{\"overrides\":");
    write_overrides(&mut text, overrides.as_ref().unwrap_or(&Value::Null));
    text.push('}');
    hash(text)
}

/// The name of the PropagatedVersion (or ClusterPropagatedVersion) of a federated object, from the
/// kind of its target and its name.
///
/// Targets of one kind and name in different groups share it, as they do in KubeFed.
pub fn propagated_version_name(target_kind: &str, name: &str) -> String {
    format!("{}-{name}", target_kind.to_lowercase())
}

/// What the version of an object begins with, if its generation tells of changes.
const BY_GENERATION: &str = "gen:";

/// The version of a cluster's object, as PropagatedVersions record it: its generation, or where
/// it has none its resource version.
///
/// ```
/// use fed_core::dialect::kubefed::versions::object_version;
/// use serde_json::json;
///
/// let deployment = json!({"metadata": {"generation": 3, "resourceVersion": "77"}});
/// assert_eq!(object_version(&deployment), "gen:3");
/// let config_map = json!({"metadata": {"resourceVersion": "77"}});
/// assert_eq!(object_version(&config_map), "rv:77");
/// ```
pub fn object_version(held: &Value) -> String {
    let generation = held.pointer("/metadata/generation").and_then(Value::as_i64);
    match generation {
        Some(generation) if generation != 0 => format!("{BY_GENERATION}{generation}"),
        _ => format!("rv:{}", metadata_text(held, "resourceVersion")),
    }
}

/// Must the object that a cluster holds be written again? It must if it is not at the version that
/// was recorded when it was last written; and, where the generation is that version, also if its
/// name, namespace, labels or annotations are not those that it is to have, since a change of
/// these does not change the generation.
///
/// `desired` is the object as the cluster is to have it, with what the cluster may keep of its
/// own taken over.
///
/// ```
/// use fed_core::dialect::kubefed::versions::needs_update;
/// use serde_json::json;
///
/// let desired = json!({"metadata": {"name": "rating", "labels": {"app": "rating"}}});
/// let mut held = desired.clone();
/// held["metadata"]["generation"] = json!(3);
/// assert!(!needs_update(&desired, &held, Some("gen:3")));
/// assert!(needs_update(&desired, &held, None));
/// held["metadata"]["labels"]["added"] = json!("by hand");
/// assert!(needs_update(&desired, &held, Some("gen:3")));
/// ```
pub fn needs_update(desired: &Value, held: &Value, recorded: Option<&str>) -> bool {
    let version = object_version(held);
    recorded != Some(version.as_str())
        || (version.starts_with(BY_GENERATION) && !same_metadata(desired, held))
}

fn same_metadata(desired: &Value, held: &Value) -> bool {
    let same_text = |field: &&str| metadata_text(desired, field) == metadata_text(held, field);
    let same_map = |field: &&str| metadata_map(desired, field) == metadata_map(held, field);
    ["name", "namespace"].iter().all(same_text) && ["labels", "annotations"].iter().all(same_map)
}

fn metadata_text<'o>(object: &'o Value, field: &str) -> &'o str {
    let text = object.get("metadata").and_then(|of| of.get(field));
    text.and_then(Value::as_str).unwrap_or_default()
}

/// A map of the metadata; absent, null and empty are the same.
fn metadata_map<'o>(object: &'o Value, field: &str) -> Option<&'o Value> {
    let map = object.get("metadata").and_then(|of| of.get(field))?;
    let empty = map.is_null() || map.as_object().is_some_and(serde_json::Map::is_empty);
    (!empty).then_some(map)
}

/// KubeFed reads the overrides into types of its own, and hashes what those write: unknown fields
/// and empty ones are gone. What those types could not read, and KubeFed would not hash, is
/// written as it is, so that every change of it changes the hash.
fn write_overrides(text: &mut String, overrides: &Value) {
    match overrides {
        Value::Array(entries) => go_json::write_list(text, entries, write_entry),
        other => go_json::write(text, other, Numbers::Float),
    }
}

fn write_entry(text: &mut String, entry: &Value) {
    if !is_map(entry) {
        return go_json::write(text, entry, Numbers::Float);
    }
    text.push_str("{\"clusterName\":");
    write_text(text, entry.get("clusterName"));
    match entry.get("clusterOverrides") {
        None | Some(Value::Null) => {}
        Some(Value::Array(operations)) if operations.is_empty() => {}
        Some(Value::Array(operations)) => {
            text.push_str(",\"clusterOverrides\":");
            go_json::write_list(text, operations, write_operation);
        }
        Some(other) => {
            text.push_str(",\"clusterOverrides\":");
            go_json::write(text, other, Numbers::Float);
        }
    }
    text.push('}');
}

fn write_operation(text: &mut String, operation: &Value) {
    if !is_map(operation) {
        return go_json::write(text, operation, Numbers::Float);
    }
    text.push('{');
    let op = operation.get("op").filter(|op| !op.is_null() && *op != "");
    if let Some(op) = op {
        text.push_str("\"op\":");
        go_json::write(text, op, Numbers::Float);
        text.push(',');
    }
    text.push_str("\"path\":");
    write_text(text, operation.get("path"));
    if let Some(value) = operation.get("value").filter(|value| !value.is_null()) {
        text.push_str(",\"value\":");
        go_json::write(text, value, Numbers::Float);
    }
    text.push('}');
}

/// Null is read into Go's types as what is empty.
fn is_map(value: &Value) -> bool {
    value.is_object() || value.is_null()
}

fn write_text(text: &mut String, value: Option<&Value>) {
    match value {
        None | Some(Value::Null) => go_json::write_string(text, ""),
        Some(value) => go_json::write(text, value, Numbers::Float),
    }
}

/// The hash of a text and the newline that Go's encoder puts behind it.
fn hash(mut text: String) -> String {
    text.push('\n');
    let mut hex = String::with_capacity(32);
    for byte in Md5::digest(text) {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::Location;
    use serde_json::json;

    fn overrides(list: &Value) -> String {
        let mut text = String::new();
        write_overrides(&mut text, list);
        text
    }

    #[test]
    fn only_what_kubefed_knows_is_written_and_in_its_order() {
        let table = [
            (json!(null), "null"),
            (json!([]), "[]"),
            (json!([null]), r#"[{"clusterName":""}]"#),
            (
                json!([{"x": 1, "clusterOverrides": [], "clusterName": "a"}]),
                r#"[{"clusterName":"a"}]"#,
            ),
            (
                json!([{"clusterName": "a", "clusterOverrides": [
                    {"value": {"b": 1.0, "a": null}, "from": "x", "path": "/p", "op": ""},
                    {"value": "", "op": "add"},
                    {"value": false, "path": "<"},
                    null,
                ]}]),
                concat!(
                    r#"[{"clusterName":"a","clusterOverrides":["#,
                    r#"{"path":"/p","value":{"a":null,"b":1}},"#,
                    r#"{"op":"add","path":"","value":""},"#,
                    r#"{"path":"\u003c","value":false},{"path":""}]}]"#
                ),
            ),
        ];
        for (list, expected) in table {
            assert_eq!(overrides(&list), expected);
        }
    }

    #[test]
    fn what_kubefed_cannot_read_still_counts() {
        let entry = |operation: Value| json!([{"clusterName": "a", "clusterOverrides": operation}]);
        let lists = [
            json!("x"),
            json!([1]),
            json!([{"clusterName": 1}]),
            entry(json!("x")),
            entry(json!([1])),
            entry(json!([{"path": 1}])),
            entry(json!([{"op": 1}])),
        ];
        let mut texts: Vec<String> = lists.iter().map(overrides).collect();
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), lists.len());
    }

    #[test]
    fn a_version_is_made_of_whatever_metadata_there_is() {
        for (object, version) in [
            (json!(null), "rv:"),
            (json!({"metadata": {"generation": "3"}}), "rv:"),
            (json!({"metadata": {"generation": -3}}), "gen:-3"),
        ] {
            assert_eq!(object_version(&object), version);
        }
    }

    #[test]
    fn replicas_of_a_placement_count_as_the_overrides_they_become() {
        let placed =
            |cluster: &str, replicas| PlacedReplicas::new(cluster, replicas, Location::in_code());
        let written = json!({"spec": {"overrides": [
            {"clusterName": "a", "clusterOverrides": [{"path": "/x", "value": 1}]},
            {"clusterName": "b", "clusterOverrides": [{"path": "/spec/replicas", "value": 7}]},
        ]}});
        let lowered = json!({"spec": {"overrides": [
            {"clusterName": "a", "clusterOverrides": [
                {"path": "/x", "value": 1},
                {"path": "/spec/replicas", "value": 2},
            ]},
            {"clusterName": "b", "clusterOverrides": [{"path": "/spec/replicas", "value": 7}]},
            {"clusterName": "d", "clusterOverrides": [{"path": "/spec/replicas", "value": 4}]},
            {"clusterName": "c", "clusterOverrides": [{"path": "/spec/replicas", "value": 3}]},
        ]}});
        let placed = [
            placed("d", 4),
            placed("a", 2),
            placed("b", 1),
            placed("c", 3),
        ];
        assert_eq!(
            overrides_version_with(&written, "/spec/replicas", &placed),
            overrides_version(&lowered)
        );
        let bare = json!({"spec": {}});
        assert_ne!(
            overrides_version_with(&bare, "/spec/replicas", &placed),
            overrides_version(&bare)
        );
    }
}
