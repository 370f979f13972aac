//! The table of the scheduler's plugins.

use std::collections::BTreeSet;

use fed_core::place::karmada::{Refusal, Request, locality};
use fed_core::{Cluster, ClusterName, GroupVersionKind};
use serde_json::{Value, json};

use crate::common::{Case, Miss, check, same, table};
use crate::translate::{self, items, text};

const BOOKKEEPING: &str = "how eviction changes what was placed, not which clusters are chosen";
const LOOK_UP: &str = "what a list says of a cluster, without a decision";
const SUSPENDED: &str = "when to schedule, not where";
const NODES: &str = "which nodes of a cluster have room, not which clusters are chosen";

#[test]
fn karmada_scheduler_plugins() {
    table!("karmada_scheduler_plugins").run(|case| match case.group {
        "api_enablement/TestAPIEnablement_Filter"
        | "cluster_affinity/TestClusterAffinity_Filter"
        | "cluster_eviction/TestClusterEviction_Filter"
        | "spread_constraint/TestSpreadConstraint_Filter"
        | "taint_toleration/TestTaintToleration_Filter" => filtered(case),
        "cluster_locality/TestClusterLocality_Score" => {
            let cluster = translate::cluster(case.get("cluster"));
            let request = translate::request(case.get("bindingSpec"), "");
            let found = request
                .feasible(&cluster)
                .map_err(|refusal| refusal.to_string());
            same("score", &json!(found?.score), case.get("expectedScore"))
        }
        "cluster_helper/TestAPIEnablement" => served(case),
        "binding_types_helper/TestResourceBindingSpec_TargetContains" => {
            let names = items(&case.get("spec")["clusters"]).map(|of| text(&of["name"]));
            let targets: BTreeSet<ClusterName> = names.map(ClusterName::from).collect();
            let found = locality(&Cluster::new(case.text("clusterName")), &targets) > 0;
            same("is a target", &json!(found), case.get("expect"))
        }
        "binding_types_helper/TestResourceBindingSpec_ClusterInGracefulEvictionTasks" => {
            let request = translate::request(case.get("inputSpec"), "");
            let cluster = Cluster::new(case.text("targetCluster"));
            let found = request.feasible(&cluster) == Err(Refusal::Evicted);
            same("is evicted", &json!(found), case.get("expect"))
        }
        "binding_types_helper/TestResourceBindingSpec_AssignedReplicasForCluster" => {
            Err(Miss::LeftOut(LOOK_UP))
        }
        "binding_types_helper/TestResourceBindingSpec_IsWorkload" => {
            let request = translate::request(case.get("spec"), "");
            same("is a workload", &json!(request.workload), case.get("want"))
        }
        "binding_types_helper/TestResourceBindingSpec_RemoveCluster"
        | "binding_types_helper/TestResourceBindingSpec_GracefulEvictCluster" => {
            Err(Miss::LeftOut(BOOKKEEPING))
        }
        "binding_types_helper/TestResourceBindingSpec_SchedulingSuspended" => {
            Err(Miss::LeftOut(SUSPENDED))
        }
        "nodeaffinity/TestNodeSelectorRequirementsAsSelector/tc" => Err(Miss::LeftOut(NODES)),
        other => Err(format!("no translation for {other}").into()),
    });
}

/// A case tests one filter; the others have nothing to say in it.
fn filtered(case: &Case<'_>) -> Result<(), Miss> {
    let filter = case.group.split_once('/').unwrap().0;
    let cluster = match filter {
        "api_enablement" => telling_what_it_serves(case),
        _ => translate::cluster(case.get("cluster")),
    };
    let observed = ["bindingStatus", "status"]
        .map(|status| text(&case.get(status)["schedulerObservingAffinityName"]))
        .concat();
    let observed = observed.as_str();
    let request = translate::request(case.get("bindingSpec"), observed);
    let refusal = request.feasible(&cluster).err();
    let expected = case.get("expectedCode") != 0;
    check(refusal.is_some() == expected, || {
        format!("found {refusal:?}, expected a refusal: {expected}")
    })?;
    let Some(refusal) = refusal else {
        return Ok(());
    };
    let of_the_filter = match filter {
        "api_enablement" => matches!(refusal, Refusal::NotServed(_)),
        "cluster_affinity" => matches!(refusal, Refusal::NotMeant(_)),
        "cluster_eviction" => refusal == Refusal::Evicted,
        "spread_constraint" => matches!(refusal, Refusal::Unlocated(_)),
        "taint_toleration" => matches!(refusal, Refusal::Tainted(_)),
        other => return Err(format!("no filter {other}").into()),
    };
    check(of_the_filter, || format!("found {refusal:?}"))
}

/// The cluster of a case about what clusters serve: where it tells nothing, it serves nothing.
fn telling_what_it_serves(case: &Case<'_>) -> Cluster {
    let cluster = translate::cluster(case.get("cluster"));
    let mut facts = cluster.facts().clone();
    facts.served.get_or_insert_default();
    cluster.with_facts(facts)
}

/// What is not known to be served counts as not served, so that there are two answers only.
fn served(case: &Case<'_>) -> Result<(), Miss> {
    let gvk = case.get("gvk");
    let gvk = GroupVersionKind::new(
        text(&gvk["group"]),
        text(&gvk["version"]),
        text(&gvk["kind"]),
    );
    let cluster = telling_what_it_serves(case);
    let request = Request::of(gvk);
    let found = request.feasible(&cluster);
    match (case.get("expected"), found) {
        (Value::String(expected), Ok(_)) if expected == "APIEnabled" => Ok(()),
        (Value::String(expected), Err(Refusal::NotServed(_)))
            if expected == "APIDisabled" || expected == "APIUnknown" =>
        {
            Ok(())
        }
        (expected, found) => Err(format!("found {found:?}, expected {expected}").into()),
    }
}
