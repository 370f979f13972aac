//! What in the documents is prose? Every `description` that is a text, not a field of that name.

use serde_json::Value;

/// Takes the prose out of an OpenAPI document.
pub(super) fn strip(document: &mut Value) {
    match document {
        Value::Array(items) => items.iter_mut().for_each(strip),
        Value::Object(fields) => {
            // A property called `description` is an object; prose is a text.
            fields.retain(|name, value| !(name == "description" && value.is_string()));
            fields.values_mut().for_each(strip);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn prose_goes_and_a_field_named_description_stays() {
        let mut document = json!({
            "description": "prose",
            "properties": {"description": {"type": "string", "description": "prose"}},
            "allOf": [{"description": "prose", "type": "object"}],
        });
        strip(&mut document);
        assert_eq!(
            document,
            json!({
                "properties": {"description": {"type": "string"}},
                "allOf": [{"type": "object"}],
            })
        );
    }
}
