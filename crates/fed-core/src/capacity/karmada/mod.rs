//! How much room does Karmada see in a cluster? Its estimators, which count in other ways than
//! [`Capacity::room`](super::Capacity::room).
//!
//! | estimator | looks at | here |
//! |---|---|---|
//! | general | the summary in the status of a Cluster | [`Summary::replicas`], [`Summary::sets`] |
//! | node resource | every node | [`Capacity::room`](super::Capacity::room), [`sets_on_nodes`] |
//! | resource quota | the quotas of the namespace | [`Quota::sets`] |
//!
//! What Karmada takes is the least of those that answer. What is scheduled already and not yet
//! seen in the cluster is `assumed` to be there: a list of sets, each placed first.
//!
//! ```
//! use fed_core::capacity::karmada::Summary;
//! use fed_core::capacity::{Demand, Resources};
//! use serde_json::json;
//!
//! let cluster = json!({"status": {"resourceSummary": {
//!     "allocatable": {"cpu": "4", "memory": "8Gi", "pods": "100"},
//!     "allocated": {"cpu": "1", "memory": "2Gi", "pods": "20"},
//! }}});
//! let summary = Summary::of_cluster(&cluster)?.unwrap();
//! let demand = Demand::new(Resources::new(500, 1 << 30));
//! assert_eq!(summary.replicas(Some(&demand), &[]), 6);
//! # Ok::<(), fed_core::Problem>(())
//! ```
//!
//! Karmada compares the amounts of a set of components in thousandths where they are written in
//! decimal, and in whole ones where they are not, so that `1000M` against `8Gi` is off by a
//! thousand. That, and sums that wrap around, are not reproduced.

mod packing;
mod quota;
mod summary;

pub use packing::sets_on_nodes;
pub use quota::Quota;
pub use summary::Summary;

use super::Demand;
use super::resources::Resources;

/// One of the kinds of pods that a workload runs together, such as the workers beside a manager.
/// One set of a workload is all of its components.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Component {
    /// How many pods of it there are in a set.
    pub replicas: i64,
    /// What each of them asks for.
    pub demand: Demand,
    /// The priority class of the pods, by which quotas are chosen.
    pub priority_class: String,
}

impl Component {
    /// So many pods in a set, each with this demand.
    pub fn new(replicas: i64, demand: Demand) -> Self {
        Self {
            replicas,
            demand,
            priority_class: String::new(),
        }
    }

    /// The same, of this priority class.
    #[must_use]
    pub fn of_priority(mut self, class: impl Into<String>) -> Self {
        self.priority_class = class.into();
        self
    }

    fn requests(&self) -> Resources {
        self.demand.requests.times(self.replicas.max(0))
    }
}

/// What one set of these components requests, all together.
///
/// ```
/// use fed_core::capacity::karmada::{Component, requests};
/// use fed_core::capacity::{Demand, Resources};
///
/// let workers = Component::new(3, Demand::new(Resources::new(200, 1 << 28)));
/// assert_eq!(requests([&workers]), Resources::new(600, 3 << 28).with("pods", 3));
/// ```
pub fn requests<'c>(components: impl IntoIterator<Item = &'c Component>) -> Resources {
    components
        .into_iter()
        .fold(Resources::default(), |all, component| {
            all.plus(&component.requests())
        })
}

/// How many of its replicas Karmada's descheduler leaves assigned to a cluster: those that are
/// ready, and those that are not known to wait for a node in vain. Nothing changes where as many
/// are ready as are assigned.
///
/// ```
/// use fed_core::capacity::karmada::descheduled;
///
/// assert_eq!(descheduled(5, 4, 2), 4);
/// assert_eq!(descheduled(5, 0, 2), 3);
/// assert_eq!(descheduled(5, 5, 2), 5);
/// ```
pub fn descheduled(assigned: i64, ready: i64, unschedulable: i64) -> i64 {
    if ready >= assigned {
        return assigned;
    }
    let may_still_run = assigned.saturating_sub(unschedulable.max(0));
    ready.max(may_still_run)
}
