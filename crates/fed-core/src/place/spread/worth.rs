//! How is one selection weighed against another? Numbers for each choice, the sums of which are
//! compared one after the other.

use super::problem::Problem;

/// What counts, the most important first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Running replicas, number, score, room.
    Score,
    /// Running replicas, number, room, score.
    RoomBeforeScore,
    /// Running replicas, room, number, score.
    RoomBeforeNumber,
    /// Room, running replicas, number, score.
    RoomFirst,
    /// So many times the running replicas and so many times the room, together.
    Blend { kept: i128, room: i128 },
}

const PARTS: usize = 5;

/// Something whose sums tell the better selection. All values are above [`Worth::NOTHING`], so that
/// a selection gets better by every choice that is added.
pub(super) trait Worth: Copy + Ord {
    /// Of no choice at all.
    const NOTHING: Self;
    /// Of what cannot be had. It is never added to.
    const IMPOSSIBLE: Self;

    fn plus(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
}

impl Worth for i128 {
    const NOTHING: Self = 0;
    const IMPOSSIBLE: Self = i128::MIN;

    // Neither can leave the range: see `packed`.
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }

    fn minus(self, other: Self) -> Self {
        self.wrapping_sub(other)
    }
}

impl Worth for [i128; PARTS] {
    const NOTHING: Self = [0; PARTS];
    const IMPOSSIBLE: Self = [i128::MIN; PARTS];

    fn plus(mut self, other: Self) -> Self {
        for (own, other) in self.iter_mut().zip(other) {
            *own = own.saturating_add(other);
        }
        self
    }

    fn minus(mut self, other: Self) -> Self {
        for (own, other) in self.iter_mut().zip(other) {
            *own = own.saturating_sub(other);
        }
        self
    }
}

/// The worth of each choice.
pub(super) enum Worths {
    /// All parts of it in one number.
    Packed(Vec<i128>),
    /// Where the numbers are too large for that.
    Wide(Vec<[i128; PARTS]>),
}

impl Worths {
    pub(super) fn of(problem: &Problem, order: Order) -> Self {
        let parts = || {
            problem.rows.iter().zip(0_i128..).map(move |(row, place)| {
                let (kept, score, room) = (i128::from(row.kept), i128::from(row.score), row.room);
                match order {
                    Order::Score => [kept, 1, score, room, -place],
                    Order::RoomBeforeScore => [kept, 1, room, score, -place],
                    Order::RoomBeforeNumber => [kept, room, 1, score, -place],
                    Order::RoomFirst => [room, kept, 1, score, -place],
                    Order::Blend { kept: k, room: r } => {
                        [k * kept + r * room, kept, 1, score, -place]
                    }
                }
            })
        };
        match weights(parts()) {
            Some(weights) => Self::Packed(parts().map(|parts| packed(parts, weights)).collect()),
            None => Self::Wide(parts().collect()),
        }
    }
}

/// With what each part is multiplied, so that no sum of later parts can outweigh an earlier one.
fn weights(rows: impl Iterator<Item = [i128; PARTS]>) -> Option<[i128; PARTS]> {
    let mut totals = [0_i128; PARTS];
    for row in rows {
        for (total, part) in totals.iter_mut().zip(row) {
            *total = total.checked_add(part.checked_abs()?)?;
        }
    }
    let mut weights = [1; PARTS];
    let mut weight = 1_i128;
    for (slot, total) in weights.iter_mut().zip(totals).rev() {
        *slot = weight;
        let range = total.checked_mul(2)?.checked_add(1)?;
        weight = weight.checked_mul(range)?;
    }
    // One more bit, so that sums of differences stay in range as well.
    weight.checked_mul(2).map(|_| weights)
}

fn packed(parts: [i128; PARTS], weights: [i128; PARTS]) -> i128 {
    parts
        .into_iter()
        .zip(weights)
        .fold(0, |sum, (part, weight)| {
            sum.wrapping_add(part.wrapping_mul(weight))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sum<W: Worth>(worths: impl Iterator<Item = W>) -> W {
        worths.fold(W::NOTHING, W::plus)
    }

    proptest! {
        #[test]
        fn packed_sums_compare_like_their_parts(
            rows in proptest::collection::vec(
                (any::<[bool; 2]>(), proptest::array::uniform5(-40_i128..40)), 0..12
            ),
        ) {
            let weights = weights(rows.iter().map(|row| row.1)).unwrap();
            let wide = |side: usize| sum(rows.iter().filter(|row| row.0[side]).map(|row| row.1));
            let short = |side: usize| {
                let chosen = rows.iter().filter(|row| row.0[side]);
                sum(chosen.map(|row| packed(row.1, weights)))
            };
            prop_assert_eq!(short(0).cmp(&short(1)), wide(0).cmp(&wide(1)));
        }
    }

    #[test]
    fn what_does_not_fit_into_one_number_is_not_packed() {
        let large = i128::from(i64::MAX);
        assert_eq!(weights([[large, 1, large, 1, 0]].into_iter()), None);
        assert!(weights([[large, 1, 1, 1, 0]].into_iter()).is_some());
    }
}
