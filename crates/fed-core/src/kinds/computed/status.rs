//! What is an expression told of many clusters, and what becomes of its answer?

use serde_json::{Map, Value, json};

use super::super::aggregate::{ClusterStatus, sorted};

/// The clusters, by name.
pub(super) fn clusters(members: &[ClusterStatus<'_>]) -> Value {
    let told = sorted(members).into_iter().map(|member| {
        let mut one = json!({"name": member.cluster, "current": member.is_current});
        if let (Some(status), Value::Object(fields)) = (member.status, &mut one) {
            fields.insert("status".to_owned(), status.clone());
        }
        one
    });
    told.collect()
}

/// Writes fields over those that are there; null takes one away.
pub(super) fn lay_over(whole: &mut Value, computed: Map<String, Value>) {
    let Value::Object(fields) = whole else {
        *whole = Value::Object(computed);
        return;
    };
    for (name, value) in computed {
        if value.is_null() {
            fields.remove(&name);
        } else {
            fields.insert(name, value);
        }
    }
}

/// Tells among the conditions that something is missing.
pub(super) fn tell(whole: &mut Value, message: &str) {
    let condition = json!({
        "type": "Aggregated", "status": "False", "reason": "ExpressionFailed", "message": message,
    });
    let Value::Object(fields) = whole else {
        return;
    };
    let conditions = fields.entry("conditions").or_insert_with(|| json!([]));
    if let Value::Array(conditions) = conditions {
        conditions.push(condition);
    }
}
