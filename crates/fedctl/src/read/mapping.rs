//! What is in this mapping? Its entries in the order they are written, merge keys and duplicates
//! settled as kubectl settles them, except that a duplicate is never passed over in silence.

use std::ops::Range;

use fed_core::{Code, Severity};
use serde_json::Value;

use super::spans::{Node, Origin};

/// The key of an entry whose value is still to come.
pub(super) struct Key {
    pub(super) name: String,
    pub(super) role: KeyRole,
    pub(super) range: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyRole {
    Name,
    /// `<<`: the value's entries belong to the mapping around it.
    Merge,
}

/// A child of a collection that is still open. Items of sequences have an empty key.
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) value: Value,
    pub(super) node: Node,
}

impl Entry {
    pub(super) fn item(value: Value, node: Node) -> Self {
        Self {
            key: String::new(),
            value,
            node,
        }
    }

    pub(super) fn written(key: Key, value: Value, node: Node) -> Self {
        Self {
            node: node.under_key(&key.range),
            key: key.name,
            value,
        }
    }

    fn is_merged(&self) -> bool {
        self.node.origin == Origin::Merge
    }
}

/// The entries a merge key brings in, in the order in which they overwrite each other; `None` if
/// its value is neither a mapping nor a list of mappings.
pub(super) fn merged(key: &Key, value: Value, node: &Node) -> Option<Vec<Entry>> {
    let maps = match value {
        Value::Object(map) => vec![map],
        Value::Array(items) => items
            .into_iter()
            .rev() // The first in the list wins.
            .map(|item| match item {
                Value::Object(map) => Some(map),
                _ => None,
            })
            .collect::<Option<_>>()?,
        _ => return None,
    };
    let node = Node::new(node.range(), Origin::Merge).under_key(&key.range);
    let entries = maps.into_iter().flatten();
    Some(
        entries
            .map(|(key, value)| Entry { key, value, node })
            .collect(),
    )
}

/// A key that two entries of one mapping have.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Clash {
    pub(super) kind: ClashKind,
    pub(super) key: String,
    /// The places of the two keys, in the order they are written.
    pub(super) first: Range<usize>,
    pub(super) second: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClashKind {
    /// Both are written out.
    Duplicate,
    /// A merge key further down brings in another value.
    Overwritten,
}

impl ClashKind {
    pub(super) fn code(self) -> Code {
        match self {
            Self::Duplicate => Code::DuplicateKey,
            Self::Overwritten => Code::YamlVersionsDiffer,
        }
    }

    pub(super) fn severity(self) -> Severity {
        match self {
            Self::Duplicate => Severity::Error,
            Self::Overwritten => Severity::Warning,
        }
    }

    pub(super) fn message(self) -> &'static str {
        match self {
            Self::Duplicate => "this key stands twice in one mapping; remove one of the two",
            Self::Overwritten => {
                "this merge key replaces a value written above it, as it does for kubectl; move \
                 `<<` to the top of the mapping to keep that value"
            }
        }
    }

    pub(super) fn quoting(self, key: &str) -> String {
        match self {
            Self::Duplicate => {
                format!("the key `{key}` stands twice in one mapping; remove one of the two")
            }
            Self::Overwritten => format!(
                "this merge key replaces the value of `{key}` written above it, as it does for \
                 kubectl; move `<<` to the top of the mapping to keep that value"
            ),
        }
    }
}

/// A mapping with one entry a key, sorted by key.
pub(super) struct Settled {
    pub(super) entries: Vec<Entry>,
    pub(super) clashes: Vec<Clash>,
}

/// Of all entries with one key the last one written stays.
pub(super) fn settle(mut entries: Vec<Entry>) -> Settled {
    entries.sort_by(|left, right| left.key.cmp(&right.key));
    let mut clashes = Vec::new();
    entries.dedup_by(|later, kept| {
        let is_same = later.key == kept.key;
        if is_same {
            clashes.extend(clash(kept, later));
            std::mem::swap(later, kept);
        }
        is_same
    });
    Settled { entries, clashes }
}

fn clash(first: &Entry, second: &Entry) -> Option<Clash> {
    let kind = match (first.is_merged(), second.is_merged()) {
        (false, false) => ClashKind::Duplicate,
        (false, true) if first.value != second.value => ClashKind::Overwritten,
        _ => return None,
    };
    Some(Clash {
        kind,
        key: first.key.clone(),
        first: first.node.key()?,
        second: second.node.key()?,
    })
}
