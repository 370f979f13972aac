//! What is left of an object once a server has read it? Unknown fields are dropped, and the
//! built-in kinds lose what Go does not write.

use std::fmt::Write;

use fed_schema::rules::{Filling, defaults_of};
use fed_schema::{Kind, Origin, Shape, Type};
use serde_json::{Map, Value, json};

use super::kept::{keeps_empty, null_times};
use super::quantity;

/// Drops the fields that no schema knows; their paths, as the server writes them.
pub(super) fn drop_unknown(of: Type<'_>, object: &mut Value) -> Vec<String> {
    let mut dropped = Vec::new();
    prune(of, object, &mut String::new(), &mut dropped);
    dropped
}

/// The path is the same when this returns.
fn prune(of: Type<'_>, value: &mut Value, path: &mut String, dropped: &mut Vec<String>) {
    let before = path.len();
    match value {
        Value::Object(fields) => fields.retain(|name, inner| {
            if before > 0 {
                path.push('.');
            }
            path.push_str(name);
            let known = of.child(name);
            if let Some(of) = known {
                prune(of, inner, path, dropped);
            }
            let is_kept = known.is_some() || of.shape().is_scalar();
            if !is_kept {
                dropped.push(path.clone());
            }
            path.truncate(before);
            is_kept
        }),
        Value::Array(items) => {
            let Some(of) = of.items() else { return };
            for (index, item) in items.iter_mut().enumerate() {
                // Writing to a text cannot fail.
                let _ = write!(path, "[{index}]");
                prune(of, item, path, dropped);
                path.truncate(before);
            }
        }
        _ => {}
    }
}

/// `null` is a value only where a definition says so.
fn drop_nulls(of: Type<'_>, value: &mut Value) {
    match value {
        Value::Object(fields) => fields.retain(|name, inner| {
            let Some(of) = of.child(name) else {
                return true;
            };
            drop_nulls(of, inner);
            !inner.is_null() || of.is_nullable() || of.shape() == Shape::Any
        }),
        Value::Array(items) => {
            let Some(of) = of.items() else { return };
            for item in items {
                drop_nulls(of, item);
            }
        }
        _ => {}
    }
}

/// The object as Go writes it: of the built-in kinds all, of others the metadata.
pub(super) fn as_go_writes(kind: Kind<'_>, object: &mut Value) {
    let root = kind.root();
    match kind.origin() {
        Origin::Builtin => rewrite(root, object),
        Origin::Custom => {
            drop_nulls(root, object);
            let metadata = object.get_mut("metadata");
            if let (Some(of), Some(metadata)) = (root.field("metadata"), metadata) {
                rewrite(of, metadata);
            }
        }
    }
}

fn rewrite(of: Type<'_>, value: &mut Value) {
    match value {
        Value::Object(fields) if of.shape() == Shape::Object => {
            for (name, inner) in fields.iter_mut() {
                if let Some(of) = of.field(name) {
                    rewrite(of, inner);
                }
            }
            fields.retain(|name, inner| is_written(of, name, inner));
        }
        Value::Object(fields) => {
            for inner in fields.values_mut() {
                if let Some(of) = of.values() {
                    fill(of, inner);
                    rewrite(of, inner);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                if let Some(of) = of.items() {
                    fill(of, item);
                    rewrite(of, item);
                }
            }
        }
        value if of.shape() == Shape::Quantity => {
            if let Some(canonical) = quantity::canonical(value) {
                *value = Value::String(canonical);
            }
        }
        _ => {}
    }
}

/// Writes the times of the built-in kinds that are `null` where they are not set.
pub(super) fn write_times(kind: Kind<'_>, object: &mut Value) {
    if kind.origin() == Origin::Builtin {
        add_times(kind.root(), object);
    }
}

fn add_times(of: Type<'_>, value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for time in null_times(of.definition().unwrap_or_default()) {
                fields.entry(*time).or_insert(Value::Null);
            }
            for (name, inner) in fields.iter_mut() {
                if let Some(of) = of.field(name).or_else(|| of.values()) {
                    add_times(of, inner);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                if let Some(of) = of.items() {
                    add_times(of, item);
                }
            }
        }
        _ => {}
    }
}

/// In a map or a list there is no absence: `null` is an empty value.
fn fill(of: Type<'_>, value: &mut Value) {
    if value.is_null() {
        *value = match of.shape() {
            Shape::String | Shape::Bytes => json!(""),
            Shape::Object => json!({}),
            Shape::Boolean => json!(false),
            Shape::Int32 | Shape::Int64 | Shape::Integer => json!(0),
            _ => return,
        };
    }
}

fn is_written(of: Type<'_>, name: &str, value: &Value) -> bool {
    let Some(field) = of.field(name) else {
        return true;
    };
    let is_empty = match value {
        Value::Null => return field.shape() == Shape::Any,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty() && field.shape() == Shape::Map,
        Value::String(text) => text.is_empty(),
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
    };
    let is_scalar = !value.is_array() && !value.is_object();
    let keeps = || {
        let definition = of.definition().unwrap_or_default();
        is_scalar
            && (keeps_empty(definition, name)
                || matches!(field.shape(), Shape::IntOrString | Shape::Quantity)
                || name == "deletionGracePeriodSeconds")
    };
    // Managers that are none are the wish to have none.
    !is_empty
        || name == "managedFields"
        || of.requires(name)
        || is_never_absent(of, name)
        || keeps()
}

/// A field that declares the empty value as its default is one that Go writes with it.
fn is_always_written(name: &str, field: Type<'_>) -> bool {
    let is_empty =
        |value: &Value| *value == json!("") || *value == json!(0) || *value == json!(false);
    name != "name" && field.default().is_some_and(is_empty)
}

/// The object as it is held: a list that is never absent is `null` where it is empty.
pub(super) fn as_stored(kind: Kind<'_>, object: &mut Value) {
    if kind.origin() == Origin::Builtin {
        empty_to_null(kind.root(), object);
    }
}

fn empty_to_null(of: Type<'_>, value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields.iter_mut() {
                let is_empty = inner.as_array().is_some_and(Vec::is_empty);
                if is_empty && is_never_absent(of, name) {
                    *inner = Value::Null;
                } else if let Some(of) = of.field(name).or_else(|| of.values()) {
                    empty_to_null(of, inner);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                if let Some(of) = of.items() {
                    empty_to_null(of, item);
                }
            }
        }
        _ => {}
    }
}

/// A few lists need not be there and are written all the same, as `null`.
fn is_never_absent(of: Type<'_>, name: &str) -> bool {
    let mut rules = defaults_of(of.definition().unwrap_or_default()).iter();
    rules.any(|rule| {
        matches!(rule.filling, Filling::Null) && rule.path.strip_prefix('/') == Some(name)
    })
}

/// What Go writes of an object of this kind that nobody filled in: what a new object is compared
/// with to tell who made what.
pub(super) fn nothing(kind: Kind<'_>) -> Value {
    let mut nothing = match kind.origin() {
        Origin::Builtin => zero(kind.root(), 0),
        Origin::Custom => json!({}),
    };
    if let Some(fields) = nothing.as_object_mut() {
        fields.insert("apiVersion".to_owned(), kind.api_version().into());
        fields.insert("kind".to_owned(), kind.kind().into());
        fields.insert("metadata".to_owned(), json!({}));
    }
    nothing
}

/// Types refer in circles, but structs do not hold each other in circles.
const DEEPEST: usize = 32;

fn zero(of: Type<'_>, depth: usize) -> Value {
    let mut fields = Map::new();
    // The metadata of an object is made apart.
    let is_apart = |name: &str| depth == 0 && name == "metadata";
    let wanted = of
        .fields()
        .filter(|(name, _)| depth < DEEPEST && !is_apart(name));
    for (name, field) in wanted {
        let is_struct = field.shape() == Shape::Object && field.default() == Some(&json!({}));
        if is_struct {
            fields.insert(name.to_owned(), zero(field, depth + 1));
        } else if of.requires(name) || is_never_absent(of, name) || is_always_written(name, field) {
            let unset = field.default().cloned().unwrap_or_default();
            fields.insert(name.to_owned(), unset);
        }
    }
    Value::Object(fields)
}
