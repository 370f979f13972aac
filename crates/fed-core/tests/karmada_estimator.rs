//! Is room counted as the tests of Karmada say? Its input is translated here.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "clippy allows these in test functions, but not in what they share"
)]

mod common;

use common::{Case, Miss, same, table};
use fed_core::capacity::karmada::{
    Component, Quota, Summary, descheduled, requests, sets_on_nodes,
};
use fed_core::capacity::{Capacity, Demand, Resources, Survey, is_unschedulable, unschedulable};
use fed_core::{LabelSelector, Location, Problem};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize as _;
use serde_json::{Value, json};

/// What Karmada answers where there is no limit.
const NO_LIMIT: i64 = i32::MAX as i64;

const PLUGINS: &str = "how results of plugins are put together, with codes of Go";
const BINDINGS: &str = "which bindings are descheduled, and what their status says";
const NODES: &str = "the sizes of its nodes are not in the table";
const POINTER: &str = "what methods of Go do without an object";
const CLONE: &str = "copying an object of Go";
const KINDS: &str = "a kind whose pods Karmada does not count; here a selector is all it takes";
const SWITCH: &str = "a switch that turns an estimator off";

#[test]
fn karmada_estimator() {
    table!("karmada_estimator").run(run);
}

fn run(case: &Case<'_>) -> Result<(), Miss> {
    let (suite, test) = case.group.split_once('/').unwrap_or((case.group, ""));
    match suite {
        "general" => general(case, test),
        "scheduling_simulator_components" => Err(Miss::LeftOut(NODES)),
        "replica" => waiting(case, test),
        "server" => on_nodes(case),
        "noderesource" => sets_of_nodes(case),
        "resourcequota" => quotas(case, test),
        "resource" => amounts(case, test),
        "framework" => Err(Miss::LeftOut(PLUGINS)),
        "filter" | "helper" => Err(Miss::LeftOut(BINDINGS)),
        "descheduler" => descheduler(case),
        other => Err(format!("no translation for {other}").into()),
    }
}

fn general(case: &Case<'_>, test: &str) -> Result<(), Miss> {
    let assumed = assumed(case.get("assumedWorkloads"))?;
    match test {
        "TestMaxAvailableReplicas" => {
            let clusters = case.get("clusters").as_array().unwrap();
            let targets = case.get("expectedTargets").as_array().unwrap();
            same("clusters", &clusters.len(), &targets.len())?;
            for (cluster, target) in clusters.iter().zip(targets) {
                let name = cluster["metadata"]["name"].as_str().unwrap_or_default();
                let by_name = case.get("assumedWorkloads").get(name);
                let assumed = self::assumed(by_name.unwrap_or(&Value::Null))?;
                let found = replicas(cluster, case.get("replicaRequirements"), &assumed)?;
                same("replicas", &found, &number(&target["replicas"]))?;
            }
            Ok(())
        }
        "TestMaxAvailableReplicasGeneral" => {
            let found = replicas(
                case.get("cluster"),
                case.get("replicaRequirements"),
                &assumed,
            )?;
            same("replicas", &found, &number(case.get("expected")))
        }
        "TestGetMaxAvailableComponentSetsGeneral"
        | "TestMaxAvailableComponentSets_AssumedWorkloadDeduction" => {
            let set = components(case.get("components"))?;
            let summary = summary(case.get("cluster"))?;
            let found = summary.map_or(0, |summary| summary.sets(&set, &assumed));
            same("sets", &found, &number(case.get("expected")))
        }
        "TestGetMaximumReplicasBasedOnResourceModels" => {
            let one = [Component::new(1, demand(case.get("replicaRequirements"))?)];
            on_grades(case, &one, &assumed, NO_LIMIT, "expectedReplicas")
        }
        "TestGetMaximumSetsBasedOnResourceModels" => {
            let set = components(case.get("components"))?;
            let most = number(case.get("upperBound"));
            on_grades(case, &set, &assumed, most, "expectedSets")
        }
        "TestDeductAssumedWorkloadsFromSummary" => {
            let before = resources(&case.get("summary")["allocating"])?;
            let found = before.plus(&requests(assumed.iter().flatten()));
            same(
                "allocating",
                &found,
                &resources(case.get("wantAllocating"))?,
            )
        }
        "TestGetAllowedPodNumber" => {
            let found = replicas(&of_summary(case), &Value::Null, &[])?;
            same("pods", &found, &number(case.get("expected")))
        }
        "TestGetMaximumReplicasBasedOnClusterSummary" => {
            // It asks for the resources beside the pods.
            let summary = summary(&of_summary(case))?.unwrap_or_default();
            let wanted = demand(case.get("replicaRequirements"))?.requests;
            let found = summary.free.fits(&wanted.with("pods", 0));
            same("replicas", &found, &number(case.get("expected")))
        }
        other => Err(format!("no translation for {other}").into()),
    }
}

fn on_grades(
    case: &Case<'_>,
    set: &[Component],
    assumed: &[Vec<Component>],
    most: i64,
    expected: &str,
) -> Result<(), Miss> {
    let summary = summary(case.get("cluster"))?.unwrap_or_default();
    let found = summary.sets_on_grades(set, assumed, most);
    if case.get("expectError") == true {
        return same("sets", &found, &None);
    }
    same("sets", &found, &Some(number(case.get(expected))))
}

fn replicas(cluster: &Value, wanted: &Value, assumed: &[Vec<Component>]) -> Result<i64, Miss> {
    let demand = Some(wanted).filter(|wanted| !wanted.is_null()).map(demand);
    let demand = demand.transpose()?;
    let summary = summary(cluster)?;
    Ok(summary.map_or(0, |summary| summary.replicas(demand.as_ref(), assumed)))
}

fn summary(cluster: &Value) -> Result<Option<Summary>, Miss> {
    Summary::of_cluster(cluster).map_err(wrong)
}

fn of_summary(case: &Case<'_>) -> Value {
    json!({"status": {"resourceSummary": case.get("resourceSummary")}})
}

fn waiting(case: &Case<'_>, test: &str) -> Result<(), Miss> {
    let now = Timestamp::now();
    let threshold = SignedDuration::from_nanos(number(case.get("threshold")));
    if test == "TestPodUnschedulable" {
        let pod = timed(case.get("pod"), now);
        let found = is_unschedulable(&pod, threshold, now);
        return same("waits", &json!(found), case.get("expected"));
    }
    if case.get("expectError") == true {
        return Err(Miss::LeftOut(KINDS));
    }
    let selector = LabelSelector::deserialize(&case.get("workload")["spec"]["selector"]);
    let selector = selector.map_err(|error| error.to_string())?;
    let pods = timed(case.get("pods"), now);
    let pods = pods.as_array().into_iter().flatten();
    let found = unschedulable(pods, &selector, threshold, now);
    same("waiting", &json!(found), case.get("expected"))
}

/// The same, with times where the table says how many seconds from now they are.
fn timed(value: &Value, now: Timestamp) -> Value {
    match value {
        Value::Object(fields) => match fields.get("$now_plus_seconds").and_then(Value::as_i64) {
            Some(seconds) => json!(now + SignedDuration::from_secs(seconds)),
            None => fields
                .iter()
                .map(|(key, value)| (key.clone(), timed(value, now)))
                .collect(),
        },
        Value::Array(items) => items.iter().map(|item| timed(item, now)).collect(),
        other => other.clone(),
    }
}

fn on_nodes(case: &Case<'_>) -> Result<(), Miss> {
    let (nodes, pods): (Vec<Value>, Vec<Value>) = (case.get("objs").as_array().unwrap().iter())
        .cloned()
        .partition(|object| object["status"].get("allocatable").is_some());
    let capacity = capacity(&nodes, &pods)?;
    let demand = demand(&case.get("args")["request"]["replicaRequirements"]);
    if case.get("wantErr") == true {
        return same("a refusal", &demand.is_err(), &true);
    }
    let expected = number(&case.get("wantResponse")["maxReplicas"]);
    same("replicas", &capacity.room(&demand?), &expected)
}

fn sets_of_nodes(case: &Case<'_>) -> Result<(), Miss> {
    if case.get("enabled") == false {
        return Err(Miss::LeftOut(SWITCH));
    }
    let list = |name| case.get(name).as_array().cloned().unwrap_or_default();
    let capacity = capacity(&list("nodes"), &list("pods"))?;
    let set = components(case.get("components"))?;
    let assumed = assumed(case.get("assumedWorkloads"))?;
    let found = sets_on_nodes(&capacity, &set, &assumed, NO_LIMIT);
    same("sets", &found, &number(case.get("expected")))
}

/// Nodes as Karmada sees them: it does not ask whether they are ready, or cordoned off.
fn capacity(nodes: &[Value], pods: &[Value]) -> Result<Capacity, Miss> {
    let ready = nodes.iter().map(|node| {
        let mut node = node.clone();
        node["status"]["conditions"] = json!([{"type": "Ready", "status": "True"}]);
        node
    });
    let ready: Vec<Value> = ready.collect();
    let mut survey = Survey::default();
    survey.classes = usize::MAX;
    let (capacity, problems) = survey.take(&ready, pods);
    problems
        .into_iter()
        .next()
        .map_or(Ok(capacity), |problem| Err(wrong(problem)))
}

fn quotas(case: &Case<'_>, test: &str) -> Result<(), Miss> {
    if case.get("enabled") == false {
        return Err(Miss::LeftOut(SWITCH));
    }
    let wanted = case.get("replicaRequirements");
    let (namespace, set) = if test == "TestResourceQuotaEstimatorPlugin" {
        let one = json!([{"replicas": 1, "replicaRequirements": wanted}]);
        (wanted["namespace"].as_str(), components(&one)?)
    } else {
        let namespace = case.get("namespace").as_str();
        (namespace, components(case.get("components"))?)
    };
    let namespace = namespace.unwrap_or_default();
    let here = case
        .get("assumedWorkloads")
        .as_array()
        .into_iter()
        .flatten();
    let here = here.filter(|workload| workload["namespace"] == namespace);
    let assumed = assumed(&here.cloned().collect())?;
    let quotas = case
        .get("resourceQuotaList")
        .as_array()
        .into_iter()
        .flatten();
    let mut least = NO_LIMIT;
    for quota in quotas.filter(|quota| quota["metadata"]["namespace"] == namespace) {
        let quota = Quota::of_object(quota).map_err(wrong)?;
        let sets = quota.sets(&set, &assumed);
        least = least.min(sets.unwrap_or(NO_LIMIT));
    }
    same("replicas", &least, &number(&case.get("expect")["replica"]))
}

fn amounts(case: &Case<'_>, test: &str) -> Result<(), Miss> {
    let args = case.get("args");
    let listed = || resources(&args["rl"]);
    let wanted = || resource(case.get("want"));
    if matches!(
        test,
        "TestResource_SubResource" | "TestResource_SetMaxResource"
    ) && args["r"].is_null()
    {
        return Err(Miss::LeftOut(POINTER));
    }
    match test {
        "TestNewResource" => same("resources", &resources(case.get("rl"))?, &wanted()),
        "TestResource_SubResource" => {
            let found = resource(&args["r"]).without(&resource(&args["rr"]));
            same("resources", &found, &wanted())
        }
        "TestResource_SetMaxResource" => {
            let found = resource(&args["r"]).or_more(&listed()?);
            same("resources", &found, &wanted())
        }
        "TestResource_ResourceList" => {
            let found = json!(resource(case.get("resource")));
            // Go has no list where there is nothing in it.
            let expected = Some(case.get("want")).filter(|want| !want.is_null());
            same("list", &found, &expected.cloned().unwrap_or(json!({})))
        }
        "TestResource_MaxDivided" => {
            let found = resource(&args["r"]).fits(&listed()?);
            same("times", &found, &number(case.get("want")))
        }
        "TestResource_AddPodTemplateRequest" => {
            let found = Resources::of_pod_spec(&args["podSpec"], &Location::in_code());
            let found = resource(&args["r"]).plus(&found.map_err(wrong)?);
            same("resources", &found, &wanted())
        }
        "TestResource_Clone" => Err(Miss::LeftOut(CLONE)),
        other => Err(format!("no translation for {other}").into()),
    }
}

fn descheduler(case: &Case<'_>) -> Result<(), Miss> {
    let args = case.get("args");
    let of = |list: &str, name: &Value| {
        let targets = args[list].as_array().into_iter().flatten();
        let mut targets = targets.filter(|target| target["name"] == *name);
        targets
            .next()
            .map_or(0, |target| number(&target["replicas"]))
    };
    let targets = args["target"].as_array().into_iter().flatten();
    let found = targets.map(|target| {
        let name = &target["name"];
        let ready = of("status", name);
        let left = descheduled(
            number(&target["replicas"]),
            ready,
            of("unschedulable", name),
        );
        json!({"name": name, "replicas": left})
    });
    same(
        "targets",
        &found.collect::<Value>(),
        case.get("wantResponse"),
    )
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or(0)
}

fn wrong(problem: Problem) -> Miss {
    Miss::Wrong(problem.message)
}

fn resources(list: &Value) -> Result<Resources, Miss> {
    Resources::of_list(list, &Location::in_code()).map_err(wrong)
}

/// Karmada's own way to write resources.
fn resource(of: &Value) -> Resources {
    let common = Resources::new(number(&of["milliCPU"]), number(&of["memory"]))
        .with("ephemeral-storage", number(&of["ephemeralStorage"]))
        .with("pods", number(&of["allowedPodNumber"]));
    let scalars = of["scalarResources"].as_object().into_iter().flatten();
    scalars.fold(common, |all, (name, amount)| all.with(name, number(amount)))
}

/// The requirements of a replica, as the template of a pod that has them.
fn demand(requirements: &Value) -> Result<Demand, Miss> {
    let claim = &requirements["nodeClaim"];
    let required = "requiredDuringSchedulingIgnoredDuringExecution";
    let template = json!({"spec": {
        "nodeSelector": claim["nodeSelector"],
        "tolerations": claim["tolerations"],
        "affinity": {"nodeAffinity": {required: claim["nodeAffinity"]}},
        "containers": [{"resources": {"requests": requirements["resourceRequest"]}}],
    }});
    Demand::of_pod_template(&template).map_err(wrong)
}

fn components(list: &Value) -> Result<Vec<Component>, Miss> {
    let list = list.as_array().into_iter().flatten();
    let components = list.map(|component| {
        let requirements = &component["replicaRequirements"];
        let priority = requirements["priorityClassName"]
            .as_str()
            .unwrap_or_default();
        let demand = demand(requirements)?;
        Ok(Component::new(number(&component["replicas"]), demand).of_priority(priority))
    });
    components.collect()
}

fn assumed(workloads: &Value) -> Result<Vec<Vec<Component>>, Miss> {
    let workloads = workloads.as_array().into_iter().flatten();
    workloads
        .map(|workload| components(&workload["components"]))
        .collect()
}
