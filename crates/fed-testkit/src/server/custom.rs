//! Does an object look as its CustomResourceDefinition demands? Its schema, the numbers of its
//! `scale` subresource, the items of its sets and maps, its rules in CEL; in the server's words.

use std::collections::BTreeSet;

use fed_schema::{Kind, Schemas};
use regex::Regex;
use serde_json::{Map, Value, json};

use super::faults::dotted;
use super::formats;
use super::rules::of_rules;
use super::status::{FieldFault, Sort};
use super::store::{Key, Store};
use super::target::Resource;

const NOT_CHECKED: &str = "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";

/// What is wrong with an object.
pub(super) fn check(
    schemas: &Schemas,
    store: &Store,
    kind: Kind<'_>,
    object: &Value,
    old: Option<&Value>,
) -> Vec<FieldFault> {
    let mut faults = of_metadata(schemas, kind, object);
    let Some(version) = definition(store, kind) else {
        return faults;
    };
    let schema = version
        .pointer("/schema/openAPIV3Schema")
        .unwrap_or(&Value::Null);
    of_schema(schema, object, "", &mut faults);
    of_scale(kind, object, &mut faults);
    of_lists(schema, object, "", &mut faults);
    let is_blocking = |fault: &FieldFault| {
        matches!(
            fault.sort,
            Sort::NotSupported | Sort::Required | Sort::TooLong | Sort::TooMany | Sort::TypeInvalid
        )
    };
    if !faults.iter().any(is_blocking) {
        of_rules(schema, object, old, "", &mut faults);
    } else if has_rules(schema) {
        faults.push(FieldFault::new("<nil>", Sort::Invalid, NOT_CHECKED).of(Value::Null));
    }
    faults
}

/// Is there any rule in CEL?
fn has_rules(schema: &Value) -> bool {
    match schema {
        Value::Object(words) => {
            words.contains_key("x-kubernetes-validations") || words.values().any(has_rules)
        }
        Value::Array(schemas) => schemas.iter().any(has_rules),
        _ => false,
    }
}

fn of_metadata(schemas: &Schemas, kind: Kind<'_>, object: &Value) -> Vec<FieldFault> {
    let violations = schemas.check(object).unwrap_or_default().into_iter();
    let metadata = violations.filter(|one| one.is_grave() && one.path.starts_with("/metadata"));
    metadata
        .map(|violation| {
            let value = object.pointer(&violation.path).cloned().unwrap_or_default();
            let message = match violation.fault {
                fed_schema::Fault::Rule { message, .. } => message,
                _ => "is not valid".to_owned(),
            };
            FieldFault::new(dotted(kind.root(), &violation.path), Sort::Invalid, message).of(value)
        })
        .collect()
}

/// What the definition of a kind calls a list of it.
pub(super) fn list_kind(store: &Store, kind: Kind<'_>) -> Option<String> {
    let definition = store.get(&key_of(kind))?.object();
    let name = definition.pointer("/spec/names/listKind")?.as_str()?;
    Some(name.to_owned())
}

fn key_of(kind: Kind<'_>) -> Key {
    Key {
        resource: Resource {
            group: "apiextensions.k8s.io".to_owned(),
            plural: "customresourcedefinitions".to_owned(),
        },
        namespace: String::new(),
        name: format!("{}.{}", kind.plural(), kind.group()),
    }
}

/// The version of the definition that the kind was made of.
pub(super) fn definition(store: &Store, kind: Kind<'_>) -> Option<Value> {
    let definition = store.get(&key_of(kind))?.object();
    let mut versions = definition.pointer("/spec/versions")?.as_array()?.iter();
    let version = versions.find(|version| version["name"] == kind.version());
    version.cloned()
}

pub(super) fn below(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    }
}

pub(super) fn of_schema(schema: &Value, value: &Value, path: &str, faults: &mut Vec<FieldFault>) {
    let Some(words) = schema.as_object() else {
        return;
    };
    if value.is_null() && words.get("nullable") == Some(&Value::Bool(true)) {
        return;
    }
    if let Some(fault) = of_type(words, value, path) {
        faults.push(fault);
        return of_enum(words, value, path, faults);
    }
    of_enum(words, value, path, faults);
    match value {
        Value::Object(fields) => of_fields(words, fields, path, faults),
        Value::Array(items) => {
            of_count(words, items.len(), "Items", path, faults);
            let schema = words.get("items").unwrap_or(&Value::Null);
            for (index, item) in items.iter().enumerate() {
                of_schema(schema, item, &format!("{path}[{index}]"), faults);
            }
        }
        Value::String(text) => of_text(words, text, path, faults),
        Value::Number(number) => of_number(words, number, path, faults),
        _ => {}
    }
}

fn of_type(words: &Map<String, Value>, value: &Value, path: &str) -> Option<FieldFault> {
    let wanted = match words.get("type").and_then(Value::as_str) {
        Some(one) => one,
        None if words.get("x-kubernetes-int-or-string") == Some(&Value::Bool(true)) => {
            "integer,string"
        }
        None => return None,
    };
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(number) if number.as_f64().is_some_and(|number| number.fract() == 0.0) => {
            "integer"
        }
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if wanted
        .split(',')
        .any(|one| one == found || (one == "number" && found == "integer"))
    {
        return None;
    }
    // The top has no name of its own.
    let message = format!("{path} in body must be of type {wanted}: {found:?}");
    let message = message.strip_prefix(' ').unwrap_or(&message);
    Some(FieldFault::new(path, Sort::TypeInvalid, message).of(json!(found)))
}

fn of_enum(words: &Map<String, Value>, value: &Value, path: &str, faults: &mut Vec<FieldFault>) {
    let Some(allowed) = words.get("enum").and_then(Value::as_array) else {
        return;
    };
    if !allowed.contains(value) {
        let allowed: Vec<String> = allowed.iter().map(Value::to_string).collect();
        let message = format!("supported values: {}", allowed.join(", "));
        faults.push(FieldFault::new(path, Sort::NotSupported, message).of(value.clone()));
    }
}

fn of_fields(
    words: &Map<String, Value>,
    fields: &Map<String, Value>,
    path: &str,
    faults: &mut Vec<FieldFault>,
) {
    of_count(words, fields.len(), "Properties", path, faults);
    let required = words
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    for name in required
        .filter_map(Value::as_str)
        .filter(|name| !fields.contains_key(*name))
    {
        faults.push(FieldFault::new(below(path, name), Sort::Required, ""));
    }
    let known = words.get("properties").and_then(Value::as_object);
    for (name, value) in fields {
        // What stands there of Kubernetes' own is looked at elsewhere.
        if path.is_empty() && matches!(name.as_str(), "apiVersion" | "kind" | "metadata") {
            continue;
        }
        let place = below(path, name);
        let schema = known.and_then(|known| known.get(name));
        if let Some(schema) = schema.or_else(|| words.get("additionalProperties")) {
            of_schema(schema, value, &place, faults);
        }
    }
}

fn of_count(
    words: &Map<String, Value>,
    count: usize,
    what: &str,
    path: &str,
    faults: &mut Vec<FieldFault>,
) {
    let bound = |end: &str| words.get(&format!("{end}{what}")).and_then(Value::as_u64);
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    let things = what.to_lowercase();
    if let Some(most) = bound("max").filter(|most| count > *most) {
        let message = format!("must have at most {most} items");
        faults.push(FieldFault::new(path, Sort::TooMany, message).of(json!(count)));
    }
    if let Some(least) = bound("min").filter(|least| count < *least) {
        let message = format!("{path} in body should have at least {least} {things}");
        faults.push(FieldFault::new(path, Sort::Invalid, message).of(json!(count)));
    }
}

fn of_text(words: &Map<String, Value>, text: &str, path: &str, faults: &mut Vec<FieldFault>) {
    let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    let bound = |name: &str| words.get(name).and_then(Value::as_u64);
    if let Some(most) = bound("maxLength").filter(|most| length > *most) {
        let message = format!("may not be more than {most} bytes");
        faults.push(FieldFault::new(path, Sort::TooLong, message));
    }
    if let Some(least) = bound("minLength").filter(|least| length < *least) {
        let message = format!("{path} in body should be at least {least} chars long");
        faults.push(FieldFault::new(path, Sort::Invalid, message).of(json!(text)));
    }
    if let Some(format) = words.get("format").and_then(Value::as_str)
        && !formats::is_of(format, text)
    {
        let message = format!("{path} in body must be of type {format}: {text:?}");
        faults.push(FieldFault::new(path, Sort::TypeInvalid, message).of(json!(text)));
    }
    let pattern = words.get("pattern").and_then(Value::as_str);
    if let Some(pattern) = pattern
        && Regex::new(pattern).is_ok_and(|form| !form.is_match(text))
    {
        let message = format!("{path} in body should match '{pattern}'");
        faults.push(FieldFault::new(path, Sort::Invalid, message).of(json!(text)));
    }
}

fn of_number(
    words: &Map<String, Value>,
    number: &serde_json::Number,
    path: &str,
    faults: &mut Vec<FieldFault>,
) {
    let value = number.as_f64().unwrap_or_default();
    let bound = |name: &str| words.get(name).and_then(Value::as_f64).zip(words.get(name));
    let is_exclusive = |name: &str| words.get(name) == Some(&Value::Bool(true));
    let mut say = |message: String| {
        let message = format!("{path} in body should be {message}");
        let number = Value::Number(number.clone());
        faults.push(FieldFault::new(path, Sort::Invalid, message).of(number));
    };
    if let Some((least, text)) = bound("minimum") {
        let strictly = is_exclusive("exclusiveMinimum");
        if value < least {
            say(format!(
                "greater than {}{text}",
                if strictly { "" } else { "or equal to " }
            ));
        } else if strictly && value <= least {
            say(format!("greater than {text}"));
        }
    }
    if let Some((most, text)) = bound("maximum") {
        let strictly = is_exclusive("exclusiveMaximum");
        if value > most {
            say(format!(
                "less than {}{text}",
                if strictly { "" } else { "or equal to " }
            ));
        } else if strictly && value >= most {
            say(format!("less than {text}"));
        }
    }
    if let Some((factor, text)) = bound("multipleOf")
        && factor > 0.0
        && (value / factor).fract() != 0.0
    {
        say(format!("a multiple of {text}"));
    }
}

fn of_scale(kind: Kind<'_>, object: &Value, faults: &mut Vec<FieldFault>) {
    let Some(scale) = kind.scale() else {
        return;
    };
    for pointer in [&scale.spec_replicas, &scale.status_replicas] {
        let above = pointer.rsplit_once('/').map_or("", |(above, _)| above);
        let above = object.pointer(above).filter(|value| !value.is_object());
        let number = object.pointer(pointer);
        let is_number = |value: &&Value| value.is_i64() || value.is_null();
        if let Some(value) = above.or(number.filter(|value| !is_number(value))) {
            let field = pointer.replace('/', ".");
            let message = format!("{field} accessor error: {value} is of another type");
            faults.push(FieldFault::new(field, Sort::Invalid, message).of(json!(0)));
        }
        let replicas = object.pointer(pointer).and_then(Value::as_i64);
        if let Some(replicas) = replicas.filter(|replicas| *replicas < 0) {
            let field = pointer.replace('/', ".");
            let fault = FieldFault::new(field, Sort::Invalid, "should be a non-negative integer");
            faults.push(fault.of(json!(replicas)));
        }
    }
}

/// What stands in a set or a map more than once.
fn of_lists(schema: &Value, value: &Value, path: &str, faults: &mut Vec<FieldFault>) {
    match value {
        Value::Array(items) => {
            let keys: Vec<&str> = schema
                .get("x-kubernetes-list-map-keys")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            let sort = schema.get("x-kubernetes-list-type").and_then(Value::as_str);
            let key = |item: &Value| match sort {
                Some("set") => Some(item.clone()),
                Some("map") => Some(
                    keys.iter()
                        .map(|key| ((*key).to_owned(), item[*key].clone()))
                        .collect(),
                ),
                _ => None,
            };
            let (mut seen, mut told) = (BTreeSet::new(), BTreeSet::new());
            for (index, item) in items.iter().enumerate() {
                let place = format!("{path}[{index}]");
                if let Some(key) = key(item)
                    && !seen.insert(key.to_string())
                    && told.insert(key.to_string())
                {
                    faults.push(FieldFault::new(&place, Sort::Duplicate, "").of(key));
                }
                of_lists(&schema["items"], item, &place, faults);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                if let Some(schema) = child(schema, name) {
                    of_lists(schema, value, &below(path, name), faults);
                }
            }
        }
        _ => {}
    }
}

pub(super) fn child<'s>(schema: &'s Value, name: &str) -> Option<&'s Value> {
    let known = schema.get("properties").and_then(|known| known.get(name));
    known.or_else(|| schema.get("additionalProperties"))
}
