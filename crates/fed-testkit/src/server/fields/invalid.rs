//! Can an object be applied at all? What its schema says of its fields, in the server's words.

use std::collections::BTreeSet;

use fed_schema::{ListType, Shape, Type};
use serde_json::Value;

use super::element::PathElement;
use super::typed::element_of;

/// What keeps an object from being applied, each with its path: unknown fields, values of a wrong
/// type, items that stand there twice or have no key. `None` where nothing does.
pub fn why_not_applicable(of: Type<'_>, object: &Value) -> Option<String> {
    let mut found = Vec::new();
    check(of, object, "", &mut found);
    match &found[..] {
        [] => None,
        [one] => Some(one.clone()),
        several => Some(format!("errors:\n  {}", several.join("\n  "))),
    }
}

fn check(of: Type<'_>, value: &Value, path: &str, found: &mut Vec<String>) {
    let mut say = |what: String| {
        // At the top there is no path to say.
        let place = if path.is_empty() {
            String::new()
        } else {
            format!("{path}: ")
        };
        found.push(format!("{place}{what}"));
    };
    if value.is_null() {
        return;
    }
    match (of.shape(), value) {
        (Shape::Object | Shape::Map | Shape::AnyObject, Value::Object(fields)) => {
            for (name, inner) in fields {
                let place = format!("{path}.{name}");
                match of.child(name) {
                    Some(of) => check(of, inner, &place, found),
                    None => found.push(format!("{place}: field not declared in schema")),
                }
            }
        }
        (Shape::Object | Shape::Map | Shape::AnyObject, _) => {
            say(format!("expected map, got &{{{}}}", go(value)));
        }
        (Shape::List, Value::Array(items)) => check_items(of, items, path, found),
        (Shape::List, _) => say(format!("expected list, got &{{{}}}", go(value))),
        (Shape::String | Shape::Bytes | Shape::DateTime, value) if !value.is_string() => {
            say(format!(
                "expected string, got &value.valueUnstructured{{Value:{}}}",
                go(value)
            ));
        }
        (Shape::Boolean, value) if !value.is_boolean() => {
            say(format!(
                "expected boolean, got &value.valueUnstructured{{Value:{}}}",
                go(value)
            ));
        }
        (Shape::Int32 | Shape::Int64 | Shape::Integer | Shape::Number, value)
            if !value.is_number() =>
        {
            say(format!(
                "expected numeric (int or float), got {}",
                if value.is_string() {
                    "string"
                } else {
                    sort(value)
                }
            ));
        }
        (Shape::IntOrString | Shape::Quantity, Value::Object(_) | Value::Array(_)) => {
            say(format!("expected scalar, got {}", sort(value)));
        }
        _ => {}
    }
}

fn check_items(of: Type<'_>, items: &[Value], path: &str, found: &mut Vec<String>) {
    let is_keyed = matches!(of.list_type(), Some(ListType::Map | ListType::Set));
    let mut seen = BTreeSet::new();
    for (index, item) in items.iter().enumerate() {
        let element = if is_keyed {
            match element_of(of, item) {
                Ok(element) => element,
                Err(key) => {
                    found.push(format!(
                        "{path}: element {index}: associative list with keys has an element that omits key field {key:?} (and doesn't have default value)"
                    ));
                    continue;
                }
            }
        } else {
            PathElement::Index(i64::try_from(index).unwrap_or(i64::MAX))
        };
        let place = format!("{path}{element}");
        if let Some(of) = of.items() {
            check(of, item, &place, found);
        }
        if is_keyed && !seen.insert(element.clone()) {
            found.push(format!("{path}: duplicate entries for key {element}"));
        }
    }
}

fn sort(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "map",
    }
}

fn go(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text:?}"),
        value => value.to_string(),
    }
}
