//! Which clusters are in that group? The clusters of some names and labels.

use super::verdict::set_of;
use crate::fleet::{ClusterSet, Fleet};
use crate::identity::ClusterName;
use crate::intent::LabelSelector;

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
