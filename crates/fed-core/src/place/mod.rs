//! Which clusters? One rule answers for one cluster; a placement is that rule asked of them all,
//! so that what is chosen and why can never differ.

mod gate;
mod group;
pub mod karmada;
mod sieve;
pub mod spread;
mod verdict;

pub(crate) use gate::Gate;
pub(crate) use group::group;
pub(crate) use sieve::Sieve;
pub(crate) use verdict::{Circumstances, Rule, chosen};

use crate::fleet::{ClusterSet, Fleet};
use crate::intent::{InvalidSelector, Placement};

/// The clusters of the fleet that a placement chooses by itself, whatever the object's namespace.
///
/// ```
/// use fed_core::{Cluster, Fleet, LabelSelector, Placement, place};
///
/// let fleet: Fleet =
///     [Cluster::new("a").label("env", "prod"), Cluster::new("b")].into_iter().collect();
/// let prod = Placement::selector(LabelSelector::labels([("env", "prod")]));
/// let chosen = place::select(&prod, &fleet)?;
/// assert!(fleet.of(&chosen).map(|cluster| cluster.name().as_str()).eq(["a"]));
/// # Ok::<(), fed_core::InvalidSelector>(())
/// ```
pub fn select(placement: &Placement, fleet: &Fleet) -> Result<ClusterSet, InvalidSelector> {
    if let Some(selector) = &placement.cluster_selector {
        selector.check()?;
    }
    Ok(Rule::new(placement, None, fleet).chosen(fleet))
}
