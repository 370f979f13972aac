//! How is a fault mended, where there is only one way? As a JSON Patch of the document it stands in.

use serde_json::{Map, Value};

use super::fault::{Fault, Violation};
use crate::customize::PatchOperation;
use crate::dialect::field_name;
use crate::intent::Intent;
use crate::location::{Location, Pointer};
use crate::problem::Code;

/// The repair of a fault of the template; empty where none is certain.
pub(super) fn repair(
    intent: &Intent,
    violation: &Violation,
    right_place: Option<&Pointer>,
) -> Vec<PatchOperation> {
    let mending = Mending { intent };
    match (&violation.fault, right_place) {
        (Fault::Unknown { .. }, Some(right)) => mending.relocate(&violation.path, right),
        (
            Fault::Unknown {
                meant: Some(meant), ..
            },
            None,
        ) => {
            let parent = violation.path.parent().unwrap_or_default();
            mending.relocate(&violation.path, &parent.child(meant))
        }
        (Fault::Missing { field }, _) if field == "selector" => mending.selector(&violation.path),
        (
            Fault::Rule {
                code: Code::SelectorMismatchesLabels,
                ..
            },
            _,
        ) => mending.pod_labels(),
        _ => Vec::new(),
    }
}

/// What to add where something is missing, for people.
pub(super) fn advice(intent: &Intent, violation: &Violation) -> Option<String> {
    let Fault::Missing { field } = &violation.fault else {
        return None;
    };
    let mending = Mending { intent };
    let (labels_path, labels) = mending.labels_of_pods()?;
    let selects_pods = labels_path.starts_with(&violation.path.child("template"));
    if field != "selector" || !selects_pods {
        return None;
    }
    let place = field_name(&labels_path);
    Some(match labels {
        Some(_) => format!("write matchLabels with the labels of the pods, as in {place}"),
        None => format!(
            "give the pods labels, such as app: {}, in {place}, and write the same as matchLabels",
            intent.target().name()
        ),
    })
}

/// Replaces what stands there.
pub(super) fn replace(at: &Location, value: Value) -> Vec<PatchOperation> {
    vec![PatchOperation::replace(at.path.as_str(), value)]
}

struct Mending<'i> {
    intent: &'i Intent,
}

impl Mending<'_> {
    fn get(&self, path: &Pointer) -> Option<&Value> {
        self.intent
            .template()
            .get(path)
            .filter(|value| !value.is_null())
    }

    /// A path of the template as a path of its document.
    fn in_document(&self, path: &Pointer) -> Pointer {
        self.intent.origin().template.path.join(path.as_str())
    }

    /// Moves a field, if it is there and its right place is free.
    fn relocate(&self, from: &Pointer, to: &Pointer) -> Vec<PatchOperation> {
        let can_move = self.get(from).is_some() && self.get(to).is_none() && !to.starts_with(from);
        if !can_move || self.is_overridden(from, to) {
            return Vec::new();
        }
        let Some(mut operations) = self.parents(to) else {
            return Vec::new();
        };
        let (from, to) = (self.in_document(from), self.in_document(to));
        operations.push(PatchOperation::move_to(from.as_str(), to.as_str()));
        operations
    }

    /// Does an override of any cluster count on a field that would move? Then moving it alone is
    /// no repair.
    fn is_overridden(&self, from: &Pointer, to: &Pointer) -> bool {
        let mut operations = self
            .intent
            .overrides()
            .entries()
            .flat_map(|entry| entry.operations());
        operations.any(|operation| {
            let path = Pointer::from_text(operation.path());
            [from, to]
                .iter()
                .any(|field| path.starts_with(field) || field.starts_with(&path))
        })
    }

    /// What makes the objects above `path` that are missing; `None` if something else stands there.
    fn parents(&self, path: &Pointer) -> Option<Vec<PatchOperation>> {
        let mut above = Vec::new();
        let mut next = path.parent();
        while let Some(parent) = next {
            match self.get(&parent) {
                Some(Value::Object(_)) => break,
                Some(_) => return None,
                None => above.push(parent.clone()),
            }
            next = parent.parent();
        }
        let empty = || Value::Object(Map::new());
        let add = |path: &Pointer| PatchOperation::add(self.in_document(path).as_str(), empty());
        Some(above.iter().rev().map(add).collect())
    }

    /// Adds a value where nothing stands yet.
    fn add(&self, path: &Pointer, value: Value) -> Option<Vec<PatchOperation>> {
        let mut operations = self.parents(path)?;
        operations.push(PatchOperation::add(self.in_document(path).as_str(), value));
        Some(operations)
    }

    /// Where the labels of the pods stand, and what they are.
    fn labels_of_pods(&self) -> Option<(Pointer, Option<&Map<String, Value>>)> {
        let pods = Pointer::from_text(self.intent.kind()?.pod_template_path()?);
        let path = pods.child("metadata").child("labels");
        let labels = self
            .get(&path)
            .and_then(Value::as_object)
            .filter(|all| !all.is_empty());
        Some((path, labels))
    }

    /// The selector of an object, made from the labels of its pods; and those, where there are
    /// none, from its own, or from its name.
    fn selector(&self, parent: &Pointer) -> Vec<PatchOperation> {
        let Some((labels_path, labels)) = self.labels_of_pods() else {
            return Vec::new();
        };
        // Only where the template of the pods is there is its selector missing for itself.
        let selects_pods = labels_path.starts_with(&parent.child("template"));
        if !selects_pods || self.get(&parent.child("template")).is_none() {
            return Vec::new();
        }
        let mut operations = Vec::new();
        let labels = match labels {
            Some(labels) => labels.clone(),
            None => {
                let own = self.own_labels();
                match self.add(&labels_path, Value::Object(own.clone())) {
                    Some(added) => operations.extend(added),
                    None => return Vec::new(),
                }
                own
            }
        };
        let mut selector = Map::new();
        selector.insert("matchLabels".to_owned(), Value::Object(labels));
        match self.add(&parent.child("selector"), Value::Object(selector)) {
            Some(added) => operations.extend(added),
            None => return Vec::new(),
        }
        operations
    }

    fn own_labels(&self) -> Map<String, Value> {
        let own = self
            .get(&Pointer::from_text("/metadata/labels"))
            .and_then(Value::as_object);
        own.filter(|labels| !labels.is_empty())
            .cloned()
            .unwrap_or_else(|| {
                let name = Value::from(self.intent.target().name());
                Map::from_iter([("app".to_owned(), name)])
            })
    }

    /// The labels of pods that have none, made from the selector that is to match them.
    fn pod_labels(&self) -> Vec<PatchOperation> {
        let Some((path, None)) = self.labels_of_pods() else {
            return Vec::new();
        };
        let selector = self
            .get(&Pointer::from_text("/spec/selector"))
            .and_then(Value::as_object);
        let Some(selector) = selector else {
            return Vec::new();
        };
        match selector.get("matchLabels") {
            Some(Value::Object(labels)) if selector.len() == 1 && !labels.is_empty() => self
                .add(&path, Value::Object(labels.clone()))
                .unwrap_or_default(),
            _ => Vec::new(),
        }
    }
}
