//! Is what clusters tell put together as Karmada's tests say?

use fed_core::kinds::{Collected, HealthState, is_everywhere};
use serde_json::{Value, json};

use crate::common::{Case, Miss, same, table};
use crate::translate::{alike, unwrapped};

const CLUSTERS: &str = "how clusters are, or when a controller acts: not what objects tell";
const WRITING: &str = "how Karmada writes a status and its own Work objects, in Go";
const NO_JSON: &str = "bytes that are no JSON, which do not come this far";

#[test]
fn karmada_status() {
    table!("karmada_status").run(run);
}

fn run(case: &Case<'_>) -> Result<(), Miss> {
    let Some(suite) = case.group.strip_prefix("workstatus/") else {
        return Err(Miss::LeftOut(CLUSTERS));
    };
    match suite {
        "TestAggregateResourceBindingWorkStatus"
        | "TestAggregateClusterResourceBindingWorkStatus" => arrived(case),
        "TestAssembleWorkStatus" => assembled(case),
        "TestWorksFullyApplied" => {
            let args = case.get("args");
            let collected = args["aggregatedStatuses"].as_array().into_iter().flatten();
            let collected: Vec<_> = collected
                .map(|item| {
                    let status = if item["applied"] == true {
                        "True"
                    } else {
                        "False"
                    };
                    let name = item["clusterName"].as_str().unwrap();
                    Collected::new(name).applied(&json!({"status": status}))
                })
                .collect();
            let wanted = args["targetClusters"].as_array().into_iter().flatten();
            let found = is_everywhere(&collected, wanted.filter_map(Value::as_str));
            same("everywhere", &Some(found), &case.get("want").as_bool())
        }
        "TestBuildStatusRawExtension" | "TestEqualIdentifier" => Err(Miss::LeftOut(WRITING)),
        other => Err(format!("no translation for {other}").into()),
    }
}

/// What a table's Works tell of the one object that is in them, by cluster.
fn collected(works: &Value) -> Result<Vec<Collected>, Miss> {
    let mut all = Vec::new();
    for work in works.as_array().into_iter().flatten() {
        if work["spec"]["workload"]["manifests"][0]["$rawtext"].is_string() {
            return Err(Miss::LeftOut(NO_JSON));
        }
        if work["metadata"]["deletionTimestamp"].is_string() {
            continue;
        }
        let namespace = work["metadata"]["namespace"].as_str().unwrap();
        let cluster = namespace.strip_prefix("karmada-es-").unwrap();
        let mut one = Collected::new(cluster);
        let conditions = work["status"]["conditions"].as_array();
        let is_applied = |condition: &&Value| condition["type"] == "Applied";
        if let Some(condition) = conditions.into_iter().flatten().find(is_applied) {
            one = one.applied(condition);
        }
        if let Some(manifest) = work.pointer("/status/manifestStatuses/0") {
            let status = manifest.get("status").map(unwrapped);
            let health = serde_json::from_value(manifest["health"].clone());
            one = one.seen(status, health.unwrap_or(HealthState::Unknown));
        }
        all.push(one);
    }
    all.sort_by(|one, other| one.cluster_name.cmp(&other.cluster_name));
    Ok(all)
}

fn arrived(case: &Case<'_>) -> Result<(), Miss> {
    let collected = collected(case.get("works"))?;
    let wanted = case.get("binding")["spec"]["clusters"].as_array();
    let wanted = wanted.into_iter().flatten();
    let wanted = wanted.filter_map(|cluster| cluster["name"].as_str());
    let status = if is_everywhere(&collected, wanted) {
        "True"
    } else {
        "False"
    };
    same("applied everywhere", &status, &case.text("expectedStatus"))
}

fn assembled(case: &Case<'_>) -> Result<(), Miss> {
    let collected = collected(case.get("works"))?;
    let found = serde_json::to_value(collected).unwrap();
    alike("collected", &found, case.get("expectedItems"))
}
