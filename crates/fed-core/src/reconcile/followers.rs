//! Which objects go where a workload goes? Those that it names, where that is asked for and they
//! have no intent of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::Step;
use super::desired::{Desired, DesiredObject, ManifestHash, Wanted};
use super::memory::{Leader, Remembered};
use super::options::{Dependencies, Options};
use crate::identity::{ClusterName, GroupVersionKind, ObjectId};
use crate::intent::Mark;
use crate::kinds::{ConfigMap, Kind, Needed, PersistentVolumeClaim, Secret, ServiceAccount};
use crate::plan::Manifest;

/// What is known of a kind of the core group, if objects of it follow others.
fn following(kind: &str) -> Option<Arc<dyn Kind>> {
    Some(match kind {
        "ConfigMap" => Arc::new(ConfigMap),
        "PersistentVolumeClaim" => Arc::new(PersistentVolumeClaim),
        "Secret" => Arc::new(Secret),
        "ServiceAccount" => Arc::new(ServiceAccount),
        _ => return None,
    })
}

/// An object that follows others, and where.
#[derive(Clone, Debug)]
pub(super) struct Follower {
    pub(super) leaders: BTreeSet<ObjectId>,
    clusters: BTreeSet<ClusterName>,
    options: Options,
    mark: Mark,
}

impl Desired {
    /// The objects that are to go where others go: who wants that hands them to
    /// [`followed_by`](Self::followed_by), as they are in the host cluster.
    pub fn followers(&self) -> impl Iterator<Item = &ObjectId> {
        self.followers.keys()
    }

    /// The same, with the objects of the host that follow others. One that is not given stays where
    /// it is and is not brought to other clusters.
    ///
    /// ```
    /// use fed_core::reconcile::{Dependencies, Desired, Options};
    /// use fed_core::{Cluster, Fleet, Intent, NamespaceRule, Placement, World, plan};
    /// use serde_json::json;
    ///
    /// let job = json!({
    ///     "apiVersion": "batch/v1", "kind": "Job",
    ///     "metadata": {"name": "import", "namespace": "shop"},
    ///     "spec": {"template": {"spec": {
    ///         "containers": [{"name": "import", "envFrom": [{"secretRef": {"name": "login"}}]}],
    ///     }}},
    /// });
    /// let mut options = Options::default();
    /// options.dependencies = Dependencies::Follow;
    /// let intent = Intent::of(job)?
    ///     .place(Placement::everywhere())
    ///     .with_namespace_rule(NamespaceRule::Independent)
    ///     .with_options(options);
    /// let fleet: Fleet = [Cluster::new("us-east")].into_iter().collect();
    /// let desired = Desired::of(&plan(&World::of(intent, &fleet)));
    /// let names: Vec<_> = desired.followers().map(ToString::to_string).collect();
    /// assert_eq!(names, ["Secret shop/login"]);
    /// # Ok::<(), fed_core::Problem>(())
    /// ```
    #[must_use]
    pub fn followed_by(mut self, host: impl IntoIterator<Item = (ObjectId, Value)>) -> Self {
        for (id, object) in host {
            let object_id = id.versionless();
            let Some(follower) = self.followers.get(&object_id) else {
                continue;
            };
            if let Some(desired) = follower.desired(&id, &object) {
                self.objects.insert(object_id, desired);
            }
        }
        self
    }
}

/// How an object is remembered by what follows it.
pub(super) fn leader(object: &ObjectId) -> Leader {
    (
        object.group().to_owned(),
        object.kind().to_owned(),
        object.name().to_owned(),
    )
}

/// Does an object that followed others, and follows none any more, go away? It does once each of
/// them is known to do without it: it is gone, or does not name it.
pub(super) fn is_abandoned(step: &Step<'_>, object: &ObjectId, remembered: &Remembered) -> bool {
    let does_without = |(group, kind, name): &Leader| {
        let gvk = GroupVersionKind::new(group, "", kind);
        let leader = ObjectId::new(gvk, object.namespace(), name);
        match step.desired.object(&leader) {
            Some(desired) => desired.is_known(),
            None => step.withdrawn.is_some_and(|it| it.holds(&leader)),
        }
    };
    let is_named = step.desired.followers.contains_key(object);
    let leaders = remembered.leaders();
    !leaders.is_empty()
        && !is_named
        && (remembered.is_abandoned() || leaders.iter().all(does_without))
}

/// What the objects name, where they want it with them.
pub(super) fn of(
    objects: &BTreeMap<ObjectId, DesiredObject>,
    mark_of: impl Fn(&ObjectId) -> Mark,
) -> BTreeMap<ObjectId, Follower> {
    let mut followers: BTreeMap<ObjectId, Follower> = BTreeMap::new();
    for (leader, desired) in objects {
        if desired.options().dependencies != Dependencies::Follow {
            continue;
        }
        let Some(kind) = desired.kind() else {
            continue;
        };
        for (cluster, manifest) in desired.manifests() {
            for id in named(kind, leader, manifest.value()) {
                if objects.contains_key(&id) {
                    continue;
                }
                let follower = followers.entry(id).or_insert_with(|| Follower {
                    leaders: BTreeSet::new(),
                    clusters: BTreeSet::new(),
                    options: desired.options().clone(),
                    mark: mark_of(leader),
                });
                follower.leaders.insert(leader.clone());
                follower.clusters.insert(cluster.clone());
            }
        }
    }
    followers
}

fn named(kind: &dyn Kind, leader: &ObjectId, object: &Value) -> BTreeSet<ObjectId> {
    let references = kind.references(object).into_iter();
    let named = references.filter_map(|reference| match reference.needed {
        Needed::Object {
            group, kind, name, ..
        } => {
            let follows = group.is_empty() && following(&kind).is_some();
            // Every namespace has that one of its own.
            let is_own = kind == "ServiceAccount" && name == "default";
            let gvk = GroupVersionKind::new("", "", &kind);
            (follows && !is_own).then(|| ObjectId::new(gvk, leader.namespace(), &name))
        }
        _ => None,
    });
    named.collect()
}

impl Follower {
    /// What clusters should hold of it; nothing if a cluster makes its own.
    fn desired(&self, id: &ObjectId, object: &Value) -> Option<DesiredObject> {
        if object.get("type").and_then(Value::as_str) == Some("kubernetes.io/service-account-token")
        {
            return None;
        }
        let mut value = without_host(object);
        self.mark.put(&mut value).ok()?;
        let manifest = Manifest::of_object(id.clone(), Arc::new(value));
        let hash = ManifestHash::of(&manifest);
        let wanted =
            |cluster: &ClusterName| (cluster.clone(), Wanted::Manifest(manifest.clone(), hash));
        let clusters = self.clusters.iter().map(wanted).collect();
        Some(DesiredObject::following(
            self.options.clone(),
            following(id.kind()),
            clusters,
            self.leaders.clone(),
        ))
    }
}

/// What speaks of the cluster that an object was taken from.
const HOSTS: [&str; 3] = ["/status", "/secrets", "/spec/volumeName"];

/// The annotations that do.
const HOSTS_ANNOTATIONS: [&str; 4] = [
    "kubectl.kubernetes.io/last-applied-configuration",
    "pv.kubernetes.io/bind-completed",
    "pv.kubernetes.io/bound-by-controller",
    "volume.kubernetes.io/selected-node",
];

/// The object, without what speaks of the host.
fn without_host(object: &Value) -> Value {
    let mut value = object.clone();
    if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.retain(|field, _| {
            matches!(
                field.as_str(),
                "name" | "namespace" | "labels" | "annotations"
            )
        });
    }
    if let Some(annotations) = value.pointer_mut("/metadata/annotations")
        && let Some(annotations) = annotations.as_object_mut()
    {
        annotations.retain(|key, _| !HOSTS_ANNOTATIONS.contains(&key.as_str()));
    }
    for path in HOSTS {
        if let Some((around, field)) = path.rsplit_once('/')
            && let Some(fields) = value.pointer_mut(around).and_then(Value::as_object_mut)
        {
            fields.remove(field);
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_speaks_of_the_host_stays_there() {
        let claim = json!({
            "apiVersion": "v1", "kind": "PersistentVolumeClaim",
            "metadata": {
                "name": "data", "namespace": "shop", "uid": "1", "resourceVersion": "7",
                "annotations": {"pv.kubernetes.io/bind-completed": "yes", "ours": "1"},
                "finalizers": ["kubernetes.io/pvc-protection"],
            },
            "spec": {"volumeName": "pv-7", "accessModes": ["ReadWriteOnce"]},
            "status": {"phase": "Bound"},
        });
        assert_eq!(
            without_host(&claim),
            json!({
                "apiVersion": "v1", "kind": "PersistentVolumeClaim",
                "metadata": {"name": "data", "namespace": "shop", "annotations": {"ours": "1"}},
                "spec": {"accessModes": ["ReadWriteOnce"]},
            })
        );
    }
}
