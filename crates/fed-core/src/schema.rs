//! What is the schema of a type inside a CustomResourceDefinition? For those who put the native
//! types into a CRD of their own and do not have kube's derive do it.

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value};

/// The schema of an enum of plain variants: a list of their texts, which are those of `ALL` if none
/// are given. A derived schema of documented variants is not a structural one.
macro_rules! list_of_texts {
    ($name:ident) => {
        $crate::schema::list_of_texts!($name, Self::ALL.map(Self::as_str));
    };
    ($name:ident, $texts:expr) => {
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": $texts })
            }
        }
    };
}
pub(crate) use list_of_texts;

/// The schema of `T` as a structural schema of Kubernetes: what can stand, as it is, at or anywhere
/// below `openAPIV3Schema` of a CustomResourceDefinition.
///
/// Every type is written where it is used, what is optional is `nullable`, and an enum of plain
/// variants is a list of texts. What a structural schema cannot express stays as it is: types that
/// contain themselves, and enums whose variants hold values.
///
/// ```
/// use fed_core::Placement;
/// use fed_core::schema::structural_schema;
///
/// let schema = structural_schema::<Placement>();
/// assert_eq!(schema["type"], "object");
/// assert_eq!(schema["properties"]["clusters"]["nullable"], true);
/// ```
pub fn structural_schema<T: JsonSchema>() -> Value {
    let mut settings = SchemaSettings::openapi3().with_transform(Structural);
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.remove("title");
    schema.to_value()
}

/// Makes structural what schemars' rules for OpenAPI 3 leave: they are applied before.
#[derive(Clone, Debug)]
struct Structural;

impl Transform for Structural {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(fields) = schema.as_object_mut() else {
            return;
        };
        lift_optional(fields);
        lift_variants(fields);
        drop_null_variant(fields);
        allow_null_where_untyped(fields);
        fields.remove("uniqueItems");
        // A server prunes what is not known, and takes no schema that forbids it.
        if fields.get("additionalProperties") == Some(&Value::Bool(false)) {
            fields.remove("additionalProperties");
        }
    }
}

/// `anyOf` of something and null is that something, nullable.
fn lift_optional(fields: &mut Map<String, Value>) {
    let is_null = |schema: &Value| matches!(values(schema), Some([Value::Null]));
    let Some(Value::Array(either)) = fields.get("anyOf") else {
        return;
    };
    let wanted: Vec<_> = either.iter().filter(|schema| !is_null(schema)).collect();
    let ([Value::Object(wanted)], 2) = (wanted.as_slice(), either.len()) else {
        return;
    };
    let wanted = wanted.clone();
    fields.remove("anyOf");
    for (key, value) in wanted {
        fields.entry(key).or_insert(value);
    }
    fields.insert("nullable".to_owned(), true.into());
}

/// `oneOf` of texts, as documented variants give it, is one list of these texts.
fn lift_variants(fields: &mut Map<String, Value>) {
    let Some(Value::Array(variants)) = fields.get("oneOf") else {
        return;
    };
    let is_text = |schema: &Value| schema.get("type").is_some_and(|of| of == "string");
    let texts: Option<Vec<_>> = variants
        .iter()
        .map(|variant| values(variant).filter(|_| is_text(variant)))
        .collect();
    if let Some(texts) = texts {
        let texts = texts.concat();
        fields.remove("oneOf");
        fields.insert("type".to_owned(), "string".into());
        fields.insert("enum".to_owned(), texts.into());
    }
}

/// That null is allowed is told by `nullable` alone.
fn drop_null_variant(fields: &mut Map<String, Value>) {
    if let Some(Value::Array(texts)) = fields.get_mut("enum")
        && texts.len() > 1
        && texts.contains(&Value::Null)
    {
        texts.retain(|text| !text.is_null());
        fields.insert("nullable".to_owned(), true.into());
    }
}

/// What has no type takes null in JSON Schema, and does not in Kubernetes.
fn allow_null_where_untyped(fields: &mut Map<String, Value>) {
    let required = fields.get("required").and_then(Value::as_array).cloned();
    let required = required.unwrap_or_default();
    let Some(Value::Object(properties)) = fields.get_mut("properties") else {
        return;
    };
    for (name, property) in properties {
        if let Value::Object(property) = property
            && !property.contains_key("type")
            && !required.iter().any(|one| one == name)
        {
            property.insert("nullable".to_owned(), true.into());
        }
    }
}

fn values(schema: &Value) -> Option<&[Value]> {
    schema.get("enum")?.as_array().map(Vec::as_slice)
}
