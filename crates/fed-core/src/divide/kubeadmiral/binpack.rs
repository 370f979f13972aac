//! How does KubeAdmiral fill one cluster after another?
//!
//! What may surprise is the same here. What runs is measured against all that is wanted and not
//! against what has room: where not all has room, what is "removed" may be a negative number, and
//! is added to the last of the clusters that have too many. And what is added keeps to the maximum
//! only: a minimum is added once more, and the hard limit holds for the addition alone.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::{KubeAdmiralDivision, Limits, Options, sum, usable};
use crate::divide::Candidate;
use crate::divide::rounds::{Bounds, UNLIMITED};

pub(super) fn divide(
    total: i64,
    options: &Options,
    candidates: &[Candidate],
) -> KubeAdmiralDivision {
    let limits = options.limits(candidates);
    if waits(options, candidates, &limits) {
        let current = |candidate: &Candidate| candidate.current.unwrap_or(0);
        return unchanged(candidates.iter().map(current).collect());
    }
    let scheduled = |candidate: &Candidate| options.scheduled.get(&candidate.name).copied();
    let scheduled: Vec<i64> = candidates
        .iter()
        .map(|candidate| scheduled(candidate).unwrap_or(0))
        .collect();
    let allowed = scheduled.iter().zip(limits.each());
    let allowed = allowed.map(|(scheduled, limit)| i128::from(limit.min(*scheduled)));
    let unscheduled = i128::from(total) - allowed.sum::<i128>();
    if options.trims_overflow() && unscheduled == 0 {
        return unchanged(scheduled);
    }
    let bins = candidates.iter().zip(limits.each());
    let mut filled = fill(
        total,
        bins.map(|(candidate, limit)| Bin::of(candidate, limit)),
    );
    if options.trims_overflow() {
        let most = narrow(unscheduled.max(0));
        for overflow in &mut filled.overflow {
            *overflow = (*overflow).min(most);
        }
    }
    if options.avoid_disruption {
        filled.replicas = spare(total, candidates, &limits, &filled.replicas);
    }
    filled
}

fn unchanged(replicas: Vec<i64>) -> KubeAdmiralDivision {
    KubeAdmiralDivision {
        overflow: vec![0; replicas.len()],
        replicas,
    }
}

/// Are clusters still starting what they were asked for, with nothing that forbids to wait?
fn waits(options: &Options, candidates: &[Candidate], limits: &Limits) -> bool {
    let asked = |candidate: &Candidate| candidate.current.unwrap_or(0);
    let mut running = candidates.iter().map(asked).zip(limits.each());
    if options.scheduled.is_empty()
        || options.lost_clusters
        || running.any(|(running, limit)| running > limit)
    {
        return false;
    }
    let named = candidates
        .iter()
        .map(|candidate| (&candidate.name, candidate));
    let named: BTreeMap<_, _> = named.collect();
    options.scheduled.iter().any(|(name, scheduled)| {
        let expected = named.get(name).map_or(0, |candidate| {
            candidate.capacity.unwrap_or(asked(candidate))
        });
        *scheduled != expected
    })
}

/// What is filled.
#[derive(Clone, Copy)]
struct Bin {
    minimum: i64,
    maximum: i64,
    capacity: i64,
    limit: i64,
}

impl Bin {
    fn of(candidate: &Candidate, limit: i64) -> Self {
        let Bounds { maximum, capacity } = Bounds::of(candidate);
        Self {
            minimum: candidate.minimum,
            maximum,
            capacity,
            limit,
        }
    }
}

/// Minimums first, and then one after the other.
fn fill(total: i64, bins: impl Iterator<Item = Bin> + Clone) -> KubeAdmiralDivision {
    let mut left = total;
    let mut filled = KubeAdmiralDivision::default();
    for bin in bins.clone() {
        let wanted = bin.minimum.min(left).min(bin.limit);
        let given = wanted.min(bin.capacity);
        left = left.saturating_sub(given);
        filled.replicas.push(given);
        filled.overflow.push(wanted.saturating_sub(given));
    }
    let given = filled.replicas.iter_mut().zip(&mut filled.overflow);
    for (bin, (replicas, overflow)) in bins.zip(given) {
        let wanted = replicas
            .saturating_add(left)
            .min(bin.maximum)
            .min(bin.limit);
        let fits = wanted.min(bin.capacity);
        left = left.saturating_sub(fits.saturating_sub(*replicas));
        *replicas = fits;
        *overflow = wanted.saturating_sub(fits).max(*overflow);
    }
    filled
}

/// What runs, with more in the clusters that have fewer than they should, or fewer in those that
/// have more.
fn spare(total: i64, candidates: &[Candidate], limits: &Limits, desired: &[i64]) -> Vec<i64> {
    let mut running = usable(candidates, limits);
    let missing = i128::from(total) - sum(&running);
    let (number, movers) = match sum(desired).cmp(&sum(&running)) {
        Ordering::Equal => return running,
        Ordering::Greater => (missing, growing(candidates, limits, desired, &running)),
        Ordering::Less => (-missing, shrinking(desired, &running)),
    };
    let adds = sum(desired) > sum(&running);
    let parts = fill(narrow(number), movers.iter().map(|(_, bin)| *bin)).replicas;
    for ((position, _), part) in movers.into_iter().zip(parts) {
        if let Some(replicas) = running.get_mut(position) {
            *replicas = if adds {
                replicas.saturating_add(part)
            } else {
                replicas.saturating_sub(part)
            };
        }
    }
    running
}

/// Who has fewer than it should, by its position, and what can be added.
fn growing(
    candidates: &[Candidate],
    limits: &Limits,
    desired: &[i64],
    running: &[i64],
) -> Vec<(usize, Bin)> {
    let clusters = candidates
        .iter()
        .zip(limits.each())
        .zip(desired.iter().zip(running));
    let growing = clusters
        .enumerate()
        .filter(|(_, (_, (desired, running)))| desired > running);
    let growing = growing.map(|(position, ((candidate, limit), (_, running)))| {
        let bin = Bin::of(candidate, limit);
        let maximum = candidate
            .maximum
            .map(|maximum| maximum.saturating_sub(*running));
        let bin = Bin {
            maximum: maximum.unwrap_or(UNLIMITED),
            capacity: UNLIMITED,
            ..bin
        };
        (position, bin)
    });
    growing.collect()
}

/// Who has more than it should, the last first, and what can be removed.
fn shrinking(desired: &[i64], running: &[i64]) -> Vec<(usize, Bin)> {
    let clusters = desired.iter().zip(running).enumerate().rev();
    let shrinking = clusters.filter(|(_, (desired, running))| desired < running);
    let shrinking = shrinking.map(|(position, (_, running))| {
        let bin = Bin {
            minimum: 0,
            maximum: *running,
            capacity: UNLIMITED,
            limit: UNLIMITED,
        };
        (position, bin)
    });
    shrinking.collect()
}

/// The nearest number in range.
fn narrow(number: i128) -> i64 {
    let end = if number < 0 { i64::MIN } else { i64::MAX };
    i64::try_from(number).unwrap_or(end)
}
