//! Do the bounds of autoscalers and disruption budgets make sense?

use serde_json::Value;

use super::Row;
use super::spot::Spot;
use crate::check::violation::Rule;
use crate::check::written::quantity;

pub(super) const RULES: &[Row] = &[
    ("api.autoscaling.v1.HorizontalPodAutoscalerSpec", bounds),
    ("api.autoscaling.v2.ContainerResourceMetricSource", resource),
    ("api.autoscaling.v2.ExternalMetricSource", external),
    ("api.autoscaling.v2.HPAScalingRules", scaling),
    ("api.autoscaling.v2.HorizontalPodAutoscalerSpec", bounds),
    ("api.autoscaling.v2.MetricSpec", metric),
    ("api.autoscaling.v2.MetricTarget", target),
    ("api.autoscaling.v2.ObjectMetricSource", external),
    ("api.autoscaling.v2.PodsMetricSource", pods),
    ("api.autoscaling.v2.ResourceMetricSource", resource),
    ("api.policy.v1.PodDisruptionBudgetSpec", budget),
];

fn bounds(spot: &mut Spot<'_>) {
    let least = spot.number("minReplicas").unwrap_or(1);
    let target = spot.object("scaleTargetRef");
    if target.is_some_and(|target| super::spot::text(target, "apiVersion").is_empty()) {
        spot.refuse(
            "scaleTargetRef/apiVersion",
            "must be there, such as apps/v1",
        );
    }
    if spot.number("maxReplicas").is_some_and(|most| most < least) {
        spot.refuse("maxReplicas", "must not be less than minReplicas");
    }
}

fn scaling(spot: &mut Spot<'_>) {
    if spot
        .get("policies")
        .is_some_and(|policies| policies.as_array().is_some_and(Vec::is_empty))
    {
        spot.refuse(
            "policies",
            "must not be empty; without it, the defaults are used",
        );
    }
}

/// The field that says more of a metric of each type.
const METRICS: [(&str, &str); 5] = [
    ("ContainerResource", "containerResource"),
    ("External", "external"),
    ("Object", "object"),
    ("Pods", "pods"),
    ("Resource", "resource"),
];

fn metric(spot: &mut Spot<'_>) {
    let kind = spot.text("type");
    for (name, field) in METRICS {
        if name == kind && !spot.has(field) {
            spot.refuse(field, format!("must be there, as type is {kind}"));
        } else if name != kind && spot.has(field) && METRICS.iter().any(|(name, _)| *name == kind) {
            spot.refuse(field, format!("must not be there, as type is {kind}"));
        }
    }
}

const TARGETS: [(&str, &str); 3] = [
    ("AverageValue", "averageValue"),
    ("Utilization", "averageUtilization"),
    ("Value", "value"),
];

fn target(spot: &mut Spot<'_>) {
    let kind = spot.text("type");
    if !TARGETS.iter().any(|(name, _)| *name == kind) && !kind.is_empty() {
        spot.say(
            "type",
            Rule::Value,
            "must be one of: AverageValue, Utilization, Value",
        );
    }
    for field in ["averageValue", "value"] {
        if spot
            .get(field)
            .and_then(quantity)
            .is_some_and(|amount| amount <= 0)
        {
            spot.say(field, Rule::Quantity, "must be more than 0");
        }
    }
}

fn wants(spot: &mut Spot<'_>, fields: &[&str]) {
    let Some(target) = spot.object("target") else {
        return;
    };
    let there = |field: &str| target.get(field).is_some_and(|value| !value.is_null());
    let given: Vec<_> = fields.iter().filter(|field| there(field)).collect();
    match given[..] {
        [] => spot.refuse("target", format!("must have {}", fields.join(" or "))),
        [first, second, ..] => spot.refuse(
            &format!("target/{second}"),
            format!("cannot stand beside {first}"),
        ),
        [_] => {}
    }
}

fn resource(spot: &mut Spot<'_>) {
    wants(spot, &["averageUtilization", "averageValue"]);
}

fn pods(spot: &mut Spot<'_>) {
    wants(spot, &["averageValue"]);
}

fn external(spot: &mut Spot<'_>) {
    wants(spot, &["value", "averageValue"]);
}

fn budget(spot: &mut Spot<'_>) {
    if spot.has("minAvailable") && spot.has("maxUnavailable") {
        spot.refuse(
            "maxUnavailable",
            "cannot stand beside minAvailable: keep one of them",
        );
    }
    for field in ["minAvailable", "maxUnavailable"] {
        let percent = spot
            .get(field)
            .and_then(Value::as_str)
            .and_then(|text| text.strip_suffix('%'));
        if percent
            .and_then(|number| number.parse::<u64>().ok())
            .is_some_and(|number| number > 100)
        {
            spot.say(field, Rule::Value, "must be 100% at most");
        }
    }
}
