//! What do numbers of replicas in a placement do?

use crate::common::docs::{clusters, deployment, federated, shop};
use crate::common::show::strict;
use insta::assert_snapshot;
use serde_json::{Value, json};

fn planned(kind: &str, replicas: Value, overrides: Value) -> String {
    let mut documents = clusters(["a", "b"]);
    documents.push(shop());
    documents.push(federated(
        kind,
        "rating",
        json!({
            "template": deployment(3),
            "placement": {"clusters": [{"name": "a", "replicas": replicas}, {"name": "b"}]},
            "overrides": overrides,
        }),
    ));
    strict(&documents)
}

fn override_of(replicas: Value) -> Value {
    json!([{
        "clusterName": "a",
        "clusterOverrides": [{"path": "/spec/replicas", "value": replicas}],
    }])
}

#[test]
fn a_number_that_cannot_be_fails_its_cluster_alone() {
    for bad in [
        json!("3"),
        json!(-1),
        json!(2_147_483_648_i64),
        json!(1.5),
        json!(u64::MAX),
        json!([3]),
        json!(true),
    ] {
        let text = planned("FederatedDeployment", bad.clone(), json!([]));
        let [a, b] = ["  + a (3)\n", "  + b (3)\n"].map(|line| text.find(line).unwrap());
        assert!(text[a..b].contains("InvalidReplicas"), "{bad}: {text}");
        assert!(
            !text[b..]
                .split("Placed")
                .next()
                .unwrap()
                .contains("InvalidReplicas"),
            "{text}"
        );
        assert!(text.contains("error InvalidReplicas at #3/spec/placement/clusters/0/replicas"));
    }
    assert_snapshot!(planned("FederatedDeployment", json!("3"), json!([])));
}

#[test]
fn numbers_at_the_ends_are_taken() {
    for good in [0_i64, i64::from(i32::MAX)] {
        let text = planned("FederatedDeployment", json!(good), json!([]));
        assert!(text.contains(&format!("  + a ({good})\n")), "{text}");
        assert!(!text.contains("problems"), "{text}");
    }
    let text = planned("FederatedDeployment", Value::Null, json!([]));
    assert!(
        text.contains("  + a (3)\n") && !text.contains("problems"),
        "{text}"
    );
}

#[test]
fn replicas_of_a_kind_that_has_none_are_a_warning() {
    assert_snapshot!(planned("FederatedConfigMap", json!(3), json!([])));
}

#[test]
fn replicas_go_where_the_kind_has_them() {
    let mut documents = clusters(["a"]);
    documents.push(shop());
    documents.push(federated(
        "FederatedJob",
        "rating",
        json!({
            "template": {"spec": {"parallelism": 1}},
            "placement": {"clusters": [{"name": "a", "replicas": 4}]},
        }),
    ));
    let text = strict(&documents);
    assert!(
        text.contains("batch/v1 Job shop/rating") && text.contains("  + a (4)"),
        "{text}"
    );
}

#[test]
fn an_explicit_override_wins_over_a_number_in_the_placement() {
    let text = planned("FederatedDeployment", json!(4), override_of(json!(5)));
    assert!(text.contains("  + a (5)\n"), "{text}");
    assert_snapshot!(text);

    let text = planned("FederatedDeployment", json!(5), override_of(json!(5)));
    assert!(
        text.contains("  + a (5)\n") && !text.contains("problems"),
        "{text}"
    );
}
