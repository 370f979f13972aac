//! Plans that the tests bring to clusters.

use fed_core::reconcile::{Desired, Options};
use fed_core::{
    Cluster, Division, Fleet, Intent, NamespaceRule, ObjectId, Placement, Plan, World, plan,
};
use serde_json::{Value, json};

pub(crate) const CLUSTERS: [&str; 3] = ["a", "b", "c"];

pub(crate) fn config(value: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "colours", "namespace": "shop"}, "data": {"sky": value},
    })
}

pub(crate) fn deployment(replicas: i64) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "rating", "namespace": "shop"}, "spec": {"replicas": replicas},
    })
}

pub(crate) fn namespace() -> Value {
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}})
}

pub(crate) fn options(change: impl FnOnce(&mut Options)) -> Options {
    let mut options = Options::default();
    change(&mut options);
    options
}

/// An object in these clusters.
pub(crate) fn intent(object: Value, clusters: &[&str], options: Options) -> Intent {
    let rule = match object["kind"].as_str() {
        Some("Namespace") => NamespaceRule::Governs,
        _ => NamespaceRule::Independent,
    };
    Intent::of(object)
        .unwrap()
        .place(Placement::clusters(clusters.iter().copied()))
        .with_namespace_rule(rule)
        .with_options(options)
}

/// Six replicas, divided among these clusters.
pub(crate) fn divided(clusters: &[&str]) -> Intent {
    intent(deployment(1), clusters, Options::default()).divide(Division::of(6))
}

pub(crate) fn planned(intents: &[Intent]) -> Plan {
    let fleet: Fleet = CLUSTERS.map(Cluster::new).into_iter().collect();
    plan(&World::new(intents, &fleet))
}

pub(crate) fn desired(intents: &[Intent]) -> Desired {
    Desired::of(&planned(intents))
}

pub(crate) fn id(object: Value) -> ObjectId {
    Intent::of(object).unwrap().target().clone()
}
