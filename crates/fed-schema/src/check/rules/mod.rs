//! Which rules does an object break that no schema holds?
//!
//! A rule belongs to a definition, so it holds wherever that stands: a container's in every kind
//! that runs pods. [`bounds`] and [`forms`] are rules of one field, the other files those of
//! several.

mod bounds;
mod claims;
mod cron;
mod forms;
mod names;
mod network;
mod pods;
mod ports;
mod quantities;
mod scaling;
mod secrets;
mod selectors;
mod spot;
mod subjects;
mod unique;
mod volumes;
mod webhooks;
mod workloads;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::{Map, Value};

use super::structure::{choice, is_struct, push};
use super::violation::Violation;
use crate::Kind;
use crate::shape::Shape;
use crate::types::Type;
use spot::Spot;

/// A rule, and the definition whose objects must keep it.
type Row = (&'static str, fn(&mut Spot<'_>));

/// The rules of several fields, by subject.
static SUBJECTS: [&[Row]; 11] = [
    claims::RULES,
    network::RULES,
    pods::RULES,
    ports::RULES,
    quantities::RULES,
    scaling::RULES,
    selectors::RULES,
    subjects::RULES,
    volumes::RULES,
    webhooks::RULES,
    workloads::RULES,
];

/// All rules of a definition.
struct About {
    definition: &'static str,
    bounds: &'static [bounds::Bound],
    unique: &'static [unique::Unique],
    rules: Vec<fn(&mut Spot<'_>)>,
}

/// The rules of all tables, by definition, so that they are looked for once.
fn all() -> &'static [About] {
    // Made of constants, when first needed.
    static ALL: OnceLock<Vec<About>> = OnceLock::new();
    ALL.get_or_init(|| {
        let rules = SUBJECTS.concat();
        let bounds = bounds::BOUNDS.iter().map(|(name, ..)| *name);
        let unique = unique::UNIQUE.iter().map(|(name, ..)| *name);
        let names = rules
            .iter()
            .map(|(name, _)| *name)
            .chain(bounds)
            .chain(unique);
        let about = |definition| {
            let rules = rules.iter().filter(|(name, _)| *name == definition);
            About {
                definition,
                bounds: rows(bounds::BOUNDS, definition, |(name, ..)| name),
                unique: rows(unique::UNIQUE, definition, |(name, ..)| name),
                rules: rules.map(|(_, rule)| *rule).collect(),
            }
        };
        names
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(about)
            .collect()
    })
}

/// All broken rules of an object.
pub(super) fn check(kind: Kind<'_>, object: &Value) -> Vec<Violation> {
    let mut found = Vec::new();
    let Some(fields) = object.as_object() else {
        return found;
    };
    let mut spot = Spot::new(kind.kind(), kind.root(), fields, "", &mut found);
    names::check(kind, &mut spot);
    secrets::check(kind, &mut spot);
    let mut walk = Walk {
        kind: kind.kind(),
        path: String::new(),
        found,
    };
    walk.value(kind.root(), object);
    walk.found
}

struct Walk<'k> {
    kind: &'k str,
    path: String,
    found: Vec<Violation>,
}

impl Walk<'_> {
    fn value(&mut self, of: Type<'_>, value: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some(definition) = of.definition() {
                    self.apply(of, definition, fields);
                }
                let nothing = Value::Object(Map::new());
                for (name, field) in of.fields() {
                    // The server reads a struct that is not there as one without any fields.
                    let is_absent = || fields.get(name).is_none_or(Value::is_null);
                    if is_struct(field) && is_absent() && !self.is_status(name) {
                        self.descend(Some(field), name, &nothing);
                    }
                }
                for (name, inner) in fields {
                    // What a client says of the status is dropped, and scalars are looked at with
                    // the object that they stand in.
                    let has_rules = inner.is_object() || inner.is_array() || inner.is_null();
                    if has_rules && !self.is_status(name) {
                        let child = of
                            .child(name)
                            .map(|field| choice(of, field, inner).unwrap_or(field));
                        // A map's null is an object without any fields.
                        let is_item = inner.is_null() && of.shape() == Shape::Map;
                        self.descend(child, name, if is_item { &nothing } else { inner });
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    // A list's null is an item without any fields.
                    let nothing = Value::Object(Map::new());
                    let item = if item.is_null() { &nothing } else { item };
                    self.descend(of.items(), &index.to_string(), item);
                }
            }
            _ => {}
        }
    }

    fn is_status(&self, field: &str) -> bool {
        self.path.is_empty() && field == "status"
    }

    fn descend(&mut self, of: Option<Type<'_>>, segment: &str, value: &Value) {
        let (Some(of), true) = (of, value.is_object() || value.is_array()) else {
            return;
        };
        let before = self.path.len();
        push(&mut self.path, segment);
        self.value(of, value);
        self.path.truncate(before);
    }

    fn apply(&mut self, of: Type<'_>, definition: &str, fields: &Map<String, Value>) {
        let Some(wanted) = definition.strip_prefix(PUBLISHED) else {
            return;
        };
        let Ok(place) = all().binary_search_by(|about| about.definition.cmp(wanted)) else {
            return;
        };
        let mut spot = Spot::new(self.kind, of, fields, &self.path, &mut self.found);
        if let Some(about) = all().get(place) {
            bounds::check(about.bounds, &mut spot);
            unique::check(about.unique, &mut spot);
            about.rules.iter().for_each(|rule| rule(&mut spot));
        }
    }
}

/// What the names of all definitions of Kubernetes' own begin with; the tables leave it out.
pub(super) const PUBLISHED: &str = "io.k8s.";

/// The rows of a sorted table that are about a definition.
pub(super) fn rows<'t, R>(
    table: &'t [R],
    wanted: &str,
    name: impl Fn(&R) -> &'static str,
) -> &'t [R] {
    let start = table.partition_point(|row| name(row) < wanted);
    let rest = table.get(start..).unwrap_or_default();
    let end = rest.iter().take_while(|row| name(row) == wanted).count();
    rest.get(..end).unwrap_or_default()
}
