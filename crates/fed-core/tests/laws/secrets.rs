//! Is the value of a secret ever told? Only manifests may hold it.

use fed_core::dialect::Document;
use fed_core::{Assumptions, DocumentId};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use crate::cases;
use crate::common::docs;
use crate::documents::{Mutation, anything, mutate};
use crate::total::everything;

const MARKER: &str = "hunter2-is-the-password";

fn documents() -> Vec<Value> {
    let data = json!({"password": MARKER, "nested": {"deep": [MARKER]}});
    let mut secret = docs::plain("v1", "Secret", "plain");
    secret["data"] = data.clone();
    secret["stringData"] = json!({"token": MARKER});
    let mut federated = docs::federated(
        "FederatedSecret",
        "federated",
        json!({
            "template": {"type": "Opaque", "data": data, "stringData": {"token": MARKER}},
            "placement": {"clusters": [{"name": "a", "replicas": 2}, {"name": "b"}]},
            "overrides": [
                {"clusterName": "a", "clusterOverrides": [
                    {"path": "/data/password", "value": MARKER},
                    {"op": "add", "path": "/data", "value": {"password": MARKER, "n": 1e300}},
                    {"op": "test", "path": "/stringData/token", "value": MARKER},
                    {"op": "add", "path": "/stringData/token/deeper", "value": MARKER},
                ]},
                {"clusterName": "b", "clusterOverrides": [
                    {"path": "", "value": {"kind": "Secret", "data": {"password": MARKER}}},
                ]},
                {"clusterName": "c", "clusterOverrides": [{"path": "/data", "value": [MARKER]}]},
            ],
        }),
    );
    federated["metadata"]["annotations"] = json!({"kubefed.io/orphan": "true"});
    let patches = json!([
        {"op": "test", "path": "/data/password", "value": MARKER},
        {"op": "copy", "from": "/data/password", "path": "/stringData/password"},
        {"op": "replace", "path": "/data/missing", "value": MARKER},
        {"op": "add", "path": "/data/password/deeper", "value": {"x": MARKER}},
    ]);
    let selected = docs::propagation(
        "plain",
        json!({
            "resources": [{"apiVersion": "v1", "kind": "Secret", "name": "plain"}],
            "placement": {"clusterSelector": {}},
            "overrides": [{"patches": patches}],
        }),
    );
    let mut documents = docs::clusters(["a", "b"]);
    documents.extend([docs::shop(), secret, federated, selected]);
    documents
}

/// What may happen to a document without a value leaving the place where it is a secret's.
fn change() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        2 => Just(Mutation::Drop),
        3 => anything().prop_map(Mutation::Replace),
        1 => (prop_oneof![1..3_usize, 120..140_usize], any::<bool>())
            .prop_map(|(depth, list)| Mutation::Nest(depth, list)),
    ]
}

fn silent(documents: &[Value]) {
    for assumptions in [Assumptions::none(), Assumptions::lenient()] {
        let told = everything(documents, assumptions);
        assert!(!told.contains("hunter2"), "{told}");
    }
    for document in documents {
        let shown = format!("{:?}", Document::new(DocumentId(0), document));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

#[test]
fn not_of_sound_documents_and_not_of_failing_overrides() {
    let documents = documents();
    silent(&documents);
    let reading = crate::common::show::read(&documents, Assumptions::none());
    let plan = fed_core::plan(&reading.world(Assumptions::none()));
    let delivered = plan
        .objects()
        .flat_map(|object| object.placed().collect::<Vec<_>>());
    let held = delivered
        .filter(|placed| {
            placed
                .render()
                .manifest()
                .value()
                .to_string()
                .contains(MARKER)
        })
        .count();
    assert_eq!(
        held, 4,
        "the secrets are there, or this test would prove nothing"
    );
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn not_of_broken_documents(
        changes in prop::collection::vec((select(vec![3_usize, 4, 5]), any::<Index>(), change()), 1..4),
    ) {
        let mut documents = documents();
        for (which, place, change) in changes {
            let document = std::mem::take(&mut documents[which]);
            documents[which] = mutate(document, place, &change);
        }
        silent(&documents);
    }
}

#[test]
fn not_of_what_stands_twice() {
    let mut all = documents();
    let mut other = all[4].clone();
    other["spec"]["template"]["data"]["password"] = json!(format!("{MARKER}-too"));
    all.push(other);
    silent(&all);
}

#[test]
fn not_where_a_value_stands_in_the_place_of_what_holds_it() {
    let places = [
        (3, "/data"),
        (3, "/stringData"),
        (4, "/spec"),
        (4, "/spec/template"),
        (4, "/spec/template/data"),
        (4, "/spec/placement"),
        (4, "/spec/placement/clusters/0"),
        (4, "/spec/placement/clusters/0/replicas"),
        (4, "/spec/overrides"),
        (4, "/spec/overrides/0"),
        (4, "/spec/overrides/0/clusterOverrides"),
        (4, "/spec/overrides/0/clusterOverrides/0"),
        (5, "/spec"),
        (5, "/spec/placement"),
        (5, "/spec/overrides"),
        (5, "/spec/overrides/0"),
        (5, "/spec/overrides/0/patches"),
        (5, "/spec/overrides/0/patches/0"),
        (5, "/spec/overrides/0/patches/0/op"),
    ];
    for (which, place) in places {
        let mut documents = documents();
        *documents[which].pointer_mut(place).unwrap() = json!(MARKER);
        silent(&documents);
    }
}
