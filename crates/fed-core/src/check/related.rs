//! Has every cluster what its objects need of each other? Services and the pods that they select,
//! backends of Ingresses, and all that pods name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::locate::locate;
use crate::dialect::field_name;
use crate::fleet::Cluster;
use crate::identity::ClusterName;
use crate::intent::Intent;
use crate::kinds::{Needed, Port, Reference, Scope};
use crate::location::Location;
use crate::plan::{Manifest, Rendering};
use crate::problem::{Code, Problem, Severity};
use crate::words::few;

/// What a cluster of the plan holds.
#[derive(Default)]
struct Held<'p> {
    objects: BTreeMap<Key<'p>, Object<'p>>,
    /// The labels of all pods, by the namespace and one of the labels.
    pods: BTreeMap<Label, Vec<BTreeMap<String, String>>>,
}

/// Kind, group, namespace and name of an object.
type Key<'p> = (&'p str, &'p str, Option<&'p str>, &'p str);

/// A namespace, and the key and value of a label in it.
type Label = (Option<String>, String, String);

struct Object<'p> {
    intent: &'p Intent,
    cluster: &'p Cluster,
    manifest: Manifest,
}

/// What is needed and not there, by object and place: the clusters where it is not.
type Missing<'p> = BTreeMap<(Key<'p>, String, Location), (Problem, BTreeSet<&'p ClusterName>)>;

/// Tells what objects need of others that their clusters do not hold.
pub(crate) fn related(rendering: &Rendering<'_>) -> Vec<Problem> {
    let mut missing = Missing::new();
    for (name, held) in clusters(rendering) {
        for object in held.objects.values() {
            let Some(kind) = object.intent.kind() else {
                continue;
            };
            let references = kind.references(object.manifest.value());
            for reference in references.into_iter().filter(|one| !one.is_optional) {
                if let Some(problem) = held.lacks(object, &reference) {
                    let Object {
                        intent,
                        cluster,
                        manifest,
                    } = object;
                    let place = locate(intent, cluster, manifest.value(), &reference.path);
                    let at = place.into_location();
                    let key = (key(object.intent), problem.message.clone(), at.clone());
                    let problem = problem.at(at).about(object.intent.source());
                    let (_, clusters) = missing.entry(key).or_insert((problem, BTreeSet::new()));
                    clusters.insert(name);
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
            // What an old version says of its references reads otherwise now.
            if rendered
                .faults()
                .any(|fault| fault.code == Code::RetiredVersion)
            {
                continue;
            }
            let held = clusters.entry(placed.cluster().name()).or_default();
            let manifest = rendered.manifest().clone();
            held.insert(Object {
                intent,
                cluster: placed.cluster(),
                manifest,
            });
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

impl<'p> Held<'p> {
    fn insert(&mut self, object: Object<'p>) {
        let namespace = object.intent.target().namespace();
        let labels = labels_of_pods(&object);
        for (key, value) in &labels {
            let label = (namespace.map(str::to_owned), key.clone(), value.clone());
            self.pods.entry(label).or_default().push(labels.clone());
        }
        self.objects.insert(key(object.intent), object);
    }

    /// What an object needs and this cluster does not hold.
    fn lacks(&self, object: &Object<'_>, reference: &Reference) -> Option<Problem> {
        let target = object.intent.target();
        let namespace = target.namespace();
        let name = field_name(&reference.path);
        match &reference.needed {
            Needed::Object {
                group,
                kind,
                scope,
                name: wanted,
            } => {
                let namespace = namespace.filter(|_| *scope == Scope::Namespaced);
                let wanted_key = (kind.as_ref(), group.as_ref(), namespace, wanted.as_str());
                let is_held = is_everywhere(kind, wanted) || self.objects.contains_key(&wanted_key);
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
                let why = match found {
                    None => format!("leads to the Service {service} ({name}), which is not there,"),
                    Some(found) if !has_port(found.manifest.value(), port) => format!(
                        "leads to port {} of the Service {service} ({name}), which has no such port,",
                        text(port)
                    ),
                    Some(_) => return None,
                };
                let message = format!("{target} {why}");
                Some(Problem::new(
                    Severity::Warning,
                    Code::BackendNotFound,
                    message,
                ))
            }
        }
    }

    fn has_pods(&self, namespace: Option<&str>, labels: &BTreeMap<String, String>) -> bool {
        let Some((key, value)) = labels.first_key_value() else {
            return true;
        };
        let label = (namespace.map(str::to_owned), key.clone(), value.clone());
        self.pods.get(&label).into_iter().flatten().any(|of_pods| {
            labels
                .iter()
                .all(|(key, value)| of_pods.get(key) == Some(value))
        })
    }
}

fn labels_of_pods(object: &Object<'_>) -> BTreeMap<String, String> {
    let labels = || {
        let path = object.intent.kind()?.pod_template_path()?;
        object
            .manifest
            .value()
            .pointer(path)?
            .pointer("/metadata/labels")?
            .as_object()
    };
    let text = |(key, value): (&String, &Value)| Some((key.clone(), value.as_str()?.to_owned()));
    labels().into_iter().flatten().filter_map(text).collect()
}

/// Does every cluster have this object of its own?
fn is_everywhere(kind: &str, name: &str) -> bool {
    kind == "ClusterRole" && is_cluster_role_of_servers(name)
}

fn is_cluster_role_of_servers(name: &str) -> bool {
    matches!(name, "admin" | "cluster-admin" | "edit" | "view") || name.starts_with("system:")
}

fn has_port(service: &Value, port: &Port) -> bool {
    // A name for something outside has whatever ports that has.
    if service.pointer("/spec/type").and_then(Value::as_str) == Some("ExternalName") {
        return true;
    }
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
