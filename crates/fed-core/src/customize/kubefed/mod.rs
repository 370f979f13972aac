//! How are a KubeFed object's overrides read? `spec.overrides`, with the replicas of its placement.
//!
//! KubeFed checks the whole list at once, and a fault in it stops the object in every cluster. Here
//! a fault stops the cluster that its entry names; only an entry whose cluster cannot be read, or a
//! list that is none, stops all of them.

mod operation;
pub(super) mod patch;
mod replicas;

use std::collections::BTreeMap;

use serde_json::Value;

use super::entry::{Entry, Operation, Origin, Step};
use super::set::OverrideSet;
use super::targets::Targets;
use crate::identity::ClusterName;
use crate::location::Location;
use crate::problem::{Code, Problem};
use operation::{Fault, Written, text, type_of, with_fields};
use replicas::lower;
pub use replicas::{PlacedReplicas, lowered_list};

/// Reads `spec.overrides`, which stands at `at`, and adds the replicas that the placement asks for,
/// which go to `replicas_path` (such as `/spec/replicas`).
///
/// ```
/// use fed_core::customize::kubefed::override_set;
/// use fed_core::{Cluster, Location};
/// use serde_json::json;
///
/// let overrides = json!([{"clusterName": "a", "clusterOverrides": [{"path": "/spec/x", "value": 1}]}]);
/// let set = override_set(Some(&overrides), &Location::in_code(), "/spec/replicas", &[]);
/// let mut object = json!({"kind": "ConfigMap", "spec": {}});
/// set.apply(&Cluster::new("a"), &mut object)?;
/// assert_eq!(object["spec"]["x"], 1);
/// # Ok::<(), fed_core::Problem>(())
/// ```
pub fn override_set(
    overrides: Option<&Value>,
    at: &Location,
    replicas_path: &str,
    placed: &[PlacedReplicas],
) -> OverrideSet {
    let mut warnings = Vec::new();
    let items = match overrides {
        None | Some(Value::Null) => &[][..],
        Some(Value::Array(items)) => items.as_slice(),
        Some(other) => {
            let message = format!("overrides must be a list, not {}", type_of(other));
            return OverrideSet::new(vec![broken(at.clone(), message)], warnings);
        }
    };
    let each = items
        .iter()
        .enumerate()
        .map(|(index, item)| (item, at.child(index)));
    let mut entries: Vec<Entry> = each
        .map(|(item, place)| read_entry(item, place, &mut warnings))
        .collect();
    mark_duplicates(&mut entries);
    for lowered in lower(items, at, replicas_path, placed, &mut warnings) {
        let operation = Operation {
            op: "replace".into(),
            path: replicas_path.into(),
            at: Some(lowered.placed.at.clone()),
            step: Step::KubeFed(Some(patch::rounded(&lowered.placed.replicas.into()))),
        };
        match lowered.entry.and_then(|entry| entries.get_mut(entry)) {
            Some(entry) => entry.operations.push(operation),
            None => {
                let targets = Targets::named(vec![lowered.placed.cluster.clone()]);
                let at = lowered.placed.at.clone();
                let mut entry = Entry::new(targets, Origin::Placement, at);
                entry.operations.push(operation);
                entries.push(entry);
            }
        }
    }
    OverrideSet::new(entries, warnings)
}

/// An entry of which not even the cluster can be read: which one was meant cannot be known.
fn broken(at: Location, message: String) -> Entry {
    let mut entry = Entry::new(Targets::every(), Origin::KubeFed, at.clone());
    let fault = Problem::error(Code::InvalidOverride, message);
    entry.faults.push(fault.at(at));
    entry
}

fn read_entry(item: &Value, at: Location, warnings: &mut Vec<Problem>) -> Entry {
    let item = match with_fields(item) {
        Ok(item) => item,
        Err(other) => return broken(at, format!("an override must be a map, not {other}")),
    };
    let name = match text(item, "clusterName") {
        Ok(name) => name,
        Err(why) => return broken(at.child("clusterName"), why),
    };
    let mut entry = Entry::new(Targets::named(Vec::new()), Origin::KubeFed, at);
    if name.is_empty() {
        let message = "an override without a clusterName has no effect";
        let warning = Problem::warning(Code::SuspiciousOverride, message);
        warnings.push(warning.at(entry.at.clone()));
    } else {
        entry.targets = Targets::named(vec![name.into()]);
    }
    match item.get("clusterOverrides") {
        None | Some(Value::Null) => {}
        Some(Value::Array(items)) => read_operations(&mut entry, items, warnings),
        Some(other) => {
            let message = format!(
                "clusterOverrides for cluster {name:?} must be a list, not {}",
                type_of(other)
            );
            let fault = Problem::error(Code::InvalidOverride, message);
            entry
                .faults
                .push(fault.at(entry.at.child("clusterOverrides")));
        }
    }
    entry
}

fn read_operations(entry: &mut Entry, items: &[Value], warnings: &mut Vec<Problem>) {
    let name = entry.targets.only().cloned();
    let shown = name.as_ref().map_or("", ClusterName::as_str);
    let mut paths: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, item) in items.iter().enumerate() {
        let at = entry.operation_at(index);
        let says = |what: &str| format!("override {index} for cluster {shown:?} {what}");
        let (written, fault) = match Written::read(item) {
            Ok(written) => {
                let first = *paths.entry(written.path).or_insert(index);
                let repeats = (first != index).then(|| entry.operation_at(first));
                (written, written.fault(repeats))
            }
            Err(fault) => (Written::default(), Some(fault)),
        };
        entry.operations.push(written.operation(fault.is_some()));
        if let Some(Fault { code, what, first }) = fault {
            let mut problem = Problem::error(code, says(&what)).at(at);
            problem.related.extend(first);
            entry.faults.push(problem);
        } else {
            warnings.extend(written.suspicions().map(|(field, what)| {
                let mut warning = Problem::warning(Code::SuspiciousOverride, says(&what));
                warning.cluster.clone_from(&name);
                warning.at(at.join(&field))
            }));
        }
    }
}

/// Two entries for one cluster: which of them holds cannot be known, so the cluster gets neither.
fn mark_duplicates(entries: &mut [Entry]) {
    let mut first: BTreeMap<ClusterName, Location> = BTreeMap::new();
    for entry in entries {
        let Some(name) = entry.targets.only().cloned() else {
            continue;
        };
        if let Some(other) = first.get(&name) {
            let message = format!("cluster {:?} appears more than once", name.as_str());
            let fault = Problem::error(Code::InvalidOverride, message);
            let fault = fault.at(entry.at.child("clusterName"));
            entry
                .faults
                .push(fault.see_also(other.child("clusterName")));
        } else {
            first.insert(name, entry.at.clone());
        }
    }
}

#[cfg(test)]
mod tests;
