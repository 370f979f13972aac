//! Do overrides do to an object what they do in KubeFed?

mod common;

use common::{Case, Miss, check, same, same_value, table};
use fed_core::customize::OverrideSet;
use fed_core::customize::kubefed::override_set;
use fed_core::{Cluster, ClusterName, Code, Location, Problem};
use serde_json::Value;

#[test]
fn the_table_of_overrides_holds() {
    table!("kubefed_overrides").run(|case| match case.group {
        "derivedApply" => applies(case),
        "unitReplicaOverrideMap" => Err(Miss::LeftOut("belongs to the scheduling of replicas")),
        "e2eFixtures" => Err(Miss::LeftOut("holds inputs only")),
        other => Err(Miss::Wrong(format!("no test runs the group {other}"))),
    });
}

fn applies(case: &Case<'_>) -> Result<(), Miss> {
    let cluster = ClusterName::from(case.text("cluster"));
    let set = read(case.get("overrides"));
    let result = applied(&set, &cluster, case.get("object"))?;
    match case.text("stage") {
        "ok" => is(&result, case.get("result")),
        "no-overrides-for-cluster" => {
            same(
                "empty for the cluster",
                &set.is_empty_for(&Cluster::new(cluster)),
                &true,
            )?;
            is(&result, case.get("object"))
        }
        "apply" => {
            same("faults", &set.faults(), &Vec::<Problem>::new())?;
            same("code", &code(&result), &Some(Code::OverrideFailed))
        }
        "parse" => stops_only_the_cluster_at_fault(case, &set, &cluster, &result),
        other => Err(Miss::Wrong(format!("unknown stage {other}"))),
    }
}

/// KubeFed stops every cluster for one bad entry; here only the one that it names is stopped.
fn stops_only_the_cluster_at_fault(
    case: &Case<'_>,
    set: &OverrideSet,
    cluster: &ClusterName,
    result: &Result<Value, Problem>,
) -> Result<(), Miss> {
    let stopped = Some(Code::InvalidOverride);
    let Some(at_fault) = quoted_cluster(case.text("error")) else {
        // A fault of types, for which KubeFed names no cluster.
        let faults = set.faults();
        check(!faults.is_empty(), || "no fault is listed".to_owned())?;
        let own = |fault: &Problem| fault.cluster.as_ref().is_none_or(|name| name == cluster);
        let expected = faults.iter().any(own).then_some(Code::InvalidOverride);
        return same("code", &code(result), &expected);
    };
    if at_fault == *cluster {
        check(!set.faults().is_empty(), || "no fault is listed".to_owned())?;
        return same("code", &code(result), &stopped);
    }
    let other = applied(set, &at_fault, case.get("object"))?;
    if !at_fault.as_str().is_empty() {
        same("code of the cluster at fault", &code(&other), &stopped)?;
    }
    let own = entries_of(case.get("overrides"), cluster);
    let alone = applied(&read(&own), cluster, case.get("object"))?;
    match alone {
        Ok(alone) => is(result, &alone),
        Err(problem) => Err(Miss::Wrong(format!("fails on its own: {problem}"))),
    }
}

fn read(overrides: &Value) -> OverrideSet {
    override_set(Some(overrides), &Location::in_code(), "/spec/replicas", &[])
}

/// The object with the overrides applied; it must be as before where they fail.
fn applied(
    set: &OverrideSet,
    cluster: &ClusterName,
    object: &Value,
) -> Result<Result<Value, Problem>, Miss> {
    let mut changed = object.clone();
    let result = set.apply(&Cluster::new(cluster.clone()), &mut changed);
    if let Err(problem) = result {
        same("object after a failure", &changed, object)?;
        same(
            "cluster of the problem",
            &problem.cluster.as_ref(),
            &Some(cluster),
        )?;
        return Ok(Err(problem));
    }
    Ok(Ok(changed))
}

fn is(result: &Result<Value, Problem>, expected: &Value) -> Result<(), Miss> {
    match result {
        Ok(found) => check(same_value(found, expected), || {
            format!("found {found}, expected {expected}")
        }),
        Err(problem) => Err(Miss::Wrong(format!("fails: {problem}"))),
    }
}

fn code(result: &Result<Value, Problem>) -> Option<Code> {
    result.as_ref().err().map(|problem| problem.code)
}

fn quoted_cluster(error: &str) -> Option<ClusterName> {
    let (_, rest) = error.split_once("cluster \"")?;
    let (name, _) = rest.split_once('"')?;
    Some(name.into())
}

fn entries_of(overrides: &Value, cluster: &ClusterName) -> Value {
    let entries = overrides.as_array().into_iter().flatten();
    let own = entries.filter(|entry| entry["clusterName"] == cluster.as_str());
    own.cloned().collect()
}
