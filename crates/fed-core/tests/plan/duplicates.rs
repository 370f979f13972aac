//! What if the same thing is asked for twice?

use crate::common::docs::{
    clusters, deployment, federated, names, plain, propagation, shop, three_clusters,
};
use crate::common::show::{by_number, object, problem, strict};
use fed_core::{Cluster, Fleet, Intent, Placement, World, plan};
use insta::assert_snapshot;
use serde_json::{Value, json};

#[test]
fn copies_count_as_one() {
    let mut documents = three_clusters();
    documents.extend(three_clusters());
    let text = strict(&documents);
    let (planned, told) = text.split_once("problems\n").unwrap();
    assert_eq!(planned, strict(&three_clusters()));
    assert_snapshot!(told);
}

#[test]
fn different_objects_of_one_name_are_errors_and_none_is_planned() {
    let map = |colour: &str| {
        federated(
            "FederatedConfigMap",
            "colours",
            json!({"template": {"data": {"sky": colour}}, "placement": names(["a"])}),
        )
    };
    let mut documents = clusters(["a"]);
    documents.extend([shop(), map("blue"), map("red"), map("blue")]);
    let text = strict(&documents);
    assert!(!text.contains("v1 ConfigMap"), "{text}");
    assert_snapshot!(text);
}

#[test]
fn two_ways_to_ask_for_one_object_are_an_error_that_names_both() {
    let mut documents = clusters(["a"]);
    documents.extend([
        shop(),
        federated(
            "FederatedDeployment",
            "rating",
            json!({"template": deployment(1), "placement": names(["a"])}),
        ),
        plain("apps/v1", "Deployment", "rating"),
        propagation(
            "rating",
            json!({
                "resources": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "rating"}],
                "placement": {"clusters": ["a"]},
            }),
        ),
    ]);
    let text = strict(&documents);
    assert!(!text.contains("apps/v1 Deployment"), "{text}");
    assert_snapshot!(text);
}

fn intent(api_version: &str, value: Value, clusters: &[&str]) -> Intent {
    let mut object = plain(api_version, "Deployment", "rating");
    object["spec"] = value;
    Intent::of(object)
        .unwrap()
        .place(Placement::clusters(clusters))
}

#[test]
fn intents_made_in_code_clash_as_documents_do() {
    let fleet: Fleet = [Cluster::new("a")].into_iter().collect();
    let same = intent("apps/v1", json!({"replicas": 1}), &["a"]);
    let other_version = intent("apps/v1beta1", json!({"replicas": 1}), &["a"]);

    let copies = [same.clone(), same.clone()];
    let planned = plan(&World::new(&copies, &fleet));
    assert_eq!(planned.objects().len(), 1);
    assert_eq!(planned.check(), []);

    let clash = [same, other_version];
    let planned = plan(&World::new(&clash, &fleet));
    assert!(
        planned
            .objects()
            .map(|planned| object(&planned))
            .next()
            .is_none()
    );
    let told: String = planned
        .check()
        .iter()
        .map(|found| problem(found, &by_number))
        .collect();
    assert_snapshot!(told);
}
