//! What does a plan change in clusters as they are?

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::difference::{self, Measure};
use super::plans::why_not;
use super::{Change, Side, sorted};
use crate::fleet::Cluster;
use crate::identity::ObjectId;
use crate::intent::Intent;
use crate::observe::{Live, LiveObject};
use crate::plan::{Placed, Rendered, RenderedObject, Rendering};

impl Rendering<'_> {
    /// What these manifests change where clusters hold these objects, by cluster and object.
    pub fn changes_in(&self, live: &Live) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut planned = BTreeSet::new();
        for object in self.objects() {
            let target = object.planned().target();
            for (placed, rendered) in object.manifests() {
                let cluster = placed.cluster().name();
                planned.insert((cluster, target.versionless()));
                let found = live.get(cluster, target);
                changes.extend(change(placed, rendered, found));
            }
        }
        for cluster in self.plan().fleet().iter().map(Cluster::name) {
            let ours = live.of(cluster).filter(|object| object.is_managed());
            let left = ours
                .filter(|object| !planned.contains(&(cluster, object.id().versionless())))
                .map(|object| {
                    let reasons = why_not(self.of_target(object.id()), cluster);
                    Change::leaves(cluster, object.id(), Side::live(object), reasons)
                });
            changes.extend(left);
        }
        sorted(changes)
    }

    fn of_target(&self, target: &ObjectId) -> Option<&RenderedObject<'_>> {
        let mut objects = self.objects().iter();
        objects.find(|object| object.planned().target().same_object(target))
    }
}

impl Side {
    fn live(object: &LiveObject) -> Self {
        Self {
            value: Arc::clone(object.value()),
            replicas: object.replicas(),
        }
    }
}

/// What becomes of an object that is planned for a cluster.
fn change(placed: &Placed<'_>, rendered: &Rendered, found: Option<&LiveObject>) -> Option<Change> {
    let intent = placed.object().intent();
    let (cluster, target) = (placed.cluster().name(), intent.target());
    let reasons = || Change::reasons_of(placed, rendered);
    let Some(found) = found else {
        return Some(Change::comes(
            cluster,
            target,
            Side::planned(rendered),
            reasons(),
        ));
    };
    let after = as_found(intent, rendered, found);
    let difference = difference::between(found.value(), &after, Measure::WhatIsPlanned)?;
    Some(Change {
        cluster: cluster.clone(),
        object: target.clone(),
        replicas_before: found.replicas(),
        // What is not planned stays.
        replicas_after: rendered.manifest().replicas().or(found.replicas()),
        before: Some(difference.before),
        after: Some(difference.after),
        reasons: reasons(),
    })
}

/// The manifest as a server keeps it. The version at which an object was found is a way of looking at
/// it, and no difference.
fn as_found(intent: &Intent, rendered: &Rendered, found: &LiveObject) -> Arc<Value> {
    let manifest = rendered.manifest();
    let stored = intent.kind().and_then(|kind| kind.stored(manifest.value()));
    let mut value = stored.map_or_else(|| manifest.share(), Arc::new);
    let version = found.value().get("apiVersion");
    if value.get("apiVersion") != version
        && let Some(fields) = Arc::make_mut(&mut value).as_object_mut()
    {
        fields.remove("apiVersion");
    }
    value
}
