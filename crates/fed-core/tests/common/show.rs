//! What does a plan say, as text that people read and snapshots keep?

// Each test binary uses a part of it.
#![allow(dead_code, unreachable_pub, clippy::expect_used)]

use std::fmt::Write;

use fed_core::dialect::{self, Document, Reading};
use fed_core::kinds::Kinds;
use fed_core::plan::PlannedObject;
use fed_core::{Assumptions, DocumentId, Location, Plan, Problem, Reason, plan};
use serde_json::Value;

/// How a document is called where a problem stands in it.
pub type Names<'n> = &'n dyn Fn(DocumentId) -> String;

/// Every document by its number.
pub fn by_number(id: DocumentId) -> String {
    format!("#{}", id.0)
}

/// Reads documents, numbered in this order.
pub fn read(documents: &[Value], assumptions: Assumptions) -> Reading {
    read_numbered(documents.iter().enumerate(), assumptions)
}

/// Reads documents under these numbers.
pub fn read_numbered<'d>(
    documents: impl IntoIterator<Item = (usize, &'d Value)>,
    assumptions: Assumptions,
) -> Reading {
    let documents: Vec<_> = documents
        .into_iter()
        .map(|(number, value)| {
            let number = u32::try_from(number).expect("few documents");
            Document::new(DocumentId(number), value)
        })
        .collect();
    dialect::read(&documents, &Kinds::default(), assumptions)
}

/// Documents, read and planned with everything assumed that may be, as text.
pub fn lenient(documents: &[Value]) -> String {
    text(documents, Assumptions::lenient())
}

/// Documents, read and planned with nothing assumed, as text.
pub fn strict(documents: &[Value]) -> String {
    text(documents, Assumptions::none())
}

/// Documents, read and planned, as text.
pub fn text(documents: &[Value], assumptions: Assumptions) -> String {
    let reading = read(documents, assumptions);
    let plan = plan(&reading.world(assumptions));
    answer(&reading.problems, &plan, &by_number)
}

/// The whole answer: every object, then every problem.
pub fn answer(read: &[Problem], plan: &Plan, names: Names<'_>) -> String {
    let mut text = String::new();
    for planned in plan.objects() {
        text += &object(&planned);
    }
    let problems: Vec<_> = read.iter().cloned().chain(plan.check()).collect();
    if !problems.is_empty() {
        text += "problems\n";
        for found in &problems {
            text += &problem(found, names);
        }
    }
    text
}

/// One object: where it goes and where not, with the reasons.
pub fn object(object: &PlannedObject<'_>) -> String {
    let mut text = String::new();
    let (source, target) = (object.source(), object.target());
    let _ = write!(text, "{} {target}", target.gvk().api_version());
    if source != target {
        let _ = write!(text, " by {source}");
    }
    text.push('\n');
    for placed in object.placed() {
        let rendered = placed.render();
        let _ = write!(text, "  + {}", placed.cluster().name());
        if let Some(replicas) = rendered.manifest().replicas() {
            let _ = write!(text, " ({replicas})");
        }
        text.push('\n');
        reasons(&mut text, &placed.reasons());
        if let Some(why) = placed.why_so_many() {
            let _ = writeln!(text, "      {why}");
        }
        let faults: Vec<_> = rendered.faults().map(Problem::reason).collect();
        reasons(&mut text, &faults);
    }
    for refused in object.refused() {
        let _ = writeln!(text, "  - {}", refused.cluster);
        reasons(&mut text, &refused.reasons);
    }
    for condition in object.conditions() {
        let _ = writeln!(
            text,
            "  {} {:?} {}: {}",
            condition.kind, condition.status, condition.reason, condition.message
        );
    }
    text
}

fn reasons(text: &mut String, reasons: &[Reason]) {
    for reason in reasons {
        let _ = writeln!(text, "      {}: {reason}", reason.code);
    }
}

/// One problem: how grave, what, where, about what, and its sentence.
pub fn problem(problem: &Problem, names: Names<'_>) -> String {
    let mut text = format!("  {} {}", problem.severity, problem.code);
    if let Some(at) = &problem.at {
        let _ = write!(text, " at {}", place(at, names));
    }
    for other in &problem.related {
        let _ = write!(text, " and {}", place(other, names));
    }
    if let Some(object) = &problem.object {
        let _ = write!(text, " [{object}]");
    }
    if let Some(cluster) = &problem.cluster {
        let _ = write!(text, " in {cluster}");
    }
    let _ = writeln!(text, "\n      {}", problem.message);
    for repair in &problem.fix {
        let repair = serde_json::to_string(repair).expect("a patch can be written");
        let _ = writeln!(text, "      fix: {repair}");
    }
    text
}

fn place(at: &Location, names: Names<'_>) -> String {
    match at.document {
        Some(document) => format!("{}{}", names(document), at.path),
        None => format!("code{}", at.path),
    }
}
