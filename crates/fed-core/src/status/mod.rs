//! How does it stand with an object? What a plan says of it, and, once clusters were worked on,
//! the status that is written into it.
//!
//! A round of reconciliation of one object ends in a [`ClusterState`] for each cluster. A [`Round`]
//! holds them, and two functions make a status of it: [`kubefed::status`] in KubeFed's words, for
//! its Federated kinds, and [`native::status`] in our own, for a Propagation or for any kind of
//! yours. Both are given the status that is there, and say `None` where nothing has to be written.
//!
//! ```
//! use fed_core::status::{ClusterState, HealthState, Outcome, Round, kubefed, native};
//! use fed_core::{GroupVersionKind, ObjectId};
//!
//! let deployment = GroupVersionKind::new("apps", "v1", "Deployment");
//! let object = ObjectId::new(deployment, Some("shop"), "rating");
//! let clusters = [
//!     ("us-east", ClusterState::new(Outcome::Synced).health(HealthState::Healthy, "")),
//!     ("eu-west", ClusterState::new(Outcome::ClusterNotReady)),
//! ];
//! let clusters = clusters.map(|(name, state)| (name.into(), state)).into();
//! let round = Round::new(&object, 3, &clusters, "2026-01-02T03:04:05Z".parse()?);
//!
//! let federated = kubefed::status(None, &round).expect("there was no status");
//! let told = serde_json::to_value(&federated)?;
//! assert_eq!(told["conditions"][0]["reason"], "CheckClusters");
//! assert_eq!(told["clusters"][0]["status"], "ClusterNotReady");
//! assert_eq!(kubefed::status(Some(&federated), &round), None);
//! assert!(kubefed::needs_retry(&round));
//!
//! let status = native::status(None, &round).expect("there was no status");
//! assert_eq!(
//!     status.conditions[0].message,
//!     "1 of 2 in sync; ClusterNotReady: eu-west"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cluster;
mod detail;
mod outcome;
mod planned;
mod round;
mod sentence;
mod state;
mod value;

pub mod kubefed;
pub mod native;

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

pub use crate::kinds::HealthState;
pub use cluster::{ClusterState, Replicas};
pub use detail::Detail;
pub use outcome::{Operation, Outcome, Step};
pub use planned::Condition;
pub(crate) use planned::conditions;
pub use round::{Clusters, Ending, Round};
pub use state::State;

/// Does a condition hold?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ConditionStatus {
    /// It does.
    True,
    /// It does not.
    False,
    /// Nobody knows.
    Unknown,
}

// By hand: a derived schema of documented variants has `oneOf` and `const`, which a structural
// schema of Kubernetes cannot have.
impl JsonSchema for ConditionStatus {
    fn schema_name() -> Cow<'static, str> {
        "ConditionStatus".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": ["True", "False", "Unknown"] })
    }
}
