//! What of an object is another thing inside of a server? What is written is what comes back out of
//! it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fed_schema::Kind;
use serde_json::{Map, Value, json};

/// Where a DaemonSet counts the changes of its template.
const TEMPLATES: &str = "deprecated.daemonset.template.generation";

/// The object as it comes back from within the server.
pub(super) fn there_and_back(kind: Kind<'_>, object: &mut Value) {
    match (kind.group(), kind.kind()) {
        ("", "Secret") => secret(object),
        ("apps", "DaemonSet") => {
            let count = templates(object).unwrap_or_default();
            set_templates(object, count);
        }
        _ => {}
    }
}

/// Texts of a Secret become data like all others.
fn secret(object: &mut Value) {
    let Some(fields) = object.as_object_mut() else {
        return;
    };
    let Some(Value::Object(texts)) = fields.remove("stringData") else {
        return;
    };
    let data = fields.entry("data").or_insert_with(|| json!({}));
    if let Some(data) = data.as_object_mut() {
        data.extend(texts.into_iter().map(|(key, text)| {
            let encoded = STANDARD.encode(text.as_str().unwrap_or_default());
            (key, Value::String(encoded))
        }));
    }
}

fn templates(object: &Value) -> Option<i64> {
    let annotations = object.pointer("/metadata/annotations")?;
    annotations.get(TEMPLATES)?.as_str()?.parse().ok()
}

fn set_templates(object: &mut Value, count: i64) {
    let metadata = object.get_mut("metadata").and_then(Value::as_object_mut);
    let Some(metadata) = metadata else { return };
    let annotations = metadata
        .entry("annotations")
        .or_insert_with(|| Value::Object(Map::new()));
    if let Some(annotations) = annotations.as_object_mut() {
        annotations.insert(TEMPLATES.to_owned(), json!(count.to_string()));
    }
}

/// Counts the templates of a DaemonSet: the first is 1, and no client says the number.
pub(super) fn count_templates(kind: Kind<'_>, object: &mut Value, old: Option<&Value>) {
    if (kind.group(), kind.kind()) != ("apps", "DaemonSet") {
        return;
    }
    let Some(old) = old else {
        let count = templates(object).unwrap_or_default().max(1);
        return set_templates(object, count);
    };
    let template = |object: &Value| object.pointer("/spec/template").cloned();
    let is_new = template(object) != template(old);
    let count = templates(old).unwrap_or_default();
    set_templates(object, count.saturating_add(i64::from(is_new)));
}
