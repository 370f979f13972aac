//! Do a workload's own fields fit its pods?

use serde_json::Value;

use super::Row;
use super::spot::{Spot, text};
use crate::check::violation::Rule;

pub(super) const RULES: &[Row] = &[
    ("api.apps.v1.DaemonSetSpec", always),
    ("api.apps.v1.DaemonSetUpdateStrategy", strategy),
    ("api.apps.v1.DeploymentSpec", deployment),
    ("api.apps.v1.DeploymentStrategy", strategy),
    ("api.apps.v1.ReplicaSetSpec", always),
    ("api.apps.v1.RollingUpdateDaemonSet", one_moves),
    ("api.apps.v1.RollingUpdateDeployment", all_or_none),
    ("api.apps.v1.StatefulSetSpec", stateful),
    ("api.apps.v1.StatefulSetUpdateStrategy", strategy),
    ("api.batch.v1.JobSpec", job),
    (
        "api.batch.v1.PodFailurePolicyOnExitCodesRequirement",
        exit_codes,
    ),
    ("api.batch.v1.PodFailurePolicyRule", failure),
    ("api.batch.v1.SuccessPolicyRule", success),
    ("api.core.v1.Event", event),
    ("api.core.v1.PodTemplateSpec", template),
    ("api.core.v1.ReplicationControllerSpec", always),
];

fn restart_policy<'a>(spot: &Spot<'a>) -> &'a str {
    let policy = spot
        .fields
        .get("template")
        .and_then(|template| template.pointer("/spec/restartPolicy"));
    policy.and_then(Value::as_str).unwrap_or_default()
}

fn has_pods(spot: &Spot<'_>) -> bool {
    spot.fields
        .get("template")
        .is_some_and(|template| template.pointer("/spec").is_some_and(Value::is_object))
}

fn always(spot: &mut Spot<'_>) {
    if matches!(restart_policy(spot), "Never" | "OnFailure") {
        spot.say(
            "template/spec/restartPolicy",
            Rule::Value,
            "must be Always, or not be there: these pods run on; a Job's end",
        );
    }
    if spot
        .fields
        .get("template")
        .and_then(|template| template.pointer("/spec/activeDeadlineSeconds"))
        .is_some_and(|value| !value.is_null())
    {
        spot.refuse(
            "template/spec/activeDeadlineSeconds",
            "must not be there: these pods run on",
        );
    }
}

fn deployment(spot: &mut Spot<'_>) {
    always(spot);
    let deadline = spot.number("progressDeadlineSeconds").unwrap_or(600);
    let ready = spot.number("minReadySeconds").unwrap_or_default();
    if deadline <= ready && deadline != i64::from(i32::MAX) {
        spot.refuse(
            "progressDeadlineSeconds",
            "must be greater than minReadySeconds",
        );
    }
}

fn strategy(spot: &mut Spot<'_>) {
    let kind = spot.text("type");
    if !matches!(kind, "" | "RollingUpdate") && spot.has("rollingUpdate") {
        spot.refuse(
            "rollingUpdate",
            format!("must not be there, as type is {kind}"),
        );
    }
}

fn is_zero(value: &Value) -> bool {
    value.as_i64() == Some(0)
        || value.as_str().is_some_and(|text| {
            text.strip_suffix('%')
                .is_some_and(|number| number.parse() == Ok(0))
        })
}

fn is_above_all(value: Option<&Value>) -> bool {
    let percent = value
        .and_then(Value::as_str)
        .and_then(|text| text.strip_suffix('%'));
    percent
        .and_then(|number| number.parse::<u64>().ok())
        .is_some_and(|number| number > 100)
}

fn all_or_none(spot: &mut Spot<'_>) {
    if is_above_all(spot.get("maxUnavailable")) {
        spot.say("maxUnavailable", Rule::Value, "must be 100% at most");
    }
    let zero = |field| spot.get(field).is_some_and(is_zero);
    if zero("maxUnavailable") && zero("maxSurge") {
        spot.refuse(
            "maxUnavailable",
            "must not be 0 where maxSurge is 0 too: no pod could ever be replaced",
        );
    }
}

fn one_moves(spot: &mut Spot<'_>) {
    for field in ["maxUnavailable", "maxSurge"] {
        if is_above_all(spot.get(field)) {
            spot.say(field, Rule::Value, "must be 100% at most");
        }
    }
    let unavailable = spot.get("maxUnavailable").is_some_and(is_zero);
    let surge = spot.get("maxSurge").is_none_or(is_zero);
    if unavailable && surge {
        spot.refuse(
            "maxUnavailable",
            "must not be 0 unless maxSurge is more than 0: no pod could ever be replaced",
        );
    } else if !unavailable && !surge {
        spot.refuse("maxSurge", "must be 0 unless maxUnavailable is 0");
    }
}

/// A `StatefulSet`'s claims are volumes of its pods.
fn stateful(spot: &mut Spot<'_>) {
    always(spot);
    let pod = spot
        .fields
        .get("template")
        .and_then(|template| template.get("spec"));
    let Some(pod) = pod.and_then(Value::as_object) else {
        return;
    };
    let is_named = |item: &Value, name: &str| {
        item.get("name")
            .or_else(|| item.pointer("/metadata/name"))
            .and_then(Value::as_str)
            == Some(name)
    };
    let items =
        |list: Option<&'_ Value>| list.and_then(Value::as_array).cloned().unwrap_or_default();
    let claims = items(spot.fields.get("volumeClaimTemplates"));
    let volumes = items(pod.get("volumes"));
    for field in ["containers", "initContainers"] {
        for (index, container) in items(pod.get(field)).iter().enumerate() {
            for (at, mount) in items(container.get("volumeMounts")).iter().enumerate() {
                let name = mount.as_object().map_or("", |mount| text(mount, "name"));
                let is_there = claims
                    .iter()
                    .chain(&volumes)
                    .any(|item| is_named(item, name));
                if !name.is_empty() && !is_there {
                    let message = format!(
                        "no volume of this pod is named {name}: add it to volumes or volumeClaimTemplates"
                    );
                    spot.say(
                        &format!("template/spec/{field}/{index}/volumeMounts/{at}/name"),
                        Rule::Combination,
                        message,
                    );
                }
            }
        }
    }
}

fn job(spot: &mut Spot<'_>) {
    let policy = restart_policy(spot);
    if has_pods(spot) && !matches!(policy, "Never" | "OnFailure") {
        let message = "must be Never or OnFailure: a Job's pods end";
        spot.say("template/spec/restartPolicy", Rule::Value, message);
    }
    if spot.has("podFailurePolicy") && policy == "OnFailure" {
        spot.refuse(
            "template/spec/restartPolicy",
            "must be Never beside podFailurePolicy",
        );
    }
    if spot.has("podFailurePolicy") && spot.text("podReplacementPolicy") == "TerminatingOrFailed" {
        spot.refuse(
            "podReplacementPolicy",
            "must be Failed beside podFailurePolicy",
        );
    }
    let indexed = spot.text("completionMode") == "Indexed";
    if indexed && !spot.has("completions") {
        spot.refuse("completions", "must be there, as completionMode is Indexed");
    }
    for field in ["successPolicy", "backoffLimitPerIndex", "maxFailedIndexes"] {
        if !indexed && spot.has(field) {
            spot.refuse(field, "must not be there unless completionMode is Indexed");
        }
    }
    if spot.has("selector") && spot.get("manualSelector") != Some(&Value::Bool(true)) {
        spot.refuse("selector", "must not be there: a Job makes its own");
    }
}

fn failure(spot: &mut Spot<'_>) {
    if spot.list("onPodConditions").is_empty() != spot.has("onExitCodes") {
        spot.refuse("", "must have one of: onExitCodes, onPodConditions");
    }
}

fn success(spot: &mut Spot<'_>) {
    if !spot.has("succeededCount") && !spot.has("succeededIndexes") {
        spot.refuse("", "must have succeededCount or succeededIndexes");
    }
}

/// An Event of the newer sort says more.
fn event(spot: &mut Spot<'_>) {
    if spot.has("eventTime") {
        for field in [
            "action",
            "reason",
            "reportingComponent",
            "reportingInstance",
        ] {
            spot.want(field, "beside eventTime");
        }
    }
}

fn template(spot: &mut Spot<'_>) {
    if let Some(metadata) = spot.object("metadata") {
        super::names::labels(metadata, "metadata", spot);
    }
}

fn exit_codes(spot: &mut Spot<'_>) {
    let values: Vec<_> = spot
        .list("values")
        .iter()
        .filter_map(Value::as_i64)
        .collect();
    if spot.text("operator") == "In" && values.contains(&0) {
        spot.say("values", Rule::Value, "must not hold 0 beside In");
    }
    if !values.is_sorted_by(|one, next| one < next) {
        spot.say(
            "values",
            Rule::Value,
            "must be in order, and each there once",
        );
    }
}
