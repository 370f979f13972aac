//! What is left of an answer without what the server chooses itself?

use fed_schema::{Schemas, rules};
use serde_json::{Value, json};

/// Removes what the server chooses, and the objects that hold nothing else.
pub(crate) fn without_server_given(schemas: &Schemas, mut object: Value) -> Value {
    let text = |field: &str| object.get(field).and_then(Value::as_str).unwrap_or("");
    let Some(kind) = schemas.kind_of(text("apiVersion"), text("kind")) else {
        return object;
    };
    for field in rules::server_given(kind.group(), kind.kind()) {
        let path: Vec<String> = field.path.split('/').skip(1).map(unescape).collect();
        remove(&mut object, &path);
    }
    object
}

fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

fn remove(value: &mut Value, path: &[String]) {
    match (value, path) {
        (Value::Object(fields), [last]) => {
            fields.remove(last);
        }
        (Value::Object(fields), [first, rest @ ..]) => {
            let Some(inner) = fields.get_mut(first) else {
                return;
            };
            let was_empty = *inner == json!({});
            remove(inner, rest);
            if *inner == json!({}) && !was_empty && rest.len() == 1 {
                fields.remove(first);
            }
        }
        (Value::Array(items), [_, rest @ ..]) => {
            for item in items {
                remove(item, rest);
            }
        }
        _ => {}
    }
}
