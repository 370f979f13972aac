//! Into which parts are the documents cut? One for each group and version of OpenAPI v3, one for
//! its small rest, and one for each of the other three.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::Documents;

/// The part that holds every OpenAPI v3 document that is no group-version's, keyed by its path.
const REST: &str = "openapi-v3/other";

/// The parts of the documents, by their names: paths below `data/`, without the ending.
pub(super) fn parts(documents: &Documents) -> BTreeMap<String, Value> {
    let mut rest = Map::new();
    let mut parts = BTreeMap::new();
    for (path, document) in &documents.openapi_v3 {
        if is_group_version(path) {
            parts.insert(format!("openapi-v3/{path}"), document.clone());
        } else {
            rest.insert(path.clone(), document.clone());
        }
    }
    parts.insert(REST.to_owned(), Value::Object(rest));
    parts.insert("openapi-v2".to_owned(), documents.openapi_v2.clone());
    parts.insert("discovery".to_owned(), documents.discovery.clone());
    parts.insert("table-columns".to_owned(), documents.table_columns.clone());
    parts
}

/// Every document by the name that its digest is kept under, in the canonical form.
pub(super) fn whole(documents: &Documents) -> BTreeMap<String, &Value> {
    let mut whole: BTreeMap<String, &Value> = documents
        .openapi_v3
        .iter()
        .map(|(path, document)| (format!("openapi-v3/{path}"), document))
        .collect();
    whole.insert("openapi-v2".to_owned(), &documents.openapi_v2);
    whole.insert("discovery".to_owned(), &documents.discovery);
    whole.insert("table-columns".to_owned(), &documents.table_columns);
    whole
}

fn is_group_version(path: &str) -> bool {
    match path.split('/').collect::<Vec<_>>().as_slice() {
        ["api", _] | ["apis", _, _] => path.split('/').all(is_file_name),
        _ => false,
    }
}

// A path becomes a file: a server must not choose where.
fn is_file_name(segment: &str) -> bool {
    !segment.is_empty()
        && !segment.starts_with('.')
        && segment
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
}

/// A value whose text is the same whatever the order of its keys.
pub(super) struct Canonical<'a>(pub(super) &'a Value);

impl Serialize for Canonical<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Array(items) => serializer.collect_seq(items.iter().map(Canonical)),
            Value::Object(fields) => {
                let sorted: BTreeMap<_, _> = fields.iter().collect();
                serializer.collect_map(
                    sorted
                        .into_iter()
                        .map(|(key, value)| (key, Canonical(value))),
                )
            }
            scalar => scalar.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_group_version_is_a_part_and_all_else_is_rest() {
        let cases = [
            ("api/v1", true),
            ("apis/apps/v1", true),
            ("api", false),
            ("apis/apps", false),
            ("version", false),
            ("openid/v1/jwks", false),
            ("apis/../v1", false),
            ("apis/a b/v1", false),
        ];
        for (path, expected) in cases {
            assert_eq!(is_group_version(path), expected, "{path}");
        }
    }

    #[test]
    fn canonical_text_is_sorted() {
        let value = json!({"b": [{"d": 1, "c": 2}], "a": null});
        let text = serde_json::to_string(&Canonical(&value)).expect("text");
        assert_eq!(text, r#"{"a":null,"b":[{"c":2,"d":1}]}"#);
    }
}
