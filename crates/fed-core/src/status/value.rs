//! Is this what an API server gave back? Whole numbers come back without their fraction, whatever
//! they were written with.

use serde_json::Value;

/// Are these the same, comparing numbers by what they are worth?
pub(super) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left == right || (either_is_float(left, right) && left.as_f64() == right.as_f64())
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let found = |(key, left)| right.get(key).is_some_and(|right| same(left, right));
            left.len() == right.len() && left.iter().all(found)
        }
        _ => left == right,
    }
}

fn either_is_float(left: &serde_json::Number, right: &serde_json::Number) -> bool {
    left.is_f64() || right.is_f64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_compared_by_what_they_are_worth() {
        let same_in = |left, right| same(&json!({"a": [left]}), &json!({"a": [right]}));
        assert!(same_in(json!(1), json!(1.0)));
        assert!(same_in(json!(1e3), json!(1000)));
        assert!(!same_in(json!(1), json!(1.5)));
        assert!(!same_in(json!(1), json!("1")));
        assert!(!same_in(json!(i64::MAX), json!(i64::MAX - 1)));
        assert!(!same(&json!([1]), &json!([1, 2])));
        assert!(!same(&json!({"a": 1}), &json!({"b": 1})));
    }
}
