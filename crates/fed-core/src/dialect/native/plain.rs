//! What of a plain object is its template? All but what a server wrote into it.

use serde_json::Value;

use crate::dialect::local_metadata::{
    LOCAL_ANNOTATIONS, LOCAL_METADATA, SERVER_METADATA, is_empty,
};
use crate::intent::Template;
use crate::location::Location;
use crate::problem::{Code, Problem};

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
