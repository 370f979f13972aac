//! How does an object of a custom kind look, as OpenAPI says it? As its CustomResourceDefinition
//! says, with what every object has.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use fed_schema::{Kind, documents};
use serde_json::{Map, Value, json};

use crate::server::published;
use crate::server::store::Store;
use crate::server::write::fields;

const OBJECT_META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const LIST_META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta";
const NAME: &str = "x-kubernetes-group-version-kind";

/// What definitions of a kind's objects are called: `com.example.shop.v1.Gadget`.
pub(super) fn name(kind: Kind<'_>, suffix: &str) -> String {
    let mut parts: Vec<&str> = kind.group().split('.').collect();
    parts.reverse();
    format!(
        "{}.{}.{}{suffix}",
        parts.join("."),
        kind.version(),
        kind.kind()
    )
}

/// A group as one word: `shopExampleCom`.
pub(super) fn words(group: &str) -> String {
    let mut word = String::new();
    for (place, part) in group.split(['.', '-']).enumerate() {
        let mut letters = part.chars();
        let first = letters
            .next()
            .filter(|_| place > 0)
            .map(|first| first.to_ascii_uppercase());
        match first {
            Some(first) => word.push(first),
            None => letters = part.chars(),
        }
        word.extend(letters);
    }
    word
}

/// The definitions of a kind: of its objects, and of lists of them.
pub(super) fn of(store: &Store, kind: Kind<'_>) -> Map<String, Value> {
    let names = |suffix: &str| {
        json!([{
            "group": kind.group(), "version": kind.version(),
            "kind": format!("{}{suffix}", kind.kind()),
        }])
    };
    let version = version(store, kind).unwrap_or_default();
    let mut object = declared(&version).unwrap_or_else(|| json!({"type": "object"}));
    fields(&mut object).insert(NAME.to_owned(), names(""));
    let item = json!({"$ref": format!("#/components/schemas/{}", name(kind, ""))});
    let mut list = json!({
        "description": format!("{0}List is a list of {0}", kind.kind()),
        "type": "object",
        "required": ["items"],
        "properties": {
            "apiVersion": {"type": "string"},
            "items": {"type": "array", "items": item},
            "kind": {"type": "string"},
            "metadata": refers(LIST_META),
        },
        NAME: names("List"),
    });
    if let Some(paths) = selectable(&version) {
        for schema in [&mut object, &mut list] {
            fields(schema).insert("x-kubernetes-selectable-fields".to_owned(), paths.clone());
        }
    }
    Map::from_iter([(name(kind, ""), object), (name(kind, "List"), list)])
}

/// What its CustomResourceDefinition says of the version of a kind.
fn version(store: &Store, kind: Kind<'_>) -> Option<Value> {
    let definition = published::definition(store, kind.group(), kind.plural())?;
    let versions = definition.pointer("/spec/versions")?.as_array()?;
    let mut versions = versions.iter();
    versions
        .find(|version| version["name"] == kind.version())
        .cloned()
}

/// The paths of the fields that objects can be selected by, besides those of all objects.
fn selectable(version: &Value) -> Option<Value> {
    let fields = version.get("selectableFields")?.as_array()?.iter();
    let paths = fields.map(|field| {
        let path = field["jsonPath"].as_str().unwrap_or_default();
        json!({"fieldPath": path.strip_prefix('.').unwrap_or(path)})
    });
    Some(paths.collect())
}

/// The schema of a kind as its definition declares it, with what every object has.
fn declared(version: &Value) -> Option<Value> {
    let mut schema = version.pointer("/schema/openAPIV3Schema")?.clone();
    complete(&mut schema);
    let fields = schema.as_object_mut()?;
    make_object(fields);
    Some(schema)
}

/// Says what a definition means without saying it, below all that it holds.
fn complete(schema: &mut Value) {
    let Some(words) = schema.as_object_mut() else {
        return;
    };
    let is_set = |words: &Map<String, Value>, word: &str| words.get(word) == Some(&json!(true));
    for word in ["properties", "additionalProperties", "items"] {
        match (word, words.get_mut(word)) {
            ("properties", Some(Value::Object(fields))) => fields.values_mut().for_each(complete),
            (_, Some(schema)) => complete(schema),
            (_, None) => {}
        }
    }
    if words.get("uniqueItems") == Some(&json!(false)) {
        words.remove("uniqueItems");
    }
    if is_set(words, "x-kubernetes-int-or-string") {
        let either = json!([{"type": "integer"}, {"type": "string"}]);
        words.entry("anyOf").or_insert(either);
    }
    if is_set(words, "x-kubernetes-embedded-resource") {
        make_object(words);
        let required = words.entry("required").or_insert(json!([]));
        if let Some(required) = required.as_array_mut() {
            for name in ["kind", "apiVersion"] {
                if !required.iter().any(|other| other == name) {
                    required.push(json!(name));
                }
            }
        }
    }
}

/// Gives a schema the fields that every object has.
fn make_object(words: &mut Map<String, Value>) {
    words.entry("type").or_insert(json!("object"));
    let fields = words.entry("properties").or_insert(json!({}));
    if let Some(fields) = fields.as_object_mut() {
        fields.insert("apiVersion".to_owned(), json!({"type": "string"}));
        fields.insert("kind".to_owned(), json!({"type": "string"}));
        fields.insert("metadata".to_owned(), refers(OBJECT_META));
    }
}

fn refers(name: &str) -> Value {
    json!({"allOf": [{"$ref": format!("#/components/schemas/{name}")}]})
}

/// A definition of Kubernetes' own as it stands among custom kinds: with the names that it has in
/// any group, and not only in the one in whose document it was found.
pub(super) fn alone(definition: &str, schema: &Value) -> Value {
    // A cache of constant data.
    static NAMES: OnceLock<BTreeMap<String, Value>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let second = documents::openapi_v2();
        let definitions = second.get("definitions").and_then(Value::as_object);
        let all = definitions.into_iter().flatten();
        all.filter_map(|(name, schema)| Some((name.clone(), elsewhere(schema.get(NAME)?))))
            .collect()
    });
    let mut schema = schema.clone();
    if let (Some(told), Some(names)) = (schema.get_mut(NAME), names.get(definition)) {
        *told = names.clone();
    }
    schema
}

/// The names without those of groups that are no business of the server of custom kinds.
fn elsewhere(names: &Value) -> Value {
    const OTHERS: [&str; 4] = [
        "admission.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "imagepolicy.k8s.io",
    ];
    let names = names.as_array().into_iter().flatten();
    let is_known = |name: &&Value| !OTHERS.iter().any(|group| name["group"] == *group);
    names.filter(is_known).cloned().collect()
}
