//! What is delivered? The manifest as a cluster gets it.

use crate::common::docs::{clusters, federated, names, plain, propagation, shop};
use crate::common::show;
use fed_core::{Assumptions, Code, Problem, plan};
use serde_json::{Value, json};

/// What cluster `a` gets of the object called `rating`, and the codes of all problems.
fn delivered(documents: impl IntoIterator<Item = Value>) -> (Value, Vec<Code>) {
    let mut all = clusters(["a"]);
    all.push(shop());
    all.extend(documents);
    let reading = show::read(&all, Assumptions::none());
    let plan = plan(&reading.world(Assumptions::none()));
    let object = plan
        .objects()
        .find(|object| object.target().name() == "rating")
        .unwrap();
    let rendered = object.placed_in(&"a".into()).unwrap().render();
    let codes = |problems: &[Problem]| problems.iter().map(|found| found.code).collect::<Vec<_>>();
    let told = [codes(&reading.problems), codes(&plan.check())].concat();
    (rendered.deliverable().unwrap().into_value(), told)
}

fn of_template(kind: &str, template: Value, overrides: Value) -> (Value, Vec<Code>) {
    let spec = json!({"template": template, "placement": names(["a"]), "overrides": overrides});
    delivered([federated(kind, "rating", spec)])
}

#[test]
fn the_template_is_delivered_with_annotations_and_without_finalizers() {
    let template = json!({
        "metadata": {
            "annotations": {"example.com/class": "public"},
            "labels": {"app": "rating"},
            "finalizers": ["example.com/hold"],
        },
        "spec": {"ports": [{"port": 80}]},
        "newField": {"deep": [1, null, {"x": 1.5}]},
    });
    let (manifest, told) = of_template("FederatedService", template, json!([]));
    assert_eq!(
        manifest,
        json!({
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {
                "name": "rating",
                "namespace": "shop",
                "annotations": {"example.com/class": "public"},
                "labels": {"app": "rating", "kubefed.io/managed": "true"},
            },
            "spec": {"ports": [{"port": 80}]},
            "newField": {"deep": [1, null, {"x": 1.5}]},
        })
    );
    assert_eq!(told, [Code::FieldDropped]);
}

#[test]
fn a_template_needs_no_metadata_and_an_object_no_template() {
    let bare = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "rating", "namespace": "shop", "labels": {"kubefed.io/managed": "true"},
        },
    });
    for template in [
        json!({}),
        json!({"metadata": null}),
        json!({"metadata": {}}),
        Value::Null,
    ] {
        let (manifest, told) = of_template("FederatedConfigMap", template, json!([]));
        assert_eq!(manifest, bare);
        assert_eq!(told, []);
    }
    let (manifest, _) = delivered([federated(
        "FederatedConfigMap",
        "rating",
        json!({"placement": names(["a"])}),
    )]);
    assert_eq!(manifest, bare);
}

#[test]
fn an_override_never_wins_over_the_mark() {
    for operation in [
        json!({"path": "/metadata/labels", "value": {"kubefed.io/managed": "false"}}),
        json!({"path": "/metadata/labels", "value": {}}),
        json!({"path": "/metadata/labels", "value": null}),
        json!({"op": "add", "path": "/metadata/labels/kubefed.io~1managed", "value": "false"}),
        json!({"op": "remove", "path": "/metadata/labels"}),
    ] {
        let template = json!({"metadata": {"labels": {"kubefed.io/managed": "no"}}});
        let overrides = json!([{"clusterName": "a", "clusterOverrides": [operation]}]);
        let (manifest, _) = of_template("FederatedConfigMap", template, overrides);
        let labels = &manifest["metadata"]["labels"];
        assert_eq!(
            *labels,
            json!({"kubefed.io/managed": "true"}),
            "{operation}"
        );
    }
}

#[test]
fn a_template_does_not_say_what_the_object_is() {
    let template = json!({"kind": "Secret", "metadata": {"name": "other", "namespace": "bank"}});
    let (manifest, told) = of_template("FederatedConfigMap", template, json!([]));
    assert_eq!(manifest["kind"], "ConfigMap");
    assert_eq!(manifest["metadata"]["name"], "rating");
    assert_eq!(manifest["metadata"]["namespace"], "shop");
    assert_eq!(told, [Code::FieldDropped; 3]);

    let same = json!({"kind": "ConfigMap", "metadata": {"name": "rating", "namespace": "shop"}});
    assert_eq!(of_template("FederatedConfigMap", same, json!([])).1, []);
}

#[test]
fn a_cluster_scoped_object_has_no_namespace() {
    let template = json!({"metadata": {"namespace": "shop"}, "rules": []});
    let (manifest, told) = of_template("FederatedClusterRole", template, json!([]));
    assert_eq!(told, [Code::FieldDropped]);
    assert_eq!(manifest["apiVersion"], "rbac.authorization.k8s.io/v1");
    assert_eq!(manifest["metadata"].get("namespace"), None);
}

#[test]
fn the_core_group_is_never_written_with_a_slash() {
    for stated in [
        json!({}),
        json!({"apiVersion": "v1"}),
        json!({"apiVersion": "/v1"}),
    ] {
        let (manifest, told) = of_template("FederatedSecret", stated.clone(), json!([]));
        assert_eq!(manifest["apiVersion"], "v1", "{stated}");
        assert_eq!(told, [], "{stated}");
    }
}

#[test]
fn the_version_of_a_template_is_kept() {
    let template = json!({"apiVersion": "autoscaling/v1"});
    let (manifest, told) = of_template("FederatedHorizontalPodAutoscaler", template, json!([]));
    assert_eq!(manifest["apiVersion"], "autoscaling/v1");
    assert_eq!(told, []);
}

#[test]
fn a_plain_object_gets_the_native_mark_and_loses_what_a_server_wrote() {
    let mut dumped = plain("v1", "ConfigMap", "rating");
    dumped["metadata"]["uid"] = json!("1");
    dumped["metadata"]["labels"] = json!({"fed.dev/managed": "false"});
    dumped["data"] = json!({"sky": "blue"});
    dumped["status"] = json!({"phase": "Active"});
    let selected = propagation(
        "rating",
        json!({
            "resources": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "rating"}],
            "placement": {"clusters": ["a"]},
            "overrides": [{"patches": [{"op": "remove", "path": "/metadata/labels"}]}],
        }),
    );
    let (manifest, told) = delivered([dumped, selected]);
    assert_eq!(
        manifest,
        json!({
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {
                "name": "rating", "namespace": "shop", "labels": {"fed.dev/managed": "true"},
            },
            "data": {"sky": "blue"},
        })
    );
    assert_eq!(told, []);
}

#[test]
fn what_fails_is_shown_but_not_delivered() {
    let spec = json!({
        "template": {},
        "placement": names(["a"]),
        "overrides": [{"clusterName": "a", "clusterOverrides": [{"op": "remove", "path": "/x"}]}],
    });
    let mut all = clusters(["a"]);
    all.extend([shop(), federated("FederatedConfigMap", "rating", spec)]);
    let reading = show::read(&all, Assumptions::none());
    let plan = plan(&reading.world(Assumptions::none()));
    let object = plan
        .objects()
        .find(|object| object.target().name() == "rating")
        .unwrap();
    let rendered = object.placed_in(&"a".into()).unwrap().render();
    let label = &rendered.manifest().value()["metadata"]["labels"]["kubefed.io/managed"];
    assert_eq!(label, "true");
    assert_eq!(rendered.deliverable().unwrap_err().len(), 1);
}
