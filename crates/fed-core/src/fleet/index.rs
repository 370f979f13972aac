//! Which clusters are of some kind? Found out once for a fleet, so that decisions are made with sets
//! of clusters, and look at a cluster only where they have to.

use std::collections::{BTreeMap, BTreeSet};

use super::{Cluster, ClusterIndex, ClusterSet, Readiness};
use crate::intent::LabelSelector;

/// What many decisions ask of the same fleet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FleetIndex {
    /// Those that are known to be ready.
    pub(crate) ready: ClusterSet,
    /// Those that are lost for good.
    pub(crate) lost: ClusterSet,
    /// Those with any taint.
    pub(crate) tainted: ClusterSet,
    /// Those whose region is known.
    pub(crate) in_region: ClusterSet,
    /// Those whose provider is known.
    pub(crate) of_provider: ClusterSet,
    /// Those of which a zone is known.
    pub(crate) in_zone: ClusterSet,
    /// Those that tell what their nodes have free.
    pub(crate) with_capacity: ClusterSet,
    all: ClusterSet,
    /// By key and value of a label.
    labelled: BTreeMap<String, BTreeMap<String, Vec<ClusterIndex>>>,
    /// By the name of a property.
    properties: BTreeMap<String, Vec<(ClusterIndex, i64)>>,
    /// The kinds that are served, where they are told, and by whom.
    serving: Vec<(BTreeSet<String>, ClusterSet)>,
}

impl FleetIndex {
    pub(super) fn of(clusters: &[Cluster]) -> Self {
        let those = |is: &dyn Fn(&Cluster) -> bool| -> ClusterSet {
            let which = numbered(clusters).filter(|(_, cluster)| is(cluster));
            which.map(|(index, _)| index).collect()
        };
        Self {
            ready: those(&Cluster::is_ready),
            lost: those(&|one| one.readiness() == Readiness::Lost),
            tainted: those(&|one| !one.facts().taints.is_empty()),
            in_region: those(&|one| !one.topology().region.is_empty()),
            of_provider: those(&|one| !one.topology().provider.is_empty()),
            in_zone: those(&|one| !one.topology().zones.is_empty()),
            with_capacity: those(&|one| one.facts().capacity.is_some()),
            all: ClusterSet::first(clusters.len()),
            labelled: labelled(clusters),
            properties: properties(clusters),
            serving: serving(clusters),
        }
    }

    /// All clusters.
    pub(crate) fn all(&self) -> &ClusterSet {
        &self.all
    }

    /// Those whose labels match.
    pub(crate) fn matching(&self, selector: &LabelSelector) -> ClusterSet {
        let labels = selector.match_labels.iter();
        let labelled = labels.fold(self.all.clone(), |left, (key, value)| {
            left.and(&self.with_one_of(key, [value]))
        });
        let requirements = selector.match_expressions.iter();
        requirements.fold(labelled, |left, requirement| {
            let key = requirement.key.as_str();
            match requirement.operator.as_str() {
                "In" => left.and(&self.with_one_of(key, &requirement.values)),
                "NotIn" => left.without(&self.with_one_of(key, &requirement.values)),
                "Exists" => left.and(&self.with_label(key)),
                "DoesNotExist" => left.without(&self.with_label(key)),
                _ => ClusterSet::new(),
            }
        })
    }

    /// Those that have a label of this key.
    pub(crate) fn with_label(&self, key: &str) -> ClusterSet {
        let values = self.labelled.get(key).into_iter();
        values
            .flat_map(BTreeMap::values)
            .flatten()
            .copied()
            .collect()
    }

    fn with_one_of<'v>(
        &self,
        key: &str,
        values: impl IntoIterator<Item = &'v String>,
    ) -> ClusterSet {
        let known = self.labelled.get(key);
        let of_value = |value: &String| known?.get(value);
        let clusters = values.into_iter().filter_map(of_value).flatten();
        clusters.copied().collect()
    }

    /// Those that have this property, and how much of it.
    pub(crate) fn with_property(&self, name: &str) -> &[(ClusterIndex, i64)] {
        self.properties.get(name).map_or(&[], Vec::as_slice)
    }

    /// Those that tell which kinds they serve, and not this one.
    pub(crate) fn not_serving(&self, kind: &str) -> ClusterSet {
        let others = self
            .serving
            .iter()
            .filter(|(kinds, _)| !kinds.contains(kind));
        others.fold(ClusterSet::new(), |all, (_, clusters)| all.or(clusters))
    }
}

fn numbered(clusters: &[Cluster]) -> impl Iterator<Item = (ClusterIndex, &Cluster)> {
    (0..).map(ClusterIndex::new).zip(clusters)
}

fn labelled(clusters: &[Cluster]) -> BTreeMap<String, BTreeMap<String, Vec<ClusterIndex>>> {
    let mut by_key: BTreeMap<&str, BTreeMap<&str, Vec<ClusterIndex>>> = BTreeMap::new();
    for (index, cluster) in numbered(clusters) {
        for (key, value) in cluster.labels() {
            let by_value = by_key.entry(key).or_default();
            by_value.entry(value).or_default().push(index);
        }
    }
    let owned = |(value, clusters): (&str, _)| (value.to_owned(), clusters);
    by_key
        .into_iter()
        .map(|(key, by_value)| (key.to_owned(), by_value.into_iter().map(owned).collect()))
        .collect()
}

fn properties(clusters: &[Cluster]) -> BTreeMap<String, Vec<(ClusterIndex, i64)>> {
    let mut by_name: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for (index, cluster) in numbered(clusters) {
        for (name, value) in &cluster.facts().properties {
            by_name.entry(name).or_default().push((index, *value));
        }
    }
    let owned = by_name.into_iter();
    owned
        .map(|(name, clusters)| (name.to_owned(), clusters))
        .collect()
}

fn serving(clusters: &[Cluster]) -> Vec<(BTreeSet<String>, ClusterSet)> {
    let mut by_kinds = BTreeMap::new();
    for (index, cluster) in numbered(clusters) {
        if let Some(kinds) = &cluster.facts().served {
            let clusters: &mut ClusterSet = by_kinds.entry(kinds).or_default();
            clusters.insert(index);
        }
    }
    let owned = by_kinds.into_iter();
    owned
        .map(|(kinds, clusters)| (kinds.clone(), clusters))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::Fleet;
    use crate::intent::LabelRequirement;
    use proptest::prelude::*;

    fn labels() -> impl Strategy<Value = BTreeMap<String, String>> {
        proptest::collection::btree_map("[ab]", "[xyz]", 0..3)
    }

    fn requirement() -> impl Strategy<Value = LabelRequirement> {
        let operators = prop::sample::select(vec!["In", "NotIn", "Exists", "DoesNotExist", "Is"]);
        let values = proptest::collection::vec("[xyz]", 0..3);
        ("[abc]", operators, values)
            .prop_map(|(key, operator, values)| LabelRequirement::new(key, operator, values))
    }

    proptest! {
        #[test]
        fn those_match_whose_labels_match(
            clusters in proptest::collection::vec(labels(), 0..70),
            wanted in labels(),
            requirements in proptest::collection::vec(requirement(), 0..3),
        ) {
            let selector = requirements
                .into_iter()
                .fold(LabelSelector::labels(wanted), LabelSelector::and);
            let clusters = clusters.into_iter().enumerate();
            let fleet: Fleet = clusters
                .map(|(number, labels)| Cluster::new(format!("c{number}")).with_labels(labels))
                .collect();
            let expected: ClusterSet = numbered(&fleet.clusters)
                .filter(|(_, cluster)| selector.matches(cluster.labels()))
                .map(|(index, _)| index)
                .collect();
            prop_assert_eq!(fleet.index().matching(&selector), expected);
        }
    }

    #[test]
    fn those_do_not_serve_a_kind_that_tell_others_only() {
        let serving = |name: &str, kinds: &[&str]| {
            let cluster = Cluster::new(name);
            let mut facts = cluster.facts().clone();
            facts.served = Some(kinds.iter().map(|kind| (*kind).to_owned()).collect());
            cluster.with_facts(facts)
        };
        let fleet: Fleet = [
            serving("a", &["v1/Secret"]),
            serving("b", &["v1/ConfigMap", "v1/Secret"]),
            Cluster::new("c"),
            serving("d", &[]),
            serving("e", &["v1/Secret"]),
        ]
        .into_iter()
        .collect();
        let not_serving = |kind: &str| -> Vec<_> {
            let clusters = fleet.index().not_serving(kind);
            clusters.iter().map(ClusterIndex::get).collect()
        };
        assert_eq!(not_serving("v1/Secret"), [3]);
        assert_eq!(not_serving("v1/ConfigMap"), [0, 3, 4]);
    }
}
