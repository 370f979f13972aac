//! What moves between two plans?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::difference::{self, Difference, Measure};
use super::{Change, Side, replacement, sorted};
use crate::identity::{ClusterName, ObjectId};
use crate::plan::{Manifest, Placed, Rendered, RenderedObject, Rendering};
use crate::problem::{Code, Reason};

impl Rendering<'_> {
    /// What these manifests change where clusters hold those others, by cluster and object.
    pub fn changes_from(&self, before: &Rendering<'_>) -> Vec<Change> {
        let (old, new) = (by_target(before), by_target(self));
        let targets: BTreeSet<_> = old.keys().chain(new.keys()).collect();
        let changes = targets.into_iter().flat_map(|target| {
            let (old, new) = (old.get(target), new.get(target));
            between(old.copied(), new.copied())
        });
        sorted(changes.collect())
    }
}

/// The objects, by identity without version.
pub(super) fn by_target<'r, 'p>(
    rendering: &'r Rendering<'p>,
) -> BTreeMap<ObjectId, &'r RenderedObject<'p>> {
    let objects = rendering.objects().iter();
    objects
        .map(|object| (object.planned().target().versionless(), object))
        .collect()
}

type ByCluster<'r, 'p> = BTreeMap<&'r ClusterName, &'r (Placed<'p>, Rendered)>;

fn by_cluster<'r, 'p>(object: Option<&'r RenderedObject<'p>>) -> ByCluster<'r, 'p> {
    let manifests = object.into_iter().flat_map(RenderedObject::manifests);
    manifests
        .map(|manifest| (manifest.0.cluster().name(), manifest))
        .collect()
}

/// The changes of one object in all clusters.
fn between(old: Option<&RenderedObject<'_>>, new: Option<&RenderedObject<'_>>) -> Vec<Change> {
    let Some(target) = new.or(old).map(|object| object.planned().target()) else {
        return Vec::new();
    };
    let (before, after) = (by_cluster(old), by_cluster(new));
    let clusters: BTreeSet<_> = before.keys().chain(after.keys()).copied().collect();
    let mut known = Known::default();
    let change = |cluster| match (before.get(cluster), after.get(cluster)) {
        (Some((_, before)), Some((placed, after))) => {
            let (before, after) = (before.manifest(), after);
            let difference = known.difference(before, after.manifest())?;
            let mut reasons = Change::reasons_of(placed, after);
            let intent = placed.object().intent();
            let (was, becomes) = (before.value(), after.manifest().value());
            reasons.extend(replacement::reason(intent, was, becomes));
            Some(Change {
                cluster: ClusterName::clone(cluster),
                object: target.clone(),
                replicas_before: before.replicas(),
                replicas_after: after.manifest().replicas(),
                before: Some(difference.before),
                after: Some(difference.after),
                reasons,
            })
        }
        (None, Some((placed, after))) => {
            let reasons = Change::reasons_of(placed, after);
            Some(Change::comes(
                cluster,
                target,
                Side::planned(after),
                reasons,
            ))
        }
        (Some((_, before)), None) => {
            // Where it should be is not known, so it stays where it is.
            if new.is_some_and(|new| !new.planned().is_decided()) {
                return None;
            }
            let reasons = why_not(new, cluster);
            Some(Change::leaves(
                cluster,
                target,
                Side::planned(before),
                reasons,
            ))
        }
        (None, None) => None,
    };
    clusters.into_iter().filter_map(change).collect()
}

/// Why an object is not in a cluster.
pub(super) fn why_not(object: Option<&RenderedObject<'_>>, cluster: &ClusterName) -> Vec<Reason> {
    match object {
        Some(object) => object.planned().explain(cluster).reasons,
        None => vec![Reason::new(Code::NotPropagated, "nothing asks for it")],
    }
}

/// Differences that were found already: clusters share manifests.
#[derive(Default)]
struct Known(Vec<(Manifest, Manifest, Found)>);

type Found = Option<Difference<Arc<Value>>>;

impl Known {
    fn difference(&mut self, before: &Manifest, after: &Manifest) -> Found {
        let is_same = |one: &Manifest, other: &Manifest| std::ptr::eq(one.value(), other.value());
        let mut known = self.0.iter();
        if let Some((.., found)) =
            known.find(|(old, new, _)| is_same(old, before) && is_same(new, after))
        {
            return found.clone();
        }
        let found = difference::between(before.value(), after.value(), Measure::Everything);
        self.0.push((before.clone(), after.clone(), found.clone()));
        found
    }
}
