//! How many replicas where, in our own way? Each cluster's exact share, rounded up or down, and no
//! running replica moved without need.
//!
//! A cluster's share is `clamp(λ × weight, minimum, limit)`, where the limit is the smaller one of
//! [`Candidate::maximum`] and [`Candidate::capacity`], and `λ` is the one number for which all
//! shares add up to what is placed: what is wanted, or what fits where that is less. Each cluster
//! gets its share, rounded down or up. Of the ways to round, the one is taken that
//!
//! 1. removes the fewest running replicas; then rounds up
//! 2. the largest remainders; then
//! 3. the higher weights; then
//! 4. those that come first by a hash of [`Options::key`] and their names.
//!
//! All of it is computed in whole numbers, without rounding on the way.
//!
//! - A limit beats a minimum: capacity, since what does not fit does not run; and the maximum,
//!   since it is the promise not to exceed something. A minimum above a limit is a problem that
//!   names both; the division goes on with the limit.
//! - A weight of 0 gets its minimum and no more. Negative numbers count as 0.
//! - Where the minimums add up to more than the total, the total is divided by the same rule with
//!   the minimums (as far as they fit) as weights and as limits, and without minimums.
//!
//! The result does not depend on the order of the candidates, whose names have to differ. Running
//! it again with its result as what runs changes nothing. Where nothing runs and bounds are equal,
//! a higher weight never gets fewer.
//!
//! With [`Options::steady`] even more stays in place. Where fewer run than are wanted, what runs
//! (within its bounds) is taken as the minimum, so that no cluster loses any; where more run, it
//! is taken as the limit, so that no cluster gains any. Only the difference is divided.

mod explain;
mod rule;
mod share;

pub use explain::{Advantage, NativeReason, NotFewer, NotMore, Share, explain, explain_all};

use super::Candidate;
use crate::problem::Problem;
use rule::Rule;

/// How to divide in our own way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// What is divided, such as `apps/Deployment shop/web`. It decides among clusters that are
    /// equal in all else, so that not every workload's odd replica goes to the same cluster.
    pub key: String,
    /// Divide only the difference between what runs and what is wanted.
    pub steady: bool,
}

impl Options {
    /// To divide this.
    pub fn new(key: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            steady: false,
        }
    }

    /// The same, dividing only the difference between what runs and what is wanted.
    #[must_use]
    pub fn steady(mut self) -> Self {
        self.steady = true;
        self
    }
}

/// What our own way of dividing gives.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NativeDivision {
    /// The replicas of each candidate, in their order.
    pub replicas: Vec<i64>,
    /// What is wanted and has no room.
    pub unplaced: i64,
    /// Bounds that contradict each other.
    pub problems: Vec<Problem>,
}

/// Divides replicas exactly by weights, within bounds.
///
/// ```
/// use fed_core::divide::Candidate;
/// use fed_core::divide::native::{Options, divide};
///
/// let clusters = [
///     Candidate::new("a", 3),
///     Candidate::new("b", 2).at_most(2),
///     Candidate::new("c", 1).at_least(2),
/// ];
/// // b is cut to 2 and c raised to 2: what is left goes to a.
/// let division = divide(9, &clusters, &Options::default());
/// assert_eq!(division.replicas, [5, 2, 2]);
/// assert_eq!(division.unplaced, 0);
///
/// // Of two equal clusters the odd replica goes where one runs already.
/// let clusters = [Candidate::new("a", 1), Candidate::new("b", 1).running(2)];
/// assert_eq!(divide(3, &clusters, &Options::default()).replicas, [1, 2]);
///
/// // Steady: what runs in b stays there, though its share is 3.
/// let clusters = [Candidate::new("a", 1), Candidate::new("b", 1).running(4)];
/// assert_eq!(divide(6, &clusters, &Options::default()).replicas, [3, 3]);
/// assert_eq!(divide(6, &clusters, &Options::default().steady()).replicas, [2, 4]);
/// ```
pub fn divide(total: i64, candidates: &[Candidate], options: &Options) -> NativeDivision {
    let rule = Rule::of(total, candidates, options.steady);
    let replicas = rule.rounded(rule.lambda(), candidates, &options.key);
    NativeDivision {
        replicas: replicas.into_iter().map(signed).collect(),
        unplaced: signed(rule.unplaced),
        problems: rule::problems(total, candidates),
    }
}

/// A number that came from one with a sign and did not grow.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number of replicas, or a weight; below 0 there is none.
fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
