//! What would a server make of this object? The object with every default filled in.

use serde_json::{Map, Value, json};

use crate::entry::Origin;
use crate::rules::{self, Filling, Object, Rule, Stage};
use crate::schemas::Schemas;
use crate::shape::Shape;
use crate::table::DEEPEST;
use crate::types::Type;

/// Fills in every default that a server fills in when the object is created, so that the object
/// reads as the server would answer it, but for what the server [chooses](rules::server_given).
/// The answer is whether the object's kind is known; if not, nothing is changed.
///
/// ```
/// use fed_schema::{Schemas, apply_defaults};
/// use serde_json::json;
///
/// let mut secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}});
/// assert!(apply_defaults(&Schemas::builtin(), &mut secret));
/// assert_eq!(secret["type"], "Opaque");
/// ```
pub fn apply_defaults(schemas: &Schemas, object: &mut Value) -> bool {
    apply_rules(schemas, object, |_| true)
}

/// As [`apply_defaults`], with those rules alone that `wanted` chooses. What the schema itself
/// declares is always filled in.
pub fn apply_rules(schemas: &Schemas, object: &mut Value, wanted: impl Fn(&Rule) -> bool) -> bool {
    let name = |field: &str| object.get(field).and_then(Value::as_str).unwrap_or("");
    let Some(kind) = schemas.kind_of(name("apiVersion"), name("kind")) else {
        return false;
    };
    match kind.origin() {
        Origin::Custom => fill_structural(kind.root(), object, 0),
        Origin::Builtin => Published { wanted: &wanted }.fill(kind.root(), object, 0, false),
    }
    true
}

/// Fills in what a CRD's schema declares: wherever the object around an absent field is there.
fn fill_structural(here: Type<'_>, value: &mut Value, depth: usize) {
    // What has a name comes from Kubernetes itself: metadata, which has no defaults.
    if depth > DEEPEST || here.definition().is_some() {
        return;
    }
    if let Value::Object(fields) = value {
        for (name, field) in here.fields() {
            let Some(default) = field.default() else {
                continue;
            };
            let is_absent = match fields.get(name) {
                None => true,
                Some(given) => given.is_null() && !field.is_nullable(),
            };
            if is_absent {
                fields.insert(name.to_owned(), default.clone());
            }
        }
    }
    each_child(here, value, |child, value| {
        fill_structural(child, value, depth + 1);
    });
}

/// Fills in what Kubernetes does for its own kinds.
struct Published<'a> {
    wanted: &'a dyn Fn(&Rule) -> bool,
}

impl Published<'_> {
    /// `made` says that the object was not there: Go writes each of its fields that is not left
    /// out when empty.
    fn fill(&self, here: Type<'_>, value: &mut Value, depth: usize, made: bool) {
        if depth > DEEPEST {
            return;
        }
        let is_struct = here.shape() == Shape::Object;
        if let Value::Object(fields) = value
            && is_struct
        {
            // To Go, null is absent.
            fields.retain(|name, value| !(value.is_null() && is_typed(here, name)));
            self.apply_rules(here, fields, depth);
        }
        each_child(here, value, |child, value| {
            self.fill(child, value, depth + 1, false);
        });
        if let Value::Object(fields) = value
            && is_struct
        {
            self.make_missing(here, fields, depth, made);
        }
    }

    fn make_missing(&self, here: Type<'_>, fields: &mut Object, depth: usize, made: bool) {
        for (name, field) in here.fields() {
            if fields.contains_key(name) {
                continue;
            }
            if let Some(default) = unset(here, name, field, made) {
                let mut default = default.clone();
                self.fill(field, &mut default, depth + 1, true);
                fields.insert(name.to_owned(), default);
            }
        }
    }

    fn apply_rules(&self, here: Type<'_>, fields: &mut Object, depth: usize) {
        let rules = here.definition().map_or(&[][..], rules::defaults_of);
        for rule in rules {
            // A template inside of an object is not created, only read.
            let applies = depth == 0 || rule.stage == Stage::Reading;
            if applies && (self.wanted)(rule) {
                apply(rule, fields);
            }
        }
    }
}

fn is_typed(here: Type<'_>, name: &str) -> bool {
    here.field(name)
        .is_some_and(|field| field.shape() != Shape::Any)
}

/// What Go writes for a field that is not set, if it writes it.
fn unset<'a>(here: Type<'_>, name: &str, field: Type<'a>, made: bool) -> Option<&'a Value> {
    let default = field.default()?;
    let is_struct = default.as_object().is_some_and(Map::is_empty);
    let says_something =
        !is_struct && *default != json!("") && *default != json!(0) && *default != json!(false);
    // What is required and missing is a fault of the object, to be found and not to be hidden.
    let is_written = made || (!here.requires(name) && !is_left_out(here, name));
    (says_something || is_written).then_some(default)
}

/// A few fields declare the empty value as their default, and are left out when they have it.
fn is_left_out(here: Type<'_>, name: &str) -> bool {
    name == "name"
        || (name == "minReadySeconds"
            && here.definition() == Some("io.k8s.api.core.v1.ReplicationControllerSpec"))
}

fn apply(rule: &Rule, fields: &mut Object) {
    if let Filling::Change(change) = rule.filling {
        change(fields);
        return;
    }
    let path: Vec<&str> = rule.path.split('/').skip(1).collect();
    if is_set(fields, &path) {
        return;
    }
    let filling = match rule.filling {
        Filling::Text(text) => text.into(),
        Filling::Number(number) => number.into(),
        Filling::Boolean(boolean) => boolean.into(),
        Filling::Empty => json!({}),
        Filling::From(from) => from(fields),
        Filling::Perhaps(from) => match from(fields) {
            Some(value) => value,
            None => return,
        },
        Filling::Json(text) => serde_json::from_str(text).unwrap_or_default(),
        Filling::Null | Filling::Change(_) => Value::Null,
    };
    insert(fields, &path, filling);
}

fn is_set(fields: &Object, path: &[&str]) -> bool {
    let Some((first, rest)) = path.split_first() else {
        return true;
    };
    match fields.get(*first) {
        None | Some(Value::Null) => false,
        Some(value) if rest.is_empty() => !value.is_null(),
        // What is no object cannot take a default.
        Some(value) => value.as_object().is_none_or(|fields| is_set(fields, rest)),
    }
}

fn insert(fields: &mut Object, path: &[&str], value: Value) {
    match path {
        [] => {}
        [last] => {
            fields.insert((*last).to_owned(), value);
        }
        [first, rest @ ..] => {
            let inner = fields.entry(*first).or_insert_with(|| json!({}));
            if inner.is_null() {
                *inner = json!({});
            }
            if let Some(inner) = inner.as_object_mut() {
                insert(inner, rest, value);
            }
        }
    }
}

fn each_child(here: Type<'_>, value: &mut Value, mut visit: impl FnMut(Type<'_>, &mut Value)) {
    match value {
        Value::Array(items) => {
            if let Some(item) = here.items() {
                for value in items {
                    visit(item, value);
                }
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                if let Some(field) = here.field(name).or_else(|| here.values()) {
                    visit(field, value);
                }
            }
        }
        _ => {}
    }
}
