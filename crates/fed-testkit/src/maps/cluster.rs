//! What do all clusters hold, and what can be seen of them?

use std::collections::BTreeMap;
use std::sync::Arc;

use fed_core::kinds::{Kinds, Manners};
use fed_core::reconcile::{Action, Answer, Failure, Sight, Sights};
use fed_core::{ClusterName, ObjectId};
use serde_json::Value;

use super::store::Store;

/// Who writes what others write.
const SOMEBODY: &str = "kubectl";

/// Clusters, each a map of objects.
#[derive(Clone, Debug, Default)]
pub struct MapClusters {
    clusters: BTreeMap<ClusterName, Store>,
    kinds: Kinds,
}

/// Two are the same if they hold the same.
impl PartialEq for MapClusters {
    fn eq(&self, other: &Self) -> bool {
        self.clusters == other.clusters
    }
}

impl MapClusters {
    /// Empty clusters of these names, all in sight.
    pub fn of<N: Into<ClusterName>>(names: impl IntoIterator<Item = N>) -> Self {
        let empty = |name: N| (name.into(), Store::default());
        Self {
            clusters: names.into_iter().map(empty).collect(),
            kinds: Kinds::default(),
        }
    }

    /// How many objects they hold together.
    pub fn count(&self) -> usize {
        self.iter().count()
    }

    /// An object, if the cluster has it.
    pub fn get(&self, cluster: &str, object: &ObjectId) -> Option<&Value> {
        self.clusters.get(cluster)?.get(&object.versionless())
    }

    /// An object with its `managedFields`, if the cluster has it.
    pub fn whole(&self, cluster: &str, object: &ObjectId) -> Option<Value> {
        self.clusters.get(cluster)?.whole(&object.versionless())
    }

    /// All objects, with their clusters.
    pub fn iter(&self) -> impl Iterator<Item = (&ClusterName, &ObjectId, &Value)> {
        let all = self.clusters.iter();
        all.flat_map(|(name, store)| store.iter().map(move |(id, value)| (name, id, value)))
    }

    /// The cluster goes out of sight, or comes back.
    pub fn set_away(&mut self, cluster: &str, is_away: bool) {
        if let Some(store) = self.clusters.get_mut(cluster) {
            store.is_away = is_away;
        }
    }

    /// Is the cluster out of sight?
    pub fn is_away(&self, cluster: &str) -> bool {
        self.clusters.get(cluster).is_none_or(|store| store.is_away)
    }

    /// From now on replicas are ready only when the cluster is [settled](Self::settle).
    pub fn set_slow(&mut self) {
        for store in self.clusters.values_mut() {
            store.is_slow = true;
        }
    }

    /// All replicas of the cluster become ready.
    pub fn settle(&mut self, cluster: &str) {
        if let Some(store) = self.clusters.get_mut(cluster) {
            store.settle();
        }
    }

    /// Somebody else writes an object.
    pub fn put(&mut self, cluster: &str, id: &ObjectId, value: Value) {
        self.put_as(cluster, id, value, SOMEBODY);
    }

    /// This manager writes an object.
    pub fn put_as(&mut self, cluster: &str, id: &ObjectId, value: Value, manager: &str) {
        if let Some(store) = self.clusters.get_mut(cluster) {
            store.write(&id.versionless(), value, manager);
        }
    }

    /// Somebody else changes an object, if it is there.
    pub fn edit(&mut self, cluster: &str, id: &ObjectId, change: impl FnOnce(&mut Value)) {
        if let Some(mut value) = self.get(cluster, id).cloned() {
            change(&mut value);
            self.put(cluster, id, value);
        }
    }

    /// Somebody else deletes an object.
    pub fn delete(&mut self, cluster: &str, id: &ObjectId) {
        if let Some(store) = self.clusters.get_mut(cluster) {
            store.delete(&id.versionless());
        }
    }

    /// What can be seen of them; whole objects only where `whole` says so.
    pub fn sights(&self, whole: impl Fn(&ClusterName, &ObjectId) -> bool) -> Sights {
        let mut sights = Sights::default();
        for (name, store) in self.clusters.iter().filter(|(_, store)| !store.is_away) {
            sights = sights.with_cluster(name.clone());
            for (id, value) in store.iter() {
                let mut sight = self.sight(id, value);
                if whole(name, id)
                    && let Some(object) = store.whole(id)
                {
                    sight = sight.with_object(Arc::new(object));
                }
                sights = sights.with(name.clone(), id, sight);
            }
        }
        sights
    }

    fn sight(&self, id: &ObjectId, value: &Value) -> Sight {
        let kind = self.kinds.find(id.group(), id.kind());
        let kind = kind.map(AsRef::as_ref);
        Sight::of(value, kind, Manners::Native).collecting_status(value, kind, Manners::Native)
    }

    /// Does what an action says, and tells how it went.
    pub fn perform(&mut self, action: &Action) -> Answer {
        let object = action.object.versionless();
        let result = match self.clusters.get_mut(&action.cluster) {
            Some(store) if !store.is_away => store.perform(&object, &action.act),
            _ => Err(Failure::Unclear),
        };
        let there = self.get(action.cluster.as_str(), &object);
        let sight = there.map(|value| self.sight(&object, value));
        Answer::to(action, result.map(|()| sight))
    }
}
