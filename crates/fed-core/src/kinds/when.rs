//! Does a fact of a kind count, by what an object says elsewhere?

use serde_json::Value;

use super::paths::text;

/// A condition on a text of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct When {
    path: &'static str,
    one_of: &'static [&'static str],
    wanted: bool,
}

impl When {
    /// The text there is one of these.
    pub(super) const fn is(path: &'static str, one_of: &'static [&'static str]) -> Self {
        let wanted = true;
        Self {
            path,
            one_of,
            wanted,
        }
    }

    /// The text there is none of these.
    pub(super) const fn is_not(path: &'static str, one_of: &'static [&'static str]) -> Self {
        let wanted = false;
        Self {
            path,
            one_of,
            wanted,
        }
    }

    pub(super) fn holds(self, object: &Value) -> bool {
        self.one_of.contains(&text(object, self.path)) == self.wanted
    }
}
