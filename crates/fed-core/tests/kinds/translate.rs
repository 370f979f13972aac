//! How do the tables write objects, statuses and times?

use std::collections::BTreeSet;
use std::sync::Arc;

use fed_core::kinds::{ClusterStatus, Kind, Kinds, Manners, Needed};
use serde_json::{Map, Value};

use crate::common::{Miss, same};

/// When the tables were written, as far as the tests are concerned.
const NOW: &str = "2026-01-01T00:00:00Z";

/// The value without what the tables wrap it in: documents, bytes and the time of the run.
pub(crate) fn unwrapped(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            for marker in ["$raw", "$json", "$bytes"] {
                if let Some(inner) = fields.get(marker) {
                    return unwrapped(inner);
                }
            }
            if fields.contains_key("$now_plus_seconds") {
                return NOW.into();
            }
            let fields = fields
                .iter()
                .map(|(key, value)| (key.clone(), unwrapped(value)));
            Value::Object(fields.collect())
        }
        Value::Array(items) => items.iter().map(unwrapped).collect(),
        // A time as Go prints it in one place of a table.
        Value::String(text)
            if text.len() == 19 && text.as_bytes()[10] == b' ' && text.starts_with("20") =>
        {
            format!("{}Z", text.replace(' ', "T")).into()
        }
        other => other.clone(),
    }
}

/// The value without what says nothing: Go leaves zeros out in some places, and not in others.
pub(crate) fn lax(value: &Value) -> Value {
    let says = |value: &Value| match value {
        Value::Null => false,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Bool(_) => true,
    };
    match unwrapped(value) {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| (key.clone(), lax(value)));
            let fields: Map<_, _> = fields.filter(|(_, value)| says(value)).collect();
            Value::Object(fields)
        }
        Value::Array(items) => items.iter().map(lax).collect(),
        other => other,
    }
}

/// Passes if both say the same.
pub(crate) fn alike(what: &str, found: &Value, expected: &Value) -> Result<(), Miss> {
    same(what, &lax(found), &lax(expected))
}

/// Passes if a fault was to be found, and was; hands on what was found otherwise.
pub(crate) fn unless_refused<T>(
    refused: bool,
    found: Result<T, fed_core::kinds::Misshapen>,
) -> Result<Option<T>, Miss> {
    match (found, refused) {
        (Err(_), true) => Ok(None),
        (Ok(_), true) => Err("nothing wrong was found".to_owned().into()),
        (Ok(found), false) => Ok(Some(found)),
        (Err(error), false) => Err(error.to_string().into()),
    }
}

/// What is known of the kind of an object.
pub(crate) fn kind_of(object: &Value) -> Result<Arc<dyn Kind>, Miss> {
    let api_version = object["apiVersion"].as_str().unwrap_or_default();
    let group = api_version.rsplit_once('/').map_or("", |(group, _)| group);
    kind(group, object["kind"].as_str().unwrap_or_default())
}

/// What is known of a kind.
pub(crate) fn kind(group: &str, name: &str) -> Result<Arc<dyn Kind>, Miss> {
    let kinds = Kinds::builtin();
    let found = kinds.find(group, name).cloned();
    found.ok_or_else(|| Miss::from(format!("no kind {group} {name}")))
}

/// The object with the status that Karmada gives it, by what its clusters tell.
pub(crate) fn aggregated(template: &Value, items: &Value) -> Result<Value, Miss> {
    let template = unwrapped(template);
    let items = unwrapped(items);
    let members = items.as_array().into_iter().flatten().map(|item| {
        let cluster = item["clusterName"].as_str().unwrap();
        ClusterStatus::of_karmada(cluster, item.get("status"), &template)
    });
    let members: Vec<_> = members.collect();
    let kind = kind_of(&template)?;
    let status = kind.aggregate_status(&template, &members, Manners::Karmada);
    let mut whole = template.clone();
    if let (Some(status), Value::Object(fields)) = (status, &mut whole) {
        fields.insert("status".to_owned(), status);
    }
    Ok(whole)
}

/// What an object names, as `apiVersion kind namespace/name`, each once.
pub(crate) fn names_of(kind: &dyn Kind, object: &Value) -> Vec<String> {
    let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default();
    let names =
        kind.references(object)
            .into_iter()
            .filter_map(|reference| match reference.needed {
                Needed::Object {
                    group, kind, name, ..
                } => {
                    let version = if group.is_empty() { "v1" } else { "other" };
                    Some(format!("{version} {kind} {namespace}/{name}"))
                }
                _ => None,
            });
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

/// What a table says that an object names, written in the same way.
pub(crate) fn names_in(expected: &Value) -> Vec<String> {
    let names = expected.as_array().into_iter().flatten().map(|item| {
        let [version, kind, namespace, name] = ["apiVersion", "kind", "namespace", "name"]
            .map(|field| item[field].as_str().unwrap_or_default());
        format!("{version} {kind} {namespace}/{name}")
    });
    names.collect::<BTreeSet<_>>().into_iter().collect()
}
