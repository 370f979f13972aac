//! What does this alias stand for? Values kept for aliases, within a budget.

use std::collections::BTreeMap;

use serde_json::Value;

use super::mapping::KeyRole;

/// How many bytes, about, all anchors and aliases of a document may stand for.
const ALIAS_BUDGET: usize = 16 << 20;

/// A value that aliases can refer to.
#[derive(Clone)]
pub(super) struct Anchored {
    pub(super) value: Value,
    /// What it says where it stands for a key.
    pub(super) key: Option<(String, KeyRole)>,
    /// About the bytes it needs.
    pub(super) weight: usize,
    /// How many levels of collections it has.
    pub(super) height: usize,
}

/// The anchors of one document.
pub(super) struct Anchors {
    values: BTreeMap<usize, Anchored>,
    budget: usize,
    /// Without any alias nothing needs to be kept.
    has_aliases: bool,
}

/// The budget is spent.
#[derive(Debug)]
pub(super) struct TooMany;

impl Anchors {
    /// None yet, for a document of this text.
    pub(super) fn of(text: &str) -> Self {
        Self {
            values: BTreeMap::new(),
            budget: ALIAS_BUDGET,
            has_aliases: text.contains('*'),
        }
    }

    /// Keeps a value. The copy is paid for: anchors inside of anchors multiply as aliases do.
    pub(super) fn remember(
        &mut self,
        anchor: usize,
        weight: usize,
        make: impl FnOnce() -> Anchored,
    ) -> Result<(), TooMany> {
        if anchor != 0 && self.has_aliases {
            self.spend(weight)?;
            self.values.insert(anchor, make());
        }
        Ok(())
    }

    /// The value of an anchor; `None` while that value is still being read.
    pub(super) fn get(&self, anchor: usize) -> Option<&Anchored> {
        self.values.get(&anchor)
    }

    /// Pays for one more copy.
    pub(super) fn spend(&mut self, weight: usize) -> Result<(), TooMany> {
        self.budget = self.budget.checked_sub(weight).ok_or(TooMany)?;
        Ok(())
    }
}
