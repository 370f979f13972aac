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
            "placement": {"clusters": [], "clusterSelector": {}},
            "overrides": [
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
