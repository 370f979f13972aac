//! Which clusters are in the same region, zone or provider? Numbered once for a fleet, so that
//! selections compare no texts.

use std::collections::BTreeMap;

use super::{Cluster, ClusterIndex};

/// The groups of all clusters of a fleet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TopologyGroups {
    regions: Vec<Option<u32>>,
    providers: Vec<Option<u32>>,
    zones: Vec<Vec<u32>>,
}

impl TopologyGroups {
    pub(super) fn of(clusters: &[Cluster]) -> Self {
        let zones = clusters.iter().flat_map(|one| one.topology().zones.iter());
        let zones = numbered(zones.map(String::as_str));
        Self {
            regions: single(clusters, |cluster| &cluster.topology().region),
            providers: single(clusters, |cluster| &cluster.topology().provider),
            zones: clusters
                .iter()
                .map(|cluster| {
                    let names = cluster.topology().zones.iter();
                    names
                        .filter_map(|name| zones.get(name.as_str()).copied())
                        .collect()
                })
                .collect(),
        }
    }

    pub(super) fn region(&self, index: ClusterIndex) -> Option<u32> {
        *self.regions.get(index.get())?
    }

    pub(super) fn provider(&self, index: ClusterIndex) -> Option<u32> {
        *self.providers.get(index.get())?
    }

    pub(super) fn zones(&self, index: ClusterIndex) -> &[u32] {
        self.zones.get(index.get()).map_or(&[], Vec::as_slice)
    }
}

fn single(clusters: &[Cluster], of: impl Fn(&Cluster) -> &String) -> Vec<Option<u32>> {
    let numbers = numbered(clusters.iter().map(|cluster| of(cluster).as_str()));
    let number = |cluster| numbers.get(of(cluster).as_str()).copied();
    clusters.iter().map(number).collect()
}

/// A number for each name but the empty one.
fn numbered<'n>(names: impl Iterator<Item = &'n str>) -> BTreeMap<&'n str, u32> {
    let mut numbers = BTreeMap::new();
    for name in names.filter(|name| !name.is_empty()) {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        numbers.entry(name).or_insert(next);
    }
    numbers
}
