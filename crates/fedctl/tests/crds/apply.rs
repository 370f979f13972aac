//! Can several managers apply their parts of an object?

use fed_testkit::assets_or_skip;
use serde_json::{Value, json};

use crate::server::{apply, federated, message, server};

#[test]
fn two_managers_share_the_overrides_and_only_one_has_the_placement() {
    let assets = assets_or_skip!();
    let client = server(&assets).client();
    let change = |cluster: &str| json!({"clusterName": cluster, "clusterOverrides": [{"path": "/data", "value": {"at": cluster}}]});
    let spec = json!({"placement": {"clusters": [{"name": "a"}, {"name": "b"}]}, "overrides": [change("a")]});
    let answer = apply(client, "one", &federated("shared", &spec));
    assert_eq!(answer.status, 201, "{answer:?}");

    let spec = json!({"overrides": [change("b")]});
    let answer = apply(client, "two", &federated("shared", &spec));
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        answer.body["spec"]["overrides"],
        json!([change("a"), change("b")])
    );

    let other = json!({"placement": {"clusters": [{"name": "c"}]}});
    let answer = apply(client, "two", &federated("shared", &other));
    assert_eq!(answer.status, 409, "{answer:?}");
    assert!(
        message(&answer).contains("spec.placement.clusters"),
        "{answer:?}"
    );

    let answer = apply(client, "one", &federated("shared", &json!({})));
    assert_eq!(
        answer.body["spec"],
        json!({"overrides": [change("b")]}),
        "{answer:?}"
    );
}

/// From a list with keys the server would take out the list, and the selector would choose every
/// cluster.
#[test]
fn a_placement_emptied_by_apply_stays_an_empty_list() {
    let assets = assets_or_skip!();
    let client = server(&assets).client();
    let placed =
        |clusters: Value| json!({"placement": {"clusters": clusters, "clusterSelector": {}}});
    for clusters in [json!([{"name": "a"}, {"name": "a"}]), json!([])] {
        let answer = apply(
            client,
            "one",
            &federated("emptied", &placed(clusters.clone())),
        );
        assert_eq!(answer.body["spec"], placed(clusters), "{answer:?}");
    }
    let mut propagation = json!({
        "apiVersion": "fed.dev/v1alpha1",
        "kind": "Propagation",
        "metadata": {"name": "emptied", "namespace": "shop"},
    });
    for clusters in [json!(["a"]), json!([])] {
        let spec = json!({"placement": {"clusters": clusters, "clusterSelector": {}}});
        propagation["spec"] = spec.clone();
        let answer = apply(client, "one", &propagation);
        assert_eq!(answer.body["spec"], spec, "{answer:?}");
    }
}
