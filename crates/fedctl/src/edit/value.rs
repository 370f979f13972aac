//! Do these values say the same, and how deep are they?

use serde_json::Value;

/// How deep a value of a patch may be nested; the reader takes no more either.
pub(super) const DEEPEST: usize = 128;

/// The same value, where numbers are the same if they are the same number, as they are for JSON.
pub(super) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|((left, a), (right, b))| left == right && same(a, b))
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(a, b)| same(a, b))
        }
        (Value::Number(a), Value::Number(b)) if a.is_f64() != b.is_f64() => {
            a.as_f64() == b.as_f64()
        }
        _ => left == right,
    }
}

/// Is the value nested deeper than can be?
pub(super) fn too_deep(value: &Value) -> bool {
    let mut level: Vec<&Value> = vec![value];
    for _ in 0..DEEPEST {
        if level.is_empty() {
            return false;
        }
        level = level.into_iter().flat_map(children).collect();
    }
    !level.is_empty()
}

fn children(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        _ => Vec::new(),
    }
}
