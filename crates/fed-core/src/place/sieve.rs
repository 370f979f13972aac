//! What holds a cluster back? Reasons in their order, each with the clusters that it holds back:
//! asked about one cluster, or about all of them at once, with the same answers.

use crate::fleet::{ClusterIndex, ClusterSet};

/// Reasons, and which clusters each holds back.
#[derive(Clone, Debug)]
pub(crate) struct Sieve<R> {
    steps: Vec<(R, ClusterSet)>,
}

impl<R: Copy> Sieve<R> {
    /// Lets all pass.
    pub(crate) const fn new() -> Self {
        Self { steps: Vec::new() }
    }

    /// After all else, this holds these clusters back.
    pub(crate) fn hold(&mut self, reason: R, clusters: ClusterSet) {
        if !clusters.is_empty() {
            self.steps.push((reason, clusters));
        }
    }

    /// The first reason that holds a cluster back.
    pub(crate) fn holding(&self, index: ClusterIndex) -> Option<R> {
        let mut steps = self.steps.iter();
        let holding = steps.find(|(_, clusters)| clusters.contains(index));
        holding.map(|(reason, _)| *reason)
    }

    /// Those of these clusters that pass. Tells how many each reason is the first to hold back.
    pub(crate) fn sift(&self, clusters: ClusterSet, tell: &mut dyn FnMut(R, usize)) -> ClusterSet {
        let mut left = clusters.len();
        self.steps.iter().fold(clusters, |passing, (reason, held)| {
            let passing = passing.without(held);
            let passed = passing.len();
            if passed < left {
                tell(*reason, left - passed);
            }
            left = passed;
            passing
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn set() -> impl Strategy<Value = ClusterSet> {
        proptest::collection::vec(0_usize..150, 0..60)
            .prop_map(|numbers| numbers.into_iter().map(ClusterIndex::new).collect())
    }

    proptest! {
        #[test]
        fn all_at_once_are_held_back_like_each(
            clusters in set(),
            steps in proptest::collection::vec(set(), 0..4),
        ) {
            let mut sieve = Sieve::new();
            for (reason, clusters) in steps.into_iter().enumerate() {
                sieve.hold(reason, clusters);
            }
            let mut expected: BTreeMap<usize, usize> = BTreeMap::new();
            for reason in clusters.iter().filter_map(|index| sieve.holding(index)) {
                *expected.entry(reason).or_insert(0) += 1;
            }
            let passing: ClusterSet =
                clusters.iter().filter(|index| sieve.holding(*index).is_none()).collect();
            let mut told = BTreeMap::new();
            let passed = sieve.sift(clusters, &mut |reason, count| {
                told.insert(reason, count);
            });
            prop_assert_eq!((passed, told), (passing, expected));
        }
    }
}
