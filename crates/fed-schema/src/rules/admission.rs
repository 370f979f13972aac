//! What do the admission plugins that are on by default fill in? Those that look at nothing but
//! the object: a `ServiceAccount`'s or a `StorageClass`'s part in it depends on the cluster.

use serde_json::{Value, json};

use super::Filling::{Change, Number, Text};
use super::{Object, Rule, Stage};

// A table: one line a rule.
#[rustfmt::skip]
pub(super) static RULES: &[Rule] = &[
    // Only where no priority class is named, and no class is the cluster's default.
    Rule::new("api.core.v1.Pod", "/spec/priority", Number(0)).at(Stage::Admission),
    Rule::new("api.core.v1.Pod", "/spec/preemptionPolicy", Text("PreemptLowerPriority")).at(Stage::Admission),
    Rule::new("api.core.v1.Pod", "/spec/tolerations", Change(tolerate_lost_nodes)).at(Stage::Admission),
    Rule::new("api.core.v1.Node", "/spec/taints", Change(taint_new_node)).at(Stage::Admission),
    // Volumes, claims and classes in use are protected from deletion.
    Rule::new("api.core.v1.PersistentVolume", "/metadata/finalizers", Change(protect_volume)).at(Stage::Admission),
    Rule::new("api.core.v1.PersistentVolumeClaim", "/metadata/finalizers", Change(protect_claim)).at(Stage::Admission),
    Rule::new("api.storage.v1.VolumeAttributesClass", "/metadata/finalizers", Change(protect_class)).at(Stage::Admission),
];

const LOST: [&str; 2] = [
    "node.kubernetes.io/not-ready",
    "node.kubernetes.io/unreachable",
];
const PATIENCE_SECONDS: i64 = 300;

/// A pod waits five minutes for a node that is lost, unless it says otherwise.
fn tolerate_lost_nodes(pod: &mut Object) {
    let Some(spec) = pod.get_mut("spec").and_then(Value::as_object_mut) else {
        return;
    };
    let tolerations = spec.entry("tolerations").or_insert_with(|| json!([]));
    if tolerations.is_null() {
        *tolerations = json!([]);
    }
    let Some(tolerations) = tolerations.as_array_mut() else {
        return;
    };
    for taint in LOST {
        if !tolerations
            .iter()
            .any(|toleration| tolerates(toleration, taint))
        {
            tolerations.push(json!({
                "key": taint,
                "operator": "Exists",
                "effect": "NoExecute",
                "tolerationSeconds": PATIENCE_SECONDS,
            }));
        }
    }
}

fn tolerates(toleration: &Value, taint: &str) -> bool {
    let is = |field: &str, wanted: &str| {
        let value = toleration.get(field).and_then(Value::as_str).unwrap_or("");
        value.is_empty() || value == wanted
    };
    is("key", taint) && is("effect", "NoExecute")
}

/// A node is not ready before it says that it is.
fn taint_new_node(node: &mut Object) {
    let taint = json!({"key": LOST[0], "effect": "NoSchedule"});
    add_to(node, "spec", "taints", taint);
}

fn protect_volume(volume: &mut Object) {
    add_to(
        volume,
        "metadata",
        "finalizers",
        "kubernetes.io/pv-protection".into(),
    );
}

fn protect_claim(claim: &mut Object) {
    add_to(
        claim,
        "metadata",
        "finalizers",
        "kubernetes.io/pvc-protection".into(),
    );
}

fn protect_class(class: &mut Object) {
    add_to(
        class,
        "metadata",
        "finalizers",
        "kubernetes.io/vac-protection".into(),
    );
}

/// Adds an item to a list that does not hold it.
fn add_to(object: &mut Object, part: &str, list: &str, item: Value) {
    let part = object.entry(part).or_insert_with(|| json!({}));
    let Some(part) = part.as_object_mut() else {
        return;
    };
    let list = part.entry(list).or_insert_with(|| json!([]));
    if list.is_null() {
        *list = json!([]);
    }
    if let Some(items) = list.as_array_mut()
        && !items.contains(&item)
    {
        items.push(item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pod_that_tolerates_all_is_given_nothing() {
        let tolerations = |given: Value| {
            let mut pod = json!({"spec": {"tolerations": given}});
            tolerate_lost_nodes(pod.as_object_mut().expect("an object"));
            pod.pointer("/spec/tolerations")
                .and_then(Value::as_array)
                .map_or(0, Vec::len)
        };
        assert_eq!(tolerations(json!(null)), 2);
        assert_eq!(tolerations(json!([{"operator": "Exists"}])), 1);
        assert_eq!(
            tolerations(json!([{"key": LOST[0], "effect": "NoExecute"}])),
            2
        );
        assert_eq!(
            tolerations(json!([{"key": LOST[0], "effect": "NoSchedule"}])),
            3
        );
    }
}
