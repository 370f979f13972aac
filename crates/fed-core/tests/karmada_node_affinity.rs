//! Does node affinity match as the tests of Karmada say? Only these of its table are run.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "clippy allows these in test functions, but not in what they share"
)]

mod common;

use std::collections::BTreeMap;

use common::{Case, Miss, same, table};
use fed_core::capacity::NodeAffinity;
use fed_core::{LabelSelector, Location};
use serde::Deserialize as _;
use serde_json::json;

const OTHER: &str = "what is about clusters and bindings, not about nodes";

#[test]
fn karmada_node_affinity() {
    table!("karmada_scheduler_plugins").run(run);
}

fn run(case: &Case<'_>) -> Result<(), Miss> {
    if case.group.starts_with("nodeaffinity/") {
        requirements(case)
    } else {
        Err(Miss::LeftOut(OTHER))
    }
}

type Labels = BTreeMap<String, String>;

/// Compares by what matches: labels with every value that a case can be about, or without any.
fn requirements(case: &Case<'_>) -> Result<(), Miss> {
    let selector = json!({"nodeSelectorTerms": [{ "matchExpressions": case.get("in") }]});
    let read = NodeAffinity::of_selector(&selector, &Location::in_code());
    if ["wantErr", "expectErr", "expectError"]
        .iter()
        .any(|field| case.get(field) == true)
    {
        return same("a refusal", &read.is_err(), &true);
    }
    let affinity = read.map_err(|problem| problem.message)?;
    let expected = expected(case)?;
    for labels in probes() {
        let found = affinity.admits("", &labels);
        same(&format!("matches {labels:?}"), &found, &expected(&labels))?;
    }
    Ok(())
}

fn probes() -> impl Iterator<Item = Labels> {
    let values = ["", "bar", "baz", "blah", "0", "1", "2", "6", "7", "8"];
    let one = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let single = values
        .into_iter()
        .flat_map(move |value| ["foo", "bar", "baz"].map(|key| Labels::from([one(key, value)])));
    single.chain([Labels::new()])
}

type Expected = Box<dyn Fn(&Labels) -> bool>;

fn expected(case: &Case<'_>) -> Result<Expected, Miss> {
    let out = case.get("out");
    match (out.as_str(), out["$call"].as_str()) {
        (Some("nothing"), _) => Ok(Box::new(|_| false)),
        (Some("everything"), _) => Ok(Box::new(|_| true)),
        (_, Some("labels.Parse")) => comparison(out["args"][0].as_str().unwrap_or_default()),
        _ => {
            let requirements = if out.is_array() {
                out
            } else {
                &out["matchExpressions"]
            };
            let selector = json!({ "matchExpressions": requirements });
            let selector = LabelSelector::deserialize(&selector);
            let selector = selector.map_err(|error| format!("{out}: {error}"))?;
            Ok(Box::new(move |labels| selector.matches(labels)))
        }
    }
}

/// A selector in Go's short form, such as `foo>1`, `!foo` or `foo in (bar,baz)`.
fn comparison(text: &str) -> Result<Expected, Miss> {
    let number = |labels: &Labels, key: &str| labels.get(key).and_then(|v| v.parse::<i64>().ok());
    if let Some((key, bound)) = text.split_once('>') {
        let (key, bound) = (key.to_owned(), bound.parse::<i64>().unwrap());
        return Ok(Box::new(move |labels| {
            number(labels, &key).is_some_and(|n| n > bound)
        }));
    }
    if let Some((key, bound)) = text.split_once('<') {
        let (key, bound) = (key.to_owned(), bound.parse::<i64>().unwrap());
        return Ok(Box::new(move |labels| {
            number(labels, &key).is_some_and(|n| n < bound)
        }));
    }
    let list = |values: &str| -> Vec<String> {
        let values = values.trim().trim_start_matches('(').trim_end_matches(')');
        values
            .split(',')
            .map(|value| value.trim().to_owned())
            .collect()
    };
    let requirement = |key: &str, operator: &str, values: Vec<String>| {
        let of = json!({"key": key.trim(), "operator": operator, "values": values});
        let selector = json!({ "matchExpressions": [of] });
        let selector = LabelSelector::deserialize(&selector).map_err(|error| error.to_string())?;
        let expected: Expected = Box::new(move |labels| selector.matches(labels));
        Ok(expected)
    };
    if let Some((key, values)) = text.split_once(" notin ") {
        return requirement(key, "NotIn", list(values));
    }
    if let Some((key, values)) = text.split_once(" in ") {
        return requirement(key, "In", list(values));
    }
    match text.strip_prefix('!') {
        Some(key) => requirement(key, "DoesNotExist", Vec::new()),
        None if !text.contains('=') => requirement(text, "Exists", Vec::new()),
        None => Err(format!("no translation for {text}").into()),
    }
}
