//! What came of an object in one cluster?

use std::collections::BTreeSet;
use std::fmt;

use super::{Detail, State};
use crate::problem::Code;

/// What came of an object in one cluster, in a round of reconciliation.
///
/// A cluster that neither holds the object nor is to hold it has no outcome at all: it is not
/// among the clusters of a [`Round`](super::Round).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The cluster holds the object as it must be.
    Synced,
    /// The object is being deleted there, and is still there.
    WaitingForRemoval,
    /// The cluster is not ready, so nothing was done.
    ClusterNotReady,
    /// A step of the work failed.
    Failed {
        /// The step.
        step: Step,
        /// What the cluster, or whatever else failed, said of it.
        detail: Detail,
    },
    /// The operation was begun, and its end was not seen in time.
    TimedOut(Operation),
    /// The object was there before, and must not be adopted.
    AlreadyExists,
    /// The cluster's object asks, by its label, not to be managed.
    ReleasedByLabel,
    /// The manifest for the cluster has a fault of this kind, so nothing was done.
    NotDeliverable(Code),
    /// This is to be done, and the object is suspended.
    Suspended(Operation),
    /// Another manager has fields that are to be changed, and they were not taken from it.
    Conflict {
        /// The other manager.
        manager: String,
        /// The paths of the fields; never values.
        fields: BTreeSet<String>,
    },
    /// Somebody changed these fields in the cluster, and they are to be told, not to be put right.
    Drifted {
        /// The paths of the fields; never values.
        fields: BTreeSet<String>,
    },
    /// This is to be done, and its time has not come.
    WaitingFor {
        /// What is to be done.
        operation: Operation,
        /// What has to come first, as it stands in a sentence behind "waits for"; never a value of
        /// the object.
        awaited: String,
    },
}

/// What can be done to an object in a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// Put it there.
    Create,
    /// Make it as it must be.
    Update,
    /// Remove it.
    Delete,
    /// Leave it to the cluster: take the label off that marks it as managed.
    RemoveLabel,
}

/// A part of the work in one cluster that can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Step {
    /// To get a way to speak with the cluster.
    Connect,
    /// To ask the cluster for the object.
    Read,
    /// To look the object up in what is known of the cluster.
    ReadCache,
    /// To read which version of the object was last written.
    ReadVersion,
    /// To keep what the cluster owns of the object.
    Retain,
    /// To do what had to be done.
    Operate(Operation),
}

impl Outcome {
    /// A step that failed, and why.
    pub fn failed(step: impl Into<Step>, detail: impl Into<String>) -> Self {
        Self::Failed {
            step: step.into(),
            detail: Detail::new(detail),
        }
    }

    /// The outcome in one word.
    pub fn state(&self) -> State {
        match self {
            Self::Synced => State::Synced,
            Self::WaitingForRemoval => State::WaitingForRemoval,
            Self::ClusterNotReady => State::ClusterNotReady,
            Self::Failed { .. } => State::Failed,
            Self::TimedOut(_) => State::TimedOut,
            Self::AlreadyExists => State::AlreadyExists,
            Self::ReleasedByLabel => State::ReleasedByLabel,
            Self::NotDeliverable(_) => State::NotDeliverable,
            Self::Suspended(_) => State::Suspended,
            Self::Conflict { .. } => State::Conflict,
            Self::Drifted { .. } => State::Drifted,
            Self::WaitingFor { .. } => State::WaitingFor,
        }
    }

    /// Is the object going from the cluster, or to go?
    pub fn is_leaving(&self) -> bool {
        use Operation::{Delete, RemoveLabel};
        match self {
            Self::WaitingForRemoval => true,
            Self::TimedOut(operation)
            | Self::Suspended(operation)
            | Self::WaitingFor { operation, .. }
            | Self::Failed {
                step: Step::Operate(operation),
                ..
            } => matches!(operation, Delete | RemoveLabel),
            _ => false,
        }
    }

    /// Does the cluster hold the object as it must be?
    pub fn is_synced(&self) -> bool {
        *self == Self::Synced
    }
}

impl From<Operation> for Step {
    fn from(operation: Operation) -> Self {
        Self::Operate(operation)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Create => "creating it",
            Self::Update => "updating it",
            Self::Delete => "deleting it",
            Self::RemoveLabel => "taking its label off",
        })
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Connect => "connecting to the cluster",
            Self::Read => "reading it from the cluster",
            Self::ReadCache => "looking it up",
            Self::ReadVersion => "reading the version last written",
            Self::Retain => "keeping what the cluster owns of it",
            Self::Operate(operation) => return operation.fmt(f),
        })
    }
}
