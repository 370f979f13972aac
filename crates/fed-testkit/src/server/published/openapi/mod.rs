//! How do the objects of the kinds look, and what can be done with them? The OpenAPI documents of
//! the built-in kinds as a real server publishes them, without prose, and those of
//! CustomResourceDefinitions made like them.

pub(super) mod binary;
mod definition;
mod operations;
mod second;

use std::collections::BTreeSet;
use std::fmt::Write;

use fed_schema::{Kind, Origin, Schemas, documents};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha512};

use crate::server::store::Store;

pub(super) use second::{document as second, in_protobuf};

/// A document as it is sent, and the tag that tells it from every other content.
pub(super) struct Document {
    pub(super) bytes: Vec<u8>,
    pub(super) tag: String,
}

impl Document {
    /// A document whose tag is told by its content.
    pub(super) fn of(value: &Value) -> Self {
        let bytes = value.to_string().into_bytes();
        let tag = tag(&bytes);
        Self { bytes, tag }
    }
}

/// A digest as servers write it.
fn tag(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha512::digest(bytes) {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02X}");
    }
    text
}

/// `/openapi/v3`: where the documents are.
pub(super) fn index(schemas: &Schemas, store: &Store) -> Value {
    let mut paths = Map::new();
    let mut put = |path: &str, tag: &str| {
        let address = format!("/openapi/v3/{path}?hash={tag}");
        paths.insert(path.to_owned(), json!({"serverRelativeURL": address}));
    };
    for path in documents::openapi_v3_paths() {
        put(&path, &builtin_tag(&path));
    }
    for (group, version) in custom(schemas) {
        let document = Document::of(&third(schemas, store, group, version));
        put(&format!("apis/{group}/{version}"), &document.tag);
    }
    json!({"paths": paths})
}

/// `/openapi/v3/PATH`: the document of a group and version, or of another set of paths.
pub(super) fn document(schemas: &Schemas, store: &Store, path: &str) -> Option<Document> {
    if let Some(document) = documents::openapi_v3(path) {
        let bytes = document.to_string().into_bytes();
        let tag = builtin_tag(path);
        return Some(Document { bytes, tag });
    }
    let (group, version) = path.strip_prefix("apis/")?.split_once('/')?;
    let is_served = custom(schemas).contains(&(group, version));
    is_served.then(|| Document::of(&third(schemas, store, group, version)))
}

fn builtin_tag(path: &str) -> String {
    let digest = documents::openapi_v3_digest(path).unwrap_or_default();
    tag(digest.as_bytes())
}

/// The groups and versions of CustomResourceDefinitions.
fn custom(schemas: &Schemas) -> BTreeSet<(&str, &str)> {
    let kinds = schemas
        .kinds()
        .filter(|kind| kind.origin() == Origin::Custom);
    kinds.map(|kind| (kind.group(), kind.version())).collect()
}

/// The kinds of one group and version.
fn kinds<'s>(schemas: &'s Schemas, group: &str, version: &str) -> impl Iterator<Item = Kind<'s>> {
    let is_wanted = move |kind: &Kind<'_>| (kind.group(), kind.version()) == (group, version);
    schemas.kinds().filter(is_wanted)
}

/// The document of a group and version of CustomResourceDefinitions.
fn third(schemas: &Schemas, store: &Store, group: &str, version: &str) -> Value {
    let mut paths = Map::new();
    let mut definitions = Map::new();
    for kind in kinds(schemas, group, version) {
        paths.extend(operations::of(kind));
        definitions.extend(definition::of(store, kind));
    }
    definitions.extend(shared(&definitions, &paths));
    json!({
        "openapi": "3.0.0",
        "info": {"title": "Kubernetes CRD Swagger", "version": "v0.1.0"},
        "paths": paths,
        "components": {"schemas": definitions},
    })
}

/// The definitions of Kubernetes' own that others refer to, and what these refer to.
fn shared(definitions: &Map<String, Value>, paths: &Map<String, Value>) -> Map<String, Value> {
    let mut found = Map::new();
    let mut wanted = Vec::new();
    definitions
        .values()
        .chain(paths.values())
        .for_each(|value| references(value, &mut wanted));
    // Between them they hold all that custom kinds refer to.
    let known = ["apis/coordination.k8s.io/v1", "apis/apps/v1"];
    let known: Vec<Value> = known
        .into_iter()
        .filter_map(documents::openapi_v3)
        .collect();
    while let Some(name) = wanted.pop() {
        if definitions.contains_key(&name) || found.contains_key(&name) {
            continue;
        }
        let mut holders = known.iter();
        let schema =
            holders.find_map(|document| document.pointer("/components/schemas")?.get(&name));
        if let Some(schema) = schema {
            let schema = definition::alone(&name, schema);
            references(&schema, &mut wanted);
            found.insert(name, schema);
        }
    }
    found
}

/// The names of the definitions that a value refers to.
fn references(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                match value.as_str() {
                    Some(text) if field == "$ref" => {
                        names.extend(text.rsplit('/').next().map(str::to_owned));
                    }
                    _ => references(value, names),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, names)),
        _ => {}
    }
}
