//! Is an object there twice? Copies count as one; where two differ, nothing tells which is meant.

use super::Entry;
use crate::problem::{Code, Problem};

/// The entries whose object is there once. Of identical copies the first is kept; of different
/// ones none is.
pub(super) fn distinct<'d>(
    mut entries: Vec<Entry<'d>>,
    problems: &mut Vec<Problem>,
) -> Vec<Entry<'d>> {
    entries.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.at.cmp(&b.at)));
    let mut kept = Vec::with_capacity(entries.len());
    for group in entries.chunk_by(|a, b| key(a) == key(b)) {
        let [first, copies @ ..] = group else {
            continue;
        };
        if copies.iter().all(|copy| copy.value == first.value) {
            problems.extend(copies.iter().map(|copy| copied(first, copy)));
            kept.push(first.clone());
        } else {
            problems.extend(group.iter().map(|entry| conflict(entry, group)));
        }
    }
    kept.sort_by(|a, b| a.at.cmp(&b.at));
    kept
}

fn key<'e>(entry: &'e Entry<'_>) -> (&'e str, &'e str, Option<&'e str>, &'e str) {
    (
        entry.gvk.group(),
        entry.gvk.kind(),
        entry.namespace.as_deref(),
        &entry.name,
    )
}

fn copied(first: &Entry<'_>, copy: &Entry<'_>) -> Problem {
    let message = format!(
        "{} is in the input twice; the copies are the same",
        copy.id()
    );
    Problem::warning(Code::DuplicateObject, message)
        .at(copy.at.clone())
        .about(&copy.id())
        .see_also(first.at.clone())
}

/// How many of the others each of many duplicates names.
const RELATED: usize = 9;

fn conflict(entry: &Entry<'_>, all: &[Entry<'_>]) -> Problem {
    let message = format!(
        "{} is in the input {} with different content, so none of it is used: keep one",
        entry.id(),
        if all.len() == 2 {
            "twice".to_owned()
        } else {
            format!("{} times", all.len())
        },
    );
    let problem = Problem::error(Code::ConflictingObjects, message)
        .at(entry.at.clone())
        .about(&entry.id());
    all.iter()
        .filter(|other| other.at != entry.at)
        .take(RELATED)
        .fold(problem, |problem, other| problem.see_also(other.at.clone()))
}
