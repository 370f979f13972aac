//! What does the status of an object say in our own words, by the conventions of Kubernetes?
//!
//! [`Status`] is `serde` and `schemars`: it can stand in the status of a kind of your own. Its size
//! is bounded, however many clusters there are.

mod aggregated;
mod conditions;
mod reports;

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::same;
use super::{ConditionStatus, HealthState, Replicas, Round, State};
use crate::identity::ClusterName;

pub use aggregated::Aggregated;

/// How many clusters a [`Status`] lists. Where there are more, those that are well are not listed,
/// and of those that are not, the worst.
pub const MOST_CLUSTERS: usize = 100;

/// The status of an object that clusters hold.
///
/// ```
/// use fed_core::schema::structural_schema;
/// use fed_core::status::native::Status;
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
///
/// /// The status of a kind of your own.
/// #[derive(Serialize, Deserialize, JsonSchema)]
/// struct WebsiteStatus {
///     address: Option<String>,
///     #[serde(flatten)]
///     federation: Status,
/// }
///
/// let schema = structural_schema::<WebsiteStatus>();
/// assert_eq!(schema["properties"]["conditions"]["type"], "array");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Status {
    /// The generation of the object that this is about.
    #[serde(default)]
    pub observed_generation: i64,
    /// How it stands with the object as a whole: what its plan says, `Synced` (every cluster holds
    /// what it must), `Healthy` (it works everywhere) and `Ready` (all of it).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["type"]))]
    pub conditions: Vec<Condition>,
    /// Its clusters in numbers.
    #[serde(default)]
    pub counts: Counts,
    /// How it fares in each cluster, by name. With more than 100 clusters, only those that are not
    /// well, and no more than 100.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["name"]))]
    pub clusters: Vec<ClusterReport>,
    /// How many clusters are not listed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub clusters_not_listed: i64,
    /// What the statuses of the clusters' objects add up to, as the object's kind writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aggregated: Option<Aggregated>,
}

/// A condition, as `metav1.Condition` has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Condition {
    /// What it is about.
    #[serde(rename = "type")]
    #[schemars(length(max = 316))]
    pub kind: String,
    /// Does it hold?
    pub status: ConditionStatus,
    /// The generation of the object that it is about.
    #[serde(default)]
    pub observed_generation: i64,
    /// When `status` last changed.
    pub last_transition_time: Timestamp,
    /// The reason, for machines.
    #[schemars(
        length(min = 1, max = 1024),
        regex(pattern = "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")
    )]
    pub reason: String,
    /// The reason, for people.
    #[serde(default)]
    #[schemars(length(max = 32768))]
    pub message: String,
}

/// The clusters of an object in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Counts {
    /// How many hold the object, or are to hold it.
    pub clusters: i64,
    /// How many hold it as it must be.
    pub synced: i64,
    /// In how many it is healthy.
    pub healthy: i64,
    /// How many are in each state.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_state: BTreeMap<String, i64>,
    /// The replicas of all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<Replicas>,
}

/// How an object fares in one cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ClusterReport {
    /// The cluster.
    pub name: ClusterName,
    /// What came of the object there, such as `Synced` or `Failed`.
    pub state: State,
    /// Does it work: `Healthy`, `Progressing`, `Degraded` or `Unknown`?
    #[serde(default)]
    pub health: HealthState,
    /// How many replicas it has, if its kind has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<Replicas>,
    /// What there is to say to people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// The status of an object after a round, or `None` if the one that is there says all of it
/// already.
///
/// Conditions of others in `previous` are kept as they are.
///
/// ```
/// use fed_core::status::{Operation, Outcome, Round, native};
/// use fed_core::{GroupVersionKind, ObjectId};
///
/// let secret = ObjectId::new(GroupVersionKind::new("", "v1", "Secret"), Some("shop"), "token");
/// let refused = Outcome::failed(Operation::Create, r#"Invalid value: "hunter2""#);
/// let clusters = [("us-east".into(), refused.into())].into();
/// let round = Round::new(&secret, 1, &clusters, "2026-01-02T03:04:05Z".parse()?);
///
/// let status = native::status(None, &round).expect("there was no status");
/// assert_eq!(status.conditions[0].message, "0 of 1 in sync; Failed: us-east");
/// assert!(!status.clusters[0].message.contains("hunter2"));
/// assert_eq!(native::status(Some(&status), &round), None);
/// # Ok::<(), jiff::Error>(())
/// ```
pub fn status(previous: Option<&Status>, round: &Round<'_>) -> Option<Status> {
    let before = previous.map(|status| status.conditions.as_slice());
    let clusters = reports::reports(round);
    let after = Status {
        observed_generation: round.generation,
        conditions: conditions::conditions(before.unwrap_or_default(), round),
        counts: reports::counts(round.clusters),
        clusters_not_listed: reports::number(round.clusters.len().saturating_sub(clusters.len())),
        clusters,
        aggregated: aggregated(previous, round),
    };
    (previous != Some(&after)).then_some(after)
}

/// What is there stays where it says the same: servers give back `1` where `1.0` was written.
fn aggregated(previous: Option<&Status>, round: &Round<'_>) -> Option<Aggregated> {
    let after = round.aggregated?;
    let before = previous.and_then(|status| status.aggregated.as_ref());
    let unchanged = before.filter(|before| {
        let equal = |(key, value)| before.0.get(key).is_some_and(|old| same(old, value));
        before.0.len() == after.len() && after.iter().all(equal)
    });
    Some(
        unchanged
            .cloned()
            .unwrap_or_else(|| Aggregated(after.clone())),
    )
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks with a reference"
)]
fn is_zero(number: &i64) -> bool {
    *number == 0
}
