//! Some of the clusters of a fleet, as a small value.

use std::fmt;

/// The place of a cluster in its fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClusterIndex(usize);

impl ClusterIndex {
    pub(crate) const fn new(index: usize) -> Self {
        Self(index)
    }

    /// The place as a number, from 0.
    pub const fn get(self) -> usize {
        self.0
    }
}

const BITS: usize = u64::BITS as usize;

/// A set of clusters of one fleet: a bit for each cluster.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct ClusterSet {
    words: Vec<u64>,
}

impl ClusterSet {
    /// The set without a cluster.
    pub const fn new() -> Self {
        Self { words: Vec::new() }
    }

    /// The first so many clusters of a fleet.
    pub(crate) fn first(count: usize) -> Self {
        let mut words = vec![u64::MAX; count / BITS];
        if !count.is_multiple_of(BITS) {
            words.push((1 << (count % BITS)) - 1);
        }
        Self { words }
    }

    /// The same, without those that are not in the other one.
    #[must_use]
    pub(crate) fn and(mut self, other: &Self) -> Self {
        self.words.truncate(other.words.len());
        for (own, other) in self.words.iter_mut().zip(&other.words) {
            *own &= other;
        }
        self.trimmed()
    }

    /// The same, without those of the other one.
    #[must_use]
    pub(crate) fn without(mut self, other: &Self) -> Self {
        for (own, other) in self.words.iter_mut().zip(&other.words) {
            *own &= !other;
        }
        self.trimmed()
    }

    /// The same, with those of the other one.
    #[must_use]
    pub(crate) fn or(mut self, other: &Self) -> Self {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (own, other) in self.words.iter_mut().zip(&other.words) {
            *own |= other;
        }
        self
    }

    /// Equal sets have equal words.
    fn trimmed(mut self) -> Self {
        let length = self.words.iter().rposition(|word| *word != 0);
        self.words.truncate(length.map_or(0, |last| last + 1));
        self
    }

    /// Adds a cluster. Tells whether it is new.
    pub fn insert(&mut self, index: ClusterIndex) -> bool {
        let (word, bit) = (index.0 / BITS, 1 << (index.0 % BITS));
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.words.get_mut(word).is_some_and(|bits| {
            let new = *bits & bit == 0;
            *bits |= bit;
            new
        })
    }

    /// Is the cluster in the set?
    pub fn contains(&self, index: ClusterIndex) -> bool {
        self.words
            .get(index.0 / BITS)
            .is_some_and(|bits| bits & (1 << (index.0 % BITS)) != 0)
    }

    /// How many clusters of the set come before this one.
    pub fn rank(&self, index: ClusterIndex) -> usize {
        let (word, bit) = (index.0 / BITS, index.0 % BITS);
        let before = self.words.iter().take(word);
        let whole: usize = before.map(|bits| bits.count_ones() as usize).sum();
        let below = self
            .words
            .get(word)
            .map_or(0, |bits| bits & ((1 << bit) - 1));
        whole + below.count_ones() as usize
    }

    /// How many clusters there are in the set.
    pub fn len(&self) -> usize {
        self.words
            .iter()
            .map(|bits| bits.count_ones() as usize)
            .sum()
    }

    /// Is no cluster in the set?
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|bits| *bits == 0)
    }

    /// The clusters of the set, in the order of the fleet.
    pub fn iter(&self) -> impl Iterator<Item = ClusterIndex> + Clone {
        self.words.iter().enumerate().flat_map(|(word, bits)| {
            let mut rest = *bits;
            std::iter::from_fn(move || {
                if rest == 0 {
                    return None;
                }
                let bit = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                Some(ClusterIndex(word * BITS + bit))
            })
        })
    }
}

impl FromIterator<ClusterIndex> for ClusterSet {
    fn from_iter<I: IntoIterator<Item = ClusterIndex>>(indices: I) -> Self {
        let mut set = Self::new();
        for index in indices {
            set.insert(index);
        }
        set
    }
}

impl fmt::Debug for ClusterSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.iter().map(ClusterIndex::get))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn a_cluster_set_is_a_set(numbers in proptest::collection::vec(0usize..300, 0..40)) {
            let model: BTreeSet<_> = numbers.iter().copied().collect();
            let set: ClusterSet = numbers.iter().copied().map(ClusterIndex::new).collect();
            prop_assert_eq!(set.len(), model.len());
            prop_assert_eq!(set.is_empty(), model.is_empty());
            prop_assert!(set.iter().map(ClusterIndex::get).eq(model.iter().copied()));
            for number in 0..310 {
                prop_assert_eq!(set.contains(ClusterIndex::new(number)), model.contains(&number));
                prop_assert_eq!(set.rank(ClusterIndex::new(number)), model.range(..number).count());
            }
        }

        #[test]
        fn sets_are_combined_like_sets(
            ours in proptest::collection::btree_set(0usize..300, 0..40),
            theirs in proptest::collection::btree_set(0usize..300, 0..40),
            count in 0usize..300,
        ) {
            let set = |numbers: &BTreeSet<usize>| -> ClusterSet {
                numbers.iter().copied().map(ClusterIndex::new).collect()
            };
            let (own, other) = (set(&ours), set(&theirs));
            prop_assert_eq!(own.clone().and(&other), set(&(&ours & &theirs)));
            prop_assert_eq!(own.clone().without(&other), set(&(&ours - &theirs)));
            prop_assert_eq!(own.or(&other), set(&(&ours | &theirs)));
            prop_assert_eq!(ClusterSet::first(count), set(&(0..count).collect()));
        }
    }
}
