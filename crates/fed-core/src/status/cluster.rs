//! What is known of an object in one cluster after a round of reconciliation?

use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Outcome;
use crate::depth;
use crate::kinds::HealthState;
use crate::location::Location;

/// What is known of an object in one cluster after a round of reconciliation.
///
/// ```
/// use fed_core::status::{ClusterState, HealthState, Outcome, Replicas};
/// use serde_json::json;
///
/// let state = ClusterState::new(Outcome::Synced)
///     .health(HealthState::Progressing, "1 of 3 replicas is not updated")
///     .replicas(Replicas::new(3, 2))
///     .remote_status(json!({"replicas": 3, "readyReplicas": 2}))
///     .written();
/// assert!(state.outcome.is_synced());
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ClusterState {
    /// What came of the object there.
    pub outcome: Outcome,
    /// Does it work?
    pub health: HealthState,
    /// Why its health is as it is, where there is something to say: in our words, or in those of the
    /// conditions that the cluster's controllers write.
    pub health_message: Option<Arc<str>>,
    /// How many replicas it has, if its kind has any.
    pub replicas: Option<Replicas>,
    /// The `status` of the cluster's object, if statuses are collected: no deeper than is allowed.
    pub(super) remote_status: Option<Arc<Value>>,
    /// Does that status speak of the newest form of the object?
    pub is_current: bool,
    /// Was the object created or updated in this round?
    pub written: bool,
}

/// How many replicas an object has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Replicas {
    /// How many it is to have.
    pub wanted: i64,
    /// How many of them are ready.
    pub ready: i64,
}

impl ClusterState {
    /// This outcome, and nothing else known.
    pub fn new(outcome: Outcome) -> Self {
        Self {
            outcome,
            health: HealthState::Unknown,
            health_message: None,
            replicas: None,
            remote_status: None,
            is_current: false,
            written: false,
        }
    }

    /// The same, with this health and what there is to say of it.
    #[must_use]
    pub fn health(mut self, health: HealthState, message: impl Into<Arc<str>>) -> Self {
        self.health = health;
        self.health_message = Some(message.into()).filter(|message| !message.is_empty());
        self
    }

    /// The same, with so many replicas.
    #[must_use]
    pub fn replicas(mut self, replicas: Replicas) -> Self {
        self.replicas = Some(replicas);
        self
    }

    /// The same, with the `status` that was collected from the cluster's object. What is no object
    /// is no status, and neither is what is nested deeper than [`MAX_DEPTH`](crate::MAX_DEPTH).
    #[must_use]
    pub fn remote_status(mut self, status: impl Into<Arc<Value>>) -> Self {
        let status = status.into();
        let taken = status.is_object() && depth::check(&status, &Location::in_code()).is_ok();
        self.remote_status = taken.then_some(status);
        self
    }

    /// The `status` that was collected from the cluster's object.
    pub fn collected(&self) -> Option<&Value> {
        self.remote_status.as_deref()
    }

    /// The same, with a status that speaks of the newest form of the object.
    #[must_use]
    pub fn current(mut self) -> Self {
        self.is_current = true;
        self
    }

    /// The same, created or updated in this round.
    #[must_use]
    pub fn written(mut self) -> Self {
        self.written = true;
        self
    }
}

impl From<Outcome> for ClusterState {
    fn from(outcome: Outcome) -> Self {
        Self::new(outcome)
    }
}

// What a kind of the user's own writes into its status is not for logs.
impl fmt::Debug for ClusterState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let remote_status = self.remote_status.as_ref().map(|_| format_args!(".."));
        f.debug_struct("ClusterState")
            .field("outcome", &self.outcome)
            .field("health", &self.health)
            .field("replicas", &self.replicas)
            .field("remote_status", &remote_status)
            .field("written", &self.written)
            .finish_non_exhaustive()
    }
}

impl Replicas {
    /// So many are wanted, of which so many are ready.
    pub const fn new(wanted: i64, ready: i64) -> Self {
        Self { wanted, ready }
    }

    /// These and those.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            wanted: self.wanted.saturating_add(other.wanted),
            ready: self.ready.saturating_add(other.ready),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_a_status_that_can_be_written_is_collected() {
        let collected = |status| ClusterState::new(Outcome::Synced).remote_status(status);
        assert_eq!(collected(json!({})).collected(), Some(&json!({})));
        assert_eq!(collected(json!(null)).collected(), None);
        assert_eq!(collected(json!("fine")).collected(), None);
        let deep = (0..crate::MAX_DEPTH).fold(json!({}), |inner, _| json!({"inner": inner}));
        assert_eq!(collected(deep).collected(), None);
    }

    #[test]
    fn debug_output_shows_nothing_of_the_object() {
        let state = ClusterState::new(Outcome::failed(super::super::Operation::Create, "hunter2"))
            .remote_status(json!({"token": "hunter2"}))
            .health(HealthState::Degraded, "hunter2");
        let text = format!("{state:?}");
        assert!(
            text.contains("Create") && !text.contains("hunter2"),
            "{text}"
        );
    }
}
