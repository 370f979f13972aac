//! What happens in the cases that people ask about?

mod coming_and_going;
mod copies;
mod meeting_others;
mod order;
mod retaining;
mod statuses;
mod taking_over;

use fed_core::reconcile::{Desired, Options};
use fed_core::status::Outcome;
use fed_core::{Intent, ObjectId};
use fed_testkit::maps::{Driver, MapClusters};
use serde_json::Value;

use crate::worlds::{CLUSTERS, config, desired, id, intent};

/// Clusters, and who keeps them as planned.
pub(super) struct Story {
    pub(super) driver: Driver,
    pub(super) clusters: MapClusters,
}

impl Story {
    pub(super) fn begin() -> Self {
        Self {
            driver: Driver::default(),
            clusters: MapClusters::of(CLUSTERS),
        }
    }

    pub(super) fn run(&mut self, intents: &[Intent]) -> usize {
        self.run_to(&desired(intents))
    }

    pub(super) fn run_to(&mut self, desired: &Desired) -> usize {
        let rounds = self.driver.run(desired, &mut self.clusters, 30);
        rounds.expect("it comes to rest")
    }

    pub(super) fn outcome(&mut self, intents: &[Intent], cluster: &str, id: &ObjectId) -> Outcome {
        let decision = self.driver.decide(&desired(intents), &self.clusters);
        decision.states[&id.versionless()]
            .get(&cluster.into())
            .unwrap()
            .outcome
            .clone()
    }

    pub(super) fn withdraw(&mut self, id: &ObjectId) {
        self.driver.withdraw(id, None);
    }

    pub(super) fn holds(&self, id: &ObjectId) -> Vec<&'static str> {
        let holds = |name: &&'static str| self.clusters.get(name, id).is_some();
        CLUSTERS.into_iter().filter(holds).collect()
    }

    pub(super) fn sky(&self, cluster: &str) -> &Value {
        &self.clusters.get(cluster, &id(config(""))).unwrap()["data"]["sky"]
    }
}

pub(super) fn in_ab(value: &str) -> [Intent; 1] {
    [intent(config(value), &["a", "b"], Options::default())]
}
