//! Who carries decisions to the clusters? A loop that remembers what it is told to, does what it is
//! told to, and looks again.

use std::collections::BTreeSet;
use std::sync::Arc;

use fed_core::reconcile::{
    Act, Answer, Decision, Desired, Memory, Options, Recorded, Step, Withdrawn, reconcile,
};
use fed_core::{ClusterName, ObjectId, Timestamp};

use super::MapClusters;

/// Carries decisions to clusters.
#[derive(Clone, Debug, PartialEq)]
pub struct Driver {
    /// What is remembered.
    pub memory: Memory,
    /// The time of the next step. Nobody but the test moves it.
    pub now: Timestamp,
    /// The intents that are deleted.
    pub withdrawn: Withdrawn,
    /// The clusters that are gone for good.
    pub gone: BTreeSet<ClusterName>,
    /// What was written by whoever was there before.
    pub recorded: Recorded,
    /// The uids of the host's namespaces.
    pub host_namespaces: BTreeSet<Arc<str>>,
    answers: Vec<Answer>,
    /// The objects that were asked for as a whole, and are kept so.
    asked: BTreeSet<(ClusterName, ObjectId)>,
}

impl Default for Driver {
    fn default() -> Self {
        Self {
            memory: Memory::default(),
            now: Timestamp::UNIX_EPOCH,
            withdrawn: Withdrawn::default(),
            gone: BTreeSet::new(),
            recorded: Recorded::default(),
            host_namespaces: BTreeSet::new(),
            answers: Vec::new(),
            asked: BTreeSet::new(),
        }
    }
}

impl Driver {
    /// The intent of this object is deleted. Without options, those that are remembered hold.
    pub fn withdraw(&mut self, object: &ObjectId, options: Option<Options>) {
        self.withdrawn.insert(object, options);
    }

    /// What it knows besides what is remembered, as text.
    pub fn told(&self) -> String {
        format!(
            "{:?} {:?} {:?} {:?}",
            self.withdrawn, self.gone, self.answers, self.asked
        )
    }

    /// Decides once, from what is seen now.
    pub fn decide(&mut self, desired: &Desired, clusters: &MapClusters) -> Decision {
        let asked = &self.asked;
        let sights =
            clusters.sights(|cluster, object| asked.contains(&(cluster.clone(), object.clone())));
        let answers = std::mem::take(&mut self.answers);
        let step = Step::new(desired, &sights, &self.memory, self.now)
            .after(&answers)
            .withdrawing(&self.withdrawn)
            .without(&self.gone)
            .taking_over(&self.recorded)
            .hosting(&self.host_namespaces);
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
    pub fn note(&mut self, answer: Answer) {
        self.answers.push(answer);
    }

    /// Takes note of what is finished: the deleted intent ends.
    pub fn finish(&mut self, decision: &Decision) {
        for object in &decision.finished {
            self.withdrawn.remove(object);
        }
    }

    /// Begins anew with this memory, and with nothing else.
    pub fn restart(&mut self, memory: &Memory) {
        self.answers.clear();
        self.asked.clear();
        let found = memory
            .iter()
            .map(|(object, it)| (object.clone(), it.clone()));
        self.memory = Memory::found(found);
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
                let answer = clusters.perform(action);
                self.note(answer);
            }
            self.finish(&decision);
            decision.actions.is_empty() && decision.finished.is_empty() && !is_new
        })
    }
}
