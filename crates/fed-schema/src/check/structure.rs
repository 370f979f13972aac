//! Does an object look as its schema says? Types, required fields, allowed values, unknown fields
//! and keys of lists.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::misplaced::right_place;
use super::nearest::nearest;
use super::violation::{Fault, Violation};
use crate::shape::{ListType, Shape};
use crate::types::Type;

/// All that contradicts the schema, in the order of the fields.
pub(super) fn check(root: Type<'_>, object: &Value) -> Vec<Violation> {
    let mut found = Vec::new();
    value(root, object, &mut String::new(), &mut found);
    found
}

/// Checks one value. `path` is its place, and the same when this returns.
fn value(of: Type<'_>, value: &Value, path: &mut String, found: &mut Vec<Violation>) {
    // For Kubernetes null is no value at all.
    if value.is_null() {
        return;
    }
    if !fits(of.shape(), value) {
        let fault = Fault::WrongType {
            wanted: of.shape().describe(),
            found: type_of(value),
        };
        found.push(Violation::new(path.as_str(), fault));
        return;
    }
    if !of.allowed().is_empty() && !of.allowed().contains(value) {
        let allowed = of.allowed().iter().map(text).collect();
        found.push(Violation::new(path.as_str(), Fault::NotAllowed { allowed }));
    }
    match value {
        Value::Object(fields) => object(of, fields, path, found),
        Value::Array(items) => list(of, items, path, found),
        _ => {}
    }
}

fn object(
    of: Type<'_>,
    fields: &Map<String, Value>,
    path: &mut String,
    found: &mut Vec<Violation>,
) {
    for required in of.required() {
        if fields.get(required).is_none_or(Value::is_null) {
            let fault = Fault::Missing {
                field: required.to_owned(),
            };
            found.push(Violation::new(path.as_str(), fault));
        }
    }
    for (name, inner) in fields {
        within(path, name, |path| match of.child(name) {
            Some(known) => value(known, inner, path, found),
            None => {
                let fault = Fault::Unknown {
                    meant: meant(of, fields, name, inner),
                    belongs: right_place(of, name, inner),
                };
                found.push(Violation::new(path.as_str(), fault));
            }
        });
    }
}

fn list(of: Type<'_>, items: &[Value], path: &mut String, found: &mut Vec<Violation>) {
    let Some(of_items) = of.items() else { return };
    let mut seen: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for (index, item) in items.iter().enumerate() {
        within(path, &index.to_string(), |path| {
            value(of_items, item, path, found);
            let Some((keys, key)) = key(of, of_items, item) else {
                return;
            };
            let first = *seen.entry(key).or_insert(index);
            if first != index {
                found.push(Violation::new(
                    path.as_str(),
                    Fault::DuplicateItem { keys, first },
                ));
            }
        });
    }
}

/// The names and values of the fields that tell an item from the others of its list.
fn key(of: Type<'_>, of_items: Type<'_>, item: &Value) -> Option<(Vec<String>, Vec<String>)> {
    match of.list_type()? {
        ListType::Atomic => None,
        ListType::Set => Some((vec!["value".to_owned()], vec![item.to_string()])),
        ListType::Map => {
            let keys: Vec<_> = of.map_keys().iter().map(ToString::to_string).collect();
            let of_item = |key: &String| {
                let declared = of_items.field(key).and_then(Type::default);
                item.get(key)
                    .or(declared)
                    .map_or_else(String::new, Value::to_string)
            };
            // An item without any of its keys is told to miss them.
            let has_key = keys.iter().any(|key| item.get(key).is_some());
            has_key.then(|| (keys.clone(), keys.iter().map(of_item).collect()))
        }
    }
}

/// A field beside an unknown one that was probably meant: near in name, still free, and one that
/// could have the value.
fn meant(of: Type<'_>, fields: &Map<String, Value>, name: &str, inner: &Value) -> Option<String> {
    let free = of
        .fields()
        .filter(|(known, known_type)| {
            !fields.contains_key(*known) && fits(known_type.shape(), inner)
        })
        .map(|(known, _)| known);
    nearest(name, free).map(str::to_owned)
}

/// Could a field of this shape have the value, as far as its type goes?
pub(super) fn fits(shape: Shape, value: &Value) -> bool {
    match shape {
        Shape::Object | Shape::Map | Shape::AnyObject => value.is_object(),
        Shape::List => value.is_array(),
        Shape::String | Shape::Bytes | Shape::DateTime => value.is_string(),
        Shape::Int32 => value
            .as_i64()
            .is_some_and(|number| i32::try_from(number).is_ok()),
        Shape::Int64 | Shape::Integer => value.is_i64(),
        Shape::Number => value.is_number(),
        Shape::Boolean => value.is_boolean(),
        Shape::IntOrString => value.is_i64() || value.is_string(),
        Shape::Quantity => value.is_number() || value.is_string(),
        Shape::Any => true,
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.is_i64() => "a whole number",
        Value::Number(number) if number.is_u64() => "a number that is too large",
        Value::Number(_) => "a number with a fraction",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Calls `visit` with one more segment on the path.
pub(super) fn within(path: &mut String, segment: &str, visit: impl FnOnce(&mut String)) {
    let before = path.len();
    path.push('/');
    path.push_str(&segment.replace('~', "~0").replace('/', "~1"));
    visit(path);
    path.truncate(before);
}
