//! May a volume or a claim go that was deleted?

use std::collections::BTreeSet;

use serde_json::Value;

use super::hand::{Hand, has_finalizer, is_going};
use super::news::{News, core};
use crate::server::store::{Key, Stored};
use crate::server::write::text;

const CLAIM: &str = "kubernetes.io/pvc-protection";
const VOLUME: &str = "kubernetes.io/pv-protection";

pub(super) fn work(hand: &mut Hand<'_>, news: &News) {
    let claims = core("persistentvolumeclaims");
    let mut deleted = BTreeSet::new();
    for changed in &news.0 {
        if changed.is_of("", "persistentvolumeclaims") {
            deleted.insert(changed.key.clone());
        } else if changed.is_of("", "pods") {
            deleted.extend(claimed(&changed.object).map(|name| Key {
                resource: claims.clone(),
                namespace: changed.key.namespace.clone(),
                name: name.to_owned(),
            }));
        }
    }
    for key in deleted {
        let is_used = hand
            .store()
            .within(&core("pods"), &key.namespace)
            .map(Stored::object)
            .any(|pod| is_placed(&pod) && claimed(&pod).any(|name| name == key.name));
        release(hand, &key, CLAIM, is_used);
    }
    let volumes: BTreeSet<Key> = news
        .of("", "persistentvolumes")
        .map(|changed| changed.key.clone())
        .collect();
    for key in volumes {
        let is_bound = |volume: &Value| text(volume, "/status/phase") == "Bound";
        let is_used = hand.get(&key).is_some_and(|volume| is_bound(&volume));
        release(hand, &key, VOLUME, is_used);
    }
}

fn release(hand: &mut Hand<'_>, key: &Key, finalizer: &str, is_used: bool) {
    let held = hand.get(key).filter(|held| is_going(held) && !is_used);
    if let Some(held) = held.filter(|held| has_finalizer(held, finalizer)) {
        hand.release(key, &held, finalizer);
    }
}

/// Only a pod with a node can use a claim.
fn is_placed(pod: &Value) -> bool {
    !text(pod, "/spec/nodeName").is_empty()
}

/// The names of the claims that a pod uses.
fn claimed(pod: &Value) -> impl Iterator<Item = &str> {
    let volumes = pod.pointer("/spec/volumes").and_then(Value::as_array);
    let volumes = volumes.into_iter().flatten();
    let names = volumes.map(|volume| text(volume, "/persistentVolumeClaim/claimName"));
    names.filter(|name| !name.is_empty())
}
