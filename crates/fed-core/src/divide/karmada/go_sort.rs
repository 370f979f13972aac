//! Which items are the first in the order in which Go's `sort.Sort` leaves them? It is not stable,
//! and Karmada takes the first clusters of its result, so the very steps of its pattern-defeating
//! quicksort are taken here. Only those are left out that do not matter for who is among the first.

use std::ops::Range;

/// Below this many items, insertion is fastest.
const FEW: usize = 12;
/// From this many items on, the pivot is a median of medians, and a nearly sorted range is mended.
const MANY: usize = 50;

/// Sorts items so that none stands behind one that it is `before`, as far as that is needed.
///
/// The parts before and behind a place are sorted one by one, and `split` is asked for which of
/// them it is needed: it is told the need for both, and the items before that place, which stand
/// in any order.
pub(super) fn sort<T: Copy, N>(
    items: &mut [T],
    before: impl Fn(&T, &T) -> bool,
    need: N,
    split: impl Fn(N, &[T]) -> [Option<N>; 2],
) {
    let length = items.len();
    if length > 1 {
        let mut sorter = Sorter {
            items,
            before,
            split,
        };
        sorter.quick(0, length, bit_length(length), need);
    }
}

struct Sorter<'i, T, F, S> {
    items: &'i mut [T],
    before: F,
    split: S,
}

/// What the pivot was found to say about its range.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hint {
    Ascending,
    Descending,
    None,
}

fn bit_length(number: usize) -> u32 {
    usize::BITS - number.leading_zeros()
}

impl<T: Copy, F: Fn(&T, &T) -> bool, S> Sorter<'_, T, F, S> {
    fn less(&self, left: usize, right: usize) -> bool {
        match (self.items.get(left), self.items.get(right)) {
            (Some(left), Some(right)) => (self.before)(left, right),
            _ => false,
        }
    }

    fn swap(&mut self, left: usize, right: usize) {
        if left.max(right) < self.items.len() {
            self.items.swap(left, right);
        }
    }

    /// Sorts a range. It calls itself on the shorter part only, so that the depth is bounded by
    /// the logarithm of the length.
    fn quick<N>(&mut self, mut from: usize, mut to: usize, mut bad_pivots_left: u32, mut need: N)
    where
        S: Fn(N, &[T]) -> [Option<N>; 2],
    {
        let (mut balanced, mut partitioned) = (true, true);
        loop {
            let length = to - from;
            if length <= FEW {
                return self.insertion(from, to);
            }
            if bad_pivots_left == 0 {
                return self.heap(from, to);
            }
            if !balanced {
                self.scatter(from, to);
                bad_pivots_left -= 1;
            }
            let (mut pivot, mut hint) = self.pivot(from, to);
            if hint == Hint::Descending {
                if let Some(range) = self.items.get_mut(from..to) {
                    range.reverse();
                }
                pivot = (to - 1) - (pivot - from);
                hint = Hint::Ascending;
            }
            if balanced && partitioned && hint == Hint::Ascending && self.mend(from, to) {
                return;
            }
            // What stands before the range is no larger: if the pivot is no larger either, it is
            // the smallest, and all that equal it are in place already.
            if from > 0 && !self.less(from - 1, pivot) {
                let rest = self.partition_equal(from, to, pivot);
                let [_, behind] = self.split(need, from..rest);
                let Some(behind) = behind else { return };
                (from, need) = (rest, behind);
                continue;
            }
            let middle;
            (middle, partitioned) = self.partition(from, to, pivot);
            let (left, right) = (middle - from, to - middle);
            balanced = left.min(right) >= length / 8;
            let [in_front, behind] = self.split(need, from..middle + 1);
            let (shorter, longer) = if left < right {
                ((from, middle, in_front), (middle + 1, to, behind))
            } else {
                ((middle + 1, to, behind), (from, middle, in_front))
            };
            if let (from, to, Some(need)) = shorter {
                self.quick(from, to, bad_pivots_left, need);
            }
            let (next_from, next_to, Some(next_need)) = longer else {
                return;
            };
            (from, to, need) = (next_from, next_to, next_need);
        }
    }

    fn split<N>(&self, need: N, front: Range<usize>) -> [Option<N>; 2]
    where
        S: Fn(N, &[T]) -> [Option<N>; 2],
    {
        (self.split)(need, self.items.get(front).unwrap_or_default())
    }

    fn insertion(&mut self, from: usize, to: usize) {
        for item in from + 1..to {
            self.sink(item, from);
        }
    }

    /// Moves an item to the front until it stands right.
    fn sink(&mut self, mut item: usize, from: usize) {
        while item > from && self.less(item, item - 1) {
            self.swap(item, item - 1);
            item -= 1;
        }
    }

    fn heap(&mut self, from: usize, to: usize) {
        let length = to - from;
        for root in (0..=(length - 1) / 2).rev() {
            self.sift(root, length, from);
        }
        for last in (0..length).rev() {
            self.swap(from, from + last);
            self.sift(0, last, from);
        }
    }

    fn sift(&mut self, mut root: usize, end: usize, from: usize) {
        loop {
            let mut child = 2 * root + 1;
            if child >= end {
                return;
            }
            if child + 1 < end && self.less(from + child, from + child + 1) {
                child += 1;
            }
            if !self.less(from + root, from + child) {
                return;
            }
            self.swap(from + root, from + child);
            root = child;
        }
    }

    /// Breaks a pattern that makes for bad pivots, by moving three items to places that depend on
    /// the length alone.
    fn scatter(&mut self, from: usize, to: usize) {
        let length = to - from;
        if length < 8 {
            return;
        }
        let mut random = length as u64;
        let mask = (1_u64 << bit_length(length)) - 1;
        let first = from + (length / 4) * 2 - 1;
        for step in 0..3 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let other = usize::try_from(random & mask).unwrap_or(0);
            let other = if other >= length {
                other - length
            } else {
                other
            };
            self.swap(first + step, from + other);
        }
    }

    fn pivot(&self, from: usize, to: usize) -> (usize, Hint) {
        let length = to - from;
        let mut swaps = 0;
        let quarter = |number| from + length / 4 * number;
        let (mut low, mut middle, mut high) = (quarter(1), quarter(2), quarter(3));
        if length >= 8 {
            if length >= MANY {
                low = self.median([low - 1, low, low + 1], &mut swaps);
                middle = self.median([middle - 1, middle, middle + 1], &mut swaps);
                high = self.median([high - 1, high, high + 1], &mut swaps);
            }
            middle = self.median([low, middle, high], &mut swaps);
        }
        let hint = match swaps {
            0 => Hint::Ascending,
            12 => Hint::Descending,
            _ => Hint::None,
        };
        (middle, hint)
    }

    fn median(&self, [low, middle, high]: [usize; 3], swaps: &mut u32) -> usize {
        let mut ordered = |left, right| {
            if self.less(right, left) {
                *swaps += 1;
                (right, left)
            } else {
                (left, right)
            }
        };
        let (low, middle) = ordered(low, middle);
        let (middle, _) = ordered(middle, high);
        ordered(low, middle).1
    }

    /// Tries to finish a range that is nearly sorted, with a few moves.
    fn mend(&mut self, from: usize, to: usize) -> bool {
        let mut item = from + 1;
        for _ in 0..5 {
            while item < to && !self.less(item, item - 1) {
                item += 1;
            }
            if item == to {
                return true;
            }
            if to - from < MANY {
                return false;
            }
            self.swap(item, item - 1);
            if item - from >= 2 {
                self.sink(item - 1, 0);
            }
            let mut larger = item + 1;
            while larger < to && self.less(larger, larger - 1) {
                self.swap(larger, larger - 1);
                larger += 1;
            }
        }
        false
    }

    /// Puts what is smaller than the pivot before it and the rest behind it. Answers where the
    /// pivot stands then, and whether all stood right already.
    fn partition(&mut self, from: usize, to: usize, pivot: usize) -> (usize, bool) {
        self.swap(from, pivot);
        let (mut low, mut high) = (from + 1, to - 1);
        let mut in_place = true;
        loop {
            while low <= high && self.less(low, from) {
                low += 1;
            }
            while low <= high && !self.less(high, from) {
                high -= 1;
            }
            if low > high {
                break;
            }
            in_place = false;
            self.swap(low, high);
            low += 1;
            high -= 1;
        }
        self.swap(high, from);
        (high, in_place)
    }

    /// Puts what equals the pivot, which is the smallest, to the front. Answers where the rest
    /// begins.
    fn partition_equal(&mut self, from: usize, to: usize, pivot: usize) -> usize {
        self.swap(from, pivot);
        let (mut low, mut high) = (from + 1, to - 1);
        loop {
            while low <= high && !self.less(from, low) {
                low += 1;
            }
            while low <= high && self.less(from, high) {
                high -= 1;
            }
            if low > high {
                return low;
            }
            self.swap(low, high);
            low += 1;
            high -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Sorts all of them.
    fn sort_all<T: Copy>(items: &mut [T], before: impl Fn(&T, &T) -> bool) {
        sort(items, before, (), |(), _| [Some(()), Some(())]);
    }

    proptest! {
        #[test]
        fn anything_gets_sorted(
            items in proptest::collection::vec(0_u32..200, 0..700),
            sorted in 0_usize..700,
            descending: bool,
        ) {
            let mut items = items;
            let sorted = sorted.min(items.len());
            items[..sorted].sort_unstable();
            if descending {
                items.reverse();
            }
            let mut expected = items.clone();
            expected.sort_unstable();
            sort_all(&mut items, |left, right| left < right);
            prop_assert_eq!(items, expected);
        }
    }

    #[test]
    fn a_hostile_pattern_ends_in_a_heap() {
        let mut items: Vec<usize> = (0..5000).map(|item| (item * 2503) % 97).collect();
        let mut sorter = Sorter {
            items: &mut items,
            before: |left: &usize, right: &usize| left < right,
            split: |(), _: &[usize]| [Some(()), Some(())],
        };
        sorter.quick(0, 5000, 1, ());
        sorter.heap(0, 5000);
        assert!(items.is_sorted());
    }

    fn random(case: u64, field: u64) -> u64 {
        let z = (42_u64 << 32)
            .wrapping_add(16 * case + field)
            .wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Item `i` of `n`, of lists with many equal items and with patterns.
    fn item(kind: u64, case: u64, i: u64, n: u64, distinct: u64) -> u64 {
        match kind {
            0 => random(i + case * 10_007, 2) % distinct,
            1 => i % distinct,
            2 => i * distinct / n,
            3 => (n - i) * distinct / n,
            4 => i.min(n - i),
            5 if i % 97 == 3 => random(i + case, 3) % n,
            5 => i,
            _ => i * i % (distinct * distinct),
        }
    }

    /// The fingerprint of the orders in which 300 lists of a kind are left.
    fn fingerprint(kind: u64) -> u64 {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for case in 0..300 {
            let n = random(case, 0) % 1500 + 1;
            let distinct = 1 + random(case, 1) % 50;
            let mut items: Vec<(u64, u64)> = (0..n)
                .map(|i| (i, item(kind, case, i, n, distinct)))
                .collect();
            sort_all(&mut items, |left, right| left.1 > right.1);
            for (member, _) in items {
                hash = (hash ^ member).wrapping_mul(0x0100_0000_01b3);
            }
        }
        hash
    }

    /// Sorts as far as it takes for the first so many to stand in front.
    fn sort_first<T: Copy>(first: usize, items: &mut [T], before: impl Fn(&T, &T) -> bool) {
        sort(items, before, first, |first, front| {
            if first <= front.len() {
                [Some(first), None]
            } else {
                [None, Some(first - front.len())]
            }
        });
    }

    #[test]
    fn the_first_are_those_of_the_whole_order() {
        for kind in 0..7 {
            for case in 0..100 {
                let n = random(case, 0) % 1500 + 1;
                let first = usize::try_from(random(case, 4) % n + 1).unwrap();
                let distinct = 1 + random(case, 1) % 50;
                let list = (0..n).map(|i| (i, item(kind, case, i, n, distinct)));
                let mut some: Vec<(u64, u64)> = list.collect();
                let mut all = some.clone();
                sort_all(&mut all, |left, right| left.1 > right.1);
                sort_first(first, &mut some, |left, right| left.1 > right.1);
                some[..first].sort_unstable();
                all[..first].sort_unstable();
                assert_eq!(
                    some[..first],
                    all[..first],
                    "{first} of {n} in list {kind}/{case}"
                );
            }
        }
    }

    #[test]
    fn equal_items_are_left_as_go_leaves_them() {
        // What Go's own `sort.Sort` gave for the same lists.
        let go = [
            0x4072_1445_632f_49ff,
            0xa050_6f83_9761_36dd,
            0xac01_18e8_8e42_e24f,
            0xf52f_61f7_df79_b7a5,
            0xffa9_ec47_8350_1787,
            0x48ce_2ba0_779c_36a5,
            0xcda3_3171_2a78_6759,
        ];
        let found: Vec<u64> = (0..7).map(fingerprint).collect();
        assert_eq!(found, go);
    }
}
