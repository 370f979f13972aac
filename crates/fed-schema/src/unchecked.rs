//! What does a CRD's schema demand that nothing here checks?

use std::fmt;

use serde_json::Value;

use crate::table::DEEPEST;

/// A demand of a CRD's schema that is not checked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Unchecked {
    /// Where in an object it holds, as a JSON Pointer; `*` stands for every item or key.
    pub path: String,
    /// What it demands by: the schema's own word, such as `pattern`.
    pub keyword: &'static str,
}

impl fmt::Display for Unchecked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => write!(f, "{} of the whole object", self.keyword),
            path => write!(f, "{} of {path}", self.keyword),
        }
    }
}

const DEMANDS: [&str; 16] = [
    "allOf",
    "anyOf",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
];
const RULES: &str = "x-kubernetes-validations";
const FORMATS: [&str; 6] = ["byte", "date-time", "double", "float", "int32", "int64"];

/// The unchecked demands of a schema, by path.
pub(crate) fn unchecked(schema: &Value) -> Vec<Unchecked> {
    let mut found = Vec::new();
    collect(schema, "", 0, &mut found);
    found.sort();
    found
}

fn collect(schema: &Value, path: &str, depth: usize, found: &mut Vec<Unchecked>) {
    let Some(keywords) = schema.as_object().filter(|_| depth <= DEEPEST) else {
        return;
    };
    let mut demand = |keyword| {
        found.push(Unchecked {
            path: path.to_owned(),
            keyword,
        });
    };
    let either = keywords.get("x-kubernetes-int-or-string") == Some(&Value::Bool(true));
    for keyword in DEMANDS.into_iter().chain([RULES]) {
        // An int-or-string repeats itself as `anyOf`: that much is checked.
        if keywords.contains_key(keyword) && !(either && keyword == "anyOf") {
            demand(keyword);
        }
    }
    let format = keywords.get("format").and_then(Value::as_str);
    if format.is_some_and(|format| !FORMATS.contains(&format)) {
        demand("format");
    }
    let fields = keywords.get("properties").and_then(Value::as_object);
    for (name, schema) in fields.into_iter().flatten() {
        let name = name.replace('~', "~0").replace('/', "~1");
        collect(schema, &format!("{path}/{name}"), depth + 1, found);
    }
    for inner in ["items", "additionalProperties"] {
        if let Some(schema) = keywords.get(inner) {
            collect(schema, &format!("{path}/*"), depth + 1, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn demands_are_named_with_their_paths() {
        let schema = json!({
            "x-kubernetes-validations": [{"rule": "true"}],
            "properties": {
                "a/b": {"type": "string", "pattern": "^a$", "format": "uuid"},
                "list": {"items": {"type": "integer", "format": "int32", "minimum": 0}},
                "port": {"x-kubernetes-int-or-string": true, "anyOf": []},
            },
        });
        let said: Vec<String> = unchecked(&schema).iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "x-kubernetes-validations of the whole object",
                "format of /a~1b",
                "pattern of /a~1b",
                "minimum of /list/*",
            ]
        );
    }
}
