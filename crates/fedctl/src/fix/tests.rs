//! Are repairs made in a sound order, and is everything else told?

use fed_core::{Code, PatchOperation, Severity};
use serde_json::{Value, json};

use super::{Repaired, repair, summary};
use crate::answer::{Answer, Problem};
use crate::read::{Input, SourceDocument, read_text};

/// One check: what it finds in a document, where, and how it is repaired.
type Check = fn(&Value) -> Option<(&'static str, &'static str, Vec<PatchOperation>)>;

/// A pod's field where the Deployment's belong.
fn misplaced(value: &Value) -> Option<(&'static str, &'static str, Vec<PatchOperation>)> {
    value.pointer("/spec/containers")?;
    let mut fix = Vec::new();
    for parent in ["/spec/template", "/spec/template/spec"] {
        if value.pointer(parent).is_none() {
            fix.push(PatchOperation::add(parent, json!({})));
        }
    }
    fix.push(PatchOperation::move_to(
        "/spec/containers",
        "/spec/template/spec/containers",
    ));
    Some(("/spec/containers", "containers belong to the pod", fix))
}

/// Needs the template, which another repair may have to make first.
fn without_labels(value: &Value) -> Option<(&'static str, &'static str, Vec<PatchOperation>)> {
    let template = value.pointer("/spec/template")?;
    let path = "/spec/template/metadata";
    let fix = PatchOperation::add(path, json!({"labels": {"app": value["metadata"]["name"]}}));
    template
        .get("metadata")
        .is_none()
        .then(|| (path, "pods need labels", vec![fix]))
}

/// Needs the labels.
fn without_selector(value: &Value) -> Option<(&'static str, &'static str, Vec<PatchOperation>)> {
    let labels = value.pointer("/spec/template/metadata/labels");
    if value.get("kind")? != "Deployment" || value.pointer("/spec/selector").is_some() {
        return None;
    }
    let fix =
        labels.map(|labels| PatchOperation::add("/spec/selector", json!({"matchLabels": labels})));
    Some(("/spec", "a selector is missing", fix.into_iter().collect()))
}

fn misspelt(value: &Value) -> Option<(&'static str, &'static str, Vec<PatchOperation>)> {
    value.pointer("/spec/replica")?;
    let fix = PatchOperation::move_to("/spec/replica", "/spec/replicas");
    Some(("/spec/replica", "unknown field", vec![fix]))
}

/// A repair that solves nothing.
fn useless(value: &Value) -> Option<(&'static str, &'static str, Vec<PatchOperation>)> {
    value.pointer("/metadata/name")?;
    let fix = PatchOperation::add("/metadata/labels", json!({}));
    Some(("/metadata/name", "an odd name", vec![fix]))
}

/// A problem without any repair.
fn hopeless(value: &Value) -> Option<(&'static str, &'static str, Vec<PatchOperation>)> {
    value
        .pointer("/spec/hopeless")
        .map(|_| ("/spec/hopeless", "no repair is known", Vec::new()))
}

fn problem(document: &SourceDocument, check: Check) -> Option<Problem> {
    let (path, message, fix) = check(document.value())?;
    let place = document.place(path);
    Some(Problem {
        file: Some(document.file.name.clone()),
        document: Some(document.number),
        line: Some(place.line),
        column: Some(place.column),
        path: Some(path.to_owned()),
        fix,
        ..Problem::anywhere(Severity::Error, Code::InvalidValue, message)
    })
}

fn answer(input: &Input, checks: &[Check]) -> Answer {
    let found = |document| {
        checks
            .iter()
            .filter_map(move |check| problem(document, *check))
    };
    Answer {
        api_version: "fed.dev/v1alpha1",
        kind: "Plan",
        now: String::new(),
        clusters: Vec::new(),
        objects: Vec::new(),
        changes: None,
        problems: input.documents.iter().flat_map(found).collect(),
    }
}

fn repaired(texts: &[(&str, &str)], checks: &[Check]) -> Repaired {
    let mut input = Input::default();
    for (name, text) in texts {
        let read = read_text(name, *text);
        input.documents.extend(read.documents);
        input.findings.extend(read.findings);
    }
    repair(input, &|input: &Input| answer(input, checks))
}

const ALL: &[Check] = &[
    without_selector,
    without_labels,
    misplaced,
    misspelt,
    hopeless,
];

const BROKEN: &str = "\
# A web server.
kind: Deployment
metadata:
  name: web
spec:
  replica: 3 # for now
  containers:
  - name: web # main
---
# Untouched: 0x10
kind: ConfigMap
data: {a: '1'}
---
kind: Deployment
metadata: {name: other}
spec: {containers: [{name: other}]}
";

#[test]
fn repairs_build_on_each_other_until_none_is_left() {
    let first = repaired(&[("a.yaml", BROKEN), ("b.yaml", "kind: ConfigMap\n")], ALL);
    assert_eq!(first.answer.problems, []);
    assert!(!first.is_refused);
    assert_eq!((first.repairs, first.texts.len()), (7, 2));
    assert_eq!(first.texts[1].before, first.texts[1].after);
    insta::assert_snapshot!(first.texts[0].after);
    let again = repaired(&[("a.yaml", &first.texts[0].after)], ALL);
    assert_eq!(
        (again.repairs, &again.texts[0].after),
        (0, &first.texts[0].after)
    );
}

#[test]
fn what_no_repair_solves_keeps_the_place_it_had() {
    let text = "kind: A\nspec:\n  containers:\n  - name: a\n  hopeless: 1\n";
    let repaired = repaired(&[("a.yaml", text)], &[misplaced, hopeless]);
    assert_eq!(repaired.repairs, 1);
    assert!(repaired.texts[0].after.contains("template:"));
    let [problem] = &repaired.answer.problems[..] else {
        panic!()
    };
    assert_eq!(
        (problem.line, problem.message.as_str()),
        (Some(5), "no repair is known")
    );
}

#[test]
fn a_repair_that_solves_nothing_is_taken_back_and_told() {
    let text = "kind: A\nmetadata: {name: a}\nspec: {replica: 1}\n";
    let repaired = repaired(
        &[("a.yaml", text), ("b.yaml", "spec: {replica: 1}\n")],
        &[useless, misspelt],
    );
    assert_eq!(repaired.texts[0].after, text.replace("replica", "replicas"));
    assert_eq!(repaired.texts[1].after, "spec: {replicas: 1}\n");
    assert_eq!((repaired.repairs, repaired.is_refused), (2, true));
    let [problem] = &repaired.answer.problems[..] else {
        panic!()
    };
    assert_eq!(
        problem.message,
        "an odd name; its repair does not solve it, which is a fault of fedctl"
    );
}

#[test]
fn a_repair_that_the_text_refuses_is_told_with_the_reason() {
    let text = "base: &base\n  replica: 3\nspec: *base\n";
    let repaired = repaired(&[("a.yaml", text)], &[misspelt]);
    assert_eq!(repaired.texts[0].after, text);
    assert!(repaired.is_refused);
    insta::assert_snapshot!(repaired.answer.problems[0].message);
}

#[test]
fn repairs_that_undo_each_other_come_to_an_end() {
    let there: Check = misspelt;
    let back: Check = |value| {
        value.pointer("/spec/replicas")?;
        let fix = PatchOperation::move_to("/spec/replicas", "/spec/replica");
        Some(("/spec/replicas", "unknown field", vec![fix]))
    };
    let repaired = repaired(&[("a.yaml", "spec: {replica: 1}\n")], &[there, back]);
    assert_eq!((repaired.is_refused, repaired.repairs), (true, 0));
    assert_eq!(repaired.texts[0].after, "spec: {replica: 1}\n");
    let message = &repaired.answer.problems[0].message;
    assert!(message.contains("undoes another"), "{message}");
}

/// A FederatedDeployment with those of its faults whose bit is set.
fn broken(faults: u32) -> Value {
    let has = |fault: u32| faults & (1 << fault) != 0;
    let mut pod = json!({"metadata": {"labels": {"app": "web"}}, "spec": {}});
    let containers = json!([{"name": "web", "image": "nginx:1.27", "command": ["a, b", "{"]}]);
    let mut spec = json!({"selector": {"matchLabels": {"app": "web"}}});
    if has(0) {
        spec["containers"] = containers;
    } else {
        pod["spec"]["containers"] = containers;
    }
    if has(1) {
        pod["metadata"] = json!({});
    }
    if has(2) {
        spec.as_object_mut().unwrap().remove("selector");
    }
    spec[if has(3) { "replica" } else { "replicas" }] = json!(3);
    spec["template"] = pod;
    let version = if has(4) {
        "extensions/v1beta1"
    } else {
        "apps/v1"
    };
    json!({
        "apiVersion": "types.kubefed.io/v1beta1",
        "kind": "FederatedDeployment",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {
            "template": {"apiVersion": version, "kind": "Deployment", "spec": spec},
            "placement": {"clusters": [{"name": "east"}]},
        },
    })
}

fn plan(input: &Input) -> Answer {
    let ask = crate::cli::PlanArguments {
        files: Vec::new(),
        live: None,
        what_if: Vec::new(),
        now: None,
        strict: false,
        explain: false,
        output: crate::cli::Format::Json,
    };
    crate::plan::answer(input, jiff::Timestamp::UNIX_EPOCH, &ask)
}

#[test]
fn repairs_leave_no_problem_that_they_claim_to_solve_in_any_style() {
    // Which of two is wrong, labels or a selector that does not match, nobody can know.
    let is_certain = |faults: &u32| faults & 0b110 != 0b010;
    for faults in (1..32).filter(is_certain) {
        let value = broken(faults);
        let block = crate::output::yaml::render(&value);
        let flow = serde_json::to_string(&value).unwrap();
        let yaml_flow = format!("# flow\n{}\n", flow.replace("\":", "\": "));
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        for text in [block, flow, yaml_flow, pretty] {
            let input = read_text("a.yaml", text.as_str());
            let first = plan(&input);
            assert!(
                first.problems.iter().any(|problem| !problem.fix.is_empty()),
                "{text}"
            );
            let repaired = repair(input, &plan);
            let fixed = &repaired.texts[0].after;
            assert!(
                !repaired.is_refused,
                "{:?}\n{fixed}",
                repaired.answer.problems
            );
            assert!(
                !repaired.answer.has_errors(),
                "{:?}\n{fixed}",
                repaired.answer.problems
            );
            let again = repair(read_text("a.yaml", fixed.as_str()), &plan);
            assert_eq!((again.repairs, &again.texts[0].after), (0, fixed));
        }
    }
}

#[test]
fn a_summary_counts() {
    assert_eq!(summary(0, 0, true), "nothing to repair\n");
    assert_eq!(summary(1, 1, true), "made 1 repair in 1 file\n");
    assert_eq!(
        summary(3, 2, false),
        "3 repairs in 2 files can be made; `--write` makes them\n"
    );
}
