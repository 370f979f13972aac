//! How does KubeFed's planner of a ReplicaSchedulingPreference divide replicas? To the last replica
//! as it does, without making the rounds that only repeat the one before.
//!
//! 1. Clusters have their turn by weight, the highest first, then by a hash of name and key.
//! 2. Each gets its minimum, as far as its capacity and what is left allow.
//! 3. Without `rebalance`, what runs is kept where it runs, up to maximum and capacity.
//! 4. What is left is dealt out by weight in rounds, rounded up. Shares count against what was kept
//!    in the step before. Who reaches maximum or capacity leaves; what was due beyond capacity is
//!    its overflow.
//! 5. Without `rebalance`, no overflow is larger than what nobody could take.
//!
//! What may surprise is the same here: weights divide what the minimums leave; a maximum smaller
//! than the minimum binds only in step 4; a negative total or capacity gives negative replicas.
//!
//! # What holds
//!
//! For numbers that are not negative and minimums that are not above maximums, the replicas sum up
//! to at most the total, no cluster is above its maximum or its capacity, and with a positive
//! weight left below its bounds nothing remains. Neither the order of the candidates nor that of
//! equal hashes matters. Numbers are exact over all of `i64`, where the original's would wrap
//! around; sums that would leave it, which needs negative bounds, stop at its end.

mod explain;
mod preferences;
mod write;

use std::collections::BTreeMap;

use super::Candidate;
use super::rounds::{self, Bounds, Dealt, Row, Turn, ordered};
use crate::identity::ClusterName;

pub use explain::{Explanation, Limit, Step};
pub use preferences::{EVERY_OTHER, candidates, key, preferences};
pub use write::{REPLICAS_PATH, scheduled, write};

/// What KubeFed's planner decides, for each candidate in the order in which they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct KubeFedDivision {
    /// How many replicas it gets.
    pub replicas: Vec<i64>,
    /// How many more it was due than it has capacity for. KubeFed asks for these there as well.
    pub overflow: Vec<i64>,
}

impl KubeFedDivision {
    pub(super) fn of(dealt: Dealt) -> Self {
        Self {
            replicas: dealt.replicas,
            overflow: dealt.overflow,
        }
    }

    /// The replicas by cluster.
    pub fn replicas_by_name(&self, candidates: &[Candidate]) -> BTreeMap<ClusterName, i64> {
        by_name(candidates, &self.replicas)
    }

    /// The overflow by cluster, of those that have any.
    pub fn overflow_by_name(&self, candidates: &[Candidate]) -> BTreeMap<ClusterName, i64> {
        let mut overflow = by_name(candidates, &self.overflow);
        overflow.retain(|_, number| *number != 0);
        overflow
    }
}

fn by_name(candidates: &[Candidate], numbers: &[i64]) -> BTreeMap<ClusterName, i64> {
    let mut named: BTreeMap<ClusterName, i64> = BTreeMap::new();
    for (candidate, number) in candidates.iter().zip(numbers) {
        // A cluster that is listed twice has the sum of both, as in KubeFed.
        let sum = named.entry(candidate.name.clone()).or_default();
        *sum = sum.saturating_add(*number);
    }
    named
}

/// By what clusters of equal weight are ordered: FNV-1 with 32 bits, of the cluster's name and then
/// the key.
///
/// ```
/// assert_eq!(fed_core::divide::kubefed::hash("A", ""), 84_696_414);
/// ```
pub fn hash(name: &str, key: &str) -> u32 {
    rounds::hash(name, key)
}

/// Divides replicas as KubeFed does.
///
/// Clusters for which there is no preference are not among the candidates. The key is
/// `<namespace>/<name>` of the preference.
///
/// ```
/// use fed_core::divide::Candidate;
/// use fed_core::divide::kubefed::divide;
///
/// let candidates = [
///     Candidate::new("a", 2),
///     Candidate::new("b", 1).with_capacity(1),
///     Candidate::new("c", 1).at_least(3),
/// ];
/// let division = divide(9, true, &candidates, "shop/checkout");
/// assert_eq!(division.replicas, [3, 1, 5]);
/// assert_eq!(division.overflow, [0, 1, 0]);
/// ```
pub fn divide(total: i64, rebalance: bool, candidates: &[Candidate], key: &str) -> KubeFedDivision {
    KubeFedDivision::of(run(total, rebalance, candidates, key, &mut Unwatched))
}

/// Is told what happens while replicas are divided.
trait Watch {
    /// A candidate has got its minimum.
    fn minimum(&mut self, index: u32, given: i64, left: i64);
    /// So many more of what runs there are kept; `left` of all were there to be kept.
    fn kept(&mut self, index: u32, kept: i64, left: i64);
    /// It has had its turn in a round.
    fn turn(&mut self, turn: Turn);
}

struct Unwatched;

impl Watch for Unwatched {
    fn minimum(&mut self, _: u32, _: i64, _: i64) {}
    fn kept(&mut self, _: u32, _: i64, _: i64) {}
    fn turn(&mut self, _: Turn) {}
}

fn run(
    total: i64,
    rebalance: bool,
    candidates: &[Candidate],
    key: &str,
    watch: &mut impl Watch,
) -> Dealt {
    let at = |index: u32| candidates.get(index as usize);
    let mut dealt = Dealt::nothing_yet(candidates.len(), total);
    let mut rows = Vec::with_capacity(candidates.len());
    for index in ordered(candidates, key) {
        if let Some(candidate) = at(index) {
            rows.push(minimum(index, candidate, &mut dealt.remaining, watch));
        }
    }
    for row in &mut rows {
        let running = std::mem::take(&mut row.kept);
        if !rebalance {
            keep(row, running, &mut dealt.remaining, watch);
        }
    }
    let bounds = |index| at(index).map_or(Bounds::NONE, Bounds::of);
    dealt.deal(rows, bounds, |turn| watch.turn(turn));
    if !rebalance {
        for overflow in &mut dealt.overflow {
            *overflow = (*overflow).min(dealt.remaining).max(0);
        }
    }
    dealt
}

fn minimum(index: u32, candidate: &Candidate, left: &mut i64, watch: &mut impl Watch) -> Row {
    let bounds = Bounds::of(candidate);
    let given = candidate.minimum.min(*left).min(bounds.capacity);
    watch.minimum(index, given, *left);
    *left = left.saturating_sub(given);
    Row {
        index,
        weight: candidate.weight,
        replicas: given,
        // Until the next step, what runs there: each candidate is looked up once.
        kept: candidate.current.unwrap_or(i64::MIN),
        limit: bounds.limit(),
    }
}

fn keep(row: &mut Row, running: i64, left: &mut i64, watch: &mut impl Watch) {
    if running <= row.replicas {
        return;
    }
    let more = running.min(row.limit).saturating_sub(row.replicas);
    row.kept = more.min(*left).max(0);
    watch.kept(row.index, row.kept, *left);
    row.replicas = row.replicas.saturating_add(row.kept);
    *left -= row.kept;
}
