//! What is an exact division, by its definition? Tries every λ that can be the one, and every way
//! to round.

use fed_core::divide::Candidate;
use fed_core::divide::native::Options;

/// A fraction, with a positive denominator.
type Fraction = (i128, i128);

/// A candidate as the definition sees it.
#[derive(Clone, Debug)]
pub(crate) struct Bounded {
    pub(crate) weight: i128,
    pub(crate) own_weight: i128,
    pub(crate) lower: i128,
    pub(crate) upper: i128,
    pub(crate) running: i128,
}

/// What the definition says.
#[derive(Debug)]
pub(crate) struct Oracle {
    pub(crate) placed: i128,
    pub(crate) bounded: Vec<Bounded>,
    /// λ × weight, clamped.
    pub(crate) ideals: Vec<Fraction>,
}

/// More than any test asks for.
const ENOUGH: i128 = 1_000_000;

pub(crate) fn oracle(total: i64, candidates: &[Candidate], options: &Options) -> Oracle {
    let total = i128::from(total.max(0));
    let mut bounded: Vec<Bounded> = candidates.iter().map(bounded).collect();
    let placed = total.min(bounded.iter().map(|b| b.upper).sum());
    if bounded.iter().map(|b| b.lower).sum::<i128>() > total {
        for b in &mut bounded {
            (b.weight, b.lower, b.upper) = (b.lower, 0, b.lower);
        }
    }
    if options.steady {
        let stays: Vec<i128> = bounded
            .iter()
            .map(|b| b.running.clamp(b.lower, b.upper))
            .collect();
        let sum: i128 = stays.iter().sum();
        for (b, stays) in bounded.iter_mut().zip(stays) {
            if sum <= placed {
                b.lower = stays;
            }
            if sum >= placed {
                b.upper = stays;
            }
        }
    }
    let lambda = lambdas(&bounded, placed)
        .into_iter()
        .find(|&lambda| adds_up(&bounded, lambda, placed));
    let lambda = lambda.expect("one λ of all fits");
    let ideals = bounded.iter().map(|b| ideal(b, lambda)).collect();
    Oracle {
        placed,
        bounded,
        ideals,
    }
}

fn bounded(candidate: &Candidate) -> Bounded {
    let bound = |bound: Option<i64>| bound.map_or(ENOUGH, |bound| bound.max(0).into());
    let limit = bound(candidate.maximum).min(bound(candidate.capacity));
    let lower = i128::from(candidate.minimum.max(0)).min(limit);
    let weight = i128::from(candidate.weight.max(0));
    Bounded {
        weight,
        own_weight: candidate.weight.into(),
        lower,
        upper: if weight == 0 { lower } else { limit },
        running: candidate.current.unwrap_or(0).max(0).into(),
    }
}

fn ideal(b: &Bounded, (numerator, denominator): Fraction) -> Fraction {
    let share = numerator * b.weight;
    if share <= b.lower * denominator {
        (b.lower, 1)
    } else if share >= b.upper * denominator {
        (b.upper, 1)
    } else {
        (share, denominator)
    }
}

fn adds_up(bounded: &[Bounded], lambda: Fraction, placed: i128) -> bool {
    let parts = bounded.iter().map(|b| {
        let (numerator, denominator) = ideal(b, lambda);
        numerator * (lambda.1 / denominator)
    });
    parts.sum::<i128>() == placed * lambda.1
}

/// Every λ that a set of clusters within their bounds would lead to, and every bound itself.
fn lambdas(bounded: &[Bounded], placed: i128) -> Vec<Fraction> {
    let mut lambdas = vec![(0, 1), (ENOUGH, 1)];
    for b in bounded.iter().filter(|b| b.weight > 0) {
        lambdas.extend([(b.lower, b.weight), (b.upper, b.weight)]);
    }
    for mut states in 0..3_usize.pow(bounded.len().try_into().unwrap()) {
        let (mut left, mut weights) = (placed, 0);
        for b in bounded {
            match states % 3 {
                0 => left -= b.lower,
                1 => left -= b.upper,
                _ => weights += b.weight,
            }
            states /= 3;
        }
        if weights > 0 && left >= 0 {
            lambdas.push((left, weights));
        }
    }
    lambdas
}

/// How good a way to round is: fewer removed, then the largest remainders, then the weights.
pub(crate) type Merit = (i128, Vec<(Remainder, i128, i128)>);

/// A remainder, compared exactly.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Remainder(Fraction);

impl Ord for Remainder {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0.0 * other.0.1).cmp(&(other.0.0 * self.0.1))
    }
}

impl PartialOrd for Remainder {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Remainder {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Remainder {}

impl Oracle {
    pub(crate) fn floor(&self, index: usize) -> i128 {
        self.ideals[index].0 / self.ideals[index].1
    }

    pub(crate) fn ceiling(&self, index: usize) -> i128 {
        let (numerator, denominator) = self.ideals[index];
        (numerator + denominator - 1) / denominator
    }

    /// Is this a rounding of the ideals that adds up?
    pub(crate) fn allows(&self, replicas: &[i128]) -> bool {
        replicas.iter().sum::<i128>() == self.placed
            && (0..replicas.len()).all(|index| {
                replicas[index] == self.floor(index) || replicas[index] == self.ceiling(index)
            })
    }

    pub(crate) fn merit(&self, replicas: &[i128]) -> Merit {
        let removed: i128 = replicas
            .iter()
            .zip(&self.bounded)
            .map(|(replicas, b)| (b.running - replicas).max(0))
            .sum();
        let mut up: Vec<_> = (0..replicas.len())
            .filter(|&index| replicas[index] > self.floor(index))
            .map(|index| {
                let (numerator, denominator) = self.ideals[index];
                let remainder = Remainder((numerator % denominator, denominator));
                let b = &self.bounded[index];
                (remainder, b.weight, b.own_weight)
            })
            .collect();
        up.sort();
        up.reverse();
        (-removed, up)
    }

    /// The best merit of all ways to round.
    pub(crate) fn best(&self) -> Merit {
        let clusters = self.bounded.len();
        let ways = (0..1_u32 << clusters).map(|way| {
            let up = |index: usize| way >> index & 1 == 1;
            (0..clusters)
                .map(|index| {
                    if up(index) {
                        self.ceiling(index)
                    } else {
                        self.floor(index)
                    }
                })
                .collect::<Vec<i128>>()
        });
        let allowed = ways.filter(|way| self.allows(way));
        allowed
            .map(|way| self.merit(&way))
            .max()
            .expect("some way to round")
    }
}
