//! Which clusters are in this file, and what else that has no place there?

use fed_core::dialect::{self, Document};
use fed_core::kinds::Kinds;
use fed_core::{Assumptions, Code, Fleet, Location, Pointer, Problem};
use serde_json::Value;

/// The clusters of a file. Whatever else stands in it is an error.
pub(super) fn clusters(
    file: &[Document<'_>],
    kinds: &Kinds,
    assumptions: Assumptions,
    problems: &mut Vec<Problem>,
) -> Fleet {
    let mut others = Vec::new();
    for document in file {
        let at = Location::new(document.id(), Pointer::root());
        collect(document.value(), at, &mut others);
    }
    let reading = dialect::read(file, kinds, assumptions);
    let is_of_other = |problem: &&Problem| {
        problem.at.as_ref().is_some_and(|at| {
            others
                .iter()
                .any(|other| at.document == other.document && at.path.starts_with(&other.path))
        })
    };
    let of_clusters = reading
        .problems
        .iter()
        .filter(|problem| !is_of_other(problem));
    problems.extend(of_clusters.cloned());
    problems.extend(others.into_iter().map(|at| {
        let message = "only clusters can join: name the file with -f, if this is to be planned";
        Problem::error(Code::InvalidValue, message).at(at)
    }));
    reading.fleet
}

/// The places of what is neither a cluster nor a list of them.
fn collect(value: &Value, at: Location, others: &mut Vec<Location>) {
    let kind = value
        .get("kind")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let items = value.get("items").and_then(Value::as_array);
    match (kind, items) {
        ("KubeFedCluster", _) => {}
        (kind, Some(items)) if kind.ends_with("List") => {
            for (index, item) in items.iter().enumerate() {
                collect(item, at.child("items").child(index), others);
            }
        }
        _ => others.push(at),
    }
}
