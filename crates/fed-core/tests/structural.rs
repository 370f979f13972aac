//! Can the native types stand in anybody's CRD? Kubernetes takes structural schemas only; the
//! rules are written out here, and held against schemas that break them.

#![allow(
    clippy::unwrap_used,
    reason = "clippy allows it in test functions, but not in what they share"
)]

use std::collections::{BTreeMap, BTreeSet};

use fed_core::dialect::native::{Propagation, PropagationSpec};
use fed_core::schema::structural_schema;
use fed_core::{Cluster, LabelSelector, Override, Placement};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// What somebody's own kind may look like: all native types, in every way they can be held.
#[derive(JsonSchema, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "only its schema is wanted")]
struct WebsiteSpec {
    placement: Placement,
    #[serde(default)]
    fallback: Option<Placement>,
    #[serde(default)]
    selector: Option<LabelSelector>,
    #[serde(default)]
    overrides: Vec<Override>,
    more_overrides: Option<Vec<Override>>,
    by_team: BTreeMap<String, PropagationSpec>,
    cluster: Option<Cluster>,
}

/// What an embedder's own fields may add, of which schemars alone makes no structural schema.
#[derive(JsonSchema, Deserialize)]
#[allow(dead_code, reason = "only its schema is wanted")]
struct Difficult {
    mode: Mode,
    maybe: Option<Mode>,
    tags: BTreeSet<String>,
    port: Option<Port>,
    count: Option<u32>,
}

/// An enum whose variants have descriptions.
#[derive(JsonSchema, Deserialize)]
#[allow(dead_code, reason = "only its schema is wanted")]
enum Mode {
    /// Quickly.
    Fast,
    /// Slowly.
    Slow,
}

/// A value of one of two types, as Kubernetes has them.
#[derive(Deserialize)]
struct Port;

impl JsonSchema for Port {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Port".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"x-kubernetes-int-or-string": true})
    }
}

/// Keywords that a structural schema can have anywhere outside of `allOf`, `anyOf`, `oneOf` and
/// `not`.
const STRUCTURE: &[&str] = &[
    "type",
    "properties",
    "items",
    "additionalProperties",
    "title",
    "description",
    "default",
    "nullable",
    "example",
    "externalDocs",
    "x-kubernetes-preserve-unknown-fields",
    "x-kubernetes-int-or-string",
    "x-kubernetes-embedded-resource",
    "x-kubernetes-list-type",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-map-type",
    "x-kubernetes-validations",
];

/// Keywords that only check values.
const CHECKS: &[&str] = &[
    "enum",
    "format",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "required",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
];

const TYPES: &[&str] = &["object", "array", "string", "integer", "number", "boolean"];

fn is_true(schema: &Map<String, Value>, key: &str) -> bool {
    schema.get(key) == Some(&Value::Bool(true))
}

/// Every rule of structural schemas that `schema` breaks, with the place.
fn faults(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    structure(schema, "", &mut found);
    found
}

fn structure(schema: &Value, at: &str, found: &mut Vec<String>) {
    let Value::Object(schema) = schema else {
        found.push(format!("{at}: is no object"));
        return;
    };
    keywords(schema, &[STRUCTURE, CHECKS].concat(), at, found);
    of_one_type(schema, at, found);
    if schema.contains_key("properties") && schema.contains_key("additionalProperties") {
        found.push(format!("{at}: has properties and additionalProperties"));
    }
    if is_true(schema, "uniqueItems") {
        found.push(format!("{at}: uniqueItems cannot be true"));
    }
    if let Some(default) = schema.get("default") {
        fits(default, schema, &format!("{at}/default"), found);
    }
    for (name, property) in schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        structure(property, &format!("{at}/properties/{name}"), found);
    }
    for key in ["items", "additionalProperties"] {
        match schema.get(key) {
            None => {}
            // Kubernetes takes it, and prunes nothing there.
            Some(Value::Bool(true)) if key == "additionalProperties" => {}
            Some(inner) => structure(inner, &format!("{at}/{key}"), found),
        }
    }
    junctors(schema, at, found);
}

fn of_one_type(schema: &Map<String, Value>, at: &str, found: &mut Vec<String>) {
    let untyped = [
        "x-kubernetes-int-or-string",
        "x-kubernetes-preserve-unknown-fields",
    ];
    match schema.get("type") {
        Some(Value::String(one)) if TYPES.contains(&one.as_str()) => {
            let needs = |key: &str, of: &str| schema.contains_key(key) && one != of;
            if one == "array" && !schema.contains_key("items") {
                found.push(format!("{at}: an array without items"));
            }
            for (key, of) in [
                ("properties", "object"),
                ("additionalProperties", "object"),
                ("items", "array"),
            ] {
                if needs(key, of) {
                    found.push(format!("{at}: {key} of a {one}"));
                }
            }
            if is_true(schema, "x-kubernetes-int-or-string") {
                found.push(format!("{at}: a type beside x-kubernetes-int-or-string"));
            }
        }
        Some(_) => found.push(format!("{at}: type is not one of the types")),
        None if untyped.iter().any(|key| is_true(schema, key)) => {}
        None => found.push(format!("{at}: no type")),
    }
}

/// What stands in `allOf`, `anyOf`, `oneOf` and `not` checks values and has no structure of its
/// own; where it names fields, the structure has them, too.
fn junctors(schema: &Map<String, Value>, at: &str, found: &mut Vec<String>) {
    let listed = ["allOf", "anyOf", "oneOf"].iter().flat_map(|key| {
        let branches = schema.get(*key).and_then(Value::as_array);
        branches
            .into_iter()
            .flatten()
            .map(move |branch| (*key, branch))
    });
    for (key, branch) in listed.chain(schema.get("not").map(|branch| ("not", branch))) {
        value_check(branch, schema, &format!("{at}/{key}"), found);
    }
}

fn value_check(check: &Value, of: &Map<String, Value>, at: &str, found: &mut Vec<String>) {
    let Value::Object(check) = check else {
        found.push(format!("{at}: is no object"));
        return;
    };
    keywords(
        check,
        &[CHECKS, &["properties", "items"][..]].concat(),
        at,
        found,
    );
    let structure_of = |schema: &Map<String, Value>, key: &str| schema.get(key).cloned();
    let fields = structure_of(of, "properties").unwrap_or_default();
    for (name, inner) in check
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        match fields.get(name).and_then(Value::as_object) {
            Some(of) => value_check(inner, of, &format!("{at}/properties/{name}"), found),
            None => found.push(format!("{at}/properties/{name}: not in the structure")),
        }
    }
    if let Some(inner) = check.get("items") {
        match structure_of(of, "items") {
            Some(Value::Object(of)) => value_check(inner, &of, &format!("{at}/items"), found),
            _ => found.push(format!("{at}/items: not in the structure")),
        }
    }
    junctors(check, at, found);
}

fn keywords(schema: &Map<String, Value>, known: &[&str], at: &str, found: &mut Vec<String>) {
    let unknown = schema.keys().filter(|key| !known.contains(&key.as_str()));
    found.extend(unknown.map(|key| format!("{at}: {key} is not allowed")));
}

/// A default is a value that the schema takes, and has no field that would be pruned.
fn fits(value: &Value, schema: &Map<String, Value>, at: &str, found: &mut Vec<String>) {
    let of = schema.get("type").and_then(Value::as_str);
    let right = match value {
        Value::Null => is_true(schema, "nullable"),
        Value::Bool(_) => of == Some("boolean"),
        Value::Number(number) => {
            of == Some("number") || (of == Some("integer") && !number.is_f64())
        }
        Value::String(_) => of == Some("string"),
        Value::Array(_) => of == Some("array"),
        Value::Object(_) => of == Some("object"),
    };
    if !right && of.is_some() {
        found.push(format!("{at}: is of the wrong type"));
    }
    if let Some(Value::Array(values)) = schema.get("enum")
        && !values.contains(value)
    {
        found.push(format!("{at}: is not one of the values"));
    }
    let Some(fields) = value.as_object() else {
        return;
    };
    let required = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    for name in required.filter_map(Value::as_str) {
        if !fields.contains_key(name) {
            found.push(format!("{at}/{name}: is missing"));
        }
    }
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return;
    };
    for (name, value) in fields {
        match properties.get(name).and_then(Value::as_object) {
            Some(of) => fits(value, of, &format!("{at}/{name}"), found),
            None => found.push(format!("{at}/{name}: would be pruned")),
        }
    }
}

#[test]
fn native_types_have_structural_schemas() {
    for (name, schema) in [
        ("Placement", structural_schema::<Placement>()),
        ("LabelSelector", structural_schema::<LabelSelector>()),
        ("list of Override", structural_schema::<Vec<Override>>()),
        ("PropagationSpec", structural_schema::<PropagationSpec>()),
        ("Propagation", structural_schema::<Propagation>()),
        ("Cluster", structural_schema::<Cluster>()),
        (
            "a kind with all of them",
            structural_schema::<WebsiteSpec>(),
        ),
        ("a kind with other types", structural_schema::<Difficult>()),
    ] {
        assert_eq!(faults(&schema), Vec::<String>::new(), "{name}: {schema:#}");
        assert!(
            !schema.to_string().contains("\"title\""),
            "{name}: {schema:#}"
        );
    }
}

/// kube's derive makes schemas with these settings, and then changes enums whose variants hold
/// values, which are none of ours.
#[test]
fn native_types_have_structural_schemas_by_the_settings_of_kube() {
    let mut settings = SchemaSettings::openapi3();
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    let schema = settings
        .into_generator()
        .into_root_schema_for::<WebsiteSpec>()
        .to_value();
    assert_eq!(faults(&schema), Vec::<String>::new(), "{schema:#}");
    for junctor in ["oneOf", "anyOf", "allOf"] {
        assert!(!schema.to_string().contains(junctor), "{schema:#}");
    }
}

#[test]
fn a_schema_keeps_what_is_optional_required_and_allowed() {
    let placement = structural_schema::<Placement>();
    let at = |pointer: &str| placement.pointer(pointer).cloned().unwrap_or_default();
    assert_eq!(at("/properties/clusters/nullable"), json!(true));
    assert_eq!(at("/properties/clusters/items/minLength"), json!(1));
    assert_eq!(at("/properties/clusterSelector/nullable"), json!(true));
    let operator =
        "/properties/clusterSelector/properties/matchExpressions/items/properties/operator";
    assert_eq!(
        at(operator)["enum"],
        json!(["In", "NotIn", "Exists", "DoesNotExist"])
    );

    let difficult = structural_schema::<Difficult>();
    let property = |name: &str| difficult["properties"][name].clone();
    assert_eq!(property("mode")["enum"], json!(["Fast", "Slow"]));
    assert_eq!(property("maybe")["enum"], json!(["Fast", "Slow"]));
    assert_eq!(property("maybe")["nullable"], json!(true));
    assert_eq!(property("mode").get("nullable"), None);
    assert_eq!(
        property("port"),
        json!({"x-kubernetes-int-or-string": true, "nullable": true})
    );
    assert_eq!(difficult["required"], json!(["mode", "tags"]));
}

#[test]
fn every_value_of_a_native_type_fits_its_schema() {
    let fits_schema = |value: Value, schema: Value| {
        let mut found = Vec::new();
        fits(&value, schema.as_object().unwrap(), "", &mut found);
        assert_eq!(found, Vec::<String>::new(), "{value}");
    };
    let selector = LabelSelector::labels([("env", "prod")]);
    for placement in [
        Placement::nowhere(),
        Placement::everywhere(),
        Placement::selector(selector),
    ] {
        fits_schema(
            serde_json::to_value(placement).unwrap(),
            structural_schema::<Placement>(),
        );
    }
    for readiness in ["Ready", "NotReady", "Unknown"] {
        let cluster = json!({"name": "a", "labels": {}, "readiness": readiness});
        let read: Cluster = serde_json::from_value(cluster.clone()).unwrap();
        assert_eq!(format!("{:?}", read.readiness()), readiness);
        fits_schema(cluster, structural_schema::<Cluster>());
    }
}

#[test]
fn schemas_that_break_a_rule_are_found() {
    let object = |property: Value| json!({"type": "object", "properties": {"a": property}});
    for (bad, fault) in [
        (json!(true), ": is no object"),
        (json!({}), ": no type"),
        (json!({"description": "x"}), ": no type"),
        (object(json!({})), "/properties/a: no type"),
        (object(json!(true)), "/properties/a: is no object"),
        (
            json!({"type": ["string", "null"]}),
            ": type is not one of the types",
        ),
        (json!({"type": "null"}), ": type is not one of the types"),
        (
            json!({"$ref": "#/definitions/a", "type": "object"}),
            ": $ref is not allowed",
        ),
        (
            json!({"type": "object", "definitions": {}}),
            ": definitions is not allowed",
        ),
        (
            json!({"type": "object", "$defs": {}}),
            ": $defs is not allowed",
        ),
        (
            json!({"type": "object", "$schema": "x"}),
            ": $schema is not allowed",
        ),
        (
            json!({"type": "string", "const": "x"}),
            ": const is not allowed",
        ),
        (
            json!({"type": "string", "examples": []}),
            ": examples is not allowed",
        ),
        (
            json!({"type": "object", "patternProperties": {}}),
            ": patternProperties is not allowed",
        ),
        (
            json!({"type": "object", "properties": {}, "additionalProperties": {"type": "string"}}),
            ": has properties and additionalProperties",
        ),
        (
            json!({"type": "object", "additionalProperties": false}),
            "/additionalProperties: is no object",
        ),
        (
            json!({"type": "object", "additionalProperties": {}}),
            "/additionalProperties: no type",
        ),
        (json!({"type": "array"}), ": an array without items"),
        (json!({"type": "array", "items": {}}), "/items: no type"),
        (
            json!({"type": "array", "items": [{"type": "string"}]}),
            "/items: is no object",
        ),
        (
            json!({"type": "array", "items": {"type": "string"}, "uniqueItems": true}),
            ": uniqueItems cannot be true",
        ),
        (
            json!({"type": "string", "properties": {}}),
            ": properties of a string",
        ),
        (
            json!({"type": "string", "x-kubernetes-int-or-string": true}),
            ": a type beside x-kubernetes-int-or-string",
        ),
        (
            json!({"type": "string", "anyOf": [{"type": "string"}]}),
            "/anyOf: type is not allowed",
        ),
        (
            json!({"type": "string", "oneOf": [{"enum": ["a"], "description": "x"}]}),
            "/oneOf: description is not allowed",
        ),
        (
            json!({"type": "string", "not": {"nullable": true}}),
            "/not: nullable is not allowed",
        ),
        (
            json!({"type": "object", "allOf": [{"properties": {"a": {"minLength": 1}}}]}),
            "/allOf/properties/a: not in the structure",
        ),
        (
            json!({"type": "object", "allOf": [{"anyOf": [{"default": 1}]}]}),
            "/allOf/anyOf: default is not allowed",
        ),
        (
            json!({"type": "object", "anyOf": [{"additionalProperties": {}}]}),
            "/anyOf: additionalProperties is not allowed",
        ),
        (
            json!({"type": "string", "default": 1}),
            "/default: is of the wrong type",
        ),
        (
            json!({"type": "string", "default": null}),
            "/default: is of the wrong type",
        ),
        (
            json!({"type": "string", "enum": ["a"], "default": "b"}),
            "/default: is not one of the values",
        ),
        (
            json!({"type": "object", "properties": {}, "default": {"a": 1}}),
            "/default/a: would be pruned",
        ),
        (
            json!({"type": "object", "required": ["a"], "default": {}}),
            "/default/a: is missing",
        ),
    ] {
        assert!(
            faults(&bad).contains(&fault.to_owned()),
            "{bad}: {:?}",
            faults(&bad)
        );
    }
    for good in [
        json!({"type": "object"}),
        json!({"x-kubernetes-preserve-unknown-fields": true, "nullable": true}),
        object(json!({"x-kubernetes-int-or-string": true})),
        json!({
            "type": "object",
            "properties": {"a": {"type": "string", "default": "x"}},
            "oneOf": [{"required": ["a"]}, {"properties": {"a": {"minLength": 1}}}],
        }),
    ] {
        assert_eq!(faults(&good), Vec::<String>::new());
    }
}
