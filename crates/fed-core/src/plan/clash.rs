//! Do two intents ask for the same object? Nothing tells which one is meant, so neither is planned.

use std::cmp::Ordering;

use crate::intent::Intent;
use crate::problem::{Code, Problem};

/// The intents whose target nobody else asks for, and the problems of the others. Identical
/// intents count as one.
pub(super) fn distinct(intents: &[Intent]) -> (Vec<&Intent>, Vec<Problem>) {
    let mut sorted: Vec<_> = intents.iter().collect();
    sorted.sort_by(|a, b| order(a, b));
    let mut kept = Vec::with_capacity(sorted.len());
    let mut problems = Vec::new();
    for group in sorted.chunk_by(|a, b| target_key(a) == target_key(b)) {
        match group {
            [first, rest @ ..] if rest.iter().all(|other| other == first) => kept.push(*first),
            clashing => problems.extend(clashing.iter().map(|intent| clash(intent, clashing))),
        }
    }
    (kept, problems)
}

fn target_key(intent: &Intent) -> (&str, &str, Option<&str>, &str) {
    let target = intent.target();
    (
        target.kind(),
        target.group(),
        target.namespace(),
        target.name(),
    )
}

/// By target; then by what tells the intents of one target apart in a message.
fn order(a: &Intent, b: &Intent) -> Ordering {
    let by_target = target_key(a).cmp(&target_key(b));
    let by_source = || a.source().cmp(b.source());
    let by_place = || a.origin().source.cmp(&b.origin().source);
    by_target.then_with(by_source).then_with(by_place)
}

/// How many of the others each of many clashing intents names.
const RELATED: usize = 9;

fn clash(intent: &Intent, all: &[&Intent]) -> Problem {
    let others: Vec<_> = all
        .iter()
        .filter(|other| !std::ptr::eq(**other, intent))
        .take(RELATED)
        .collect();
    let names: Vec<_> = others
        .iter()
        .map(|other| other.source().to_string())
        .collect();
    let message = format!(
        "{} asks for {}, and so does {}: none of them is planned; remove all but one",
        intent.source(),
        intent.target(),
        names.join(" and "),
    );
    let problem = Problem::error(Code::ConflictingObjects, message)
        .at(intent.origin().source.clone())
        .about(intent.source());
    others.iter().fold(problem, |problem, other| {
        problem.see_also(other.origin().source.clone())
    })
}
