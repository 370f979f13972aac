//! How does a number of replicas in a placement become an override? `placement.clusters[].replicas`
//! is an operation at the end of the cluster's entry, else in an entry of its own behind the
//! others, and nothing where an override of that path exists.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

use serde_json::{Value, json};

use crate::identity::ClusterName;
use crate::location::Location;
use crate::problem::{Code, Problem};

/// The replicas that a placement asks for in one cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlacedReplicas {
    /// The cluster.
    pub cluster: ClusterName,
    /// How many replicas it is to have.
    pub replicas: i64,
    /// Where that stands.
    pub at: Location,
}

impl PlacedReplicas {
    /// So many replicas in this cluster, as asked for at this place.
    pub fn new(cluster: impl Into<ClusterName>, replicas: i64, at: Location) -> Self {
        Self {
            cluster: cluster.into(),
            replicas,
            at,
        }
    }
}

/// A number of replicas, and the entry to which it is appended; `None` for a new one.
pub(super) struct Lowered<'p> {
    pub(super) placed: &'p PlacedReplicas,
    pub(super) entry: Option<usize>,
}

/// What becomes of each number, in the order of the placement. Disagreements go to `warnings`.
pub(super) fn lower<'p>(
    overrides: &[Value],
    at: &Location,
    path: &str,
    placed: &'p [PlacedReplicas],
    warnings: &mut Vec<Problem>,
) -> Vec<Lowered<'p>> {
    let mut entries: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, entry) in overrides.iter().enumerate() {
        if let Some(name) = entry.get("clusterName").and_then(Value::as_str) {
            entries.entry(name).or_default().push(index);
        }
    }
    let mut seen: BTreeMap<&ClusterName, &PlacedReplicas> = BTreeMap::new();
    let mut lowered = Vec::new();
    for asked in placed {
        match seen.entry(&asked.cluster) {
            Slot::Vacant(slot) => slot.insert(asked),
            Slot::Occupied(first) => {
                warnings.extend(asked_twice(first.get(), asked));
                continue;
            }
        };
        let own = entries
            .get(asked.cluster.as_str())
            .map_or(&[][..], Vec::as_slice);
        let explicit = own
            .iter()
            .find_map(|entry| explicit(overrides, *entry, path, at));
        if let Some((operation, place)) = explicit {
            warnings.extend(overridden(asked, operation, place));
        } else {
            lowered.push(Lowered {
                placed: asked,
                entry: own.first().copied(),
            });
        }
    }
    lowered
}

/// The operation of exactly this path in an entry, with its place.
fn explicit<'v>(
    overrides: &'v [Value],
    entry: usize,
    path: &str,
    at: &Location,
) -> Option<(&'v Value, Location)> {
    let operations = overrides.get(entry)?.get("clusterOverrides")?.as_array()?;
    let found = operations.iter().enumerate().find(|(_, operation)| {
        let written = operation.get("path").and_then(Value::as_str);
        written == Some(path)
    });
    found.map(|(index, operation)| {
        let place = at.child(entry).child("clusterOverrides").child(index);
        (operation, place)
    })
}

fn overridden(asked: &PlacedReplicas, operation: &Value, place: Location) -> Option<Problem> {
    let removed = operation.get("op").and_then(Value::as_str) == Some("remove");
    let value = operation.get("value").filter(|_| !removed);
    let number = value.and_then(Value::as_number);
    if number.is_some_and(|number| same_count(number, asked.replicas)) {
        return None;
    }
    let wins = match number {
        Some(number) => format!("the override with {number} replicas wins"),
        None => "the override wins".to_owned(),
    };
    Some(disagree(
        asked,
        &format!("has an override of the same field; {wins}"),
        place,
    ))
}

fn asked_twice(first: &PlacedReplicas, again: &PlacedReplicas) -> Option<Problem> {
    (first.replicas != again.replicas).then(|| {
        let message = format!("is listed before with {}; the first wins", first.replicas);
        disagree(again, &message, first.at.clone())
    })
}

fn disagree(asked: &PlacedReplicas, what: &str, other: Location) -> Problem {
    let message = format!(
        "the placement asks for {} replicas in cluster {:?}, which {what}",
        asked.replicas,
        asked.cluster.as_str()
    );
    Problem::warning(Code::ReplicasDisagree, message)
        .in_cluster(&asked.cluster)
        .at(asked.at.clone())
        .see_also(other)
}

fn same_count(number: &serde_json::Number, count: i64) -> bool {
    match number.as_i64() {
        Some(whole) => whole == count,
        None => number
            .as_f64()
            .is_some_and(|float| float.to_string() == count.to_string()),
    }
}

/// `spec.overrides` with the replicas of the placement in it, as a server of KubeFed's own would
/// store it: what KubeFed's hash of the overrides is taken of. `None` where there is nothing.
pub fn lowered_list(
    overrides: Option<&Value>,
    replicas_path: &str,
    placed: &[PlacedReplicas],
) -> Option<Value> {
    let mut list = match overrides {
        None | Some(Value::Null) if placed.is_empty() => return overrides.cloned(),
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(items)) => items.clone(),
        Some(unreadable) => return Some(unreadable.clone()),
    };
    let lowered = lower(
        &list,
        &Location::in_code(),
        replicas_path,
        placed,
        &mut Vec::new(),
    );
    for Lowered { placed, entry } in lowered {
        let operation = json!({ "path": replicas_path, "value": placed.replicas });
        match entry.and_then(|entry| list.get_mut(entry)) {
            Some(entry) => append(entry, operation),
            None => list.push(json!({
                "clusterName": placed.cluster.as_str(),
                "clusterOverrides": [operation],
            })),
        }
    }
    Some(Value::Array(list))
}

fn append(entry: &mut Value, operation: Value) {
    let Value::Object(fields) = entry else {
        return;
    };
    match fields.get_mut("clusterOverrides") {
        Some(Value::Array(operations)) => operations.push(operation),
        None | Some(Value::Null) => {
            fields.insert("clusterOverrides".to_owned(), Value::Array(vec![operation]));
        }
        // Not readable; the entry has a fault that says so.
        Some(_) => {}
    }
}
