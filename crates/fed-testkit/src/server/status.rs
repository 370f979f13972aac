//! What does a server say when it does not do what was asked? A `Status` with code, reason and
//! causes.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::target::Resource;

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The HTTP status.
    pub code: u16,
    /// The machine's word for it, such as `NotFound`; empty for a fault of the server.
    pub reason: &'static str,
    /// The people's words for it.
    pub message: String,
    /// What is wrong, field by field.
    pub causes: Vec<Cause>,
    /// How a list that is too old can be gone on with, where it can.
    pub token: Option<String>,
    /// After how many seconds it is worth another try, where it is.
    pub retry_after: Option<u32>,
    /// Which object it is about: name, group and kind or resource.
    about: Option<Box<About>>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct About {
    name: String,
    group: String,
    kind: String,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The machine's word for it, such as `FieldValueInvalid`.
    pub reason: &'static str,
    /// Where, as the server writes it: `spec.ports[0].name`.
    pub field: String,
    /// What.
    pub message: String,
}

impl Refusal {
    /// A refusal about no object in particular.
    pub fn new(code: u16, reason: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            reason,
            message: message.into(),
            causes: Vec::new(),
            token: None,
            retry_after: None,
            about: None,
        }
    }

    /// 400: the request makes no sense.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    /// 500 with a message and nothing else, as faults are told that have no reason of their own.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(500, "", message)
    }

    /// 500 for what the server cannot go on with.
    pub fn internal_error(why: &str) -> Self {
        let cause = Cause {
            reason: "",
            field: String::new(),
            message: why.to_owned(),
        };
        let message = format!("Internal error occurred: {why}");
        Self {
            causes: vec![cause],
            ..Self::new(500, "InternalError", message)
        }
    }

    /// 404 for a path that leads nowhere.
    pub fn no_such_path() -> Self {
        let message = "the server could not find the requested resource";
        Self::new(404, "NotFound", message).about_nothing()
    }

    /// 405: no such thing can be asked of what the path leads to.
    pub fn not_allowed() -> Self {
        Self::new(
            405,
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource",
        )
        .about_nothing()
    }

    /// 406 for a client that takes no form of these.
    pub fn not_acceptable(forms: &str) -> Self {
        let message = format!("only the following media types are accepted: {forms}");
        Self::new(406, "NotAcceptable", message)
    }

    /// 406 for a client that takes none of these types of media, whatever is in them.
    pub fn no_representation(media: &str) -> Self {
        let message = format!("406: Not Acceptable\n\nAvailable representations: {media}");
        Self::new(406, "NotAcceptable", message).about_nothing()
    }

    /// 415 for a body of a type that is none of these.
    pub fn unknown_format(media: &str) -> Self {
        let message = format!(
            "the body of the request was in an unknown format - accepted media types include: {media}"
        );
        Self::new(415, "UnsupportedMediaType", message)
    }

    /// 415 for a body of a type that no path of this method takes.
    pub fn no_such_media() -> Self {
        let message = "415: Unsupported Media Type";
        Self::new(415, "UnsupportedMediaType", message).about_nothing()
    }

    /// 410 for a time that is forgotten.
    pub fn expired(message: impl Into<String>) -> Self {
        Self::new(410, "Expired", message)
    }

    /// 504 for a version that is not there yet.
    pub fn too_large_version(asked: u64, current: u64) -> Self {
        let cause = Cause {
            reason: "ResourceVersionTooLarge",
            field: String::new(),
            message: "Too large resource version".to_owned(),
        };
        Self {
            causes: vec![cause],
            retry_after: Some(1),
            ..Self::new(
                504,
                "Timeout",
                format!("Timeout: Too large resource version: {asked}, current: {current}"),
            )
        }
    }

    /// 404 for an object that is not there.
    pub fn not_found(resource: &Resource, name: &str) -> Self {
        let message = format!("{} {name:?} not found", resource.qualified());
        Self::new(404, "NotFound", message).about(resource, name)
    }

    /// 403 for what may not be done.
    pub fn forbidden(resource: &Resource, name: &str, why: &str) -> Self {
        let message = match (resource.qualified().as_str(), name) {
            ("", _) => format!("forbidden: {why}"),
            (what, "") => format!("{what} is forbidden: {why}"),
            (what, name) => format!("{what} {name:?} is forbidden: {why}"),
        };
        Self::new(403, "Forbidden", message).about(resource, name)
    }

    /// 409 for an object that is there already.
    pub fn already_exists(resource: &Resource, name: &str) -> Self {
        let message = format!("{} {name:?} already exists", resource.qualified());
        Self::new(409, "AlreadyExists", message).about(resource, name)
    }

    /// 409 for an object that is not as the client saw it.
    pub fn conflict(resource: &Resource, name: &str, why: &str) -> Self {
        let what = resource.qualified();
        let message = format!("Operation cannot be fulfilled on {what} {name:?}: {why}");
        Self::new(409, "Conflict", message).about(resource, name)
    }

    /// 422 for an object that breaks rules; `kind` as the server says it: `Deployment.apps`.
    pub fn invalid(group: &str, kind: &str, name: &str, faults: &[FieldFault]) -> Self {
        let mut said: Vec<String> = Vec::new();
        for fault in faults.iter().map(FieldFault::to_text) {
            if !said.contains(&fault) {
                said.push(fault);
            }
        }
        let list = listed(&said);
        let qualified = match group {
            "" => kind.to_owned(),
            group => format!("{kind}.{group}"),
        };
        Self {
            causes: faults.iter().map(FieldFault::to_cause).collect(),
            about: Some(Box::new(About {
                name: name.to_owned(),
                group: group.to_owned(),
                kind: kind.to_owned(),
            })),
            ..Self::new(
                422,
                "Invalid",
                format!("{qualified} {name:?} is invalid: {list}"),
            )
        }
    }

    /// 409 for fields that belong to others.
    pub fn field_conflicts(message: String, causes: Vec<Cause>) -> Self {
        Self {
            causes,
            ..Self::new(409, "Conflict", message)
        }
    }

    fn about_nothing(self) -> Self {
        Self {
            about: Some(Box::default()),
            ..self
        }
    }

    pub(super) fn about(self, resource: &Resource, name: &str) -> Self {
        Self {
            about: Some(Box::new(About {
                name: name.to_owned(),
                group: resource.group.clone(),
                kind: resource.plural.clone(),
            })),
            ..self
        }
    }

    /// The refusal as a `Status` object.
    pub fn to_status(&self) -> Value {
        let mut status = Map::new();
        let mut put = |field: &str, value: Value| status.insert(field.to_owned(), value);
        put("kind", json!("Status"));
        put("apiVersion", json!("v1"));
        let token = self.token.as_ref();
        put(
            "metadata",
            token.map_or_else(|| json!({}), |token| json!({"continue": token})),
        );
        put("status", json!("Failure"));
        put("message", json!(self.message));
        put("code", json!(self.code));
        if !self.reason.is_empty() {
            put("reason", json!(self.reason));
        }
        let mut details = Map::new();
        if let Some(about) = self.about.as_deref() {
            let texts = [
                ("name", &about.name),
                ("group", &about.group),
                ("kind", &about.kind),
            ];
            for (field, text) in texts {
                if !text.is_empty() {
                    details.insert(field.to_owned(), json!(text));
                }
            }
        }
        if !self.causes.is_empty() {
            let causes = self.causes.iter().map(Cause::to_value).collect();
            details.insert("causes".to_owned(), Value::Array(causes));
        }
        if let Some(seconds) = self.retry_after {
            details.insert("retryAfterSeconds".to_owned(), json!(seconds));
        }
        if self.about.is_some() || !details.is_empty() {
            put("details", Value::Object(details));
        }
        Value::Object(status)
    }
}

/// Several faults as one text.
pub(super) fn listed(faults: &[String]) -> String {
    match faults {
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    }
}

impl Cause {
    fn to_value(&self) -> Value {
        let texts = [
            ("reason", self.reason),
            ("message", &self.message),
            ("field", &self.field),
        ];
        let said = texts.iter().filter(|(_, text)| !text.is_empty());
        said.map(|(field, text)| ((*field).to_owned(), json!(text)))
            .collect()
    }
}

/// The sorts of faults of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The value cannot be.
    Invalid,
    /// The value is of a wrong type.
    TypeInvalid,
    /// The value is none of a list.
    NotSupported,
    /// The value is missing.
    Required,
    /// The value is there already.
    Duplicate,
    /// The value may not be there.
    Forbidden,
    /// The text is too long.
    TooLong,
    /// There are too many items.
    TooMany,
    /// What it refers to is not there.
    NotFound,
}

impl Sort {
    /// The machine's word for it.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Invalid => "FieldValueInvalid",
            Self::TypeInvalid => "FieldValueTypeInvalid",
            Self::NotSupported => "FieldValueNotSupported",
            Self::Required => "FieldValueRequired",
            Self::Duplicate => "FieldValueDuplicate",
            Self::Forbidden => "FieldValueForbidden",
            Self::TooLong => "FieldValueTooLong",
            Self::TooMany => "FieldValueTooMany",
            Self::NotFound => "FieldValueNotFound",
        }
    }
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldFault {
    /// Where, as the server writes it.
    pub field: String,
    /// What sort of fault.
    pub sort: Sort,
    /// The value that is wrong, where it is told.
    pub value: Option<Value>,
    /// What is wrong with it.
    pub message: String,
}

impl FieldFault {
    /// A fault without a value.
    pub fn new(field: impl Into<String>, sort: Sort, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            sort,
            value: None,
            message: message.into(),
        }
    }

    /// The same fault of this value.
    #[must_use]
    pub fn of(self, value: Value) -> Self {
        Self {
            value: Some(value),
            ..self
        }
    }

    fn body(&self) -> String {
        let mut text = match self.sort {
            Sort::Invalid | Sort::TypeInvalid => "Invalid value",
            Sort::NotSupported => "Unsupported value",
            Sort::Duplicate => "Duplicate value",
            Sort::Required => "Required value",
            Sort::Forbidden => "Forbidden",
            Sort::TooLong => "Too long",
            Sort::TooMany => "Too many",
            Sort::NotFound => "Not found",
        }
        .to_owned();
        let tells = !matches!(self.sort, Sort::Required | Sort::Forbidden | Sort::TooLong);
        if let Some(value) = self.value.as_ref().filter(|_| tells) {
            // Writing to a text cannot fail.
            let _ = write!(text, ": {value}");
        }
        if !self.message.is_empty() {
            // Writing to a text cannot fail.
            let _ = write!(text, ": {}", self.message);
        }
        text
    }

    pub(super) fn to_text(&self) -> String {
        format!("{}: {}", self.field, self.body())
    }

    fn to_cause(&self) -> Cause {
        Cause {
            reason: self.sort.reason(),
            field: self.field.clone(),
            message: self.body(),
        }
    }
}
