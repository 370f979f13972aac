//! Which fields of a document has our own type no place for? Those that a later version honours
//! are told from those that nobody knows, by the schema of the type.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::{Entry, field_name, later};
use crate::identity::ObjectId;
use crate::location::Pointer;
use crate::nearest::nearest;
use crate::problem::{Code, Problem};

/// The fields that a type has, as a schema without references.
pub(super) fn fields_of<T: JsonSchema>() -> Value {
    let mut settings = SchemaSettings::default();
    settings.inline_subschemas = true;
    settings
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

/// Reports every field under `spec` that is not among these fields.
pub(super) fn report(
    entry: &Entry<'_>,
    fields: &Value,
    later_fields: &[(&str, &str)],
    id: &ObjectId,
    problems: &mut Vec<Problem>,
) {
    let mut unknown = Vec::new();
    if let (Some(spec), Some(of_spec)) = (entry.get("/spec"), fields.pointer("/properties/spec")) {
        walk(spec, of_spec, &Pointer::from_text("/spec"), &mut unknown);
    }
    problems.extend(unknown.into_iter().map(|field| {
        let path = &field.path;
        let at = entry.at.join(path.as_str());
        let name = field_name(path);
        let is_later = |(pattern, _): &&(&str, &str)| matches(pattern, path);
        match later_fields.iter().find(is_later) {
            Some((_, what)) => later::not_yet(format!("{name} has no effect yet ({what})")),
            None => {
                let advice = field.advice();
                let message = format!("{name} is not a known field and has no effect: {advice}");
                Problem::warning(Code::UnknownField, message)
            }
        }
        .at(at)
        .about(id)
    }));
}

/// A field that a schema does not have.
pub(super) struct Field {
    pub(super) path: Pointer,
    /// The field that is perhaps meant.
    pub(super) meant: Option<String>,
}

impl Field {
    /// What to do about it.
    pub(super) fn advice(&self) -> String {
        self.meant.as_ref().map_or_else(
            || "remove it, or correct its name".to_owned(),
            |meant| format!("did you mean {meant}?"),
        )
    }
}

/// The fields of a value that a schema does not have.
pub(super) fn fields(value: &Value, schema: &Value) -> Vec<Field> {
    let mut unknown = Vec::new();
    walk(value, schema, &Pointer::root(), &mut unknown);
    unknown
}

fn walk(value: &Value, schema: &Value, path: &Pointer, unknown: &mut Vec<Field>) {
    match value {
        Value::Object(fields) => {
            let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
                return;
            };
            for (key, value) in fields {
                let path = path.child(key);
                match properties.get(key) {
                    Some(schema) => walk(value, schema, &path, unknown),
                    None => {
                        let names = properties.keys().map(String::as_str);
                        let meant = nearest(key, names).map(str::to_owned);
                        unknown.push(Field { path, meant });
                    }
                }
            }
        }
        Value::Array(items) => {
            if let Some(schema) = schema.get("items") {
                for (i, item) in items.iter().enumerate() {
                    walk(item, schema, &path.child(i), unknown);
                }
            }
        }
        _ => {}
    }
}

/// Does a path match a pattern, in which `*` stands for any one step?
fn matches(pattern: &str, path: &Pointer) -> bool {
    let mut steps = path.tokens();
    let mut wanted = pattern.split('/').skip(1);
    loop {
        match (wanted.next(), steps.next()) {
            (None, None) => return true,
            (Some("*"), Some(_)) => {}
            (Some(want), Some(step)) if want == step => {}
            _ => return false,
        }
    }
}
