//! What does a plan change in clusters as they are?

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::difference::{self, Measure};
use super::plans::{by_target, why_not};
use super::{Change, Side, replacement, sorted};
use crate::fleet::Cluster;
use crate::intent::Intent;
use crate::observe::{Live, LiveObject};
use crate::plan::{Placed, Rendered, Rendering};
use crate::reconcile::wanted_over;

impl Rendering<'_> {
    /// What these manifests change where clusters hold these objects, by cluster and object.
    pub fn changes_in(&self, live: &Live) -> Vec<Change> {
        let targets = by_target(self);
        let mut changes = Vec::new();
        let mut planned = BTreeSet::new();
        for (target, object) in &targets {
            for (placed, rendered) in object.manifests() {
                let cluster = placed.cluster().name();
                planned.insert((cluster, target));
                changes.extend(change(placed, rendered, live.find(cluster, target)));
            }
        }
        for cluster in self.plan().fleet().iter().map(Cluster::name) {
            for object in live.of(cluster).filter(|object| object.is_managed()) {
                let target = object.id().versionless();
                let wanted_elsewhere = targets.get(&target);
                let stays = match wanted_elsewhere {
                    Some(object) => !object.planned().is_decided(),
                    None => !self.plan().is_unwanted(&target),
                };
                if !stays && !planned.contains(&(cluster, &target)) {
                    let reasons = why_not(wanted_elsewhere.copied(), cluster);
                    let side = Side::live(object);
                    changes.push(Change::leaves(cluster, object.id(), side, reasons));
                }
            }
        }
        sorted(changes)
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
    let replicas_after = intent.kind().and_then(|kind| kind.replicas(&after));
    let difference = difference::between(found.value(), &after, Measure::WhatIsPlanned)?;
    let written = replacement::as_written(&after, &difference);
    let replacing = written.and_then(|before| replacement::reason(intent, &before, &after));
    Some(Change {
        cluster: cluster.clone(),
        object: target.clone(),
        replicas_before: found.replicas(),
        // What is not planned stays.
        replicas_after: replicas_after.or(found.replicas()),
        before: Some(difference.before),
        after: Some(difference.after),
        reasons: reasons().into_iter().chain(replacing).collect(),
    })
}

/// The manifest as a server keeps it, with what is the cluster's own as the cluster has it. The version at which an object was found is a way of looking at
/// it, and no difference.
fn as_found(intent: &Intent, rendered: &Rendered, found: &LiveObject) -> Arc<Value> {
    let wanted = wanted_over(intent, rendered.manifest(), found.value());
    let manifest = wanted.as_ref();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customize::{Override, PatchOperation};
    use crate::fleet::Fleet;
    use crate::intent::Placement;
    use crate::kinds::Kinds;
    use crate::problem::Code;
    use crate::reconcile::{Options, Replacement};
    use crate::world::World;
    use serde_json::json;

    fn deployment(api_version: &str, name: &str) -> Value {
        json!({
            "apiVersion": api_version, "kind": "Deployment",
            "metadata": {"name": name, "namespace": "shop", "labels": {"fed.dev/managed": "true"}},
            "spec": {"replicas": 2},
        })
    }

    /// The changes of a plan for clusters `a` and `b` where these objects run.
    fn changes(overrides: &[Override], running: &[(&str, Value)]) -> Vec<Change> {
        let fleet: Fleet = ["a", "b"].map(Cluster::new).into_iter().collect();
        let intent = Intent::of(deployment("apps/v1", "rating")).unwrap();
        let intent = intent
            .place(Placement::clusters(["a"]))
            .customize(overrides);
        let (mut live, kinds) = (Live::default(), Kinds::default());
        for (cluster, object) in running {
            let object = Arc::new(object.clone());
            live.insert(&(*cluster).into(), object, &kinds).unwrap();
        }
        crate::plan(&World::of(intent, &fleet)).changes_in(&live)
    }

    #[test]
    fn another_version_is_a_way_of_looking_at_the_same_object() {
        let found = changes(&[], &[("a", deployment("apps/v1beta2", "rating"))]);
        assert_eq!(found, []);
    }

    #[test]
    fn what_a_cluster_decides_itself_is_no_change() {
        let fleet: Fleet = [Cluster::new("a")].into_iter().collect();
        let changes = |retains: bool, image: &str| {
            let options = Options {
                retain_replicas: retains,
                ..Options::default()
            };
            let mut object = deployment("apps/v1", "rating");
            object["spec"]["image"] = image.into();
            let intent = Intent::of(object.clone()).unwrap();
            let intent = intent.place(Placement::everywhere()).with_options(options);
            object["spec"]["replicas"] = 7.into();
            object["spec"]["image"] = "one".into();
            let mut live = Live::default();
            live.insert(&"a".into(), Arc::new(object), &Kinds::default())
                .unwrap();
            crate::plan(&World::of(intent, &fleet)).changes_in(&live)
        };
        assert_eq!(changes(true, "one"), []);
        let replicas = |change: &Change| (change.replicas_before, change.replicas_after);
        assert_eq!(replicas(&changes(true, "two")[0]), (Some(7), Some(7)));
        assert_eq!(replicas(&changes(false, "one")[0]), (Some(7), Some(2)));
    }

    #[test]
    fn a_change_that_needs_a_new_object_is_told_as_one() {
        let selecting = |app: &str| {
            let mut object = deployment("apps/v1", "rating");
            object["spec"]["selector"] = json!({"matchLabels": {"app": app}});
            object
        };
        let fleet: Fleet = [Cluster::new("a")].into_iter().collect();
        let planned = |object: Value, replacement: Replacement| {
            let options = Options {
                replacement,
                ..Options::default()
            };
            let intent = Intent::of(object).unwrap().place(Placement::everywhere());
            crate::plan(&World::of(intent.with_options(options), &fleet))
        };
        let mut live = Live::default();
        let running = Arc::new(selecting("old"));
        live.insert(&"a".into(), running, &Kinds::default())
            .unwrap();
        let before = planned(selecting("old"), Replacement::Never);
        for (replacement, then) in [
            (
                Replacement::Never,
                "it is not, unless the option replacement is Recreate",
            ),
            (Replacement::Recreate, "it is"),
        ] {
            let plan = planned(selecting("new"), replacement);
            for changes in [plan.changes_in(&live), plan.changes_from(&before)] {
                let last = changes[0].reasons.last().unwrap();
                assert_eq!(last.code, Code::NeedsReplacement);
                assert_eq!(
                    last.message,
                    format!(
                        "spec.selector changes, which cannot be changed: the object has to be \
                         deleted and made anew; {then}"
                    )
                );
            }
        }
    }

    #[test]
    fn nobody_is_told_to_remove_what_runs_in_a_cluster_that_is_not_ours() {
        let running = ["a", "b", "c"].map(|cluster| (cluster, deployment("apps/v1", "rating")));
        let found = changes(&[], &running);
        let clusters: Vec<_> = found.iter().map(|change| change.cluster.as_str()).collect();
        assert_eq!(clusters, ["b"]);
        assert_eq!(found[0].reasons[0].code, Code::NotListed);
        assert_eq!(
            (found[0].replicas_before, found[0].replicas_after),
            (Some(2), Some(0))
        );
    }

    #[test]
    fn what_is_wrong_with_a_manifest_is_among_the_reasons() {
        let broken = Override::new([PatchOperation::remove("/spec/none")]);
        let codes = |found: &[Change]| -> Vec<_> {
            found[0].reasons.iter().map(|reason| reason.code).collect()
        };
        let new = changes(std::slice::from_ref(&broken), &[]);
        assert_eq!(codes(&new), [Code::Listed, Code::OverrideFailed]);
        let mut other = deployment("apps/v1", "rating");
        other["spec"]["replicas"] = 3.into();
        let differs = changes(&[broken], &[("a", other)]);
        assert_eq!(codes(&differs), [Code::Listed, Code::OverrideFailed]);
        assert_eq!(
            (differs[0].replicas_before, differs[0].replicas_after),
            (Some(3), Some(2))
        );
    }
}
