//! What was seen of an object in a cluster? A digest, and the whole object only where it was asked
//! for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use md5::{Digest as _, Md5};
use serde_json::{Value, json};

use crate::identity::{ClusterName, ObjectId};
use crate::intent::Mark;
use crate::kinds::{AnyKind, Kind, Manners, is_observed};
use crate::observe::Workload;
use crate::status::HealthState;

/// What was seen in the clusters that are in sight. Of a cluster that is not, nothing is known.
///
/// What is seen must not be older than the answers that a step is told, and no action may still be
/// under way: who changed an object looks at it again before the next step. A cluster in which an
/// object [is there already](super::Failure::AlreadyExists) shows it from then on.
///
/// Cloning copies pointers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sights {
    clusters: Arc<BTreeSet<ClusterName>>,
    objects: Arc<BTreeMap<ObjectId, BTreeMap<ClusterName, Sight>>>,
}

/// Whose an object is, as far as its label tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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
    /// Changes whenever somebody changes its labels or annotations, which generations do not tell.
    /// What a cluster's own controllers write there does not count.
    pub metadata: u32,
    /// Whose it is.
    pub claim: Claim,
    /// Is it being deleted?
    pub is_terminating: bool,
    /// Is it well?
    pub health: HealthState,
    /// Why it is not, where it is not.
    pub health_message: Option<Arc<str>>,
    /// Its replicas, where it has any.
    pub workload: Option<Workload>,
    /// What was collected of its status, where that is asked for.
    pub status: Option<Arc<Value>>,
    /// Does its status speak of its newest form?
    pub is_current: bool,
    /// The object itself, where somebody asked for it.
    pub object: Option<Arc<Value>>,
}

/// `Debug` shows nothing of the object, as it may be secret.
impl fmt::Debug for Sight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sight")
            .field("uid", &self.uid)
            .field("version", &self.version)
            .field("metadata", &self.metadata)
            .field("claim", &self.claim)
            .field("is_terminating", &self.is_terminating)
            .field("health", &self.health)
            .field("workload", &self.workload)
            .field("has_status", &self.status.is_some())
            .field("is_current", &self.is_current)
            .field("has_object", &self.object.is_some())
            .finish_non_exhaustive()
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

/// One object, as it was seen in all clusters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Everywhere<'s> {
    in_sight: &'s BTreeSet<ClusterName>,
    sights: Option<&'s BTreeMap<ClusterName, Sight>>,
}

impl Sight {
    /// The digest of an object, as it is in a cluster, by the rules of its
    /// [intent](super::Options::manners). Of a kind that is not known, its health is what its
    /// conditions tell by the conventions of Kubernetes.
    ///
    /// ```
    /// use fed_core::kinds::{Kinds, Manners};
    /// use fed_core::reconcile::Sight;
    /// use fed_core::status::HealthState;
    /// use serde_json::json;
    ///
    /// let kinds = Kinds::builtin();
    /// let kind = kinds.find("apps", "Deployment").map(AsRef::as_ref);
    /// let object = json!({
    ///     "metadata": {"uid": "7", "generation": 2},
    ///     "spec": {"replicas": 3},
    ///     "status": {
    ///         "observedGeneration": 2, "replicas": 3, "updatedReplicas": 3,
    ///         "readyReplicas": 1, "availableReplicas": 1,
    ///     },
    /// });
    /// let sight = Sight::of(&object, kind, Manners::Native)
    ///     .collecting_status(&object, kind, Manners::Native);
    /// assert_eq!(sight.health, HealthState::Progressing);
    /// assert_eq!(sight.health_message.as_deref().unwrap(), "1 of 3 replicas are available");
    /// assert_eq!(sight.status.unwrap()["readyReplicas"], 1);
    /// ```
    pub fn of(object: &Value, kind: Option<&dyn Kind>, manners: Manners) -> Self {
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
        let kind = kind.unwrap_or(&AnyKind);
        let health = kind.health(object, manners);
        Self {
            uid: text("uid").into(),
            version: version.into(),
            metadata: metadata_digest(object, kind, manners),
            claim: claim(metadata),
            is_terminating: !text("deletionTimestamp").is_empty(),
            health: health.state,
            health_message: (!health.is_healthy()).then(|| health.message.into()),
            workload: workload(object, kind),
            status: None,
            is_current: is_observed(object),
            object: None,
        }
    }

    /// The same, with what is collected of its status.
    #[must_use]
    pub fn collecting_status(
        mut self,
        object: &Value,
        kind: Option<&dyn Kind>,
        manners: Manners,
    ) -> Self {
        let kind = kind.unwrap_or(&AnyKind);
        let status = kind.reflect_status(object, manners);
        // What is no status is none, and its cluster one that has not told any.
        self.status = status.ok().flatten().map(Arc::new);
        self
    }

    /// The same, with the object itself.
    #[must_use]
    pub fn with_object(mut self, object: Arc<Value>) -> Self {
        self.object = Some(object);
        self
    }

    /// Can others build upon it?
    pub(super) fn is_there(&self) -> bool {
        !self.is_terminating && matches!(self.health, HealthState::Healthy | HealthState::Unknown)
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

/// What stands in its labels and annotations, as a number: without what controllers of the cluster
/// write there of themselves.
fn metadata_digest(object: &Value, kind: &dyn Kind, manners: Manners) -> u32 {
    let of = |field: &str| object.get("metadata").and_then(|it| it.get(field)).cloned();
    let mut said = json!({"metadata": {"labels": of("labels"), "annotations": of("annotations")}});
    kind.take_out_local(&mut said, manners);
    // A JSON value always can be written, with its keys in order.
    let text = serde_json::to_vec(&said).unwrap_or_default();
    let digest: [u8; 16] = Md5::digest(text).into();
    let [a, b, c, d, ..] = digest;
    u32::from_be_bytes([a, b, c, d])
}

fn workload(object: &Value, kind: &dyn Kind) -> Option<Workload> {
    let asked = kind.replicas(object);
    if asked.is_none() && kind.replicas_path().is_none() {
        return None;
    }
    let ready = object.pointer(kind.ready_path()).and_then(Value::as_i64);
    Some(Workload::running(ready.unwrap_or(0)).asking_for(asked.unwrap_or(1)))
}

impl Sights {
    /// The same, with this cluster in sight.
    #[must_use]
    pub fn with_cluster(mut self, cluster: impl Into<ClusterName>) -> Self {
        Arc::make_mut(&mut self.clusters).insert(cluster.into());
        self
    }

    /// The same, with this object seen in this cluster.
    #[must_use]
    pub fn with(self, cluster: impl Into<ClusterName>, object: &ObjectId, sight: Sight) -> Self {
        let cluster = cluster.into();
        let mut seen = self.with_cluster(cluster.clone());
        let objects = Arc::make_mut(&mut seen.objects);
        let of_object = objects.entry(object.versionless()).or_default();
        of_object.insert(cluster, sight);
        seen
    }

    /// What was seen of one object.
    pub(super) fn everywhere(&self, object: &ObjectId) -> Everywhere<'_> {
        Everywhere {
            in_sight: &self.clusters,
            sights: self.objects.get(object),
        }
    }

    /// An object that is there and of which this holds.
    pub(super) fn any_in(
        &self,
        cluster: &ClusterName,
        is_it: impl Fn(&ObjectId) -> bool,
    ) -> Option<&ObjectId> {
        let mut objects = self.objects.iter();
        let found = objects.find(|(object, seen)| is_it(object) && seen.contains_key(cluster));
        found.map(|(object, _)| object)
    }
}

impl<'s> Everywhere<'s> {
    pub(super) fn in_cluster(&self, cluster: &ClusterName) -> View<'s> {
        match self.sights.and_then(|sights| sights.get(cluster)) {
            Some(sight) => View::Present(sight),
            None if self.in_sight.contains(cluster) => View::Absent,
            None => View::Unseen,
        }
    }

    /// The clusters in which it has our mark.
    pub(super) fn ours(&self) -> impl Iterator<Item = &'s ClusterName> + use<'s> {
        let sights = self.sights.into_iter().flatten();
        sights.filter_map(|(cluster, sight)| (sight.claim == Claim::Ours).then_some(cluster))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::Kinds;

    #[test]
    fn a_digest_says_whose_it_is_and_what_it_asks_for() {
        let kinds = Kinds::builtin();
        let deployment = kinds.find("apps", "Deployment").map(AsRef::as_ref);
        let object = json!({
            "metadata": {"uid": "1", "generation": 3, "labels": {"kubefed.io/managed": "true"}},
            "spec": {"replicas": 4}, "status": {"readyReplicas": 2},
        });
        let sight = Sight::of(&object, deployment, Manners::Native);
        assert_eq!((&*sight.uid, &*sight.version), ("1", "gen:3"));
        assert_eq!(sight.claim, Claim::Ours);
        assert_eq!(sight.workload, Some(Workload::running(2).asking_for(4)));
        let released = json!({"metadata": {
            "resourceVersion": "7",
            "labels": {"fed.dev/managed": "true", "kubefed.io/managed": "false"},
        }});
        let sight = Sight::of(&released, None, Manners::Native);
        assert_eq!((&*sight.version, sight.claim), ("rv:7", Claim::Released));
    }

    #[test]
    fn a_definition_is_there_when_it_is_established() {
        let with = |conditions: Value| {
            let definition = json!({"status": {"conditions": conditions}});
            let kind = crate::kinds::CustomResourceDefinition;
            Sight::of(&definition, Some(&kind), Manners::Native).is_there()
        };
        assert!(with(json!([{"type": "Established", "status": "True"}])));
        assert!(!with(json!([{"type": "Established", "status": "False"}])));
        assert!(!with(json!(null)));
    }

    #[test]
    fn labels_and_annotations_count_but_for_those_of_the_clusters_own_controllers() {
        let metadata = |labels: Value, annotations: Value| {
            let object = json!({"metadata": {
                "generation": 1, "labels": labels, "annotations": annotations,
            }});
            let deployment = crate::kinds::Deployment;
            Sight::of(&object, Some(&deployment), Manners::Native).metadata
        };
        let before = metadata(json!({"app": "rating"}), json!({"owner": "shop"}));
        let revised = json!({"owner": "shop", "deployment.kubernetes.io/revision": "2"});
        assert_eq!(before, metadata(json!({"app": "rating"}), revised));
        assert_ne!(before, metadata(json!({}), json!({"owner": "shop"})));
        assert_ne!(before, metadata(json!({"app": "rating"}), json!({})));
    }
}
