//! What do servers do with the built-in kinds that OpenAPI does not say? One table of rules:
//! defaults by type, immutable fields by kind, and fields that the server alone gives.
//!
//! A default belongs to a type, not to a path: a probe's `periodSeconds` is the same in every kind
//! that has a pod template. So a rule names a definition of the OpenAPI documents and a path below
//! it.
//!
//! Each rule says how it was [learned](Learned), so that what has been seen on a real server can
//! be told from what is only known.

mod admission;
mod cluster;
mod image;
mod immutable;
mod network;
mod pod;
mod requests;
mod scaling;
mod server_given;
mod storage;
mod workload;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::{Map, Value};

pub(crate) use immutable::immutable;
pub use immutable::{Immutable, When};
pub use server_given::{ServerGiven, server_given};

/// A JSON object.
pub type Object = Map<String, Value>;

/// A default that a server fills in and OpenAPI does not declare.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Rule {
    /// The type that it belongs to: a definition's name without `io.k8s.`, such as
    /// `api.core.v1.Probe`.
    pub definition: &'static str,
    /// The field below an object of that type, as a JSON Pointer.
    pub path: &'static str,
    /// What is filled in where the field is absent.
    pub filling: Filling,
    /// When the server fills it in.
    pub stage: Stage,
    /// How we know.
    pub learned: Learned,
}

/// What a rule fills in.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Filling {
    /// A text.
    Text(&'static str),
    /// A whole number.
    Number(i64),
    /// `true` or `false`.
    Boolean(bool),
    /// `{}`.
    Empty,
    /// `null`: an unset list that Go writes all the same.
    Null,
    /// What this JSON says.
    Json(&'static str),
    /// What follows from the other fields of the object.
    From(fn(&Object) -> Value),
    /// What follows from the other fields of the object, if anything does.
    Perhaps(fn(&Object) -> Option<Value>),
    /// The object is changed in more than this one field.
    Change(fn(&mut Object)),
}

/// When a server fills in a default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Whenever it reads the object, on create and on update.
    Reading,
    /// When the object is created; not for a template inside of it.
    Creation,
    /// By an admission plugin that is on by default, when the object is created.
    Admission,
}

/// How a rule was learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Learned {
    /// From what a real API server answered: without the rule, a recorded answer would differ.
    Recorded,
    /// From Kubernetes' documentation and long use; not seen in a recorded answer yet.
    Known,
}

impl Rule {
    const fn new(definition: &'static str, path: &'static str, filling: Filling) -> Self {
        Self {
            definition,
            path,
            filling,
            stage: Stage::Reading,
            learned: Learned::Recorded,
        }
    }

    const fn known(self) -> Self {
        Self {
            learned: Learned::Known,
            ..self
        }
    }

    const fn at(self, stage: Stage) -> Self {
        Self { stage, ..self }
    }
}

/// Every default rule, in the order in which they are applied to one object.
pub fn defaults() -> impl Iterator<Item = &'static Rule> {
    [
        pod::RULES,
        workload::RULES,
        scaling::RULES,
        network::RULES,
        storage::RULES,
        cluster::RULES,
        admission::RULES,
    ]
    .into_iter()
    .flatten()
}

/// The default rules of one type, by the name of its [definition](crate::Type::definition).
///
/// ```
/// use fed_schema::rules::defaults_of;
///
/// let probe = defaults_of("io.k8s.api.core.v1.Probe");
/// assert!(probe.iter().any(|rule| rule.path == "/periodSeconds"));
/// ```
pub fn defaults_of(definition: &str) -> &'static [&'static Rule] {
    static INDEX: OnceLock<BTreeMap<&'static str, Vec<&'static Rule>>> = OnceLock::new();
    let index = INDEX.get_or_init(|| {
        let mut index = BTreeMap::<_, Vec<_>>::new();
        for rule in defaults() {
            index.entry(rule.definition).or_default().push(rule);
        }
        index
    });
    let name = definition.strip_prefix("io.k8s.").unwrap_or(definition);
    index.get(name).map_or(&[], Vec::as_slice)
}

fn text<'a>(object: &'a Object, field: &str) -> Option<&'a str> {
    object.get(field).and_then(Value::as_str)
}

fn is_empty_list(object: &Object, field: &str) -> bool {
    match object.get(field) {
        None | Some(Value::Null) => true,
        Some(value) => value.as_array().is_some_and(Vec::is_empty),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Schemas;

    /// Every definition that a built-in kind reaches, with its type.
    fn reachable(schemas: &Schemas) -> BTreeMap<&str, crate::Type<'_>> {
        let mut found = BTreeMap::new();
        let mut open: Vec<_> = schemas.kinds().map(crate::Kind::root).collect();
        while let Some(next) = open.pop() {
            let name = next.definition();
            if name.is_none_or(|name| found.insert(name, next).is_none()) {
                open.extend(next.fields().map(|(_, field)| field));
                open.extend(next.items());
                open.extend(next.values());
            }
        }
        found
    }

    #[test]
    fn every_rule_stands_on_a_field_that_the_documents_know() {
        let schemas = Schemas::builtin();
        let reachable = reachable(&schemas);
        for rule in defaults() {
            let name = format!("io.k8s.{}", rule.definition);
            let owner = reachable.get(name.as_str());
            let owner = owner.unwrap_or_else(|| panic!("{name} is reached from no kind"));
            assert!(
                owner.at(rule.path).is_some(),
                "{} {}",
                rule.definition,
                rule.path
            );
        }
    }

    #[test]
    fn a_rules_value_has_the_type_of_its_field() {
        use crate::Shape;
        let schemas = Schemas::builtin();
        let reachable = reachable(&schemas);
        for rule in defaults() {
            let name = format!("io.k8s.{}", rule.definition);
            let Some(shape) = reachable[name.as_str()]
                .at(rule.path)
                .map(crate::Type::shape)
            else {
                panic!("{name} has no {}", rule.path);
            };
            let fits = match rule.filling {
                Filling::Text(_) => {
                    matches!(shape, Shape::String | Shape::IntOrString | Shape::Quantity)
                }
                Filling::Number(_) => {
                    matches!(shape, Shape::Int32 | Shape::Int64 | Shape::IntOrString)
                }
                Filling::Boolean(_) => shape == Shape::Boolean,
                Filling::Empty => matches!(shape, Shape::Object | Shape::Map),
                Filling::Json(text) => serde_json::from_str::<Value>(text).is_ok(),
                _ => true,
            };
            assert!(fits, "{rule:?} fills {shape}");
        }
    }

    #[test]
    fn no_field_has_two_defaults() {
        let mut seen = std::collections::BTreeSet::new();
        for rule in defaults().filter(|rule| !matches!(rule.filling, Filling::Change(_))) {
            assert!(seen.insert((rule.definition, rule.path)), "{rule:?}");
        }
    }
}
