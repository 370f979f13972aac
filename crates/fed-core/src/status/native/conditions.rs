//! How does it stand with an object as a whole, after clusters were worked on?

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Condition;
use super::reports::rank;
use crate::status::detail::shortened;
use crate::status::round::whole_seconds;
use crate::status::{ClusterState, ConditionStatus, Ending, HealthState, Round, State};
use crate::words::few;

/// The conditions that are ours: what a round does not say of them is gone.
const OURS: &[&str] = &[
    "Placed",
    "ClustersReady",
    "Deliverable",
    "Synced",
    "Healthy",
    "Ready",
];

/// How many bytes the message of a condition may have.
const LONGEST: usize = 4096;

/// A condition, before it is known since when it holds.
struct Found {
    kind: String,
    status: ConditionStatus,
    reason: String,
    message: String,
}

impl Found {
    fn new(kind: &str, status: ConditionStatus, reason: &str, message: impl Into<String>) -> Self {
        Self {
            kind: kind.to_owned(),
            status,
            reason: reason.to_owned(),
            message: message.into(),
        }
    }
}

pub(super) fn conditions(before: &[Condition], round: &Round<'_>) -> Vec<Condition> {
    let planned = round.planned.iter().map(|condition| {
        let (status, message) = (condition.status, condition.message.as_str());
        Found::new(condition.kind, status, &condition.reason, message)
    });
    let mut found: Vec<_> = planned.chain([synced(round), healthy(round)]).collect();
    found.push(ready(&found));
    let foreign = before
        .iter()
        .filter(|old| !found.iter().any(|new| new.kind == old.kind));
    let foreign: Vec<_> = foreign
        .filter(|old| !OURS.contains(&old.kind.as_str()))
        .cloned()
        .collect();
    let since = |found: Found| Condition {
        last_transition_time: since(before, &found, round.time()),
        kind: found.kind,
        status: found.status,
        observed_generation: round.generation,
        reason: found.reason,
        message: shortened(found.message, LONGEST),
    };
    found.into_iter().map(since).chain(foreign).collect()
}

/// Since when the condition has its status.
fn since(before: &[Condition], found: &Found, now: Timestamp) -> Timestamp {
    let old = before.iter().find(|old| old.kind == found.kind);
    let unchanged = old.filter(|old| old.status == found.status);
    unchanged.map_or(now, |old| whole_seconds(old.last_transition_time))
}

fn synced(round: &Round<'_>) -> Found {
    let found = |status, reason, message: String| Found::new("Synced", status, reason, message);
    match round.ending {
        Ending::ClustersUnknown => {
            let message = "which clusters there are could not be found out".to_owned();
            return found(ConditionStatus::Unknown, "ClustersUnknown", message);
        }
        Ending::PlacementFailed => {
            let message = "where it is to be could not be worked out".to_owned();
            return found(ConditionStatus::Unknown, "PlacementFailed", message);
        }
        Ending::Reconciled | Ending::NamespaceNotFederated => {}
    }
    let by_state = names_by(round, |state| Some(state.outcome.state()));
    let count = number_in(&by_state, &State::Synced);
    let unsynced = by_state
        .iter()
        .filter(|(state, _)| **state != State::Synced);
    let worst = unsynced.clone().next();
    let told = unsynced.map(|(state, names)| (state.as_str(), names));
    let message = told_of("in sync", count, round.clusters.len(), told);
    match worst {
        Some((worst, _)) => found(ConditionStatus::False, worst.as_str(), message),
        None if round.clusters.is_empty() => {
            let message = "no cluster is to hold it, and none does".to_owned();
            found(ConditionStatus::True, "Synced", message)
        }
        None => found(ConditionStatus::True, "Synced", message),
    }
}

/// Where it is being removed, its health is of no interest.
fn healthy(round: &Round<'_>) -> Found {
    let by_health = names_by(round, |state| {
        let stays = state.outcome.state() != State::WaitingForRemoval;
        stays.then(|| (rank(state.health), state.health))
    });
    let total = by_health.values().map(Vec::len).sum();
    if total == 0 {
        let message = "no cluster is to hold it";
        return Found::new("Healthy", ConditionStatus::Unknown, "NoClusters", message);
    }
    let well = (rank(HealthState::Healthy), HealthState::Healthy);
    let unwell = by_health.iter().filter(|(health, _)| **health != well);
    let worst = unwell.clone().next();
    let told = unwell.map(|((_, health), names)| (health.as_str(), names));
    let message = told_of("healthy", number_in(&by_health, &well), total, told);
    let (status, reason) = match worst.map(|((_, health), _)| health) {
        None => (ConditionStatus::True, "Healthy"),
        Some(HealthState::Unknown) => (ConditionStatus::Unknown, "HealthUnknown"),
        Some(worst) => (ConditionStatus::False, worst.as_str()),
    };
    Found::new("Healthy", status, reason, message)
}

/// What holds if all others do, and else is as the first that does not.
fn ready(others: &[Found]) -> Found {
    let first = |status| others.iter().find(|found| found.status == status);
    let worst = first(ConditionStatus::False).or_else(|| first(ConditionStatus::Unknown));
    match worst {
        Some(worst) => Found::new("Ready", worst.status, &worst.reason, worst.message.as_str()),
        None => {
            let message = "every cluster holds it as it must be, and it is healthy there";
            Found::new("Ready", ConditionStatus::True, "Ready", message)
        }
    }
}

/// The names of the clusters by what they have in common; `None` leaves a cluster out.
fn names_by<'r, K: Ord>(
    round: &Round<'r>,
    of: impl Fn(&ClusterState) -> Option<K>,
) -> BTreeMap<K, Vec<&'r str>> {
    let mut names: BTreeMap<K, Vec<&str>> = BTreeMap::new();
    for (name, state) in round.clusters {
        if let Some(key) = of(state) {
            names.entry(key).or_default().push(name.as_str());
        }
    }
    names
}

fn number_in<K: Ord>(names: &BTreeMap<K, Vec<&str>>, key: &K) -> usize {
    names.get(key).map_or(0, Vec::len)
}

/// `1 of 3 in sync; Failed: a; ClusterNotReady: b`.
fn told_of<'n>(
    what: &str,
    count: usize,
    total: usize,
    others: impl Iterator<Item = (&'static str, &'n Vec<&'n str>)>,
) -> String {
    let others = others.map(|(state, names)| format!("; {state}: {}", few(names.iter().copied())));
    let others: String = others.collect();
    format!("{count} of {total} {what}{others}")
}
