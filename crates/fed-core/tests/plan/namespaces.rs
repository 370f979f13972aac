//! What has the namespace to do with it? FederatedNamespaces, missing ones, and the scope of the
//! control plane.

use crate::common::docs::{
    clusters, config, federated, names, namespace, plain, propagation, shop,
};
use crate::common::show::{lenient, strict};
use insta::assert_snapshot;
use serde_json::{Value, json};

fn everywhere() -> Value {
    json!({"clusterSelector": {}})
}

fn map() -> Value {
    federated(
        "FederatedConfigMap",
        "colours",
        json!({"template": {}, "placement": everywhere()}),
    )
}

fn in_two_clusters(documents: impl IntoIterator<Item = Value>) -> Vec<Value> {
    let mut all = clusters(["a", "b"]);
    all.extend(documents);
    all
}

#[test]
fn an_object_is_only_placed_where_its_namespace_is() {
    assert_snapshot!(strict(&in_two_clusters([
        namespace("shop", names(["b"])),
        map()
    ])));
}

#[test]
fn system_namespaces_belong_to_each_cluster() {
    let systems = [
        "default",
        "kube-system",
        "kube-public",
        "kube-federation-system",
    ];
    let mut documents = in_two_clusters(systems.map(|name| namespace(name, everywhere())));
    let mut within = map();
    within["metadata"]["namespace"] = json!("default");
    documents.push(within);
    assert_snapshot!(strict(&documents));
}

#[test]
fn a_federated_namespace_has_the_name_of_its_namespace() {
    let mut elsewhere = namespace("shop", everywhere());
    elsewhere["metadata"]["namespace"] = json!("bank");
    assert_snapshot!(strict(&in_two_clusters([elsewhere, map()])));
}

#[test]
fn what_has_no_namespace_is_in_default_where_that_may_be_assumed() {
    let bare = |mut document: Value| {
        document["metadata"]
            .as_object_mut()
            .unwrap()
            .remove("namespace");
        document
    };
    let documents = in_two_clusters([
        bare(shop()),
        bare(map()),
        bare(plain("v1", "Secret", "token")),
        bare(propagation(
            "token",
            json!({
                "resources": [{"apiVersion": "v1", "kind": "Secret", "name": "token"}],
                "placement": {"clusters": ["a"]},
            }),
        )),
    ]);
    assert_snapshot!("no_namespace_lenient", lenient(&documents));
    assert_snapshot!("no_namespace_strict", strict(&documents));
}

#[test]
fn a_namespace_that_is_not_federated_matters_as_the_scope_says() {
    for (name, scope) in [
        ("scope_unsaid", None),
        ("scope_cluster", Some("Cluster")),
        ("scope_namespaced", Some("Namespaced")),
    ] {
        let documents = in_two_clusters(scope.map(config).into_iter().chain([map()]));
        let text = format!(
            "assuming nothing\n{}\nassuming all\n{}",
            strict(&documents),
            lenient(&documents)
        );
        assert_snapshot!(name, text);
    }
}

#[test]
fn a_federated_namespace_counts_whatever_the_scope() {
    for scope in ["Cluster", "Namespaced"] {
        let documents = in_two_clusters([config(scope), namespace("shop", names(["b"])), map()]);
        let text = strict(&documents);
        assert!(
            text.contains("NamespaceNotPlaced in 1") || text.contains("  + b"),
            "{text}"
        );
        let object = text.split("v1 ConfigMap").nth(1).unwrap();
        let object = object.split("v1 Namespace").next().unwrap();
        assert!(
            object.contains("  + b\n") && object.contains("  - a\n"),
            "{text}"
        );
    }
}

#[test]
fn only_the_one_configuration_counts() {
    let mut other = config("Namespaced");
    other["metadata"]["name"] = json!("other");
    let mut wrong = config("Everywhere");
    wrong["spec"]["leaderElect"] = json!({});
    let mut unsaid = config("Cluster");
    unsaid["spec"] = json!({});
    unsaid["metadata"]["namespace"] = json!("elsewhere");
    assert_snapshot!(strict(&in_two_clusters([other, wrong, unsaid, map()])));
}

#[test]
fn an_unreadable_namespace_opens_no_door() {
    let mut broken = shop();
    broken["spec"]["placement"] = json!({"clusters": "all"});
    let text = strict(&in_two_clusters([broken, map()]));
    assert!(!text.contains("  + "), "{text}");
    assert_snapshot!(text);
}
