//! What do patches make of an object? JSON patches, merge patches, as the server reads them.

use serde_json::Value;

use super::read;
use crate::server::status::Refusal;

/// A patch has no more operations.
const MOST_OPERATIONS: usize = 10_000;
/// Nothing that is made by a patch is nested deeper: no more can be read from a body.
const DEEPEST: usize = 128;

/// The object as a merge patch makes it.
pub(super) fn merge_patched(object: &Value, patch: Value) -> Value {
    let mut object = object.clone();
    json_patch::merge(&mut object, &without_nulls_in_lists(patch));
    object
}

fn refused() -> Refusal {
    Refusal::new(
        422,
        "Invalid",
        "the server rejected our request due to an error in our request",
    )
}

/// The object as a JSON patch makes it.
pub(super) fn json_patched(object: &Value, patch: Value) -> Result<Value, Refusal> {
    let Value::Array(operations) = &patch else {
        return Err(Refusal::bad_request(
            "error decoding patch: it must be a list",
        ));
    };
    if operations.iter().any(|operation| !operation.is_object()) {
        return Err(Refusal::bad_request(
            "error decoding patch: it must be a list of objects",
        ));
    }
    let patch: json_patch::Patch = serde_json::from_value(patch).map_err(|_| refused())?;
    if patch.0.len() > MOST_OPERATIONS {
        return Err(Refusal::new(
            413,
            "RequestEntityTooLarge",
            format!(
                "Request entity too large: The allowed maximum operations in a JSON patch is {MOST_OPERATIONS}, got {}",
                patch.0.len()
            ),
        ));
    }
    let mut object = object.clone();
    let mut copied = 0;
    for operation in &patch.0 {
        let (place, value) = match operation {
            json_patch::PatchOperation::Add(add) => (&add.path, Some(&add.value)),
            json_patch::PatchOperation::Replace(replace) => (&replace.path, Some(&replace.value)),
            json_patch::PatchOperation::Copy(copy) => {
                let value = object.pointer(copy.from.as_str());
                // What is copied again and again grows without bounds.
                copied += value.map_or(0, |value| value.to_string().len());
                (&copy.path, value)
            }
            json_patch::PatchOperation::Move(moved) => {
                (&moved.path, object.pointer(moved.from.as_str()))
            }
            json_patch::PatchOperation::Remove(remove) => (&remove.path, None),
            json_patch::PatchOperation::Test(test) => (&test.path, None),
        };
        let depth = place.as_str().matches('/').count() + value.map_or(0, depth);
        if depth > DEEPEST || copied > read::LARGEST {
            return Err(refused());
        }
        if is_told_absent(operation, &object) {
            continue;
        }
        let operation = as_the_server_does(operation, &object);
        json_patch::patch(&mut object, &[operation]).map_err(|_| refused())?;
    }
    if object.is_object() {
        Ok(object)
    } else {
        Err(refused())
    }
}

/// Does it test that a field is null which is not there? To the server that is the same, as long as
/// the object around it is.
fn is_told_absent(operation: &json_patch::PatchOperation, object: &Value) -> bool {
    let json_patch::PatchOperation::Test(test) = operation else {
        return false;
    };
    let path = test.path.as_str();
    let above = path
        .rsplit_once('/')
        .and_then(|(above, _)| object.pointer(above));
    test.value.is_null() && object.pointer(path).is_none() && above.is_some_and(Value::is_object)
}

/// The server replaces a field that is not there, as long as the object around it is.
fn as_the_server_does(
    operation: &json_patch::PatchOperation,
    object: &Value,
) -> json_patch::PatchOperation {
    if let json_patch::PatchOperation::Replace(replace) = operation
        && let Some((above, _)) = replace.path.as_str().rsplit_once('/')
        && object.pointer(above).is_some_and(Value::is_object)
    {
        return json_patch::PatchOperation::Add(json_patch::AddOperation {
            path: replace.path.clone(),
            value: replace.value.clone(),
        });
    }
    operation.clone()
}

/// A merge patch replaces lists whole; in their items null is as good as absent.
fn without_nulls_in_lists(patch: Value) -> Value {
    match patch {
        Value::Object(fields) => {
            let fields = fields.into_iter();
            Value::Object(
                fields
                    .map(|(name, value)| (name, without_nulls_in_lists(value)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(
                fields
                    .map(|(name, value)| (name, without_nulls(value)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

fn depth(value: &Value) -> usize {
    let deepest = match value {
        Value::Array(items) => items.iter().map(depth).max(),
        Value::Object(fields) => fields.values().map(depth).max(),
        _ => return 0,
    };
    1 + deepest.unwrap_or_default()
}
