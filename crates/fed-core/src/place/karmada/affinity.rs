//! Which clusters does a policy of Karmada mean?

use std::collections::BTreeSet;
use std::fmt;

use crate::fleet::{Cluster, Topology};
use crate::identity::ClusterName;
use crate::intent::{LabelRequirement, LabelSelector};
use crate::names;

/// The clusters that a policy means: all of it must hold. The empty affinity means every cluster.
///
/// ```
/// use fed_core::place::karmada::{Affinity, Mismatch};
/// use fed_core::{Cluster, LabelRequirement, Topology};
///
/// let affinity = Affinity::default()
///     .with_field(LabelRequirement::new("zone", "In", ["eu-1a", "eu-1b"]))
///     .without("lab");
/// let place = Topology::new("acme", "eu-1").in_zones(["eu-1b", "eu-1c"]);
/// assert!(affinity.matches(&Cluster::new("shop").located(place.clone())));
/// assert_eq!(affinity.mismatch(&Cluster::new("lab").located(place)), Some(Mismatch::Excluded));
/// assert_eq!(affinity.mismatch(&Cluster::new("elsewhere")), Some(Mismatch::Fields));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Affinity {
    /// What the labels of the cluster have to be.
    pub label_selector: Option<LabelSelector>,
    /// What its `provider`, `region` and `zone` have to be. Of its zones, one in the list is enough
    /// for `In`, and none may be in it for `NotIn`.
    pub field_selector: Vec<LabelRequirement>,
    /// The clusters that are meant; none means all.
    pub cluster_names: BTreeSet<ClusterName>,
    /// Clusters that are not meant, whatever else is said.
    pub exclude: BTreeSet<ClusterName>,
}

/// Why an affinity does not mean a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mismatch {
    /// It is excluded by name.
    Excluded,
    /// Its labels do not match, or the selector is not valid and matches nothing.
    Labels,
    /// Its place does not match, or the selector is not valid and matches nothing.
    Fields,
    /// Others are named, and it is not.
    NotNamed,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Excluded => "the cluster affinity excludes it by name",
            Self::Labels => "its labels do not match the labelSelector of the cluster affinity",
            Self::Fields => {
                "its provider, region or zones do not match the fieldSelector of the cluster \
                 affinity"
            }
            Self::NotNamed => "it is not among the clusterNames of the cluster affinity",
        })
    }
}

impl Affinity {
    /// The clusters of these names.
    pub fn named<N: Into<ClusterName>>(names: impl IntoIterator<Item = N>) -> Self {
        Self {
            cluster_names: names.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// The clusters with these labels.
    pub fn labelled(selector: LabelSelector) -> Self {
        Self {
            label_selector: Some(selector),
            ..Self::default()
        }
    }

    /// The same, with one more requirement on `provider`, `region` or `zone`.
    #[must_use]
    pub fn with_field(mut self, requirement: LabelRequirement) -> Self {
        self.field_selector.push(requirement);
        self
    }

    /// The same, without the cluster of this name.
    #[must_use]
    pub fn without(mut self, name: impl Into<ClusterName>) -> Self {
        self.exclude.insert(name.into());
        self
    }

    /// Does it mean this cluster?
    pub fn matches(&self, cluster: &Cluster) -> bool {
        self.mismatch(cluster).is_none()
    }

    /// Why it does not mean this cluster: the first thing that does not hold.
    pub fn mismatch(&self, cluster: &Cluster) -> Option<Mismatch> {
        let labels = |selector: &LabelSelector| {
            selector.check().is_ok() && selector.matches(cluster.labels())
        };
        let mut fields = self.field_selector.iter();
        if self.exclude.contains(cluster.name()) {
            Some(Mismatch::Excluded)
        } else if !self.label_selector.as_ref().is_none_or(labels) {
            Some(Mismatch::Labels)
        } else if !fields.all(|requirement| holds(requirement, cluster.topology())) {
            Some(Mismatch::Fields)
        } else if !self.cluster_names.is_empty() && !self.cluster_names.contains(cluster.name()) {
            Some(Mismatch::NotNamed)
        } else {
            None
        }
    }
}

fn holds(requirement: &LabelRequirement, place: &Topology) -> bool {
    let one = |field: &str| !field.is_empty() && requirement.values.iter().any(|v| v == field);
    let (is_set, is_listed) = match requirement.key.as_str() {
        "zone" => {
            let mut listed = requirement.values.iter();
            let is_listed = listed.any(|value| place.zones.contains(value));
            return compare(requirement, !place.zones.is_empty(), is_listed);
        }
        "provider" => (!place.provider.is_empty(), one(&place.provider)),
        "region" => (!place.region.is_empty(), one(&place.region)),
        _ => (false, false),
    };
    // Karmada reads zones as they are written, and all else as labels.
    is_valid(requirement) && compare(requirement, is_set, is_listed)
}

fn compare(requirement: &LabelRequirement, is_set: bool, is_listed: bool) -> bool {
    match requirement.operator.as_str() {
        "In" => is_listed,
        "NotIn" => !is_listed,
        "Exists" => is_set,
        "DoesNotExist" => !is_set,
        _ => false,
    }
}

/// Would Kubernetes take it as a requirement on a label?
fn is_valid(requirement: &LabelRequirement) -> bool {
    let takes_values = matches!(requirement.operator.as_str(), "In" | "NotIn");
    let mut values = requirement.values.iter();
    takes_values != requirement.values.is_empty()
        && names::label_key(&requirement.key).is_ok()
        && values.all(|value| names::label_value(value).is_ok())
}

/// Clusters of which the later ones only get what the earlier ones cannot hold: one term of a
/// policy's `clusterAffinities`, or its `clusterAffinity`.
///
/// ```
/// use fed_core::Cluster;
/// use fed_core::place::karmada::{Affinity, Term};
///
/// let term = Term::of(Affinity::named(["a"])).overflowing(Affinity::named(["b"]));
/// assert_eq!(term.tier(&Cluster::new("b")), Some(1));
/// assert_eq!(term.tier(&Cluster::new("c")), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Term {
    /// The clusters that come first.
    pub affinity: Affinity,
    /// Those that come after them, in their order.
    pub overflow: Vec<Affinity>,
}

impl Term {
    /// The clusters of one affinity.
    pub fn of(affinity: Affinity) -> Self {
        Self {
            affinity,
            overflow: Vec::new(),
        }
    }

    /// The same, with clusters that come after all the others.
    #[must_use]
    pub fn overflowing(mut self, affinity: Affinity) -> Self {
        self.overflow.push(affinity);
        self
    }

    /// When the cluster's turn comes: 0 for those that come first, then 1 and so on; `None` if it
    /// is not meant. It is what [`Options::tiers`](crate::divide::karmada::Options::tiers) holds.
    pub fn tier(&self, cluster: &Cluster) -> Option<u32> {
        std::iter::once(&self.affinity)
            .chain(&self.overflow)
            .zip(0..)
            .find_map(|(affinity, tier)| affinity.matches(cluster).then_some(tier))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_field(key: &str, operator: &str, values: &[&str]) -> Affinity {
        Affinity::default().with_field(LabelRequirement::new(key, operator, values.to_vec()))
    }

    #[test]
    fn the_first_that_does_not_hold_is_told() {
        let cluster = Cluster::new("a").label("env", "prod");
        let labelled = |value: &str| Affinity::labelled(LabelSelector::labels([("env", value)]));
        let cases = [
            (Affinity::default(), None),
            (labelled("prod"), None),
            (labelled("dev").without("a"), Some(Mismatch::Excluded)),
            (labelled("dev"), Some(Mismatch::Labels)),
            (labelled("not valid"), Some(Mismatch::Labels)),
            (by_field("region", "Exists", &[]), Some(Mismatch::Fields)),
            (Affinity::named(["b"]), Some(Mismatch::NotNamed)),
        ];
        for (affinity, mismatch) in cases {
            assert_eq!(affinity.mismatch(&cluster), mismatch, "{affinity:?}");
        }
    }

    #[test]
    fn a_place_that_is_not_known_is_in_no_list() {
        let nowhere = Cluster::new("a");
        let somewhere = Cluster::new("b").located(Topology::new("acme", "eu").in_zones(["1", "2"]));
        for key in ["provider", "region", "zone"] {
            assert!(!by_field(key, "In", &["acme", "eu", "2"]).matches(&nowhere));
            assert!(by_field(key, "In", &["acme", "eu", "2"]).matches(&somewhere));
            assert!(by_field(key, "NotIn", &["acme", "eu", "2"]).matches(&nowhere));
            assert!(!by_field(key, "NotIn", &["acme", "eu", "2"]).matches(&somewhere));
            assert!(by_field(key, "DoesNotExist", &[]).matches(&nowhere));
            assert!(by_field(key, "Exists", &[]).matches(&somewhere));
            assert!(!by_field(key, "Near", &["acme"]).matches(&somewhere));
        }
        assert!(by_field("planet", "NotIn", &["mars"]).matches(&somewhere));
    }

    #[test]
    fn what_is_no_label_matches_nothing_except_in_zones() {
        let cluster =
            Cluster::new("a").located(Topology::new("Acme Inc.", "eu").in_zones(["zone 1"]));
        assert!(!by_field("provider", "In", &["Acme Inc."]).matches(&cluster));
        assert!(!by_field("region", "NotIn", &["us east"]).matches(&cluster));
        assert!(!by_field("region", "NotIn", &[]).matches(&cluster));
        assert!(!by_field("region", "Exists", &["eu"]).matches(&cluster));
        assert!(by_field("zone", "In", &["zone 1"]).matches(&cluster));
        assert!(by_field("zone", "NotIn", &[]).matches(&cluster));
    }
}
