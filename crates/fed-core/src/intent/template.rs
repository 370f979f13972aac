//! The object that is to be federated, before anything is changed for a cluster.

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::depth;
use crate::identity::ObjectId;
use crate::location::{Location, Pointer};
use crate::problem::{Code, Problem};

/// The object to federate, as every cluster gets it before its overrides.
///
/// It stays JSON from end to end, so that no field is lost that is newer than our types. How it is
/// held inside is nobody's business: it is made from a value, and gives out values or bytes.
/// Cloning copies a pointer; `Debug` shows the shape and no values, as they may be secret.
#[derive(Clone, PartialEq)]
pub struct Template(Arc<Value>);

impl Template {
    /// A template from the value that stands at `at`. Its `metadata`, and the labels and
    /// annotations in it, must be objects where they are there at all.
    pub fn parse(value: Value, at: &Location) -> Result<Self, Problem> {
        depth::check(&value, at)?;
        if !value.is_object() {
            return Err(not_an_object("the template", at.clone()));
        }
        for path in ["/metadata", "/metadata/labels", "/metadata/annotations"] {
            match value.pointer(path) {
                None | Some(Value::Null | Value::Object(_)) => {}
                Some(_) => {
                    let field = path.trim_start_matches('/').replace('/', ".");
                    return Err(not_an_object(&field, at.join(path)));
                }
            }
        }
        Ok(Self(Arc::new(value)))
    }

    /// The same template as the object `id`: its type, namespace and name are set.
    #[must_use]
    pub fn identified(mut self, id: &ObjectId) -> Self {
        if let Value::Object(object) = Arc::make_mut(&mut self.0) {
            object.insert("apiVersion".into(), id.gvk().api_version().into());
            object.insert("kind".into(), id.kind().into());
            with_object_at(object, "metadata", |metadata| {
                metadata.insert("name".into(), id.name().into());
                match id.namespace() {
                    Some(namespace) => metadata.insert("namespace".into(), namespace.into()),
                    None => metadata.remove("namespace"),
                };
            });
        }
        self
    }

    /// A copy of the whole.
    pub fn to_value(&self) -> Value {
        self.0.as_ref().clone()
    }

    /// The whole as JSON text.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_string().into_bytes()
    }

    /// What stands at `path`.
    pub fn get(&self, path: &Pointer) -> Option<&Value> {
        path.resolve(&self.0)
    }

    /// The top-level fields, in the order of their names.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.as_str(), value))
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Template ")?;
        f.debug_set()
            .entries(self.fields().map(|(key, _)| key))
            .finish()
    }
}

fn not_an_object(what: &str, at: Location) -> Problem {
    Problem::error(Code::InvalidValue, format!("{what} must be an object")).at(at)
}

/// Calls `change` with the object under `key`, made where it is missing or null.
pub(crate) fn with_object_at(
    object: &mut Map<String, Value>,
    key: &str,
    change: impl FnOnce(&mut Map<String, Value>),
) {
    let value = object.entry(key).or_insert(Value::Null);
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    if let Value::Object(object) = value {
        change(object);
    }
}
