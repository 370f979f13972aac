//! Does keeping what clusters own do what KubeFed's tests say, where KubeFed's rules are asked for?

use std::sync::Arc;

use fed_core::kinds::{DeclaredKind, Kind, Kinds, Manners, Retention, Scope};
use fed_core::{Assumptions, DocumentId, GroupVersionKind, dialect};
use serde_json::{Value, json};

use crate::common::{self, Case, Miss, check, same, table};

#[test]
fn kubefed_retain() {
    table!("kubefed_retain").run(run);
}

fn run(case: &Case<'_>) -> Result<(), Miss> {
    let kind = known(case.text("kind"));
    let (mut found, live) = (case.get("desired").clone(), case.get("cluster"));
    let keeps = match case.get("federated").pointer("/spec/retainReplicas") {
        None => false,
        Some(Value::Bool(keeps)) => *keeps,
        Some(_) => return refused(case.get("federated")),
    };
    let how = Retention::by(Manners::KubeFed).keeping_replicas(keeps);
    let is_wrong = kind.retain(&mut found, live, &how).is_err();
    same("error", &is_wrong, &(case.get("expectedError") == true))?;
    if let Some(expected) = case.value.get("expectedDesired") {
        return check(common::same_value(&found, expected), || {
            format!("found {found}, expected {expected}")
        });
    }
    let expected = case.get("expected").as_object();
    for (path, expected) in expected.into_iter().flatten() {
        let value = found.pointer(&format!("/{}", path.replace('.', "/")));
        same(path, &value.unwrap_or(&Value::Null), &expected)?;
    }
    Ok(())
}

/// The kind of this name; without one, or where it is not built in, one of which nothing is known.
fn known(name: &str) -> Arc<dyn Kind> {
    let kinds = Kinds::builtin();
    let found = ["", "apps", "batch"].map(|group| kinds.find(group, name).cloned());
    found.into_iter().flatten().next().unwrap_or_else(|| {
        let gvk = GroupVersionKind::new("example.com", "v1", "MyCRD");
        Arc::new(DeclaredKind::new(gvk, "mycrds", Scope::Namespaced))
    })
}

/// What is no answer to whether replicas are retained is refused where the object is read.
fn refused(federated: &Value) -> Result<(), Miss> {
    let mut object = common::docs::federated("FederatedDeployment", "x", json!({}));
    object["spec"] = federated["spec"].clone();
    let documents = [dialect::Document::new(DocumentId(0), &object)];
    let input = dialect::read(&documents, &Kinds::builtin(), Assumptions::default());
    let told = format!("{:?}", input.problems);
    check(told.contains("retainReplicas"), || {
        format!("not refused: {told}")
    })
}

/// Where ours is better on purpose: what the table says of KubeFed, by our own rules.
#[test]
fn native_rules_differ_where_they_are_better() {
    let kept = |kind: &str, mut desired: Value, live: Value| {
        let how = Retention::default();
        known(kind).retain(&mut desired, &live, &how).unwrap();
        desired
    };
    // A port without a protocol is one of TCP.
    let ports = kept(
        "Service",
        json!({"spec": {"ports": [{"name": "http", "port": 80}]}}),
        json!({"spec": {"ports": [
            {"name": "http", "protocol": "TCP", "port": 80, "nodePort": 31000},
        ]}}),
    );
    assert_eq!(ports["spec"]["ports"][0]["nodePort"], 31000);
    // Annotations of the template are delivered, over those that the cluster has.
    let annotated = kept(
        "Ingress",
        json!({"metadata": {"annotations": {"class": "public", "a": "new"}}}),
        json!({"metadata": {"annotations": {"a": "old", "b": "theirs"}}}),
    );
    assert_eq!(
        annotated["metadata"]["annotations"],
        json!({"a": "new", "b": "theirs", "class": "public"})
    );
    // A claim stays with its volume, and a Job with its pods.
    let claim = kept(
        "PersistentVolumeClaim",
        json!({"spec": {}}),
        json!({"spec": {"volumeName": "pvc-1"}}),
    );
    assert_eq!(claim["spec"]["volumeName"], "pvc-1");
    // A service that shall have no address does not get one back.
    let headless = kept(
        "Service",
        json!({"spec": {"clusterIP": "None"}}),
        json!({"spec": {"clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"]}}),
    );
    assert_eq!(headless, json!({"spec": {"clusterIP": "None"}}));
}
