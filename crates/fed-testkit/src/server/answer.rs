//! What does the server answer?

use bytes::Bytes;
use serde_json::Value;

use super::status::Refusal;
use super::watch::Watch;

/// What the server answers.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub code: u16,
    /// The body: an object, a `Status`, a list; or a watch.
    pub body: Body,
    /// What the server warns of, each the text of one `Warning` header.
    pub warnings: Vec<String>,
    /// What the headers say besides what all answers say, such as `etag`.
    pub headers: Vec<(&'static str, String)>,
}

/// The body of an answer.
#[derive(Clone, Debug)]
pub enum Body {
    /// JSON that was made for this answer.
    Value(Value),
    /// JSON that is held encoded, and shared.
    Encoded(Bytes),
    /// Plain text, for people.
    Text(String),
    /// Changes as they happen: ask the watch for them as long as it lasts.
    Watch(Box<Watch>),
}

impl Answer {
    pub(super) fn new(code: u16, body: Value) -> Self {
        Self::of(code, Body::Value(body))
    }

    pub(super) fn of(code: u16, body: Body) -> Self {
        Self {
            code,
            body,
            warnings: Vec::new(),
            headers: Vec::new(),
        }
    }

    pub(super) fn warning(self, warnings: Vec<String>) -> Self {
        Self { warnings, ..self }
    }

    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The body as a value; null for a watch.
    pub fn json(&self) -> Value {
        match &self.body {
            Body::Value(value) => value.clone(),
            Body::Encoded(bytes) => serde_json::from_slice(bytes).unwrap_or_default(),
            Body::Text(text) => Value::String(text.clone()),
            Body::Watch(_) => Value::Null,
        }
    }

    /// The watch, if it is one.
    pub fn into_watch(self) -> Option<Watch> {
        match self.body {
            Body::Watch(watch) => Some(*watch),
            _ => None,
        }
    }
}

impl Body {
    /// The body as it is sent; nothing for a watch, which is sent as it goes.
    pub fn into_bytes(self) -> Bytes {
        match self {
            Self::Value(value) => serde_json::to_vec(&value).unwrap_or_default().into(),
            Self::Encoded(bytes) => bytes,
            Self::Text(text) => text.into(),
            Self::Watch(_) => Bytes::new(),
        }
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.code, refusal.to_status())
    }
}
