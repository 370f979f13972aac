//! What is a status made of?

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{ClusterState, Condition};
use crate::identity::{ClusterName, ObjectId};

/// What is known of each cluster that holds an object or is to hold it.
pub type Clusters = BTreeMap<ClusterName, ClusterState>;

/// What is known of one object after a round of reconciliation.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Round<'r> {
    /// The object that clusters are to hold.
    pub object: &'r ObjectId,
    /// The generation of the object whose status is written, as it was when the round began.
    pub generation: i64,
    /// Its clusters.
    pub clusters: &'r Clusters,
    /// How the round ended.
    pub ending: Ending,
    /// What its plan says of it.
    pub planned: &'r [Condition],
    /// The one status that the statuses of its clusters add up to, by the rules of its kind.
    pub aggregated: Option<&'r Map<String, Value>>,
    /// Are the statuses of the clusters' objects collected?
    pub collects_status: bool,
    /// The time.
    pub now: Timestamp,
}

// What a kind of the user's own writes into its status is not for logs.
impl fmt::Debug for Round<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Round")
            .field("object", self.object)
            .field("generation", &self.generation)
            .field("clusters", self.clusters)
            .field("ending", &self.ending)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

/// How did a round end?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// Every cluster was worked on.
    #[default]
    Reconciled,
    /// Which clusters there are could not be found out.
    ClustersUnknown,
    /// Where the object is to be could not be worked out.
    PlacementFailed,
    /// Every cluster was worked on; but the object's namespace is not federated, so it is to be
    /// nowhere.
    NamespaceNotFederated,
}

impl<'r> Round<'r> {
    /// A round that worked on these clusters.
    pub fn new(
        object: &'r ObjectId,
        generation: i64,
        clusters: &'r Clusters,
        now: Timestamp,
    ) -> Self {
        Self {
            object,
            generation,
            clusters,
            ending: Ending::Reconciled,
            planned: &[],
            aggregated: None,
            collects_status: false,
            now,
        }
    }

    /// The same, with this end.
    #[must_use]
    pub fn ended(mut self, ending: Ending) -> Self {
        self.ending = ending;
        self
    }

    /// The same, with what the plan says of the object.
    #[must_use]
    pub fn planned(mut self, conditions: &'r [Condition]) -> Self {
        self.planned = conditions;
        self
    }

    /// The same, with what the statuses of the clusters add up to.
    #[must_use]
    pub fn aggregated(mut self, status: &'r Map<String, Value>) -> Self {
        self.aggregated = Some(status);
        self
    }

    /// The same, with the statuses of the clusters' objects collected: one that is missing is
    /// something to look at.
    #[must_use]
    pub fn collecting_status(mut self) -> Self {
        self.collects_status = true;
        self
    }

    /// The time as statuses are written.
    pub(super) fn time(&self) -> Timestamp {
        whole_seconds(self.now)
    }

    /// May the words of others be quoted? Those about a Secret may hold its values.
    pub(super) fn may_quote(&self) -> bool {
        let gvk = self.object.gvk();
        !(gvk.group().is_empty() && gvk.kind() == "Secret")
    }
}

/// The time, no finer than seconds.
pub(super) fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
