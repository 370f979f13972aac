//! What do overrides make of an object in one cluster, and what if they fail?

use crate::common::docs::{clusters, deployment, federated, names, plain, propagation, shop};
use crate::common::show::{self, strict};
use fed_core::{Assumptions, Code, plan};
use insta::assert_snapshot;
use serde_json::{Value, json};

fn documents(overrides: Value) -> Vec<Value> {
    let mut documents = clusters(["a", "b"]);
    documents.push(shop());
    documents.push(federated(
        "FederatedDeployment",
        "rating",
        json!({
            "template": deployment(3),
            "placement": names(["a", "b"]),
            "overrides": overrides,
        }),
    ));
    documents
}

fn for_a(operations: Value) -> Value {
    json!([{"clusterName": "a", "clusterOverrides": operations}])
}

/// The manifest for a cluster and the codes of its faults.
fn manifest(documents: &[Value], cluster: &str) -> (Value, Vec<Code>) {
    let reading = show::read(documents, Assumptions::none());
    let plan = plan(&reading.world(Assumptions::none()));
    let object = plan
        .objects()
        .find(|object| object.target().name() == "rating");
    let rendered = object.unwrap().placed_in(&cluster.into()).unwrap().render();
    let codes = rendered.faults().map(|fault| fault.code).collect();
    (rendered.manifest().value().clone(), codes)
}

#[test]
fn a_bad_patch_fails_one_cluster_and_keeps_the_manifest_without_overrides() {
    let bad = documents(for_a(json!([
        {"path": "/spec/replicas", "value": 9},
        {"op": "remove", "path": "/spec/template/spec/nodeSelecter"},
    ])));
    assert_snapshot!(strict(&bad));
    let untouched = manifest(&documents(json!([])), "a");
    assert_eq!(
        manifest(&bad, "a"),
        (untouched.0.clone(), vec![Code::OverrideFailed])
    );
    assert_eq!(manifest(&bad, "b"), untouched);
}

#[test]
fn an_entry_that_is_not_valid_fails_the_cluster_that_it_names() {
    let overrides = json!([
        {"clusterName": "a", "clusterOverrides": [
            {"path": "/spec/replicas", "value": 1}, {"op": "add", "path": "/spec/replicas", "value": 2},
            {"path": "/metadata/name", "value": "other"},
        ]},
        {"clusterName": "b", "clusterOverrides": [{"path": "/spec/replicas", "value": 5}]},
    ]);
    assert_snapshot!(strict(&documents(overrides)));
}

#[test]
fn an_override_cannot_make_it_another_object() {
    let whole = json!({"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "x"}});
    let untouched = manifest(&documents(json!([])), "a").0;
    for (operation, field) in [
        (
            json!({"path": "/metadata", "value": {"labels": {}}}),
            "/metadata/namespace",
        ),
        (
            json!({"path": "/metadata", "value": {"name": "x", "namespace": "shop"}}),
            "/metadata/name",
        ),
        (
            json!({"path": "/apiVersion", "value": "apps/v1beta1"}),
            "/apiVersion",
        ),
        (
            json!({"op": "remove", "path": "/apiVersion"}),
            "/apiVersion",
        ),
        (json!({"path": "", "value": whole}), "/kind"),
        (json!({"path": "//kind", "value": "x"}), ""),
    ] {
        let documents = documents(for_a(json!([operation])));
        let (found, codes) = manifest(&documents, "a");
        if field.is_empty() {
            assert_eq!(codes, [Code::OverrideFailed], "{operation}");
            continue;
        }
        assert_eq!(codes, [Code::OverrideChangesIdentity], "{operation}");
        assert_eq!(found, untouched, "{operation}");
        assert_eq!(
            manifest(&documents, "b"),
            (untouched.clone(), vec![]),
            "{operation}"
        );
        let text = strict(&documents);
        let place = "at #3/spec/overrides/0/clusterOverrides/0 ";
        assert!(
            text.contains(&format!("change {field} of")) && text.contains(place),
            "{text}"
        );
    }
    let overrides = for_a(json!([{"path": "/apiVersion", "value": "apps/v1beta1"}]));
    assert_snapshot!(strict(&documents(overrides)));
}

#[test]
fn metadata_can_be_replaced_as_long_as_it_names_the_object() {
    let metadata = json!({"name": "rating", "namespace": "shop", "labels": {"x": "y"}});
    let documents = documents(for_a(json!([{"path": "/metadata", "value": metadata}])));
    let (found, codes) = manifest(&documents, "a");
    assert_eq!(codes, []);
    assert_eq!(
        found["metadata"]["labels"],
        json!({"x": "y", "kubefed.io/managed": "true"})
    );
}

#[test]
fn an_override_for_a_cluster_that_is_not_placed_is_a_warning() {
    let mut all = documents(json!([
        {"clusterName": "b", "clusterOverrides": []},
        {"clusterName": "zoo", "clusterOverrides": []},
        {"clusterOverrides": [{"path": "/spec/replicas", "value": 1}]},
    ]));
    all[3]["spec"]["placement"] = names(["a"]);
    assert_snapshot!(strict(&all));
}

#[test]
fn odd_paths_keep_their_meaning_and_are_told() {
    let all = documents(for_a(json!([
        {"path": "spec/replicas", "value": 9},
        {"path": "/spec/template/metadata/annotations", "value": {"n": 9_007_199_254_740_993_i64}},
        {"value": 5},
    ])));
    assert_snapshot!(strict(&all));
    let (found, codes) = manifest(&all, "a");
    assert_eq!(
        (&found["replicas"], &found["spec"]["replicas"]),
        (&json!(9), &json!(3))
    );
    assert_eq!(codes, []);
}

#[test]
fn overrides_that_are_no_list_stop_every_cluster() {
    assert_snapshot!(strict(&documents(json!({"clusterName": "a"}))));
}

#[test]
fn native_overrides_fail_for_one_cluster_as_well() {
    let mut rating = plain("apps/v1", "Deployment", "rating");
    rating["spec"] = deployment(3)["spec"].clone();
    let mut all = clusters(["a", "b"]);
    all.push(rating);
    all.push(propagation(
        "rating",
        json!({
            "resources": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "rating"}],
            "placement": {"clusters": ["a", "b"]},
            "overrides": [
                {"patches": [{"op": "replace", "path": "/spec/replicas", "value": 4}]},
                {"clusters": ["a"], "patches": [
                    {"op": "replace", "path": "/spec/paused", "value": true},
                ]},
                {"clusters": ["c"], "patches": []},
            ],
        }),
    ));
    assert_snapshot!(strict(&all));
}
