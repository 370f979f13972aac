//! What does an object that was taken from a cluster say of that cluster alone?

use serde_json::Value;

use super::paths::{Text, remove};
use super::when::When;

/// A field that one cluster filled in for itself: no template has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    path: Text,
    when: Option<When>,
}

impl Local {
    /// This field; `*` stands for every element of a list.
    pub const fn at(path: &'static str) -> Self {
        Self {
            path: Text::Borrowed(path),
            when: None,
        }
    }

    pub(super) fn declared(path: String) -> Self {
        Self {
            path: path.into(),
            when: None,
        }
    }

    pub(super) const fn when(
        mut self,
        path: &'static str,
        one_of: &'static [&'static str],
    ) -> Self {
        self.when = Some(When::is(path, one_of));
        self
    }

    pub(super) const fn unless(
        mut self,
        path: &'static str,
        one_of: &'static [&'static str],
    ) -> Self {
        self.when = Some(When::is_not(path, one_of));
        self
    }
}

/// Takes out what the cluster filled in for itself.
pub(super) fn take_out(object: &mut Value, local: &[Local]) {
    let counts = |local: &&Local| local.when.is_none_or(|when| when.holds(object));
    let paths: Vec<_> = local
        .iter()
        .filter(counts)
        .map(|local| local.path.clone())
        .collect();
    for path in paths {
        remove(object, &path);
    }
}
