//! Do the packed documents equal those that the server published?
//!
//! `cargo xtask schema` takes a digest of every document before it is cut and packed; here the
//! documents are opened again, joined, and compared with those digests.

use std::collections::BTreeMap;

use fed_schema::documents;
use serde::{Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A value whose text is the same whatever the order of its keys.
struct Canonical<'a>(&'a Value);

impl Serialize for Canonical<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Array(items) => serializer.collect_seq(items.iter().map(Canonical)),
            Value::Object(fields) => {
                let sorted: BTreeMap<_, _> = fields.iter().collect();
                let fields = sorted.into_iter();
                serializer.collect_map(fields.map(|(key, value)| (key, Canonical(value))))
            }
            scalar => scalar.serialize(serializer),
        }
    }
}

fn digest(document: &Value) -> String {
    let text = serde_json::to_vec(&Canonical(document)).unwrap_or_default();
    let bytes = Sha256::digest(&text);
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

#[test]
fn every_document_comes_back_as_it_was_published() {
    let recorded: BTreeMap<String, String> =
        serde_json::from_str(include_str!("../data/digests.json")).expect("digests");
    let mut found: BTreeMap<String, String> = documents::openapi_v3_paths()
        .into_iter()
        .map(|path| {
            let document = documents::openapi_v3(&path).expect("it is listed");
            (format!("openapi-v3/{path}"), digest(&document))
        })
        .collect();
    found.insert("openapi-v2".into(), digest(&documents::openapi_v2()));
    found.insert("discovery".into(), digest(&documents::discovery()));
    found.insert("table-columns".into(), digest(&documents::table_columns()));
    assert!(found.len() > 40, "{} documents", found.len());
    assert_eq!(found, recorded);
}

#[test]
fn the_look_ups_lose_nothing_by_reading_openapi_v3_alone() {
    // Version 3 says all that version 2 says of the types, and enums and defaults besides.
    let v2 = documents::openapi_v2();
    let mut v3 = BTreeMap::new();
    for path in documents::openapi_v3_paths() {
        let document = documents::openapi_v3(&path).expect("it is listed");
        let schemas = document
            .pointer("/components/schemas")
            .and_then(Value::as_object);
        v3.extend(
            schemas
                .into_iter()
                .flatten()
                .map(|(name, schema)| (name.clone(), schema.clone())),
        );
    }
    let definitions = v2["definitions"].as_object().expect("definitions");
    assert_eq!(
        definitions.keys().collect::<Vec<_>>(),
        v3.keys().collect::<Vec<_>>()
    );
    for (name, definition) in definitions {
        for (field, declared) in definition["properties"].as_object().into_iter().flatten() {
            let found = &v3[name]["properties"][field];
            for (keyword, value) in declared.as_object().expect("a schema") {
                if keyword.starts_with("x-kubernetes-") || keyword == "enum" {
                    assert_eq!(found.get(keyword), Some(value), "{name} {field} {keyword}");
                }
            }
        }
    }
}

#[test]
fn no_document_holds_prose() {
    fn described(value: &Value) -> bool {
        match value {
            Value::Object(fields) => {
                fields.get("description").is_some_and(Value::is_string)
                    || fields.values().any(described)
            }
            Value::Array(items) => items.iter().any(described),
            _ => false,
        }
    }
    assert!(!described(&documents::openapi_v2()));
    for path in documents::openapi_v3_paths() {
        assert!(
            !described(&documents::openapi_v3(&path).expect("it is listed")),
            "{path}"
        );
    }
}
