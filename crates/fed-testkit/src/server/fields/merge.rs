//! What is an object after something was applied to it, or taken out of it?

use std::collections::BTreeMap;

use fed_schema::Type;
use serde_json::{Map, Value};

use super::element::PathElement;
use super::set::FieldSet;
use super::typed::{Form, elements, form, is_empty, step};

/// An object with what was applied laid over it.
pub fn merge(of: Type<'_>, live: &Value, applied: &Value) -> Value {
    merged(of, Some(live), Some(applied)).unwrap_or_default()
}

fn merged(of: Type<'_>, live: Option<&Value>, applied: Option<&Value>) -> Option<Value> {
    let (Some(before), Some(after)) = (live, applied) else {
        return applied.or(live).cloned();
    };
    // Two empty things, or two of different sorts, are no two things to merge.
    if form(of, before) != form(of, after) || (is_empty(live) && is_empty(applied)) {
        return Some(after.clone());
    }
    match form(of, after) {
        Form::Leaf => Some(after.clone()),
        Form::Fields => Some(merge_fields(of, before, after)),
        Form::Items => Some(merge_items(of, before, after)),
    }
}

fn merge_fields(of: Type<'_>, live: &Value, applied: &Value) -> Value {
    let mut fields = live.as_object().cloned().unwrap_or_default();
    for (name, value) in applied.as_object().into_iter().flatten() {
        let before = fields.get(name);
        let inner = match of.child(name) {
            Some(of) => merged(of, before, Some(value)),
            None => Some(value.clone()),
        };
        if let Some(inner) = inner {
            fields.insert(name.clone(), inner);
        }
    }
    Value::Object(fields)
}

/// Items that were applied stand in the order in which they were applied; the others keep their
/// places among those that both lists have.
fn merge_items(of: Type<'_>, live: &Value, applied: &Value) -> Value {
    let Some(of_items) = of.items() else {
        return applied.clone();
    };
    let (before, after) = (elements(of, Some(live)), elements(of, Some(applied)));
    let mut mine: BTreeMap<&PathElement, Option<&Value>> = BTreeMap::new();
    for (element, item) in &before {
        // Items that stand there twice are merged with nothing.
        let once = mine.contains_key(element);
        mine.insert(element, (!once).then_some(*item));
    }
    let is_applied = |element: &PathElement| after.iter().any(|(other, _)| other == element);
    let mut shared = after
        .iter()
        .map(|(element, _)| element)
        .filter(|element| mine.contains_key(element))
        .peekable();
    let mut done: Vec<&PathElement> = Vec::new();
    let mut out = Vec::new();
    let (mut old, mut new) = (before.iter().peekable(), after.iter().peekable());
    loop {
        // An old item that is not applied stays where it is; one that is waits for its turn.
        if let Some((element, item)) = old.peek() {
            if !is_applied(element) {
                out.push((*item).clone());
                old.next();
                continue;
            }
            let is_next = new.peek().is_some_and(|(other, _)| other == element);
            let another = shared.peek().is_some_and(|wanted| *wanted != element);
            if !is_next && another && new.peek().is_some() {
                old.next();
                continue;
            }
            if done.contains(&element) {
                old.next();
            }
        }
        let Some((element, item)) = new.next() else {
            if old.peek().is_none() {
                break;
            }
            continue;
        };
        if old.peek().is_some_and(|(other, _)| other == element) {
            old.next();
        }
        if shared.peek() == Some(&element) {
            shared.next();
        }
        let beside = mine.get(element).copied().flatten();
        out.extend(merged(of_items, beside, Some(item)));
        done.push(element);
    }
    Value::Array(out)
}

/// An object without the fields of a set; `None` where nothing is left of it.
pub fn without(of: Type<'_>, value: &Value, set: &FieldSet) -> Option<Value> {
    match (form(of, value), value) {
        (Form::Fields, Value::Object(fields)) => {
            let mut left = Map::new();
            for (name, inner) in fields {
                let element = PathElement::field(name);
                if set.has(&element) {
                    continue;
                }
                let inner = remaining(of, &element, inner, set);
                left.insert(name.clone(), inner);
            }
            (!left.is_empty()).then_some(Value::Object(left))
        }
        (Form::Items, Value::Array(items)) => {
            let mut left = Vec::new();
            for item in items {
                let Ok(element) = super::typed::element_of(of, item) else {
                    left.push(item.clone());
                    continue;
                };
                if !set.has(&element) {
                    left.push(remaining(of, &element, item, set));
                }
            }
            (!left.is_empty()).then_some(Value::Array(left))
        }
        (Form::Leaf, Value::Array(_) | Value::Object(_)) => None,
        _ => Some(value.clone()),
    }
}

fn remaining(of: Type<'_>, element: &PathElement, value: &Value, set: &FieldSet) -> Value {
    match (set.below(element), step(of, element)) {
        (Some(below), Some(of)) => without(of, value, below).unwrap_or_default(),
        _ => value.clone(),
    }
}
