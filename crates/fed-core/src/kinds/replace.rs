//! Which changes does the API server refuse, so that the object has to be made anew?

use serde_json::Value;

use super::paths::{Text, places, remove, said, says_nothing, text};
use crate::dialect::field_name;
use crate::location::Pointer;

/// A field that cannot be changed once the object is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Immutable {
    path: Text,
    but: &'static [&'static str],
    counts_if: CountsIf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CountsIf {
    Always,
    /// Only if the object as it shall be says it.
    Said,
    /// Only if the object as it was has `true` there.
    Set(&'static str),
}

impl Immutable {
    /// This field cannot be changed.
    pub const fn at(path: &'static str) -> Self {
        Self {
            path: Text::Borrowed(path),
            but: &[],
            counts_if: CountsIf::Always,
        }
    }

    /// This field cannot be changed, but for these places; `*` stands for every element of a list.
    pub const fn all_but(path: &'static str, but: &'static [&'static str]) -> Self {
        let mut immutable = Self::at(path);
        immutable.but = but;
        immutable
    }

    /// To say nothing any more is no change: the server keeps what it has.
    pub const fn if_said(mut self) -> Self {
        self.counts_if = CountsIf::Said;
        self
    }

    /// Only where the object as it was has `true` at `path`.
    pub const fn if_set(mut self, path: &'static str) -> Self {
        self.counts_if = CountsIf::Set(path);
        self
    }

    pub(super) fn declared(path: String) -> Self {
        Self {
            path: path.into(),
            ..Self::at("")
        }
    }

    /// Where the field stands, as a JSON Pointer.
    pub fn path(&self) -> &str {
        &self.path
    }

    fn hinders(&self, before: &Value, after: &Value) -> bool {
        let counts = match self.counts_if {
            CountsIf::Always => true,
            CountsIf::Said => said(after, &self.path).is_some(),
            CountsIf::Set(path) => before.pointer(path) == Some(&Value::Bool(true)),
        };
        counts && self.fixed(before) != self.fixed(after)
    }

    /// What cannot be changed.
    fn fixed(&self, object: &Value) -> Option<Value> {
        let mut fixed = said(object, &self.path)?.clone();
        self.but.iter().for_each(|path| remove(&mut fixed, path));
        (!says_nothing(&fixed)).then_some(fixed)
    }
}

/// Why an object has to be made anew.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Replacement {
    /// The field that changes and cannot.
    pub path: Pointer,
    /// The sentence for people. It quotes no value.
    pub message: String,
}

impl Replacement {
    pub(super) fn of(path: &str) -> Self {
        let path = Pointer::from_text(path);
        let message = format!(
            "{} changes, which cannot be changed: the object has to be deleted and made anew",
            field_name(&path)
        );
        Self { path, message }
    }
}

/// The first field that changes and cannot.
pub(super) fn replacement(
    before: &Value,
    after: &Value,
    immutable: &[Immutable],
) -> Option<Replacement> {
    let hindrance = immutable
        .iter()
        .find(|field| field.hinders(before, after))?;
    Some(Replacement::of(hindrance.path()))
}

/// Is an indexed Job scaled, completions and parallelism alike? That is the one way in which its
/// completions may change.
pub(super) fn is_scaled_as_one(after: &Value) -> bool {
    let [completions, parallelism] =
        ["/spec/completions", "/spec/parallelism"].map(|path| places(after, path).pop());
    text(after, "/spec/completionMode") == "Indexed"
        && completions.map(|(_, count)| count) == parallelism.map(|(_, count)| count)
}
