//! Whose claim to a seat is served first?

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

/// The claim of a party to one seat. The greater claim is served first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim {
    pub(super) priority: f64,
    /// The seats that the party has before this one.
    pub(super) seats: u64,
    /// The place of its name in the order among equals.
    pub(super) rank: u32,
    pub(super) party: u32,
}

impl Claim {
    pub(super) fn new(votes: u64, seats: u64, rank: u32, party: u32) -> Self {
        Self {
            priority: priority(votes, seats),
            seats,
            rank,
            party,
        }
    }
}

impl Ord for Claim {
    fn cmp(&self, other: &Self) -> Ordering {
        self.priority
            .total_cmp(&other.priority)
            .then_with(|| other.seats.cmp(&self.seats))
            .then_with(|| other.rank.cmp(&self.rank))
    }
}

impl PartialOrd for Claim {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Claim {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Claim {}

/// The claim to the next seat, as Karmada computes it: rounded like there, since rounding decides
/// what is equal.
// Rounding votes to a float is the very comparison that has to be reproduced.
#[allow(clippy::cast_precision_loss)]
pub(super) fn priority(votes: u64, seats: u64) -> f64 {
    votes as f64 / (2 * seats + 1) as f64
}

/// Serves the greatest claim so many times. Who is served has its next claim from then on, which is
/// smaller.
pub(super) fn serve<C: Ord>(
    number: u128,
    mut claims: Vec<C>,
    next: impl Fn(&C) -> Option<C>,
    mut seat: impl FnMut(&C),
) {
    let number = usize::try_from(number).unwrap_or(usize::MAX);
    if (1..=claims.len()).contains(&number) {
        // No other can have its turn, since next claims only come in between.
        claims.select_nth_unstable_by(number - 1, |left, right| right.cmp(left));
        claims.truncate(number);
        let last = claims.last();
        if claims
            .iter()
            .filter_map(&next)
            .all(|next| Some(&next) < last)
        {
            claims.iter().for_each(seat);
            return;
        }
    }
    let mut claims = BinaryHeap::from(claims);
    for _ in 0..number {
        let Some(mut greatest) = claims.peek_mut() else {
            return;
        };
        seat(&greatest);
        match next(&greatest) {
            Some(next) => *greatest = next,
            None => drop(PeekMut::pop(greatest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_may_be_served_more_than_once() {
        let mut served = Vec::new();
        let next = |claim: &u32| claim.checked_sub(10);
        serve(4, vec![30, 5, 14], next, |claim| served.push(*claim));
        assert_eq!(served, [30, 20, 14, 10]);
    }

    #[test]
    fn mostly_each_is_served_once() {
        let mut served = Vec::new();
        let next = |claim: &u32| claim.checked_sub(10);
        serve(2, vec![11, 15, 18], next, |claim| served.push(*claim));
        served.sort_unstable();
        assert_eq!(served, [15, 18]);
    }

    #[test]
    fn no_more_is_served_than_is_claimed() {
        let mut served = 0;
        serve(9, vec![1, 2], |_| None, |_| served += 1);
        assert_eq!(served, 2);
    }
}
