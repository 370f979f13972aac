//! Is this cluster in that group? A group of a placement's affinities, ready to be asked.

use super::verdict::set_of;
use crate::fleet::{Cluster, ClusterIndex, ClusterSet, Fleet};
use crate::identity::ClusterName;
use crate::intent::{Affinity, LabelSelector};

/// A group of clusters.
#[derive(Clone, Debug)]
pub(crate) struct Group<'p> {
    list: Option<ClusterSet>,
    selector: Option<&'p LabelSelector>,
    excluded: ClusterSet,
}

impl<'p> Group<'p> {
    /// The group that an affinity describes.
    pub(super) fn new(affinity: &'p Affinity, fleet: &Fleet) -> Self {
        Self::of(
            affinity.clusters.as_deref(),
            affinity.cluster_selector.as_ref(),
            &affinity.exclude,
            fleet,
        )
    }

    /// The clusters of these names and labels, where these are given, but not the excluded ones.
    pub(crate) fn of(
        names: Option<&[ClusterName]>,
        selector: Option<&'p LabelSelector>,
        excluded: &[ClusterName],
        fleet: &Fleet,
    ) -> Self {
        Self {
            list: names.map(|names| set_of(names, fleet)),
            selector,
            excluded: set_of(excluded, fleet),
        }
    }

    /// Is the cluster at that place in it?
    pub(crate) fn contains(&self, cluster: &Cluster, index: ClusterIndex) -> bool {
        let listed = self.list.as_ref().is_none_or(|list| list.contains(index));
        let selected = || {
            self.selector
                .is_none_or(|selector| selector.matches(cluster.labels()))
        };
        listed && !self.excluded.contains(index) && selected()
    }
}
