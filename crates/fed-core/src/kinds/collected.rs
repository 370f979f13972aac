//! What has been heard of an object from its clusters, and has it arrived everywhere?

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::health::HealthState;
use super::paths::text;
use crate::identity::ClusterName;

/// What has been heard of an object from one cluster.
///
/// ```
/// use fed_core::kinds::{Collected, HealthState, is_everywhere};
/// use serde_json::json;
///
/// let east = Collected::new("us-east").applied(&json!({"type": "Applied", "status": "True"}));
/// let west = Collected::new("us-west");
/// assert!(is_everywhere(&[east.clone()], ["us-east"]));
/// assert_eq!(west.health, HealthState::Unknown);
/// assert!(!is_everywhere(&[east, west], ["us-east", "us-west"]));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Collected {
    /// The cluster.
    pub cluster_name: ClusterName,
    /// What was collected of the status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Value>,
    /// Has the cluster taken the object as it shall be?
    pub applied: bool,
    /// Why not.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub applied_message: String,
    /// How it is.
    pub health: HealthState,
}

impl Collected {
    /// A cluster of which nothing has been heard.
    pub fn new(cluster: impl Into<ClusterName>) -> Self {
        Self {
            cluster_name: cluster.into(),
            status: None,
            applied: false,
            applied_message: String::new(),
            health: HealthState::Unknown,
        }
    }

    /// The same, applied if this condition holds; its message is kept where it does not.
    #[must_use]
    pub fn applied(mut self, condition: &Value) -> Self {
        self.applied = text(condition, "/status") == "True";
        if !self.applied {
            text(condition, "/message").clone_into(&mut self.applied_message);
        }
        self
    }

    /// The same, with this status and health.
    #[must_use]
    pub fn seen(mut self, status: Option<Value>, health: HealthState) -> Self {
        self.status = status;
        self.health = health;
        self
    }
}

/// Has every one of these clusters, and no other, taken the object as it shall be?
pub fn is_everywhere<'c>(
    collected: &[Collected],
    wanted: impl IntoIterator<Item = &'c str>,
) -> bool {
    let wanted: BTreeSet<_> = wanted.into_iter().collect();
    let arrived = |one: &Collected| one.applied && wanted.contains(one.cluster_name.as_str());
    let names: BTreeSet<_> = collected.iter().map(|one| &one.cluster_name).collect();
    names.len() == wanted.len() && collected.iter().all(arrived)
}
