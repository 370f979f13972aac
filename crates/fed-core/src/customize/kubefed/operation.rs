//! What does one operation of a KubeFed override say, and is that sound?

use std::fmt;

use serde_json::Value;

use super::patch;
use crate::customize::entry::{Operation, Step};
use crate::customize::failure::{clipped, quoted, steps};
use crate::customize::limits::{DEEPEST, too_deep};
use crate::location::{Location, Pointer};
use crate::problem::Code;

/// The paths that KubeFed does not let an override write, exactly as they are written here.
const FORBIDDEN: [&str; 4] = [
    "/metadata/namespace",
    "/metadata/name",
    "/metadata/generateName",
    "/kind",
];

/// One operation as it is written.
#[derive(Clone, Copy, Default)]
pub(super) struct Written<'v> {
    op: &'v str,
    pub(super) path: &'v str,
    value: Option<&'v Value>,
}

/// What is wrong with an operation in itself.
pub(super) struct Fault {
    pub(super) code: Code,
    pub(super) what: String,
    /// The operation that it repeats.
    pub(super) first: Option<Location>,
}

impl Fault {
    fn invalid(what: String) -> Self {
        Self {
            code: Code::InvalidOverride,
            what,
            first: None,
        }
    }

    fn too_deep(what: String) -> Self {
        Self {
            code: Code::TooDeep,
            ..Self::invalid(what)
        }
    }
}

impl<'v> Written<'v> {
    /// Reads it as Go would: what is absent is empty, and null as well.
    pub(super) fn read(item: &'v Value) -> Result<Self, Fault> {
        let item = with_fields(item)
            .map_err(|other| Fault::invalid(format!("must be a map, not {other}")))?;
        let text =
            |key| text(item, key).map_err(|why| Fault::invalid(format!("is unclear: {why}")));
        Ok(Self {
            op: text("op")?,
            path: text("path")?,
            value: item.get("value").filter(|value| !value.is_null()),
        })
    }

    /// What is wrong with it in itself. `repeats` is the place of an operation of the same path.
    pub(super) fn fault(self, repeats: Option<Location>) -> Option<Fault> {
        let path = quoted(self.path);
        if FORBIDDEN.contains(&self.path) {
            return Some(Fault::invalid(format!(
                "writes {path}, which says what the object is and cannot be overridden"
            )));
        }
        if repeats.is_some() {
            return Some(Fault {
                first: repeats,
                ..Fault::invalid(format!(
                    "has the path {path}, which another one has as well"
                ))
            });
        }
        if steps(self.path).count() > DEEPEST {
            let what = format!("has a path of more than {DEEPEST} steps");
            return Some(Fault::too_deep(what));
        }
        self.value
            .is_some_and(too_deep)
            .then(|| Fault::too_deep(format!("has a value nested more than {DEEPEST} deep")))
    }

    fn op(self) -> &'v str {
        if self.op.is_empty() {
            "replace"
        } else {
            self.op
        }
    }

    pub(super) fn operation(self, is_broken: bool) -> Operation {
        Operation {
            op: self.op().into(),
            path: self.path.into(),
            at: None,
            step: if is_broken {
                Step::Broken
            } else {
                Step::KubeFed(self.value.map(patch::rounded))
            },
        }
    }

    /// What its author can hardly have meant: where in the operation, and what.
    pub(super) fn suspicions(self) -> impl Iterator<Item = (String, String)> + use<> {
        let field = if self.path.is_empty() { "" } else { "/path" };
        let path = self.odd_path().map(|what| (field.to_owned(), what));
        let value = self.value.and_then(first_imprecise).map(|inside| {
            let what = "has a number that loses digits: KubeFed's numbers are 64-bit floats";
            (format!("/value{inside}"), what.to_owned())
        });
        path.into_iter().chain(value)
    }

    fn odd_path(self) -> Option<String> {
        let path = clipped(self.path);
        match path.as_ref() {
            "" => match self.value {
                Some(Value::Object(_) | Value::Array(_)) if self.op() == "replace" => {
                    Some("has no path, so that its value replaces the whole object".to_owned())
                }
                Some(_) if self.op() == "replace" => {
                    Some("has no path and does nothing".to_owned())
                }
                _ => None,
            },
            path if path.starts_with('/') => None,
            path => Some(match path.split_once('/') {
                Some((dropped, rest)) => format!(
                    "has the path {path:?} without a leading slash: {dropped:?} is left out, and \
                     {:?} is meant; write {:?}",
                    format!("/{rest}"),
                    format!("/{path}")
                ),
                None => format!(
                    "has the path {path:?} without a slash, which fails; write {:?}",
                    format!("/{path}")
                ),
            }),
        }
    }
}

/// The way to the first number that a float cannot hold.
fn first_imprecise(value: &Value) -> Option<Pointer> {
    match value {
        Value::Number(number) => patch::loses_precision(number).then(Pointer::root),
        Value::Array(items) => first_inside(items.iter().enumerate()),
        Value::Object(fields) => first_inside(fields),
        _ => None,
    }
}

fn first_inside<'v>(
    children: impl IntoIterator<Item = (impl fmt::Display, &'v Value)>,
) -> Option<Pointer> {
    children.into_iter().find_map(|(step, child)| {
        let inside = first_imprecise(child)?;
        Some(Pointer::root().child(step).join(inside.as_str()))
    })
}

/// The value, if it has fields; null has none, as in Go. Else what it is.
pub(super) fn with_fields(value: &Value) -> Result<&Value, &'static str> {
    match value {
        Value::Object(_) | Value::Null => Ok(value),
        other => Err(type_of(other)),
    }
}

/// A text; an absent or null one is empty, as in Go.
pub(super) fn text<'v>(value: &'v Value, key: &str) -> Result<&'v str, String> {
    match value.get(key) {
        None | Some(Value::Null) => Ok(""),
        Some(Value::String(text)) => Ok(text),
        Some(other) => Err(format!("{key} must be a string, not {}", type_of(other))),
    }
}

pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}
