//! How do the same documents look in OpenAPI v2? One document for all kinds, with less to say of
//! each: what v2 cannot say of a custom kind is left out.

use fed_schema::{Schemas, documents};
use serde_json::{Map, Value, json};

use super::{Document, binary, custom, third};
use crate::server::store::Store;
use crate::server::write::fields as fields_of;

/// `/openapi/v2`.
pub(in crate::server::published) fn document(schemas: &Schemas, store: &Store) -> Document {
    Document::of(&whole(schemas, store))
}

/// The same in protobuf, under the same tag.
pub(in crate::server::published) fn in_protobuf(schemas: &Schemas, store: &Store) -> Document {
    let whole = whole(schemas, store);
    Document {
        bytes: binary::document(&whole),
        ..Document::of(&whole)
    }
}

fn whole(schemas: &Schemas, store: &Store) -> Value {
    let mut whole = documents::openapi_v2();
    let shared = whole.get("parameters").and_then(Value::as_object);
    let shared = shared.cloned().unwrap_or_default();
    for (group, version) in custom(schemas) {
        let document = rewritten(third(schemas, store, group, version));
        let schemas = document.pointer("/components/schemas");
        if let Some(definitions) = whole.get_mut("definitions").and_then(Value::as_object_mut) {
            for (name, schema) in schemas.and_then(Value::as_object).into_iter().flatten() {
                let definition = || reduced(schema.clone());
                definitions.entry(name).or_insert_with(definition);
            }
        }
        let operations = document.get("paths").and_then(Value::as_object);
        if let Some(paths) = whole.get_mut("paths").and_then(Value::as_object_mut) {
            let items = operations.into_iter().flatten();
            paths.extend(items.map(|(path, all)| (path.clone(), path_item(all, &shared))));
        }
    }
    whole
}

/// The same with references as v2 writes them.
fn rewritten(value: Value) -> Value {
    match value {
        Value::String(text) => match text.strip_prefix("#/components/schemas/") {
            Some(name) => json!(format!("#/definitions/{name}")),
            None => Value::String(text),
        },
        Value::Array(items) => items.into_iter().map(rewritten).collect(),
        Value::Object(fields) => {
            let fields = fields
                .into_iter()
                .map(|(name, value)| (name, rewritten(value)));
            Value::Object(fields.collect())
        }
        other => other,
    }
}

/// A schema without what v2 has no words for.
fn reduced(mut schema: Value) -> Value {
    let Some(words) = schema.as_object_mut() else {
        return schema;
    };
    if let Some(reference) = words
        .get("allOf")
        .and_then(|all| all.pointer("/0/$ref"))
        .cloned()
    {
        return json!({"$ref": reference});
    }
    let is_set = |words: &Map<String, Value>, word: &str| words.get(word) == Some(&json!(true));
    let is_root = words.contains_key("x-kubernetes-group-version-kind");
    let may_be_null = is_set(words, "nullable");
    let is_open = is_set(words, "x-kubernetes-preserve-unknown-fields");
    for word in ["allOf", "anyOf", "oneOf", "not", "default", "nullable"] {
        words.remove(word);
    }
    if may_be_null || is_open {
        for word in ["items", "properties", "additionalProperties"] {
            words.remove(word);
        }
        if is_set(words, "x-kubernetes-embedded-resource") {
            words.remove("required");
        }
        if is_root {
            words.remove("x-kubernetes-preserve-unknown-fields");
        } else {
            words.remove("type");
        }
    }
    forgive(words);
    for word in ["properties", "additionalProperties", "items"] {
        let Some(below) = words.get_mut(word) else {
            continue;
        };
        match below.take() {
            Value::Object(fields) if word == "properties" => {
                let fields = fields
                    .into_iter()
                    .map(|(name, schema)| (name, reduced(schema)));
                *below = Value::Object(fields.collect());
            }
            other => *below = reduced(other),
        }
    }
    schema
}

/// A field that may be null is not required: v2 would not allow the null.
fn forgive(words: &mut Map<String, Value>) {
    let fields = words.get("properties").cloned().unwrap_or_default();
    let Some(required) = words.get_mut("required").and_then(Value::as_array_mut) else {
        return;
    };
    required.retain(|name| {
        let field = fields.get(name.as_str().unwrap_or_default());
        field.is_none_or(|field| field.get("nullable") != Some(&json!(true)))
    });
    if required.is_empty() {
        words.remove("required");
    }
}

fn path_item(operations: &Value, shared: &Map<String, Value>) -> Value {
    let items = operations.as_object().into_iter().flatten();
    let items = items.map(|(name, value)| match value {
        Value::Array(list) => (
            name.clone(),
            list.iter()
                .map(|one| parameter(name, one, shared))
                .collect(),
        ),
        operation => (name.clone(), self::operation(name, operation, shared)),
    });
    Value::Object(items.collect())
}

fn operation(method: &str, operation: &Value, shared: &Map<String, Value>) -> Value {
    let mut told = operation.clone();
    let Some(fields) = told.as_object_mut() else {
        return told;
    };
    let forms = json!(["application/json", "application/yaml"]);
    let patches = json!([
        "application/json-patch+json",
        "application/merge-patch+json",
        "application/apply-patch+yaml",
    ]);
    let consumes = if method == "patch" {
        patches
    } else {
        forms.clone()
    };
    let body = fields.remove("requestBody").map(|body| {
        let mut told = json!({"name": "body", "in": "body", "schema": schema(&body)});
        if let Some(is_required) = body.get("required") {
            fields_of(&mut told).insert("required".to_owned(), is_required.clone());
        }
        known(method, told, shared)
    });
    let query = operation.get("parameters").and_then(Value::as_array);
    let query = query
        .into_iter()
        .flatten()
        .map(|one| parameter(method, one, shared));
    let parameters: Vec<Value> = body.into_iter().chain(query).collect();
    if !parameters.is_empty() {
        fields.insert("parameters".to_owned(), Value::Array(parameters));
    }
    if let Some(responses) = fields.get_mut("responses").and_then(Value::as_object_mut) {
        for response in responses
            .values_mut()
            .filter(|said| said.get("content").is_some())
        {
            *response = json!({"schema": schema(response)});
        }
    }
    fields.insert("consumes".to_owned(), consumes);
    fields.insert("produces".to_owned(), forms);
    fields.insert("schemes".to_owned(), json!(["https"]));
    told
}

/// The schema of a body or an answer, which is the same in all forms.
fn schema(body: &Value) -> Value {
    let forms = body.get("content").and_then(Value::as_object);
    let first = forms.and_then(|forms| forms.values().next());
    first
        .and_then(|form| form.get("schema"))
        .cloned()
        .unwrap_or_default()
}

fn parameter(method: &str, parameter: &Value, shared: &Map<String, Value>) -> Value {
    let mut told = parameter.clone();
    if let Some(fields) = told.as_object_mut()
        && let Some(Value::Object(schema)) = fields.remove("schema")
    {
        fields.extend(schema);
    }
    known(method, told, shared)
}

/// A parameter, or the name of the shared one that says the same. Without prose two of them do:
/// the one of patches comes first.
fn known(method: &str, parameter: Value, shared: &Map<String, Value>) -> Value {
    let mut same = shared.iter().filter(|(_, other)| **other == parameter);
    let found = if method == "patch" {
        same.next()
    } else {
        same.next_back()
    };
    match found {
        Some((name, _)) => json!({"$ref": format!("#/parameters/{name}")}),
        None => parameter,
    }
}
