//! How do KubeAdmiral's planners divide replicas? One as KubeFed's does by weight, with its own ways
//! to spare what runs, and with a second, hard limit; the other one cluster after another
//! ([`Strategy::Binpack`]).
//!
//! By weight, it first finds the desired division: minimums and then rounds by weight, as KubeFed's with
//! `rebalance`. Only if disruption is to be avoided does it look at what runs. Then replicas are
//! only added or only removed: the difference between what runs and the desired total is divided
//! by how far each cluster is from its desired number.

mod binpack;

use std::collections::BTreeMap;

use super::Candidate;
use super::rounds::{Bounds, Dealt, Row, UNLIMITED, add, ordered};
use crate::identity::ClusterName;

/// Which of KubeAdmiral's planners divides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Strategy {
    /// Among all clusters by weight. KubeAdmiral's default.
    #[default]
    Spread,
    /// One cluster after another, in the order in which they are given: each gets its minimum, and
    /// then as many as it may have and has room for. Weights have no effect.
    ///
    /// It waits while clusters still start what they were asked for: see [`Options::scheduled`].
    /// With disruption to be avoided, what is missing is added in the same order, and what is too
    /// much is removed in the reverse order.
    Binpack,
}

/// What KubeAdmiral lets people choose beyond weights and bounds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Which planner.
    pub strategy: Strategy,
    /// Keep what runs where it runs, and divide only the difference.
    pub avoid_disruption: bool,
    /// Ask for replicas beyond a cluster's capacity, even if others took them. Always so where
    /// disruption is not avoided: planning and moving would chase each other.
    pub keep_unschedulable_replicas: bool,
    /// More replicas than this are never in that cluster, not even running ones. Unlike beyond
    /// its capacity, which is an estimate, nothing is asked for beyond it.
    pub limited_capacity: BTreeMap<ClusterName, i64>,
    /// Only for [`Strategy::Binpack`]: how many of the replicas that clusters were asked for are
    /// scheduled there. As long as that is neither the capacity of a cluster nor, where no capacity
    /// is known, what was asked for, nothing changes. Unless unschedulable replicas are to be kept,
    /// nothing changes either once all replicas are scheduled.
    pub scheduled: BTreeMap<ClusterName, i64>,
    /// Only for [`Strategy::Binpack`]: replicas were asked of a cluster that is no candidate any
    /// more. Then there is no waiting.
    pub lost_clusters: bool,
}

impl Options {
    /// The same, by this planner.
    #[must_use]
    pub fn strategy(mut self, strategy: Strategy) -> Self {
        self.strategy = strategy;
        self
    }

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

    /// The same, with what is scheduled in one cluster.
    #[must_use]
    pub fn scheduled(mut self, cluster: impl Into<ClusterName>, replicas: i64) -> Self {
        self.scheduled.insert(cluster.into(), replicas);
        self
    }

    fn limits(&self, candidates: &[Candidate]) -> Limits {
        if self.limited_capacity.is_empty() {
            return Limits::default();
        }
        let limit = |candidate: &Candidate| self.limited_capacity.get(&candidate.name).copied();
        let limits = candidates.iter().map(limit);
        Limits(limits.map(|limit| limit.unwrap_or(UNLIMITED)).collect())
    }

    /// Where disruption is not avoided, unschedulable replicas are always kept.
    fn trims_overflow(&self) -> bool {
        self.avoid_disruption && !self.keep_unschedulable_replicas
    }
}

/// The hard limits of the candidates, in their order; empty where there are none.
#[derive(Default)]
struct Limits(Vec<i64>);

impl Limits {
    fn each(&self) -> impl Iterator<Item = i64> + Clone {
        self.0.iter().copied().chain(std::iter::repeat(UNLIMITED))
    }

    fn of(&self, position: usize) -> i64 {
        self.0.get(position).copied().unwrap_or(UNLIMITED)
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
/// use fed_core::divide::kubeadmiral::{Options, Strategy, divide};
///
/// let running = [15, 15, 0].into_iter().zip(["a", "b", "c"]);
/// let candidates: Vec<_> = running
///     .map(|(replicas, name)| Candidate::new(name, 1).running(replicas))
///     .collect();
/// let careful = Options::default().avoid_disruption(true);
/// assert_eq!(divide(9, &careful, &candidates, "").replicas, [5, 4, 0]);
/// assert_eq!(divide(9, &Options::default(), &candidates, "").replicas, [3, 3, 3]);
///
/// let packed = Options::default().strategy(Strategy::Binpack);
/// assert_eq!(divide(9, &packed, &candidates, "").replicas, [9, 0, 0]);
/// let packed = packed.avoid_disruption(true).keep_unschedulable_replicas(true);
/// assert_eq!(divide(20, &packed, &candidates, "").replicas, [15, 5, 0]);
/// ```
pub fn divide(
    total: i64,
    options: &Options,
    candidates: &[Candidate],
    key: &str,
) -> KubeAdmiralDivision {
    match options.strategy {
        Strategy::Spread => spread(total, options, candidates, key),
        Strategy::Binpack => binpack::divide(total, options, candidates),
    }
}

fn spread(
    total: i64,
    options: &Options,
    candidates: &[Candidate],
    key: &str,
) -> KubeAdmiralDivision {
    let limits = options.limits(candidates);
    let mut desired = desired(total, candidates, &limits, key);
    if options.trims_overflow() {
        for overflow in &mut desired.overflow {
            *overflow = (*overflow).min(desired.remaining).max(0);
        }
    }
    if options.avoid_disruption {
        desired.replicas = spare(candidates, &limits, &desired.replicas, key);
    }
    KubeAdmiralDivision {
        replicas: desired.replicas,
        overflow: desired.overflow,
    }
}

/// The division by minimums and weights, whatever runs.
fn desired(total: i64, candidates: &[Candidate], limits: &Limits, key: &str) -> Dealt {
    let at = |index: u32| {
        let position = index as usize;
        let candidate = candidates.get(position)?;
        let limit = limits.of(position);
        let own = Bounds::of(candidate);
        let maximum = own.maximum.min(limit);
        Some((candidate, limit, Bounds { maximum, ..own }))
    };
    let mut dealt = Dealt::nothing_yet(candidates.len(), total);
    let mut rows = Vec::with_capacity(candidates.len());
    for index in ordered(candidates, key) {
        let Some((candidate, limit, bounds)) = at(index) else {
            continue;
        };
        let wanted = candidate.minimum.min(dealt.remaining).min(limit);
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
    let bounds = |index| at(index).map_or(Bounds::NONE, |(_, _, bounds)| bounds);
    dealt.deal(rows, bounds, |_| {});
    dealt
}

/// What runs, changed by the difference to the desired total only.
fn spare(candidates: &[Candidate], limits: &Limits, desired: &[i64], key: &str) -> Vec<i64> {
    let running = usable(candidates, limits);
    let missing = sum(desired) - sum(&running);
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

/// What runs, as far as it fits and may.
fn usable(candidates: &[Candidate], limits: &Limits) -> Vec<i64> {
    let usable = candidates
        .iter()
        .zip(limits.each())
        .map(|(candidate, limit)| {
            let running = candidate.current.unwrap_or(0);
            running.min(Bounds::of(candidate).capacity).min(limit)
        });
    usable.collect()
}

fn sum(numbers: &[i64]) -> i128 {
    numbers.iter().copied().map(i128::from).sum()
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
    let moved = desired(number, &movers, &Limits::default(), key);
    let mut parts = vec![0; candidates.len()];
    for (position, part) in positions.into_iter().zip(moved.replicas) {
        if let Some(slot) = parts.get_mut(position) {
            *slot = part;
        }
    }
    parts
}
