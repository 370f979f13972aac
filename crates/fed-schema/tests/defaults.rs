//! Does an object with defaults filled in read as a server answers it?
//!
//! Two tables of cases. `recorded-defaults.json`: what is created, and the whole answer of a real
//! API server (see `live.rs`), without what it chooses itself (`rules::server_given`).
//! `known-defaults.json`: what is created, and what is to be found at one path; `null` stands for
//! nothing.

mod common;

use std::cell::RefCell;
use std::collections::BTreeSet;

use common::without_server_given;
use fed_schema::rules::{Learned, Rule, Stage, defaults};
use fed_schema::{Schemas, apply_defaults, apply_rules};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Recorded {
    created: Value,
    answered: Value,
}

#[derive(Deserialize)]
struct Known {
    created: Value,
    path: String,
    found: Value,
}

fn recorded() -> Vec<Recorded> {
    let text = include_str!("data/recorded-defaults.json");
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
fn an_object_reads_as_a_server_answers_it() {
    let cases = recorded();
    assert!(cases.len() >= 90);
    let schemas = Schemas::builtin();
    for case in cases {
        let filled = without_server_given(&schemas, defaulted(case.created));
        assert_eq!(filled, case.answered);
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
    let recorded = recorded().into_iter().map(|case| case.created);
    for created in recorded.chain(known().into_iter().map(|case| case.created)) {
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

/// A rule is called recorded if and only if a recorded answer needs it.
#[test]
fn rules_say_truly_how_they_were_learned() {
    let schemas = Schemas::builtin();
    let name = |rule: &Rule| (rule.definition, rule.path);
    let mut needed = BTreeSet::new();
    for case in recorded() {
        let asked = RefCell::new(BTreeSet::new());
        let mut whole = case.created.clone();
        apply_rules(&schemas, &mut whole, |rule| {
            asked.borrow_mut().insert(name(rule));
            true
        });
        for left_out in asked.into_inner() {
            let mut without = case.created.clone();
            apply_rules(&schemas, &mut without, |rule| name(rule) != left_out);
            if without != whole {
                needed.insert(left_out);
            }
        }
    }
    let claimed = defaults().filter(|rule| rule.learned == Learned::Recorded);
    let claimed: BTreeSet<_> = claimed.map(name).collect();
    println!(
        "{} of {} rules are recorded",
        claimed.len(),
        defaults().count()
    );
    let unproved: Vec<_> = claimed.difference(&needed).collect();
    let unclaimed: Vec<_> = needed.difference(&claimed).collect();
    assert!(
        unproved.is_empty() && unclaimed.is_empty(),
        "{unproved:#?} {unclaimed:#?}"
    );
}
