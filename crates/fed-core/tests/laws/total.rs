//! Is there an answer for every input, and never a panic?

use std::fmt::Write;

use fed_core::dialect::{Document, Reading};
use fed_core::kinds::Kinds;
use fed_core::{Assumptions, DocumentId, Live, Observed, Plan, plan};
use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use crate::cases;
use crate::common::show;
use crate::documents::{anything, anything_with_a_name, mutated};

/// Asks everything that there is to ask, and gives all of the answer but the manifests.
pub(crate) fn everything(documents: &[Value], assumptions: Assumptions) -> String {
    let reading = show::read(documents, assumptions);
    let world = reading.world(assumptions);
    let plan = plan(&world);
    let mut text = format!("{reading:?} {world:?} {plan:?}");
    ask(&mut text, &reading, &plan);
    run(&mut text, documents, &plan);
    text
}

/// Asks what changes where the documents themselves run.
fn run(text: &mut String, documents: &[Value], plan: &Plan) {
    let documents: Vec<_> = (0..)
        .zip(documents)
        .map(|(number, value)| Document::new(DocumentId(number), value))
        .collect();
    let (mut live, kinds) = (Live::default(), Kinds::default());
    let problems = live.read(&"a".into(), &documents, &kinds);
    let (observed, more) = Observed::of_live(&live, &kinds, Timestamp::UNIX_EPOCH);
    let changes = plan.changes_in(&live);
    let _ = write!(
        text,
        "{live:?} {problems:?} {observed:?} {more:?} {changes:?}"
    );
    for problem in problems.iter().chain(&more) {
        assert_eq!(problem.cluster, Some("a".into()));
    }
}

fn ask(text: &mut String, reading: &Reading, plan: &Plan) {
    *text += &show::answer(&reading.problems, plan, &show::by_number);
    for object in plan.objects() {
        let intent = object.intent();
        let _ = write!(
            text,
            "{intent:?} {:?} {:?}",
            intent.template(),
            intent.overrides()
        );
        let named: Vec<_> = object.refused_named().collect();
        let _ = write!(
            text,
            "{named:?} {:?} {:?}",
            object.refused_counts(),
            object.conditions()
        );
        for cluster in plan.fleet().iter() {
            let _ = write!(text, "{:?}", object.explain(cluster.name()));
        }
        for placed in object.placed() {
            let rendered = placed.render();
            let _ = write!(text, "{placed:?} {rendered:?} {:?}", rendered.manifest());
        }
        assert!(plan.object(object.source()).is_some());
    }
}

/// Every manifest is still an object of its identity, with its mark.
fn manifests_are_objects(documents: &[Value], assumptions: Assumptions) {
    let reading = show::read(documents, assumptions);
    let plan = plan(&reading.world(assumptions));
    for object in plan.objects() {
        for placed in object.placed() {
            let rendered = placed.render();
            let value = rendered.manifest().value();
            let target = object.target();
            assert_eq!(value["apiVersion"], target.gvk().api_version());
            assert_eq!(value["kind"], target.kind());
            assert_eq!(value["metadata"]["name"], target.name());
            let namespace = value["metadata"].get("namespace").and_then(Value::as_str);
            assert_eq!(namespace, target.namespace());
            assert_eq!(
                value["metadata"]["labels"][object.intent().mark().label()],
                "true"
            );
        }
    }
}

fn both(documents: &[Value]) {
    for assumptions in [Assumptions::none(), Assumptions::lenient()] {
        everything(documents, assumptions);
        manifests_are_objects(documents, assumptions);
    }
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn any_documents_have_a_plan(documents in vec(anything(), 0..4)) {
        both(&documents);
    }

    #[test]
    fn anything_with_a_name_has_a_plan(documents in vec(anything_with_a_name(), 1..4)) {
        both(&documents);
    }

    #[test]
    fn mutated_manifests_have_a_plan(documents in mutated()) {
        both(&documents);
    }
}
