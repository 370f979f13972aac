//! Why does an operation not apply, in a sentence that helps? Names keys and paths, never values:
//! they may be a secret's.

use std::borrow::Cow;

use serde_json::Value;

use crate::identity::ClusterName;
use crate::location::Pointer;
use crate::nearest::nearest;
use crate::problem::{Code, Problem};

/// How many keys of a map are listed before the rest is only counted.
const LISTED_KEYS: usize = 12;

/// How many characters of a word are shown.
const LONGEST_WORD: usize = 200;

/// Why an operation does not apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// Its path leads nowhere in the object.
    NoSuchPath,
    /// Its `from`, which is this, leads nowhere in the object.
    NoSuchSource(String),
    /// Another value stands there than the one tested for.
    TestFailed,
    /// A value would be moved into itself.
    IntoItself,
    /// The whole object cannot be removed, added or made null.
    WholeObject,
    /// A path of KubeFed's without any slash.
    WithoutSlash,
    /// `move` and `copy`, which need a `from` that KubeFed's overrides do not have.
    WithoutFrom,
    /// An operation that is not known; they are case-sensitive.
    UnknownOperation,
    /// What it moves or copies is nested too deeply.
    TooDeep,
    /// The copies of this object's overrides add up to more than can be honest.
    TooLarge,
    /// The override has a fault that was reported when it was read.
    Broken,
    /// What is said here, of what stands at this place of the operation.
    Because { why: String, inside: String },
}

impl Failure {
    /// Something to say of the whole operation.
    pub(super) fn because(why: impl Into<String>) -> Self {
        Self::inside("", why)
    }

    /// Something to say of a part of the operation.
    pub(super) fn inside(inside: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Because {
            why: why.into(),
            inside: inside.into(),
        }
    }

    /// The place of the operation that it is about, as a JSON Pointer.
    pub(super) fn place(&self) -> &str {
        match self {
            Self::Because { inside, .. } => inside,
            _ => "",
        }
    }

    /// What the overrides leave is no object of the API.
    pub(super) fn without_kind(cluster: &ClusterName) -> Problem {
        let message = format!(
            "the overrides for cluster {:?} leave an object without a kind; a value that replaces \
             the whole object has to bring its kind along",
            cluster.as_str()
        );
        Problem::error(Code::OverrideFailed, message).in_cluster(cluster)
    }
}

/// The operation that failed, and for which cluster.
pub(super) struct Attempt<'a> {
    pub(super) cluster: &'a ClusterName,
    /// Its number, where it stands in a list of operations.
    pub(super) number: Option<usize>,
    /// What it tries to do.
    pub(super) doing: String,
    pub(super) way: Way<'a>,
}

/// The path of an operation.
#[derive(Clone, Copy)]
pub(super) struct Way<'a> {
    pub(super) path: &'a str,
    /// How its rules read a step as the index of an item, in a list of this many.
    pub(super) position: fn(&str, usize) -> Option<usize>,
}

impl Attempt<'_> {
    /// The failure as a problem; `object` is as the operation found it.
    pub(super) fn explain(&self, failure: &Failure, object: &Value) -> Problem {
        let code = match failure {
            Failure::TooDeep => Code::TooDeep,
            Failure::Broken => Code::InvalidOverride,
            _ => Code::OverrideFailed,
        };
        let number = self
            .number
            .map_or_else(|| "the override".to_owned(), |n| format!("override {n}"));
        let message = format!(
            "{number} for cluster {:?} cannot {}: {}",
            self.cluster.as_str(),
            self.doing,
            self.way.because(failure, object)
        );
        Problem::error(code, message).in_cluster(self.cluster)
    }
}

impl Way<'_> {
    /// Why an operation on this path fails.
    pub(super) fn because(self, failure: &Failure, object: &Value) -> Cow<'static, str> {
        match failure {
            Failure::NoSuchPath => self.what_is_there(object, self.path).into(),
            Failure::NoSuchSource(from) => format!(
                "there is nothing to take from {}: {}",
                quoted(from),
                self.what_is_there(object, from)
            )
            .into(),
            Failure::TestFailed => "another value stands there".into(),
            Failure::IntoItself => "a value cannot be moved into itself".into(),
            Failure::WholeObject => "this path is the whole object".into(),
            Failure::WithoutSlash => format!(
                "a path starts with a slash; did you mean {:?}?",
                format!("/{}", clipped(self.path))
            )
            .into(),
            Failure::WithoutFrom => {
                "it needs a \"from\", which these overrides do not have; use add and remove".into()
            }
            Failure::UnknownOperation => {
                "the operations are add, remove and replace, in lower case".into()
            }
            Failure::TooDeep => "the value is nested too deeply".into(),
            Failure::TooLarge => "the overrides copy more than an object can hold".into(),
            Failure::Broken => "it is not valid in itself".into(),
            Failure::Because { why, .. } => why.clone().into(),
        }
    }

    /// What stands at the deepest place that exists on the way along `path`.
    fn what_is_there(self, object: &Value, path: &str) -> String {
        let mut place = Pointer::root();
        let mut current = object;
        for step in steps(path) {
            let next = match current {
                Value::Object(fields) => fields.get(step.as_ref()),
                Value::Array(items) => {
                    (self.position)(&step, items.len()).and_then(|index| items.get(index))
                }
                _ => None,
            };
            let Some(next) = next else {
                return format!("{} {}", named(&place), described(current, &step));
            };
            place = place.child(step);
            current = next;
        }
        format!("{} {}", named(&place), described(current, ""))
    }
}

/// A path, or another word of the input, as it is shown: bare where that is clear.
pub(super) fn quoted(word: &str) -> String {
    let plain = |character: char| !character.is_control() && !character.is_whitespace();
    let word = clipped(word);
    if word.is_empty() || !word.chars().all(plain) {
        format!("{word:?}")
    } else {
        word.into_owned()
    }
}

/// A word of the input at no more than a line's length.
pub(super) fn clipped(word: &str) -> Cow<'_, str> {
    match word.char_indices().nth(LONGEST_WORD) {
        Some((end, _)) => format!("{}..", word.get(..end).unwrap_or_default()).into(),
        None => word.into(),
    }
}

/// The steps of a path, unescaped. What stands before the first slash has no meaning.
pub(super) fn steps(path: &str) -> impl Iterator<Item = Cow<'_, str>> {
    path.split('/').skip(1).map(unescaped)
}

/// One step of a path, unescaped.
pub(super) fn unescaped(step: &str) -> Cow<'_, str> {
    if step.contains('~') {
        Cow::Owned(step.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(step)
    }
}

fn named(place: &Pointer) -> String {
    match place.as_str() {
        "" => "the object".to_owned(),
        path => quoted(path),
    }
}

/// What a value is, without its content; `wanted` is what was looked for in it.
fn described(value: &Value, wanted: &str) -> String {
    match value {
        Value::Null => "is null".to_owned(),
        Value::Bool(_) => "is a boolean".to_owned(),
        Value::Number(_) => "is a number".to_owned(),
        Value::String(_) => "is a string".to_owned(),
        Value::Array(items) => match items.len() {
            0 => "is an empty list".to_owned(),
            1 => "has 1 item (0)".to_owned(),
            count => format!("has {count} items (0 to {})", count - 1),
        },
        Value::Object(fields) if fields.is_empty() => "is an empty map".to_owned(),
        Value::Object(fields) => {
            let listed: Vec<String> = fields
                .keys()
                .take(LISTED_KEYS)
                .map(|key| shown(key))
                .collect();
            let more = match fields.len().saturating_sub(LISTED_KEYS) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let hint = nearest(wanted, fields.keys().map(String::as_str))
                .map(|key| format!("; did you mean {key:?}?"))
                .unwrap_or_default();
            format!("has: {}{more}{hint}", listed.join(", "))
        }
    }
}

/// A key as it is shown: on one line, and not at any length.
fn shown(key: &str) -> String {
    clipped(key).escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn explained(op: &str, path: &str, failure: &Failure, object: &Value) -> String {
        let cluster = ClusterName::from("eu-west");
        let attempt = Attempt {
            cluster: &cluster,
            number: Some(0),
            doing: format!("{op} {path}"),
            way: Way {
                path,
                position: crate::customize::rfc6902::position,
            },
        };
        attempt.explain(failure, object).message
    }

    #[test]
    fn a_missing_path_is_explained_by_what_is_there() {
        let object = json!({"spec": {
            "template": {"spec": {"containers": [{"image": "a"}, {}], "volumes": []}},
            "paused": null, "name": "x", "replicas": 1, "ready": true, "empty": {},
        }});
        let table = [
            (
                "/spec/template/spec/contaners/0/image",
                "/spec/template/spec has: containers, volumes; did you mean \"containers\"?",
            ),
            (
                "/spec/template/spec/containers/7/image",
                "/spec/template/spec/containers has 2 items (0 to 1)",
            ),
            (
                "/spec/template/spec/volumes/0",
                "/spec/template/spec/volumes is an empty list",
            ),
            ("/spec/paused/x", "/spec/paused is null"),
            ("/spec/name/x", "/spec/name is a string"),
            ("/spec/replicas/x", "/spec/replicas is a number"),
            ("/spec/ready/x", "/spec/ready is a boolean"),
            ("/spec/empty/x", "/spec/empty is an empty map"),
            ("/status", "the object has: spec"),
        ];
        for (path, expected) in table {
            let message = explained("replace", path, &Failure::NoSuchPath, &object);
            let prefix = format!("override 0 for cluster \"eu-west\" cannot replace {path}: ");
            assert_eq!(message, format!("{prefix}{expected}"));
        }
    }

    #[test]
    fn many_keys_are_counted_and_odd_ones_stay_on_their_line() {
        let object: Value = (0..40)
            .map(|key| (format!("key\n{key:02}"), json!(1)))
            .collect();
        let message = explained("remove", "/x/y", &Failure::NoSuchPath, &object);
        assert!(
            message.ends_with("key\\n10, key\\n11 and 28 more"),
            "{message}"
        );
        assert!(!message.contains('\n'));
    }

    #[test]
    fn values_are_never_quoted() {
        let object = json!({"data": {"password": "aHVudGVyMg=="}});
        for failure in [
            Failure::TestFailed,
            Failure::NoSuchPath,
            Failure::IntoItself,
        ] {
            let message = explained("test", "/data/password/x", &failure, &object);
            assert!(!message.contains("aHVu"), "{message}");
        }
    }
}
