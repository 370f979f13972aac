//! What do Propagations select, what do they add to Federated objects, and what is told of the
//! rest?

use crate::common::docs::{
    cluster, clusters, deployment, federated, names, plain, propagation, propagations, shop,
};
use crate::common::show::{lenient, strict};
use insta::assert_snapshot;
use serde_json::{Value, json};

fn resource(api_version: &str, kind: &str, name: &str) -> Value {
    json!({"apiVersion": api_version, "kind": kind, "name": name})
}

#[test]
fn a_propagation_selects_in_its_own_namespace() {
    let mut elsewhere = plain("v1", "ConfigMap", "colours");
    elsewhere["metadata"]["namespace"] = json!("bank");
    let mut documents = clusters(["a"]);
    documents.extend([
        elsewhere,
        propagation(
            "colours",
            json!({
                "resources": [resource("v1", "ConfigMap", "colours")],
                "placement": {"clusters": ["a"]},
            }),
        ),
    ]);
    assert_snapshot!(strict(&documents));
}

#[test]
fn what_has_no_namespace_is_selected_by_name_only() {
    let role = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
        "metadata": {"name": "reader", "labels": {"app": "rating"}},
    });
    let all = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
        "labelSelector": {"matchLabels": {"app": "rating"}},
    });
    let mut documents = clusters(["a"]);
    documents.push(role);
    documents.push(propagation(
        "roles",
        json!({"resources": [all], "placement": {"clusters": ["a"]}}),
    ));
    assert_snapshot!(strict(&documents));
}

#[test]
fn a_propagation_adds_to_a_federated_object_what_that_does_not_say() {
    let bare = federated(
        "FederatedDeployment",
        "bare",
        json!({"template": deployment(2)}),
    );
    let full = federated(
        "FederatedDeployment",
        "full",
        json!({
            "template": deployment(2),
            "placement": names(["a"]),
            "overrides": [{
                "clusterName": "a",
                "clusterOverrides": [{"path": "/spec/replicas", "value": 7}],
            }],
        }),
    );
    let mut documents = clusters(["a", "b"]);
    documents.extend([
        shop(),
        bare,
        full,
        propagation(
            "both",
            json!({
                "resources": [
                    resource("types.kubefed.io/v1beta1", "FederatedDeployment", "bare"),
                    resource("types.kubefed.io/v1beta1", "FederatedDeployment", "full"),
                ],
                "placement": {"clusters": ["b"]},
                "overrides": [{"patches": [
                    {"op": "replace", "path": "/spec/replicas", "value": 4},
                ]}],
            }),
        ),
    ]);
    assert_snapshot!(strict(&documents));
}

#[test]
fn an_object_that_two_propagations_select_is_not_planned() {
    let mut documents = propagations();
    documents.push(propagation(
        "again",
        json!({
            "resources": [resource("apps/v1", "Deployment", "rating")],
            "placement": {"clusters": ["eu-west"]},
        }),
    ));
    let text = strict(&documents);
    let told: Vec<_> = text
        .lines()
        .skip_while(|line| *line != "problems")
        .collect();
    assert_snapshot!(told.join("\n"));
    assert!(!text.contains("apps/v1 Deployment"), "{text}");
    assert!(text.contains("v1 ConfigMap shop/colours"), "{text}");
}

#[test]
fn known_fields_of_later_are_told_from_unknown_ones() {
    let documents = [
        cluster("a", json!({})),
        plain("apps/v1", "Deployment", "rating"),
        propagation(
            "rating",
            json!({
                "resources": [{
                    "apiVersion": "apps/v1", "kind": "Deployment", "name": "rating",
                    "namespace": "shop",
                }],
                "placement": {
                    "clusters": ["a"],
                    "clusterSelecter": {},
                    "clusterSelector": {"matchLabel": {"env": "prod"}},
                    "spread": [],
                },
                "division": {"replicas": 6},
                "options": {"suspended": true},
                "overides": [],
                "overrides": [{
                    "cluster": ["a"],
                    "patches": [{"op": "test", "path": "/kind", "value": "Deployment", "form": ""}],
                }],
                "zebra": 1,
            }),
        ),
    ];
    assert_snapshot!(strict(&documents));
}

#[test]
fn a_propagation_that_selects_nothing_says_so() {
    let bad = json!({"matchExpressions": [{"key": "app", "operator": "Equals", "values": ["a"]}]});
    let documents = [
        cluster("a", json!({})),
        plain("v1", "ConfigMap", "colours"),
        plain("example.com/v1", "Gadget", "one"),
        propagation(
            "nothing",
            json!({
                "resources": [
                    {"apiVersion": "v1", "kind": "ConfigMap"},
                    resource("v1", "ConfigMap", "missing"),
                    {"apiVersion": "v1", "kind": "ConfigMap", "labelSelector": bad},
                ],
                "placement": {"clusters": ["a"]},
            }),
        ),
        propagation("empty", json!({})),
        propagation(
            "unknown-kind",
            json!({
                "resources": [resource("example.com/v1", "Gadget", "one")],
                "placement": {"clusters": ["a"]},
            }),
        ),
        propagation(
            "nowhere",
            json!({"resources": [resource("v1", "ConfigMap", "colours")]}),
        ),
    ];
    assert_snapshot!(strict(&documents));
}

#[test]
fn a_propagation_that_cannot_be_read_is_an_error_and_nothing_else() {
    let mut documents = propagations();
    documents.push(propagation("broken", json!({"resources": "all"})));
    let mut typed = propagation(
        "typed",
        json!({"resources": [], "placement": {"clusters": "a"}}),
    );
    typed["metadata"]["namespace"] = Value::Null;
    documents.push(typed);
    let mut old = propagation("old", json!({"resources": []}));
    old["apiVersion"] = json!("fed.dev/v1");
    documents.push(old);
    let mut other = propagation("other", json!({}));
    other["kind"] = json!("Propagations");
    documents.push(other);
    let with = lenient(&documents);
    let without = lenient(&propagations());
    assert!(with.starts_with(without.split("problems").next().unwrap()));
    let told: Vec<_> = with
        .lines()
        .skip_while(|line| *line != "problems")
        .collect();
    assert_snapshot!(told.join("\n"));
}
