//! What is known of each cluster of a fleet? Looked up by names once, and then by places.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::{ClusterIndex, ClusterSet, Fleet};
use crate::identity::ClusterName;

/// Something that is known of some clusters of a fleet.
#[derive(Clone, Debug)]
pub(crate) struct Column<'t, T> {
    /// By the places of the clusters; nothing at all where nothing is known of any.
    known: Vec<Option<&'t T>>,
}

impl<'t, T> Column<'t, T> {
    /// What is known by the names of clusters.
    pub(crate) fn of(known: Option<&'t BTreeMap<ClusterName, T>>, fleet: &Fleet) -> Self {
        let mut column = Self { known: Vec::new() };
        let mut next = 0;
        for (name, value) in known.into_iter().flatten() {
            let (place, is_there) = fleet.place_from(next, name);
            if is_there {
                column.note(place, value, fleet);
            }
            next = place;
        }
        column
    }

    /// The clusters of which something is known.
    pub(crate) fn clusters(&self) -> ClusterSet {
        let known = (0..).map(ClusterIndex::new).zip(&self.known);
        known
            .filter(|(_, known)| known.is_some())
            .map(|(index, _)| index)
            .collect()
    }

    /// What is known of a cluster.
    pub(crate) fn get(&self, index: ClusterIndex) -> Option<&'t T> {
        *self.known.get(index.get())?
    }

    fn note(&mut self, place: usize, value: &'t T, fleet: &Fleet) {
        if self.known.is_empty() {
            self.known.resize(fleet.len(), None);
        }
        if let Some(known) = self.known.get_mut(place) {
            *known = Some(value);
        }
    }
}

impl Fleet {
    /// Where the cluster of this name is, or would be, if it is not before that place. It is looked
    /// for near that place first.
    fn place_from(&self, start: usize, name: &ClusterName) -> (usize, bool) {
        let rest = self.names.get(start..).unwrap_or_default();
        let order = rest.first().map(|first| first.cmp(name));
        if order != Some(Ordering::Less) {
            return (start, order == Some(Ordering::Equal));
        }
        let mut end = 2;
        while rest.get(end - 1).is_some_and(|one| one < name) {
            end *= 2;
        }
        let near = rest.get(end / 2..end.min(rest.len())).unwrap_or_default();
        let found = near.binary_search(name);
        let (Ok(place) | Err(place)) = found;
        (start + end / 2 + place, found.is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::Cluster;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_known_is_found(
            clusters in proptest::collection::btree_set(0_u32..200, 0..60),
            known in proptest::collection::btree_map(0_u32..200, any::<u8>(), 0..60),
        ) {
            let name = |number: &u32| ClusterName::from(format!("c{number}"));
            let fleet: Fleet = clusters.iter().map(name).map(Cluster::new).collect();
            let known: BTreeMap<_, _> = known.iter().map(|(at, value)| (name(at), *value)).collect();
            let column = Column::of(Some(&known), &fleet);
            for index in fleet.indices() {
                let cluster = fleet.at(index).unwrap();
                prop_assert_eq!(column.get(index), known.get(cluster.name()));
            }
            let clusters = column.clusters();
            let clusters: Vec<_> = fleet.of(&clusters).map(Cluster::name).collect();
            let expected = fleet.iter().map(Cluster::name).filter(|name| known.contains_key(*name));
            prop_assert_eq!(clusters, expected.collect::<Vec<_>>());
            prop_assert_eq!(column.get(ClusterIndex::new(fleet.len())), None);
        }
    }
}
