//! What do the nodes of a cluster have free beside its pods? Read from the objects of Kubernetes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize as _;
use serde_json::Value;

use super::affinity::list;
use super::demand::unreadable;
use super::group::{at_most, without_labels};
use super::resources::Resources;
use super::{Capacity, NodeClass, field};
use crate::fleet::{Taint, TaintEffect};
use crate::location::Location;
use crate::problem::{Code, Problem};

/// The taints by which Kubernetes says that a node is not ready.
const NOT_READY: [&str; 2] = [
    "node.kubernetes.io/not-ready",
    "node.kubernetes.io/unreachable",
];

/// How a [`Capacity`] is made of nodes and pods.
///
/// - Free is what is allocatable without the requests of the pods on the node, other than those
///   that are finished. A pod without a node takes nothing; [`unschedulable`](super::unschedulable)
///   counts those that wait.
/// - A node takes nothing if it is cordoned off, or not ready: if its condition `Ready` is
///   anything but true, or missing, or it has one of the taints that say so.
/// - A node that cannot be read, or with a pod that cannot, is left out and a problem.
/// - Nodes that are alike stand together: the same free, labels and taints.
///
/// Where that makes more classes than [`Survey::classes`], they become less exact. Names, the
/// label `kubernetes.io/hostname` and all labels of more values than that are forgotten. Then the
/// amounts of nodes with the same labels and taints are compared on a grid: by their seven leading
/// binary digits, by six, and so on down to one; nodes that are the same on it are told as if each
/// had the least that one of them has. So a capacity never promises what is not there. Labels that
/// stay and taints are always exact, and where there are more kinds of them than classes are
/// wanted, there are more classes.
///
/// ```
/// use fed_core::capacity::Survey;
///
/// let mut survey = Survey::default();
/// survey.classes = 16;
/// survey.labels = Some(["topology.kubernetes.io/zone".to_owned()].into());
/// let (capacity, problems) = survey.take([], []);
/// assert!(!capacity.has_schedulable_node() && problems.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Survey {
    /// How many classes of nodes there may be before they are told less exactly: 64.
    pub classes: usize,
    /// The labels that matter, by which nodes are chosen. All others are forgotten, and whoever
    /// asks for them finds no room. Absent, all matter.
    pub labels: Option<BTreeSet<String>>,
}

impl Default for Survey {
    fn default() -> Self {
        Self {
            classes: 64,
            labels: None,
        }
    }
}

/// The pods on one node.
#[derive(Default)]
struct Load {
    requests: Resources,
    pods: i64,
    fault: Option<Problem>,
}

enum Node {
    Takes(NodeClass),
    Cordoned,
    NotReady,
}

impl Survey {
    /// What these nodes have free beside these pods, and what could not be read. Both are objects,
    /// or lists of objects. Problems name places in the object that they are about.
    pub fn take<'v>(
        &self,
        nodes: impl IntoIterator<Item = &'v Value>,
        pods: impl IntoIterator<Item = &'v Value>,
    ) -> (Capacity, Vec<Problem>) {
        let mut loads = loads(pods);
        let mut capacity = Capacity::default();
        let mut problems = Vec::new();
        let mut seen = BTreeSet::new();
        for node in nodes.into_iter().flat_map(objects) {
            let name = name(node);
            let load = loads.remove(name).unwrap_or_default();
            if !seen.insert(name) {
                let message = format!("node {name:?} is given twice: the first one counts");
                problems.push(Problem::warning(Code::DuplicateObject, message));
                continue;
            }
            match read(node, load) {
                Ok(Node::Takes(class)) => capacity.classes.push(class),
                Ok(Node::Cordoned) => capacity.cordoned += 1,
                Ok(Node::NotReady) => capacity.not_ready += 1,
                Err(mut problem) => {
                    let why = &problem.message;
                    problem.message = format!("node {name:?} is left out: {why}");
                    problems.push(problem);
                }
            }
        }
        self.group(&mut capacity);
        (capacity, problems)
    }

    fn group(&self, capacity: &mut Capacity) {
        let mut classes = std::mem::take(&mut capacity.classes);
        let forgotten = &mut capacity.forgotten;
        if let Some(wanted) = &self.labels {
            classes = without_labels(classes, forgotten, |label| !wanted.contains(label));
        }
        capacity.classes = at_most(self.classes, classes, forgotten);
    }
}

/// The objects of a list, or the one object that a value is.
pub(super) fn objects(value: &Value) -> impl Iterator<Item = &Value> {
    let items = field(value, "items").as_array();
    let single = items.is_none().then_some(value);
    items.into_iter().flatten().chain(single)
}

/// What the pods take, by node.
fn loads<'v>(pods: impl IntoIterator<Item = &'v Value>) -> BTreeMap<&'v str, Load> {
    let mut loads: BTreeMap<&str, Load> = BTreeMap::new();
    let at = Location::in_code().child("spec");
    for pod in pods
        .into_iter()
        .flat_map(objects)
        .filter(|pod| !is_finished(pod))
    {
        let spec = field(pod, "spec");
        let Some(node) = field(spec, "nodeName").as_str().filter(|n| !n.is_empty()) else {
            continue;
        };
        let load = loads.entry(node).or_default();
        load.pods += 1;
        match Resources::of_pod_spec(spec, &at) {
            Ok(requests) => load.requests = load.requests.plus(&requests),
            Err(mut problem) => {
                let why = &problem.message;
                problem.message = format!("its pod {:?}: {why}", name(pod));
                load.fault.get_or_insert(problem);
            }
        }
    }
    loads
}

/// Is the pod done, so that it takes nothing any more?
pub(super) fn is_finished(pod: &Value) -> bool {
    let phase = field(field(pod, "status"), "phase").as_str();
    matches!(phase, Some("Succeeded" | "Failed"))
}

fn name(object: &Value) -> &str {
    let name = field(field(object, "metadata"), "name");
    name.as_str().unwrap_or_default()
}

fn read(node: &Value, load: Load) -> Result<Node, Problem> {
    let (spec, status) = (field(node, "spec"), field(node, "status"));
    if field(spec, "unschedulable") == true {
        return Ok(Node::Cordoned);
    }
    let root = Location::in_code();
    let taints = taints(spec, &root.child("spec"))?;
    let is_ready = is_ready(status);
    if !is_ready || taints.iter().any(|taint| NOT_READY.contains(&&*taint.key)) {
        return Ok(Node::NotReady);
    }
    if let Some(fault) = load.fault {
        return Err(fault);
    }
    let taken = load.requests.with("pods", load.pods);
    Ok(Node::Takes(NodeClass {
        labels: labels(node, &root)?,
        taints,
        free: allocatable(status, &root.child("status"))?.without(&taken),
        name: name(node).to_owned(),
        count: 1,
    }))
}

/// What pods can have of the node; all of it where the node does not say.
fn allocatable(status: &Value, at: &Location) -> Result<Resources, Problem> {
    let lists = ["allocatable", "capacity"].map(|list| (field(status, list), at.child(list)));
    let told = lists.into_iter().find(|(list, _)| !list.is_null());
    told.map_or(Ok(Resources::default()), |(list, at)| {
        Resources::of_list(list, &at)
    })
}

fn is_ready(status: &Value) -> bool {
    let conditions = field(status, "conditions").as_array().into_iter().flatten();
    let mut ready = conditions.filter(|condition| field(condition, "type") == "Ready");
    ready
        .next()
        .is_some_and(|ready| field(ready, "status") == "True")
}

/// The taints that keep pods off, as far as it matters: not since when they are there.
fn taints(spec: &Value, at: &Location) -> Result<Vec<Taint>, Problem> {
    let read = |taint: &Value, at: &Location| {
        Taint::deserialize(taint).map_err(|error| unreadable(at, &error))
    };
    let mut taints = list(field(spec, "taints"), &at.child("taints"), read)?;
    taints.retain(|taint| taint.effect != TaintEffect::PreferNoSchedule);
    for taint in &mut taints {
        taint.time_added = None;
    }
    taints.sort();
    taints.dedup();
    Ok(taints)
}

fn labels(node: &Value, at: &Location) -> Result<BTreeMap<String, String>, Problem> {
    match field(field(node, "metadata"), "labels") {
        Value::Null => Ok(BTreeMap::new()),
        labels => BTreeMap::deserialize(labels)
            .map_err(|error| unreadable(&at.join("/metadata/labels"), &error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capacity::Demand;
    use serde_json::json;

    fn node(name: &str) -> Value {
        json!({
            "metadata": {"name": name},
            "status": {
                "allocatable": {"cpu": "2", "memory": "1Gi", "pods": "5"},
                "conditions": [{"type": "Ready", "status": "True"}],
            },
        })
    }

    fn pod(node: &str, cpu: &str) -> Value {
        json!({
            "metadata": {"name": "p"},
            "spec": {"nodeName": node, "containers": [{"resources": {"requests": {"cpu": cpu}}}]},
        })
    }

    fn with(mut object: Value, path: &[&str], value: Value) -> Value {
        let place = path
            .iter()
            .fold(&mut object, |object, key| &mut object[*key]);
        *place = value;
        object
    }

    fn free(nodes: &[Value], pods: &[Value]) -> Vec<Resources> {
        let (capacity, problems) = Capacity::of(nodes, pods);
        assert_eq!(problems, []);
        let classes = capacity.classes.into_iter();
        classes.map(|class| class.free).collect()
    }

    #[test]
    fn pods_on_a_node_take_what_they_request() {
        let finished = with(pod("a", "1"), &["status"], json!({"phase": "Succeeded"}));
        let pods = [
            pod("a", "500m"),
            pod("a", "1"),
            finished,
            pod("", "1"),
            pod("gone", "1"),
        ];
        let left = Resources::new(500, 1 << 30).with("pods", 3);
        assert_eq!(free(&[node("a")], &pods), [left]);
        let nothing = Resources::new(0, 1 << 30).with("pods", 4);
        assert_eq!(free(&[node("a")], &[pod("a", "3")]), [nothing]);
    }

    #[test]
    fn lists_are_read_as_the_objects_in_them() {
        let nodes = json!({"kind": "List", "items": [node("a"), node("b")]});
        let pods = json!({"kind": "PodList", "items": [pod("a", "1"), pod("b", "1")]});
        let left = Resources::new(1000, 1 << 30).with("pods", 4);
        assert_eq!(free(&[nodes], &[pods]), [left.clone(), left]);
    }

    #[test]
    fn nodes_that_take_nothing_are_counted() {
        let taint = json!([{"key": "node.kubernetes.io/unreachable", "effect": "NoExecute",
            "timeAdded": "2026-01-01T00:00:00Z"}]);
        let nodes = [
            with(node("a"), &["spec"], json!({"unschedulable": true})),
            with(
                node("b"),
                &["status", "conditions"],
                json!([{"type": "Ready", "status": "Unknown"}]),
            ),
            with(node("c"), &["status", "conditions"], Value::Null),
            with(node("d"), &["spec"], json!({ "taints": taint })),
        ];
        let (capacity, problems) = Capacity::of(&nodes, []);
        assert_eq!((capacity.cordoned, capacity.not_ready), (1, 3));
        assert!(!capacity.has_schedulable_node() && problems.is_empty());
        assert_eq!(capacity.room(&Demand::default()), 0);
    }

    #[test]
    fn nodes_that_are_alike_are_one_class() {
        let at = |time: &str| {
            json!({"taints": [
                {"key": "slow", "effect": "PreferNoSchedule"},
                {"key": "batch", "effect": "NoSchedule", "timeAdded": time},
            ]})
        };
        let nodes = [
            with(node("a"), &["spec"], at("2026-01-01T00:00:00Z")),
            with(node("b"), &["spec"], at("2026-02-01T00:00:00Z")),
        ];
        let mut survey = Survey::default();
        let (exact, _) = survey.take(&nodes, []);
        assert_eq!(exact.classes.len(), 2);
        survey.classes = 1;
        let (capacity, _) = survey.take(&nodes, []);
        let [class] = capacity.classes.as_slice() else {
            panic!("{capacity:?}");
        };
        assert_eq!((class.count, class.name.as_str()), (2, ""));
        assert_eq!(class.taints, [Taint::new("batch", TaintEffect::NoSchedule)]);
    }

    #[test]
    fn labels_that_do_not_matter_are_forgotten() {
        let labels = json!({"zone": "x", "rack": "7"});
        let nodes = [with(node("a"), &["metadata", "labels"], labels)];
        let survey = Survey {
            labels: Some(["zone".to_owned()].into()),
            ..Survey::default()
        };
        let (capacity, _) = survey.take(&nodes, []);
        let room =
            |key, value| capacity.room(&Demand::new(Resources::default()).on_nodes([(key, value)]));
        assert_eq!((room("zone", "x"), room("rack", "7")), (5, 0));
        assert_eq!(capacity.forgotten, BTreeSet::from(["rack".to_owned()]));
    }

    #[test]
    fn what_cannot_be_read_is_left_out_and_told() {
        let nodes = [
            with(node("a"), &["status", "allocatable"], json!({"cpu": "x"})),
            with(
                node("b"),
                &["spec"],
                json!({"taints": [{"key": "a", "effect": "Never"}]}),
            ),
            with(node("c"), &["metadata", "labels"], json!([])),
            node("d"),
            node("e"),
            node("e"),
        ];
        let (capacity, problems) = Capacity::of(&nodes, [&pod("d", "lots")]);
        assert_eq!(capacity.classes.len(), 1);
        let told: Vec<_> = problems
            .iter()
            .map(|problem| {
                (
                    problem.code,
                    problem.at.as_ref().map_or("", |at| at.path.as_str()),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (Code::InvalidQuantity, "/status/allocatable/cpu"),
                (Code::InvalidValue, "/spec/taints/0"),
                (Code::InvalidValue, "/metadata/labels"),
                (
                    Code::InvalidQuantity,
                    "/spec/containers/0/resources/requests/cpu"
                ),
                (Code::DuplicateObject, ""),
            ]
        );
        assert!(
            problems[3]
                .message
                .starts_with("node \"d\" is left out: its pod \"p\": ")
        );
    }
}
