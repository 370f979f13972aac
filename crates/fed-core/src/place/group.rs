//! Which clusters are in that group? The clusters of some names and labels.

use super::verdict::set_of;
use crate::fleet::{ClusterSet, Fleet};
use crate::identity::ClusterName;
use crate::intent::{LabelSelector, Spread, SpreadBy};

/// The clusters of these names and labels, where these are given, but not the excluded ones.
pub(crate) fn group(
    names: Option<&[ClusterName]>,
    selector: Option<&LabelSelector>,
    excluded: &[ClusterName],
    fleet: &Fleet,
) -> ClusterSet {
    let listed = match names {
        Some(names) => set_of(names, fleet),
        None => fleet.index().all().clone(),
    };
    let selected = match selector {
        Some(selector) => listed.and(&fleet.index().matching(selector)),
        None => listed,
    };
    selected.without(&set_of(excluded, fleet))
}

/// The clusters that are in some group over which clusters are spread.
pub(super) fn grouped(spread: &Spread, fleet: &Fleet) -> ClusterSet {
    let index = fleet.index();
    match spread.by {
        SpreadBy::Cluster => index.all().clone(),
        SpreadBy::Region => index.in_region.clone(),
        SpreadBy::Provider => index.of_provider.clone(),
        SpreadBy::Zone => index.in_zone.clone(),
        SpreadBy::Label => index.with_label(spread.label.as_deref().unwrap_or_default()),
    }
}
