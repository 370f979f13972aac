//! How are rounds skipped that only repeat the one before? With running replicas that are kept,
//! most of a round's shares count against those, little is given, and there may be as many rounds
//! as replicas.
//!
//! A number of rounds is skipped in which nobody leaves, nobody's running replicas are used up, and
//! those who have none of them get the same in each round. What is left then falls by the same
//! number in each round, and what counts against the others is a sum of quotients of an arithmetic
//! series, for which no loop over the rounds is needed. What remains to be done in single rounds is
//! in the order of the cube root of the number of replicas at worst.

use super::{Row, Turn, share};

/// Makes as many rounds as can be skipped, and returns what is left after them.
///
/// To be asked after a round, so that no row is beyond its limit.
pub(super) fn skip(
    rows: &mut [Row],
    shared: i64,
    weights: i128,
    watch: &mut impl FnMut(Turn),
) -> i64 {
    let pace = Pace::of(rows, shared, weights);
    let rounds = pace.rounds(rows);
    if rounds == 0 {
        return shared;
    }
    for row in rows {
        let due = share(shared, row.weight, weights);
        let (counted, given) = match kind(row) {
            Kind::Bystander => continue,
            Kind::Taking => (0, due.saturating_mul(rounds)),
            Kind::Counting => (pace.counted(row, rounds).unwrap_or(row.kept), 0),
        };
        row.replicas = row.replicas.saturating_add(given);
        row.kept -= counted;
        watch(Turn {
            index: row.index,
            rounds,
            shared,
            weights,
            due,
            left: shared,
            counted,
            given,
        });
    }
    shared - pace.given * rounds
}

enum Kind {
    /// Has no share.
    Bystander,
    /// Gets its share.
    Taking,
    /// Has its share counted against what runs.
    Counting,
}

fn kind(row: &Row) -> Kind {
    if row.weight <= 0 {
        Kind::Bystander
    } else if row.kept > 0 {
        Kind::Counting
    } else {
        Kind::Taking
    }
}

/// What each of the rounds does.
struct Pace {
    shared: i64,
    weights: i128,
    /// What is given in one round.
    given: i64,
}

impl Pace {
    fn of(rows: &[Row], shared: i64, weights: i128) -> Self {
        let taking = rows.iter().filter(|row| matches!(kind(row), Kind::Taking));
        let given = taking.fold(0_i64, |given, row| {
            given.saturating_add(share(shared, row.weight, weights))
        });
        Self {
            shared,
            weights,
            given,
        }
    }

    /// How many rounds can be skipped.
    fn rounds(&self, rows: &[Row]) -> i64 {
        let mut rounds = match self.given {
            0 => i64::MAX,
            given => (self.shared - 1) / given,
        };
        let mut before = 0;
        let mut counting = false;
        for row in rows {
            match kind(row) {
                Kind::Bystander => {}
                Kind::Taking => {
                    let due = share(self.shared, row.weight, self.weights);
                    rounds = rounds.min(self.same_share(row, due));
                    before += due;
                }
                Kind::Counting => {
                    counting = true;
                    rounds = self.counted_in_full(row, before, rounds);
                }
            }
            if rounds == 0 {
                break;
            }
        }
        if counting { rounds } else { 0 }
    }

    /// In how many rounds a row that takes its share can take the same one.
    fn same_share(&self, row: &Row, due: i64) -> i64 {
        // Up to here, what is left is too little for the same share.
        let too_little = i128::from(due - 1) * self.weights / i128::from(row.weight);
        let slack = (i128::from(self.shared) - 1 - too_little).max(-1);
        let of_share = slack.div_euclid(i128::from(self.given)) + 1;
        let of_limit = row.limit.saturating_sub(row.replicas) / due;
        i64::try_from(of_share).map_or(of_limit, |rounds| rounds.min(of_limit))
    }

    /// In how many rounds, of at most `most`, all of a row's share counts against what runs there.
    /// `before` is what those before it take in each round.
    fn counted_in_full(&self, row: &Row, before: i64, most: i64) -> i64 {
        if self.given == 0 {
            let due = self.due(row, self.shared);
            return most.min(row.kept / due);
        }
        let holds = |rounds: i64| {
            let last = self.shared - self.given * (rounds - 1);
            let is_offered = self.due(row, last) <= last - before;
            is_offered && self.counted(row, rounds).is_some_and(|sum| sum <= row.kept)
        };
        if most == 0 || holds(most) {
            return most;
        }
        let (mut some, mut too_many) = (0, most);
        while too_many - some > 1 {
            let middle = some + (too_many - some) / 2;
            if holds(middle) {
                some = middle;
            } else {
                too_many = middle;
            }
        }
        some
    }

    /// A row's share of so many replicas: never more than all of them.
    fn due(&self, row: &Row, shared: i64) -> i64 {
        share(shared, row.weight, self.weights).min(shared)
    }

    /// The sum of a row's shares over so many rounds, unless it is out of range.
    fn counted(&self, row: &Row, rounds: i64) -> Option<i64> {
        if self.given == 0 {
            return self.due(row, self.shared).checked_mul(rounds);
        }
        let last = self.shared - self.given * (rounds - 1);
        let all = u128::try_from(self.weights).ok()?;
        let weight = u128::try_from(row.weight).ok()?.min(all);
        let number = |number: i64| u128::try_from(number).ok();
        let first_term = number(last)? * weight + (all - 1);
        let sum = sum_of_quotients(
            number(rounds)?,
            number(self.given)? * weight,
            first_term,
            all,
        )?;
        i64::try_from(sum).ok()
    }
}

/// The sum of `(step * i + start) / divisor`, each rounded down, for `i` from 0 to `terms - 1`;
/// `None` where it is out of range. The number of steps is that of Euclid's algorithm.
fn sum_of_quotients(terms: u128, step: u128, start: u128, divisor: u128) -> Option<u128> {
    let (mut terms, mut step, mut start, mut divisor) = (terms, step, start, divisor);
    let mut sum: u128 = 0;
    loop {
        if terms == 0 {
            return Some(sum);
        }
        let pairs = terms.checked_mul(terms - 1)? / 2;
        sum = sum.checked_add(pairs.checked_mul(step / divisor)?)?;
        sum = sum.checked_add(terms.checked_mul(start / divisor)?)?;
        step %= divisor;
        start %= divisor;
        // What is left are points below a line; counted again with the axes changed.
        let top = step.checked_mul(terms)?.checked_add(start)?;
        terms = top / divisor;
        start = top % divisor;
        (step, divisor) = (divisor, step);
        if divisor == 0 {
            return Some(sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_sum_of_quotients_is_that_of_a_loop(
            terms in 0..50_u128, step in 0..300_u128, start in 0..300_u128, divisor in 1..100_u128,
        ) {
            let slow: u128 = (0..terms).map(|i| (step * i + start) / divisor).sum();
            prop_assert_eq!(sum_of_quotients(terms, step, start, divisor), Some(slow));
        }
    }

    #[test]
    fn what_is_out_of_range_has_no_sum() {
        let large = u128::from(u64::MAX);
        assert_eq!(sum_of_quotients(large, large, large, 1), None);
    }
}
