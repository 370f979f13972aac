//! One object of a plan: where it goes, where not, and why.

use std::collections::{BTreeMap, BTreeSet};

use super::manifest::{self, Rendered, Share};
use super::sharing::Sharing;
use super::{Entry, Plan, RenderedObject, decide};
use crate::customize::OverrideClass;
use crate::divide::Why;
use crate::explain::Explanation;
use crate::fleet::{Cluster, ClusterIndex};
use crate::identity::{ClusterName, ObjectId};
use crate::intent::Intent;
use crate::problem::{Code, Reason};
use crate::status::Condition;

/// One object of a plan.
#[derive(Clone, Copy, Debug)]
pub struct PlannedObject<'p> {
    pub(super) plan: &'p Plan,
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
        object
            .entry
            .decision
            .chosen
            .iter()
            .filter_map(move |index| {
                object.plan.fleet.at(index).map(|cluster| Placed {
                    object,
                    index,
                    cluster,
                })
            })
    }

    /// Its manifest for each of its clusters, by name. Clusters that get the same share one.
    pub fn render(&self) -> impl Iterator<Item = (Placed<'p>, Rendered)> + use<'p> {
        let overrides = self.entry.intent.overrides();
        let mut shared: BTreeMap<(OverrideClass, Share), Rendered> = BTreeMap::new();
        self.placed().map(move |placed| {
            let class = (overrides.class(placed.cluster), placed.shares());
            if let Some(rendered) = shared.get(&class) {
                return (placed, rendered.clone());
            }
            let rendered = placed.render();
            // What is said of a cluster by name holds for no other.
            if rendered
                .problems()
                .iter()
                .all(|problem| problem.cluster.is_none())
            {
                shared.insert(class, rendered.clone());
            }
            (placed, rendered)
        })
    }

    /// Its place in the cluster of that name.
    pub fn placed_in(&self, cluster: &ClusterName) -> Option<Placed<'p>> {
        let index = self.plan.fleet.index_of(cluster)?;
        let cluster = self.plan.fleet.at(index)?;
        self.entry
            .decision
            .chosen
            .contains(index)
            .then_some(Placed {
                object: *self,
                index,
                cluster,
            })
    }

    /// All clusters in which it is not placed, by name, with those that it names but that do not
    /// exist.
    pub fn refused(&self) -> impl Iterator<Item = Refused> + use<'p> {
        let names: BTreeSet<_> = self
            .plan
            .fleet
            .iter()
            .map(Cluster::name)
            .chain(&self.entry.decision.unknown)
            .collect();
        self.refused_of(names)
    }

    /// The clusters that it names, in its placement, division or overrides, and is not placed in. One
    /// that does not exist counts where the placement names it.
    pub fn refused_named(&self) -> impl Iterator<Item = Refused> + use<'p> {
        let intent = &self.entry.intent;
        let names: BTreeSet<_> = intent
            .clusters_named()
            .chain(intent.overrides().clusters_named().map(|(name, _)| name))
            .filter(|name| {
                self.plan.fleet.index_of(name).is_some()
                    || self.entry.decision.unknown.contains(name)
            })
            .collect();
        self.refused_of(names)
    }

    fn refused_of(
        &self,
        names: BTreeSet<&'p ClusterName>,
    ) -> impl Iterator<Item = Refused> + use<'p> {
        let (fleet, entry) = (&self.plan.fleet, self.entry);
        let Entry {
            intent,
            namespace,
            decision,
        } = entry;
        let refusal = decide::refusal(self.plan.scene(), intent, namespace, decision);
        names.into_iter().filter_map(move |name| {
            let reason = match fleet.index_of(name) {
                Some(index) if entry.decision.chosen.contains(index) => return None,
                Some(index) => refusal(index),
                None => Reason::new(Code::UnknownCluster, "there is no such cluster"),
            };
            Some(Refused {
                cluster: name.clone(),
                reasons: vec![reason],
            })
        })
    }

    /// Is it known where it should be? Where something of its placement, or of that of its
    /// namespace, cannot be read or carried out, nobody can tell that it should be gone from a
    /// cluster.
    pub fn is_decided(&self) -> bool {
        self.entry.is_decided()
    }

    /// How many clusters refuse it, by the code of the reason.
    pub fn refused_counts(&self) -> &'p BTreeMap<Code, usize> {
        &self.entry.decision.refused
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

    /// Why the share of each of its clusters is what it is, and neither one more nor one less;
    /// nothing where replicas are not divided.
    ///
    /// Takes as long as the division itself, and not as one for each cluster.
    pub fn why_so_many(&self) -> BTreeMap<&'p ClusterName, Why> {
        let Entry {
            intent, decision, ..
        } = self.entry;
        if !decision.is_divided() {
            let kept = self.placed().filter_map(|placed| {
                let share = placed.share()?;
                Some((placed.cluster.name(), Why::Kept(share)))
            });
            return kept.collect();
        }
        let scene = self.plan.scene();
        let among = decision.divided_among();
        let sharing = Sharing::of(intent, &scene, &scene.seen(intent), &among);
        let whys = sharing.map(|sharing| sharing.whys(&scene, &among));
        let whys = whys.into_iter().flatten();
        whys.filter_map(|(index, why)| Some((self.plan.fleet.name_at(index)?, why)))
            .collect()
    }

    /// How it stands with the object as a whole. Makes all its manifests.
    pub fn conditions(&self) -> Vec<Condition> {
        RenderedObject::of(*self).conditions()
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
        let decision = &self.object.entry.decision;
        let chosen = decide::chosen(self.object.intent(), decision);
        let unready = (!self.cluster.is_ready()).then(|| {
            Reason::new(
                Code::ClusterNotReady,
                "the cluster is not ready: it keeps what it has until it is back",
            )
        });
        std::iter::once(chosen).chain(unready).collect()
    }

    /// Its share of the replicas, where they are divided.
    pub fn share(&self) -> Option<i64> {
        self.object.entry.decision.replicas(self.index)
    }

    /// Why its share is what it is, and neither one more nor one less; nothing where replicas are
    /// not divided.
    ///
    /// Takes as long as the division itself.
    pub fn why_so_many(&self) -> Option<Why> {
        let Entry {
            intent, decision, ..
        } = self.object.entry;
        if !decision.is_divided() {
            return self.share().map(Why::Kept);
        }
        let scene = self.object.plan.scene();
        let among = decision.divided_among();
        Sharing::of(intent, &scene, &scene.seen(intent), &among)?.why(
            &scene,
            &among,
            self.cluster.name(),
        )
    }

    /// The object as this cluster must have it.
    pub fn render(&self) -> Rendered {
        let schemas = self.object.plan.schemas.as_deref();
        let intent = &self.object.entry.intent;
        manifest::render(intent, self.cluster, self.shares(), schemas)
    }

    fn shares(&self) -> Share {
        Share {
            replicas: self.share(),
            along: self.object.entry.decision.along(self.index),
        }
    }
}
