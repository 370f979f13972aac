//! Documents as people write them, and what can be done to them.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

use crate::common::docs;

/// A manifest of every kind of KubeFed's.
pub(crate) fn manifests() -> Vec<Value> {
    macro_rules! manifest {
        ($($name:literal)+) => {
            vec![$(include_str!(concat!("../kubefed_api/", $name, ".json")),)+]
        };
    }
    let texts = manifest!(
        "cluster_propagated_version" "enable_type_directive" "federated_deployment"
        "federated_namespace" "federated_secret" "federated_service_status"
        "federated_type_config" "kubefed_cluster" "kubefed_config" "propagated_version"
        "replica_scheduling_preference"
    );
    texts
        .into_iter()
        .map(|text| serde_json::from_str(text).unwrap())
        .collect()
}

/// Sets of documents in which nothing stands twice.
pub(crate) fn sound() -> impl Strategy<Value = Vec<Value>> {
    select(vec![
        docs::three_clusters(),
        docs::application(),
        docs::propagations(),
        manifests(),
        [docs::application(), docs::clusters(["us-east", "x", "y"])].concat(),
    ])
}

/// Sets of documents; in some of them, documents are at odds with each other.
pub(crate) fn set() -> impl Strategy<Value = Vec<Value>> {
    let all = [docs::three_clusters(), manifests(), docs::propagations()].concat();
    prop_oneof![4 => sound(), 1 => Just(all)]
}

/// What is done at one place of a document.
#[derive(Clone, Debug)]
pub(crate) enum Mutation {
    Drop,
    Replace(Value),
    Duplicate(String),
    Nest(usize, bool),
    MoveHere(Index),
}

pub(crate) fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        2 => Just(Mutation::Drop),
        4 => anything().prop_map(Mutation::Replace),
        2 => select(WORDS).prop_map(|key| Mutation::Duplicate(key.to_owned())),
        2 => (prop_oneof![1..4_usize, 100..160_usize], any::<bool>())
            .prop_map(|(depth, list)| Mutation::Nest(depth, list)),
        2 => any::<Index>().prop_map(Mutation::MoveHere),
    ]
}

/// Documents of a set, some of them changed at some places.
pub(crate) fn mutated() -> impl Strategy<Value = Vec<Value>> {
    let changes = vec((any::<Index>(), any::<Index>(), mutation()), 1..6);
    (set(), changes).prop_map(|(mut documents, changes)| {
        for (which, place, mutation) in changes {
            let at = which.index(documents.len());
            let document = std::mem::take(&mut documents[at]);
            documents[at] = mutate(document, place, &mutation);
        }
        documents
    })
}

/// The document, changed at one of its places.
pub(crate) fn mutate(mut document: Value, place: Index, mutation: &Mutation) -> Value {
    let mut places = Vec::new();
    pointers(&document, String::new(), &mut places);
    let pointer = place.get(&places).clone();
    let there = document.pointer(&pointer).cloned().unwrap_or_default();
    let (parent, key) = pointer.rsplit_once('/').unwrap_or(("", ""));
    let key = key.replace("~1", "/").replace("~0", "~");
    match mutation {
        Mutation::Replace(value) => put(&mut document, &pointer, value.clone()),
        Mutation::Nest(depth, list) => {
            let nested = (0..*depth).fold(there, |inner, _| {
                if *list {
                    json!([inner])
                } else {
                    json!({"items": inner})
                }
            });
            put(&mut document, &pointer, nested);
        }
        Mutation::MoveHere(other) => {
            let other = document
                .pointer(&places[other.index(places.len())])
                .cloned()
                .unwrap_or_default();
            put(&mut document, &pointer, other);
        }
        Mutation::Drop => match document.pointer_mut(parent) {
            Some(Value::Object(fields)) => {
                fields.remove(&key);
            }
            Some(Value::Array(items)) => {
                let index = key.parse::<usize>().unwrap_or_default();
                if index < items.len() {
                    items.remove(index);
                }
            }
            _ => document = Value::Null,
        },
        Mutation::Duplicate(name) => match document.pointer_mut(parent) {
            Some(Value::Object(fields)) => {
                fields.insert(name.clone(), there);
            }
            Some(Value::Array(items)) => items.push(there),
            _ => {}
        },
    }
    document
}

fn put(document: &mut Value, pointer: &str, value: Value) {
    if let Some(place) = document.pointer_mut(pointer) {
        *place = value;
    }
}

fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields {
                let key = key.replace('~', "~0").replace('/', "~1");
                pointers(inner, format!("{at}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                pointers(inner, format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
    found.push(at);
}

/// Words that mean something here, as keys and as values.
const WORDS: &[&str] = &[
    "apiVersion",
    "kind",
    "metadata",
    "name",
    "namespace",
    "labels",
    "annotations",
    "finalizers",
    "spec",
    "template",
    "placement",
    "clusters",
    "clusterSelector",
    "matchLabels",
    "matchExpressions",
    "key",
    "operator",
    "values",
    "overrides",
    "clusterName",
    "clusterOverrides",
    "path",
    "op",
    "value",
    "replicas",
    "items",
    "status",
    "conditions",
    "type",
    "resources",
    "labelSelector",
    "patches",
    "from",
    "targetType",
    "federatedType",
    "version",
    "group",
    "scope",
    "propagation",
    "data",
    "stringData",
    "",
    "/",
    "~",
    "a/b",
    "*",
    "kubefed",
    "List",
    "v1",
    "/v1",
    "apps/v1",
    "types.kubefed.io/v1beta1",
    "core.kubefed.io/v1beta1",
    "fed.dev/v1alpha1",
    "FederatedDeployment",
    "FederatedSecret",
    "FederatedNamespace",
    "FederatedTypeConfig",
    "KubeFedCluster",
    "KubeFedConfig",
    "KindDefinition",
    "Propagation",
    "Deployment",
    "Secret",
    "Namespace",
    "shop",
    "rating",
    "us-east",
    "cluster-us",
    "In",
    "Exists",
    "True",
    "Namespaced",
    "Cluster",
    "/metadata",
    "/metadata/labels",
    "/spec/replicas",
    "spec/replicas",
    "//",
    "remove",
    "add",
    "replace",
    "test",
    "move",
    "Disabled",
];

/// Any value at all, mostly of words that mean something.
pub(crate) fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => select(WORDS).prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => "\\PC{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let fields = vec((select(WORDS), inner.clone()), 0..5);
        prop_oneof![
            1 => vec(inner, 0..4).prop_map(Value::from),
            3 => fields.prop_map(|fields| {
                let fields = fields.into_iter().map(|(key, value)| (key.to_owned(), value));
                Value::Object(fields.collect::<Map<_, _>>())
            }),
        ]
    })
}

/// Any value, given what it takes to be looked at as an object.
pub(crate) fn anything_with_a_name() -> impl Strategy<Value = Value> {
    let types = select(vec![
        ("types.kubefed.io/v1beta1", "FederatedDeployment"),
        ("types.kubefed.io/v1beta1", "FederatedSecret"),
        ("types.kubefed.io/v1beta1", "FederatedNamespace"),
        ("core.kubefed.io/v1beta1", "KubeFedCluster"),
        ("core.kubefed.io/v1beta1", "KubeFedConfig"),
        ("core.kubefed.io/v1beta1", "FederatedTypeConfig"),
        (
            "scheduling.kubefed.io/v1alpha1",
            "ReplicaSchedulingPreference",
        ),
        ("fed.dev/v1alpha1", "KindDefinition"),
        ("fed.dev/v1alpha1", "Propagation"),
        ("v1", "Secret"),
        ("v1", "List"),
    ]);
    (
        types,
        select(vec!["shop", "rating", "kubefed"]),
        anything(),
        anything(),
    )
        .prop_map(|((api_version, kind), name, spec, items)| {
            json!({
                "apiVersion": api_version, "kind": kind,
                "metadata": {"name": name, "namespace": "shop"},
                "spec": spec, "items": items,
            })
        })
}
