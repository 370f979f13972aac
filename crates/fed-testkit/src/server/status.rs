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
    /// Which object it is about: name, group and kind or resource.
    about: Option<(String, String, String)>,
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

    /// 404 for a path that leads nowhere.
    pub fn no_such_path() -> Self {
        let message = "the server could not find the requested resource";
        Self::new(404, "NotFound", message).about(&Resource::default(), "")
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
        let list = match &said[..] {
            [one] => one.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        let qualified = match group {
            "" => kind.to_owned(),
            group => format!("{kind}.{group}"),
        };
        Self {
            causes: faults.iter().map(FieldFault::to_cause).collect(),
            about: Some((name.to_owned(), group.to_owned(), kind.to_owned())),
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

    pub(super) fn about(self, resource: &Resource, name: &str) -> Self {
        Self {
            about: Some((
                name.to_owned(),
                resource.group.clone(),
                resource.plural.clone(),
            )),
            ..self
        }
    }

    /// The refusal as a `Status` object.
    pub fn to_status(&self) -> Value {
        let mut status = Map::new();
        let mut put = |field: &str, value: Value| status.insert(field.to_owned(), value);
        put("kind", json!("Status"));
        put("apiVersion", json!("v1"));
        put("metadata", json!({}));
        put("status", json!("Failure"));
        put("message", json!(self.message));
        put("code", json!(self.code));
        if !self.reason.is_empty() {
            put("reason", json!(self.reason));
        }
        let mut details = Map::new();
        if let Some((name, group, kind)) = &self.about {
            for (field, text) in [("name", name), ("group", group), ("kind", kind)] {
                if !text.is_empty() {
                    details.insert(field.to_owned(), json!(text));
                }
            }
        }
        if !self.causes.is_empty() {
            let causes = self.causes.iter().map(Cause::to_value).collect();
            details.insert("causes".to_owned(), Value::Array(causes));
        }
        if self.about.is_some() || !details.is_empty() {
            put("details", Value::Object(details));
        }
        Value::Object(status)
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
        }
        .to_owned();
        let tells = !matches!(
            self.sort,
            Sort::Required | Sort::Forbidden | Sort::TooLong | Sort::TooMany
        );
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

    fn to_text(&self) -> String {
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
