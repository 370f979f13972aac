//! What does a cluster hold, and what does it make of an action?

use std::collections::BTreeMap;
use std::sync::Arc;

use fed_core::kinds::Kinds;
use fed_core::reconcile::{Act, Action, Failure, Outcome, Sight, Sights};
use fed_core::{ClusterName, Mark, ObjectId};
use serde_json::{Value, json};

use super::merge;

/// Clusters, each a map of objects.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MapClusters {
    clusters: BTreeMap<ClusterName, MapCluster>,
    kinds: KnownKinds,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct MapCluster {
    is_away: bool,
    objects: BTreeMap<ObjectId, Stored>,
    /// Gives uids and versions.
    counter: u64,
}

/// An object, as a cluster holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The object.
    pub value: Value,
    /// What was applied of it.
    applied: Option<Value>,
}

/// Kinds, as a part of a value that can be compared.
#[derive(Clone, Debug, Default)]
struct KnownKinds(Kinds);

impl PartialEq for KnownKinds {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl MapClusters {
    /// Empty clusters of these names, all in sight.
    pub fn of<N: Into<ClusterName>>(names: impl IntoIterator<Item = N>) -> Self {
        let empty = |name: N| (name.into(), MapCluster::default());
        Self {
            clusters: names.into_iter().map(empty).collect(),
            kinds: KnownKinds::default(),
        }
    }

    /// How many objects they hold together.
    pub fn count(&self) -> usize {
        self.clusters.values().map(|one| one.objects.len()).sum()
    }

    /// An object, if the cluster has it.
    pub fn get(&self, cluster: &str, object: &ObjectId) -> Option<&Value> {
        let objects = &self.clusters.get(cluster)?.objects;
        objects
            .get(&object.versionless())
            .map(|stored| &stored.value)
    }

    /// All objects, with their clusters.
    pub fn iter(&self) -> impl Iterator<Item = (&ClusterName, &ObjectId, &Value)> {
        let all = self.clusters.iter();
        all.flat_map(|(name, cluster)| {
            let objects = cluster.objects.iter();
            objects.map(move |(id, stored)| (name, id, &stored.value))
        })
    }

    /// The cluster goes out of sight, or comes back.
    pub fn set_away(&mut self, cluster: &str, is_away: bool) {
        if let Some(cluster) = self.clusters.get_mut(cluster) {
            cluster.is_away = is_away;
        }
    }

    /// Somebody else writes an object.
    pub fn put(&mut self, cluster: &str, id: &ObjectId, value: Value) {
        if let Some(cluster) = self.clusters.get_mut(cluster) {
            cluster.store(&id.versionless(), value, None);
        }
    }

    /// Somebody else changes an object, if it is there.
    pub fn edit(&mut self, cluster: &str, id: &ObjectId, change: impl FnOnce(&mut Value)) {
        let id = id.versionless();
        if let Some(cluster) = self.clusters.get_mut(cluster)
            && let Some(stored) = cluster.objects.get(&id).cloned()
        {
            let mut value = stored.value;
            change(&mut value);
            cluster.store(&id, value, stored.applied);
        }
    }

    /// Somebody else deletes an object.
    pub fn delete(&mut self, cluster: &str, id: &ObjectId) {
        if let Some(cluster) = self.clusters.get_mut(cluster) {
            cluster.objects.remove(&id.versionless());
        }
    }

    /// What can be seen of them; whole objects only where `whole` says so.
    pub fn sights(&self, whole: impl Fn(&ClusterName, &ObjectId) -> bool) -> Sights {
        let mut sights = Sights::default();
        for (name, cluster) in self.clusters.iter().filter(|(_, one)| !one.is_away) {
            sights = sights.with_cluster(name.clone());
            for (id, stored) in &cluster.objects {
                let mut sight = self.sight(id, &stored.value);
                if whole(name, id) {
                    sight = sight.with_object(Arc::new(stored.value.clone()));
                }
                sights = sights.with(name.clone(), id, sight);
            }
        }
        sights
    }

    fn sight(&self, id: &ObjectId, value: &Value) -> Sight {
        let kind = self.kinds.0.find(id.group(), id.kind());
        Sight::of(value, kind.map(AsRef::as_ref))
    }

    /// Does what an action says, and tells how it went.
    pub fn perform(&mut self, action: &Action) -> Outcome {
        let hash = match &action.act {
            Act::Create { hash, .. } | Act::Apply { hash, .. } | Act::Update { hash, .. } => {
                Some(*hash)
            }
            _ => None,
        };
        let object = action.object.versionless();
        let result = match self.clusters.get_mut(&action.cluster) {
            Some(cluster) if !cluster.is_away => cluster.perform(&object, &action.act),
            _ => Err(Failure::Unclear),
        };
        let result = result.map(|value| value.map(|value| self.sight(&object, &value)));
        Outcome::new(action.cluster.clone(), action.object.clone(), hash, result)
    }
}

impl MapCluster {
    fn perform(&mut self, id: &ObjectId, act: &Act) -> Result<Option<Value>, Failure> {
        let there = self.objects.get(id);
        let is_this = |uid: &str| match there {
            Some(stored) if stored.value.pointer("/metadata/uid") == Some(&json!(uid)) => {
                Ok(stored)
            }
            _ => Err(Failure::Changed),
        };
        match act {
            Act::Create { manifest, .. } => {
                if there.is_some() {
                    return Err(Failure::AlreadyExists);
                }
                let value = manifest.value().clone();
                self.store(id, value.clone(), Some(value));
            }
            Act::Apply { manifest, uid, .. } => {
                let stored = is_this(uid)?;
                let mut value = stored.value.clone();
                merge::apply(&mut value, stored.applied.as_ref(), manifest.value());
                self.store(id, value, Some(manifest.value().clone()));
            }
            Act::Update { manifest, uid, .. } => {
                is_this(uid)?;
                self.store(id, manifest.value().clone(), None);
            }
            Act::Delete { uid, .. } => {
                is_this(uid)?;
                self.objects.remove(id);
            }
            Act::Orphan { uid } => {
                let mut value = is_this(uid)?.value.clone();
                let labels = value.pointer_mut("/metadata/labels");
                if let Some(labels) = labels.and_then(Value::as_object_mut) {
                    for mark in [Mark::Native, Mark::KubeFed] {
                        labels.remove(mark.label());
                    }
                }
                self.store(id, value, None);
            }
            _ => {}
        }
        Ok(self.objects.get(id).map(|stored| stored.value.clone()))
    }

    /// Stores an object as a server would: with a uid, and with a version and a generation that
    /// change when it does.
    fn store(&mut self, id: &ObjectId, mut value: Value, applied: Option<Value>) {
        let before = self.objects.get(id).map(|stored| stored.value.clone());
        let kept = |field: &str| {
            before
                .as_ref()?
                .pointer(&format!("/metadata/{field}"))
                .cloned()
        };
        let (uid, version, generation) = (kept("uid"), kept("resourceVersion"), kept("generation"));
        let changed = before
            .as_ref()
            .is_none_or(|before| content(before) != content(&value));
        let has_spec = value.get("spec").is_some();
        let changed_spec = before
            .as_ref()
            .is_none_or(|before| before.get("spec") != value.get("spec"));
        self.counter += u64::from(changed);
        let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut) else {
            return;
        };
        let counted = self.counter.to_string();
        metadata.insert(
            "uid".into(),
            uid.unwrap_or_else(|| json!(format!("uid-{counted}"))),
        );
        let version = version.filter(|_| !changed);
        metadata.insert(
            "resourceVersion".into(),
            version.unwrap_or_else(|| json!(counted)),
        );
        if has_spec {
            let generation = generation
                .and_then(|generation| generation.as_u64())
                .unwrap_or(0);
            metadata.insert(
                "generation".into(),
                json!(generation + u64::from(changed_spec)),
            );
        }
        // All replicas are ready at once.
        if let Some(replicas) = value.pointer("/spec/replicas").cloned()
            && let Some(fields) = value.as_object_mut()
        {
            fields.insert("status".into(), json!({"readyReplicas": replicas}));
        }
        self.objects.insert(id.clone(), Stored { value, applied });
    }
}

/// An object without what a server counts.
fn content(value: &Value) -> Value {
    let mut value = value.clone();
    if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut) {
        for field in ["uid", "resourceVersion", "generation"] {
            metadata.remove(field);
        }
    }
    if let Some(object) = value.as_object_mut() {
        object.remove("status");
    }
    value
}
