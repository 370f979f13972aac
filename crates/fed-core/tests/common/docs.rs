//! Documents that tests are made of.

// Each test binary uses a part of it, and by value is how documents are put together.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value
)]

use serde_json::{Value, json};

/// A KubeFedCluster that is ready.
pub fn cluster(name: &str, labels: Value) -> Value {
    cluster_in(name, labels, Some("True"))
}

/// A KubeFedCluster with this status of its Ready condition.
pub fn cluster_in(name: &str, labels: Value, ready: Option<&str>) -> Value {
    let mut cluster = json!({
        "apiVersion": "core.kubefed.io/v1beta1",
        "kind": "KubeFedCluster",
        "metadata": {"name": name, "namespace": "kube-federation-system", "labels": labels},
        "spec": {"apiEndpoint": "https://cluster.example.com", "secretRef": {"name": "x"}},
    });
    if let Some(ready) = ready {
        cluster["status"] = json!({"conditions": [{"type": "Ready", "status": ready}]});
    }
    cluster
}

/// Ready clusters without labels.
pub fn clusters<const N: usize>(names: [&str; N]) -> Vec<Value> {
    names.map(|name| cluster(name, json!({}))).to_vec()
}

/// A Federated object in namespace `shop`.
pub fn federated(kind: &str, name: &str, spec: Value) -> Value {
    json!({
        "apiVersion": "types.kubefed.io/v1beta1",
        "kind": kind,
        "metadata": {"name": name, "namespace": "shop"},
        "spec": spec,
    })
}

/// A FederatedNamespace in the namespace of its name.
pub fn namespace(name: &str, placement: Value) -> Value {
    json!({
        "apiVersion": "types.kubefed.io/v1beta1",
        "kind": "FederatedNamespace",
        "metadata": {"name": name, "namespace": name},
        "spec": {"placement": placement},
    })
}

/// The namespace `shop`, placed in every cluster.
pub fn shop() -> Value {
    namespace("shop", json!({"clusterSelector": {}}))
}

/// A placement in these clusters.
pub fn names<const N: usize>(names: [&str; N]) -> Value {
    json!({"clusters": names.map(|name| json!({"name": name})).to_vec()})
}

/// The KubeFedConfig that counts, of this scope.
pub fn config(scope: &str) -> Value {
    json!({
        "apiVersion": "core.kubefed.io/v1beta1",
        "kind": "KubeFedConfig",
        "metadata": {"name": "kubefed", "namespace": "kube-federation-system"},
        "spec": {"scope": scope},
    })
}

/// A FederatedTypeConfig of this name for this target.
pub fn type_config(name: &str, target: Value, federated_kind: &str, propagation: &str) -> Value {
    let scope = target["scope"].clone();
    json!({
        "apiVersion": "core.kubefed.io/v1beta1",
        "kind": "FederatedTypeConfig",
        "metadata": {"name": name, "namespace": "kube-federation-system"},
        "spec": {
            "targetType": target,
            "federatedType": {
                "group": "types.kubefed.io", "version": "v1beta1", "kind": federated_kind,
                "pluralName": federated_kind.to_lowercase() + "s", "scope": scope,
            },
            "propagation": propagation,
        },
    })
}

/// A native Propagation in namespace `shop`.
pub fn propagation(name: &str, spec: Value) -> Value {
    json!({
        "apiVersion": "fed.dev/v1alpha1",
        "kind": "Propagation",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": spec,
    })
}

/// A plain object in namespace `shop`.
pub fn plain(api_version: &str, kind: &str, name: &str) -> Value {
    json!({
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {"name": name, "namespace": "shop"},
    })
}

/// The template of a Deployment with this many replicas.
pub fn deployment(replicas: u32) -> Value {
    json!({
        "metadata": {"labels": {"app": "rating"}},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "rating"}},
            "template": {
                "metadata": {"labels": {"app": "rating"}},
                "spec": {"containers": [{"name": "rating", "image": "example.com/rating:1"}]},
            },
        },
    })
}

/// Three clusters, and a Deployment with more replicas in one of them.
pub fn three_clusters() -> Vec<Value> {
    let mut documents = clusters(["cluster-us", "cluster-eu", "cluster-asia"]);
    documents.push(shop());
    documents.push(federated(
        "FederatedDeployment",
        "rating",
        json!({
            "template": deployment(3),
            "placement": names(["cluster-us", "cluster-eu", "cluster-asia"]),
            "overrides": [{
                "clusterName": "cluster-asia",
                "clusterOverrides": [{"path": "/spec/replicas", "value": 5}],
            }],
        }),
    ));
    documents
}

/// A whole application in two clusters, which nothing but the placements names.
pub fn application() -> Vec<Value> {
    let both = names(["us-east", "eu-west"]);
    let placed = json!({"clusters": [
        {"name": "us-east", "replicas": 3}, {"name": "eu-west", "replicas": 3},
    ]});
    vec![
        namespace("shop", both.clone()),
        federated(
            "FederatedDeployment",
            "app",
            json!({"template": deployment(1), "placement": placed}),
        ),
        federated(
            "FederatedService",
            "app",
            json!({
                "template": {"spec": {"selector": {"app": "rating"}, "ports": [{"port": 80}]}},
                "placement": both,
            }),
        ),
        federated(
            "FederatedIngress",
            "app",
            json!({
                "template": {
                    "metadata": {"annotations": {"example.com/class": "public"}},
                    "spec": {"defaultBackend": {"service": {"name": "app", "port": {"number": 80}}}},
                },
                "placement": both,
            }),
        ),
    ]
}

/// Plain objects and the Propagations that select them, in every way there is.
pub fn propagations() -> Vec<Value> {
    let mut labelled = plain("v1", "ConfigMap", "colours");
    labelled["metadata"]["labels"] = json!({"app": "rating"});
    labelled["data"] = json!({"sky": "blue"});
    let mut rating = plain("apps/v1", "Deployment", "rating");
    rating["spec"] = deployment(2)["spec"].clone();
    let role = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "reader"},
        "rules": [],
    });
    let mut documents = clusters(["us-east", "eu-west"]);
    documents.extend([
        shop(),
        rating,
        labelled,
        role,
        propagation(
            "rating",
            json!({
                "resources": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "rating"}],
                "placement": {"clusters": ["us-east", "eu-west"]},
                "overrides": [{
                    "clusters": ["eu-west"],
                    "patches": [{"op": "replace", "path": "/spec/replicas", "value": 4}],
                }],
            }),
        ),
        propagation(
            "labelled",
            json!({
                "resources": [{
                    "apiVersion": "v1", "kind": "ConfigMap",
                    "labelSelector": {"matchLabels": {"app": "rating"}},
                }],
                "placement": {"clusterSelector": {}},
            }),
        ),
        propagation(
            "reader",
            json!({
                "resources": [{
                    "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
                    "name": "reader",
                }],
                "placement": {"clusters": ["eu-west"]},
            }),
        ),
    ]);
    documents
}
