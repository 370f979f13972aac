//! Which candidates does a ReplicaSchedulingPreference speak of?

use std::collections::BTreeMap;

use crate::dialect::kubefed::api::{
    ClusterPreferences, ReplicaSchedulingPreference, ReplicaSchedulingPreferenceSpec,
};
use crate::divide::Candidate;
use crate::identity::ClusterName;

/// Stands, among the names of clusters, for each one that is not named.
pub const EVERY_OTHER: &str = "*";

/// What is wanted of the clusters: where nothing is said, every cluster has the weight 1.
///
/// ```
/// use fed_core::dialect::kubefed::api::ReplicaSchedulingPreferenceSpec;
/// use fed_core::divide::kubefed::{EVERY_OTHER, preferences};
///
/// let wanted = preferences(&ReplicaSchedulingPreferenceSpec::default());
/// assert_eq!(wanted[EVERY_OTHER].weight, Some(1));
/// ```
pub fn preferences(spec: &ReplicaSchedulingPreferenceSpec) -> BTreeMap<String, ClusterPreferences> {
    let said = spec.clusters.as_ref().filter(|said| !said.is_empty());
    said.cloned().unwrap_or_else(|| {
        let equal = ClusterPreferences {
            weight: Some(1),
            ..ClusterPreferences::default()
        };
        BTreeMap::from([(EVERY_OTHER.to_owned(), equal)])
    })
}

/// The clusters among which is divided: each available one of which something is wanted, by its
/// name or by `*`, in the order in which they are given.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use fed_core::dialect::kubefed::api::ClusterPreferences;
/// use fed_core::divide::{Candidate, kubefed};
///
/// let mut wanted = ClusterPreferences::default();
/// wanted.weight = Some(2);
/// let wanted = BTreeMap::from([("a".to_owned(), wanted)]);
/// let none = BTreeMap::new();
/// let available = ["a".into(), "b".into()];
/// let candidates = kubefed::candidates(&wanted, &available, &none, &none);
/// assert_eq!(candidates, [Candidate::new("a", 2)]);
/// ```
pub fn candidates(
    preferences: &BTreeMap<String, ClusterPreferences>,
    available: &[ClusterName],
    current: &BTreeMap<ClusterName, i64>,
    capacity: &BTreeMap<ClusterName, i64>,
) -> Vec<Candidate> {
    let others = preferences.get(EVERY_OTHER);
    let candidate = |name: &ClusterName| {
        let wanted = preferences.get(name.as_str()).or(others)?;
        Some(Candidate {
            name: name.clone(),
            weight: wanted.weight.unwrap_or(0),
            minimum: wanted.min_replicas.unwrap_or(0),
            maximum: wanted.max_replicas,
            capacity: capacity.get(name).copied(),
            current: current.get(name).copied(),
        })
    };
    available.iter().filter_map(candidate).collect()
}

/// The key by which a preference's clusters are ordered where their weights are equal.
///
/// ```
/// use fed_core::dialect::kubefed::api::{ObjectMeta, ReplicaSchedulingPreference};
///
/// let mut preference = ReplicaSchedulingPreference::default();
/// let mut metadata = ObjectMeta::default();
/// metadata.namespace = Some("shop".to_owned());
/// metadata.name = Some("checkout".to_owned());
/// preference.metadata = Some(metadata);
/// assert_eq!(fed_core::divide::kubefed::key(&preference), "shop/checkout");
/// ```
pub fn key(preference: &ReplicaSchedulingPreference) -> String {
    use crate::dialect::kubefed::api::Document;
    let namespace = preference.namespace().unwrap_or_default();
    let name = preference.name().unwrap_or_default();
    format!("{namespace}/{name}")
}
