//! In which form are objects shown? As they are, as rows of a table, or as their metadata alone.

use bytes::Bytes;
use fed_schema::{Kind, Origin};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::accept;
use super::answer::{Answer, Body};
use super::status::Refusal;
use super::store::Stored;
use super::table;
use super::versions::{shown, turn};
use super::write::{Call, fields, text};

/// The form that a client asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The objects themselves.
    Plain,
    /// A row of cells for each, beside so much of the object.
    Table(MetaVersion, Beside),
    /// The metadata of one.
    Metadata(MetaVersion),
    /// The metadata of many.
    MetadataList(MetaVersion),
}

/// The version of the kinds that are made for showing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MetaVersion {
    V1,
    V1Beta1,
}

impl MetaVersion {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "meta.k8s.io/v1",
            Self::V1Beta1 => "meta.k8s.io/v1beta1",
        }
    }
}

/// What stands beside the cells of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    Nothing,
    Metadata,
    Object,
}

/// The metadata of a list.
pub(super) struct ListMeta {
    pub(super) version: u64,
    /// How to go on, where there is more.
    pub(super) token: Option<String>,
    /// How many more there are, where it is known.
    pub(super) remaining: Option<usize>,
}

impl ListMeta {
    fn to_value(&self) -> Value {
        let mut meta = json!({"resourceVersion": self.version.to_string()});
        if let Some(token) = &self.token {
            fields(&mut meta).insert("continue".to_owned(), json!(token));
        }
        if let Some(remaining) = self.remaining.filter(|remaining| *remaining > 0) {
            fields(&mut meta).insert("remainingItemCount".to_owned(), json!(remaining));
        }
        meta
    }
}

impl Form {
    /// The form that a request asks for: the first of those it takes that there is.
    pub(super) fn of(call: &Call<'_>) -> Result<Self, Refusal> {
        let found = accept::forms(&call.request.accept).find_map(|taken| form_of(&taken));
        let Some(form) = found else {
            return Err(not_taken(call));
        };
        match form {
            Self::Table(version, _) => Ok(Self::Table(version, beside(call)?)),
            form => Ok(form),
        }
    }

    /// One object in this form.
    pub(super) fn of_one(self, call: &Call<'_>, stored: &Stored) -> Result<Body, Refusal> {
        match self {
            Self::Plain => Ok(Body::Encoded(shown(call.target.kind, stored))),
            form => form.of_value(call, stored.object()).map(Body::Value),
        }
    }

    /// The answer to a write in this form; what is no object of the kind stays as it is.
    pub(super) fn of_answer(self, call: &Call<'_>, answer: Answer) -> Result<Answer, Refusal> {
        if self == Self::Plain {
            return Ok(answer);
        }
        let object = answer.json();
        if text(&object, "/kind") != call.target.kind.kind() {
            return Ok(answer);
        }
        let body = Body::Value(self.of_value(call, object)?);
        Ok(Answer { body, ..answer })
    }

    /// One object that is not held in this form.
    pub(super) fn of_value(self, call: &Call<'_>, mut object: Value) -> Result<Value, Refusal> {
        let kind = call.target.kind;
        turn(kind, &mut object);
        match self {
            Self::Plain => Ok(object),
            Self::Table(version, beside) => {
                let meta = json!({"resourceVersion": text(&object, "/metadata/resourceVersion")});
                let columns = table::columns(kind);
                Ok(table::of_objects(
                    kind,
                    [object],
                    call.at,
                    &meta,
                    &columns,
                    (version, beside),
                ))
            }
            Self::Metadata(version) => Ok(metadata_of(&mut object, version)),
            Self::MetadataList(_) if kind.origin() == Origin::Custom => {
                Err(Refusal::internal("content is not a list"))
            }
            Self::MetadataList(_) => Err(Refusal::new(
                406,
                "NotAcceptable",
                format!(
                    "you requested PartialObjectMetadataList, but the requested object is not a list ({})",
                    go_name(kind, "")
                ),
            )),
        }
    }

    /// A list in this form. `list_kind` is what such a list is called.
    pub(super) fn of_list(
        self,
        call: &Call<'_>,
        list_kind: &str,
        meta: &ListMeta,
        items: &[Stored],
    ) -> Result<Body, Refusal> {
        let kind = call.target.kind;
        match self {
            Self::Plain => Ok(Body::Encoded(encode_list(kind, list_kind, meta, items))),
            Self::Table(version, beside) => {
                let objects = items.iter().map(|stored| in_version(kind, stored));
                let (meta, columns) = (meta.to_value(), table::columns(kind));
                let table =
                    table::of_objects(kind, objects, call.at, &meta, &columns, (version, beside));
                Ok(Body::Value(table))
            }
            Self::MetadataList(version) => {
                let items = items
                    .iter()
                    .map(|stored| metadata_of(&mut stored.object(), version));
                let items: Vec<Value> = items.collect();
                Ok(Body::Value(json!({
                    "kind": "PartialObjectMetadataList", "apiVersion": version.as_str(),
                    "metadata": meta.to_value(), "items": items,
                })))
            }
            Self::Metadata(_) => Err(Refusal::new(
                406,
                "NotAcceptable",
                format!(
                    "you requested PartialObjectMetadata, but the requested object is a list ({})",
                    go_name(kind, "List")
                ),
            )),
        }
    }

    /// The object of an event of a watch in this form; `None` where it has none. The columns of a
    /// table are told once.
    pub(super) fn of_event(
        self,
        kind: Kind<'_>,
        mut object: Value,
        now: Timestamp,
        is_first: bool,
    ) -> Option<Value> {
        turn(kind, &mut object);
        match self {
            Self::Plain => Some(object),
            Self::Metadata(version) => Some(metadata_of(&mut object, version)),
            Self::MetadataList(_) => None,
            Self::Table(version, beside) => {
                let meta = json!({"resourceVersion": text(&object, "/metadata/resourceVersion")});
                let columns = if is_first {
                    table::columns(kind)
                } else {
                    Value::Null
                };
                let form = (version, beside);
                Some(table::of_objects(
                    kind,
                    [object],
                    now,
                    &meta,
                    &columns,
                    form,
                ))
            }
        }
    }
}

/// The form that a client names among those that it takes, if this server knows it.
fn form_of(taken: &accept::Form<'_>) -> Option<Form> {
    if !taken.takes("application/json") && !taken.takes("application/yaml") {
        return None;
    }
    let shown = taken.parameter("as");
    if shown.is_empty() {
        return Some(Form::Plain);
    }
    let version = match (taken.parameter("g"), taken.parameter("v")) {
        ("meta.k8s.io", "v1") => MetaVersion::V1,
        ("meta.k8s.io", "v1beta1") => MetaVersion::V1Beta1,
        _ => return None,
    };
    match shown {
        "Table" => Some(Form::Table(version, Beside::Metadata)),
        "PartialObjectMetadata" => Some(Form::Metadata(version)),
        "PartialObjectMetadataList" => Some(Form::MetadataList(version)),
        _ => None,
    }
}

/// What is said to a client that takes none of the forms there are. Where built-in kinds are served,
/// who does not even take the media of one is told so before anything else.
fn not_taken(call: &Call<'_>) -> Refusal {
    const MEDIA: &str = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
    const STREAMS: &str =
        "application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch";
    let takes = |media| accept::forms(&call.request.accept).any(|form| form.takes(media));
    let takes_media = MEDIA.split(", ").any(takes);
    if takes_media || call.target.kind.origin() == Origin::Custom {
        return Refusal::not_acceptable(MEDIA);
    }
    let is_list = call.request.method == "GET" && call.target.name.is_empty();
    if is_list {
        Refusal::no_representation(&format!("{MEDIA}, {STREAMS}"))
    } else {
        Refusal::no_representation(MEDIA)
    }
}

fn beside(call: &Call<'_>) -> Result<Beside, Refusal> {
    match call.request.parameter("includeObject").unwrap_or_default() {
        "" | "Metadata" => Ok(Beside::Metadata),
        "Object" => Ok(Beside::Object),
        "None" => Ok(Beside::Nothing),
        other => Err(Refusal::bad_request(format!(
            "Unable to convert to Table as requested: includeObject: Invalid value: {other:?}: must be 'Metadata', 'Object', 'None', or empty"
        ))),
    }
}

/// An object reduced to its metadata.
pub(super) fn metadata_of(object: &mut Value, version: MetaVersion) -> Value {
    json!({
        "kind": "PartialObjectMetadata", "apiVersion": version.as_str(),
        "metadata": object.get_mut("metadata").map(Value::take),
    })
}

fn in_version(kind: Kind<'_>, stored: &Stored) -> Value {
    let mut object = stored.object();
    turn(kind, &mut object);
    object
}

/// What the type of a kind is called inside of a real server, as its messages tell.
fn go_name(kind: Kind<'_>, suffix: &str) -> String {
    match kind.origin() {
        Origin::Custom if suffix.is_empty() => "*unstructured.Unstructured".to_owned(),
        Origin::Custom => "*unstructured.UnstructuredList".to_owned(),
        Origin::Builtin => {
            let group = kind.group().split('.').next().unwrap_or_default();
            let package = if group.is_empty() { "core" } else { group };
            format!("*{package}.{}{suffix}", kind.kind())
        }
    }
}

/// A list, made of what is held encoded already.
fn encode_list(kind: Kind<'_>, list_kind: &str, meta: &ListMeta, items: &[Stored]) -> Bytes {
    let version = kind.api_version();
    let mut metadata = meta.to_value();
    if kind.origin() == Origin::Custom && meta.token.is_none() {
        // Lists of custom resources say it even where there is nothing to say.
        fields(&mut metadata).insert("continue".to_owned(), json!(""));
    }
    let head = json!({"kind": list_kind, "apiVersion": version, "metadata": metadata});
    let mut list = head.to_string().into_bytes();
    // The list goes on behind its metadata.
    list.pop();
    list.reserve(
        items
            .iter()
            .map(|stored| stored.json().len() + 1)
            .sum::<usize>()
            + 16,
    );
    list.extend_from_slice(b",\"items\":[");
    for (place, stored) in items.iter().enumerate() {
        if place > 0 {
            list.push(b',');
        }
        match kind.origin() {
            // A list of a built-in kind says once what its items are.
            Origin::Builtin if stored.api_version() == version => {
                list.push(b'{');
                list.extend_from_slice(stored.untyped());
            }
            Origin::Builtin => {
                let mut object = stored.object();
                turn(kind, &mut object);
                fields(&mut object).retain(|name, _| name != "apiVersion" && name != "kind");
                list.extend_from_slice(object.to_string().as_bytes());
            }
            Origin::Custom => list.extend_from_slice(&shown(kind, stored)),
        }
    }
    list.extend_from_slice(b"]}");
    list.into()
}
