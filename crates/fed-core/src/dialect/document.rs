//! What objects are in the documents? Lists are unrolled, and everything gets its identity.

use std::fmt;

use serde_json::Value;

use super::parse::type_of;
use crate::depth;
use crate::identity::{GroupVersionKind, ObjectId};
use crate::location::{DocumentId, Location, Pointer};
use crate::problem::{Code, Problem};

/// One document of the input.
#[derive(Clone, Copy, PartialEq)]
pub struct Document<'d> {
    id: DocumentId,
    value: &'d Value,
}

impl<'d> Document<'d> {
    /// A document under the number that its reader gave to it.
    pub const fn new(id: DocumentId, value: &'d Value) -> Self {
        Self { id, value }
    }

    /// Its number.
    pub fn id(&self) -> DocumentId {
        self.id
    }

    /// What it holds.
    pub fn value(&self) -> &'d Value {
        self.value
    }
}

/// `Debug` shows the number and nothing of the content, as it may be secret.
impl fmt::Debug for Document<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document {}", self.id.0)
    }
}

/// One object of the input.
#[derive(Clone)]
pub(crate) struct Entry<'d> {
    pub(crate) at: Location,
    pub(crate) value: &'d Value,
    pub(crate) gvk: GroupVersionKind,
    pub(crate) name: String,
    pub(crate) namespace: Option<String>,
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {:?}", self.id(), self.at)
    }
}

impl<'d> Entry<'d> {
    /// Its identity, with the namespace that it states.
    pub(crate) fn id(&self) -> ObjectId {
        self.id_in(self.namespace.as_deref())
    }

    /// Its identity in this namespace.
    pub(crate) fn id_in(&self, namespace: Option<&str>) -> ObjectId {
        ObjectId::new(self.gvk.clone(), namespace, &self.name)
    }

    /// What stands at `path` in it; null counts as absent.
    pub(crate) fn get(&self, path: &str) -> Option<&'d Value> {
        self.value.pointer(path).filter(|value| !value.is_null())
    }

    /// One of its annotations.
    pub(crate) fn annotation(&self, key: &str) -> Option<&'d Value> {
        self.get("/metadata/annotations")
            .and_then(|annotations| annotations.get(key))
    }

    /// The place of one of its annotations.
    pub(crate) fn annotation_at(&self, key: &str) -> Location {
        self.at.child("metadata").child("annotations").child(key)
    }
}

/// Something in a document that is no list of others.
pub(crate) struct Found<'d> {
    pub(crate) at: Location,
    pub(crate) value: &'d Value,
    /// The type that the list around it gives to items that do not say theirs.
    pub(crate) listed: Option<GroupVersionKind>,
}

/// Every value of the documents that is no list of others, with its place.
pub(crate) fn objects<'d>(documents: &[Document<'d>]) -> Vec<Found<'d>> {
    let mut found = Vec::with_capacity(documents.len());
    for document in documents {
        let at = Location::new(document.id, Pointer::root());
        if depth::check(document.value, &at).is_ok() {
            unroll(
                Found {
                    at,
                    value: document.value,
                    listed: None,
                },
                &mut found,
            );
        }
    }
    found
}

/// All objects of the documents, by their places. What is no object is a problem.
pub(crate) fn entries<'d>(
    documents: &[Document<'d>],
    problems: &mut Vec<Problem>,
) -> Vec<Entry<'d>> {
    for document in documents {
        let at = Location::new(document.id, Pointer::root());
        problems.extend(depth::check(document.value, &at).err());
    }
    let mut entries = Vec::with_capacity(documents.len());
    for Found { at, value, listed } in objects(documents) {
        match read_identity_in(value, &at, listed) {
            Ok((gvk, name, namespace)) => entries.push(Entry {
                at,
                value,
                gvk,
                name,
                namespace,
            }),
            Err(problem) => problems.push(problem),
        }
    }
    entries.sort_by(|a, b| a.at.cmp(&b.at));
    entries
}

fn unroll<'d>(one: Found<'d>, found: &mut Vec<Found<'d>>) {
    let Some((kind, items)) = list_items(one.value) else {
        return found.push(one);
    };
    let api_version = one.value.get("apiVersion").and_then(Value::as_str);
    let listed = api_version
        .filter(|_| !kind.is_empty())
        .map(|api_version| GroupVersionKind::from_api_version(api_version, kind));
    let at = one.at.child("items");
    for (i, value) in items.iter().enumerate() {
        unroll(
            Found {
                at: at.child(i),
                value,
                listed: listed.clone(),
            },
            found,
        );
    }
}

/// What a list holds, and the kind of it: none for a list of anything.
fn list_items(value: &Value) -> Option<(&str, &Vec<Value>)> {
    let kind = value.get("kind")?.as_str()?.strip_suffix("List")?;
    Some((kind, value.get("items")?.as_array()?))
}

/// Type, name and namespace of an object.
pub(crate) fn read_identity(
    value: &Value,
    at: &Location,
) -> Result<(GroupVersionKind, String, Option<String>), Problem> {
    read_identity_in(value, at, None)
}

/// The same; an item of a list may leave its type to the list, as Kubernetes' own lists do.
fn read_identity_in(
    value: &Value,
    at: &Location,
    listed: Option<GroupVersionKind>,
) -> Result<(GroupVersionKind, String, Option<String>), Problem> {
    let is_typed = value
        .get("apiVersion")
        .or_else(|| value.get("kind"))
        .is_some();
    let gvk = match listed {
        Some(listed) if value.is_object() && !is_typed => listed,
        _ => read_type(value, at)?,
    };
    let name = text(value, at, "/metadata/name")?
        .ok_or_else(|| missing(at, "metadata.name", Code::MissingField))?;
    let namespace = text(value, at, "/metadata/namespace")?;
    Ok((gvk, name.to_owned(), namespace.map(str::to_owned)))
}

/// Type of an object.
pub(crate) fn read_type(value: &Value, at: &Location) -> Result<GroupVersionKind, Problem> {
    if !value.is_object() {
        let message = format!("a Kubernetes object is wanted here, not {}", type_of(value));
        return Err(Problem::error(Code::NotAnObject, message).at(at.clone()));
    }
    let api_version = text(value, at, "/apiVersion")?
        .ok_or_else(|| missing(at, "apiVersion", Code::NotAnObject))?;
    let kind = text(value, at, "/kind")?.ok_or_else(|| missing(at, "kind", Code::NotAnObject))?;
    Ok(GroupVersionKind::from_api_version(api_version, kind))
}

/// A text field; the empty text and null count as absent, as they do for Kubernetes.
pub(crate) fn text<'v>(
    value: &'v Value,
    at: &Location,
    path: &str,
) -> Result<Option<&'v str>, Problem> {
    match value.pointer(path) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => {
            let field = path.trim_start_matches('/').replace('/', ".");
            let message = format!("{field} must be a string, not {}", type_of(other));
            Err(Problem::error(Code::InvalidValue, message).at(at.join(path)))
        }
    }
}

fn missing(at: &Location, field: &str, code: Code) -> Problem {
    Problem::error(code, format!("a Kubernetes object needs {field}")).at(at.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: &Value) -> (Vec<String>, Vec<(Code, String)>) {
        let documents = [Document::new(DocumentId(0), value)];
        let mut problems = Vec::new();
        let entries = entries(&documents, &mut problems);
        (
            entries
                .iter()
                .map(|entry| format!("{} {}", entry.at.path, entry.id()))
                .collect(),
            problems
                .into_iter()
                .map(|problem| (problem.code, problem.at.unwrap().path.to_string()))
                .collect(),
        )
    }

    #[test]
    fn lists_are_unrolled_and_keep_their_places() {
        let inner = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}});
        let (entries, problems) = read(&json!({
            "apiVersion": "v1", "kind": "List",
            "items": [inner, {"apiVersion": "v1", "kind": "List", "items": [inner, 7]}],
        }));
        assert_eq!(
            entries,
            ["/items/0 Namespace a", "/items/1/items/0 Namespace a"]
        );
        assert_eq!(
            problems,
            [(Code::NotAnObject, "/items/1/items/1".to_owned())]
        );
    }

    #[test]
    fn items_may_leave_their_type_to_their_list() {
        let (entries, problems) = read(&json!({
            "apiVersion": "apps/v1", "kind": "DeploymentList",
            "items": [{"metadata": {"name": "a", "namespace": "b"}}],
        }));
        assert_eq!(entries, ["/items/0 Deployment b/a"]);
        assert_eq!(problems, []);
    }

    #[test]
    fn what_has_no_identity_is_told_so() {
        for (value, code, path) in [
            (json!(null), Code::NotAnObject, ""),
            (json!({"kind": "X"}), Code::NotAnObject, ""),
            (
                json!({"apiVersion": "v1", "kind": 3}),
                Code::InvalidValue,
                "/kind",
            ),
            (
                json!({"apiVersion": "v1", "kind": "X"}),
                Code::MissingField,
                "",
            ),
            (
                json!({"apiVersion": "v1", "kind": "X", "metadata": {"name": true}}),
                Code::InvalidValue,
                "/metadata/name",
            ),
        ] {
            assert_eq!(read(&value).1, [(code, path.to_owned())]);
        }
    }
}
