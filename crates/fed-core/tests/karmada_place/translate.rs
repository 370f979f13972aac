//! What do Karmada's objects say in our types?

use std::collections::BTreeSet;

use fed_core::divide::karmada::Strategy;
use fed_core::place::karmada::{
    Affinity, FeasibleCluster, Request, SpreadBy, SpreadConstraint, Term, is_workload,
};
use fed_core::{Cluster, ClusterFacts, ClusterName, GroupVersionKind, LabelSelector, Topology};
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(crate) fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap_or(0)).unwrap()
}

/// What may be absent.
fn read<T: DeserializeOwned + Default>(value: &Value) -> T {
    match value {
        Value::Null => T::default(),
        value => serde_json::from_value(value.clone()).unwrap(),
    }
}

/// A `Cluster` of Karmada, or what its scheduler keeps of one.
pub(crate) fn cluster(of: &Value) -> Cluster {
    let spec = of.get("spec").unwrap_or(of);
    let name = of.pointer("/metadata/name").unwrap_or(&of["name"]);
    let labels = of.pointer("/metadata/labels").unwrap_or(&Value::Null);
    let mut facts = ClusterFacts::default();
    facts.taints = read(&spec["taints"]);
    facts.served = of.pointer("/status/apiEnablements").map(|list| {
        let kinds = items(list).flat_map(|group| {
            let kinds = items(&group["resources"]).map(|resource| text(&resource["kind"]));
            kinds.map(|kind| format!("{}/{kind}", text(&group["groupVersion"])))
        });
        kinds.collect()
    });
    let topology = Topology::new(text(&spec["provider"]), text(&spec["region"]));
    Cluster::new(text(name))
        .with_labels(read(labels))
        .with_facts(facts)
        .located(topology.in_zones(items(&spec["zones"]).map(text)))
}

/// A cluster with what the scheduler knows of it.
pub(crate) fn feasible<'c>(cluster: &'c Cluster, info: &Value) -> FeasibleCluster<'c> {
    let tier = info["overflowOrder"].as_u64().unwrap_or(0);
    FeasibleCluster::new(cluster)
        .scored(info["score"].as_i64().unwrap_or(0))
        .with_capacity(info["availableReplicas"].as_i64().unwrap_or(0))
        .in_tier(tier.try_into().unwrap())
}

pub(crate) fn affinity(of: &Value) -> Affinity {
    let mut affinity = Affinity::default();
    affinity.label_selector = read::<Option<LabelSelector>>(&of["labelSelector"]);
    affinity.field_selector = read(&of["fieldSelector"]["matchExpressions"]);
    affinity.cluster_names = read(&of["clusterNames"]);
    affinity.exclude = read(&of["exclude"]);
    affinity
}

/// The affinity of a placement; of several the one of this name.
pub(crate) fn term(placement: &Value, observed: &str) -> Term {
    if placement["clusterAffinity"].is_object() {
        return Term::of(affinity(&placement["clusterAffinity"]));
    }
    let mut terms = items(&placement["clusterAffinities"]);
    let Some(of) = terms.find(|term| term["affinityName"] == observed) else {
        return Term::default();
    };
    let overflow = items(&of["overflowAffinities"]);
    overflow.fold(Term::of(affinity(of)), |term, of| {
        term.overflowing(affinity(of))
    })
}

pub(crate) fn spread_constraint(of: &Value) -> SpreadConstraint {
    let by = match text(&of["spreadByField"]) {
        "cluster" => SpreadBy::Cluster,
        "region" => SpreadBy::Region,
        "zone" => SpreadBy::Zone,
        "provider" => SpreadBy::Provider,
        "" => SpreadBy::Label(text(&of["spreadByLabel"]).to_owned()),
        other => panic!("{other}?"),
    };
    SpreadConstraint::new(by, number(&of["minGroups"]), number(&of["maxGroups"]))
}

pub(crate) fn spread(placement: &Value) -> Vec<SpreadConstraint> {
    items(&placement["spreadConstraints"])
        .map(spread_constraint)
        .collect()
}

/// How the replicas of a placement are divided, as far as the selection of clusters goes: it takes
/// static weights for such only where some are written, or nothing about weights at all.
pub(crate) fn strategy(placement: &Value) -> Strategy {
    let scheduling = &placement["replicaScheduling"];
    if scheduling["replicaSchedulingType"] != "Divided" {
        return Strategy::Duplicated;
    }
    if scheduling["replicaDivisionPreference"] != "Weighted" {
        return Strategy::Aggregated;
    }
    match &scheduling["weightPreference"] {
        Value::Null => Strategy::StaticWeights,
        weights => {
            let is_dynamic = !text(&weights["dynamicWeight"]).is_empty();
            let is_listed = items(&weights["staticWeightList"]).next().is_some();
            if is_listed && !is_dynamic {
                Strategy::StaticWeights
            } else {
                Strategy::DynamicWeights
            }
        }
    }
}

fn names(list: &Value, field: &str) -> BTreeSet<ClusterName> {
    let names = items(list).map(|item| text(&item[field]));
    names.map(ClusterName::from).collect()
}

/// What a binding asks of clusters.
pub(crate) fn request(spec: &Value, observed: &str) -> Request {
    let placement = &spec["placement"];
    let resource = &spec["resource"];
    let kind =
        GroupVersionKind::from_api_version(text(&resource["apiVersion"]), text(&resource["kind"]));
    let mut request = Request::of(kind)
        .within(term(placement, observed))
        .spread_by(spread(placement))
        .placed_in(names(&spec["clusters"], "name"))
        .evicted_from(names(&spec["gracefulEvictionTasks"], "fromCluster"));
    request.tolerations = read(&placement["clusterTolerations"]);
    request.workload = is_workload(
        spec["replicas"].as_i64().unwrap_or(0),
        !spec["replicaRequirements"].is_null(),
        items(&spec["components"]).count(),
    );
    request
}
