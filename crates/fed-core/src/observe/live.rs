//! Which objects are in the clusters? As they were dumped from them, shared and not copied.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::depth;
use crate::dialect::{self, Document, read_identity};
use crate::identity::{ClusterName, ObjectId};
use crate::intent::Mark;
use crate::kinds::{Kind, Kinds, Scope};
use crate::location::Location;
use crate::problem::{Code, Problem};

/// The objects that were found in clusters.
///
/// Cloning copies a pointer.
///
/// ```
/// use std::sync::Arc;
///
/// use fed_core::{kinds::Kinds, observe::Live};
/// use serde_json::json;
///
/// let config = json!({
///     "apiVersion": "v1", "kind": "ConfigMap",
///     "metadata": {"name": "colours", "namespace": "shop", "labels": {"fed.dev/managed": "true"}},
/// });
/// let mut live = Live::default();
/// live.insert(&"us-east".into(), Arc::new(config), &Kinds::default())?;
/// let found = live.of(&"us-east".into()).next().unwrap();
/// assert_eq!(found.id().to_string(), "ConfigMap shop/colours");
/// assert!(found.is_managed());
/// # Ok::<(), fed_core::Problem>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Live {
    clusters: Arc<BTreeMap<ClusterName, Objects>>,
}

/// The objects of one cluster, by their identity without its version.
type Objects = BTreeMap<ObjectId, LiveObject>;

/// One object, as it was found in one cluster. Cloning copies pointers.
#[derive(Clone, PartialEq)]
pub struct LiveObject {
    id: ObjectId,
    value: Arc<Value>,
    replicas: Option<i64>,
    at: Location,
}

impl Live {
    /// Takes in the objects of these documents, with those of their lists, as what this cluster
    /// has. Answers what cannot be used, which concerns nothing else.
    pub fn read(
        &mut self,
        cluster: &ClusterName,
        documents: &[Document<'_>],
        kinds: &Kinds,
    ) -> Vec<Problem> {
        // Even without an object, the cluster has been looked at.
        self.objects_mut(cluster);
        let mut problems = Vec::new();
        for entry in dialect::entries(documents, &mut problems) {
            let value = Arc::new(entry.value.clone());
            let object = LiveObject::new(&entry.id(), value, entry.at, kinds);
            problems.extend(self.keep(cluster, object));
        }
        for problem in &mut problems {
            problem.cluster = Some(cluster.clone());
        }
        problems.sort();
        problems
    }

    /// Takes in one object as what this cluster has now, in the place of what it had.
    pub fn insert(
        &mut self,
        cluster: &ClusterName,
        object: Arc<Value>,
        kinds: &Kinds,
    ) -> Result<(), Problem> {
        let at = Location::in_code();
        depth::check(&object, &at)?;
        let (gvk, name, namespace) = read_identity(&object, &at)?;
        let id = ObjectId::new(gvk, namespace.as_deref(), &name);
        let object = LiveObject::new(&id, object, at, kinds);
        let place = object.id.versionless();
        self.objects_mut(cluster).insert(place, object);
        Ok(())
    }

    fn objects_mut(&mut self, cluster: &ClusterName) -> &mut Objects {
        let clusters = Arc::make_mut(&mut self.clusters);
        clusters.entry(cluster.clone()).or_default()
    }

    /// Keeps an object. Of two states of one object the later one is kept, which is told.
    fn keep(&mut self, cluster: &ClusterName, object: LiveObject) -> Option<Problem> {
        match self.objects_mut(cluster).entry(object.id.versionless()) {
            Entry::Vacant(place) => {
                place.insert(object);
                None
            }
            Entry::Occupied(place) if place.get().value == object.value => None,
            Entry::Occupied(mut place) => {
                let is_later = object.revision() > place.get().revision();
                let left_out = if is_later {
                    place.insert(object)
                } else {
                    object
                };
                Some(twice(cluster, &left_out, place.get()))
            }
        }
    }

    /// The clusters that were looked at, by name.
    pub fn clusters(&self) -> impl Iterator<Item = &ClusterName> {
        self.clusters.keys()
    }

    /// Was this cluster looked at?
    pub fn has_seen(&self, cluster: &ClusterName) -> bool {
        self.clusters.contains_key(cluster)
    }

    /// This object, whatever its version, as this cluster has it.
    pub fn get(&self, cluster: &ClusterName, object: &ObjectId) -> Option<&LiveObject> {
        self.find(cluster, &object.versionless())
    }

    /// The object of this identity, which has no version, as this cluster has it.
    pub(crate) fn find(
        &self,
        cluster: &ClusterName,
        versionless: &ObjectId,
    ) -> Option<&LiveObject> {
        self.clusters.get(cluster)?.get(versionless)
    }

    /// All objects of this cluster, by kind, group, namespace and name.
    pub fn of(&self, cluster: &ClusterName) -> impl Iterator<Item = &LiveObject> {
        let objects = self.clusters.get(cluster).into_iter();
        objects.flat_map(Objects::values)
    }

    /// The nodes of this cluster: what its capacity is made of.
    pub fn nodes(&self, cluster: &ClusterName) -> impl Iterator<Item = &LiveObject> {
        self.of_core_kind(cluster, "Node")
    }

    /// The pods of this cluster: what takes of its capacity, and what workloads run.
    pub fn pods(&self, cluster: &ClusterName) -> impl Iterator<Item = &LiveObject> {
        self.of_core_kind(cluster, "Pod")
    }

    fn of_core_kind<'l>(
        &'l self,
        cluster: &ClusterName,
        kind: &'static str,
    ) -> impl Iterator<Item = &'l LiveObject> + use<'l> {
        let objects = self.clusters.get(cluster).into_iter();
        objects.flat_map(Objects::values).filter(move |object| {
            let id = object.id();
            id.kind() == kind && id.group().is_empty()
        })
    }
}

impl LiveObject {
    fn new(id: &ObjectId, value: Arc<Value>, at: Location, kinds: &Kinds) -> Self {
        let kind = kinds.find(id.group(), id.kind()).map(Arc::as_ref);
        let replicas = kind.and_then(|kind| kind.replicas(&value));
        Self {
            id: in_its_scope(id, kind),
            value,
            replicas,
            at,
        }
    }

    /// The object it is.
    pub fn id(&self) -> &ObjectId {
        &self.id
    }

    /// The object itself.
    pub fn value(&self) -> &Arc<Value> {
        &self.value
    }

    /// How many replicas it asks for, where its kind has them and it says how many.
    pub fn replicas(&self) -> Option<i64> {
        self.replicas
    }

    /// Where it was read.
    pub(super) fn at(&self) -> &Location {
        &self.at
    }

    /// Is it marked as one that federation keeps, whoever put it there?
    pub fn is_managed(&self) -> bool {
        let labels = self.value.pointer("/metadata/labels");
        let has = |mark: &Mark| {
            labels.and_then(|labels| labels.get(mark.label())) == Some(&Value::from("true"))
        };
        [Mark::Native, Mark::KubeFed].iter().any(has) && !self.is_made_in_its_cluster()
    }

    /// Did its cluster make it of another object, and copy the labels of that one?
    fn is_made_in_its_cluster(&self) -> bool {
        let owners = self.value.pointer("/metadata/ownerReferences");
        let is_controller = |owner: &Value| owner.get("controller") == Some(&Value::Bool(true));
        let has_controller = owners
            .and_then(Value::as_array)
            .is_some_and(|owners| owners.iter().any(is_controller));
        // Those of a Service have its labels and name no owner.
        has_controller || self.id.kind() == "Endpoints" && self.id.group().is_empty()
    }

    /// A number that grows with each change of the object in its cluster.
    fn revision(&self) -> Option<u64> {
        let version = self.value.pointer("/metadata/resourceVersion")?;
        version.as_str()?.parse().ok()
    }
}

/// `Debug` names the object and shows nothing of it, as it may be secret.
impl fmt::Debug for LiveObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {:?}", self.id, self.at)
    }
}

/// The same object, in a namespace exactly if its kind has namespaces.
fn in_its_scope(id: &ObjectId, kind: Option<&dyn Kind>) -> ObjectId {
    let namespace = match kind.map(Kind::scope) {
        Some(Scope::Cluster) => None,
        Some(Scope::Namespaced) => Some(id.namespace().unwrap_or("default")),
        None => id.namespace(),
    };
    ObjectId::new(id.gvk().clone(), namespace, id.name())
}

fn twice(cluster: &ClusterName, left_out: &LiveObject, kept: &LiveObject) -> Problem {
    let message = format!(
        "{} stands twice in what is read of cluster {cluster}, with different content: this one \
         is not used",
        left_out.id
    );
    Problem::warning(Code::ConflictingObjects, message)
        .at(left_out.at.clone())
        .about(&left_out.id)
        .in_cluster(cluster)
        .see_also(kept.at.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    use crate::location::DocumentId;

    fn read(values: &[Value]) -> (Live, Vec<Problem>) {
        let documents: Vec<_> = (0..)
            .zip(values)
            .map(|(number, value)| Document::new(DocumentId(number), value))
            .collect();
        let mut live = Live::default();
        let problems = live.read(&"a".into(), &documents, &Kinds::default());
        (live, problems)
    }

    fn names(live: &Live) -> Vec<String> {
        live.of(&"a".into())
            .map(|object| object.id().to_string())
            .collect()
    }

    #[test]
    fn lists_are_unrolled_and_what_is_no_object_blocks_nothing() {
        let (live, problems) = read(&[
            json!({"apiVersion": "v1", "kind": "List", "items": [
                {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n", "namespace": "x"}},
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "x"}},
                {"kind": "Pod"},
            ]}),
            json!("text"),
            json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}),
            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "n", "namespace": "x"}}),
        ]);
        assert_eq!(
            names(&live),
            ["ConfigMap default/c", "Namespace n", "Node x/n", "Pod x/p"]
        );
        assert_eq!(live.nodes(&"a".into()).count(), 1);
        assert_eq!(live.pods(&"a".into()).count(), 1);
        let codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, [Code::NotAnObject, Code::NotAnObject]);
        assert!(live.has_seen(&"a".into()) && !live.has_seen(&"b".into()));
    }

    #[test]
    fn of_two_states_the_later_one_is_kept() {
        let state = |version: &str, data: &str| {
            json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"x": data}, "metadata":
                {"name": "c", "namespace": "x", "resourceVersion": version}})
        };
        let data = |live: &Live| live.of(&"a".into()).next().unwrap().value()["data"]["x"].clone();
        for (states, kept, told) in [
            ([state("9", "old"), state("10", "new")], "new", vec![0]),
            ([state("10", "new"), state("9", "old")], "new", vec![1]),
            ([state("?", "first"), state("?", "other")], "first", vec![1]),
            ([state("1", "same"), state("1", "same")], "same", vec![]),
        ] {
            let (live, problems) = read(&states);
            assert_eq!(data(&live), kept);
            let documents: Vec<_> = problems
                .iter()
                .filter_map(|problem| Some(problem.at.as_ref()?.document?.0))
                .collect();
            assert_eq!(documents, told);
        }
    }

    #[test]
    fn what_a_cluster_makes_of_our_objects_is_not_ours() {
        let labels = json!({"kubefed.io/managed": "true"});
        let object = |kind: &str, metadata: Value| {
            let mut object = json!({"apiVersion": "v1", "kind": kind, "metadata": metadata});
            object["metadata"]["name"] = kind.to_lowercase().into();
            object
        };
        let (live, _) = read(&[
            object("Service", json!({"labels": labels})),
            object("Endpoints", json!({"labels": labels})),
            object(
                "EndpointSlice",
                json!({"labels": labels, "ownerReferences": [{"controller": true}]}),
            ),
            object("ConfigMap", json!({"labels": {"fed.dev/managed": "false"}})),
            object(
                "Secret",
                json!({"labels": {"fed.dev/managed": "true"}, "ownerReferences": 7}),
            ),
        ]);
        let ours: Vec<_> = live
            .of(&"a".into())
            .filter(|object| object.is_managed())
            .map(|object| object.id().kind())
            .collect();
        assert_eq!(ours, ["Secret", "Service"]);
    }

    #[test]
    fn nothing_is_shown_of_an_object() {
        let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"},
            "data": {"password": "hunter2"}});
        let (live, _) = read(&[secret]);
        assert!(!format!("{live:?}").contains("hunter2"));
    }
}
