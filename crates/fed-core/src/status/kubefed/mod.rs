//! What does the status of a Federated object say, in KubeFed's words?
//!
//! The values, and when times change, are KubeFed's. What is on purpose not: the clusters stand by
//! name; what did not change is not written again; and where a namespace that is not federated
//! is the reason of the condition `Propagation`, the condition [`CLUSTERS_CONDITION`] tells that
//! clusters have something to tell as well.

mod value;

use jiff::Timestamp;

use super::value::same;
use super::{ClusterState, Clusters, Ending, Round};
use crate::dialect::kubefed::api::{
    ClusterStatus, FederatedClusterStatus, FederatedCondition, FederatedStatus,
};
use crate::dialect::kubefed::constants::PROPAGATION_CONDITION;
use crate::identity::ClusterName;

pub use value::cluster_status;
use value::is_retried;

/// The condition that tells of clusters where the reason of `Propagation` is another. It is
/// written once it is needed, and then kept.
pub const CLUSTERS_CONDITION: &str = "ClustersPropagated";

/// The reason of `Propagation` if some cluster has something to tell.
const CHECK_CLUSTERS: &str = "CheckClusters";

/// The status of a Federated object after a round, or `None` if the one that is there says all of
/// it already.
///
/// What is in `previous` and not known here is kept, conditions of others too.
pub fn status(previous: Option<&FederatedStatus>, round: &Round<'_>) -> Option<FederatedStatus> {
    let nothing = FederatedStatus::default();
    let before = previous.unwrap_or(&nothing);
    let generation = before.observed_generation.unwrap_or_default();
    let old_clusters = before.clusters.as_deref().unwrap_or_default();
    let clusters_changed = !same_clusters(old_clusters, round.clusters);
    let old_conditions = before.conditions.as_deref().unwrap_or_default();
    let conditions = conditions(old_conditions, round, clusters_changed);
    let unchanged = generation == round.generation && conditions == old_conditions;
    if unchanged && !clusters_changed {
        return None;
    }
    Some(FederatedStatus {
        observed_generation: (round.generation != 0).then_some(round.generation),
        conditions: Some(conditions),
        clusters: if clusters_changed {
            (!round.clusters.is_empty()).then(|| round.clusters.iter().map(of_cluster).collect())
        } else {
            before.clusters.clone()
        },
        unknown: before.unknown.clone(),
    })
}

/// Is it worth to work on the object again, though nothing has changed?
///
/// Beyond what KubeFed retries, this holds for a placement that could not be worked out, for
/// clusters that are not ready and for overrides that do not apply.
pub fn needs_retry(round: &Round<'_>) -> bool {
    match round.ending {
        Ending::ClustersUnknown | Ending::PlacementFailed => true,
        Ending::Reconciled | Ending::NamespaceNotFederated => round
            .clusters
            .values()
            .any(|state| is_retried(&state.outcome)),
    }
}

fn of_cluster((name, state): (&ClusterName, &ClusterState)) -> FederatedClusterStatus {
    let status = cluster_status(&state.outcome);
    FederatedClusterStatus {
        name: Some(name.as_str().to_owned()),
        status: (status != ClusterStatus::Ok).then_some(status),
        remote_status: state.collected().cloned(),
        ..FederatedClusterStatus::default()
    }
}

/// Does a stored list, in whatever order, say what is known of the clusters?
fn same_clusters(old: &[FederatedClusterStatus], new: &Clusters) -> bool {
    let mut old: Vec<_> = old.iter().collect();
    old.sort_by_key(|cluster| cluster.name.as_deref());
    old.len() == new.len() && old.into_iter().zip(new).all(same_cluster)
}

fn same_cluster(
    (old, (name, new)): (&FederatedClusterStatus, (&ClusterName, &ClusterState)),
) -> bool {
    let same_remote = match (&old.remote_status, &new.remote_status) {
        (Some(old), Some(new)) => same(old, new),
        (old, new) => old.is_none() && new.is_none(),
    };
    let status = old.status.as_ref().unwrap_or(&ClusterStatus::Ok);
    old.name.as_deref() == Some(name.as_str())
        && *status == cluster_status(&new.outcome)
        && same_remote
}

fn conditions(
    before: &[FederatedCondition],
    round: &Round<'_>,
    clusters_changed: bool,
) -> Vec<FederatedCondition> {
    // KubeFed counts what was written only where a status was collected.
    let any = |holds: fn(&ClusterState) -> bool| round.clusters.values().any(holds);
    let written = any(|state| state.written) && any(|state| state.remote_status.is_some());
    let told = Told {
        anew: clusters_changed || written,
        now: round.time(),
    };
    let of_clusters = clusters_reason(round);
    let of_ending = ending_reason(round.ending);
    let mut conditions = before.to_vec();
    let propagation = of_ending.or(of_clusters);
    told.set(&mut conditions, PROPAGATION_CONDITION, propagation);
    let hidden = of_ending.is_some() && of_clusters.is_some();
    if hidden || conditions.iter().any(|one| is_of(one, CLUSTERS_CONDITION)) {
        told.set(&mut conditions, CLUSTERS_CONDITION, of_clusters);
    }
    conditions
}

fn ending_reason(ending: Ending) -> Option<&'static str> {
    match ending {
        Ending::Reconciled => None,
        Ending::ClustersUnknown => Some("ClusterRetrievalFailed"),
        Ending::PlacementFailed => Some("ComputePlacementFailed"),
        Ending::NamespaceNotFederated => Some("NamespaceNotFederated"),
    }
}

fn clusters_reason(round: &Round<'_>) -> Option<&'static str> {
    let has_something_to_tell = |state: &ClusterState| {
        cluster_status(&state.outcome) != ClusterStatus::Ok
            || (round.collects_status && state.remote_status.is_none())
    };
    let any = round.clusters.values().any(has_something_to_tell);
    any.then_some(CHECK_CLUSTERS)
}

fn is_of(condition: &FederatedCondition, kind: &str) -> bool {
    condition.condition_type.as_deref() == Some(kind)
}

/// What goes into every condition of a round.
struct Told {
    /// Has something happened, whether or not a condition changes?
    anew: bool,
    now: Timestamp,
}

impl Told {
    /// Makes a condition true, or false for a reason.
    fn set(&self, conditions: &mut Vec<FederatedCondition>, kind: &str, reason: Option<&str>) {
        match conditions.iter_mut().find(|one| is_of(one, kind)) {
            Some(condition) => self.change(condition, reason),
            None => {
                let mut condition = FederatedCondition {
                    condition_type: Some(kind.to_owned()),
                    ..FederatedCondition::default()
                };
                self.change(&mut condition, reason);
                conditions.push(condition);
            }
        }
    }

    fn change(&self, condition: &mut FederatedCondition, reason: Option<&str>) {
        let status = if reason.is_none() { "True" } else { "False" };
        let changes = condition.status.as_deref() != Some(status)
            || condition.reason.as_deref().unwrap_or_default() != reason.unwrap_or_default();
        if changes {
            condition.status = Some(status.to_owned());
            condition.reason = reason.map(str::to_owned);
            condition.last_transition_time = Some(self.now.to_string());
        }
        if changes || self.anew {
            condition.last_update_time = Some(self.now.to_string());
        }
    }
}
