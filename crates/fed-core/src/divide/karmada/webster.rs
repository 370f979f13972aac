//! Who gets the next seat? The highest-averages method of Webster (Sainte-Laguë), with Karmada's
//! order among equals, and at a cost that does not depend on the number of seats.

use std::cmp::{Ordering, Reverse};

use super::claim::{Claim, priority, serve};

/// Somebody who can get seats: in a division of replicas, a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Party<'n> {
    /// Its name, which decides among equals.
    pub name: &'n str,
    /// Its votes: the weight.
    pub votes: u64,
    /// The seats that it has already.
    pub seats: u32,
}

impl<'n> Party<'n> {
    /// A party with votes and no seat yet.
    pub const fn new(name: &'n str, votes: u64) -> Self {
        Self {
            name,
            votes,
            seats: 0,
        }
    }

    /// The same, with seats that it has already.
    #[must_use]
    pub const fn seated(mut self, seats: u32) -> Self {
        self.seats = seats;
        self
    }
}

/// Which of two names comes first where votes and seats decide nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TieBreak {
    /// The smaller name.
    #[default]
    NameAscending,
    /// The larger name.
    NameDescending,
}

impl TieBreak {
    /// What Karmada derives from the UID of the object: the larger name first where the 32-bit
    /// FNV-1 hash of the seed is odd. An empty seed means the smaller name.
    pub fn of_seed(seed: &str) -> Self {
        const START: u32 = 0x811c_9dc5;
        const PRIME: u32 = 0x0100_0193;
        let hash = seed.bytes().fold(START, |hash, byte| {
            hash.wrapping_mul(PRIME) ^ u32::from(byte)
        });
        if seed.is_empty() || hash.is_multiple_of(2) {
            Self::NameAscending
        } else {
            Self::NameDescending
        }
    }
}

/// Gives out `seats` more seats, one after another to the party with the largest
/// `votes / (2 * seats + 1)`; among equals to the one with fewer seats, then by name. Answers how
/// many each party has in the end, in the order of `parties`.
///
/// ```
/// use fed_core::divide::karmada::{Party, TieBreak, webster};
///
/// let parties = [Party::new("a", 170), Party::new("b", 110), Party::new("c", 60)];
/// assert_eq!(webster(5, &parties, TieBreak::NameAscending), [2, 2, 1]);
/// ```
pub fn webster(seats: u32, parties: &[Party<'_>], tie: TieBreak) -> Vec<u64> {
    let votes: Vec<u64> = parties.iter().map(|party| party.votes).collect();
    let before: Vec<u64> = parties.iter().map(|party| party.seats.into()).collect();
    give(seats, &votes, before, || {
        ranks(parties.len(), tie, |party| {
            parties.get(party).map_or("", |party| party.name)
        })
    })
}

/// The same for parties that have no seat yet and whose names are looked up only when needed.
pub(super) fn seats_of(seats: u32, votes: &[u64], ranks: impl FnOnce() -> Vec<u32>) -> Vec<u64> {
    give(seats, votes, vec![0; votes.len()], ranks)
}

/// The place of each party in the order of names.
pub(super) fn ranks<'n>(
    parties: usize,
    tie: TieBreak,
    name: impl Fn(usize) -> &'n str,
) -> Vec<u32> {
    let count = narrow(parties);
    let mut ranks: Vec<u32> = (0..count).collect();
    if !(1..parties).all(|party| name(party - 1) <= name(party)) {
        let mut order: Vec<usize> = (0..parties).collect();
        order.sort_by_key(|&party| name(party));
        for (rank, party) in (0..count).zip(order) {
            if let Some(place) = ranks.get_mut(party) {
                *place = rank;
            }
        }
    }
    if tie == TieBreak::NameDescending {
        for rank in &mut ranks {
            *rank = count - 1 - *rank;
        }
    }
    ranks
}

/// A number of parties, of which there are never so many.
pub(super) fn narrow(parties: usize) -> u32 {
    u32::try_from(parties).unwrap_or(u32::MAX)
}

fn wide(party: u32) -> usize {
    usize::try_from(party).unwrap_or(usize::MAX)
}

fn give(seats: u32, votes: &[u64], before: Vec<u64>, ranks: impl FnOnce() -> Vec<u32>) -> Vec<u64> {
    if seats == 0 || votes.is_empty() {
        return before;
    }
    // Without any vote fewer seats decide, and then names: just as if all votes were equal.
    let ones;
    let votes = if votes.iter().all(|&votes| votes == 0) {
        ones = vec![1; votes.len()];
        &ones
    } else {
        votes
    };
    let share = Share::of(seats, votes, &before);
    let mut after: Vec<u64> = votes
        .iter()
        .zip(&before)
        .map(|(&votes, &before)| share.seats(votes).max(before))
        .collect();
    let wanted = u128::from(seats) + sum(&before);
    let given = sum(&after);
    match given.cmp(&wanted) {
        Ordering::Less => add(wanted - given, votes, &mut after, &ranks()),
        Ordering::Greater => take(given - wanted, votes, &before, &mut after, &ranks()),
        Ordering::Equal => {}
    }
    after
}

fn sum(seats: &[u64]) -> u128 {
    seats.iter().map(|&seats| u128::from(seats)).sum()
}

/// How many seats there are for how many votes, among the parties that get any. Each party's
/// rounded share is right up to a seat; what is then missing or too much in all is less than the
/// number of parties.
struct Share {
    seats: u128,
    votes: u128,
    /// Every claim of at least this is served at once.
    threshold: f64,
}

impl Share {
    fn of(seats: u32, votes: &[u64], before: &[u64]) -> Self {
        let all = votes.iter().map(|&votes| u128::from(votes)).sum();
        let (seats, votes) = if before.iter().all(|&before| before == 0) {
            (seats.into(), all)
        } else {
            Self::without_full(seats.into(), votes, before)
        };
        // Any threshold is right; this one leaves little to do.
        #[allow(clippy::cast_precision_loss)]
        let threshold = votes as f64 / (2 * seats) as f64;
        Self {
            seats,
            votes,
            threshold,
        }
    }

    /// Leaves out the parties that have more than their share already.
    fn without_full(seats: u128, votes: &[u64], before: &[u64]) -> (u128, u128) {
        let mut parties: Vec<(u128, u128)> = votes
            .iter()
            .zip(before)
            .filter(|&(&votes, _)| votes > 0)
            .map(|(&votes, &before)| (before.into(), votes.into()))
            .collect();
        // The least full first. Neither product exceeds 2^33 * 2^64.
        parties.sort_unstable_by(|left, right| (left.0 * right.1).cmp(&(right.0 * left.1)));
        let mut sum = (seats, 0);
        for (before, votes) in parties {
            // Seats are below 2^33 and summed over parties; votes are below 2^64.
            if sum.1 > 0 && before.saturating_mul(sum.1) >= sum.0.saturating_mul(votes) {
                break;
            }
            sum = (sum.0 + before, sum.1 + votes);
        }
        sum
    }

    /// How many seats of a party without any have a claim of at least the threshold.
    fn seats(&self, votes: u64) -> u64 {
        if votes == 0 {
            return 0;
        }
        let twice = 2 * u128::from(votes).saturating_mul(self.seats) + self.votes;
        let mut seats = quotient(twice, 2 * self.votes);
        while seats > 0 && priority(votes, seats - 1) < self.threshold {
            seats -= 1;
        }
        while priority(votes, seats) >= self.threshold {
            seats += 1;
        }
        seats
    }
}

/// The quotient of two numbers that mostly are small, for which a narrow division is much faster.
fn quotient(dividend: u128, divisor: u128) -> u64 {
    match (u64::try_from(dividend), u64::try_from(divisor)) {
        (Ok(dividend), Ok(divisor)) => dividend / divisor,
        _ => u64::try_from(dividend / divisor).unwrap_or(u64::MAX),
    }
}

fn add(missing: u128, votes: &[u64], seats: &mut [u64], ranks: &[u32]) {
    let claim = |seats: u64, rank: u32, party: u32| {
        let votes = votes.get(wide(party)).copied().filter(|votes| *votes > 0)?;
        Some(Claim::new(votes, seats, rank, party))
    };
    let parties = (0..).zip(seats.iter().zip(ranks));
    let claims = parties.filter_map(|(party, (&seats, &rank))| claim(seats, rank, party));
    let next = |served: &Claim| claim(served.seats + 1, served.rank, served.party);
    serve(missing, claims.collect(), next, |served| {
        if let Some(seats) = seats.get_mut(wide(served.party)) {
            *seats += 1;
        }
    });
}

fn take(surplus: u128, votes: &[u64], before: &[u64], seats: &mut [u64], ranks: &[u32]) {
    // The claim to the last of so many seats, unless the party has had it before.
    let claim = |seats: u64, rank: u32, party: u32| {
        let (votes, before) = (votes.get(wide(party))?, before.get(wide(party))?);
        let last = seats.checked_sub(1).filter(|last| last >= before)?;
        Some(Reverse(Claim::new(*votes, last, rank, party)))
    };
    let parties = (0..).zip(seats.iter().zip(ranks));
    let claims = parties.filter_map(|(party, (&seats, &rank))| claim(seats, rank, party));
    let next = |Reverse(taken): &Reverse<Claim>| claim(taken.seats, taken.rank, taken.party);
    serve(surplus, claims.collect(), next, |Reverse(taken)| {
        if let Some(seats) = seats.get_mut(wide(taken.party)) {
            *seats -= 1;
        }
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One seat at a time, by the definition.
    // Karmada rounds votes to floats, too.
    #[allow(clippy::cast_precision_loss)]
    fn slow(seats: u32, parties: &[Party<'_>], tie: TieBreak) -> Vec<u64> {
        let mut after: Vec<u64> = parties.iter().map(|party| party.seats.into()).collect();
        for _ in 0..seats {
            let best = (0..parties.len()).max_by(|&left, &right| {
                let claim = |party: usize| {
                    let (votes, seats) = (parties[party].votes, after[party]);
                    votes as f64 / (2 * seats + 1) as f64
                };
                let names = parties[right].name.cmp(parties[left].name);
                claim(left)
                    .total_cmp(&claim(right))
                    .then(after[right].cmp(&after[left]))
                    .then(match tie {
                        TieBreak::NameAscending => names,
                        TieBreak::NameDescending => names.reverse(),
                    })
            });
            let Some(best) = best else { break };
            after[best] += 1;
        }
        after
    }

    fn cases(fallback: u32) -> ProptestConfig {
        let cases = std::env::var("PROPTEST_CASES");
        ProptestConfig::with_cases(cases.ok().and_then(|n| n.parse().ok()).unwrap_or(fallback))
    }

    proptest! {
        #![proptest_config(cases(2000))]
        #[test]
        fn seats_are_those_of_one_at_a_time(
            seats in 0_u32..300,
            parties in proptest::collection::vec(
                (
                    prop_oneof![Just(0_u64), 1..8_u64, 1..200_u64, any::<u64>()],
                    prop_oneof![3 => Just(0_u32), 1 => 0..50_u32],
                ),
                0..12,
            ),
            shift in 0_usize..12,
            descending: bool,
        ) {
            let names: Vec<String> = (0..parties.len())
                .map(|party| format!("p{:02}", (party * 7 + shift) % 13))
                .collect();
            let parties: Vec<_> = parties
                .iter()
                .zip(&names)
                .map(|(&(votes, seats), name)| Party::new(name, votes).seated(seats))
                .collect();
            let tie = if descending { TieBreak::NameDescending } else { TieBreak::NameAscending };
            prop_assert_eq!(webster(seats, &parties, tie), slow(seats, &parties, tie));
        }
    }

    #[test]
    fn no_number_is_too_large() {
        let parties = [
            Party::new("a", u64::MAX).seated(u32::MAX),
            Party::new("b", 0).seated(u32::MAX),
            Party::new("c", u64::MAX),
            Party::new("d", 1),
        ];
        let seats = webster(u32::MAX, &parties, TieBreak::NameAscending);
        assert_eq!(seats, [4_294_967_295, 4_294_967_295, 4_294_967_295, 0]);
        let many = vec![Party::new("same", u64::MAX); 1000];
        let seats = webster(u32::MAX, &many, TieBreak::NameDescending);
        assert_eq!(seats.iter().sum::<u64>(), u64::from(u32::MAX));
        assert_eq!(webster(9, &[], TieBreak::NameAscending), [0; 0]);
    }
}
