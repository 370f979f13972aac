//! What runs where now? What planning needs to know of it: a few numbers for each workload in each
//! cluster.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::identity::{ClusterName, GroupVersionKind, ObjectId};

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
    /// The same, with this object seen in this cluster.
    #[must_use]
    pub fn with(
        mut self,
        cluster: impl Into<ClusterName>,
        object: &ObjectId,
        workload: Workload,
    ) -> Self {
        let workloads = Arc::make_mut(&mut self.workloads);
        let of_object = workloads.entry(versionless(object)).or_default();
        of_object.insert(cluster.into(), workload);
        self
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
        self.workloads.get(&versionless(object))
    }
}

/// An object is the same one under every version of its API.
fn versionless(object: &ObjectId) -> ObjectId {
    let gvk = GroupVersionKind::new(object.group(), "", object.kind());
    ObjectId::new(gvk, object.namespace(), object.name())
}
