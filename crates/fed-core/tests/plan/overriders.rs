//! What do native overrides make of plans: images, variables, clusters without the object?

use crate::common::docs::{cluster, deployment, federated, names, namespace, plain, propagation};
use crate::common::show::{self, strict};
use fed_core::{Assumptions, Code, plan};
use insta::assert_snapshot;
use serde_json::{Value, json};

fn regions() -> Vec<Value> {
    let labels =
        |region: &str, env: &str| json!({"topology.kubernetes.io/region": region, "env": env});
    vec![
        cluster("eu-1", labels("eu", "prod")),
        cluster("eu-2", labels("eu", "prod")),
        cluster("us-1", labels("us", "prod")),
        cluster("lab", json!({"env": "dev"})),
    ]
}

fn rating() -> Value {
    let mut rating = plain("apps/v1", "Deployment", "rating");
    rating["spec"] = deployment(3)["spec"].clone();
    rating
}

fn documents(overrides: Value) -> Vec<Value> {
    let mut documents = regions();
    documents.push(rating());
    documents.push(propagation(
        "rating",
        json!({
            "resources": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "rating"}],
            "placement": {"clusterSelector": {}},
            "overrides": overrides,
        }),
    ));
    documents
}

#[test]
fn every_cluster_has_what_its_overrides_make() {
    assert_snapshot!(strict(&documents(json!([
        {
            "clusterSelector": {"matchLabels": {"env": "prod"}},
            "image": [{"set": {"registry": "$(cluster.region).example.com"}}],
        },
        {"exclude": ["us-1"], "labels": {"set": {"team": "blue"}}},
        {"clusters": ["lab"], "absent": true},
    ]))));
}

#[test]
fn what_a_cluster_does_not_have_fails_there_alone() {
    assert_snapshot!(strict(&documents(json!([
        {"env": [{"set": [{"name": "REGION", "value": "$(cluster.region)"}]}]},
        {"clusters": ["eu-2"], "command": [{"container": "wbe", "append": ["-v"]}]},
    ]))));
}

#[test]
fn an_explanation_tells_what_differs_and_why_it_is_not_there() {
    let documents = documents(json!([
        {"clusters": ["eu-1"], "image": [{"set": {"tag": "2"}}], "labels": {"remove": ["a"]}},
        {"clusterSelector": {"matchLabels": {"env": "dev"}}, "absent": true},
    ]));
    let reading = show::read(&documents, Assumptions::none());
    let plan = plan(&reading.world(Assumptions::none()));
    let object = plan.objects().next().unwrap();
    assert_eq!(
        object.explain(&"eu-1".into()).overrides,
        [
            "change the image of every container",
            "remove /metadata/labels/a"
        ]
    );
    let lab = object.explain(&"lab".into());
    assert!(!lab.is_placed);
    assert_eq!(lab.reasons[0].code, Code::OverriddenAway);
    assert_eq!(
        lab.reasons[0].message,
        "the override /spec/overrides/1 says that it is not there"
    );
    assert_eq!(object.refused_counts()[&Code::OverriddenAway], 1);
}

#[test]
fn what_is_left_out_gets_no_replicas() {
    let mut documents = documents(json!([{"clusters": ["lab", "eu-2"], "absent": true}]));
    documents.last_mut().unwrap()["spec"]["division"] = json!({"replicas": 6});
    let reading = show::read(&documents, Assumptions::none());
    let plan = plan(&reading.world(Assumptions::none()));
    let shares: Vec<_> = plan
        .objects()
        .next()
        .unwrap()
        .placed()
        .map(|placed| (placed.cluster().name().to_string(), placed.share()))
        .collect();
    assert_eq!(
        shares,
        [("eu-1".to_owned(), Some(3)), ("us-1".to_owned(), Some(3))]
    );
    assert_eq!(plan.problems(), []);
}

#[test]
fn what_is_in_a_namespace_is_not_where_an_override_keeps_that_out() {
    let mut documents = regions();
    documents.extend([
        namespace("shop", json!({"clusterSelector": {}})),
        federated(
            "FederatedDeployment",
            "rating",
            json!({"template": deployment(1), "placement": names(["eu-1", "lab"])}),
        ),
        propagation(
            "shop",
            json!({
                "resources": [{
                    "apiVersion": "types.kubefed.io/v1beta1", "kind": "FederatedNamespace",
                    "name": "shop",
                }],
                "overrides": [{"clusters": ["lab"], "absent": true}],
            }),
        ),
    ]);
    assert_snapshot!(strict(&documents));
}

#[test]
fn the_namespace_is_the_reason_that_is_told_and_counted_where_both_keep_it_out() {
    let mut documents = regions();
    documents.extend([
        namespace("shop", names(["eu-1"])),
        federated(
            "FederatedDeployment",
            "rating",
            json!({"template": deployment(1), "placement": {"clusterSelector": {}}}),
        ),
        propagation(
            "shop",
            json!({
                "resources": [{
                    "apiVersion": "types.kubefed.io/v1beta1", "kind": "FederatedDeployment",
                    "name": "rating",
                }],
                "overrides": [{"clusters": ["lab"], "absent": true}],
            }),
        ),
    ]);
    let reading = show::read(&documents, Assumptions::none());
    let plan = plan(&reading.world(Assumptions::none()));
    let mut objects = plan.objects();
    let rating = objects.find(|it| it.target().name() == "rating").unwrap();
    let lab = rating.explain(&"lab".into());
    assert_eq!(lab.reasons[0].code, Code::NamespaceNotPlaced);
    assert_eq!(rating.refused_counts().get(&Code::OverriddenAway), None);
}

#[test]
fn what_an_override_wrote_is_told_at_the_override() {
    let documents = documents(json!([
        {"clusters": ["eu-1"], "env": [{"containers": ["rating"], "set": [
            {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "none", "key": "p"}}},
        ]}]},
    ]));
    let reading = show::read(&documents, Assumptions::none());
    let plan = plan(&reading.world(Assumptions::none()));
    let told: Vec<_> = plan
        .check()
        .into_iter()
        .map(|problem| (problem.code, problem.at.unwrap().path.to_string()))
        .collect();
    let place = "/spec/overrides/0/env/0".to_owned();
    assert_eq!(told, [(Code::ReferenceNotFound, place)]);
}
