//! How does an object fare in its clusters, in numbers and one by one? However many clusters there
//! are, the list stays short.

use std::collections::BTreeMap;

use super::{ClusterReport, Counts, MOST_CLUSTERS};
use crate::identity::ClusterName;
use crate::status::sentence::sentence;
use crate::status::{ClusterState, Clusters, HealthState, Replicas, Round, State};

/// A number of clusters, as Kubernetes writes numbers.
pub(super) fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(super) fn counts(clusters: &Clusters) -> Counts {
    let count = |holds: fn(&ClusterState) -> bool| {
        number(clusters.values().filter(|state| holds(state)).count())
    };
    let mut by_state: BTreeMap<State, usize> = BTreeMap::new();
    for state in clusters.values() {
        let count = by_state.entry(state.outcome.state()).or_default();
        *count = count.saturating_add(1);
    }
    let by_state = by_state.into_iter();
    Counts {
        clusters: number(clusters.len()),
        synced: count(|state| state.outcome.is_synced()),
        healthy: count(|state| state.health == HealthState::Healthy),
        by_state: by_state
            .map(|(state, count)| (state.to_string(), number(count)))
            .collect(),
        replicas: clusters
            .values()
            .filter_map(|state| state.replicas)
            .reduce(Replicas::plus),
    }
}

/// The clusters that are worth to be listed, by name.
pub(super) fn reports(round: &Round<'_>) -> Vec<ClusterReport> {
    let mut listed: Vec<_> = round.clusters.iter().collect();
    if listed.len() > MOST_CLUSTERS {
        listed.retain(|(_, state)| !is_well(state));
        // The sort is stable: among equals, the first names are taken.
        listed.sort_by_key(|(_, state)| (state.outcome.state(), rank(state.health)));
        listed.truncate(MOST_CLUSTERS);
        listed.sort_by_key(|(name, _)| *name);
    }
    let report = |(name, state): (&ClusterName, &ClusterState)| ClusterReport {
        name: name.clone(),
        state: state.outcome.state(),
        health: state.health,
        replicas: state.replicas,
        message: sentence(state, round.may_quote()),
    };
    listed.into_iter().map(report).collect()
}

/// Health that nobody knows is no reason to look at a cluster: some kinds have none.
fn is_well(state: &ClusterState) -> bool {
    let healthy = matches!(state.health, HealthState::Healthy | HealthState::Unknown);
    state.outcome.is_synced() && healthy
}

/// How health is sorted: the worst first.
pub(super) fn rank(health: HealthState) -> u8 {
    match health {
        HealthState::Degraded => 0,
        HealthState::Progressing => 1,
        HealthState::Unknown => 2,
        HealthState::Healthy => 3,
    }
}
