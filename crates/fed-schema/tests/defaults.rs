//! Does an object with defaults filled in read as a server answers it?
//!
//! Two tables of cases. `whole-defaults.json`: what is created, and the whole answer without what a
//! server chooses itself (`rules::server_given`); this is the form in which answers of a real API
//! server are to be kept. Its first cases are written by hand after such answers.
//! `known-defaults.json`: what is created, and what is to be found at one path; `null` stands for
//! nothing.

use fed_schema::rules::{Learned, Rule, Stage, defaults};
use fed_schema::{Schemas, apply_defaults, apply_rules};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Whole {
    created: Value,
    answered: Value,
}

#[derive(Deserialize)]
struct Known {
    created: Value,
    path: String,
    found: Value,
}

fn whole() -> Vec<Whole> {
    let text = include_str!("data/whole-defaults.json");
    serde_json::from_str(text).unwrap_or_default()
}

fn known() -> Vec<Known> {
    let text = include_str!("data/known-defaults.json");
    serde_json::from_str(text).unwrap_or_default()
}

fn defaulted(mut object: Value) -> Value {
    assert!(apply_defaults(&Schemas::builtin(), &mut object), "{object}");
    object
}

#[test]
fn a_whole_object_reads_as_a_server_answers_it() {
    let cases = whole();
    assert!(cases.len() >= 3);
    for case in cases {
        assert_eq!(defaulted(case.created), case.answered);
    }
}

#[test]
fn each_kind_has_its_own_defaults() {
    let cases = known();
    assert!(cases.len() >= 25);
    for case in cases {
        let name = format!("{} {}", case.created, case.path);
        let filled = defaulted(case.created);
        let found = filled.pointer(&case.path).unwrap_or(&Value::Null);
        assert_eq!(found, &case.found, "{name}");
    }
}

#[test]
fn filling_in_twice_changes_nothing() {
    let whole = whole().into_iter().map(|case| case.created);
    for created in whole.chain(known().into_iter().map(|case| case.created)) {
        let once = defaulted(created);
        assert_eq!(defaulted(once.clone()), once);
    }
}

#[test]
fn what_creation_alone_fills_in_can_be_left_out() {
    let mut pod = json!({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{}]}});
    let wanted = |rule: &Rule| rule.stage == Stage::Reading;
    assert!(apply_rules(&Schemas::builtin(), &mut pod, wanted));
    assert_eq!(pod["spec"].get("tolerations"), None);
    assert_eq!(pod["spec"]["dnsPolicy"], "ClusterFirst");
}

#[test]
fn an_unknown_kind_is_left_alone() {
    let wrong_group = json!({"apiVersion": "v1", "kind": "Deployment", "spec": null});
    for object in [wrong_group, json!(3), Value::Null] {
        let mut changed = object.clone();
        assert!(!apply_defaults(&Schemas::builtin(), &mut changed));
        assert_eq!(changed, object);
    }
}

#[test]
fn hostile_values_are_left_where_they_are() {
    let nested = json!({"containers": 3, "volumes": [3]});
    for hostile in [json!(3), json!("text"), json!([[]]), nested] {
        let mut object =
            json!({"apiVersion": "v1", "kind": "Pod", "metadata": hostile, "spec": hostile});
        assert!(apply_defaults(&Schemas::builtin(), &mut object));
        assert_eq!(object["metadata"].is_object(), hostile.is_object());
    }
}

#[test]
fn it_is_known_which_rules_were_seen_on_a_server() {
    let recorded = defaults().filter(|rule| rule.learned == Learned::Recorded);
    let recorded = recorded.count();
    println!("{recorded} of {} rules were recorded", defaults().count());
    assert!(recorded >= 20);
}
