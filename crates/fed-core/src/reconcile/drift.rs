//! What of a manifest is not so in the cluster? Only what was planned counts: what a server or
//! anybody else adds is no difference.

use serde_json::Value;

use crate::intent::Mark;
use crate::location::Pointer;

/// What does not count as a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum But {
    Nothing,
    /// Our label: what is not ours does not have it.
    OurMark,
}

/// The most fields that are told.
const TOLD: usize = 16;

/// The fields of `planned` that `live` does not have like that, at most the first few.
pub(super) fn differences(planned: &Value, live: &Value, but: But) -> Vec<String> {
    let mut fields = Vec::new();
    compare(planned, Some(live), &Pointer::root(), &mut fields);
    if but == But::OurMark {
        let marks = [Mark::Native, Mark::KubeFed].map(|mark| {
            let labels = Pointer::from_text("/metadata/labels");
            labels.child(mark.label()).as_str().to_owned()
        });
        // An object without any label has not even the map.
        let only_mark = |path: &str| {
            let labels = planned
                .pointer("/metadata/labels")
                .and_then(Value::as_object);
            path == "/metadata/labels" && labels.is_some_and(|labels| labels.len() == 1)
        };
        fields.retain(|path| !marks.contains(path) && !only_mark(path));
    }
    fields.truncate(TOLD);
    fields
}

/// The labels that are there and not planned.
pub(super) fn foreign_labels(planned: &Value, live: &Value) -> Vec<String> {
    let labels = |object: &Value| object.pointer("/metadata/labels").cloned();
    let planned = labels(planned).unwrap_or_default();
    let live = labels(live).unwrap_or_default();
    let foreign = live.as_object().into_iter().flatten();
    let foreign = foreign.filter(|(label, _)| planned.get(label).is_none());
    let at = Pointer::from_text("/metadata/labels");
    foreign
        .map(|(label, _)| at.child(label).as_str().to_owned())
        .take(TOLD)
        .collect()
}

/// Has it no owner, and is there no manager but the one who made it?
pub(super) fn is_unowned(live: &Value) -> bool {
    let list = |path: &str| live.pointer(path).and_then(Value::as_array);
    let owners = list("/metadata/ownerReferences").map_or(0, Vec::len);
    let managers = list("/metadata/managedFields");
    let applied = managers
        .into_iter()
        .flatten()
        .any(|entry| entry.get("operation").and_then(Value::as_str) == Some("Apply"));
    owners == 0 && !applied
}

fn compare(planned: &Value, live: Option<&Value>, at: &Pointer, fields: &mut Vec<String>) {
    match (planned, live) {
        (Value::Object(planned), Some(Value::Object(live))) => {
            for (key, value) in planned {
                compare(value, live.get(key), &at.child(key), fields);
            }
        }
        (Value::Array(planned), Some(Value::Array(live))) => {
            compare_lists(planned, live, at, fields);
        }
        // What is planned as nothing is not there.
        (Value::Null, None) => {}
        (Value::Object(empty), None) if empty.is_empty() => {}
        (Value::Array(empty), None) if empty.is_empty() => {}
        (planned, Some(live)) if same(planned, live) => {}
        _ => fields.push(at.as_str().to_owned()),
    }
}

/// Items are the same by their names where they have some, else by their places.
fn compare_lists(planned: &[Value], live: &[Value], at: &Pointer, fields: &mut Vec<String>) {
    let named = planned.iter().all(|item| name(item).is_some());
    if !named && planned.len() != live.len() {
        fields.push(at.as_str().to_owned());
        return;
    }
    for (i, item) in planned.iter().enumerate() {
        let live = if named {
            live.iter().find(|live| name(live) == name(item))
        } else {
            live.get(i)
        };
        compare(item, live, &at.child(i), fields);
    }
}

fn name(item: &Value) -> Option<&str> {
    item.get("name").and_then(Value::as_str)
}

/// Numbers are the same by their values.
fn same(planned: &Value, live: &Value) -> bool {
    match (planned, live) {
        (Value::Number(planned), Value::Number(live)) => {
            planned == live || planned.as_f64() == live.as_f64()
        }
        _ => planned == live,
    }
}
