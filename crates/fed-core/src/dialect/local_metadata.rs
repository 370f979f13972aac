//! Which metadata of an object means nothing in another cluster?

use serde_json::Value;

/// Metadata that the server or the clients of one cluster write; it means nothing in another.
pub(super) const SERVER_METADATA: &[&str] = &[
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
pub(super) const LOCAL_METADATA: &[(&str, &str)] = &[
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
pub(super) const LOCAL_ANNOTATIONS: &[&str] = &[
    "kubectl.kubernetes.io/last-applied-configuration",
    "deployment.kubernetes.io/revision",
];

/// Does the value say nothing?
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
