//! What do ReplicaSchedulingPreferences do?

use crate::common::docs::{
    cluster, cluster_in, clusters, deployment, federated, names, namespace, plain, propagation,
    shop,
};
use crate::common::show::strict;
use insta::assert_snapshot;
use serde_json::{Value, json};

fn preference(spec: Value) -> Value {
    let mut preference = plain(
        "scheduling.kubefed.io/v1alpha1",
        "ReplicaSchedulingPreference",
        "rating",
    );
    preference["spec"] = json!({"targetKind": "FederatedDeployment", "totalReplicas": 9});
    for (key, value) in spec.as_object().unwrap() {
        preference["spec"][key] = value.clone();
    }
    preference
}

/// The Deployment `rating` in these clusters, placed and overridden like this, divided like this.
fn planned(mut documents: Vec<Value>, placement: Value, overrides: Value, spec: Value) -> String {
    let rating = json!({
        "template": deployment(3), "placement": placement, "overrides": overrides,
    });
    documents.extend([
        federated("FederatedDeployment", "rating", rating),
        preference(spec),
    ]);
    strict(&documents)
}

fn abc() -> Vec<Value> {
    let mut documents = clusters(["a", "b", "c"]);
    documents.push(shop());
    documents
}

#[test]
fn replicas_are_divided_among_all_ready_clusters_whatever_the_placement() {
    let spec = json!({"clusters": {"a": {"weight": 2}, "*": {"weight": 1, "maxReplicas": 2}}});
    assert_snapshot!(planned(abc(), names(["a"]), json!([]), spec));
}

#[test]
fn without_preferences_all_clusters_weigh_the_same() {
    assert_snapshot!(planned(abc(), json!({}), json!([]), json!({})));
}

#[test]
fn who_is_not_preferred_gets_the_object_without_replicas() {
    let spec = json!({"clusters": {"a": {"weight": 1}}});
    assert_snapshot!(planned(abc(), json!({}), json!([]), spec));
}

#[test]
fn a_cluster_that_is_not_ready_gives_its_replicas_to_others() {
    let mut documents = abc();
    documents[1] = cluster_in("b", json!({}), Some("False"));
    assert_snapshot!(planned(documents, json!({}), json!([]), json!({})));
}

#[test]
fn where_nothing_is_ready_the_placement_stays_as_it_is() {
    let mut documents = vec![cluster_in("a", json!({}), Some("False")), shop()];
    documents.push(cluster_in("b", json!({}), Some("False")));
    assert_snapshot!(planned(documents, names(["a"]), json!([]), json!({})));
}

#[test]
fn a_namespace_keeps_replicas_to_its_own_clusters() {
    let mut documents = clusters(["a", "b", "c"]);
    documents.push(namespace("shop", names(["a", "b"])));
    assert_snapshot!(planned(documents, json!({}), json!([]), json!({})));
}

#[test]
fn selectors_intersect_where_it_is_asked_for_and_lists_do_not_count() {
    let prod = json!({"env": "prod"});
    let mut documents = vec![
        cluster("a", prod.clone()),
        cluster("b", prod.clone()),
        cluster("c", json!({"env": "dev"})),
        cluster("d", json!({"env": "prod", "tier": "back"})),
    ];
    let mut of_namespace = names(["a", "b", "c", "d"]);
    of_namespace["clusterSelector"] =
        json!({"matchExpressions": [{"key": "tier", "operator": "DoesNotExist"}]});
    documents.push(namespace("shop", of_namespace));
    let mut placement = names(["c"]);
    placement["clusterSelector"] = json!({"matchLabels": prod});
    let spec = json!({"intersectWithClusterSelector": true});
    assert_snapshot!(planned(documents, placement, json!([]), spec));
}

#[test]
fn an_override_of_the_replicas_does_not_count() {
    let overrides = json!([
        {"clusterName": "a", "clusterOverrides": [{"path": "/spec/replicas", "value": 7}]},
        {"clusterName": "b", "clusterOverrides": [{"path": "/spec/replicas", "value": 3}]},
        {"clusterName": "c", "clusterOverrides": [{"path": "/spec/paused", "op": "add", "value": true}]},
    ]);
    assert_snapshot!(planned(abc(), json!({}), overrides, json!({})));
}

#[test]
fn rebalancing_may_ask_for_more_than_the_total() {
    let spec = json!({
        "totalReplicas": 2, "rebalance": true,
        "clusters": {"*": {"weight": 1, "minReplicas": 1}},
    });
    assert_snapshot!(planned(abc(), json!({}), json!([]), spec));
}

#[test]
fn what_has_no_room_is_told() {
    let spec = json!({"clusters": {"*": {"weight": 1, "maxReplicas": 2}}});
    assert_snapshot!(planned(abc(), json!({}), json!([]), spec));
}

#[test]
fn a_preference_that_means_nothing_is_told_and_changes_nothing() {
    let mut documents = abc();
    documents.push(federated(
        "FederatedDeployment",
        "rating",
        json!({"template": deployment(3), "placement": names(["a"])}),
    ));
    let wrong = [
        json!({"targetKind": "FederatedStatefulSet"}),
        json!({"targetKind": "FederatedReplicaSet"}),
        json!({"targetKind": null}),
        json!({"totalReplicas": null}),
        json!({"totalReplicas": "nine"}),
    ];
    let told = wrong.map(|spec| {
        let mut documents = documents.clone();
        documents.push(preference(spec));
        let text = strict(&documents);
        assert!(text.contains("+ a (3)"), "{text}");
        text[text.find("problems").unwrap()..].to_owned()
    });
    assert_snapshot!(told.join("\n"));
}

#[test]
fn a_propagation_does_not_divide_what_a_preference_divides() {
    let mut documents = abc();
    documents.extend([
        federated(
            "FederatedDeployment",
            "rating",
            json!({"template": deployment(3)}),
        ),
        preference(json!({})),
        propagation(
            "rating",
            json!({
                "resources": [{
                    "apiVersion": "types.kubefed.io/v1beta1", "kind": "FederatedDeployment",
                    "name": "rating",
                }],
                "division": {"replicas": 100},
            }),
        ),
    ]);
    assert_snapshot!(strict(&documents));
}
