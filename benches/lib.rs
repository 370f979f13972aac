//! The workloads of the benchmarks: what is measured, made the same way every time.

pub mod decision;
pub mod division;
pub mod floor;
pub mod golden;
pub mod instructions;
pub mod measure;
pub mod ratios;
pub mod workload;

use serde_json::{Value, json};

/// A Deployment as people have them: two containers, 4.8 kB of JSON.
const DEPLOYMENT: &str = include_str!("data/deployment.json");

/// The Deployment that every benchmark federates.
///
/// # Panics
///
/// Never: the text is part of this crate, and its first test.
pub fn deployment() -> Value {
    #[expect(clippy::unwrap_used, reason = "the text is part of this crate")]
    serde_json::from_str(DEPLOYMENT).unwrap()
}

/// The name of the cluster of that number.
pub fn cluster_name(number: usize) -> String {
    format!("member-{number:05}")
}

/// The Deployment as a FederatedDeployment in the first so many clusters: each has its own image
/// and number of replicas.
pub fn federated_deployment(clusters: usize) -> Value {
    let template = deployment();
    let part = |path| template.pointer(path).cloned().unwrap_or_default();
    let metadata = json!({"labels": part("/metadata/labels")});
    let names = (0..clusters).map(|number| json!({"name": cluster_name(number)}));
    let overrides = (0..clusters).map(|number| {
        json!({
            "clusterName": cluster_name(number),
            "clusterOverrides": [
                {"path": "/spec/replicas", "value": number % 7},
                {"path": "/spec/template/spec/containers/0/image", "value": "eu.example.net/a:1"},
            ],
        })
    });
    json!({
        "apiVersion": "types.kubefed.io/v1beta1",
        "kind": "FederatedDeployment",
        "metadata": {"name": "checkout-api", "namespace": "shop-prod"},
        "spec": {
            "template": {"metadata": metadata, "spec": part("/spec")},
            "placement": {"clusters": names.collect::<Vec<_>>()},
            "overrides": overrides.collect::<Vec<_>>(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deployment_is_the_one_that_others_were_measured_with() {
        assert_eq!(DEPLOYMENT.len(), 4821);
        assert!(deployment()["spec"]["template"]["spec"]["containers"][1].is_object());
    }
}
