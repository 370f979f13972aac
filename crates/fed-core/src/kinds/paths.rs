//! How is a place in an object found, read and written, whatever stands around it?

use std::borrow::Cow;
use std::fmt;

use serde_json::{Map, Value};

use crate::dialect::field_name;
use crate::location::Pointer;

/// Text that is part of the program, or of what a user declares.
pub(super) type Text = Cow<'static, str>;

/// Something in an object has a form that Kubernetes would not give it, or that an expression of its
/// kind makes nothing of.
///
/// It names the place and the form, never the value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Misshapen {
    /// Where: in the object, or in the declaration of its kind where `expression` is given.
    pub path: Pointer,
    /// What should stand there, such as `text`; or what is wrong with the expression.
    pub expected: Text,
    /// Which expression has no value.
    pub expression: Option<&'static str>,
}

impl Misshapen {
    pub(super) fn new(path: impl Into<String>, expected: impl Into<Text>) -> Self {
        Self {
            path: Pointer::from_text(path),
            expected: expected.into(),
            expression: None,
        }
    }

    pub(super) fn by_expression(expression: &'static str, what: impl Into<Text>) -> Self {
        let path = Pointer::root().child("expressions").child(expression);
        Self {
            path,
            expected: what.into(),
            expression: Some(expression),
        }
    }
}

impl fmt::Display for Misshapen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = &self.expected;
        if let Some(expression) = self.expression {
            return write!(
                f,
                "the expression {expression} {expected}: correct it, or the object"
            );
        }
        let name = field_name(&self.path);
        write!(
            f,
            "{name} must be {expected}: correct the object, or the controller that writes it"
        )
    }
}

impl std::error::Error for Misshapen {}

/// The places that a JSON Pointer leads to, with what stands there; `*` stands for every element of
/// a list.
pub(super) fn places<'v>(object: &'v Value, pattern: &str) -> Vec<(Pointer, &'v Value)> {
    let mut found = vec![(Pointer::root(), object)];
    for token in Pointer::from_text(pattern).tokens() {
        let step = |(at, value): (Pointer, &'v Value)| -> Vec<(Pointer, &'v Value)> {
            match value {
                Value::Array(items) if token == "*" => {
                    let items = items.iter().enumerate();
                    items.map(|(i, item)| (at.child(i), item)).collect()
                }
                Value::Object(fields) => {
                    let field = fields.get(token.as_ref());
                    field
                        .map(|field| (at.child(&token), field))
                        .into_iter()
                        .collect()
                }
                _ => Vec::new(),
            }
        };
        found = found.into_iter().flat_map(step).collect();
    }
    found
}

/// Takes out what stands at the places that a JSON Pointer leads to; `*` stands for every element
/// of a list.
pub(super) fn remove(value: &mut Value, pattern: &str) {
    let pattern = Pointer::from_text(pattern);
    let tokens: Vec<_> = pattern.tokens().collect();
    remove_at(value, &tokens);
}

fn remove_at(value: &mut Value, tokens: &[Cow<'_, str>]) {
    match (tokens, value) {
        ([token, rest @ ..], Value::Array(items)) if token == "*" => {
            for item in items {
                remove_at(item, rest);
            }
        }
        ([token], Value::Object(fields)) => {
            fields.remove(token.as_ref());
        }
        ([token, rest @ ..], Value::Object(fields)) => {
            if let Some(value) = fields.get_mut(token.as_ref()) {
                remove_at(value, rest);
            }
        }
        _ => {}
    }
}

/// Writes a value, and the objects that lead to it where there are none.
pub(super) fn put(object: &mut Value, path: &str, value: Value) -> Result<(), Misshapen> {
    let pointer = Pointer::from_text(path);
    let mut at = Pointer::root();
    let mut here = object;
    for token in pointer.tokens() {
        if here.is_null() {
            *here = Value::Object(Map::new());
        }
        let Value::Object(fields) = here else {
            return Err(Misshapen::new(at.as_str(), "an object"));
        };
        at = at.child(&token);
        here = fields.entry(token.into_owned()).or_insert(Value::Null);
    }
    *here = value;
    Ok(())
}

/// Does a value say nothing? Nor do a zero and an empty text, which Kubernetes leaves out.
pub(super) fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(_) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
    }
}

/// What stands there, if it says anything.
pub(super) fn said<'v>(object: &'v Value, path: &str) -> Option<&'v Value> {
    object.pointer(path).filter(|value| !says_nothing(value))
}

/// The text that stands there; empty where there is none.
pub(super) fn text<'v>(object: &'v Value, path: &str) -> &'v str {
    let text = object.pointer(path).and_then(Value::as_str);
    text.unwrap_or_default()
}

/// The number that stands there; zero where there is none.
pub(super) fn number(object: &Value, path: &str) -> i64 {
    let number = object.pointer(path).and_then(Value::as_i64);
    number.unwrap_or_default()
}

/// The elements of the list that stands there; none where there is no list.
pub(super) fn items<'v>(object: &'v Value, path: &str) -> &'v [Value] {
    let items = object.pointer(path).and_then(Value::as_array);
    items.map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_star_leads_to_every_element_and_only_of_lists() {
        let object = json!({"a": [{"b": 1}, 7, {"b": 2}], "*": {"b": 3}});
        let found = places(&object, "/a/*/b");
        let found: Vec<_> = found
            .iter()
            .map(|(at, value)| (at.as_str(), *value))
            .collect();
        assert_eq!(found, [("/a/0/b", &json!(1)), ("/a/2/b", &json!(2))]);
        assert_eq!(places(&object, "/*/b").len(), 1);
        assert!(places(&json!([1]), "/0").is_empty());
        let mut left = object;
        remove(&mut left, "/a/*/b");
        assert_eq!(left, json!({"a": [{}, 7, {}], "*": {"b": 3}}));
    }

    #[test]
    fn what_leads_to_a_value_is_made_unless_something_else_stands_there() {
        let mut object = json!({"spec": null});
        put(&mut object, "/spec/a~1b/c", json!(1)).unwrap();
        assert_eq!(object, json!({"spec": {"a/b": {"c": 1}}}));
        let error = put(&mut json!({"spec": "x"}), "/spec/a", json!(1)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "spec must be an object: correct the object, or the controller that writes it"
        );
    }
}
