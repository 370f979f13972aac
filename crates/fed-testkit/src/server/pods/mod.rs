//! What is done to pods, and to nothing else? They are evicted, and bound to nodes.

mod binding;
mod eviction;

pub(super) use eviction::{covers, is_ready};

use serde_json::{Value, json};

use super::answer::Answer;
use super::write::{fields, metadata, text};

/// What is answered where there is nothing to show.
fn done() -> Answer {
    let status = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201,
    });
    Answer::new(201, status)
}

/// Sets a condition of a pod.
fn set_condition(pod: &mut Value, condition: Value) {
    let status = fields(fields(pod).entry("status").or_insert(Value::Null));
    let conditions = status.entry("conditions").or_insert_with(|| json!([]));
    let Some(conditions) = conditions.as_array_mut() else {
        return;
    };
    let sort = text(&condition, "/type").to_owned();
    match conditions.iter_mut().find(|one| text(one, "/type") == sort) {
        Some(held) => *held = condition,
        None => conditions.push(condition),
    }
}

/// Adds annotations or labels to an object.
fn add(object: &mut Value, what: &str, more: Option<&Value>) {
    let Some(more) = more
        .and_then(Value::as_object)
        .filter(|more| !more.is_empty())
    else {
        return;
    };
    let held = metadata(object).entry(what).or_insert(Value::Null);
    fields(held).extend(more.clone());
}
