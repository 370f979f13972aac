//! Which clusters does the namespace of an object let pass?

use super::sieve::Sieve;
use super::verdict::{Rule, Verdict};
use crate::fleet::{ClusterSet, Fleet};

/// What the namespace of an object lets pass.
#[derive(Clone, Debug)]
pub(crate) struct Gate<'p> {
    pub(super) sieve: Sieve<Verdict>,
    /// The rules of the namespace, all of which must choose a cluster.
    pub(super) rules: Vec<Rule<'p>>,
}

impl<'p> Gate<'p> {
    /// Everything passes.
    pub(crate) const fn open() -> Self {
        Self {
            sieve: Sieve::new(),
            rules: Vec::new(),
        }
    }

    /// Nothing passes, as the namespace is not federated.
    pub(crate) fn shut(fleet: &Fleet) -> Self {
        let mut gate = Self::open();
        let all = fleet.index().all().clone();
        gate.sieve.hold(Verdict::NamespaceNotFederated, all);
        gate
    }

    /// The clusters pass that all of these rules of the namespace choose, and in which it is placed.
    pub(crate) fn namespace(rules: Vec<Rule<'p>>, placed: &ClusterSet, fleet: &Fleet) -> Self {
        let mut sieve = Sieve::new();
        for rule in &rules {
            let others = fleet.index().all().clone().without(&rule.chosen(fleet));
            sieve.hold(Verdict::NamespaceNotPlaced, others);
        }
        let others = fleet.index().all().clone().without(placed);
        sieve.hold(Verdict::NamespaceNotPlaced, others);
        Self { sieve, rules }
    }
}
