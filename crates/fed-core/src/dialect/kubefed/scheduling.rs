//! How are the replicas of federated workloads divided? A ReplicaSchedulingPreference says so of
//! the workload of its own name and namespace.

use std::collections::{BTreeMap, BTreeSet};

use super::api::{self, ReplicaSchedulingPreference, ReplicaSchedulingPreferenceSpec};
use super::constants::ALL_CLUSTERS;
use super::federated::{Federated, namespace};
use crate::dialect::{Entry, Reading, parse};
use crate::divide::kubefed::preferences;
use crate::identity::ObjectId;
use crate::intent::{Among, Division, DivisionMethod, Origin, ShareRule};
use crate::problem::{Code, Problem};
use crate::world::Assumptions;

/// The kinds whose replicas KubeFed divides.
const TARGET_KINDS: [&str; 2] = ["FederatedDeployment", "FederatedReplicaSet"];

/// Divides the replicas of federated objects as preferences say.
pub(crate) fn schedule(
    entries: &[Entry<'_>],
    conflicting: &BTreeSet<(Option<String>, String)>,
    federated: &mut [(&Entry<'_>, Federated)],
    assumptions: Assumptions,
    reading: &mut Reading,
    problems: &mut Vec<Problem>,
) {
    let mut unreadable = conflicting.clone();
    let places: Places = federated
        .iter()
        .enumerate()
        .map(|(place, (_, federated))| (key(federated.intent.source()), place))
        .collect();
    for entry in entries {
        let preference = match parse::<ReplicaSchedulingPreference>(entry.value, &entry.at) {
            Ok(preference) => preference,
            Err(problem) => {
                problems.push(problem.about(&entry.id()));
                unreadable.insert((entry.namespace.clone(), entry.name.clone()));
                continue;
            }
        };
        let unknown = api::unknown_fields(&preference, &entry.at).into_iter();
        problems.extend(unknown.map(|problem| problem.about(&entry.id())));
        let Some(spec) = preference.spec else {
            let message = format!("{} has no effect: it has no spec", entry.id());
            problems.push(fault(entry, Code::MissingField, message, ""));
            unreadable.insert((entry.namespace.clone(), entry.name.clone()));
            continue;
        };
        name_clusters(entry, &spec, reading);
        let Some(namespace) = namespace(entry, "default", assumptions, problems) else {
            continue;
        };
        let id = entry.id_in(Some(&namespace));
        match target(entry, &id, &spec, &places) {
            Err(problem) => {
                if problem.code == Code::MissingField {
                    unreadable.insert((entry.namespace.clone(), entry.name.clone()));
                }
                problems.push(problem.about(&id));
            }
            Ok((total, place)) => {
                if let Some((_, target)) = federated.get_mut(place) {
                    apply(entry, &spec, total, target);
                }
            }
        }
    }
    leave(&unreadable, federated);
}

/// Leaves what runs of the workloads about which something was said that cannot be used.
fn leave(
    unreadable: &BTreeSet<(Option<String>, String)>,
    federated: &mut [(&Entry<'_>, Federated)],
) {
    for (_, federated) in federated {
        let source = federated.intent.source();
        let name = source.name().to_owned();
        let namespace = source.namespace().map(str::to_owned);
        let is_said = unreadable.contains(&(namespace.clone(), name.clone()))
            || (namespace.as_deref() == Some("default") && unreadable.contains(&(None, name)));
        if is_said && federated.division.is_none() && TARGET_KINDS.contains(&source.kind()) {
            federated.intent = federated.intent.clone().among(Among::Unknown);
        }
    }
}

/// Federated objects by kind, namespace and name.
type Places = BTreeMap<(String, String, String), usize>;

fn key(id: &ObjectId) -> (String, String, String) {
    let namespace = id.namespace().unwrap_or_default();
    (
        id.kind().to_owned(),
        namespace.to_owned(),
        id.name().to_owned(),
    )
}

/// Notes which clusters are named, as they may have to be taken to exist.
fn name_clusters(entry: &Entry<'_>, spec: &ReplicaSchedulingPreferenceSpec, reading: &mut Reading) {
    let names = spec.clusters.iter().flat_map(|clusters| clusters.keys());
    let at = entry.at.child("spec").child("clusters");
    for name in names.filter(|name| *name != ALL_CLUSTERS) {
        let at = at.child(name);
        reading.also_named.entry(name.into()).or_insert(at);
    }
}

/// The workload that a preference is about, and how many replicas it has in all.
fn target(
    entry: &Entry<'_>,
    id: &ObjectId,
    spec: &ReplicaSchedulingPreferenceSpec,
    places: &Places,
) -> Result<(i64, usize), Problem> {
    let kinds = TARGET_KINDS.join(" or ");
    let Some(kind) = spec.target_kind.as_deref().filter(|kind| !kind.is_empty()) else {
        let message = format!("{id} has no effect: write targetKind, {kinds}");
        return Err(fault(entry, Code::MissingField, message, "/spec"));
    };
    if !TARGET_KINDS.contains(&kind) {
        let message = format!("{id} has no effect: targetKind must be {kinds}, not {kind:?}");
        return Err(fault(
            entry,
            Code::InvalidValue,
            message,
            "/spec/targetKind",
        ));
    }
    let Some(total) = spec.total_replicas else {
        let message = format!("{id} has no effect: write totalReplicas, how many there are in all");
        return Err(fault(entry, Code::MissingField, message, "/spec"));
    };
    let (_, namespace, name) = key(id);
    let wanted = (kind.to_owned(), namespace, name);
    places
        .get(&wanted)
        .map(|place| (total, *place))
        .ok_or_else(|| {
            let (_, namespace, name) = &wanted;
            let message = format!(
                "{id} has no effect: there is no {kind} {namespace}/{name} in the input; it has to \
                 have the same name and namespace"
            );
            let problem = Problem::warning(Code::ResourceNotFound, message);
            problem.at(entry.at.join("/spec/targetKind"))
        })
}

fn fault(entry: &Entry<'_>, code: Code, message: String, path: &str) -> Problem {
    Problem::error(code, message)
        .at(entry.at.join(path))
        .about(&entry.id())
}

fn apply(
    entry: &Entry<'_>,
    spec: &ReplicaSchedulingPreferenceSpec,
    total: i64,
    target: &mut Federated,
) {
    let rules = preferences(spec).into_iter().map(|(name, wanted)| {
        let weight = wanted.weight.unwrap_or(0);
        let rule = match name.as_str() {
            ALL_CLUSTERS => ShareRule::of_every_other(weight),
            name => ShareRule::of(name, weight),
        };
        ShareRule {
            min: wanted.min_replicas,
            max: wanted.max_replicas,
            ..rule
        }
    });
    let division = Division {
        steady: !spec.rebalance.unwrap_or(false),
        ..Division::of(total).by(DivisionMethod::KubeFed).weigh(rules)
    };
    let among = if spec.intersect_with_cluster_selector.unwrap_or(false) {
        Among::Selected
    } else {
        Among::Ready
    };
    let at = entry.at.child("spec");
    let origin = Origin {
        division: at.clone(),
        ..target.intent.origin().clone()
    };
    let intent = target.intent.clone();
    target.intent = intent.divide(division).among(among).with_origin(origin);
    target.division = Some(at);
}
