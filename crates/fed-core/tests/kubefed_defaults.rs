//! Does a KubeFedConfig get KubeFed's defaults, and keep what it says? The table is run from
//! `tests/cases`, and from the folder that `FED_CASES` names, if it does.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy allows these in test functions, but not in what they share"
)]

use std::path::Path;

use fed_core::Location;
use fed_core::dialect::kubefed::api::KubeFedConfig;
use fed_core::dialect::parse;
use serde_json::{Value, json};

const TABLE: &str = "kubefed_defaults.json";

#[test]
fn defaults_are_kubefeds() {
    run(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"));
    if let Some(folder) = std::env::var_os("FED_CASES") {
        run(Path::new(&folder));
    }
}

fn run(folder: &Path) {
    let path = folder.join(TABLE);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let table: Value = serde_json::from_str(&text).unwrap();
    let (mut run, mut left_out) = (0, 0);
    for (group, cases) in table["groups"].as_object().unwrap() {
        for case in cases.as_array().unwrap() {
            match group.as_str() {
                "unitPreserved" => what_is_said_stays(case),
                "derivedDefaults" => what_is_not_said_is_added(case),
                _ => {
                    left_out += 1;
                    continue;
                }
            }
            run += 1;
        }
    }
    println!("table kubefed_defaults: {run} cases, {left_out} left out");
    assert!(run > 0, "{} has no cases", path.display());
}

fn what_is_said_stays(case: &Value) {
    let mut config = with_defaults(&json!({"spec": {"scope": "Cluster"}}));
    let field = case["field"].as_str().unwrap();
    *at(&mut config, field) = case["value"].clone();
    let mut again = with_defaults(&config);
    assert_eq!(again, config, "{field}");
    assert_eq!(*at(&mut again, field), case["expectedAfterDefaulting"]);
}

fn what_is_not_said_is_added(case: &Value) {
    let output = with_defaults(&case["input"]);
    match (case.get("output"), case.get("outputFeatureGates")) {
        (Some(expected), None) => assert_eq!(&output, expected),
        (None, Some(gates)) => assert_eq!(&output["spec"]["featureGates"], gates),
        _ => panic!("a case without a known expectation: {case}"),
    }
    assert_eq!(with_defaults(&output), output, "defaults are added once");
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
