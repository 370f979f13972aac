//! Is everything kept that stands in objects?

use fed_testkit::assets_or_skip;
use fedctl::read::read;
use serde_json::{Value, json};

use crate::server::{fixtures, server, store};

fn assert_kept(object: &Value, stored: &Value) {
    for (field, value) in object.as_object().unwrap() {
        if field != "metadata" {
            assert_eq!(&stored[field], value, "{} {field}", object["kind"]);
        }
    }
}

#[test]
fn real_manifests_are_stored_to_the_last_field() {
    let assets = assets_or_skip!();
    let client = server(&assets).client();
    let fixtures = fixtures();
    assert_eq!(fixtures.len(), 10);
    for object in fixtures.values() {
        let stored = store(client, object).unwrap_or_else(|answer| panic!("{answer:?}"));
        assert_kept(object, &stored);
    }
}

#[test]
fn the_example_is_stored_as_it_is() {
    let assets = assets_or_skip!();
    let client = server(&assets).client();
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../examples/propagate/shop.yaml"
    );
    let input = read(&[file.to_owned()], &mut std::io::empty());
    assert_eq!(input.documents.len(), 7);
    for document in &input.documents {
        let mut object = document.value().clone();
        // Other tests have objects of these names.
        object["metadata"]["labels"]["example"] = "shop".into();
        object["metadata"]["name"] =
            format!("{}-example", object["metadata"]["name"].as_str().unwrap()).into();
        let stored = store(client, &object).unwrap_or_else(|answer| panic!("{answer:?}"));
        assert_kept(&object, &stored);
    }
}

#[test]
fn a_propagation_is_stored_to_the_last_field() {
    let assets = assets_or_skip!();
    let client = server(&assets).client();
    let object = json!({
        "apiVersion": "fed.dev/v1alpha1",
        "kind": "Propagation",
        "metadata": {"name": "all", "namespace": "shop"},
        "spec": {
            "resources": [
                {"apiVersion": "apps/v1", "kind": "Deployment", "name": "rating"},
                {"apiVersion": "apps/v1", "kind": "Deployment", "name": "rating"},
                {"apiVersion": "v1", "kind": "ConfigMap", "labelSelector": {
                    "matchExpressions": [{"key": "a", "operator": "In", "values": ["b", "b"]}],
                }},
            ],
            "placement": {
                "clusters": [], "clusterSelector": {}, "exclude": ["a"],
                "affinities": [
                    {"name": "home", "clusters": ["a"], "exclude": ["b"]},
                    {"clusterSelector": {"matchLabels": {"a": "b"}}},
                ],
                "tolerations": [
                    {"key": "a", "operator": "Equal", "value": "b", "effect": "NoExecute", "tolerationSeconds": 5},
                    {"operator": "Exists"},
                ],
                "spread": [{"by": "Region", "min": 1, "max": 2}, {"by": "Label", "label": "rack"}],
                "preferred": [{"clusters": ["a"], "weight": -1}, {"clusterSelector": {}, "weight": 2}],
                "scores": [{"property": "cost", "weight": -3}],
                "limit": 3,
            },
            "division": {
                "method": "KarmadaDynamic", "replicas": 9, "steady": true,
                "weights": [
                    {"cluster": "a", "weight": 2, "min": 1, "max": 3},
                    {"clusterSelector": {}, "weight": 0},
                ],
            },
            "options": {
                "write": "Update", "adoption": "Always", "drift": "Report", "conflicts": "Overwrite",
                "takeOver": ["/spec/replicas"], "removal": "Orphan", "withdrawal": "Foreground",
                "gracePeriodSeconds": 5, "replacement": "Recreate", "moves": "Directly",
                "dependencies": "Follow", "suspended": true,
            },
            "overrides": [
                {
                    "clusterSelector": {}, "exclude": ["b"], "absent": true,
                    "image": [{
                        "containers": ["c"], "podSpec": "/spec", "path": "/a",
                        "set": {"registry": "r.example", "repository": "a", "tag": "1", "digest": "sha256:0"},
                        "remove": ["Tag"], "append": {"registry": "x", "repository": "y", "tag": "z"},
                    }],
                    "command": [{"container": "c", "podSpec": "/spec", "set": ["a"], "remove": ["b"], "append": ["d"]}],
                    "args": [{"container": "c", "set": [], "append": ["d", "d"]}],
                    "env": [{
                        "containers": ["c"], "podSpec": "/spec", "remove": ["B"],
                        "set": [
                            {"name": "A", "value": "1"},
                            {"name": "C", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
                        ],
                    }],
                    "labels": {"set": {"a": "1"}, "replace": {"b": "2"}, "remove": ["c"]},
                    "annotations": {"set": {"a": "1"}},
                    "fields": [{"path": "/data/x", "format": "Json", "patches": [{"op": "remove", "path": "/a"}]}],
                },
                {"patches": [{"op": "add", "path": "/a", "value": null}]},
                {"clusters": [], "patches": [
                    {"op": "add", "path": "/a", "value": {"deep": [{"er": null}, 1.5]}},
                    {"op": "test", "path": "/a", "value": 1},
                    {"op": "copy", "from": "/a", "path": "/b"},
                ]},
            ],
        },
    });
    let stored = store(client, &object).unwrap_or_else(|answer| panic!("{answer:?}"));
    assert_kept(&object, &stored);
}
