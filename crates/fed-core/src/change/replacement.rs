//! Does an object become what it shall be by an update, or only by being made anew?

use serde_json::{Map, Value};

use super::difference::Difference;
use crate::intent::Intent;
use crate::problem::{Code, Reason};
use crate::reconcile::Replacement;

/// Why the object has to be made anew, if it has to.
pub(super) fn reason(intent: &Intent, before: &Value, after: &Value) -> Option<Reason> {
    let found = intent.kind()?.needs_replace(before, after)?;
    let then = match intent.options().replacement {
        Replacement::Recreate => "it is",
        _ => "it is not, unless the option replacement is Recreate",
    };
    let message = format!("{}; {then}", found.message);
    Some(Reason::new(Code::NeedsReplacement, message))
}

/// What was written of an object of which this is planned and that differs like this. What is there
/// says more than was written; of where it does not differ, what is planned is what was written.
pub(super) fn as_written(
    planned: &Value,
    difference: &Difference<impl AsRef<Value>>,
) -> Option<Value> {
    let (before, after) = (difference.before.as_ref(), difference.after.as_ref());
    undone(planned, Some(before), Some(after))
}

fn undone(planned: &Value, before: Option<&Value>, after: Option<&Value>) -> Option<Value> {
    match (planned, before, after) {
        (planned, None, None) => Some(planned.clone()),
        (Value::Object(planned), Some(Value::Object(before)), Some(Value::Object(after))) => {
            Some(Value::Object(undone_fields(planned, before, after)))
        }
        (Value::Array(planned), Some(Value::Array(before)), Some(Value::Array(after)))
            if before.len() != planned.len() || after.len() != planned.len() =>
        {
            let named =
                |items: &[Value], name| items.iter().find(|it| it.get("name") == name).cloned();
            let items = planned.iter().filter_map(|item| {
                let name = item.get("name");
                undone(
                    item,
                    named(before, name).as_ref(),
                    named(after, name).as_ref(),
                )
            });
            Some(Value::Array(items.collect()))
        }
        (_, before, _) => before.cloned(),
    }
}

fn undone_fields(
    planned: &Map<String, Value>,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> Map<String, Value> {
    let there = planned.iter().filter_map(|(field, value)| {
        let was = undone(value, before.get(field), after.get(field))?;
        Some((field.clone(), was))
    });
    let gone = before
        .iter()
        .filter(|(field, _)| !planned.contains_key(*field));
    let gone = gone.map(|(field, value)| (field.clone(), value.clone()));
    there.chain(gone).collect()
}

#[cfg(test)]
mod tests {
    use super::super::difference::{Measure, between};
    use super::*;
    use serde_json::json;

    fn written(live: &Value, planned: &Value) -> Value {
        let difference = between(live, planned, Measure::WhatIsPlanned).unwrap();
        as_written(planned, &difference).unwrap()
    }

    #[test]
    fn what_a_server_added_was_not_written() {
        let planned = json!({
            "spec": {
                "replicas": 3, "selector": {"app": "new"}, "added": 1,
                "claims": [{"name": "data", "size": 1}],
                "containers": [{"name": "a", "image": "a:2"}, {"name": "b", "image": "b:1"}],
                "ports": [{"port": 80}],
            },
        });
        let live = json!({
            "metadata": {"uid": "1"},
            "spec": {
                "replicas": 2, "selector": {"app": "old"},
                "claims": [{"name": "data", "size": 1, "mode": "Filesystem"}],
                "containers": [
                    {"name": "a", "image": "a:1", "policy": "Always"}, {"name": "b", "image": "b:1"},
                ],
                "ports": [{"port": 81, "protocol": "TCP"}],
            },
        });
        let expected = json!({
            "spec": {
                "replicas": 2, "selector": {"app": "old"},
                "claims": [{"name": "data", "size": 1}],
                "containers": [{"name": "a", "image": "a:1"}, {"name": "b", "image": "b:1"}],
                "ports": [{"port": 81}],
            },
        });
        assert_eq!(written(&live, &planned), expected);
    }
}
