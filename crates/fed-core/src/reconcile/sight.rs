//! What was seen of an object in a cluster? A digest, and the whole object only where it was asked
//! for.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::identity::{ClusterName, ObjectId};
use crate::intent::Mark;
use crate::kinds::Kind;
use crate::observe::Workload;

/// What was seen in the clusters that are in sight. Of a cluster that is not, nothing is known.
///
/// Cloning copies a pointer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sights {
    clusters: Arc<BTreeMap<ClusterName, BTreeMap<ObjectId, Sight>>>,
}

/// Whose an object is, as far as its label tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claim {
    /// It has no mark.
    #[default]
    None,
    /// It has our mark.
    Ours,
    /// Its mark says that it must be left alone.
    Released,
}

/// One object, as it was seen in one cluster.
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Sight {
    /// Its uid.
    pub uid: Arc<str>,
    /// Changes whenever somebody changes what it asks for: `gen:3`, or `rv:55` for kinds without
    /// generations.
    pub version: Arc<str>,
    /// Whose it is.
    pub claim: Claim,
    /// Is it being deleted?
    pub is_terminating: bool,
    /// Is it well?
    pub is_healthy: bool,
    /// Its replicas, where it has any.
    pub workload: Option<Workload>,
    /// The object itself, where somebody asked for it.
    pub object: Option<Arc<Value>>,
}

/// `Debug` shows nothing of the object, as it may be secret.
impl fmt::Debug for Sight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sight")
            .field("uid", &self.uid)
            .field("version", &self.version)
            .field("claim", &self.claim)
            .field("is_terminating", &self.is_terminating)
            .field("is_healthy", &self.is_healthy)
            .field("workload", &self.workload)
            .field("has_object", &self.object.is_some())
            .finish()
    }
}

/// What is known of one object in one cluster.
#[derive(Clone, Copy, Debug)]
pub(super) enum View<'s> {
    /// The cluster is not in sight.
    Unseen,
    /// It is not there.
    Absent,
    /// It is there.
    Present(&'s Sight),
}

impl Sight {
    /// The digest of an object, as it is in a cluster.
    pub fn of(object: &Value, kind: Option<&dyn Kind>) -> Self {
        let metadata = object.get("metadata");
        let text = |field: &str| {
            let value = metadata.and_then(|metadata| metadata.get(field));
            value.and_then(Value::as_str).unwrap_or_default()
        };
        let generation = metadata
            .and_then(|metadata| metadata.get("generation"))
            .and_then(Value::as_i64)
            .filter(|generation| *generation != 0);
        let version = match generation {
            Some(generation) => format!("gen:{generation}"),
            None => format!("rv:{}", text("resourceVersion")),
        };
        Self {
            uid: text("uid").into(),
            version: version.into(),
            claim: claim(metadata),
            is_terminating: !text("deletionTimestamp").is_empty(),
            is_healthy: true,
            workload: workload(object, kind),
            object: None,
        }
    }

    /// The same, with the object itself.
    #[must_use]
    pub fn with_object(mut self, object: Arc<Value>) -> Self {
        self.object = Some(object);
        self
    }
}

fn claim(metadata: Option<&Value>) -> Claim {
    let labels = metadata.and_then(|metadata| metadata.get("labels"));
    let marks = [Mark::Native, Mark::KubeFed];
    let values = marks.map(|mark| labels.and_then(|labels| labels.get(mark.label())?.as_str()));
    if values.contains(&Some("false")) {
        Claim::Released
    } else if values.contains(&Some("true")) {
        Claim::Ours
    } else {
        Claim::None
    }
}

fn workload(object: &Value, kind: Option<&dyn Kind>) -> Option<Workload> {
    let path = kind?.replicas_path()?;
    let asked = object.pointer(path).and_then(Value::as_i64).unwrap_or(1);
    let ready = object.pointer("/status/readyReplicas");
    let ready = ready.and_then(Value::as_i64).unwrap_or(0);
    Some(Workload::running(ready).asking_for(asked))
}

impl Sights {
    /// The same, with this cluster in sight.
    #[must_use]
    pub fn with_cluster(mut self, cluster: impl Into<ClusterName>) -> Self {
        let clusters = Arc::make_mut(&mut self.clusters);
        clusters.entry(cluster.into()).or_default();
        self
    }

    /// The same, with this object seen in this cluster.
    #[must_use]
    pub fn with(
        mut self,
        cluster: impl Into<ClusterName>,
        object: &ObjectId,
        sight: Sight,
    ) -> Self {
        let clusters = Arc::make_mut(&mut self.clusters);
        let objects = clusters.entry(cluster.into()).or_default();
        objects.insert(object.versionless(), sight);
        self
    }

    pub(super) fn view(&self, cluster: &ClusterName, object: &ObjectId) -> View<'_> {
        match self.clusters.get(cluster) {
            None => View::Unseen,
            Some(objects) => objects.get(object).map_or(View::Absent, View::Present),
        }
    }

    /// The clusters in which this object has our mark.
    pub(super) fn clusters_with_ours(
        &self,
        object: &ObjectId,
    ) -> impl Iterator<Item = &ClusterName> {
        let object = object.clone();
        self.clusters.iter().filter_map(move |(cluster, objects)| {
            let sight = objects.get(&object)?;
            (sight.claim == Claim::Ours).then_some(cluster)
        })
    }
}
