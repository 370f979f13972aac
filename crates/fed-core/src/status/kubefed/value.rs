//! Which of KubeFed's values tells what came of an object in a cluster, and which are tried again?

use crate::dialect::kubefed::api::ClusterStatus;
use crate::problem::Code;
use crate::status::{Operation, Outcome, Step};

/// KubeFed's value for an outcome.
///
/// KubeFed knows nothing of objects that are suspended, drifted or waiting: what is still to be
/// done there is told as an operation that has not ended.
///
/// ```
/// use fed_core::dialect::kubefed::api::ClusterStatus;
/// use fed_core::status::{Operation, Outcome, kubefed::cluster_status};
///
/// let refused = Outcome::failed(Operation::Create, "quota exceeded");
/// assert_eq!(cluster_status(&refused), ClusterStatus::CreationFailed);
/// ```
pub fn cluster_status(outcome: &Outcome) -> ClusterStatus {
    match outcome {
        Outcome::Synced => ClusterStatus::Ok,
        Outcome::WaitingForRemoval => ClusterStatus::WaitingForRemoval,
        Outcome::ClusterNotReady => ClusterStatus::ClusterNotReady,
        Outcome::Failed { step, .. } => failed(*step),
        Outcome::AlreadyExists => ClusterStatus::AlreadyExists,
        Outcome::ReleasedByLabel => ClusterStatus::ManagedLabelFalse,
        Outcome::NotDeliverable(code) => not_deliverable(*code),
        Outcome::Conflict { .. } => ClusterStatus::UpdateFailed,
        Outcome::Drifted { .. } => ClusterStatus::UpdateTimedOut,
        Outcome::TimedOut(operation)
        | Outcome::Suspended(operation)
        | Outcome::WaitingFor { operation, .. } => not_ended(*operation),
    }
}

/// Is this outcome tried again, though nothing has changed?
pub(super) fn is_retried(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Failed { step, .. } => match step {
            Step::Operate(_) | Step::Read | Step::Connect => true,
            Step::ReadCache | Step::ReadVersion | Step::Retain => false,
        },
        Outcome::NotDeliverable(code) => is_of_overrides(*code),
        Outcome::TimedOut(_) | Outcome::Conflict { .. } | Outcome::ClusterNotReady => true,
        Outcome::Synced
        | Outcome::WaitingForRemoval
        | Outcome::AlreadyExists
        | Outcome::ReleasedByLabel
        | Outcome::Suspended(_)
        | Outcome::Drifted { .. }
        | Outcome::WaitingFor { .. } => false,
    }
}

fn failed(step: Step) -> ClusterStatus {
    match step {
        Step::Connect => ClusterStatus::ClientRetrievalFailed,
        Step::Read => ClusterStatus::RetrievalFailed,
        Step::ReadCache => ClusterStatus::CachedRetrievalFailed,
        Step::ReadVersion => ClusterStatus::VersionRetrievalFailed,
        Step::Retain => ClusterStatus::FieldRetentionFailed,
        Step::Operate(Operation::Create) => ClusterStatus::CreationFailed,
        Step::Operate(Operation::Update) => ClusterStatus::UpdateFailed,
        Step::Operate(Operation::Delete) => ClusterStatus::DeletionFailed,
        Step::Operate(Operation::RemoveLabel) => ClusterStatus::LabelRemovalFailed,
    }
}

fn not_ended(operation: Operation) -> ClusterStatus {
    match operation {
        Operation::Create => ClusterStatus::CreationTimedOut,
        Operation::Update => ClusterStatus::UpdateTimedOut,
        Operation::Delete => ClusterStatus::DeletionTimedOut,
        Operation::RemoveLabel => ClusterStatus::LabelRemovalTimedOut,
    }
}

fn not_deliverable(code: Code) -> ClusterStatus {
    if is_of_overrides(code) {
        ClusterStatus::ApplyOverridesFailed
    } else {
        ClusterStatus::ComputeResourceFailed
    }
}

fn is_of_overrides(code: Code) -> bool {
    matches!(
        code,
        Code::OverrideFailed | Code::InvalidOverride | Code::OverrideChangesIdentity
    )
}
