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
    namespaces: BTreeMap<&'l str, Namespace<'l>>,
}

/// The pods of one namespace.
#[derive(Debug, Default)]
struct Namespace<'l> {
    pods: Vec<Pod<'l>>,
    /// The pods that have a label, by key and value: workloads are many, and each has few pods.
    labelled: BTreeMap<(&'l str, &'l str), Vec<usize>>,
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
        let mut namespaces: BTreeMap<_, Namespace<'l>> = BTreeMap::new();
        for object in pods {
            let namespace = object.id().namespace().unwrap_or_default();
            namespaces.entry(namespace).or_default().add(object);
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
        let namespace = self.namespaces.get(namespace);
        let pods = namespace.map_or_else(Vec::new, |namespace| namespace.candidates(selector));
        let mut count = Count::default();
        for pod in pods.into_iter().filter(|pod| selector.matches(&pod.labels)) {
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

impl<'l> Namespace<'l> {
    fn add(&mut self, object: &'l LiveObject) {
        for label in labels(object.value()) {
            let having = self.labelled.entry(label).or_default();
            having.push(self.pods.len());
        }
        let labels = labels(object.value())
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        self.pods.push(Pod { labels, object });
    }

    fn having<'n>(&'n self, key: &'n str, value: &'n str) -> &'n [usize] {
        self.labelled.get(&(key, value)).map_or(&[], Vec::as_slice)
    }

    /// All pods that may be selected: those with the label, of those that must be there, that
    /// fewest have.
    fn candidates<'n>(&'n self, selector: &'n LabelSelector) -> Vec<&'n Pod<'l>> {
        let labels = selector.match_labels.iter();
        let fewest = labels.map(|(key, value)| self.having(key, value));
        match fewest.min_by_key(|pods| pods.len()) {
            Some(pods) => pods.iter().filter_map(|at| self.pods.get(*at)).collect(),
            None => self.pods.iter().collect(),
        }
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

fn labels(pod: &Value) -> impl Iterator<Item = (&str, &str)> {
    let labels = pod.pointer("/metadata/labels").and_then(Value::as_object);
    let texts = labels.into_iter().flatten();
    texts.filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
}
