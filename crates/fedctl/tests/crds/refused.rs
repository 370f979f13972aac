//! Is everything refused that cannot be?

use fed_testkit::assets_or_skip;
use serde_json::{Value, json};

use crate::server::{fixtures, message, server, store};

/// A kind, a JSON Merge Patch that spoils its manifest, and what the server says of it.
fn spoiled_federated() -> Vec<(&'static str, Value, &'static str)> {
    let placement = |placement: Value| json!({"spec": {"placement": placement}});
    let overrides = |entries: Value| json!({"spec": {"overrides": entries}});
    vec![
        (
            "FederatedDeployment",
            json!({"spec": null}),
            "spec: Required value",
        ),
        (
            "FederatedDeployment",
            json!({"spec": {"template": "x"}}),
            "spec.template",
        ),
        (
            "FederatedDeployment",
            json!({"spec": {"retainReplicas": "yes"}}),
            "spec.retainReplicas",
        ),
        (
            "FederatedDeployment",
            json!({"spec": {"replica": 1}}),
            "unknown field \"spec.replica\"",
        ),
        (
            "FederatedSecret",
            json!({"spec": {"retainReplicas": true}}),
            "unknown field \"spec.retainReplicas\"",
        ),
        (
            "FederatedDeployment",
            placement(json!({"clusters": ["a"]})),
            "spec.placement.clusters[0]",
        ),
        (
            "FederatedDeployment",
            placement(json!({"clusters": [{}]})),
            "clusters[0].name: Required value",
        ),
        (
            "FederatedDeployment",
            placement(json!({"clusters": [{"name": "a", "replicas": "3"}]})),
            "clusters[0].replicas",
        ),
        (
            "FederatedDeployment",
            placement(json!({"clusters": [{"name": "a", "replicas": -1}]})),
            "greater than or equal to 0",
        ),
        (
            "FederatedDeployment",
            placement(json!({"clusters": [{"name": "a", "replicas": 3_000_000_000_u32}]})),
            "clusters[0].replicas",
        ),
        (
            "FederatedDeployment",
            placement(json!({"clusters": {"name": "a"}})),
            "spec.placement.clusters",
        ),
        (
            "FederatedDeployment",
            overrides(json!([{"clusterName": "a"}, {"clusterName": "a"}])),
            "Duplicate value",
        ),
        (
            "FederatedDeployment",
            overrides(json!([{"clusterOverrides": [{"op": "move", "path": "/a"}]}])),
            "should match",
        ),
        (
            "FederatedDeployment",
            overrides(json!([{"clusterOverrides": [{"op": "add"}]}])),
            "path: Required value",
        ),
    ]
}

/// The same, of the fixed kinds.
fn spoiled_fixed() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        (
            "KubeFedCluster",
            json!({"spec": {"apiEndpoint": null}}),
            "spec.apiEndpoint: Required value",
        ),
        (
            "KubeFedCluster",
            json!({"spec": {"secretRef": {"name": null}}}),
            "secretRef.name: Required value",
        ),
        (
            "KubeFedCluster",
            json!({"spec": {"caBundle": "###"}}),
            "spec.caBundle",
        ),
        (
            "KubeFedCluster",
            json!({"spec": {"disabledTLSValidations": ["All"]}}),
            "Unsupported value",
        ),
        (
            "KubeFedConfig",
            json!({"spec": {"scope": "Everywhere"}}),
            "spec.scope: Unsupported value",
        ),
        (
            "KubeFedConfig",
            json!({"spec": {"featureGates": [{"name": "a", "configuration": "Enabled"}, {"name": "a", "configuration": "Disabled"}]}}),
            "Duplicate value",
        ),
        (
            "FederatedTypeConfig",
            json!({"spec": {"propagation": "On"}}),
            "spec.propagation: Unsupported value",
        ),
        (
            "FederatedTypeConfig",
            json!({"spec": {"targetType": {"scope": "namespaced"}}}),
            "targetType.scope: Unsupported value",
        ),
        (
            "ReplicaSchedulingPreference",
            json!({"spec": {"totalReplicas": 3_000_000_000_u32}}),
            "spec.totalReplicas",
        ),
        (
            "ReplicaSchedulingPreference",
            json!({"spec": {"clusters": {"*": {"weight": "1"}}}}),
            "weight",
        ),
    ]
}

fn merge(target: &mut Value, patch: &Value) {
    let (Value::Object(fields), Value::Object(changes)) = (&mut *target, patch) else {
        *target = patch.clone();
        return;
    };
    for (key, change) in changes {
        if change.is_null() {
            fields.remove(key);
        } else {
            merge(fields.entry(key).or_insert(Value::Null), change);
        }
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let assets = assets_or_skip!();
    let client = server(&assets).client();
    let fixtures = fixtures();
    for (kind, patch, expected) in [spoiled_federated(), spoiled_fixed()].concat() {
        let mut object = fixtures[kind].clone();
        object["metadata"]["name"] = "spoiled".into();
        merge(&mut object, &patch);
        let answer = store(client, &object).unwrap_err();
        assert!(
            message(&answer).contains(expected),
            "{kind} {patch}: {answer:?}"
        );
    }
}
