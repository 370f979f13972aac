//! How are replicas dealt out by weight, in rounds that round up? What KubeFed's and KubeAdmiral's
//! planners have in common.
//!
//! In each round, every cluster gets its share of what is left, rounded up, until nothing is left;
//! who reaches a limit leaves, and what it could not take is dealt out in the next round. Without
//! running replicas, about 64 rounds are the most: what is left falls by the part of the weight
//! that leaves, and so does the weight that stays. With them there may be many, which are skipped
//! (`skip.rs`).

mod order;
mod skip;

use super::Candidate;

pub(super) use order::{hash, ordered};

/// Stands for a limit that is not there: nothing is ever more.
pub(super) const UNLIMITED: i64 = i64::MAX;

/// So many rounds are run before looking whether some can be skipped: few divisions need as many.
const PATIENCE: u32 = 12;

/// A cluster that takes part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Which of the candidates it is.
    pub(super) index: u32,
    pub(super) weight: i64,
    /// What it has been given.
    pub(super) replicas: i64,
    /// How much of that ran before: shares count against it first.
    pub(super) kept: i64,
    /// The smaller one of its bounds.
    pub(super) limit: i64,
}

/// What a cluster may have at most.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// More is never wanted of it.
    pub(super) maximum: i64,
    /// More can be wanted of it, but does not fit.
    pub(super) capacity: i64,
}

impl Bounds {
    pub(super) const NONE: Self = Self {
        maximum: UNLIMITED,
        capacity: UNLIMITED,
    };

    pub(super) fn of(candidate: &Candidate) -> Self {
        Self {
            maximum: candidate.maximum.unwrap_or(UNLIMITED),
            capacity: candidate.capacity.unwrap_or(UNLIMITED),
        }
    }

    pub(super) fn limit(self) -> i64 {
        self.maximum.min(self.capacity)
    }
}

/// What happened to one cluster in one round, or in several equal ones.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    pub(super) index: u32,
    pub(super) rounds: i64,
    /// What was dealt out, and among which weights.
    pub(super) shared: i64,
    pub(super) weights: i128,
    /// Its share.
    pub(super) due: i64,
    /// What was still there when its turn came.
    pub(super) left: i64,
    /// What was not given, because it runs there already.
    pub(super) counted: i64,
    pub(super) given: i64,
}

/// What has been dealt out.
pub(super) struct Dealt {
    /// For each candidate, in their order.
    pub(super) replicas: Vec<i64>,
    /// For each candidate, what was due beyond its capacity.
    pub(super) overflow: Vec<i64>,
    /// What nobody could take.
    pub(super) remaining: i64,
}

impl Dealt {
    /// Nothing, to this many candidates.
    pub(super) fn nothing_yet(candidates: usize, remaining: i64) -> Self {
        Self {
            replicas: vec![0; candidates],
            overflow: vec![0; candidates],
            remaining,
        }
    }

    /// Deals what remains out to the rows. `watch` is told of every turn of every row.
    pub(super) fn deal(
        &mut self,
        mut rows: Vec<Row>,
        bounds: impl Fn(u32) -> Bounds,
        mut watch: impl FnMut(Turn),
    ) {
        let mut moved = true;
        let mut rounds = 0;
        let mut weights: i128 = rows.iter().map(|row| i128::from(row.weight)).sum();
        while self.remaining > 0 && moved && weights > 0 {
            if rounds > PATIENCE {
                self.remaining = skip::skip(&mut rows, self.remaining, weights, &mut watch);
            }
            moved = self.round(&mut rows, &mut weights, &bounds, &mut watch);
            rounds += 1;
        }
        for row in &rows {
            store(&mut self.replicas, row.index, row.replicas);
        }
    }

    /// One round. Who reaches a limit is removed from the rows, and its weight from the weights.
    /// Has anybody got anything?
    ///
    /// Differences are saturated: they leave the range only for bounds that are negative.
    fn round(
        &mut self,
        rows: &mut Vec<Row>,
        weights_left: &mut i128,
        bounds: &impl Fn(u32) -> Bounds,
        watch: &mut impl FnMut(Turn),
    ) -> bool {
        let (shared, weights) = (self.remaining, *weights_left);
        let mut left = shared;
        let mut moved = false;
        let mut same = (0, 0);
        rows.retain_mut(|row| {
            if row.weight != same.0 {
                same = (row.weight, share(shared, row.weight, weights));
            }
            let offered = same.1.min(left).max(0);
            let more = (offered - row.kept).max(0);
            let counted = offered - more;
            let before = row.replicas;
            let wanted = before.saturating_add(more);
            // At the end of the range, nothing more can be given either.
            let stays = wanted <= row.limit && wanted < UNLIMITED;
            let given = if stays {
                more
            } else {
                row.limit.min(wanted).saturating_sub(before)
            };
            watch(Turn {
                index: row.index,
                rounds: 1,
                shared,
                weights,
                due: same.1,
                left,
                counted,
                given,
            });
            row.kept -= counted;
            if stays {
                row.replicas = wanted;
                left -= more;
                moved |= offered > 0;
                return true;
            }
            left = left.saturating_sub(given);
            moved |= counted > 0 || given > 0;
            *weights_left -= i128::from(row.weight);
            store(&mut self.replicas, row.index, wanted.min(row.limit));
            let bounds = bounds(row.index);
            let beyond = wanted.min(bounds.maximum).saturating_sub(bounds.capacity);
            if beyond > 0 {
                add(&mut self.overflow, row.index, beyond);
            }
            false
        });
        self.remaining = left;
        moved
    }
}

/// The part of `shared` that a weight is due, rounded up.
fn share(shared: i64, weight: i64, weights: i128) -> i64 {
    let narrow = i64::try_from(weights).ok().and_then(|weights| {
        let product = shared.checked_mul(weight)?;
        Some(product.checked_add(weights - 1)? / weights)
    });
    narrow.unwrap_or_else(|| {
        let share = (i128::from(shared) * i128::from(weight) + weights - 1) / weights;
        // Out of range only where weights are negative; a larger share than all is all.
        i64::try_from(share).unwrap_or(if share > 0 { i64::MAX } else { 0 })
    })
}

fn store(numbers: &mut [i64], index: u32, number: i64) {
    if let Some(slot) = numbers.get_mut(index as usize) {
        *slot = number;
    }
}

pub(super) fn add(numbers: &mut [i64], index: u32, number: i64) {
    if let Some(slot) = numbers.get_mut(index as usize) {
        *slot = slot.saturating_add(number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_up_whatever_its_size() {
        for (shared, weight, weights, expected) in [
            (10, 1, 3, 4),
            (9, 1, 3, 3),
            (10, 0, 3, 0),
            (10, -1, 3, -2),
            (1, -1, 10, 0),
            (i64::MAX, 1, 2, i64::MAX / 2 + 1),
            (
                i64::MAX,
                i64::MAX,
                i128::from(i64::MAX) * 2,
                i64::MAX / 2 + 1,
            ),
            (i64::MAX, 3, 1, i64::MAX),
        ] {
            assert_eq!(
                share(shared, weight, weights),
                expected,
                "{shared} {weight}/{weights}"
            );
        }
    }
}
