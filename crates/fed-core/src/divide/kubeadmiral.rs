//! How does KubeAdmiral's planner divide replicas? As KubeFed's does by weight, with its own ways
//! to spare what runs, and with a second, hard limit.
//!
//! It first finds the desired division: minimums and then rounds by weight, as KubeFed's with
//! `rebalance`. Only if disruption is to be avoided does it look at what runs. Then replicas are
//! only added or only removed: the difference between what runs and the desired total is divided
//! by how far each cluster is from its desired number.

use std::collections::BTreeMap;

use super::Candidate;
use super::rounds::{Bounds, Dealt, Row, UNLIMITED, add, ordered};
use crate::identity::ClusterName;

/// What KubeAdmiral lets people choose beyond weights and bounds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Keep what runs where it runs, and divide only the difference.
    pub avoid_disruption: bool,
    /// Ask for replicas beyond a cluster's capacity, even if others took them. Always so where
    /// disruption is not avoided: planning and moving would chase each other.
    pub keep_unschedulable_replicas: bool,
    /// More replicas than this are never in that cluster, not even running ones. Unlike beyond
    /// its capacity, which is an estimate, nothing is asked for beyond it.
    pub limited_capacity: BTreeMap<ClusterName, i64>,
}

impl Options {
    /// The same, avoiding disruption or not.
    #[must_use]
    pub fn avoid_disruption(mut self, avoid: bool) -> Self {
        self.avoid_disruption = avoid;
        self
    }

    /// The same, keeping replicas that are not schedulable or not.
    #[must_use]
    pub fn keep_unschedulable_replicas(mut self, keep: bool) -> Self {
        self.keep_unschedulable_replicas = keep;
        self
    }

    /// The same, with a hard limit for one cluster.
    #[must_use]
    pub fn limited(mut self, cluster: impl Into<ClusterName>, capacity: i64) -> Self {
        self.limited_capacity.insert(cluster.into(), capacity);
        self
    }
}

/// What KubeAdmiral's planner decides, for each candidate in the order in which they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct KubeAdmiralDivision {
    /// How many replicas it gets.
    pub replicas: Vec<i64>,
    /// How many more it was due than it has capacity for; KubeAdmiral asks for these as well.
    pub overflow: Vec<i64>,
}

/// Divides replicas as KubeAdmiral does.
///
/// ```
/// use fed_core::divide::Candidate;
/// use fed_core::divide::kubeadmiral::{Options, divide};
///
/// let running = [15, 15, 0].into_iter().zip(["a", "b", "c"]);
/// let candidates: Vec<_> = running
///     .map(|(replicas, name)| Candidate::new(name, 1).running(replicas))
///     .collect();
/// let careful = Options::default().avoid_disruption(true);
/// assert_eq!(divide(9, &careful, &candidates, "").replicas, [5, 4, 0]);
/// assert_eq!(divide(9, &Options::default(), &candidates, "").replicas, [3, 3, 3]);
/// ```
pub fn divide(
    total: i64,
    options: &Options,
    candidates: &[Candidate],
    key: &str,
) -> KubeAdmiralDivision {
    let limits: Vec<i64> = candidates
        .iter()
        .map(|candidate| options.limited_capacity.get(&candidate.name))
        .map(|limit| limit.copied().unwrap_or(UNLIMITED))
        .collect();
    let mut desired = desired(total, candidates, &limits, key);
    if options.avoid_disruption {
        if !options.keep_unschedulable_replicas {
            for overflow in &mut desired.overflow {
                *overflow = (*overflow).min(desired.remaining).max(0);
            }
        }
        desired.replicas = spare(candidates, &limits, &desired.replicas, key);
    }
    KubeAdmiralDivision {
        replicas: desired.replicas,
        overflow: desired.overflow,
    }
}

/// The division by minimums and weights, whatever runs. `limits` are the hard ones.
fn desired(total: i64, candidates: &[Candidate], limits: &[i64], key: &str) -> Dealt {
    let bounds = |index: u32| {
        let at = index as usize;
        let own = candidates.get(at).map(Bounds::of);
        let limit = limits.get(at).copied().unwrap_or(UNLIMITED);
        Bounds {
            maximum: own.map_or(limit, |own| own.maximum.min(limit)),
            capacity: own.map_or(UNLIMITED, |own| own.capacity),
        }
    };
    let mut dealt = Dealt::nothing_yet(candidates.len(), total);
    let mut rows = Vec::with_capacity(candidates.len());
    for index in ordered(candidates, key) {
        let at = index as usize;
        let (Some(candidate), Some(limit)) = (candidates.get(at), limits.get(at)) else {
            continue;
        };
        let bounds = bounds(index);
        let wanted = candidate.minimum.min(dealt.remaining).min(*limit);
        let given = wanted.min(bounds.capacity);
        add(&mut dealt.overflow, index, wanted.saturating_sub(given));
        dealt.remaining = dealt.remaining.saturating_sub(given);
        rows.push(Row {
            index,
            weight: candidate.weight,
            replicas: given,
            kept: 0,
            limit: bounds.limit(),
        });
    }
    dealt.deal(rows, bounds, |_| {});
    dealt
}

/// What runs, changed by the difference to the desired total only.
fn spare(candidates: &[Candidate], limits: &[i64], desired: &[i64], key: &str) -> Vec<i64> {
    let usable = candidates.iter().zip(limits).map(|(candidate, limit)| {
        let running = candidate.current.unwrap_or(0);
        running.min(Bounds::of(candidate).capacity).min(*limit)
    });
    let running: Vec<i64> = usable.collect();
    let wanted: i128 = desired.iter().copied().map(i128::from).sum();
    let present: i128 = running.iter().copied().map(i128::from).sum();
    let missing = wanted - present;
    let distance = |(desired, running): (&i64, &i64)| {
        let distance = if missing > 0 {
            desired.saturating_sub(*running)
        } else {
            running.saturating_sub(*desired)
        };
        distance.max(0)
    };
    let distances = desired.iter().zip(&running).map(distance);
    let number = i64::try_from(missing.abs()).unwrap_or(i64::MAX);
    let parts = by_distance(number, distances, candidates, key);
    let changed = running.iter().zip(parts);
    if missing > 0 {
        changed
            .map(|(running, part)| running.saturating_add(part))
            .collect()
    } else {
        changed
            .map(|(running, part)| running.saturating_sub(part))
            .collect()
    }
}

/// Divides a number by how far each cluster has to go, and never further.
fn by_distance(
    number: i64,
    distances: impl Iterator<Item = i64>,
    candidates: &[Candidate],
    key: &str,
) -> Vec<i64> {
    let mut positions = Vec::new();
    let mut movers = Vec::new();
    for (position, (candidate, distance)) in candidates.iter().zip(distances).enumerate() {
        if distance > 0 {
            positions.push(position);
            movers.push(Candidate::new(candidate.name.clone(), distance).at_most(distance));
        }
    }
    let unlimited = vec![UNLIMITED; movers.len()];
    let moved = desired(number, &movers, &unlimited, key);
    let mut parts = vec![0; candidates.len()];
    for (position, part) in positions.into_iter().zip(moved.replicas) {
        if let Some(slot) = parts.get_mut(position) {
            *slot = part;
        }
    }
    parts
}
