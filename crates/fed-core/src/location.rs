//! Where in the input does this stand? Documents by number, and JSON Pointers into them.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// The number its reader gave to one input document. The core only hands it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId(pub u32);

/// A JSON Pointer (RFC 6901), such as `/spec/template/spec/containers/0`.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Pointer(String);

impl Pointer {
    /// The pointer to the whole document.
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// The pointer written as text. Text without a leading slash has no meaning in RFC 6901; its
    /// first token is the whole of it.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The same pointer, one step further down: a key, or an index.
    ///
    /// ```
    /// use fed_core::Pointer;
    /// let port = Pointer::root().child("spec").child("ports").child(0);
    /// assert_eq!(port.as_str(), "/spec/ports/0");
    /// assert_eq!(Pointer::root().child("a/b").as_str(), "/a~1b");
    /// ```
    #[must_use]
    pub fn child(&self, token: impl fmt::Display) -> Self {
        let token = token.to_string();
        let mut text = String::with_capacity(self.0.len() + 1 + token.len());
        text.push_str(&self.0);
        text.push('/');
        for character in token.chars() {
            match character {
                '~' => text.push_str("~0"),
                '/' => text.push_str("~1"),
                other => text.push(other),
            }
        }
        Self(text)
    }

    /// This pointer, followed by all of `rest`.
    #[must_use]
    pub fn join(&self, rest: &str) -> Self {
        Self(format!("{}{rest}", self.0))
    }

    /// The pointer one step up; `None` at the root.
    pub fn parent(&self) -> Option<Self> {
        self.0
            .rfind('/')
            .map(|at| Self(self.0.get(..at).unwrap_or_default().to_owned()))
    }

    /// The steps of the pointer, unescaped.
    pub fn tokens(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.0
            .split('/')
            .skip(usize::from(self.0.is_empty() || self.0.starts_with('/')))
            .map(|token| {
                if token.contains('~') {
                    Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
                } else {
                    Cow::Borrowed(token)
                }
            })
    }

    /// What stands there in `document`.
    pub fn resolve<'v>(&self, document: &'v Value) -> Option<&'v Value> {
        document.pointer(&self.0)
    }

    /// Does this pointer lead to `other`, or into it?
    pub fn starts_with(&self, other: &Self) -> bool {
        self.0
            .strip_prefix(other.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The pointer as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// A place in the input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// Which document; `None` for a value that was built in code.
    pub document: Option<DocumentId>,
    /// Where in that document.
    pub path: Pointer,
}

impl Location {
    /// The place at `path` of `document`.
    pub const fn new(document: DocumentId, path: Pointer) -> Self {
        Self {
            document: Some(document),
            path,
        }
    }

    /// The root of a value that was built in code and comes from no document.
    pub const fn in_code() -> Self {
        Self {
            document: None,
            path: Pointer::root(),
        }
    }

    /// The place one step further down.
    #[must_use]
    pub fn child(&self, token: impl fmt::Display) -> Self {
        Self {
            document: self.document,
            path: self.path.child(token),
        }
    }

    /// The place that `rest`, a JSON Pointer, leads to from here.
    #[must_use]
    pub fn join(&self, rest: &str) -> Self {
        Self {
            document: self.document,
            path: self.path.join(rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tokens_are_unescaped_in_the_right_order() {
        let pointer = Pointer::from_text("/a~1b/~01/");
        assert_eq!(pointer.tokens().collect::<Vec<_>>(), ["a/b", "~1", ""]);
        assert_eq!(Pointer::root().tokens().count(), 0);
        assert_eq!(Pointer::from_text("/").tokens().collect::<Vec<_>>(), [""]);
    }

    #[test]
    fn a_child_resolves_to_what_it_names() {
        let document = json!({"a/b": [{"~": 7}]});
        let pointer = Pointer::root().child("a/b").child(0).child("~");
        assert_eq!(pointer.resolve(&document), Some(&json!(7)));
        assert_eq!(
            pointer.parent().map(|p| p.to_string()),
            Some("/a~1b/0".into())
        );
    }

    #[test]
    fn a_prefix_ends_at_a_step() {
        let spec = Pointer::from_text("/spec");
        assert!(Pointer::from_text("/spec/a").starts_with(&spec));
        assert!(spec.starts_with(&spec));
        assert!(!Pointer::from_text("/specs").starts_with(&spec));
    }
}
