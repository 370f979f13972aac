//! Where do two answers differ, apart from what no two servers choose alike?

use serde_json::{Map, Value, json};

/// Puts `#` wherever the recording has it.
pub(crate) fn mask(value: &mut Value, recorded: &Value) {
    match (value, recorded) {
        (value, Value::String(text)) if text == "#" => *value = json!("#"),
        (Value::Object(fields), Value::Object(recorded)) => {
            for (name, value) in fields {
                mask(value, recorded.get(name).unwrap_or(&Value::Null));
            }
        }
        (Value::Array(items), Value::Array(recorded)) => {
            for (index, value) in items.iter_mut().enumerate() {
                mask(value, recorded.get(index).unwrap_or(&Value::Null));
            }
        }
        _ => {}
    }
}

/// The order of managers goes by time, which a recording does not have.
pub(crate) fn sort_managers(object: &mut Value) {
    let entries = object
        .pointer_mut("/metadata/managedFields")
        .and_then(Value::as_array_mut);
    let Some(entries) = entries else { return };
    for entry in entries
        .iter_mut()
        .filter(|entry| entry.get("time").is_some())
    {
        entry["time"] = json!("#");
    }
    let key = |entry: &Value| {
        let text = |field: &str| entry[field].as_str().unwrap_or_default().to_owned();
        (
            text("manager"),
            text("operation"),
            text("subresource"),
            entry.to_string(),
        )
    };
    entries.sort_by_key(key);
}

/// Where two values differ first, and how.
pub(crate) fn difference(path: &str, ours: &Value, theirs: &Value) -> Option<String> {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            let all: Map<String, Value> = ours
                .iter()
                .chain(theirs)
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            all.keys().find_map(|name| {
                let none = json!("(nothing)");
                let (ours, theirs) = (
                    ours.get(name).unwrap_or(&none),
                    theirs.get(name).unwrap_or(&none),
                );
                difference(&format!("{path}/{name}"), ours, theirs)
            })
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => ours
            .iter()
            .zip(theirs)
            .enumerate()
            .find_map(|(index, (ours, theirs))| {
                difference(&format!("{path}/{index}"), ours, theirs)
            }),
        (ours, theirs) if ours == theirs => None,
        (ours, theirs) => Some(format!("{path}: ours {ours}, theirs {theirs}")),
    }
}
