//! Which clusters are there, and what is known of each?

mod cluster;
mod column;
mod event;
mod groups;
mod index;
mod set;
mod taint;

use std::sync::Arc;

pub use cluster::{Cluster, ClusterFacts, Readiness, Topology};
pub(crate) use column::Column;
pub use event::{FleetEvent, ImpossibleEvent};
pub use set::{ClusterIndex, ClusterSet};
pub use taint::{Taint, TaintEffect, Toleration};

use crate::identity::ClusterName;
use groups::TopologyGroups;
pub(crate) use index::FleetIndex;

/// All clusters that objects can be placed in, in the order of their names.
///
/// Cloning copies a pointer.
///
/// ```
/// use fed_core::{Cluster, Fleet};
///
/// let fleet: Fleet = [Cluster::new("us-east"), Cluster::new("eu-west")].into_iter().collect();
/// let names: Vec<_> = fleet.iter().map(|cluster| cluster.name().as_str()).collect();
/// assert_eq!(names, ["eu-west", "us-east"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fleet {
    clusters: Arc<[Cluster]>,
    /// The names of the clusters once more, next to each other, so that many are soon compared.
    names: Arc<[ClusterName]>,
    ambiguous: Arc<[ClusterName]>,
    knows_served_kinds: bool,
    groups: Arc<TopologyGroups>,
    index: Arc<FleetIndex>,
}

impl Fleet {
    /// How many clusters there are.
    pub fn len(&self) -> usize {
        self.clusters.len()
    }

    /// Is there no cluster at all?
    pub fn is_empty(&self) -> bool {
        self.clusters.is_empty()
    }

    /// The clusters, by name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Cluster> + DoubleEndedIterator {
        self.clusters.iter()
    }

    /// The places of the clusters in this fleet, in the order of [`Fleet::iter`].
    pub fn indices(&self) -> impl ExactSizeIterator<Item = ClusterIndex> + use<> {
        (0..self.clusters.len()).map(ClusterIndex::new)
    }

    /// The cluster of that name.
    pub fn get(&self, name: &ClusterName) -> Option<&Cluster> {
        self.index_of(name).and_then(|index| self.at(index))
    }

    /// The place of the cluster of that name.
    pub fn index_of(&self, name: &ClusterName) -> Option<ClusterIndex> {
        self.names.binary_search(name).ok().map(ClusterIndex::new)
    }

    /// The name of the cluster at that place.
    pub(crate) fn name_at(&self, index: ClusterIndex) -> Option<&ClusterName> {
        self.names.get(index.get())
    }

    /// The cluster at that place of this fleet.
    pub fn at(&self, index: ClusterIndex) -> Option<&Cluster> {
        self.clusters.get(index.get())
    }

    /// The clusters of a set, by name. The set must have been made for this fleet.
    pub fn of<'f>(&'f self, set: &'f ClusterSet) -> impl Iterator<Item = &'f Cluster> {
        set.iter().filter_map(|index| self.at(index))
    }

    /// The number of a cluster's region: the same for clusters of the same region.
    pub(crate) fn region_group(&self, index: ClusterIndex) -> Option<u32> {
        self.groups.region(index)
    }

    /// The number of a cluster's provider.
    pub(crate) fn provider_group(&self, index: ClusterIndex) -> Option<u32> {
        self.groups.provider(index)
    }

    /// The numbers of a cluster's zones.
    pub(crate) fn zone_groups(&self, index: ClusterIndex) -> &[u32] {
        self.groups.zones(index)
    }

    /// Does any cluster tell which kinds it serves?
    pub(crate) fn knows_served_kinds(&self) -> bool {
        self.knows_served_kinds
    }

    /// What many decisions ask of the same fleet.
    pub(crate) fn index(&self) -> &FleetIndex {
        &self.index
    }

    /// Names under which different clusters were given. Nothing tells which one is meant, so the
    /// fleet has none of them.
    pub fn ambiguous(&self) -> &[ClusterName] {
        &self.ambiguous
    }
}

impl FromIterator<Cluster> for Fleet {
    fn from_iter<I: IntoIterator<Item = Cluster>>(clusters: I) -> Self {
        let mut clusters: Vec<_> = clusters.into_iter().collect();
        clusters.sort_by(|a, b| a.name().cmp(b.name()));
        clusters.dedup();
        let mut ambiguous: Vec<_> = clusters
            .iter()
            .zip(clusters.iter().skip(1))
            .filter(|(a, b)| a.name() == b.name())
            .map(|(a, _)| a.name().clone())
            .collect();
        ambiguous.dedup();
        clusters.retain(|cluster| ambiguous.binary_search(cluster.name()).is_err());
        Self {
            knows_served_kinds: clusters
                .iter()
                .any(|cluster| cluster.facts().served.is_some()),
            groups: Arc::new(TopologyGroups::of(&clusters)),
            index: Arc::new(FleetIndex::of(&clusters)),
            names: clusters
                .iter()
                .map(|cluster| ClusterName::from(cluster.name().as_str()))
                .collect(),
            clusters: clusters.into(),
            ambiguous: ambiguous.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fleet_does_not_depend_on_the_order_of_its_clusters() {
        let clusters = ["c", "a", "b"].map(Cluster::new);
        let forward: Fleet = clusters.clone().into_iter().collect();
        let backward: Fleet = clusters.into_iter().rev().collect();
        assert_eq!(forward, backward);
        assert_eq!(forward.index_of(&"b".into()), Some(ClusterIndex::new(1)));
        assert_eq!(forward.get(&"d".into()), None);
    }

    #[test]
    fn the_same_cluster_twice_is_one_and_two_of_a_name_are_none() {
        let twice = [Cluster::new("a"), Cluster::new("a"), Cluster::new("b")];
        assert_eq!(twice.into_iter().collect::<Fleet>().len(), 2);

        let different = [Cluster::new("a"), Cluster::new("a").label("env", "prod")];
        let fleet: Fleet = different.into_iter().collect();
        assert!(fleet.is_empty());
        assert_eq!(fleet.ambiguous(), [ClusterName::from("a")]);
    }
}
