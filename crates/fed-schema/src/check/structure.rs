//! Does an object look as its schema says? Types, required fields, allowed values, unknown fields
//! and keys of lists.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::demands::{self, Demand};
use super::misplaced::right_place;
use super::nearest::nearest;
use super::violation::{Fault, Rule, Violation};
use super::written;
use crate::shape::{ListType, Shape};
use crate::types::Type;

/// All that contradicts the schema, in the order of the fields.
///
/// Of what stands under the `unread` pointers a server asks nothing but that it can be read.
pub(super) fn check(
    root: Type<'_>,
    object: &Value,
    unread: &'static [&'static str],
) -> Vec<Violation> {
    let mut walk = Walk {
        path: String::new(),
        published: true,
        unread,
        found: Vec::new(),
    };
    walk.value(root, object);
    walk.found
}

type Demands = &'static [(&'static str, &'static str, Demand)];

struct Walk {
    /// The place of what is checked.
    path: String,
    /// Is the object here one of Kubernetes' own types?
    published: bool,
    unread: &'static [&'static str],
    found: Vec<Violation>,
}

impl Walk {
    fn say(&mut self, fault: Fault) {
        self.found.push(Violation::new(self.path.as_str(), fault));
    }

    /// Goes one step down. The path is the same when this returns.
    fn within(&mut self, segment: &str, visit: impl FnOnce(&mut Self)) {
        let before = self.path.len();
        push(&mut self.path, segment);
        visit(self);
        self.path.truncate(before);
    }

    fn value(&mut self, of: Type<'_>, value: &Value) {
        if value.is_null() {
            return;
        }
        if let Err(what) = check_type(of, value) {
            return match what {
                Wrong::Type => self.wrong_type(of, value),
                Wrong::Form(message) => self.say(Fault::Rule {
                    rule: Rule::Value,
                    message: message.to_owned(),
                }),
            };
        }
        // Whether an empty text will do is asked of the field.
        let allowed = of.allowed();
        if !allowed.is_empty() && value != "" && !allowed.contains(value) && !self.is_unread() {
            self.not_allowed(of.allowed().iter().map(text).collect());
        }
        match value {
            Value::Object(fields) => self.object(of, fields),
            Value::Array(items) => self.list(of, items),
            _ => {}
        }
    }

    fn is_unread(&self) -> bool {
        self.unread
            .iter()
            .any(|unread| super::is_below(&self.path, unread))
    }

    fn wrong_type(&mut self, of: Type<'_>, value: &Value) {
        self.say(Fault::WrongType {
            wanted: of.shape().describe(),
            found: type_of(value),
        });
    }

    fn not_allowed(&mut self, allowed: Vec<String>) {
        self.say(Fault::NotAllowed { allowed });
    }

    fn object(&mut self, of: Type<'_>, fields: &Map<String, Value>) {
        let outside = self.published;
        if of.shape() == Shape::Object {
            self.published = is_published(of);
        }
        if !self.is_unread() {
            self.demands(of, fields);
        }
        for (name, inner) in fields {
            self.within(name, |walk| match of.child(name) {
                Some(known) if inner.is_null() => walk.null(of, known),
                Some(known) => match choice(of, known, inner) {
                    Some(schema) => walk.schema(schema, inner),
                    None => walk.value(known, inner),
                },
                None => walk.say(Fault::Unknown {
                    meant: meant(of, fields, name, inner),
                    belongs: right_place(of, name, inner),
                }),
            });
        }
        self.published = outside;
    }

    /// A schema that could have been something else: servers tell no unknown fields of it.
    fn schema(&mut self, of: Type<'_>, value: &Value) {
        let before = self.found.len();
        self.value(of, value);
        let added = self.found.split_off(before);
        let is_known = |one: &Violation| !matches!(one.fault, Fault::Unknown { .. });
        self.found.extend(added.into_iter().filter(is_known));
    }

    /// For Kubernetes' own kinds null is no value; for others it is one that few fields may have.
    fn null(&mut self, owner: Type<'_>, of: Type<'_>) {
        if self.published && owner.shape() == Shape::Map && of.shape() == Shape::Object {
            // A map's null is an object without any fields.
            return self.object(of, &Map::new());
        }
        let is_taken = self.published
            || of.is_nullable()
            || of.default().is_some()
            || of.shape() == Shape::Any;
        if !is_taken {
            self.wrong_type(of, &Value::Null);
        }
    }

    fn demands(&mut self, of: Type<'_>, fields: &Map<String, Value>) {
        if !is_published(of) {
            for required in of.required() {
                let has_default = || {
                    of.field(required)
                        .is_some_and(|field| field.default().is_some())
                };
                if !fields.contains_key(required) && !has_default() {
                    self.missing(required);
                }
            }
            return;
        }
        let demands = of.definition().map_or(&[][..], demands::of);
        for name in needed(of, demands) {
            let Some(field) = of.field(name) else {
                continue;
            };
            match fields.get(name) {
                None | Some(Value::Null) if is_struct(field) => {}
                None | Some(Value::Null) => self.missing(name),
                Some(value) if is_empty(field, value) => self.empty(name),
                Some(_) => {}
            }
        }
        // The server reads a struct that is not there as one without any fields.
        for (name, field) in of.fields() {
            // The cheapest question first: few fields are structs.
            if is_struct(field)
                && fields.get(name).is_none_or(Value::is_null)
                && !(self.path.is_empty() && name == "status")
                && refuses_nothing(field)
            {
                self.missing(name);
            }
        }
        for (_, name, demand) in demands {
            if let (Demand::OneOf(allowed), Some(value)) = (demand, fields.get(*name)) {
                let empty_will_do = is_demanded(demands, name, Demand::EmptyIsUnset);
                self.one_of(name, value, allowed, empty_will_do);
            }
        }
        self.empty_choices(of, fields, demands);
    }

    fn missing(&mut self, field: &str) {
        let field = field.to_owned();
        self.say(Fault::Missing { field });
    }

    fn empty(&mut self, field: &str) {
        self.within(field, |walk| {
            walk.say(Fault::Rule {
                rule: Rule::Value,
                message: "must not be empty".to_owned(),
            });
        });
    }

    fn one_of(&mut self, field: &str, value: &Value, allowed: &[&str], empty_will_do: bool) {
        let is_wrong = |value: &Value| match value {
            Value::String(text) if text.is_empty() => !empty_will_do,
            Value::String(text) => !allowed.contains(&text.as_str()),
            // In a list, null is the empty text.
            value => value.is_null(),
        };
        let wrong: Vec<_> = match value {
            Value::Null => return,
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items
                    .filter(|(_, item)| is_wrong(item))
                    .map(|(index, _)| Some(index))
                    .collect()
            }
            value => is_wrong(value).then_some(None).into_iter().collect(),
        };
        for index in wrong {
            self.within(field, |walk| {
                let allowed = allowed.iter().map(ToString::to_string).collect();
                match index {
                    Some(index) => {
                        walk.within(&index.to_string(), |walk| walk.not_allowed(allowed));
                    }
                    None => walk.not_allowed(allowed),
                }
            });
        }
    }

    /// Fields with an empty text that only some values are allowed for.
    fn empty_choices(&mut self, of: Type<'_>, fields: &Map<String, Value>, demands: Demands) {
        for (name, value) in fields.iter().filter(|(_, value)| *value == "") {
            let Some(field) = of.field(name) else {
                continue;
            };
            let is_choice = !field.allowed().is_empty() && !field.allowed().contains(value);
            let is_told = needed(of, demands).any(|needed| needed == name);
            if is_choice && !is_told && !is_demanded(demands, name, Demand::EmptyIsUnset) {
                let allowed = field.allowed().iter().map(text).collect();
                self.within(name, |walk| walk.not_allowed(allowed));
            }
        }
    }

    fn list(&mut self, of: Type<'_>, items: &[Value]) {
        let Some(of_items) = of.items() else { return };
        let mut seen: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        for (index, item) in items.iter().enumerate() {
            self.within(&index.to_string(), |walk| {
                walk.item(of_items, item);
                let Some((keys, key)) = key(of, of_items, item) else {
                    return;
                };
                let first = *seen.entry(key).or_insert(index);
                if first != index {
                    walk.say(Fault::DuplicateItem { keys, first });
                }
            });
        }
    }

    fn item(&mut self, of: Type<'_>, item: &Value) {
        if !item.is_null() {
            let is_empty_choice = item == "" && !of.allowed().is_empty();
            if is_empty_choice && !of.allowed().contains(item) {
                self.not_allowed(of.allowed().iter().map(text).collect());
            }
            return self.value(of, item);
        }
        match of.shape() {
            Shape::Object if is_published(of) => self.object(of, &Map::new()),
            Shape::String if !of.allowed().is_empty() => {
                self.not_allowed(of.allowed().iter().map(text).collect());
            }
            _ => {}
        }
    }
}

/// Is this a type of Kubernetes' own, decoded as Go does, and not one of a
/// `CustomResourceDefinition`?
fn is_published(of: Type<'_>) -> bool {
    of.definition().is_some()
}

/// The schemas within a definition's schema: what `OpenAPI` calls anything is one more of them.
pub(super) fn choice<'a>(owner: Type<'a>, field: Type<'a>, value: &Value) -> Option<Type<'a>> {
    let is_schema = |end: &str| field.definition().is_some_and(|name| name.ends_with(end));
    let is_one = value.is_object()
        && (is_schema(".JSONSchemaPropsOrBool") || is_schema(".JSONSchemaPropsOrArray"));
    is_one.then_some(owner)
}

/// Is the field a struct in itself, rather than a pointer to one? Then it is always there.
pub(super) fn is_struct(field: Type<'_>) -> bool {
    field
        .default()
        .and_then(Value::as_object)
        .is_some_and(Map::is_empty)
        && field.shape() == Shape::Object
}

/// Would the server refuse an object of this type without any fields? Structs do not hold each
/// other in circles.
fn refuses_nothing(of: Type<'_>) -> bool {
    let demands = of.definition().map_or(&[][..], demands::of);
    let refuses = |name: &str| of.field(name).is_some_and(|field| !is_struct(field));
    needed(of, demands).any(refuses)
        || of
            .fields()
            .any(|(_, field)| is_struct(field) && refuses_nothing(field))
}

/// The fields that must be there and not be empty.
fn needed(of: Type<'_>, demands: Demands) -> impl Iterator<Item = &str> {
    let more = demands
        .iter()
        .filter(|(.., demand)| *demand == Demand::Needed)
        .map(|(_, name, _)| *name);
    let declared = of
        .required()
        .filter(move |name| !is_demanded(demands, name, Demand::Never));
    declared.chain(more)
}

fn is_demanded(demands: Demands, field: &str, wanted: Demand) -> bool {
    demands
        .iter()
        .any(|(_, name, demand)| *name == field && *demand == wanted)
}

/// Does the server take this value for one that is not there?
fn is_empty(field: Type<'_>, value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty() && field.shape() == Shape::String,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty() && field.shape() == Shape::Map,
        _ => false,
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

/// What is wrong with a scalar.
enum Wrong {
    Type,
    /// It is a text, but not one that can be read as what it stands for.
    Form(&'static str),
}

fn check_type(of: Type<'_>, value: &Value) -> Result<(), Wrong> {
    let shape = of.shape();
    if shape == Shape::AnyObject
        && of
            .definition()
            .is_some_and(|name| name.ends_with(".FieldsV1"))
    {
        return Ok(());
    }
    if !fits(shape, value) {
        return Err(Wrong::Type);
    }
    let readable = |is_readable, message| {
        if is_readable {
            Ok(())
        } else {
            Err(Wrong::Form(message))
        }
    };
    match (shape, value) {
        (Shape::Bytes, Value::String(text)) => readable(
            written::is_base64(text),
            "must be base64; plain text goes into stringData where there is one",
        ),
        (Shape::Quantity, value) => readable(
            written::quantity(value).is_some(),
            "must be a quantity: a number with a unit such as m, k, M, Ki, Mi or Gi, or without",
        ),
        (Shape::DateTime, Value::String(text)) if is_micro(of) => readable(
            written::is_micro_time(text),
            "must be a time with six digits after the seconds, such as 2024-01-31T12:00:00.000000Z",
        ),
        (Shape::DateTime, Value::String(text)) => readable(
            written::is_time(text),
            "must be a time such as 2024-01-31T12:00:00Z",
        ),
        (Shape::Any, value)
            if of
                .definition()
                .is_some_and(|name| name.ends_with(".JSONSchemaPropsOrBool")) =>
        {
            readable(
                value.is_boolean() || value.is_object(),
                "must be true, false or a schema",
            )
        }
        _ => Ok(()),
    }
}

fn is_micro(of: Type<'_>) -> bool {
    of.definition()
        .is_some_and(|name| name.ends_with(".MicroTime"))
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
        Shape::IntOrString => value.is_string() || fits(Shape::Int32, value),
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

/// Puts one more segment on a path.
pub(super) fn push(path: &mut String, segment: &str) {
    path.push('/');
    if segment.contains(['~', '/']) {
        path.push_str(&segment.replace('~', "~0").replace('/', "~1"));
    } else {
        path.push_str(segment);
    }
}
