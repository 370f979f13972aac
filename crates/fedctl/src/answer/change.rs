//! What changes, as programs read it?

use std::fmt;
use std::sync::Arc;

use fed_core::Reason;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::Identity;

/// One object that comes to a cluster, leaves it, or becomes another one there. `Debug` shows
/// nothing of the object, as it may be secret.
#[derive(Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The cluster.
    pub cluster: String,
    /// The object.
    pub object: Identity,
    /// How many replicas it had there, where its kind has replicas; none where it was not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replicas_before: Option<i64>,
    /// How many replicas it has then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replicas_after: Option<i64>,
    /// What it was: the whole of it where it leaves, else the fields that differ, or null.
    #[serde(serialize_with = "shared")]
    pub before: Option<Arc<Value>>,
    /// What it becomes, in the same way.
    #[serde(serialize_with = "shared")]
    pub after: Option<Arc<Value>>,
    /// Why, and what is wrong.
    pub reasons: Vec<Reason>,
}

#[expect(
    clippy::ref_option,
    reason = "serde hands over a reference to the field"
)]
fn shared<S: Serializer>(value: &Option<Arc<Value>>, serializer: S) -> Result<S::Ok, S::Error> {
    value.as_deref().serialize(serializer)
}

impl From<fed_core::Change> for Change {
    fn from(change: fed_core::Change) -> Self {
        Self {
            cluster: change.cluster.into(),
            object: (&change.object).into(),
            replicas_before: change.replicas_before,
            replicas_after: change.replicas_after,
            before: change.before,
            after: change.after,
            reasons: change.reasons,
        }
    }
}

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Change")
            .field("cluster", &self.cluster)
            .field("object", &self.object)
            .field("replicas_before", &self.replicas_before)
            .field("replicas_after", &self.replicas_after)
            .field("reasons", &self.reasons)
            .finish_non_exhaustive()
    }
}
