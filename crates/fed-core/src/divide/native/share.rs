//! What is the one λ for which all shares add up, and what share does it give to each?

use std::cmp::Ordering;

use super::rule::Claimant;

/// The share of a weight of 1, as a fraction.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lambda {
    /// All is full: any number that is large enough.
    Unbounded,
    Fraction {
        replicas: u64,
        weights: u128,
    },
}

/// A share, within its bounds: a whole number and what is left of the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ideal {
    pub(super) whole: u64,
    /// In parts of λ's divisor.
    pub(super) remainder: u128,
}

/// A λ from which on, as it grows, a claimant's share changes in another way.
#[derive(Clone, Copy)]
struct Bend {
    /// The bound at which it lies, and the weight: it is at `bound / weight`.
    bound: u64,
    weight: u64,
    /// Does the share start to grow here, or does it stop?
    starts: bool,
}

impl Bend {
    fn cmp(&self, other: &Self) -> Ordering {
        let left = u128::from(self.bound) * u128::from(other.weight);
        let right = u128::from(other.bound) * u128::from(self.weight);
        left.cmp(&right)
    }
}

/// The sum of all shares below the next bend: `fixed + weights × λ`.
#[derive(Clone, Copy)]
struct Line {
    fixed: i128,
    weights: i128,
}

impl Line {
    fn bent(mut self, bend: &Bend) -> Self {
        let (bound, weight) = (i128::from(bend.bound), i128::from(bend.weight));
        if bend.starts {
            self.fixed -= bound;
            self.weights += weight;
        } else {
            self.fixed += bound;
            self.weights -= weight;
        }
        self
    }

    /// What is left for the weights to share.
    fn shared(self, placed: u64) -> u128 {
        u128::try_from(i128::from(placed) - self.fixed).unwrap_or(0)
    }

    /// Is the sum at this bend no more than what is placed?
    fn fits(self, at: &Bend, placed: u64) -> bool {
        let weights = u128::try_from(self.weights).unwrap_or(0);
        i128::from(placed) >= self.fixed
            && wide(weights, at.bound) <= wide(self.shared(placed), at.weight)
    }
}

/// A product that may have more than 128 bits: its higher ones, and the lowest 64.
fn wide(left: u128, right: u64) -> (u128, u128) {
    let low = (left & u128::from(u64::MAX)) * u128::from(right);
    let high = (left >> 64) * u128::from(right) + (low >> 64);
    (high, low & u128::from(u64::MAX))
}

impl Lambda {
    /// The λ for bounds between whose sums `placed` lies.
    pub(super) fn of(claimants: &[Claimant], placed: u64) -> Self {
        let mut line = Line {
            fixed: claimants.iter().map(|c| i128::from(c.lower)).sum(),
            weights: 0,
        };
        let most: u128 = claimants.iter().map(|c| u128::from(c.upper)).sum();
        if most <= placed.into() {
            return Self::Unbounded;
        }
        if line.fixed >= i128::from(placed) {
            return Self::Fraction {
                replicas: 0,
                weights: 1,
            };
        }
        let mut bends = Vec::with_capacity(claimants.len());
        for claimant in claimants
            .iter()
            .filter(|c| c.weight > 0 && c.lower < c.upper)
        {
            let bend = |bound, starts| Bend {
                bound,
                weight: claimant.weight,
                starts,
            };
            // λ is above 0 here, and no share is above the whole.
            if claimant.lower == 0 {
                line = line.bent(&bend(0, true));
            } else {
                bends.push(bend(claimant.lower, true));
            }
            if claimant.upper < placed {
                bends.push(bend(claimant.upper, false));
            }
        }
        let line = line.up_to(&mut bends, placed);
        Self::Fraction {
            replicas: u64::try_from(line.shared(placed)).unwrap_or(u64::MAX),
            weights: u128::try_from(line.weights).unwrap_or(0).max(1),
        }
    }

    /// The share of a claimant, within its bounds.
    pub(super) fn ideal(self, claimant: &Claimant) -> Ideal {
        let pinned = |whole| Ideal {
            whole,
            remainder: 0,
        };
        let Some((whole, remainder)) = self.share(claimant.weight) else {
            return pinned(claimant.upper);
        };
        match u64::try_from(whole) {
            Ok(whole) if whole < claimant.lower => pinned(claimant.lower),
            Ok(whole) if whole < claimant.upper => Ideal { whole, remainder },
            _ => pinned(claimant.upper),
        }
    }

    /// What remainders are parts of.
    pub(super) fn divisor(self) -> u128 {
        match self {
            Self::Unbounded => 1,
            Self::Fraction { weights, .. } => weights,
        }
    }

    /// What a weight is worth, whatever the bounds; `None` where all is full.
    pub(super) fn share(self, weight: u64) -> Option<(u128, u128)> {
        let Self::Fraction { replicas, weights } = self else {
            return None;
        };
        let product = u128::from(replicas) * u128::from(weight);
        // A narrow division is much faster, and mostly enough.
        Some(match (u64::try_from(product), u64::try_from(weights)) {
            (Ok(product), Ok(weights)) => ((product / weights).into(), (product % weights).into()),
            _ => (product / weights, product % weights),
        })
    }
}

impl Line {
    /// The line beyond all bends at which the sum is no more than what is placed. Half of the
    /// bends are settled at a time.
    fn up_to(mut self, mut bends: &mut [Bend], placed: u64) -> Self {
        while !bends.is_empty() {
            let middle = bends.len() / 2;
            let (low, at, high) = bends.select_nth_unstable_by(middle, Bend::cmp);
            let line = low.iter().fold(self, Self::bent).bent(at);
            if line.fits(at, placed) {
                self = line;
                bends = high;
            } else {
                bends = low;
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_compared_beyond_128_bits() {
        assert_eq!(wide(3, 5), (0, 15));
        assert_eq!(wide(1 << 64, 5), (5, 0));
        let (high, low) = wide(u128::MAX, u64::MAX);
        assert_eq!(low, 1);
        assert_eq!(high, u128::MAX - (1 << 64));
    }
}
