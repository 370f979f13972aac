//! By which weights and within which bounds is divided, and who gets what rounding leaves over?

use std::cmp::Reverse;

use super::share::{Ideal, Lambda};
use super::unsigned;
use crate::divide::Candidate;
use crate::problem::{Code, Problem};

/// A candidate as the rule sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claimant {
    pub(super) weight: u64,
    /// Never above `upper`.
    pub(super) lower: u64,
    pub(super) upper: u64,
    pub(super) running: u64,
}

/// One division: shares by weight within bounds that leave room for exactly what is placed.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) claimants: Vec<Claimant>,
    pub(super) placed: u64,
    pub(super) unplaced: u64,
    /// The minimums add up to more than the total, and are the weights.
    pub(super) scarce: bool,
}

/// The most that a candidate may have.
pub(super) fn limit(candidate: &Candidate) -> u64 {
    let bound = |bound: Option<i64>| bound.map_or(u64::MAX, unsigned);
    bound(candidate.maximum).min(bound(candidate.capacity))
}

fn claimant(candidate: &Candidate) -> Claimant {
    let limit = limit(candidate);
    let lower = unsigned(candidate.minimum).min(limit);
    let weight = unsigned(candidate.weight);
    Claimant {
        weight,
        lower,
        upper: if weight == 0 { lower } else { limit },
        running: unsigned(candidate.current.unwrap_or(0)),
    }
}

fn sum(numbers: impl Iterator<Item = u64>) -> u128 {
    numbers.map(u128::from).sum()
}

impl Rule {
    pub(super) fn of(total: i64, candidates: &[Candidate], steady: bool) -> Self {
        let wanted = unsigned(total);
        let mut claimants: Vec<Claimant> = candidates.iter().map(claimant).collect();
        let possible = sum(claimants.iter().map(|c| c.upper));
        let placed = u64::try_from(possible).map_or(wanted, |possible| possible.min(wanted));
        let scarce = sum(claimants.iter().map(|c| c.lower)) > wanted.into();
        if scarce {
            for claimant in &mut claimants {
                claimant.weight = claimant.lower;
                claimant.upper = claimant.lower;
                claimant.lower = 0;
            }
        }
        if steady {
            keep_in_place(&mut claimants, placed);
        }
        Self {
            claimants,
            placed,
            unplaced: wanted - placed,
            scarce,
        }
    }

    pub(super) fn lambda(&self) -> Lambda {
        Lambda::of(&self.claimants, self.placed)
    }

    /// The shares, rounded so that they add up.
    pub(super) fn rounded(&self, lambda: Lambda, candidates: &[Candidate], key: &str) -> Vec<u64> {
        let mut replicas = Vec::with_capacity(self.claimants.len());
        let mut needs = Vec::with_capacity(self.claimants.len());
        for (index, claimant) in self.claimants.iter().enumerate() {
            let ideal = lambda.ideal(claimant);
            replicas.push(ideal.whole);
            needs.extend(Need::of(claimant, &ideal).map(|need| (need, index)));
        }
        let left = u128::from(self.placed).saturating_sub(sum(replicas.iter().copied()));
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        for claimant in self.rounded_up(left, needs, candidates, key) {
            if let Some(replicas) = replicas.get_mut(claimant) {
                *replicas += 1;
            }
        }
        replicas
    }

    fn rounded_up(
        &self,
        left: usize,
        mut needs: Vec<(Need, usize)>,
        candidates: &[Candidate],
        key: &str,
    ) -> Vec<usize> {
        let Some(last) = left.checked_sub(1) else {
            return Vec::new();
        };
        if needs.len() <= left {
            return needs.into_iter().map(|(_, index)| index).collect();
        }
        // The greatest first, as far as it takes; the rest is looked up only where it decides.
        let (_, &mut (cut, _), _) =
            needs.select_nth_unstable_by_key(last, |&(need, _)| Reverse(need));
        let with = |holds: fn(&Need, &Need) -> bool| {
            let needs = needs.iter().filter(move |(need, _)| holds(need, &cut));
            needs.map(|&(_, index)| index)
        };
        let mut chosen: Vec<usize> = with(Need::gt).collect();
        let key = Key::new(key);
        let mut equal: Vec<(Merit, usize)> = with(Need::eq)
            .filter_map(|index| Some((self.merit(index, candidates, key)?, index)))
            .collect();
        let places = left - chosen.len();
        if places < equal.len() {
            let name = |index: usize| candidates.get(index).map(|candidate| &candidate.name);
            equal.select_nth_unstable_by(places, |left, right| {
                let names = || name(left.1).cmp(&name(right.1));
                right.0.cmp(&left.0).then_with(names)
            });
        }
        chosen.extend(equal.into_iter().take(places).map(|(_, index)| index));
        chosen
    }

    /// What decides among clusters with the same need.
    pub(super) fn merit(&self, index: usize, candidates: &[Candidate], key: Key) -> Option<Merit> {
        let candidate = candidates.get(index)?;
        Some(Merit {
            weight: self.claimants.get(index)?.weight,
            own_weight: candidate.weight,
            hash: Reverse(key.hash(candidate.name.as_str())),
        })
    }
}

/// What speaks for rounding a share up before all else: that the replica runs already; then the
/// remainder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Need(u128);

impl Need {
    /// Remainders are smaller than a sum of weights, which leaves the highest bit.
    const RUNNING: u128 = 1 << 127;

    /// `None` where there is nothing to round.
    pub(super) fn of(claimant: &Claimant, ideal: &Ideal) -> Option<Self> {
        let running = if claimant.running > ideal.whole {
            Self::RUNNING
        } else {
            0
        };
        (ideal.remainder > 0).then_some(Self(ideal.remainder | running))
    }

    pub(super) fn keeps_running(self) -> bool {
        self.0 >= Self::RUNNING
    }
}

/// What speaks for rounding a share up where the need is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Merit {
    pub(super) weight: u64,
    /// Not the same as the weight where minimums are the weights.
    pub(super) own_weight: i64,
    pub(super) hash: Reverse<u64>,
}

/// An order of clusters that is the same everywhere and differs between keys.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key(u64);

impl Key {
    pub(super) fn new(key: &str) -> Self {
        const START: u64 = 0xcbf2_9ce4_8422_2325;
        Self(START).and(key.bytes()).and([0xff])
    }

    fn and(self, bytes: impl IntoIterator<Item = u8>) -> Self {
        const PRIME: u64 = 0x0000_0100_0000_01b3;
        let bytes = bytes.into_iter();
        Self(bytes.fold(self.0, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(PRIME)
        }))
    }

    fn hash(self, name: &str) -> u64 {
        let Self(hash) = self.and(name.bytes());
        // Names mostly differ in their last bytes, which FNV spreads badly.
        let hash = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        hash ^ (hash >> 29)
    }
}

/// Makes what runs the minimum or the limit, so that only the difference is divided.
fn keep_in_place(claimants: &mut [Claimant], placed: u64) {
    let stays = |claimant: &Claimant| claimant.running.clamp(claimant.lower, claimant.upper);
    let staying = sum(claimants.iter().map(stays));
    for claimant in claimants {
        let stays = stays(claimant);
        if staying <= placed.into() {
            claimant.lower = stays;
        }
        if staying >= placed.into() {
            claimant.upper = stays;
        }
    }
}

/// Bounds that contradict each other.
pub(super) fn problems(total: i64, candidates: &[Candidate]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = candidates.iter().filter_map(contradiction).collect();
    let minimums = sum(candidates.iter().map(|c| claimant(c).lower));
    if minimums > unsigned(total).into() && total > 0 {
        problems.push(Problem::warning(
            Code::MinimumsAboveTotal,
            format!(
                "the minimums add up to {minimums}, which is more than the {total} replicas to \
                 divide: each cluster gets a part of its minimum; raise the replicas or lower the \
                 minimums"
            ),
        ));
    }
    problems.sort();
    problems
}

fn contradiction(candidate: &Candidate) -> Option<Problem> {
    let Candidate { name, minimum, .. } = candidate;
    let maximum = candidate.maximum.filter(|maximum| minimum > maximum);
    let capacity = candidate.capacity.filter(|capacity| minimum > capacity);
    let problem = match (maximum, capacity) {
        _ if *minimum <= 0 => return None,
        (Some(maximum), _) => Problem::warning(
            Code::MinimumAboveLimit,
            format!(
                "{name} should have no fewer than {minimum} replicas and no more than {maximum}: \
                 the maximum of {maximum} holds; lower the minimum or raise the maximum"
            ),
        ),
        (None, Some(capacity)) => Problem::warning(
            Code::NotEnoughCapacity,
            format!(
                "{name} should have no fewer than {minimum} replicas, and has room for {}; lower \
                 the minimum or give it more room",
                capacity.max(0)
            ),
        ),
        (None, None) => return None,
    };
    Some(problem.in_cluster(name))
}
