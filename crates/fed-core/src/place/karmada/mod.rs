//! Which clusters does Karmada choose? Every cluster is asked by itself whether it may have the
//! object, and among those that may, the best are taken that satisfy the spread constraints.
//!
//! | step | what does it |
//! |---|---|
//! | may this cluster have the object? | [`Request::feasible`], which asks [`Term::tier`], [`untolerated`] and the like |
//! | which come first? | [`ranked`] |
//! | which are taken? | [`select()`], which asks [`regions()`] and [`choose_regions`] where it spreads by region |
//! | how many replicas does each get? | [`divide::karmada`](crate::divide::karmada) |
//!
//! ```
//! use fed_core::divide::karmada::Strategy;
//! use fed_core::place::karmada::{Request, SpreadBy, SpreadConstraint, select};
//! use fed_core::{Cluster, GroupVersionKind, Taint, TaintEffect};
//!
//! let clusters = [
//!     Cluster::new("a"),
//!     Cluster::new("b"),
//!     Cluster::new("c"),
//!     Cluster::new("d").taint(Taint::new("maintenance", TaintEffect::NoSchedule)),
//! ];
//! let rooms = [2, 5, 4, 9];
//!
//! let deployment = GroupVersionKind::from_api_version("apps/v1", "Deployment");
//! let request = Request::of(deployment).spread_by([SpreadConstraint::new(SpreadBy::Cluster, 1, 2)]);
//! let feasible: Vec<_> = clusters
//!     .iter()
//!     .zip(rooms)
//!     .filter_map(|(cluster, room)| Some(request.feasible(cluster).ok()?.with_capacity(room)))
//!     .collect();
//! assert_eq!(feasible.len(), 3);
//!
//! let chosen = select(&feasible, &request.spread, Strategy::DynamicWeights, 8)?;
//! let names: Vec<_> = chosen.iter().map(|&i| feasible[i].cluster.name().as_str()).collect();
//! assert_eq!(names, ["b", "c"]);
//! # Ok::<(), fed_core::Problem>(())
//! ```
//!
//! Karmada asks its filters in no fixed order and tells the first refusal; here the order is fixed.

mod affinity;
mod filter;
mod regions;
mod search;
mod select;

pub use affinity::{Affinity, Mismatch, Term};
pub use filter::{Refusal, Request, is_workload, locality, untolerated};
pub use regions::{Region, regions, select_in_regions};
pub use search::{STEPS, choose_regions};
pub(crate) use select::select_numbered;
pub use select::{FeasibleCluster, ranked, select};

/// By what objects are spread.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SpreadBy {
    /// By clusters.
    Cluster,
    /// By the regions of clusters.
    Region,
    /// By the zones of clusters. Karmada asks for a zone, and then does not spread by it.
    Zone,
    /// By the providers of clusters. Karmada asks for a provider, and then does not spread by it.
    Provider,
    /// By the value of this label. Karmada does not spread by it.
    Label(String),
}

/// In how many clusters or groups of clusters an object has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SpreadConstraint {
    /// What is counted.
    pub by: SpreadBy,
    /// The fewest.
    pub minimum: usize,
    /// The most. 0 allows none at all, which is also what Karmada does where nobody wrote it.
    pub maximum: usize,
}

impl SpreadConstraint {
    /// A constraint on how many there are of these.
    pub fn new(by: SpreadBy, minimum: usize, maximum: usize) -> Self {
        Self {
            by,
            minimum,
            maximum,
        }
    }
}

/// The constraint by this. Of several the last counts, as in Karmada.
fn constraint<'c>(
    constraints: &'c [SpreadConstraint],
    by: &SpreadBy,
) -> Option<&'c SpreadConstraint> {
    constraints.iter().rfind(|constraint| constraint.by == *by)
}

/// The fewest that a constraint asks for; 0 without one.
fn minimum(constraints: &[SpreadConstraint], by: &SpreadBy) -> usize {
    constraint(constraints, by).map_or(0, |constraint| constraint.minimum)
}

/// The most that a constraint allows; 0 without one.
fn maximum(constraints: &[SpreadConstraint], by: &SpreadBy) -> usize {
    constraint(constraints, by).map_or(0, |constraint| constraint.maximum)
}
