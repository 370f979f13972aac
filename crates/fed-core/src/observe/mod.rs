//! What runs where now? What planning needs to know of it: a few numbers for each workload in each
//! cluster.
//!
//! Objects that were dumped from the clusters are [`Live`]; [`Observed::of_live`] is their digest.

mod digest;
mod live;
mod pods;

pub use live::{Live, LiveObject};

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::capacity::Capacity;
use crate::identity::{ClusterName, ObjectId};
use crate::kinds::Kinds;
use crate::plan::Rendering;
use crate::problem::Problem;

/// What was seen in the clusters.
///
/// Cloning copies a pointer.
///
/// ```
/// use fed_core::{GroupVersionKind, ObjectId, Observed, Workload};
///
/// let deployment = GroupVersionKind::new("apps", "v1", "Deployment");
/// let rating = ObjectId::new(deployment, Some("shop"), "rating");
/// let observed = Observed::default().with("us-east", &rating, Workload::running(3));
/// let seen = observed.of(&rating, &"us-east".into()).unwrap();
/// assert_eq!(seen.running, 3);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    workloads: Arc<BTreeMap<ObjectId, BTreeMap<ClusterName, Workload>>>,
    capacities: Arc<BTreeMap<ClusterName, Capacity>>,
    /// Nobody saw it: it is what a plan would bring about, and has taken no room yet.
    is_planned: bool,
}

/// One object, as it was seen in one cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Workload {
    /// How many replicas it asks for.
    pub replicas: i64,
    /// How many of them run.
    pub running: i64,
    /// How many of them have waited for a node for too long.
    pub unschedulable: i64,
}

impl Workload {
    /// One that asks for so many replicas, all of which run.
    pub const fn running(replicas: i64) -> Self {
        Self {
            replicas,
            running: replicas,
            unschedulable: 0,
        }
    }

    /// The same, asking for so many replicas.
    #[must_use]
    pub const fn asking_for(mut self, replicas: i64) -> Self {
        self.replicas = replicas;
        self
    }

    /// The same, of which so many find no node.
    #[must_use]
    pub const fn unschedulable(mut self, replicas: i64) -> Self {
        self.unschedulable = replicas;
        self
    }
}

impl Observed {
    /// What is seen in these objects at this time, and what of it cannot be read.
    ///
    /// Objects of kinds with replicas count, and all others that have our mark. Where not all of
    /// their replicas are ready, and there are pods among the objects of their namespace, those are counted that an object selects:
    /// they run, or have waited for a node for more than a minute. What nodes have left beside
    /// their pods is the room of a cluster; without any node among the objects, nothing is known of
    /// it.
    ///
    /// ```
    /// use fed_core::dialect::Document;
    /// use fed_core::observe::Live;
    /// use fed_core::{DocumentId, Observed, kinds::Kinds};
    /// use serde_json::json;
    ///
    /// let deployment = json!({
    ///     "apiVersion": "apps/v1", "kind": "Deployment",
    ///     "metadata": {"name": "rating", "namespace": "shop"},
    ///     "spec": {"replicas": 5}, "status": {"readyReplicas": 3},
    /// });
    /// let (mut live, kinds) = (Live::default(), Kinds::default());
    /// let documents = [Document::new(DocumentId(0), &deployment)];
    /// assert_eq!(live.read(&"us-east".into(), &documents, &kinds), []);
    ///
    /// let now = "2026-01-01T00:00:00Z".parse()?;
    /// let (observed, problems) = Observed::of_live(&live, &kinds, now);
    /// let rating = live.of(&"us-east".into()).next().unwrap();
    /// let seen = observed.of(rating.id(), &"us-east".into()).unwrap();
    /// assert_eq!((seen.replicas, seen.running, problems.len()), (5, 3, 0));
    /// # Ok::<(), jiff::Error>(())
    /// ```
    pub fn of_live(live: &Live, kinds: &Kinds, now: Timestamp) -> (Self, Vec<Problem>) {
        digest::of(live, kinds, now)
    }

    /// What would be seen if these manifests were in their clusters, and all their replicas ran.
    ///
    /// It is what a plan is held against to see what moves if something happens.
    pub fn of_plan(rendering: &Rendering<'_>) -> Self {
        let mut workloads: BTreeMap<ObjectId, BTreeMap<ClusterName, Workload>> = BTreeMap::new();
        for object in rendering.objects() {
            let of_object = workloads
                .entry(object.planned().target().versionless())
                .or_default();
            for (placed, rendered) in object.manifests() {
                let replicas = rendered.manifest().replicas().unwrap_or(0);
                let name = placed.cluster().name().clone();
                of_object.insert(name, Workload::running(replicas));
            }
        }
        Self {
            workloads: Arc::new(workloads),
            capacities: Arc::default(),
            is_planned: true,
        }
    }

    /// Is it what a plan would bring about, and not what somebody saw?
    pub(crate) fn is_planned(&self) -> bool {
        self.is_planned
    }

    /// The same, with this object seen in this cluster.
    #[must_use]
    pub fn with(
        mut self,
        cluster: impl Into<ClusterName>,
        object: &ObjectId,
        workload: Workload,
    ) -> Self {
        let workloads = Arc::make_mut(&mut self.workloads);
        let of_object = workloads.entry(object.versionless()).or_default();
        of_object.insert(cluster.into(), workload);
        self
    }

    /// The same, with this room seen in this cluster.
    #[must_use]
    pub fn with_capacity(mut self, cluster: impl Into<ClusterName>, capacity: Capacity) -> Self {
        Arc::make_mut(&mut self.capacities).insert(cluster.into(), capacity);
        self
    }

    /// The room that was seen in this cluster.
    pub fn capacity(&self, cluster: &ClusterName) -> Option<&Capacity> {
        self.capacities.get(cluster)
    }

    /// The room that was seen, by cluster.
    pub(crate) fn capacities(&self) -> &BTreeMap<ClusterName, Capacity> {
        &self.capacities
    }

    /// What was seen of this object, whatever its version, in this cluster.
    pub fn of(&self, object: &ObjectId, cluster: &ClusterName) -> Option<&Workload> {
        self.everywhere(object)?.get(cluster)
    }

    /// What was seen of this object, by cluster.
    pub(crate) fn everywhere(&self, object: &ObjectId) -> Option<&BTreeMap<ClusterName, Workload>> {
        if self.workloads.is_empty() {
            return None;
        }
        self.workloads.get(&object.versionless())
    }
}
