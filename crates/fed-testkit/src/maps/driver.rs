//! Who carries decisions to the clusters? A loop that remembers what it is told to, does what it is
//! told to, and looks again.

use std::collections::BTreeSet;

use fed_core::reconcile::{Act, Decision, Desired, Memory, Outcome, Step, reconcile};
use fed_core::{ClusterName, ObjectId, Timestamp};

use super::MapClusters;

/// Carries decisions to clusters. What it holds is what survives between two steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Driver {
    /// What was saved.
    pub memory: Memory,
    /// The time of the next step. Nobody but the test moves it.
    pub now: Timestamp,
    /// The intents that are deleted.
    pub withdrawn: BTreeSet<ObjectId>,
    /// The clusters that are gone for good.
    pub gone: BTreeSet<ClusterName>,
    outcomes: Vec<Outcome>,
    asked: BTreeSet<(ClusterName, ObjectId)>,
}

impl Default for Driver {
    fn default() -> Self {
        Self {
            memory: Memory::default(),
            now: Timestamp::UNIX_EPOCH,
            withdrawn: BTreeSet::new(),
            gone: BTreeSet::new(),
            outcomes: Vec::new(),
            asked: BTreeSet::new(),
        }
    }
}

impl Driver {
    /// Decides once, from what is seen now.
    pub fn decide(&mut self, desired: &Desired, clusters: &MapClusters) -> Decision {
        let asked = std::mem::take(&mut self.asked);
        let sights =
            clusters.sights(|cluster, object| asked.contains(&(cluster.clone(), object.clone())));
        let outcomes = std::mem::take(&mut self.outcomes);
        let step = Step::new(desired, &sights, &self.memory, self.now)
            .after(&outcomes)
            .withdrawing(&self.withdrawn)
            .without(&self.gone);
        let decision = reconcile(&step);
        for action in &decision.actions {
            if action.act == Act::Look {
                let object = action.object.versionless();
                self.asked.insert((action.cluster.clone(), object));
            }
        }
        decision
    }

    /// Saves what a decision remembers.
    pub fn save(&mut self, decision: &Decision) {
        self.memory = decision.memory.clone().saved();
    }

    /// Takes note of how an action went.
    pub fn note(&mut self, outcome: Outcome) {
        self.outcomes.push(outcome);
    }

    /// Forgets all that was not saved, as a crash does.
    pub fn crash(&mut self) {
        self.outcomes.clear();
        self.asked.clear();
    }

    /// Decides, saves and acts, until there is nothing more to do. Tells in how many rounds; nothing
    /// if it takes more than that.
    pub fn run(
        &mut self,
        desired: &Desired,
        clusters: &mut MapClusters,
        rounds: usize,
    ) -> Option<usize> {
        (0..rounds).find(|_| {
            let decision = self.decide(desired, clusters);
            let is_new = decision.memory.needs_saving();
            self.save(&decision);
            for action in &decision.actions {
                let outcome = clusters.perform(action);
                self.note(outcome);
            }
            for object in &decision.finished {
                self.withdrawn
                    .retain(|withdrawn| !withdrawn.same_object(object));
            }
            decision.actions.is_empty() && !is_new
        })
    }
}
