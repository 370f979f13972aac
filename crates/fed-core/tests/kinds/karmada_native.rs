//! Do the kinds of Kubernetes do what Karmada's tests say, where Karmada's rules are asked for?

use std::sync::Arc;

use fed_core::kinds::{ClusterStatus, DeclaredKind, Kind, Manners, Needed, Retention, Scope};
use fed_core::{GroupVersionKind, Pointer};
use serde_json::{Value, json};

use crate::common::{Case, Miss, check, same, table};
use crate::translate::{
    aggregated, alike, kind, kind_of, lax, names_in, names_of, unless_refused, unwrapped,
};

const ROUTING: &str = "which of Karmada's functions is called, in Go";
const GO: &str = "a value of Go that JSON cannot tell from a good one";
const PARTIAL: &str = "the table has not all of the case";
const ERRORS: &str = "errors of ports that the table gives without their texts";
const NEEDS: &str = "what a pod asks of a node and of a quota, which estimating room asks for";
const MAKING: &str = "how Karmada makes a Pod of a template, in Go";
const SEARCH: &str = "how Karmada looks for a condition, in Go: its answers are tested with health";
const METADATA: &str = "metadata that every kind has: reading documents takes it out";
const IMPORTS: &str = "a kind that is not built in: Services derived from ServiceImports";

#[test]
fn karmada_interpreter_native() {
    table!("karmada_interpreter_native").run(run);
}

fn run(case: &Case<'_>) -> Result<(), Miss> {
    if case.get("partial") == true {
        return Err(Miss::LeftOut(PARTIAL));
    }
    let (part, test) = case.group.split_once('/').unwrap();
    match (part, test) {
        ("default", _) | (_, "Test_getAllDefaultReflectStatusInterpreter") => {
            Err(Miss::LeftOut(ROUTING))
        }
        ("replica", _) => replicas(case),
        ("revisereplica", _) => revised(case),
        ("retain", "TestRetainHealthCheckNodePortInServiceFields") => {
            let expected = case.get("expectedValue");
            kept_in(
                "Service",
                case,
                "clusterObj",
                &[("/spec/healthCheckNodePort", expected)],
            )
        }
        ("retain", "TestRetainClusterIPInServiceFields") => {
            let expected = case.get("expectedClusterIPValue");
            kept_in(
                "Service",
                case,
                "clusterObj",
                &[("/spec/clusterIP", expected)],
            )
        }
        ("retain", "TestRetainServiceAccountFields") => {
            let secrets = ("/secrets", case.get("expectedSecretsValue"));
            let pulls = (
                "/imagePullSecrets",
                case.get("expectedImagePullSecretsValue"),
            );
            kept_in("ServiceAccount", case, "observedObj", &[secrets, pulls])
        }
        ("retain", test) => retained(case, test),
        ("aggregatestatus", _) => aggregate(case),
        ("reflectstatus", test) => reflected(case, test),
        ("healthy", test) => {
            let kind = named(test, "Test_interpret", "Health")?;
            let health = kind.health(case.get("object"), Manners::Karmada);
            let expected = case.get("want") == true;
            same("healthy", &health.is_healthy(), &expected)
        }
        (_, "Test_getServiceImportDependencies") => Err(Miss::LeftOut(IMPORTS)),
        ("dependencies", test) => {
            let kind = named(test, "Test_get", "Dependencies")?;
            let found = names_of(kind.as_ref(), case.get("object"));
            same("dependencies", &found, &names_in(case.get("want")))
        }
        ("job", "TestParsingJobStatus") => parsed_job(case),
        ("service", _) => addresses(case, "", "Service"),
        ("ingress", _) => addresses(case, "networking.k8s.io", "Ingress"),
        ("pod", "TestGetDependenciesFromPodTemplate") => {
            let found = names_of(kind("", "Pod")?.as_ref(), case.get("pod"));
            same("dependencies", &found, &names_in(case.get("expected")))
        }
        ("pod", "TestGetSecretNames") => named_by_pod(case, "Secret"),
        ("pod", "TestGetConfigMapNames") => named_by_pod(case, "ConfigMap"),
        ("pod", "TestGetPVCNames") => named_by_pod(case, "PersistentVolumeClaim"),
        ("pod", "Test_getServiceAccountNames") => named_by_pod(case, "ServiceAccount"),
        ("unstructured", "TestApplyReplica") => applied(case, Manners::Karmada),
        ("unstructured", "TestApplyReplicaAlways") => applied(case, Manners::Native),
        ("binding", _) => Err(Miss::LeftOut(NEEDS)),
        ("job", "TestGetJobFinishedStatus")
        | ("pod", "TestGetPodCondition" | "TestGetPodConditionFromList") => {
            Err(Miss::LeftOut(SEARCH))
        }
        ("podtemplate", _) | ("pod", "TestGeneratePodFromTemplateAndNamespace") => {
            Err(Miss::LeftOut(MAKING))
        }
        ("prune", _) => pruned(case),
        (_, other) => Err(format!("no translation for {other}").into()),
    }
}

/// The kind in the name of a test, such as `Test_interpretDeploymentHealth`.
fn named(test: &str, before: &str, after: &str) -> Result<Arc<dyn Kind>, Miss> {
    let name = test
        .strip_prefix(before)
        .and_then(|rest| rest.strip_suffix(after));
    let name = name.ok_or_else(|| Miss::from(format!("no kind in {test}")))?;
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let name: String = first.chain(letters).collect();
    let group = match name.as_str() {
        "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" => "apps",
        "Job" | "CronJob" => "batch",
        "Ingress" => "networking.k8s.io",
        "PodDisruptionBudget" => "policy",
        "HorizontalPodAutoscaler" => "autoscaling",
        _ => "",
    };
    kind(group, &name)
}

fn replicas(case: &Case<'_>) -> Result<(), Miss> {
    let test = case.text("id").split('/').nth(1).unwrap_or_default();
    let kind = named(test, "Test_", "Replica")?;
    let found = kind.replicas(case.get("object")).unwrap_or(0);
    same("replicas", &Some(found), &case.get("wantReplica").as_i64())
}

fn revised(case: &Case<'_>) -> Result<(), Miss> {
    if case.get("expectError") == true {
        return Err(Miss::LeftOut(GO));
    }
    let mut found = case.get("object").clone();
    let replicas = case.get("replica").as_i64().unwrap();
    let kind = kind_of(&found)?;
    let written = kind.set_replicas(&mut found, replicas, Manners::Karmada);
    written.map_err(|error| error.to_string())?;
    alike("revised", &found, case.get("expected"))
}

fn applied(case: &Case<'_>, manners: Manners) -> Result<(), Miss> {
    let gvk = GroupVersionKind::new("example.com", "v1", "Thing");
    let path = Pointer::root().child("spec").child(case.text("field"));
    let kind = DeclaredKind::new(gvk, "things", Scope::Namespaced).with_replicas_path(path);
    let mut found = case.get("workload").clone();
    let replicas = case.get("replicas").as_i64().unwrap();
    let written = kind.set_replicas(&mut found, replicas, manners);
    if unless_refused(case.get("expectedErr") == true, written)?.is_none() {
        return Ok(());
    }
    let found = kind.replicas(&found).unwrap_or(0);
    same(
        "replicas",
        &Some(found),
        &case.get("expectedReplicas").as_i64(),
    )
}

fn retained(case: &Case<'_>, test: &str) -> Result<(), Miss> {
    let kind = match test {
        "Test_retainK8sWorkloadReplicas" => kind("apps", "Deployment")?,
        "Test_retainSecretServiceAccountToken" => kind("", "Secret")?,
        "Test_retainJobSelectorFields" => kind("batch", "Job")?,
        _ => named(test, "Test_retain", "Fields")?,
    };
    let args = unwrapped(case.get("args"));
    let mut found = args["desired"].clone();
    let how = Retention::by(Manners::Karmada);
    let kept = kind.retain(&mut found, &args["observed"], &how);
    match unless_refused(case.get("wantErr") == true, kept)? {
        Some(()) => alike("retained", &found, case.get("want")),
        None => same("untouched", &found, &args["desired"]),
    }
}

fn kept_in(
    name: &str,
    case: &Case<'_>,
    live: &str,
    expected: &[(&str, &Value)],
) -> Result<(), Miss> {
    let mut found = case.get("desiredObj").clone();
    let how = Retention::by(Manners::Karmada);
    let kept = kind("", name)?.retain(&mut found, case.get(live), &how);
    let refused = case.get("retainSucceed") == false || case.get("expectedErr") == true;
    unless_refused(refused, kept)?;
    for (path, expected) in expected {
        let value = found.pointer(path).unwrap_or(&Value::Null);
        alike(path, value, expected)?;
    }
    Ok(())
}

fn aggregate(case: &Case<'_>) -> Result<(), Miss> {
    let args = match case.value.get("args") {
        Some(args) => args,
        None => case.value,
    };
    let template = args.get("curObj").or_else(|| args.get("object")).unwrap();
    let expected = case.value.get("expectedObj").unwrap_or(case.get("want"));
    let found = aggregated(template, &args["aggregatedStatusItems"])?;
    if template["kind"] == "Job" {
        same_conditions(&found["status"], &expected["status"])?;
    }
    alike("aggregated", &told_alike(&found), &told_alike(expected))
}

/// The object without the sentences of its conditions, which are ours.
fn told_alike(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(Value::Array(conditions)) = object.pointer_mut("/status/conditions") {
        for condition in conditions {
            let fields = condition.as_object_mut().unwrap();
            fields.retain(|field, _| ["type", "status", "reason"].contains(&field.as_str()));
        }
    }
    object
}

/// Conditions of the same types, statuses and reasons, which name the same clusters.
fn same_conditions(found: &Value, expected: &Value) -> Result<(), Miss> {
    let conditions = |status: &Value| -> Vec<Value> {
        let conditions = told_alike(&json!({ "status": status }));
        let conditions = conditions.pointer("/status/conditions").cloned();
        conditions
            .and_then(|list| list.as_array().cloned())
            .unwrap_or_default()
    };
    same("conditions", &conditions(found), &conditions(expected))?;
    let message = |status: &Value| {
        status["conditions"][0]["message"]
            .as_str()
            .unwrap_or("")
            .to_owned()
    };
    let expected = message(expected);
    let named = expected.rsplit(' ').next().unwrap_or_default();
    let named = named.split(',').filter(|name| name.starts_with("member"));
    let found = message(found);
    for cluster in named {
        check(found.contains(cluster), || {
            format!("{found:?} does not name {cluster}")
        })?;
    }
    Ok(())
}

fn parsed_job(case: &Case<'_>) -> Result<(), Miss> {
    let mut job = case.get("job").clone();
    job["apiVersion"] = "batch/v1".into();
    job["kind"] = "Job".into();
    let found = aggregated(&job, case.get("aggregatedStatusItems"))?;
    let expected = case.get("expectedJobStatus");
    same_conditions(&found["status"], expected)?;
    for count in ["active", "succeeded", "failed"] {
        let number = |status: &Value| status[count].as_i64().unwrap_or(0);
        same(count, &number(&found["status"]), &number(expected))?;
    }
    Ok(())
}

fn reflected(case: &Case<'_>, test: &str) -> Result<(), Miss> {
    let fields = ["object", "deployment", "replicaSet"];
    let object = fields.into_iter().find_map(|field| case.value.get(field));
    let object = unwrapped(object.unwrap());
    let kind: Arc<dyn Kind> = match test {
        "Test_reflectWholeStatus" => {
            let gvk = GroupVersionKind::new("example.com", "v1", "Thing");
            Arc::new(DeclaredKind::new(gvk, "things", Scope::Namespaced))
        }
        _ => named(test, "Test_reflect", "Status")?,
    };
    let found = kind.reflect_status(&object, Manners::Karmada);
    match unless_refused(case.get("wantErr") == true, found)? {
        Some(found) => {
            let found = found.unwrap_or(Value::Null);
            same("status", &lax(&found), &lax(case.get("want")))
        }
        None => Ok(()),
    }
}

fn addresses(case: &Case<'_>, group: &str, name: &str) -> Result<(), Miss> {
    let given = &case.get("args")["ingresses"];
    if given.to_string().contains("\"error\":true") {
        return Err(Miss::LeftOut(ERRORS));
    }
    let template = json!({"spec": {"type": "LoadBalancer"}});
    let status = json!({"loadBalancer": {"ingress": given}});
    let members = [ClusterStatus::current("member1", &status)];
    let found = kind(group, name)?.aggregate_status(&template, &members, Manners::Karmada);
    let found = found.unwrap_or_default();
    let found = found
        .pointer("/loadBalancer/ingress")
        .unwrap_or(&Value::Null);
    alike("addresses", found, case.get("want"))
}

fn named_by_pod(case: &Case<'_>, wanted: &str) -> Result<(), Miss> {
    let pod = match case.value.get("pod") {
        Some(pod) => pod,
        None => &case.get("args")["pod"],
    };
    let found = kind("", "Pod")?
        .references(pod)
        .into_iter()
        .filter_map(|one| match one.needed {
            Needed::Object { kind, name, .. } if kind == wanted => Some(name),
            _ => None,
        });
    let mut found: Vec<_> = found.collect();
    found.sort();
    let expected = case.value.get("expected").unwrap_or(case.get("want"));
    let expected = expected.as_array().into_iter().flatten();
    let mut expected: Vec<_> = expected.filter_map(Value::as_str).collect();
    expected.sort_unstable();
    same("names", &found, &expected)
}

/// What one cluster filled in is not there any more, and everything else is.
fn pruned(case: &Case<'_>) -> Result<(), Miss> {
    let mut object = case.get("workload").clone();
    let Some(name) = object["kind"].as_str().map(str::to_owned) else {
        return Err(Miss::LeftOut(METADATA));
    };
    let group = match name.as_str() {
        "Deployment" => "apps",
        "Job" => "batch",
        _ => "",
    };
    kind(group, &name)?.take_out_local(&mut object, Manners::Karmada);
    for (field, wanted) in [("unexpectedFields", false), ("shouldNotRemoveFields", true)] {
        for path in case.get(field).as_array().into_iter().flatten() {
            let steps = path.as_array().into_iter().flatten();
            let steps: Vec<_> = steps.filter_map(Value::as_str).collect();
            if !wanted && matches!(steps.as_slice(), ["metadata", _] | ["status"]) {
                return Err(Miss::LeftOut(METADATA));
            }
            let path = steps
                .iter()
                .fold(Pointer::root(), |path, step| path.child(step));
            let is_there = path.resolve(&object).is_some();
            check(is_there == wanted, || format!("{field} {path}: {object}"))?;
        }
    }
    Ok(())
}
