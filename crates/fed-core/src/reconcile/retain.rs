//! What of an object is its cluster's own when it is written as a whole?

use serde_json::{Map, Value};

use crate::kinds::{Kind, Manners, Retention};

/// The object as it is to be written over the one that is there: as planned, with the version that
/// must still be there, the cluster's finalizers, its annotations under ours, and what clusters own
/// of its kind. Labels are as planned: those of others go.
pub(super) fn retained(desired: &Value, live: &Value, kind: Option<&dyn Kind>) -> Value {
    let mut object = with_metadata(desired, live);
    if let Some(kind) = kind {
        // What cannot be kept, as one of the two is misshapen, is told by the server that refuses it.
        let _ = kind.retain(&mut object, live, &Retention::by(Manners::Native));
    }
    object
}

fn with_metadata(desired: &Value, live: &Value) -> Value {
    let mut object = desired.clone();
    let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) else {
        return object;
    };
    for field in ["resourceVersion", "uid", "finalizers"] {
        metadata.remove(field);
        if let Some(value) = live.pointer(&format!("/metadata/{field}")) {
            metadata.insert(field.to_owned(), value.clone());
        }
    }
    if let Some(Value::Object(live)) = live.pointer("/metadata/annotations") {
        let mut annotations: Map<String, Value> = live.clone();
        if let Some(Value::Object(ours)) = metadata.get("annotations") {
            annotations.extend(ours.clone());
        }
        metadata.insert("annotations".to_owned(), annotations.into());
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn annotations_and_finalizers_are_the_clusters_and_labels_are_ours() {
        let desired = json!({"metadata": {
            "labels": {"ours": "1"}, "annotations": {"both": "ours"}, "finalizers": ["no"],
        }});
        let live = json!({"metadata": {
            "resourceVersion": "7", "labels": {"theirs": "1"}, "finalizers": ["theirs"],
            "annotations": {"both": "theirs", "theirs": "1"},
        }});
        let expected = json!({"metadata": {
            "resourceVersion": "7", "labels": {"ours": "1"}, "finalizers": ["theirs"],
            "annotations": {"both": "ours", "theirs": "1"},
        }});
        assert_eq!(retained(&desired, &live, None), expected);
        let service = |spec: Value| json!({"kind": "Service", "metadata": {}, "spec": spec});
        let live = service(json!({"clusterIP": "10.0.0.1", "type": "ClusterIP"}));
        let kept = retained(&service(json!({})), &live, Some(&crate::kinds::Service));
        assert_eq!(kept["spec"], json!({"clusterIP": "10.0.0.1"}));
        let none = retained(&desired, &json!({}), None);
        assert_eq!(none["metadata"].get("finalizers"), None);
    }
}
