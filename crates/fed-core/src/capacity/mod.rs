//! How many more pods does a cluster have room for? What its nodes have free, as a small value.
//!
//! ```
//! use fed_core::capacity::{Capacity, Demand};
//! use serde_json::json;
//!
//! let node = |name: &str| json!({
//!     "metadata": {"name": name},
//!     "status": {
//!         "allocatable": {"cpu": "4", "memory": "16Gi", "pods": "110"},
//!         "conditions": [{"type": "Ready", "status": "True"}],
//!     },
//! });
//! let pod = |node: &str| json!({
//!     "metadata": {"name": "web"},
//!     "spec": {
//!         "nodeName": node,
//!         "containers": [{"resources": {"requests": {"cpu": "1500m", "memory": "1Gi"}}}],
//!     },
//! });
//! let (capacity, problems) = Capacity::of([&node("a"), &node("b")], [&pod("a")]);
//! assert!(problems.is_empty());
//!
//! let demand = Demand::of_pod_template(&pod(""))?;
//! assert_eq!(capacity.room(&demand), 3);
//! assert_eq!(capacity.explain(&demand).to_string(), "room for 3: cpu is the limit on 2 of 2 nodes");
//! # Ok::<(), fed_core::Problem>(())
//! ```
//!
//! It is counted as Kubernetes' scheduler decides: free resources, the labels that nodes must
//! have, and taints that are not tolerated. Nothing is said about ports, volumes, the spread of
//! pods and affinities between pods: of all that, room is an upper limit.

mod affinity;
mod demand;
mod group;
pub mod karmada;
mod quantity;
mod requests;
mod resources;
mod room;
mod survey;
mod waiting;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use affinity::NodeAffinity;
pub use demand::Demand;
pub use quantity::{InvalidQuantity, Quantity};
pub use resources::Resources;
pub use room::{Limit, Room};
pub use survey::Survey;
pub use waiting::{is_unschedulable, unschedulable};

use crate::fleet::{Taint, TaintEffect};
use affinity::Known;

/// What the nodes of a cluster have free: nodes that are alike stand together.
///
/// [`Capacity::of`] makes it of nodes and pods. It can stand in a resource, or in an annotation:
///
/// ```
/// use fed_core::capacity::{Capacity, Demand, Resources};
///
/// let capacity: Capacity = serde_json::from_str(r#"{
///     "classes": [
///         {"count": 3, "free": {"cpu": "3500m", "memory": "12Gi", "pods": "90"}},
///         {"count": 1, "free": {"cpu": "64", "memory": "512Gi", "pods": "250"},
///          "taints": [{"key": "batch", "effect": "NoSchedule"}]}
///     ],
///     "cordoned": 1
/// }"#)?;
/// assert_eq!(capacity.room(&Demand::new(Resources::new(1000, 1 << 30))), 9);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(description = "What the nodes of a cluster have free.")]
#[non_exhaustive]
pub struct Capacity {
    /// The nodes that take pods, those that are alike as one class.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<NodeClass>,
    /// How many nodes are cordoned off: they take nothing.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cordoned: i64,
    /// How many nodes are not ready: they take nothing.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub not_ready: i64,
    /// The labels that nodes may have though they are not told here. Whoever asks for one of
    /// them finds no room.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    #[schemars(with = "Vec<String>")] // A structural schema has no sets.
    pub forgotten: BTreeSet<String>,
}

/// Nodes that are alike.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NodeClass {
    /// Their labels.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// What keeps pods off them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taints: Vec<Taint>,
    /// What each of them has free.
    #[serde(default)]
    pub free: Resources,
    /// The name, if it is one node and its name is told.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// How many there are.
    pub count: i64,
}

impl NodeClass {
    /// So many nodes, each with this free.
    pub fn new(count: i64, free: Resources) -> Self {
        Self {
            free,
            count,
            ..Self::default()
        }
    }

    /// The same, with one more label.
    #[must_use]
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }

    /// The same, with one more taint.
    #[must_use]
    pub fn taint(mut self, taint: Taint) -> Self {
        self.taints.push(taint);
        self
    }

    /// How many nodes there are, as a number that is not negative whatever was written.
    fn nodes(&self) -> i64 {
        self.count.max(0)
    }

    /// The first taint that keeps the demand off these nodes.
    fn refusing_taint(&self, demand: &Demand) -> Option<&Taint> {
        self.taints.iter().find(|taint| {
            taint.effect != TaintEffect::PreferNoSchedule
                && !demand.tolerations.iter().any(|one| one.matches(taint))
        })
    }
}

impl Capacity {
    /// What these nodes have free beside these pods, and what of them could not be read. Both are
    /// objects of Kubernetes, or lists of them as `kubectl get -o json` prints; see [`Survey`] for
    /// what is counted and how.
    pub fn of<'v>(
        nodes: impl IntoIterator<Item = &'v Value>,
        pods: impl IntoIterator<Item = &'v Value>,
    ) -> (Self, Vec<crate::problem::Problem>) {
        Survey::default().take(nodes, pods)
    }

    /// How many replicas there is room for. Each takes its place alone: what else may be on its
    /// way to the cluster is not known here.
    pub fn room(&self, demand: &Demand) -> i64 {
        self.classes.iter().fold(0_i64, |room, class| {
            if self.takes(class, demand) {
                let fits = class.free.fits(&demand.requests);
                room.saturating_add(fits.saturating_mul(class.nodes()))
            } else {
                room
            }
        })
    }

    /// Is there a node that takes pods at all? A cluster without one is full.
    pub fn has_schedulable_node(&self) -> bool {
        self.classes.iter().any(|class| class.nodes() > 0)
    }

    /// May a pod of this demand go to these nodes, if there is room on them?
    fn takes(&self, class: &NodeClass, demand: &Demand) -> bool {
        class.refusing_taint(demand).is_none() && self.has_labels(class, demand)
    }

    /// Do these nodes have, for certain, the labels that the demand wants?
    fn has_labels(&self, class: &NodeClass, demand: &Demand) -> bool {
        let label = |key: &str| self.label_of(class, key);
        let selected = demand
            .node_selector
            .iter()
            .all(|(key, value)| matches!(label(key), Known::Is(Some(found)) if found == value));
        selected
            && demand
                .node_affinity
                .as_ref()
                .is_none_or(|affinity| affinity.admits_known(name_of(class), label))
    }

    fn label_of<'c>(&self, class: &'c NodeClass, key: &str) -> Known<'c> {
        match class.labels.get(key) {
            Some(value) => Known::Is(Some(value)),
            None if self.forgotten.contains(key) => Known::Forgotten,
            None => Known::Is(None),
        }
    }
}

impl FromIterator<NodeClass> for Capacity {
    fn from_iter<I: IntoIterator<Item = NodeClass>>(classes: I) -> Self {
        Self {
            classes: classes.into_iter().collect(),
            ..Self::default()
        }
    }
}

fn name_of(class: &NodeClass) -> Known<'_> {
    if class.name.is_empty() {
        Known::Forgotten
    } else {
        Known::Is(Some(&class.name))
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// A field of a value; null where there is none.
fn field<'v>(value: &'v Value, name: &str) -> &'v Value {
    value.get(name).unwrap_or(&Value::Null)
}
