//! It failed: is the same to be tried again now?

use super::answer::Failure;
use super::cell::Cell;
use super::desired::ManifestHash;
use super::judgement::Judgement;
use super::memory::Failed;
use super::options::{Conflicts, Replacement};
use super::sight::View;
use crate::status::{Operation, Outcome};

impl Cell<'_> {
    /// Did it fail, so that the same is not tried again yet?
    pub(super) fn paused(&self, hash: Option<ManifestHash>) -> Option<Judgement> {
        let failed = self.kept?.failed.as_ref()?;
        if failed.hash != hash || failed.again <= self.case.step.now || self.is_worth_it(failed) {
            return None;
        }
        let operation = match (hash, self.view) {
            (None, _) => Operation::Delete,
            (Some(_), View::Present(_)) => Operation::Update,
            (Some(_), _) => Operation::Create,
        };
        let outcome = match &failed.failure {
            Failure::AlreadyExists => Outcome::AlreadyExists,
            Failure::Conflict { manager, fields } => Outcome::Conflict {
                manager: manager.clone(),
                fields: fields.clone(),
            },
            other => Outcome::failed(operation, other.words()),
        };
        Some(Judgement {
            look_at: Some(failed.again),
            ..Judgement::only(outcome)
        })
    }

    /// Is it worth trying again before its time, as something is not as it was when it failed?
    fn is_worth_it(&self, failed: &Failed) -> bool {
        let saw = failed.saw.as_deref();
        let is_as_it_was = match self.view {
            View::Present(sight) => saw == Some(&*sight.version),
            View::Absent => saw.is_none(),
            View::Unseen => true,
        };
        !is_as_it_was
            || match &failed.failure {
                Failure::AlreadyExists => matches!(self.view, View::Present(_)),
                Failure::Changed => failed.times <= 3,
                Failure::Conflict { .. } => self.takes_over(failed),
                Failure::Immutable => self.case.options.replacement == Replacement::Recreate,
                _ => false,
            }
    }

    /// May we take the fields about which there was a conflict?
    pub(super) fn takes_over(&self, failed: &Failed) -> bool {
        let options = self.case.options;
        let Failure::Conflict { fields, .. } = &failed.failure else {
            return false;
        };
        let are_named = !fields.is_empty() && fields.is_subset(&options.take_over);
        options.conflicts == Conflicts::Overwrite || are_named
    }
}
