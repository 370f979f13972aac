//! What does KubeFed write into the federated object once replicas are divided? The clusters into
//! its placement, and an override of the number of replicas for each.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::KubeFedDivision;
use crate::dialect::kubefed::api::{
    ClusterOverride, ClusterReference, FederatedSpec, OverrideEntry,
};
use crate::divide::Candidate;
use crate::identity::ClusterName;

/// The field that is overridden in each cluster.
pub const REPLICAS_PATH: &str = "/spec/replicas";

/// How many replicas KubeFed asks of each cluster: what was divided and the overflow, and 0 of the
/// other clusters that are available or have the object.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use fed_core::divide::{Candidate, kubefed};
///
/// let candidates = [Candidate::new("a", 1).with_capacity(1), Candidate::new("b", 1)];
/// let division = kubefed::divide(4, true, &candidates, "");
/// let available = ["a".into(), "b".into(), "c".into()];
/// let asked = kubefed::scheduled(&division, &candidates, &available, &BTreeMap::new());
/// assert_eq!(asked, [("a".into(), 2), ("b".into(), 3), ("c".into(), 0)].into());
/// ```
pub fn scheduled(
    division: &KubeFedDivision,
    candidates: &[Candidate],
    available: &[ClusterName],
    current: &BTreeMap<ClusterName, i64>,
) -> BTreeMap<ClusterName, i64> {
    let known = available.iter().chain(current.keys());
    let mut scheduled: BTreeMap<_, _> = known.map(|name| (name.clone(), 0)).collect();
    let numbers = division.replicas.iter().zip(&division.overflow);
    for (candidate, (replicas, overflow)) in candidates.iter().zip(numbers) {
        let sum: &mut i64 = scheduled.entry(candidate.name.clone()).or_default();
        *sum = sum.saturating_add(*replicas).saturating_add(*overflow);
    }
    scheduled
}

/// Writes what is scheduled into a federated object, and tells whether that changes it.
///
/// The list of the placement becomes that of the scheduled clusters, unless it names the same ones
/// already. Each of them gets an override of `/spec/replicas`; the first one that it has is
/// changed, and the other overrides stay. Clusters that are not scheduled lose theirs; their entry
/// stays, even when it is empty. New entries stand at the end, by name, where KubeFed's order is
/// random.
///
/// ```
/// use fed_core::dialect::kubefed::api::FederatedSpec;
/// use fed_core::divide::kubefed::write;
///
/// let mut spec = FederatedSpec::default();
/// assert!(write(&mut spec, &[("a".into(), 3)].into()));
/// assert!(!write(&mut spec, &[("a".into(), 3)].into()));
/// let entry = &spec.overrides.unwrap()[0];
/// assert_eq!(entry.cluster_name.as_deref(), Some("a"));
/// ```
pub fn write(spec: &mut FederatedSpec, scheduled: &BTreeMap<ClusterName, i64>) -> bool {
    let placement = place(spec, scheduled);
    let entries = spec.overrides.get_or_insert_default();
    let mut changed = placement;
    let mut pending: BTreeMap<_, _> = scheduled.iter().collect();
    for entry in entries.iter_mut() {
        let name = entry.cluster_name.as_deref().unwrap_or_default();
        let replicas = scheduled.get(name);
        if replicas.is_some() && pending.remove(&ClusterName::from(name)).is_none() {
            continue;
        }
        changed |= set(
            entry.cluster_overrides.get_or_insert_default(),
            replicas.copied(),
        );
    }
    changed |= !pending.is_empty();
    entries.extend(pending.into_iter().map(|(name, replicas)| OverrideEntry {
        cluster_name: Some(name.as_str().to_owned()),
        cluster_overrides: Some(vec![replicas_override(*replicas)]),
        ..OverrideEntry::default()
    }));
    if entries.is_empty() {
        spec.overrides = None;
    }
    changed
}

fn place(spec: &mut FederatedSpec, scheduled: &BTreeMap<ClusterName, i64>) -> bool {
    let placement = spec.placement.get_or_insert_default();
    let written: BTreeSet<&str> = placement
        .clusters
        .iter()
        .flatten()
        .map(|cluster| cluster.name.as_deref().unwrap_or_default())
        .collect();
    if written
        .iter()
        .copied()
        .eq(scheduled.keys().map(ClusterName::as_str))
    {
        return false;
    }
    let references = scheduled.keys().map(|name| ClusterReference {
        name: Some(name.as_str().to_owned()),
        ..ClusterReference::default()
    });
    placement.clusters = Some(references.collect());
    true
}

/// Sets the number of replicas in the overrides of a cluster, or removes it; tells whether that
/// changes them.
fn set(overrides: &mut Vec<ClusterOverride>, replicas: Option<i64>) -> bool {
    let of_replicas = |one: &ClusterOverride| one.path.as_deref() == Some(REPLICAS_PATH);
    match (overrides.iter().position(of_replicas), replicas) {
        (None, None) => false,
        (None, Some(replicas)) => {
            overrides.push(replicas_override(replicas));
            true
        }
        (Some(at), None) => {
            overrides.remove(at);
            true
        }
        (Some(at), Some(replicas)) => overrides.get_mut(at).is_some_and(|one| {
            let before = one.value.replace(Value::from(replicas));
            one.value != before
        }),
    }
}

fn replicas_override(replicas: i64) -> ClusterOverride {
    ClusterOverride {
        path: Some(REPLICAS_PATH.to_owned()),
        value: Some(Value::from(replicas)),
        ..ClusterOverride::default()
    }
}
