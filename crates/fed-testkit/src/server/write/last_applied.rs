//! What does it mean that `kubectl` applied an object by itself before it had the server do so? It
//! wrote down what it applied; what still is like that may be taken over without a conflict.

use serde_json::Value;

use super::{metadata, text};
use crate::server::fields::{Conflict, FieldSet, compare, owned_by};
use fed_schema::Type;

/// The only manager for whom this holds.
const MANAGER: &str = "kubectl";
const ANNOTATION: &str = "kubectl.kubernetes.io/last-applied-configuration";
const PLACE: &str = "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration";

/// The conflicts that are left, where this manager applies to this object.
pub(super) fn remaining(
    root: Type<'_>,
    live: &Value,
    manager: &str,
    conflicts: Vec<Conflict>,
) -> Vec<Conflict> {
    let before: Option<Value> = serde_json::from_str(text(live, PLACE)).ok();
    let Some(before) = before.filter(|_| manager == MANAGER) else {
        return conflicts;
    };
    let difference = compare(root, &before, live);
    let unchanged = owned_by(root, &before)
        .difference(&difference.modified)
        .difference(&difference.added)
        .difference(&difference.removed);
    let left = |conflict: Conflict| Conflict {
        fields: conflict.fields.difference(&unchanged),
        ..conflict
    };
    let is_left = |conflict: &Conflict| conflict.fields != FieldSet::new();
    conflicts.into_iter().map(left).filter(is_left).collect()
}

/// The object with word of what was applied last, where it has such word and it is another.
pub(super) fn written_down(object: &Value, manager: &str, config: &Value) -> Option<Value> {
    let held = text(object, PLACE);
    if manager != MANAGER || held.is_empty() {
        return None;
    }
    let mut config = config.clone();
    let fields = metadata(&mut config);
    fields.remove("managedFields");
    if let Some(annotations) = fields.get_mut("annotations").and_then(Value::as_object_mut) {
        annotations.remove(ANNOTATION);
    }
    let told = format!("{config}\n");
    let mut object = object.clone();
    let annotations = metadata(&mut object).get_mut("annotations")?;
    let place = annotations.get_mut(ANNOTATION)?;
    let is_new = *place != told;
    *place = told.into();
    is_new.then_some(object)
}
