//! Is this cluster in that group? A group of a placement's affinities, ready to be asked.

use super::verdict::set_of;
use crate::fleet::{Cluster, ClusterIndex, ClusterSet, Fleet};
use crate::intent::{Affinity, LabelSelector};

/// A group of clusters.
#[derive(Clone, Debug)]
pub(crate) struct Group<'p> {
    affinity: &'p Affinity,
    list: Option<ClusterSet>,
    selector: Option<&'p LabelSelector>,
    excluded: ClusterSet,
}

impl<'p> Group<'p> {
    pub(super) fn new(affinity: &'p Affinity, fleet: &Fleet) -> Self {
        let names = affinity.clusters.as_ref();
        Self {
            affinity,
            list: names.map(|names| set_of(names, fleet)),
            selector: affinity.cluster_selector.as_ref(),
            excluded: set_of(&affinity.exclude, fleet),
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

    /// What people call it: its name, else its number, from 1.
    pub(crate) fn title(&self, position: usize) -> String {
        match self.affinity.name.as_str() {
            "" => format!("group {}", position + 1),
            name => format!("group {name:?}"),
        }
    }
}
