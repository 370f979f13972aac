//! What is to be said to people of an object in one cluster? Nothing, where all is well.

use super::detail::shortened;
use super::{ClusterState, Detail, HealthState, Outcome, Step};
use crate::words::few;

/// How many bytes the sentence about one cluster may have.
const LONGEST: usize = 1024;

/// The sentence, which quotes others only if it may.
pub(super) fn sentence(state: &ClusterState, may_quote: bool) -> String {
    let told = match &state.outcome {
        Outcome::Synced => health(state),
        Outcome::WaitingForRemoval => "it is being deleted".to_owned(),
        Outcome::ClusterNotReady => {
            "the cluster is not ready: nothing is done there until it is".to_owned()
        }
        Outcome::Failed { step, detail } => failure(*step, detail, may_quote),
        Outcome::TimedOut(operation) => format!("{operation} was begun and did not end in time"),
        Outcome::AlreadyExists => {
            "it was there before: allow its adoption, or delete it there".to_owned()
        }
        Outcome::ReleasedByLabel => "its label there says that it is not to be managed".to_owned(),
        Outcome::NotDeliverable(code) => format!("its manifest has a fault: {code}"),
        Outcome::Suspended(operation) => format!("{operation} is suspended"),
        Outcome::Conflict { manager, fields } => {
            format!(
                "{manager} manages {}",
                few(fields.iter().map(String::as_str))
            )
        }
        Outcome::Drifted { fields } => {
            format!("changed there: {}", few(fields.iter().map(String::as_str)))
        }
        Outcome::WaitingFor { operation, awaited } => format!("{operation} waits for {awaited}"),
    };
    shortened(told, LONGEST)
}

fn health(state: &ClusterState) -> String {
    match state.health {
        HealthState::Healthy => String::new(),
        // Words of others may stand on many lines.
        _ => {
            let message = state.health_message.as_deref().unwrap_or_default();
            let words: Vec<_> = message.split_whitespace().collect();
            words.join(" ")
        }
    }
}

fn failure(step: Step, detail: &Detail, may_quote: bool) -> String {
    let detail = detail.quoted();
    if detail.is_empty() {
        format!("{step} failed")
    } else if may_quote {
        format!("{step} failed: {detail}")
    } else {
        format!("{step} failed; why is not told here, as it may quote the Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Code;
    use crate::status::Operation;

    fn told(outcome: Outcome) -> String {
        sentence(&ClusterState::new(outcome), true)
    }

    #[test]
    fn every_outcome_has_its_sentence() {
        let fields = || ["/spec/replicas".to_owned()].into();
        let (manager, awaited) = ("hpa".to_owned(), "its Namespace".to_owned());
        let operation = Operation::RemoveLabel;
        let table = [
            (Outcome::Synced, ""),
            (Outcome::WaitingForRemoval, "it is being deleted"),
            (
                Outcome::ClusterNotReady,
                "the cluster is not ready: nothing is done there until it is",
            ),
            (
                Outcome::failed(Step::Connect, "no\nroute"),
                "connecting to the cluster failed: no route",
            ),
            (Outcome::failed(Operation::Update, ""), "updating it failed"),
            (
                Outcome::TimedOut(Operation::Delete),
                "deleting it was begun and did not end in time",
            ),
            (
                Outcome::AlreadyExists,
                "it was there before: allow its adoption, or delete it there",
            ),
            (
                Outcome::ReleasedByLabel,
                "its label there says that it is not to be managed",
            ),
            (
                Outcome::NotDeliverable(Code::OverrideFailed),
                "its manifest has a fault: OverrideFailed",
            ),
            (
                Outcome::Suspended(operation),
                "taking its label off is suspended",
            ),
            (
                Outcome::Conflict {
                    manager,
                    fields: fields(),
                },
                "hpa manages /spec/replicas",
            ),
            (
                Outcome::Drifted { fields: fields() },
                "changed there: /spec/replicas",
            ),
            (
                Outcome::WaitingFor {
                    operation: Operation::Create,
                    awaited,
                },
                "creating it waits for its Namespace",
            ),
        ];
        for (outcome, sentence) in table {
            assert_eq!(told(outcome), sentence);
        }
    }

    #[test]
    fn health_is_told_where_something_is_wrong() {
        let state = |health| ClusterState::new(Outcome::Synced).health(health, "2 of 3 are ready");
        assert_eq!(
            sentence(&state(HealthState::Progressing), true),
            "2 of 3 are ready"
        );
        assert_eq!(sentence(&state(HealthState::Healthy), true), "");
    }
}
