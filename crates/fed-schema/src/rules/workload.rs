//! What is filled in for the kinds that run pods?

use serde_json::{Value, json};

use super::Filling::{Boolean, Change, Empty, From, Number, Perhaps, Text};
use super::{Object, Rule, Stage, text};

// A table: one line a rule.
#[rustfmt::skip]
pub(super) static RULES: &[Rule] = &[
    Rule::new("api.apps.v1.Deployment", "/spec/replicas", Number(1)),
    Rule::new("api.apps.v1.Deployment", "/spec/revisionHistoryLimit", Number(10)),
    Rule::new("api.apps.v1.Deployment", "/spec/progressDeadlineSeconds", Number(600)),
    Rule::new("api.apps.v1.DeploymentStrategy", "/type", Text("RollingUpdate")),
    Rule::new("api.apps.v1.DeploymentStrategy", "/rollingUpdate", Perhaps(rolling)),
    Rule::new("api.apps.v1.RollingUpdateDeployment", "/maxSurge", Text("25%")),
    Rule::new("api.apps.v1.RollingUpdateDeployment", "/maxUnavailable", Text("25%")),
    Rule::new("api.apps.v1.ReplicaSet", "/spec/replicas", Number(1)),
    Rule::new("api.apps.v1.DaemonSet", "/spec/revisionHistoryLimit", Number(10)),
    // The key that a server still keeps for clients of an old version.
    Rule::new("api.apps.v1.DaemonSet", "/metadata/annotations/deprecated.daemonset.template.generation", Text("1")).at(Stage::Creation),
    Rule::new("api.apps.v1.DaemonSetUpdateStrategy", "/type", Text("RollingUpdate")),
    Rule::new("api.apps.v1.DaemonSetUpdateStrategy", "/rollingUpdate", Perhaps(rolling)),
    Rule::new("api.apps.v1.RollingUpdateDaemonSet", "/maxSurge", Number(0)),
    Rule::new("api.apps.v1.RollingUpdateDaemonSet", "/maxUnavailable", Number(1)),
    Rule::new("api.apps.v1.StatefulSet", "/spec/replicas", Number(1)),
    Rule::new("api.apps.v1.StatefulSet", "/spec/revisionHistoryLimit", Number(10)),
    Rule::new("api.apps.v1.StatefulSet", "/spec/podManagementPolicy", Text("OrderedReady")),
    Rule::new(RETENTION, "/whenDeleted", Text("Retain")),
    Rule::new(RETENTION, "/whenScaled", Text("Retain")),
    Rule::new("api.apps.v1.StatefulSetSpec", "/persistentVolumeClaimRetentionPolicy", Empty),
    Rule::new("api.apps.v1.StatefulSet", "/spec/volumeClaimTemplates", Change(name_claims)),
    Rule::new("api.apps.v1.StatefulSetUpdateStrategy", "/type", Text("RollingUpdate")),
    Rule::new("api.apps.v1.StatefulSetUpdateStrategy", "/rollingUpdate", Perhaps(rolling)),
    Rule::new("api.apps.v1.RollingUpdateStatefulSetStrategy", "/partition", Number(0)),
    Rule::new("api.core.v1.ReplicationController", "/spec/selector", Perhaps(template_labels)),
    Rule::new("api.core.v1.ReplicationController", "/metadata/labels", Perhaps(template_labels)),
    // Completions first: whether they are filled in depends on parallelism being unset.
    Rule::new("api.batch.v1.Job", "/spec/completions", Perhaps(completions)),
    Rule::new("api.batch.v1.Job", "/spec/parallelism", Number(1)),
    Rule::new("api.batch.v1.Job", "/spec/backoffLimit", From(backoff_limit)),
    Rule::new("api.batch.v1.Job", "/spec/completionMode", Text("NonIndexed")),
    Rule::new("api.batch.v1.Job", "/spec/suspend", Boolean(false)),
    Rule::new("api.batch.v1.Job", "/spec/manualSelector", Boolean(false)),
    Rule::new("api.batch.v1.Job", "/spec/podReplacementPolicy", From(pod_replacement)),
    Rule::new("api.batch.v1.Job", "/metadata/labels", Perhaps(template_labels)),
    Rule::new("api.batch.v1.PodFailurePolicyOnPodConditionsPattern", "/status", Text("True")),
    Rule::new("api.batch.v1.CronJob", "/spec/concurrencyPolicy", Text("Allow")),
    Rule::new("api.batch.v1.CronJob", "/spec/suspend", Boolean(false)),
    Rule::new("api.batch.v1.CronJob", "/spec/successfulJobsHistoryLimit", Number(3)),
    Rule::new("api.batch.v1.CronJob", "/spec/failedJobsHistoryLimit", Number(1)),
];

const RETENTION: &str = "api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy";

fn rolling(strategy: &Object) -> Option<Value> {
    (text(strategy, "type") == Some("RollingUpdate")).then(|| json!({}))
}

/// A claim template is written with its kind, as an object of its own.
fn name_claims(stateful_set: &mut Object) {
    let claims = stateful_set
        .get_mut("spec")
        .and_then(|spec| spec.get_mut("volumeClaimTemplates"))
        .and_then(Value::as_array_mut);
    for claim in claims
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        for (field, value) in [("apiVersion", "v1"), ("kind", "PersistentVolumeClaim")] {
            claim.entry(field).or_insert_with(|| value.into());
        }
    }
}

fn template_labels(object: &Object) -> Option<Value> {
    let labels = object.get("spec")?.pointer("/template/metadata/labels")?;
    labels.as_object().filter(|labels| !labels.is_empty())?;
    Some(labels.clone())
}

fn spec_has(object: &Object, field: &str) -> bool {
    let value = object.get("spec").and_then(|spec| spec.get(field));
    value.is_some_and(|value| !value.is_null())
}

/// A job with parallelism and without completions is a work queue: it stays so.
fn completions(job: &Object) -> Option<Value> {
    (!spec_has(job, "parallelism")).then(|| 1.into())
}

/// Where each index has a limit of its own, the job as a whole has none.
fn backoff_limit(job: &Object) -> Value {
    let unlimited = spec_has(job, "backoffLimitPerIndex");
    if unlimited { i32::MAX } else { 6 }.into()
}

fn pod_replacement(job: &Object) -> Value {
    let failing = spec_has(job, "podFailurePolicy");
    if failing {
        "Failed"
    } else {
        "TerminatingOrFailed"
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(spec: &Value) -> Object {
        json!({"spec": spec})
            .as_object()
            .cloned()
            .expect("an object")
    }

    #[test]
    fn a_work_queue_has_no_completions() {
        assert_eq!(completions(&job(&json!({}))), Some(1.into()));
        assert_eq!(completions(&job(&json!({"parallelism": 2}))), None);
    }

    #[test]
    fn a_jobs_limits_follow_from_its_policies() {
        assert_eq!(
            backoff_limit(&job(&json!({"backoffLimitPerIndex": 1}))),
            json!(i32::MAX)
        );
        assert_eq!(backoff_limit(&job(&json!({}))), json!(6));
        let policy = job(&json!({"podFailurePolicy": {"rules": []}}));
        assert_eq!(pod_replacement(&policy), json!("Failed"));
        assert_eq!(
            pod_replacement(&job(&json!({}))),
            json!("TerminatingOrFailed")
        );
    }
}
