//! Which fields of a document does nobody here know, and what was perhaps meant?

use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Document;
use crate::dialect::field_name;
use crate::location::Location;
use crate::nearest::nearest;
use crate::problem::{Code, Problem};

/// Fields that are not known, kept so that writing a document loses nothing.
///
/// They may hold anything, secrets too: `Debug` shows their names alone.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Unknown(pub BTreeMap<String, Value>);

impl fmt::Debug for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl JsonSchema for Unknown {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Unknown".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({})
    }
}

/// Lists the fields that were written but have no effect, as warnings.
///
/// `at` is where the document stands. Nothing is said of what is under `metadata` and `status`,
/// nor under a template, whose fields are those of another kind.
pub fn unknown_fields(document: &impl Document, at: &Location) -> Vec<Problem> {
    let mut found = Vec::new();
    document.report_unknown(&Place::Root(at), &mut found);
    found
}

/// A value that can tell which of its fields are not known.
pub trait KnownFields {
    /// Adds a problem for each unknown field of this value, and of the values in it. Values
    /// without fields that people write have nothing to add.
    fn report_unknown(&self, _place: &Place<'_>, _found: &mut Vec<Problem>) {}
}

/// The way from a document to a value in it. It becomes a location only when there is something
/// to report.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// The document itself stands here.
    Root(&'a Location),
    /// The field of this name.
    Field(&'a Place<'a>, &'a str),
    /// The element of a list, counted from 0.
    Element(&'a Place<'a>, usize),
}

impl Place<'_> {
    /// The place of a field of this place.
    pub fn field<'a>(&'a self, name: &'a str) -> Place<'a> {
        Place::Field(self, name)
    }

    /// Adds a problem for each of these fields of this place.
    pub fn report(&self, unknown: &Unknown, known: &[&str], found: &mut Vec<Problem>) {
        for name in unknown.0.keys() {
            let at = self.field(name).location();
            let field = field_name(&at.path);
            let advice = match nearest(name, known.iter().copied()) {
                Some(meant) => format!("did you mean {meant}?"),
                None => "remove it, or correct its name".to_owned(),
            };
            let message = format!("{field} is not a known field and has no effect: {advice}");
            found.push(Problem::warning(Code::UnknownField, message).at(at));
        }
    }

    fn location(&self) -> Location {
        match self {
            Self::Root(at) => (*at).clone(),
            Self::Field(parent, name) => parent.location().child(name),
            Self::Element(parent, index) => parent.location().child(index),
        }
    }
}

impl<T: KnownFields> KnownFields for Option<T> {
    fn report_unknown(&self, place: &Place<'_>, found: &mut Vec<Problem>) {
        if let Some(value) = self {
            value.report_unknown(place, found);
        }
    }
}

impl<T: KnownFields> KnownFields for Vec<T> {
    fn report_unknown(&self, place: &Place<'_>, found: &mut Vec<Problem>) {
        for (index, value) in self.iter().enumerate() {
            value.report_unknown(&Place::Element(place, index), found);
        }
    }
}

impl<T: KnownFields> KnownFields for BTreeMap<String, T> {
    fn report_unknown(&self, place: &Place<'_>, found: &mut Vec<Problem>) {
        for (key, value) in self {
            value.report_unknown(&place.field(key), found);
        }
    }
}

impl KnownFields for bool {}
impl KnownFields for i64 {}
impl KnownFields for String {}
impl KnownFields for Value {}

#[cfg(test)]
mod tests {
    use super::super::*;
    use super::*;
    use crate::dialect::parse;
    use serde_json::json;

    fn reported<T: Document>(document: &Value) -> Vec<(String, String)> {
        let at = Location::in_code();
        let parsed: T = parse(document, &at).unwrap();
        unknown_fields(&parsed, &at)
            .into_iter()
            .map(|problem| {
                assert_eq!(problem.code, Code::UnknownField);
                assert_eq!(problem.severity, crate::Severity::Warning);
                let (_, advice) = problem.message.rsplit_once(": ").unwrap();
                (problem.at.unwrap().path.to_string(), advice.to_owned())
            })
            .collect()
    }

    #[test]
    fn unknown_fields_are_reported_where_people_write() {
        let document = json!({
            "kind": "FederatedSecret",
            "sepc": {},
            "metadata": {"name": "s", "managedFields": []},
            "spec": {
                "template": {"strange": {"stranger": 1}},
                "placement": {
                    "clusters": [{"name": "a", "weight": 1}, {"name": "b", "Replicas": 2}],
                    "clusterSelecter": {},
                    "clusterSelector": {"matchlabels": {}, "matchExpressions": [{"vaules": []}]},
                },
                "overrides": [
                    {"clusterName": "a", "clusterOverrides": [{"from": "/x", "valeu": 1}]},
                    {"cluster": "a"},
                ],
                "a/b": 1,
            },
            "status": {"new": 1, "clusters": [{"name": "a", "generations": []}]},
        });
        let found = reported::<FederatedObject>(&document);
        let expected = [
            ("/sepc", "did you mean spec?"),
            ("/spec/a~1b", "remove it, or correct its name"),
            (
                "/spec/placement/clusterSelecter",
                "did you mean clusterSelector?",
            ),
            (
                "/spec/placement/clusters/0/weight",
                "remove it, or correct its name",
            ),
            (
                "/spec/placement/clusters/1/Replicas",
                "did you mean replicas?",
            ),
            (
                "/spec/placement/clusterSelector/matchlabels",
                "did you mean matchLabels?",
            ),
            (
                "/spec/placement/clusterSelector/matchExpressions/0/vaules",
                "did you mean values?",
            ),
            (
                "/spec/overrides/0/clusterOverrides/0/from",
                "remove it, or correct its name",
            ),
            (
                "/spec/overrides/0/clusterOverrides/0/valeu",
                "did you mean value?",
            ),
            (
                "/spec/overrides/1/cluster",
                "remove it, or correct its name",
            ),
        ];
        assert_eq!(
            found,
            expected.map(|(path, advice)| (path.to_owned(), advice.to_owned()))
        );
    }

    #[test]
    fn a_preference_reports_the_fields_of_each_cluster() {
        let document = json!({"spec": {"clusters": {"*": {"weigth": 1}, "a/b": {"max": 1}}}});
        let found = reported::<ReplicaSchedulingPreference>(&document);
        let paths: Vec<_> = found.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(
            paths,
            ["/spec/clusters/*/weigth", "/spec/clusters/a~1b/max"]
        );
    }

    #[test]
    fn debug_output_never_shows_unknown_values() {
        let document = json!({"password": "hunter2", "spec": {"token": "hunter2"}});
        let parsed: KubeFedCluster = parse(&document, &Location::in_code()).unwrap();
        let text = format!("{parsed:?}");
        assert!(!text.contains("hunter2"), "{text}");
        assert!(
            text.contains("password") && text.contains("token"),
            "{text}"
        );
    }
}
