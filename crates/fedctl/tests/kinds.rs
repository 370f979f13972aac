//! Do kinds that are declared in YAML answer as those that are built in?

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use std::collections::BTreeSet;
use std::path::Path;

use fed_core::dialect::native::KindDefinition;
use fed_core::kinds::{
    ClusterStatus, DeclaredKind, HelmRelease, Kind, KnativeService, Manners, Reference, Retention,
    Rollout,
};
use fedctl::read::read;
use serde_json::{Value, json};

/// The kind that a file among the examples declares.
fn declared(file: &str) -> DeclaredKind {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/kinds");
    let path = folder.join(file).to_string_lossy().into_owned();
    let input = read(&[path], &mut std::io::empty());
    assert!(input.findings.is_empty(), "{:?}", input.findings);
    let definition = input.documents[0].value().clone();
    let definition: KindDefinition = serde_json::from_value(definition).unwrap();
    definition.spec.declare().unwrap()
}

/// Objects with each of these statuses, new, seen and not seen.
fn objects(spec: &Value, statuses: &[Value]) -> Vec<Value> {
    let mut objects = vec![json!({"metadata": {"generation": 2}, "spec": spec})];
    for status in statuses {
        for observed in [json!(1), json!(2), json!("2"), json!("1"), Value::Null] {
            let mut object = json!({"metadata": {"generation": 2}, "spec": spec, "status": status});
            if !observed.is_null() {
                object["status"]["observedGeneration"] = observed;
            }
            objects.push(object);
        }
    }
    objects
}

/// What is needed, without where that is said.
fn needed(references: Vec<Reference>) -> BTreeSet<String> {
    let told = |one: Reference| format!("{:?} {}", one.needed, one.is_optional);
    references.into_iter().map(told).collect()
}

/// The declared kind says of everything what the built-in one says.
fn alike(declared: &DeclaredKind, builtin: &dyn Kind, objects: &[Value]) {
    let native = Manners::Native;
    assert_eq!(
        (declared.gvk(), declared.plural()),
        (builtin.gvk(), builtin.plural())
    );
    assert_eq!(declared.scope(), builtin.scope());
    for object in objects {
        assert_eq!(
            declared.health(object, native),
            builtin.health(object, native),
            "{object}"
        );
        assert_eq!(
            declared.is_ready_for_rollout(object),
            builtin.is_ready_for_rollout(object)
        );
        assert_eq!(declared.replicas(object), builtin.replicas(object));
        assert_eq!(
            needed(declared.references(object)),
            needed(builtin.references(object))
        );
        assert_eq!(declared.remarks(object), []);
        if object
            .pointer("/status/observedGeneration")
            .is_none_or(Value::is_i64)
        {
            let collected =
                [declared as &dyn Kind, builtin].map(|kind| kind.reflect_status(object, native));
            let told = collected.map(|status| status.unwrap().unwrap_or(json!({})));
            assert_eq!(told[0], told[1], "{object}");
        }
        for live in objects {
            let kept = [declared as &dyn Kind, builtin].map(|kind| {
                let mut desired = object.clone();
                kind.retain(&mut desired, live, &Retention::default())
                    .unwrap();
                desired
            });
            assert_eq!(kept[0], kept[1]);
            assert_eq!(
                declared.needs_replace(live, object),
                builtin.needs_replace(live, object)
            );
        }
    }
    let statuses: Vec<_> = objects
        .iter()
        .filter_map(|object| object.get("status"))
        .collect();
    let template = json!({"metadata": {"generation": 2}, "status": {"observedGeneration": 1}});
    for one in &statuses {
        for other in &statuses {
            let members = [
                ClusterStatus::current("b", one),
                ClusterStatus::stale("a", other),
                ClusterStatus::silent("c"),
            ];
            for members in [&members[..], &members[..2], &members[..1], &[]] {
                assert_eq!(
                    declared.aggregate_status(&template, members, native),
                    builtin.aggregate_status(&template, members, native),
                    "{members:?}"
                );
            }
        }
    }
}

fn ready(status: &str) -> Value {
    json!([{"type": "Ready", "status": status, "reason": "So", "message": "it is so"}])
}

#[test]
fn a_rollout() {
    let spec = json!({
        "replicas": 3, "selector": {"matchLabels": {"app": "a"}},
        "template": {"spec": {"serviceAccountName": "reader", "volumes": [{"configMap": {"name": "a"}}]}},
    });
    let mut statuses: Vec<_> = ["Healthy", "Paused", "Progressing", "Degraded", "Odd", ""]
        .map(|phase| json!({"phase": phase, "replicas": 3, "readyReplicas": 2}))
        .into();
    statuses
        .push(json!({"phase": "Degraded", "message": "too slow", "conditions": ready("False")}));
    statuses.push(json!({}));
    let mut objects = objects(&spec, &statuses);
    objects.push(json!({"spec": {"replicas": 1, "selector": {}}}));
    alike(&declared("rollout.yaml"), &Rollout, &objects);
}

#[test]
fn a_service_of_knative() {
    let spec = json!({"template": {"spec": {"containers": [{"envFrom": [{"secretRef": {"name": "a"}}]}]}}});
    let statuses = [
        json!({"url": "https://a.example.com", "conditions": ready("True")}),
        json!({"url": "", "conditions": ready("False")}),
        json!({"conditions": ready("Unknown")}),
        json!({}),
    ];
    // Its generation is always a number.
    let objects = objects(&spec, &statuses);
    alike(&declared("knative-service.yaml"), &KnativeService, &objects);
}

#[test]
fn a_helm_release() {
    let spec = json!({
        "serviceAccountName": "deployer", "suspend": false,
        "chart": {"spec": {"verify": {"secretRef": {"name": "keys"}}}},
        "valuesFrom": [
            {"kind": "ConfigMap", "name": "values"},
            {"kind": "Secret", "name": "secrets", "optional": true},
            {"kind": "Secret", "name": "other", "apiGroup": "example.com"},
            {"kind": "Gadget", "name": "none"},
        ],
    });
    let statuses = [
        json!({"helmChart": "shop/web", "failures": 1, "conditions": ready("True")}),
        json!({"lastAppliedRevision": "1.2", "lastReleaseRevision": 7, "upgradeFailures": 2}),
        json!({"helmChart": "", "conditions": ready("False"), "inventory": {"entries": []}}),
        json!({}),
    ];
    let mut objects = objects(&spec, &statuses);
    objects.push(json!({"spec": {"suspend": true}}));
    objects.push(json!({"spec": {}}));
    alike(&declared("helm-release.yaml"), &HelmRelease, &objects);
}
