//! Has every cluster what its objects need of each other? Services and the pods that they select,
//! backends of Ingresses, and all that pods name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::locate::locate;
use crate::dialect::field_name;
use crate::identity::ClusterName;
use crate::intent::Intent;
use crate::kinds::{Needed, Port, Reference};
use crate::plan::{Manifest, Rendering};
use crate::problem::{Code, Problem, Severity};
use crate::words::few;

/// What a cluster of the plan holds.
#[derive(Default)]
struct Held<'p> {
    objects: BTreeMap<Key<'p>, Object<'p>>,
}

/// Kind, group, namespace and name of an object.
type Key<'p> = (&'p str, &'p str, Option<&'p str>, &'p str);

struct Object<'p> {
    intent: &'p Intent,
    manifest: Manifest,
}

/// What is needed and not there, by object and place: the clusters where it is not.
type Missing<'p> = BTreeMap<(Key<'p>, String), (Problem, BTreeSet<&'p ClusterName>)>;

/// Tells what objects need of others that their clusters do not hold.
pub(crate) fn related(rendering: &Rendering<'_>) -> Vec<Problem> {
    let mut missing = Missing::new();
    for (cluster, held) in clusters(rendering) {
        for object in held.objects.values() {
            let Some(kind) = object.intent.kind() else {
                continue;
            };
            for reference in kind.references(object.manifest.value()) {
                if let Some(problem) = held.lacks(object, &reference) {
                    let key = (key(object.intent), problem.message.clone());
                    let at = locate(object.intent, cluster, &reference.path).into_location();
                    let problem = problem.at(at).about(object.intent.source());
                    let (_, clusters) = missing.entry(key).or_insert((problem, BTreeSet::new()));
                    clusters.insert(cluster);
                }
            }
        }
    }
    let tell = |(mut problem, clusters): (Problem, BTreeSet<&ClusterName>)| {
        let noun = if clusters.len() == 1 {
            "cluster"
        } else {
            "clusters"
        };
        let names = few(clusters.iter().map(|cluster| cluster.as_str()));
        problem.message = format!("{} in {noun} {names}", problem.message);
        problem
    };
    missing.into_values().map(tell).collect()
}

fn clusters<'p>(rendering: &Rendering<'p>) -> BTreeMap<&'p ClusterName, Held<'p>> {
    let mut clusters: BTreeMap<_, Held<'_>> = BTreeMap::new();
    for object in rendering.objects() {
        let intent = object.planned().intent();
        for (placed, rendered) in object.manifests() {
            let held = clusters.entry(placed.cluster().name()).or_default();
            let manifest = rendered.manifest().clone();
            held.objects
                .insert(key(intent), Object { intent, manifest });
        }
    }
    clusters
}

fn key(intent: &Intent) -> Key<'_> {
    let target = intent.target();
    (
        target.kind(),
        target.group(),
        target.namespace(),
        target.name(),
    )
}

impl Held<'_> {
    /// What an object needs and this cluster does not hold.
    fn lacks(&self, object: &Object<'_>, reference: &Reference) -> Option<Problem> {
        let target = object.intent.target();
        let namespace = target.namespace();
        let name = field_name(&reference.path);
        match &reference.needed {
            Needed::Object {
                group,
                kind,
                name: wanted,
            } => {
                let is_held =
                    self.objects
                        .contains_key(&(*kind, *group, namespace, wanted.as_str()));
                (!is_held).then(|| {
                    let message = format!(
                        "{target} names the {kind} {wanted} ({name}), which no input holds"
                    );
                    Problem::new(Severity::Note, Code::ReferenceNotFound, message)
                })
            }
            Needed::Pods { labels } => (!self.has_pods(namespace, labels)).then(|| {
                let message = format!("{target} selects no pods of the input ({name})");
                Problem::new(Severity::Warning, Code::SelectsNothing, message)
            }),
            Needed::ServicePort { service, port } => {
                let found = self
                    .objects
                    .get(&("Service", "", namespace, service.as_str()));
                let what = match found {
                    None => format!("the Service {service}"),
                    Some(found) if !has_port(found.manifest.value(), port) => {
                        format!("port {} of the Service {service}", text(port))
                    }
                    Some(_) => return None,
                };
                let message = format!("{target} leads to {what} ({name}), which is not there");
                Some(Problem::new(
                    Severity::Warning,
                    Code::BackendNotFound,
                    message,
                ))
            }
        }
    }

    fn has_pods(&self, namespace: Option<&str>, labels: &BTreeMap<String, String>) -> bool {
        let in_namespace = self
            .objects
            .values()
            .filter(|object| object.intent.target().namespace() == namespace);
        in_namespace
            .filter_map(|object| {
                let path = object.intent.kind()?.pod_template_path()?;
                object
                    .manifest
                    .value()
                    .pointer(path)?
                    .pointer("/metadata/labels")
            })
            .any(|of_pods| {
                labels.iter().all(|(key, value)| {
                    of_pods.get(key).and_then(Value::as_str) == Some(value.as_str())
                })
            })
    }
}

fn has_port(service: &Value, port: &Port) -> bool {
    let ports = service.pointer("/spec/ports").and_then(Value::as_array);
    ports.into_iter().flatten().any(|of_service| match port {
        Port::Number(number) => of_service.get("port").and_then(Value::as_i64) == Some(*number),
        Port::Name(name) => of_service.get("name").and_then(Value::as_str) == Some(name),
    })
}

fn text(port: &Port) -> String {
    match port {
        Port::Number(number) => number.to_string(),
        Port::Name(name) => format!("{name:?}"),
    }
}
