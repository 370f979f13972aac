//! How does a type become a CustomResourceDefinition? Its schema is made structural, and amended
//! with what a Rust type cannot say.

use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use crate::identity::GroupVersionKind;
use crate::kinds::Scope;
use crate::location::Pointer;
use crate::schema::structural_schema;

/// All that a definition says, of a kind with one version.
#[derive(Debug)]
pub(crate) struct Definition {
    pub(crate) gvk: GroupVersionKind,
    pub(crate) plural: String,
    pub(crate) short_names: Vec<String>,
    pub(crate) scope: Scope,
    /// Is the status written apart from the rest?
    pub(crate) has_status: bool,
    pub(crate) columns: &'static [Column],
    pub(crate) schema: Value,
}

/// A column of the table that `kubectl get` prints.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    name: &'static str,
    of: &'static str,
    path: &'static str,
}

impl Column {
    /// How long the object has been there.
    pub(crate) const AGE: Self = Self::new("Age", "date", ".metadata.creationTimestamp");

    pub(crate) const fn new(name: &'static str, of: &'static str, path: &'static str) -> Self {
        Self { name, of, path }
    }

    /// A column of text.
    pub(crate) const fn text(name: &'static str, path: &'static str) -> Self {
        Self::new(name, "string", path)
    }
}

impl Definition {
    /// The definition as an object of the API.
    pub(crate) fn into_value(self) -> Value {
        let columns = self
            .columns
            .iter()
            .map(|column| json!({"name": column.name, "type": column.of, "jsonPath": column.path}));
        let columns: Vec<_> = columns.collect();
        let names = without_null(json!({
            "kind": self.gvk.kind(),
            "listKind": format!("{}List", self.gvk.kind()),
            "plural": self.plural,
            "singular": self.gvk.kind().to_lowercase(),
            "shortNames": (!self.short_names.is_empty()).then_some(self.short_names),
        }));
        let version = without_null(json!({
            "name": self.gvk.version(),
            "served": true,
            "storage": true,
            "schema": {"openAPIV3Schema": self.schema},
            "subresources": self.has_status.then(|| json!({"status": {}})),
            "additionalPrinterColumns": (!columns.is_empty()).then_some(columns),
        }));
        json!({
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": format!("{}.{}", self.plural, self.gvk.group())},
            "spec": {
                "group": self.gvk.group(),
                "names": names,
                "scope": self.scope.as_str(),
                "versions": [version],
            },
        })
    }
}

/// The same object, without the fields that are null.
fn without_null(mut object: Value) -> Value {
    if let Value::Object(fields) = &mut object {
        fields.retain(|_, value| !value.is_null());
    }
    object
}

/// What a schema says beyond its type: a place in the objects, where `*` stands for each item of a
/// list or each value of a map, and a JSON Merge Patch of the schema there.
pub(crate) type Amendment = (&'static str, Value);

/// The schema of objects of type `T`.
///
/// What is optional is left out rather than null, as everywhere in Kubernetes; nothing is filled in
/// that nobody wrote; and every list is atomic unless an amendment says otherwise.
pub(crate) fn schema_of<T: JsonSchema>(amendments: &[Amendment]) -> Value {
    let mut schema = structural_schema::<T>();
    settle(&mut schema);
    if let Some(Value::Object(fields)) = schema.get_mut("properties") {
        fields.extend(object_fields());
    }
    amend(&mut schema, amendments);
    schema
}

/// Changes a schema at the given places, all of which are there.
pub(crate) fn amend(schema: &mut Value, amendments: &[Amendment]) {
    for (place, change) in amendments {
        let found = at(schema, place);
        debug_assert!(found.is_some(), "there is no {place}");
        if let Some(found) = found {
            json_patch::merge(found, change);
        }
    }
}

/// What every object has; what stands in its metadata is for the server to know.
fn object_fields() -> Map<String, Value> {
    let text = |description| json!({"type": "string", "description": description});
    Map::from_iter([
        (
            "apiVersion".to_owned(),
            text("The group and version of the kind."),
        ),
        ("kind".to_owned(), text("The kind.")),
        ("metadata".to_owned(), json!({"type": "object"})),
    ])
}

fn settle(schema: &mut Value) {
    let Value::Object(fields) = schema else {
        return;
    };
    fields.remove("default");
    if fields.contains_key("type") {
        fields.remove("nullable");
    }
    if fields.get("type").is_some_and(|of| of == "array") {
        fields.insert("x-kubernetes-list-type".to_owned(), "atomic".into());
    }
    if let Some(Value::String(description)) = fields.get_mut("description") {
        let first = description.split("\n\n").next().unwrap_or_default();
        *description = first.replace('\n', " ");
    }
    if let Some(Value::Object(properties)) = fields.get_mut("properties") {
        properties.values_mut().for_each(settle);
    }
    for inner in ["items", "additionalProperties"] {
        fields.get_mut(inner).into_iter().for_each(settle);
    }
}

/// The schema of what stands at a place.
fn at<'s>(schema: &'s mut Value, place: &str) -> Option<&'s mut Value> {
    let place = Pointer::from_text(place);
    place.tokens().try_fold(schema, |schema, step| {
        let fields = schema.as_object_mut()?;
        if step != "*" {
            return fields.get_mut("properties")?.get_mut(step.as_ref());
        }
        let of = if fields.contains_key("items") {
            "items"
        } else {
            "additionalProperties"
        };
        fields.get_mut(of)
    })
}

/// The amendment of a list whose items have a key: two of one key are refused, and managers that
/// apply their part of the list do not disturb each other.
///
/// Not for a list where empty and absent differ: when the last item of such a list is taken out by
/// server-side apply, the server takes out the list.
pub(crate) fn map_by(key: &str) -> Value {
    json!({"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": [key]})
}

/// The amendment of a text that is one of these.
pub(crate) fn one_of(values: &[&str]) -> Value {
    json!({"enum": values})
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "only its schema is wanted")]
    struct Shop {
        /// What is sold, in
        /// this order.
        ///
        /// More about it.
        goods: Vec<Goods>,
        #[serde(default)]
        hours: Option<BTreeMap<String, Vec<u32>>>,
    }

    #[derive(JsonSchema)]
    #[allow(dead_code, reason = "only its schema is wanted")]
    struct Goods {
        name: String,
    }

    #[test]
    fn a_schema_is_settled_and_amended() {
        let schema = schema_of::<Shop>(&[
            ("/goods", map_by("name")),
            ("/hours/*", json!({"description": "By day."})),
            ("/hours/*/*", json!({"minimum": null, "maximum": 24})),
            ("/metadata", json!({"description": "Its name."})),
        ]);
        let goods = &schema["properties"]["goods"];
        assert_eq!(goods["description"], "What is sold, in this order.");
        assert_eq!(goods["x-kubernetes-list-type"], "map");
        assert_eq!(goods["x-kubernetes-list-map-keys"], json!(["name"]));
        let hours = &schema["properties"]["hours"];
        assert_eq!(hours.get("nullable"), None);
        assert_eq!(hours.get("default"), None);
        let day = &hours["additionalProperties"];
        assert_eq!(day["description"], "By day.");
        assert_eq!(day["x-kubernetes-list-type"], "atomic");
        assert_eq!(day["items"]["maximum"], 24);
        assert_eq!(day["items"].get("minimum"), None);
        assert_eq!(schema["properties"]["kind"]["type"], "string");
        assert_eq!(schema["properties"]["metadata"]["type"], "object");
    }

    // Releases take what they are given: the tables of amendments are the same in both builds.
    #[cfg(debug_assertions)]
    #[test]
    #[should_panic(expected = "there is no /goods/*/price")]
    fn an_amendment_of_nothing_is_found() {
        schema_of::<Shop>(&[("/goods/*/price", json!({}))]);
    }
}
