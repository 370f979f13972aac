//! One object of a plan: where it goes, where not, and why.

use std::collections::{BTreeMap, BTreeSet};

use super::manifest::{self, Rendered};
use super::{Entry, verdict_of};
use crate::explain::Explanation;
use crate::fleet::{Cluster, ClusterIndex, Fleet};
use crate::identity::{ClusterName, ObjectId};
use crate::intent::Intent;
use crate::problem::{Code, Reason};
use crate::status::Condition;

/// One object of a plan.
#[derive(Clone, Copy, Debug)]
pub struct PlannedObject<'p> {
    pub(super) fleet: &'p Fleet,
    pub(super) entry: &'p Entry,
}

/// One cluster in which an object is placed.
#[derive(Clone, Copy, Debug)]
pub struct Placed<'p> {
    object: PlannedObject<'p>,
    index: ClusterIndex,
    cluster: &'p Cluster,
}

/// One cluster in which an object is not placed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refused {
    /// The cluster, which need not exist.
    pub cluster: ClusterName,
    /// Why it is not placed there.
    pub reasons: Vec<Reason>,
}

impl<'p> PlannedObject<'p> {
    /// The intent it comes from.
    pub fn intent(&self) -> &'p Intent {
        &self.entry.intent
    }

    /// The object that asked for it.
    pub fn source(&self) -> &'p ObjectId {
        self.entry.intent.source()
    }

    /// The object that clusters are to have.
    pub fn target(&self) -> &'p ObjectId {
        self.entry.intent.target()
    }

    /// The clusters in which it is placed, by name.
    pub fn placed(&self) -> impl Iterator<Item = Placed<'p>> + use<'p> {
        let object = *self;
        object.entry.chosen.iter().filter_map(move |index| {
            object.fleet.at(index).map(|cluster| Placed {
                object,
                index,
                cluster,
            })
        })
    }

    /// Its place in the cluster of that name.
    pub fn placed_in(&self, cluster: &ClusterName) -> Option<Placed<'p>> {
        let index = self.fleet.index_of(cluster)?;
        let cluster = self.fleet.at(index)?;
        self.entry.chosen.contains(index).then_some(Placed {
            object: *self,
            index,
            cluster,
        })
    }

    /// All clusters in which it is not placed, by name, with those that it names but that do not
    /// exist.
    pub fn refused(&self) -> impl Iterator<Item = Refused> + use<'p> {
        let names: BTreeSet<_> = self
            .fleet
            .iter()
            .map(Cluster::name)
            .chain(&self.entry.unknown)
            .collect();
        self.refused_of(names)
    }

    /// The clusters that it names, in its placement or its overrides, and is not placed in. One
    /// that does not exist counts where the placement names it.
    pub fn refused_named(&self) -> impl Iterator<Item = Refused> + use<'p> {
        let intent = &self.entry.intent;
        let names: BTreeSet<_> = intent
            .placement()
            .names()
            .iter()
            .chain(intent.overrides().clusters_named().map(|(name, _)| name))
            .filter(|name| self.fleet.index_of(name).is_some() || self.entry.unknown.contains(name))
            .collect();
        self.refused_of(names)
    }

    fn refused_of(
        &self,
        names: BTreeSet<&'p ClusterName>,
    ) -> impl Iterator<Item = Refused> + use<'p> {
        let (fleet, entry) = (self.fleet, self.entry);
        let verdict = verdict_of(entry, fleet);
        names.into_iter().filter_map(move |name| {
            let reason = match fleet.index_of(name) {
                Some(index) if entry.chosen.contains(index) => return None,
                Some(index) => verdict(index).1,
                None => Reason::new(Code::UnknownCluster, "there is no such cluster"),
            };
            Some(Refused {
                cluster: name.clone(),
                reasons: vec![reason],
            })
        })
    }

    /// How many clusters refuse it, by the code of the reason.
    pub fn refused_counts(&self) -> &'p BTreeMap<Code, usize> {
        &self.entry.refused
    }

    /// Why it is, or is not, in that cluster, and what differs there.
    pub fn explain(&self, cluster: &ClusterName) -> Explanation {
        match self.placed_in(cluster) {
            Some(placed) => Explanation::placed(&placed),
            None => {
                Explanation::refused(self.refused_of(BTreeSet::from([cluster])).next(), cluster)
            }
        }
    }

    /// The conditions of the object, with what is wrong with its manifests.
    pub fn conditions(&self) -> Vec<Condition> {
        crate::status::conditions(self)
    }
}

impl<'p> Placed<'p> {
    /// The cluster.
    pub fn cluster(&self) -> &'p Cluster {
        self.cluster
    }

    /// The object that is placed in it.
    pub fn object(&self) -> PlannedObject<'p> {
        self.object
    }

    /// Why it is placed there, and what else there is to say of that.
    pub fn reasons(&self) -> Vec<Reason> {
        let (_, chosen) = verdict_of(self.object.entry, self.object.fleet)(self.index);
        let unready = (!self.cluster.is_ready()).then(|| {
            Reason::new(
                Code::ClusterNotReady,
                "the cluster is not ready: it keeps what it has until it is back",
            )
        });
        std::iter::once(chosen).chain(unready).collect()
    }

    /// The object as this cluster must have it.
    pub fn render(&self) -> Rendered {
        manifest::render(&self.object.entry.intent, self.cluster.name())
    }
}
