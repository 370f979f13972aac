//! Where is an object placed, where not, and with which reason? Every reason there is.

use crate::common::docs::{
    cluster, cluster_in, clusters, federated, names, namespace, shop, type_config,
};
use crate::common::show::{self, lenient, strict};
use fed_core::{Assumptions, Code, plan};
use insta::assert_snapshot;
use serde_json::{Value, json};

fn map(name: &str, placement: Value) -> Value {
    federated(
        "FederatedConfigMap",
        name,
        json!({"template": {}, "placement": placement}),
    )
}

#[test]
fn every_reason_to_refuse_is_told() {
    let in_namespace = |namespace: &str, mut map: Value| {
        map["metadata"]["namespace"] = json!(namespace);
        map
    };
    let secret = json!({
        "group": "", "version": "v1", "kind": "Secret", "pluralName": "secrets",
        "scope": "Namespaced",
    });
    let bad = json!({"clusterSelector": {"matchExpressions": [
        {"key": "env", "operator": "Equals", "values": ["prod"]},
    ]}});
    let everywhere = json!({"clusterSelector": {}});
    let documents = [
        cluster("eu", json!({"env": "prod", "region": "eu"})),
        cluster("us", json!({"env": "dev"})),
        shop(),
        namespace("bank", names(["us"])),
        namespace("kube-system", everywhere.clone()),
        map("not-listed", names(["eu"])),
        map(
            "selector-mismatch",
            json!({"clusterSelector": {
                "matchLabels": {"env": "prod"},
                "matchExpressions": [{"key": "region", "operator": "Exists"}],
            }}),
        ),
        map("nothing-selected", json!({})),
        federated(
            "FederatedConfigMap",
            "no-placement",
            json!({"template": {}}),
        ),
        map("empty-list", json!({"clusters": [], "clusterSelector": {}})),
        map("invalid-selector", bad),
        map("unknown-cluster", names(["eu", "eu-west", "eu"])),
        map("unreadable", json!({"clusters": "eu"})),
        map(
            "nameless",
            json!({"clusters": [{}, {"name": ""}, {"name": "asia"}]}),
        ),
        map(
            "selector-ignored",
            json!({"clusters": [{"name": "us"}], "clusterSelector": {}}),
        ),
        in_namespace("bank", map("namespace-not-placed", everywhere.clone())),
        in_namespace("lab", map("namespace-not-federated", everywhere.clone())),
        type_config("secrets", secret, "FederatedSecret", "Disabled"),
        federated(
            "FederatedSecret",
            "propagation-disabled",
            json!({"placement": everywhere}),
        ),
    ];
    assert_snapshot!(strict(&documents));

    let reading = show::read(&documents, Assumptions::none());
    let plan = plan(&reading.world(Assumptions::none()));
    let told: std::collections::BTreeSet<_> = plan
        .objects()
        .flat_map(|object| object.refused_counts().keys().copied().collect::<Vec<_>>())
        .collect();
    let expected = [
        Code::NotListed,
        Code::SelectorMismatch,
        Code::NothingSelected,
        Code::EmptyList,
        Code::InvalidSelector,
        Code::UnknownCluster,
        Code::NamespaceNotPlaced,
        Code::NamespaceNotFederated,
        Code::SystemNamespace,
        Code::PropagationDisabled,
        Code::InvalidValue,
    ];
    assert_eq!(told, expected.into_iter().collect());
}

#[test]
fn unready_clusters_stay_placed_and_are_told() {
    let mut documents = vec![
        cluster("ready", json!({})),
        cluster_in("broken", json!({}), Some("False")),
        cluster_in("lost", json!({}), Some("Unknown")),
        cluster_in("silent", json!({}), None),
    ];
    documents.extend([shop(), map("colours", json!({"clusterSelector": {}}))]);
    assert_snapshot!("unready_strict", strict(&documents));
    assert_snapshot!("unready_lenient", lenient(&documents));
}

#[test]
fn a_cluster_that_is_not_one_is_told_and_named_once() {
    let mut other = cluster("twin", json!({"env": "prod"}));
    other["metadata"]["namespace"] = json!("elsewhere");
    let mut broken = cluster("broken", json!({}));
    broken["metadata"]["labels"] = json!({"env": true});
    let documents = [
        cluster("twin", json!({})),
        other,
        broken,
        cluster("Not_A_Name", json!({})),
        cluster("good", json!({})),
        shop(),
        map("colours", names(["good", "twin", "broken"])),
    ];
    assert_snapshot!(strict(&documents));
}

#[test]
fn many_clusters_are_counted_rather_than_named() {
    let mut documents: Vec<_> = (0..12)
        .map(|number| cluster(&format!("cluster-{number:02}"), json!({})))
        .collect();
    documents.extend([shop(), map("colours", names(["nowhere"]))]);
    let text = strict(&documents);
    assert!(
        text.contains("cluster-07 and 4 more") && !text.contains("cluster-08 and"),
        "{text}"
    );
}

#[test]
fn with_no_cluster_at_all_nothing_is_assumed_of_what_has_no_name() {
    let documents = [
        shop(),
        map(
            "colours",
            json!({"clusters": [{"name": ""}, {"name": "Not A Name"}, {"name": "eu"}]}),
        ),
    ];
    assert_snapshot!(lenient(&documents));
}

#[test]
fn a_fleet_that_is_given_is_never_added_to() {
    let mut documents = clusters(["eu"]);
    documents.extend([shop(), map("colours", names(["us"]))]);
    assert_snapshot!(lenient(&documents));
}
