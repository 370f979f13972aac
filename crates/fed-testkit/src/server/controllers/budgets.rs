//! How many pods may be missing? The status of disruption budgets.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::hand::{Hand, is_going};
use super::news::{News, core};
use crate::server::pods::{covers, is_ready};
use crate::server::store::{Key, Stored};
use crate::server::target::Resource;
use crate::server::write::{fields, text};

/// How long an evicted pod is taken for gone, in seconds.
const PATIENCE: i64 = 120;

pub(super) fn work(hand: &mut Hand<'_>, news: &News) {
    let budgets = Resource {
        group: "policy".to_owned(),
        plural: "poddisruptionbudgets".to_owned(),
    };
    let counts = |key: &Key| {
        key.resource == budgets
            || matches!(
                key.resource.plural.as_str(),
                "pods" | "replicationcontrollers" | "replicasets" | "deployments" | "statefulsets"
            )
    };
    let touched = news.0.iter().filter(|changed| counts(&changed.key));
    let namespaces: BTreeSet<&str> = touched
        .map(|changed| changed.key.namespace.as_str())
        .collect();
    for namespace in namespaces {
        let all = hand.store().within(&budgets, namespace);
        let all: Vec<(Key, Value)> = all
            .map(|stored| (Key::of(&budgets, stored), stored.object()))
            .collect();
        for (key, budget) in all {
            count(hand, &key, budget);
        }
    }
}

fn count(hand: &mut Hand<'_>, key: &Key, mut budget: Value) {
    let resource = core("pods");
    let pods = hand.store().within(&resource, &key.namespace);
    let pods: Vec<Value> = pods
        .map(Stored::object)
        .filter(|pod| covers(&budget, pod))
        .collect();
    let Some((expected, desired)) = wanted(hand, key, &budget, &pods) else {
        return;
    };
    let evicted = evicted(hand, &budget, &pods);
    let is_healthy = |pod: &&Value| {
        !is_going(pod) && is_ready(pod) && !evicted.contains_key(text(pod, "/metadata/name"))
    };
    let current = length(pods.iter().filter(is_healthy).count());
    let allowed = if expected > 0 {
        (current - desired).max(0)
    } else {
        0
    };
    let generation = budget
        .pointer("/metadata/generation")
        .cloned()
        .unwrap_or_default();
    let before = budget.get("status").cloned().unwrap_or_default();
    let mut status = json!({
        "currentHealthy": current, "desiredHealthy": desired, "disruptionsAllowed": allowed,
        "expectedPods": expected, "observedGeneration": generation,
        "conditions": [condition(&before, allowed, &generation, &hand.now())],
    });
    if !evicted.is_empty() {
        fields(&mut status).insert("disruptedPods".to_owned(), Value::Object(evicted));
    }
    if status != before {
        fields(&mut budget).insert("status".to_owned(), status);
        hand.put(key, "/status", &budget);
    }
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn condition(before: &Value, allowed: i64, generation: &Value, now: &str) -> Value {
    let (status, reason) = if allowed > 0 {
        ("True", "SufficientPods")
    } else {
        ("False", "InsufficientPods")
    };
    let held = before.pointer("/conditions/0");
    let held = held.filter(|held| text(held, "/status") == status);
    let since = held
        .and_then(|held| held.get("lastTransitionTime"))
        .cloned();
    json!({
        "type": "DisruptionAllowed", "status": status, "reason": reason, "message": "",
        "observedGeneration": generation,
        "lastTransitionTime": since.unwrap_or_else(|| now.into()),
    })
}

/// The pods that were evicted and are still there, with when that was.
fn evicted(hand: &Hand<'_>, budget: &Value, pods: &[Value]) -> Map<String, Value> {
    let noted = budget.pointer("/status/disruptedPods");
    let noted = noted.and_then(Value::as_object).into_iter().flatten();
    let is_awaited = |name: &str, since: &Value| {
        let is_there = pods
            .iter()
            .any(|pod| text(pod, "/metadata/name") == name && !is_going(pod));
        is_there
            && hand
                .seconds_since(since)
                .is_some_and(|seconds| seconds < PATIENCE)
    };
    let awaited = noted.filter(|(name, since)| is_awaited(name, since));
    awaited
        .map(|(name, since)| (name.clone(), since.clone()))
        .collect()
}

/// How many pods there should be, and how many of them must serve. Nothing where that cannot be told.
fn wanted(hand: &Hand<'_>, key: &Key, budget: &Value, pods: &[Value]) -> Option<(i64, i64)> {
    let at = |pointer: &str| budget.pointer(pointer).filter(|value| !value.is_null());
    if let Some(most) = at("/spec/maxUnavailable") {
        let expected = expected(hand, key, pods)?;
        let missing = share(most, expected)?;
        return Some((expected, (expected - missing).max(0)));
    }
    match at("/spec/minAvailable") {
        Some(Value::Number(least)) => Some((length(pods.len()), least.as_i64()?)),
        Some(least) => {
            let expected = expected(hand, key, pods)?;
            Some((expected, share(least, expected)?))
        }
        None => Some((0, 0)),
    }
}

/// A number, or a share of another, rounded up.
fn share(value: &Value, of: i64) -> Option<i64> {
    match value.as_i64() {
        Some(number) => Some(number),
        None => {
            let percent: i64 = value.as_str()?.strip_suffix('%')?.parse().ok()?;
            Some(percent.checked_mul(of)?.checked_add(99)? / 100)
        }
    }
}

/// How many pods the controllers of these want. Nothing where one of them is not known.
fn expected(hand: &Hand<'_>, key: &Key, pods: &[Value]) -> Option<i64> {
    let mut wanted = BTreeMap::new();
    for pod in pods {
        let Some(owner) = controller(pod) else {
            continue;
        };
        let mut owner = found(hand, &key.namespace, &owner)?;
        // A ReplicaSet of a Deployment counts with all others of it.
        if let Some(above) = controller(&owner).filter(|_| text(&owner, "/kind") == "ReplicaSet") {
            owner = found(hand, &key.namespace, &above).unwrap_or(owner);
        }
        let replicas = owner.pointer("/spec/replicas").and_then(Value::as_i64);
        wanted.insert(
            text(&owner, "/metadata/uid").to_owned(),
            replicas.unwrap_or(1),
        );
    }
    Some(wanted.values().sum())
}

/// The reference of an object to its controller.
fn controller(object: &Value) -> Option<Value> {
    let owners = object.pointer("/metadata/ownerReferences")?.as_array()?;
    let mut controllers = owners
        .iter()
        .filter(|owner| owner.get("controller") == Some(&Value::Bool(true)));
    controllers.next().cloned()
}

fn found(hand: &Hand<'_>, namespace: &str, reference: &Value) -> Option<Value> {
    let schemas = hand.server().schemas();
    let kind = schemas.kind_of(text(reference, "/apiVersion"), text(reference, "/kind"))?;
    kind.scale()?;
    let key = Key {
        resource: Resource::of(kind),
        namespace: namespace.to_owned(),
        name: text(reference, "/name").to_owned(),
    };
    let owner = hand.get(&key);
    owner.filter(|owner| text(owner, "/metadata/uid") == text(reference, "/uid"))
}
