//! Is this a structural schema, by the rules of Kubernetes? And the same rules, held against schemas
//! that break them.

use serde_json::{Map, Value, json};

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
pub(crate) fn faults(schema: &Value) -> Vec<String> {
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
pub(crate) fn fits(value: &Value, schema: &Map<String, Value>, at: &str, found: &mut Vec<String>) {
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

fn object(property: impl Into<Value>) -> Value {
    json!({"type": "object", "properties": {"a": property.into()}})
}

/// Schemas without the structure that there must be, with the rule that they break.
fn of_wrong_structure() -> Vec<(Value, &'static str)> {
    vec![
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
    ]
}

/// Schemas with structure or values where there can be none.
fn of_wrong_checks() -> Vec<(Value, &'static str)> {
    vec![
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
    ]
}

#[test]
fn schemas_that_break_a_rule_are_found() {
    for (bad, fault) in [of_wrong_structure(), of_wrong_checks()].concat() {
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
