//! What becomes of the contents of a namespace that goes?

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::hand::{Hand, finalizers, is_going};
use super::news::{News, core};
use crate::server::store::{Key, Stored};
use crate::server::target::Resource;
use crate::server::write::{fields, text};

pub(super) fn work(hand: &mut Hand<'_>, news: &News) {
    let namespaces = core("namespaces");
    let touched = news.0.iter().map(|changed| {
        if changed.key.resource == namespaces {
            changed.key.name.clone()
        } else {
            changed.key.namespace.clone()
        }
    });
    for name in touched.collect::<BTreeSet<_>>() {
        let key = Key {
            resource: namespaces.clone(),
            namespace: String::new(),
            name,
        };
        if let Some(namespace) = hand.get(&key).filter(is_going) {
            empty(hand, &key, namespace);
        }
    }
}

/// Deletes what is in a namespace, as far as that goes now, and then lets go of it.
fn empty(hand: &mut Hand<'_>, key: &Key, mut namespace: Value) {
    let kept = |namespace: &Value| {
        let finalizers = namespace.pointer("/spec/finalizers");
        finalizers
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    if !kept(&namespace).contains(&json!("kubernetes")) {
        return;
    }
    let pods = core("pods");
    delete_all(hand, &pods, &key.name);
    let mut remaining = Remaining::default();
    if count(hand, &pods, &key.name) == 0 {
        let resources: Vec<Resource> = hand.store().resources().cloned().collect();
        for resource in resources.iter().filter(|resource| **resource != pods) {
            delete_all(hand, resource, &key.name);
        }
        for resource in &resources {
            remaining.add(hand, resource, &key.name);
        }
    }
    let is_done = remaining.resources.is_empty() && count(hand, &pods, &key.name) == 0;
    let conditions = remaining.conditions(namespace.pointer("/status/conditions"), &hand.now());
    if namespace.pointer("/status/conditions") != Some(&conditions) {
        let status = fields(&mut namespace)
            .entry("status")
            .or_insert(Value::Null);
        fields(status).insert("conditions".to_owned(), conditions);
        fields(&mut namespace).insert("kind".to_owned(), json!("Namespace"));
        hand.put(key, "/status", &namespace);
    }
    let Some(mut namespace) = hand.get(key).filter(|_| is_done) else {
        return;
    };
    let others: Vec<Value> = kept(&namespace)
        .into_iter()
        .filter(|one| *one != "kubernetes")
        .collect();
    let spec = fields(&mut namespace).entry("spec").or_insert(Value::Null);
    fields(spec).insert("finalizers".to_owned(), Value::Array(others));
    hand.put(key, "/finalize", &namespace);
}

fn keys(hand: &Hand<'_>, resource: &Resource, namespace: &str) -> Vec<(Key, Value)> {
    let stored = hand.store().within(resource, namespace);
    let pair = |stored: &Stored| (Key::of(resource, stored), stored.object());
    stored.map(pair).collect()
}

fn count(hand: &Hand<'_>, resource: &Resource, namespace: &str) -> usize {
    hand.store().within(resource, namespace).count()
}

fn delete_all(hand: &mut Hand<'_>, resource: &Resource, namespace: &str) {
    for (key, object) in keys(hand, resource, namespace) {
        hand.delete(&key, text(&object, "/metadata/uid"), "Background");
    }
}

/// What is left of a namespace.
#[derive(Default)]
struct Remaining {
    resources: BTreeMap<String, usize>,
    finalizers: BTreeMap<String, usize>,
}

/// What is told of a namespace that goes: the type of a condition, and its reason and message while
/// nothing is wrong.
const CONDITIONS: [[&str; 3]; 5] = [
    [
        "NamespaceDeletionDiscoveryFailure",
        "ResourcesDiscovered",
        "All resources successfully discovered",
    ],
    [
        "NamespaceDeletionGroupVersionParsingFailure",
        "ParsedGroupVersions",
        "All legacy kube types successfully parsed",
    ],
    [
        "NamespaceDeletionContentFailure",
        "ContentDeleted",
        "All content successfully deleted, may be waiting on finalization",
    ],
    [
        "NamespaceContentRemaining",
        "ContentRemoved",
        "All content successfully removed",
    ],
    [
        "NamespaceFinalizersRemaining",
        "ContentHasNoFinalizers",
        "All content-preserving finalizers finished",
    ],
];

impl Remaining {
    fn add(&mut self, hand: &Hand<'_>, resource: &Resource, namespace: &str) {
        let objects = keys(hand, resource, namespace);
        if objects.is_empty() {
            return;
        }
        let name = format!("{}.{}", resource.plural, resource.group);
        self.resources.insert(name, objects.len());
        for (_, object) in &objects {
            for finalizer in finalizers(object).filter_map(Value::as_str) {
                *self.finalizers.entry(finalizer.to_owned()).or_default() += 1;
            }
        }
    }

    /// The conditions that say so, where these were there before.
    fn conditions(&self, before: Option<&Value>, now: &str) -> Value {
        let before = before.and_then(Value::as_array).into_iter().flatten();
        let mut conditions: Vec<Value> = before.cloned().collect();
        for [sort, reason, message] in CONDITIONS {
            let wrong = self.wrong(sort);
            let is_wrong = if wrong.is_some() { "True" } else { "False" };
            let (reason, message) = wrong.unwrap_or((reason, message.to_owned()));
            let mut condition = json!({
                "type": sort, "status": is_wrong, "lastTransitionTime": now,
                "reason": reason, "message": message,
            });
            let held = conditions
                .iter_mut()
                .find(|held| text(held, "/type") == sort);
            match held {
                Some(held) => {
                    if text(held, "/status") == is_wrong {
                        let since = held.get("lastTransitionTime").cloned();
                        fields(&mut condition)
                            .insert("lastTransitionTime".to_owned(), since.unwrap_or_default());
                    }
                    *held = condition;
                }
                None => conditions.push(condition),
            }
        }
        Value::Array(conditions)
    }

    fn wrong(&self, sort: &str) -> Option<(&'static str, String)> {
        let list = |counts: &BTreeMap<String, usize>, verb: &str| {
            let parts = counts.iter();
            let parts =
                parts.map(|(name, count)| format!("{name} {verb} {count} resource instances"));
            parts.collect::<Vec<_>>().join(", ")
        };
        match sort {
            "NamespaceContentRemaining" if !self.resources.is_empty() => {
                let list = list(&self.resources, "has");
                let message = format!("Some resources are remaining: {list}");
                Some(("SomeResourcesRemain", message))
            }
            "NamespaceFinalizersRemaining" if !self.finalizers.is_empty() => {
                let list = list(&self.finalizers, "in");
                let message =
                    format!("Some content in the namespace has finalizers remaining: {list}");
                Some(("SomeFinalizersRemain", message))
            }
            _ => None,
        }
    }
}
