//! Does an object keep the rules that its CustomResourceDefinition says in CEL?

use serde_json::{Value, json};

use super::custom::{below, child};
use super::expression::{Expression, Subject};
use super::status::{FieldFault, Sort};

/// The rules that are broken, from the top down.
pub(super) fn of_rules(
    schema: &Value,
    value: &Value,
    old: Option<&Value>,
    path: &str,
    faults: &mut Vec<FieldFault>,
) {
    if value.is_null() {
        return;
    }
    let rules = schema
        .get("x-kubernetes-validations")
        .and_then(Value::as_array);
    if let Some(rules) = rules.filter(|rules| !rules.is_empty()) {
        let subject = Subject::of(schema, value, old);
        let is_same = old == Some(value);
        let place = Place {
            schema,
            value,
            path,
        };
        for rule in rules {
            faults.extend(place.broken(rule, &subject, is_same));
        }
    }
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let Some(inner) = child(schema, name) else {
                    continue;
                };
                let old = old.and_then(|old| old.get(name));
                of_rules(inner, value, old, &place_of(schema, path, name), faults);
            }
        }
        Value::Array(items) => {
            let inner = schema.get("items").unwrap_or(&Value::Null);
            for (index, item) in items.iter().enumerate() {
                let old = counterpart(schema, item, old);
                of_rules(inner, item, old, &format!("{path}[{index}]"), faults);
            }
        }
        _ => {}
    }
}

/// Where a field stands: what is no field of its own is named in brackets.
fn place_of(schema: &Value, path: &str, name: &str) -> String {
    let known = schema.get("properties").and_then(|known| known.get(name));
    match known {
        None if !path.is_empty() => format!("{path}[{name}]"),
        _ => below(path, name),
    }
}

/// The item that this one was before: the one with the same keys.
fn counterpart<'v>(schema: &Value, item: &Value, old: Option<&'v Value>) -> Option<&'v Value> {
    if schema.get("x-kubernetes-list-type")? != "map" {
        return None;
    }
    let keys = schema.get("x-kubernetes-list-map-keys")?.as_array()?;
    let mut items = old?.as_array()?.iter();
    items.find(|other| {
        let mut keys = keys.iter().filter_map(Value::as_str);
        keys.all(|key| other.get(key) == item.get(key))
    })
}

/// A value and where it stands.
struct Place<'v> {
    schema: &'v Value,
    value: &'v Value,
    path: &'v str,
}

impl Place<'_> {
    fn broken(&self, rule: &Value, subject: &Subject, is_same: bool) -> Option<FieldFault> {
        let text = |field: &str| {
            let text = rule.get(field).and_then(Value::as_str);
            text.unwrap_or_default().trim()
        };
        let is_optional = rule.get("optionalOldSelf") == Some(&Value::Bool(true));
        let expression = match Expression::read(text("rule"), is_optional) {
            Ok(expression) => expression,
            Err(why) => return Some(self.failed(&format!("rule compile error: {why}"))),
        };
        let uses_old = expression.uses_old();
        if uses_old && subject.old.is_none() && !is_optional {
            return None;
        }
        let said = match text("message") {
            "" => text("rule"),
            message => message,
        };
        match expression.holds(subject) {
            Ok(true) => return None,
            // What was broken before and is as it was is let be.
            Ok(false) if is_same && !uses_old => return None,
            Ok(false) => {}
            Err(why) => return Some(self.failed(&format!("{why} evaluating rule: {said}"))),
        }
        let made = Expression::read(text("messageExpression"), false).ok();
        let made = made.and_then(|made| made.text(subject));
        let message = made.unwrap_or_else(|| match text("message") {
            "" => format!("failed rule: {said}"),
            message => message.to_owned(),
        });
        Some(self.fault(text("fieldPath"), text("reason"), message))
    }

    fn fault(&self, below: &str, reason: &str, message: String) -> FieldFault {
        let field = format!("{}{below}", self.path);
        let field = field.strip_prefix('.').unwrap_or(&field);
        let field = if field.is_empty() { "<nil>" } else { field };
        let (sort, message) = match reason {
            "FieldValueRequired" => (Sort::Required, message),
            "FieldValueForbidden" => (Sort::Forbidden, message),
            "FieldValueDuplicate" => (Sort::Duplicate, String::new()),
            _ => (Sort::Invalid, message),
        };
        let fault = FieldFault::new(field, sort, message);
        let is_told = matches!(sort, Sort::Invalid | Sort::Duplicate)
            && !self.value.is_object()
            && !self.value.is_array();
        if is_told {
            fault.of(self.value.clone())
        } else {
            fault
        }
    }

    fn failed(&self, message: &str) -> FieldFault {
        let field = if self.path.is_empty() {
            "<nil>"
        } else {
            self.path
        };
        let sort = self
            .schema
            .get("type")
            .cloned()
            .unwrap_or_else(|| json!(""));
        FieldFault::new(field, Sort::Invalid, message).of(sort)
    }
}

/// The first rule of a schema that cannot be read, and why: broken, or of what is not known here.
pub(super) fn unreadable(schema: &Value) -> Option<String> {
    let rules = schema.get("x-kubernetes-validations");
    let rules = rules.and_then(Value::as_array).into_iter().flatten();
    let mut texts = rules.flat_map(|rule| {
        let text = |field: &str| rule.get(field).and_then(Value::as_str);
        let is_optional = rule.get("optionalOldSelf") == Some(&Value::Bool(true));
        let rule = text("rule").map(|text| (text, is_optional));
        rule.into_iter()
            .chain(text("messageExpression").map(|text| (text, false)))
    });
    let own = texts.find_map(|(text, is_optional)| {
        let why = Expression::read(text, is_optional).err()?;
        Some(format!("the expression {text:?}: {why}"))
    });
    own.or_else(|| {
        let properties = schema.get("properties").and_then(Value::as_object);
        let mut inner = properties.into_iter().flatten().map(|(_, inner)| inner);
        let others = ["items", "additionalProperties"].into_iter();
        inner.find_map(unreadable).or_else(|| {
            others
                .filter_map(|name| schema.get(name))
                .find_map(unreadable)
        })
    })
}
