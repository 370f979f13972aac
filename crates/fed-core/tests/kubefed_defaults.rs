//! Does a KubeFedConfig get KubeFed's defaults, and keep what it says?

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "clippy allows these in test functions, but not in what they share"
)]

mod common;

use common::{Case, Miss, check, same, table};
use fed_core::Location;
use fed_core::dialect::kubefed::api::KubeFedConfig;
use fed_core::dialect::parse;
use serde_json::{Value, json};

#[test]
fn the_table_of_defaults_holds() {
    table!("kubefed_defaults").run(|case| match case.group {
        "unitPreserved" => what_is_said_stays(case),
        "derivedDefaults" => what_is_not_said_is_added(case),
        other => Err(Miss::Wrong(format!("no test runs the group {other}"))),
    });
}

fn what_is_said_stays(case: &Case<'_>) -> Result<(), Miss> {
    let mut config = with_defaults(&json!({"spec": {"scope": "Cluster"}}));
    let field = case.text("field");
    *at(&mut config, field) = case.get("value").clone();
    let mut again = with_defaults(&config);
    same("all fields", &again, &config)?;
    same(
        field,
        at(&mut again, field),
        case.get("expectedAfterDefaulting"),
    )
}

fn what_is_not_said_is_added(case: &Case<'_>) -> Result<(), Miss> {
    let output = with_defaults(case.get("input"));
    let (expected, gates) = (case.get("output"), case.get("outputFeatureGates"));
    check(!expected.is_null() || !gates.is_null(), || {
        "the case expects nothing".to_owned()
    })?;
    if !expected.is_null() {
        same("output", &output, expected)?;
    }
    if !gates.is_null() {
        same("gates", &output["spec"]["featureGates"], gates)?;
    }
    same("defaults added twice", &with_defaults(&output), &output)
}

fn with_defaults(document: &Value) -> Value {
    let config: KubeFedConfig = parse(document, &Location::in_code()).unwrap();
    serde_json::to_value(config.with_defaults()).unwrap()
}

/// The field that the table calls `spec.name.name`, or `spec.featureGates[Name]`.
fn at<'v>(config: &'v mut Value, field: &str) -> &'v mut Value {
    if let Some(gate) = field.strip_prefix("spec.featureGates[") {
        let gate = gate.strip_suffix(']').unwrap();
        let gates = config["spec"]["featureGates"].as_array_mut().unwrap();
        let named = gates.iter_mut().find(|entry| entry["name"] == gate);
        return &mut named.unwrap()["configuration"];
    }
    let pointer = format!("/{}", field.replace('.', "/"));
    config.pointer_mut(&pointer).unwrap()
}

#[test]
fn a_configuration_that_says_nothing_gets_everything_but_a_scope() {
    for nothing in [
        json!({}),
        json!({"spec": null}),
        json!({"spec": {"featureGates": null}}),
    ] {
        let config = with_defaults(&nothing);
        assert_eq!(config["spec"]["featureGates"].as_array().unwrap().len(), 3);
        assert_eq!(config["spec"]["leaderElect"]["leaseDuration"], "15s");
        assert_eq!(config["spec"].get("scope"), None);
    }
}

#[test]
fn what_is_said_stays_even_where_it_is_not_allowed() {
    let said = json!({"spec": {
        "scope": "",
        "ours": 1,
        "controllerDuration": {"availableDelay": "", "extra": [null]},
        "clusterHealthCheck": {"failureThreshold": 0},
        "syncController": {"adoptResources": "Perhaps"},
        "featureGates": [{"name": "PushReconciler"}, {}, {"name": "PushReconciler", "x": 1}],
    }});
    let config = with_defaults(&said);
    let spec = &config["spec"];
    assert_eq!((&spec["scope"], &spec["ours"]), (&json!(""), &json!(1)));
    assert_eq!(
        spec["controllerDuration"],
        json!({
            "availableDelay": "", "unavailableDelay": "1m0s", "cacheSyncTimeout": "5m0s",
            "extra": [null],
        })
    );
    assert_eq!(spec["clusterHealthCheck"]["failureThreshold"], 0);
    assert_eq!(spec["syncController"]["adoptResources"], "Perhaps");
    assert_eq!(
        spec["featureGates"],
        json!([
            {},
            {"name": "PushReconciler"},
            {"name": "PushReconciler", "x": 1},
            {"name": "RawResourceStatusCollection", "configuration": "Disabled"},
            {"name": "SchedulerPreferences", "configuration": "Enabled"},
        ])
    );
}
