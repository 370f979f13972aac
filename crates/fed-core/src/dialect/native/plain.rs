//! What of a plain object is its template? All but what a server wrote into it.

use serde_json::Value;

use crate::intent::Template;
use crate::location::Location;
use crate::problem::{Code, Problem};

/// Metadata that the server or the clients of one cluster write; it means nothing in another.
const SERVER_METADATA: &[&str] = &[
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// Metadata that people write, and that must not leave its cluster, with the reason.
const LOCAL_METADATA: &[(&str, &str)] = &[
    (
        "finalizers",
        "finalizers are not propagated: each cluster keeps its own",
    ),
    (
        "ownerReferences",
        "owners are not propagated: a cluster would delete what they do not own there",
    ),
    ("generateName", "the object has a name"),
];

/// Annotations that clients and controllers of one cluster write.
const LOCAL_ANNOTATIONS: &[&str] = &[
    "kubectl.kubernetes.io/last-applied-configuration",
    "deployment.kubernetes.io/revision",
];

/// The template of a plain object, and notes on what people may miss in it.
pub(super) fn template(
    object: &Value,
    at: &Location,
    problems: &mut Vec<Problem>,
) -> Result<Template, Problem> {
    let mut value = object.clone();
    if let Value::Object(fields) = &mut value {
        fields.remove("status");
    }
    if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut) {
        for field in SERVER_METADATA {
            metadata.remove(*field);
        }
        for (field, why) in LOCAL_METADATA {
            if metadata
                .remove(*field)
                .is_some_and(|value| !is_empty(&value))
            {
                let at = at.child("metadata").child(field);
                problems.push(Problem::note(Code::FieldDropped, *why).at(at));
            }
        }
        if let Some(annotations) = metadata
            .get_mut("annotations")
            .and_then(Value::as_object_mut)
        {
            for key in LOCAL_ANNOTATIONS {
                annotations.remove(*key);
            }
            if annotations.is_empty() {
                metadata.remove("annotations");
            }
        }
    }
    Template::parse(value, at)
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_server_wrote_is_no_template() {
        let dumped = json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {
                "name": "a", "uid": "1", "resourceVersion": "2", "creationTimestamp": null,
                "managedFields": [], "labels": {"app": "a"}, "finalizers": ["x/y"],
                "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"},
            },
            "data": {"k": "v"}, "status": {},
        });
        let mut problems = Vec::new();
        let template = template(&dumped, &Location::in_code(), &mut problems).unwrap();
        assert_eq!(
            template.to_value(),
            json!({
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": {"name": "a", "labels": {"app": "a"}},
                "data": {"k": "v"},
            })
        );
        assert_eq!(
            problems.len(),
            1,
            "the finalizer is missed, the rest is not"
        );
    }
}
