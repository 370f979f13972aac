//! How many of the pods of a workload run, and how many find no node? Counted as KubeFed counts
//! them.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::live::LiveObject;
use crate::intent::LabelSelector;
use crate::location::Location;
use crate::problem::{Code, Problem};

/// How long a pod may wait for a node before it counts as one that finds none.
const PATIENCE: SignedDuration = SignedDuration::from_secs(60);

/// The pods of one cluster, by namespace.
#[derive(Debug, Default)]
pub(super) struct Pods<'l> {
    namespaces: BTreeMap<&'l str, Vec<Pod<'l>>>,
}

#[derive(Debug)]
struct Pod<'l> {
    labels: BTreeMap<String, String>,
    object: &'l LiveObject,
}

/// What is counted of pods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) running: i64,
    pub(super) unschedulable: i64,
}

impl<'l> Pods<'l> {
    pub(super) fn of(pods: impl Iterator<Item = &'l LiveObject>) -> Self {
        let mut namespaces: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for object in pods {
            let namespace = object.id().namespace().unwrap_or_default();
            let labels = labels(object.value());
            namespaces
                .entry(namespace)
                .or_default()
                .push(Pod { labels, object });
        }
        Self { namespaces }
    }

    /// Are there pods of this namespace?
    pub(super) fn are_in(&self, namespace: &str) -> bool {
        self.namespaces.contains_key(namespace)
    }

    /// Counts the pods of this namespace that are selected.
    pub(super) fn count(
        &self,
        namespace: &str,
        selector: &LabelSelector,
        now: Timestamp,
        problems: &mut Vec<Problem>,
    ) -> Count {
        let pods = self.namespaces.get(namespace).into_iter().flatten();
        let mut count = Count::default();
        for pod in pods.filter(|pod| selector.matches(&pod.labels)) {
            match pod.state(now) {
                Ok(State::Running) => count.running += 1,
                Ok(State::Unschedulable) => count.unschedulable += 1,
                Ok(State::Other) => {}
                Err(problem) => problems.push(problem),
            }
        }
        count
    }
}

/// How it stands with one pod.
enum State {
    Running,
    Unschedulable,
    Other,
}

impl Pod<'_> {
    fn state(&self, now: Timestamp) -> Result<State, Problem> {
        let is_running = text(self.object.value(), "/status/phase") == Some("Running");
        let conditions = self.object.value().pointer("/status/conditions");
        let conditions = conditions.and_then(Value::as_array);
        for (index, condition) in conditions.into_iter().flatten().enumerate() {
            // Like KubeFed, whatever the condition says.
            if is_running && text(condition, "/type") == Some("Ready") {
                return Ok(State::Running);
            }
            if !is_running && finds_no_node(condition) {
                let at = self.object.at().join("/status/conditions").child(index);
                if has_waited(condition, &at, now)? {
                    return Ok(State::Unschedulable);
                }
            }
        }
        Ok(State::Other)
    }
}

fn finds_no_node(condition: &Value) -> bool {
    text(condition, "/type") == Some("PodScheduled")
        && text(condition, "/status") == Some("False")
        && text(condition, "/reason") == Some("Unschedulable")
}

/// For too long? Without a time, for ever.
fn has_waited(condition: &Value, at: &Location, now: Timestamp) -> Result<bool, Problem> {
    let since = match condition.get("lastTransitionTime") {
        None | Some(Value::Null) => return Ok(true),
        Some(since) => since
            .as_str()
            .and_then(|since| since.parse::<Timestamp>().ok()),
    };
    let Some(since) = since else {
        let message = "lastTransitionTime is not a time, such as 2026-01-01T00:00:00Z: the pod \
                       does not count as one that finds no node";
        let at = at.child("lastTransitionTime");
        return Err(Problem::error(Code::InvalidValue, message).at(at));
    };
    Ok(now.duration_since(since) > PATIENCE)
}

fn text<'v>(value: &'v Value, path: &str) -> Option<&'v str> {
    value.pointer(path)?.as_str()
}

fn labels(pod: &Value) -> BTreeMap<String, String> {
    let labels = pod.pointer("/metadata/labels").and_then(Value::as_object);
    let texts = labels.into_iter().flatten();
    texts
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}
