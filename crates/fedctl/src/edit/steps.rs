//! Which small steps make up a JSON Patch? Each step changes the text in one place.

use fed_core::customize::PatchOp;
use fed_core::{PatchOperation, Pointer};
use serde_json::Value;

use super::value::same;

/// One change of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// Puts a value in the place of another.
    Set(Pointer, Value),
    /// Adds an entry or item.
    Insert(Pointer, Value),
    /// Takes an entry or item away.
    Remove(Pointer),
    /// Gives an entry another key in the same mapping.
    Rename(Pointer, String),
    /// Takes a value to another place.
    Move { from: Pointer, to: Pointer },
}

impl Step {
    /// The place that it is about.
    pub(super) fn path(&self) -> &Pointer {
        match self {
            Self::Set(path, _)
            | Self::Insert(path, _)
            | Self::Remove(path)
            | Self::Rename(path, _) => path,
            Self::Move { from, .. } => from,
        }
    }
}

/// The steps of one operation on this document, to which it is known to apply.
pub(super) fn steps(operation: &PatchOperation, document: &Value) -> Vec<Step> {
    let path = Pointer::from_text(operation.path.clone());
    let from = Pointer::from_text(operation.from.clone().unwrap_or_default());
    let value = || operation.value.clone().unwrap_or_default();
    match operation.op {
        PatchOp::Test => Vec::new(),
        PatchOp::Remove => vec![Step::Remove(path)],
        PatchOp::Replace => replace(&path, &value(), document),
        PatchOp::Add => add(path, value(), document),
        PatchOp::Copy => {
            let value = from.resolve(document).cloned().unwrap_or_default();
            add(path, value, document)
        }
        PatchOp::Move => move_to(from, path, document),
    }
}

fn add(path: Pointer, value: Value, document: &Value) -> Vec<Step> {
    let parent = path.parent().and_then(|parent| parent.resolve(document));
    let is_there = match parent {
        Some(Value::Array(items)) => return vec![Step::Insert(counted(&path, items.len()), value)],
        _ => path.resolve(document).is_some(),
    };
    if is_there {
        replace(&path, &value, document)
    } else {
        vec![Step::Insert(path, value)]
    }
}

/// The same path, with a number in the place of a `-` at its end.
fn counted(path: &Pointer, count: usize) -> Pointer {
    let is_end = path.tokens().last().is_some_and(|token| token == "-");
    match path.parent().filter(|_| is_end) {
        Some(parent) => parent.child(count),
        None => path.clone(),
    }
}

fn move_to(from: Pointer, path: Pointer, document: &Value) -> Vec<Step> {
    if from == path {
        return Vec::new();
    }
    if let Some(rest) = without_item(&from, &path, document) {
        let around = path.parent().and_then(|around| around.resolve(&rest));
        if path.resolve(&rest).is_none() || around.is_some_and(Value::is_array) {
            return vec![Step::Move { from, to: path }];
        }
        let value = from.resolve(document).cloned().unwrap_or_default();
        let steps = replace(&path, &value, &rest);
        return [Step::Remove(from)].into_iter().chain(steps).collect();
    }
    let parent = path.parent().and_then(|parent| parent.resolve(document));
    let is_mapping = matches!(parent, Some(Value::Object(_)));
    let is_there = path.resolve(document).is_some() && (is_mapping || parent.is_none());
    if is_there && from.starts_with(&path) {
        let value = from.resolve(document).cloned().unwrap_or_default();
        return replace(&path, &value, document);
    }
    let removal = is_there.then(|| Step::Remove(path.clone()));
    let name = path.tokens().last().map(std::borrow::Cow::into_owned);
    if is_mapping && from.parent() == path.parent() {
        let rename = Step::Rename(from, name.unwrap_or_default());
        return removal.into_iter().chain([rename]).collect();
    }
    let to = match (parent, from.parent() == path.parent()) {
        (Some(Value::Array(items)), is_same) => counted(&path, items.len() - usize::from(is_same)),
        _ => path,
    };
    removal
        .into_iter()
        .chain([Step::Move { from, to }])
        .collect()
}

/// The document without the item at `from`, if the way to `path` leads through another item of the
/// same list: later ones change their numbers before `path` is looked up.
pub(super) fn without_item(from: &Pointer, path: &Pointer, document: &Value) -> Option<Value> {
    let list = from.parent()?;
    let around = path.parent()?;
    if around == list || !around.starts_with(&list) {
        return None;
    }
    let mut rest = document.clone();
    let Value::Array(items) = rest.pointer_mut(list.as_str())? else {
        return None;
    };
    let index = from.tokens().last()?.parse::<usize>().ok()?;
    if index < items.len() {
        items.remove(index);
    }
    Some(rest)
}

fn replace(path: &Pointer, value: &Value, document: &Value) -> Vec<Step> {
    let mut steps = Vec::new();
    if let Some(old) = path.resolve(document) {
        differ(path, old, value, &mut steps);
    }
    steps
}

/// Changes what differs, and leaves the text of the rest alone. Values of a document are not
/// nested deeper than the reader lets them be.
fn differ(path: &Pointer, old: &Value, new: &Value, steps: &mut Vec<Step>) {
    if same(old, new) {
        return;
    }
    match (old, new) {
        (Value::Object(before), Value::Object(after))
            if before.keys().any(|key| after.contains_key(key)) =>
        {
            for (key, old) in before {
                match after.get(key) {
                    Some(new) => differ(&path.child(key), old, new, steps),
                    None => steps.push(Step::Remove(path.child(key))),
                }
            }
            let added = after.iter().filter(|(key, _)| !before.contains_key(*key));
            steps.extend(added.map(|(key, value)| Step::Insert(path.child(key), value.clone())));
        }
        (Value::Array(before), Value::Array(after)) if !before.is_empty() && !after.is_empty() => {
            items_differ(path, before, after, steps);
        }
        _ => steps.push(Step::Set(path.clone(), new.clone())),
    }
}

/// Items that are the same at both ends stay; those between are changed one by one.
fn items_differ(path: &Pointer, before: &[Value], after: &[Value], steps: &mut Vec<Step>) {
    let pairs = before.iter().zip(after);
    let first = pairs.take_while(|(old, new)| same(old, new)).count();
    let rest = before.len().min(after.len()) - first;
    let ends = before.iter().rev().zip(after.iter().rev()).take(rest);
    let last = ends.take_while(|(old, new)| same(old, new)).count();
    let (old_end, new_end) = (before.len() - last, after.len() - last);
    let common = old_end.min(new_end);
    for (index, (old, new)) in before
        .iter()
        .zip(after)
        .enumerate()
        .take(common)
        .skip(first)
    {
        differ(&path.child(index), old, new, steps);
    }
    steps.extend(
        (common..old_end)
            .rev()
            .map(|index| Step::Remove(path.child(index))),
    );
    for (index, item) in after.iter().enumerate().take(new_end).skip(common) {
        steps.push(Step::Insert(path.child(index), item.clone()));
    }
}
