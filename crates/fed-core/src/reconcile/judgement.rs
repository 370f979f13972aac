//! What was judged of one object in one cluster: how it stands, and what is to be done?

use jiff::Timestamp;

use super::action::Act;
use super::memory::Kept;
use crate::status::{Operation, Outcome};

/// What is to be done, and how it stands.
#[derive(Clone, Debug)]
pub(super) struct Judgement {
    /// How it stands; nothing where nothing is, or nothing is known of what is wanted.
    pub(super) outcome: Option<Outcome>,
    pub(super) act: Option<Act>,
    pub(super) keep: Keep,
    pub(super) look_at: Option<Timestamp>,
}

/// What becomes of what is remembered.
#[derive(Clone, Debug)]
pub(super) enum Keep {
    Same,
    /// It has to be saved once more, to learn whether it is old.
    Confirm,
    This(Box<Kept>),
    Nothing,
}

impl Judgement {
    pub(super) fn only(outcome: impl Into<Option<Outcome>>) -> Self {
        Self {
            outcome: outcome.into(),
            act: None,
            keep: Keep::Same,
            look_at: None,
        }
    }

    pub(super) fn waiting(operation: Operation, awaited: impl Into<String>) -> Self {
        Self::only(Outcome::WaitingFor {
            operation,
            awaited: awaited.into(),
        })
    }

    /// Before anything is done, it is saved that it may be.
    pub(super) fn saving(operation: Operation) -> Self {
        Self::waiting(operation, "it to be saved that the object may be there")
    }

    /// The end of what is done is not seen in this step.
    pub(super) fn doing(act: Act) -> Self {
        Self {
            outcome: act.operation().map(Outcome::TimedOut),
            act: Some(act),
            keep: Keep::Same,
            look_at: None,
        }
    }

    pub(super) fn looking(operation: Operation) -> Self {
        Self {
            act: Some(Act::Look),
            ..Self::waiting(operation, "the whole object to be fetched")
        }
    }

    pub(super) fn remembering(self, kept: Kept) -> Self {
        Self {
            keep: Keep::This(Box::new(kept)),
            ..self
        }
    }

    /// What it is, or would be, about to do.
    pub(super) fn operation(&self) -> Option<Operation> {
        match (&self.act, &self.outcome) {
            (Some(act), _) => act.operation(),
            (None, Some(Outcome::WaitingFor { operation, .. })) => Some(*operation),
            _ => None,
        }
    }
}
