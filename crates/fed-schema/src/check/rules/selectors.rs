//! Does a selector select, and does a workload's select its own pods?

use serde_json::Value;

use super::Row;
use super::forms::Form;
use super::spot::{Fields, Spot, list, text};
use crate::check::violation::Rule;

pub(super) const RULES: &[Row] = &[
    ("api.apps.v1.DaemonSetSpec", workload),
    ("api.apps.v1.DeploymentSpec", workload),
    ("api.apps.v1.ReplicaSetSpec", workload),
    ("api.apps.v1.StatefulSetSpec", workload),
    ("api.core.v1.NodeSelectorRequirement", node_requirement),
    ("api.core.v1.ReplicationControllerSpec", controller),
    ("api.core.v1.ScopedResourceSelectorRequirement", requirement),
    ("apimachinery.pkg.apis.meta.v1.LabelSelector", labels),
    (
        "apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement",
        label_requirement,
    ),
];

/// What can be asked of the values beside each operator.
fn values(spot: &mut Spot<'_>, operators: &[&str]) {
    let (operator, values) = (spot.text("operator"), spot.list("values"));
    match operator {
        "In" | "NotIn" if values.is_empty() => {
            spot.refuse("values", "must not be empty beside In and NotIn");
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            spot.refuse("values", "must not be there beside Exists and DoesNotExist");
        }
        "Gt" | "Lt" if operators.contains(&operator) => {
            let is_number = |value: &Value| {
                value
                    .as_str()
                    .is_some_and(|text| text.parse::<i64>().is_ok())
            };
            if values.len() != 1 || !values.iter().all(is_number) {
                let message = "must be one whole number, as a text, beside Gt and Lt";
                spot.say("values", Rule::Usable, message);
            }
        }
        operator if !operators.contains(&operator) => {
            spot.say(
                "operator",
                Rule::Value,
                format!("must be one of: {}", operators.join(", ")),
            );
        }
        _ => {}
    }
}

/// Servers do not look at the selectors of metrics: those who measure do.
fn is_of_metric(spot: &Spot<'_>) -> bool {
    spot.path.contains("/metric/selector")
}

fn labels(spot: &mut Spot<'_>) {
    if is_of_metric(spot) {
        return;
    }
    for (key, value) in spot.object("matchLabels").into_iter().flatten() {
        if let Some(message) = Form::LabelKey.fault_of(key) {
            spot.say_of_key("matchLabels", key, Rule::Name, format!("the key {message}"));
        }
        if let Some(message) = Form::LabelValue.fault(value) {
            spot.say_of_key("matchLabels", key, Rule::Name, message);
        }
    }
}

fn label_requirement(spot: &mut Spot<'_>) {
    if is_of_metric(spot) {
        return;
    }
    if let Some(message) = Form::LabelKey.fault_of(spot.text("key")) {
        spot.say("key", Rule::Name, message);
    }
    for (index, value) in spot.list("values").iter().enumerate() {
        if let Some(message) = Form::LabelValue.fault(value) {
            spot.say(&format!("values/{index}"), Rule::Name, message);
        }
    }
    requirement(spot);
}

fn requirement(spot: &mut Spot<'_>) {
    values(spot, &["In", "NotIn", "Exists", "DoesNotExist"]);
}

fn node_requirement(spot: &mut Spot<'_>) {
    values(spot, &["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]);
}

fn workload(spot: &mut Spot<'_>) {
    let Some(selector) = spot.object("selector") else {
        return;
    };
    let labels_wanted = selector.get("matchLabels").and_then(Value::as_object);
    let expressions = list(selector, "matchExpressions");
    if labels_wanted.is_none_or(Fields::is_empty) && expressions.is_empty() {
        spot.say(
            "selector",
            Rule::Combination,
            "must not be empty: name labels of the pods under matchLabels",
        );
        return;
    }
    let is_match = |labels: &Fields| {
        labels_wanted.is_none_or(|wanted| is_within(wanted, labels))
            && expressions
                .iter()
                .all(|expression| satisfies(expression, labels))
    };
    matches(spot, is_match);
}

fn controller(spot: &mut Spot<'_>) {
    let Some(wanted) = spot.object("selector").filter(|wanted| !wanted.is_empty()) else {
        let template = spot.fields.get("template");
        let labels = template.and_then(|template| template.pointer("/metadata/labels"));
        if labels
            .and_then(Value::as_object)
            .is_none_or(Fields::is_empty)
            && spot.has("template")
        {
            spot.refuse("selector", "must be there, unless the pods have labels");
        }
        return;
    };
    matches(spot, |labels| is_within(wanted, labels));
}

fn matches(spot: &mut Spot<'_>, is_match: impl FnOnce(&Fields) -> bool) {
    let none = Fields::new();
    let Some(template) = spot.object("template") else {
        return;
    };
    let labels = template
        .get("metadata")
        .and_then(|metadata| metadata.get("labels"))
        .and_then(Value::as_object);
    if !is_match(labels.unwrap_or(&none)) {
        spot.say(
            "template/metadata/labels",
            Rule::SelectorMatchesLabels,
            "must have the labels that the selector asks for",
        );
    }
}

/// The text of a label; null is the empty one.
fn label(value: &Value) -> Option<&str> {
    if value.is_null() {
        Some("")
    } else {
        value.as_str()
    }
}

fn is_within(wanted: &Fields, labels: &Fields) -> bool {
    wanted.iter().all(|(key, value)| {
        labels
            .get(key)
            .is_some_and(|given| label(given) == label(value))
    })
}

fn satisfies(expression: &Value, labels: &Fields) -> bool {
    let Some(expression) = expression.as_object() else {
        return true;
    };
    let given = labels.get(text(expression, "key")).and_then(label);
    let is_listed = |given: &str| {
        list(expression, "values")
            .iter()
            .any(|value| label(value) == Some(given))
    };
    match text(expression, "operator") {
        "In" => given.is_some_and(is_listed),
        "NotIn" => !given.is_some_and(is_listed),
        "Exists" => given.is_some(),
        "DoesNotExist" => given.is_none(),
        _ => true,
    }
}
