//! Can this document be read as this type, and if not, exactly where not?

use std::fmt::Write as _;

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use super::node::{Fault, Node};
use crate::location::{Location, Pointer};
use crate::problem::{Code, Problem};

/// Reads `value`, which stands at `at`, as a `T`.
///
/// The problem stands at the value that is wrong and says what it must be; it never repeats what
/// was there, because that may be secret. `value` must not be nested too deeply to recurse into.
///
/// ```
/// use fed_core::Location;
/// use fed_core::dialect::kubefed::api::ReplicaSchedulingPreference;
/// use fed_core::dialect::parse;
/// use serde_json::json;
///
/// let document = json!({"spec": {"totalReplicas": "9"}});
/// let problem = parse::<ReplicaSchedulingPreference>(&document, &Location::in_code())
///     .expect_err("a text is not a number");
/// assert_eq!(
///     problem.message,
///     "spec.totalReplicas must be an integer, not a string: write it without quotes"
/// );
/// ```
pub fn parse<T: DeserializeOwned>(value: &Value, at: &Location) -> Result<T, Problem> {
    // Following the path costs, so only a value that is wrong pays for it.
    T::deserialize(Node(value)).or_else(|_| {
        serde_path_to_error::deserialize(Node(value)).map_err(|error| {
            let place = pointer(error.path());
            problem(value, &place, error.inner(), at)
        })
    })
}

/// A place as people write it: `spec.clusters[0].name`.
pub(crate) fn field_name(path: &Pointer) -> String {
    let mut name = String::new();
    for token in path.tokens() {
        let plain = |character: char| character.is_alphanumeric() || "_-".contains(character);
        // Writing to a String cannot fail.
        let _ = if token.starts_with(|first: char| first.is_ascii_digit()) && is_index(&token) {
            write!(name, "[{token}]")
        } else if token.is_empty() || !token.chars().all(plain) {
            write!(name, "[{token:?}]")
        } else if name.is_empty() {
            write!(name, "{token}")
        } else {
            write!(name, ".{token}")
        };
    }
    if name.is_empty() {
        name.push_str("the document");
    }
    name
}

fn is_index(token: &str) -> bool {
    token.parse::<usize>().is_ok()
}

fn pointer(path: &Path) -> Pointer {
    path.iter()
        .fold(Pointer::root(), |place, segment| match segment {
            Segment::Seq { index } => place.child(index),
            Segment::Map { key } => place.child(key),
            Segment::Enum { variant } => place.child(variant),
            Segment::Unknown => place,
        })
}

fn problem(document: &Value, place: &Pointer, fault: &Fault, at: &Location) -> Problem {
    let location = at.join(place.as_str());
    let value = place.resolve(document).unwrap_or(document);
    let (code, message) = match fault {
        Fault::Missing(field) => {
            let name = field_name(&location.path.child(field));
            (Code::MissingField, format!("{name} is missing"))
        }
        Fault::WrongType(expected) => {
            let name = field_name(&location.path);
            let (wanted, found) = (in_words(expected), type_of(value));
            let hint = hint(wanted, value);
            let message = format!("{name} must be {wanted}, not {found}{hint}");
            (Code::InvalidValue, message)
        }
        Fault::WrongValue(expected) => {
            let name = field_name(&location.path);
            let message = match in_words(expected) {
                wanted @ "an integer" => format!("{name} must be {wanted} of at most 64 bits"),
                wanted => format!("{name} must be {wanted}"),
            };
            (Code::InvalidValue, message)
        }
        Fault::Unreadable => {
            let name = field_name(&location.path);
            (Code::InvalidValue, format!("{name} is not a valid value"))
        }
    };
    Problem::error(code, message).at(location)
}

/// What serde's name of an expected type means to people.
fn in_words(expected: &str) -> &str {
    match expected {
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" => "an integer",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" => "an object",
        other if other.starts_with("struct ") => "an object",
        other => other,
    }
}

/// What kind of value it is, without telling it.
pub(crate) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a floating-point number",
        Value::Number(_) => "an integer",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// What to do about it, where that is certain.
fn hint(wanted: &str, value: &Value) -> &'static str {
    match (wanted, value) {
        ("a string", Value::Bool(_) | Value::Number(_)) => ": write it in quotes",
        ("an integer", Value::String(text)) if text.parse::<i64>().is_ok() => {
            ": write it without quotes"
        }
        ("true or false", Value::String(text)) if text == "true" || text == "false" => {
            ": write it without quotes"
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::kubefed::api::{
        FederatedObject, KubeFedConfig, ReplicaSchedulingPreference,
    };
    use crate::location::DocumentId;
    use serde_json::json;

    fn refusal<T: DeserializeOwned + std::fmt::Debug>(document: &Value) -> (String, String) {
        let at = Location::in_code();
        let problem = parse::<T>(document, &at).expect_err("it has the wrong type");
        assert_eq!(problem.code, Code::InvalidValue);
        (problem.at.unwrap().path.to_string(), problem.message)
    }

    #[test]
    fn a_refusal_names_the_very_value_and_what_it_must_be() {
        let cases = [
            (
                json!({"spec": {"template": 5}}),
                "/spec/template",
                "spec.template must be an object, not an integer",
            ),
            (
                json!({"spec": {"placement": {"clusters": {"a": 1}}}}),
                "/spec/placement/clusters",
                "spec.placement.clusters must be a list, not an object",
            ),
            (
                json!({"spec": {"placement": {"clusters": ["a"]}}}),
                "/spec/placement/clusters/0",
                "spec.placement.clusters[0] must be an object, not a string",
            ),
            (
                json!({"spec": {"placement": {"clusters": [{"name": "a"}, {"name": 7}]}}}),
                "/spec/placement/clusters/1/name",
                "spec.placement.clusters[1].name must be a string, not an integer: \
                 write it in quotes",
            ),
            (
                json!({"spec": {"placement": {"clusterSelector": {"matchLabels": {"a/b.c": true}}}}}),
                "/spec/placement/clusterSelector/matchLabels/a~1b.c",
                "spec.placement.clusterSelector.matchLabels[\"a/b.c\"] must be a string, \
                 not a boolean: write it in quotes",
            ),
            (
                json!({"spec": {"overrides": [{"clusterOverrides": [{"path": null}, {"path": []}]}]}}),
                "/spec/overrides/0/clusterOverrides/1/path",
                "spec.overrides[0].clusterOverrides[1].path must be a string, not a list",
            ),
            (
                json!({"strange": {}, "spec": {"strange": [1], "retainReplicas": "true"}}),
                "/spec/retainReplicas",
                "spec.retainReplicas must be true or false, not a string: write it without quotes",
            ),
            (
                json!({"kind": 3}),
                "/kind",
                "kind must be a string, not an integer: write it in quotes",
            ),
            (json!([]), "", "the document must be an object, not a list"),
            (json!(null), "", "the document must be an object, not null"),
        ];
        for (document, path, message) in cases {
            let found = refusal::<FederatedObject>(&document);
            assert_eq!(found, (path.to_owned(), message.to_owned()));
        }
    }

    #[test]
    fn keys_of_maps_are_part_of_the_place() {
        let document = json!({"spec": {"clusters": {"*": {"weight": 1}, "eu": {"weight": []}}}});
        let (path, _) = refusal::<ReplicaSchedulingPreference>(&document);
        assert_eq!(path, "/spec/clusters/eu/weight");
        let document = json!({"spec": {"featureGates": [{}, {"name": 1}]}});
        let (path, _) = refusal::<KubeFedConfig>(&document);
        assert_eq!(path, "/spec/featureGates/1/name");
    }

    #[test]
    fn a_refusal_stands_where_the_document_stands() {
        let at = Location::new(DocumentId(4), Pointer::from_text("/items/2"));
        let document = json!({"spec": {"totalReplicas": true}});
        let problem = parse::<ReplicaSchedulingPreference>(&document, &at).unwrap_err();
        assert_eq!(problem.at, Some(at.join("/spec/totalReplicas")));
        assert_eq!(
            problem.message,
            "items[2].spec.totalReplicas must be an integer, not a boolean"
        );
    }

    #[test]
    fn a_refused_value_is_never_repeated() {
        for document in [
            json!({"spec": {"template": "hunter2"}}),
            json!({"spec": "hunter2"}),
            json!({"spec": {"retainReplicas": "hunter2"}}),
            json!("hunter2"),
        ] {
            let (_, message) = refusal::<FederatedObject>(&document);
            assert!(!message.contains("hunter2"), "{message}");
        }
    }

    #[test]
    fn a_missing_field_of_a_stricter_type_is_named() {
        #[derive(Debug, serde::Deserialize)]
        struct Strict {
            #[serde(rename = "spec")]
            _spec: Inner,
        }
        #[derive(Debug, serde::Deserialize)]
        struct Inner {
            #[serde(rename = "name")]
            _name: String,
        }
        let problem = parse::<Strict>(&json!({"spec": {}}), &Location::in_code()).unwrap_err();
        assert_eq!(problem.code, Code::MissingField);
        assert_eq!(problem.message, "spec.name is missing");
        assert_eq!(problem.at.unwrap().path.as_str(), "/spec");
    }
}
