//! What do KubeFed's fixed kinds say? Clusters, the one configuration, and what has no effect yet.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;

use super::api::{self, KubeFedCluster, KubeFedClusterStatus, KubeFedConfig};
use super::constants::CONFIG_NAME;
use super::validation::{refused, refused_status, stands_in};
use crate::dialect::unknown::{self, fields_of};
use crate::dialect::{Entry, Reading, Sorted, field_name, later, parse};
use crate::fleet::{Cluster, ClusterFacts, Fleet, Readiness, Taint, Topology};
use crate::kinds::Scope;
use crate::location::Location;
use crate::names;
use crate::problem::{Code, Problem, Severity};
use crate::world::Assumptions;

/// The annotation of a cluster with what KubeFedCluster has no fields for.
const CLUSTER_ANNOTATION: &str = "fed.dev/cluster";

/// The labels that tell where a cluster is, as nodes have them; and ours for who runs it.
const REGION_LABEL: &str = "topology.kubernetes.io/region";
const ZONE_LABEL: &str = "topology.kubernetes.io/zone";
const PROVIDER_LABEL: &str = "fed.dev/provider";

/// Reads all of them into `reading`.
pub(crate) fn read(
    sorted: &Sorted<'_>,
    assumptions: Assumptions,
    reading: &mut Reading,
    problems: &mut Vec<Problem>,
) {
    reading.fleet = sorted
        .clusters
        .iter()
        .filter_map(|entry| cluster(entry, assumptions, problems))
        .collect::<Fleet>();
    let scopes: Vec<_> = sorted
        .configs
        .iter()
        .filter_map(|entry| Some((entry, config(entry, problems)?)))
        .collect();
    reading.scope = scopes.first().map(|(_, scope)| *scope);
    if scopes
        .iter()
        .any(|(_, scope)| Some(*scope) != reading.scope)
    {
        reading.scope = None;
        problems.extend(
            scopes
                .iter()
                .map(|(entry, scope)| other_scope(entry, *scope)),
        );
    }
    problems.extend(sorted.records.iter().map(record));
}

fn cluster(
    entry: &Entry<'_>,
    assumptions: Assumptions,
    problems: &mut Vec<Problem>,
) -> Option<Cluster> {
    let parsed = parse::<KubeFedCluster>(entry.value, &entry.at);
    let name = names::subdomain(&entry.name).map_err(|message| {
        let at = entry.at.child("metadata").child("name");
        Problem::error(Code::InvalidName, message)
            .at(at)
            .about(&entry.id())
    });
    let cluster = match (parsed, name) {
        (Ok(cluster), Ok(())) => cluster,
        (Err(problem), _) | (_, Err(problem)) => {
            problems.push(problem.about(&entry.id()));
            return None;
        }
    };
    problems.extend(unknown_fields(&cluster, entry));
    problems.extend(refused_cluster(&cluster, entry));
    let facts = facts(entry, problems).unwrap_or_else(|problem| {
        problems.push(problem.about(&entry.id()));
        ClusterFacts::default()
    });
    let readiness = match readiness(&cluster) {
        Readiness::Unknown if assumptions.silent_clusters_are_ready => {
            problems.push(taken_as_ready(entry));
            Readiness::Ready
        }
        told => told,
    };
    let labels = cluster
        .metadata
        .and_then(|metadata| metadata.labels)
        .unwrap_or_default();
    Some(
        Cluster::new(&entry.name)
            .located(topology(cluster.status.unwrap_or_default(), &labels))
            .with_labels(labels)
            .with_readiness(readiness)
            .with_facts(facts),
    )
}

/// Where a cluster is: what its status says, else what its labels say.
fn topology(status: KubeFedClusterStatus, labels: &BTreeMap<String, String>) -> Topology {
    let label = |key: &str| labels.get(key).cloned();
    let is_told = |text: &String| !text.is_empty();
    let region = status
        .region
        .filter(is_told)
        .or_else(|| label(REGION_LABEL));
    let zones: Vec<_> = status.zones.into_iter().flatten().filter(is_told).collect();
    let zones = if zones.is_empty() {
        label(ZONE_LABEL).into_iter().collect()
    } else {
        zones
    };
    Topology::new(
        label(PROVIDER_LABEL).unwrap_or_default(),
        region.unwrap_or_default(),
    )
    .in_zones(zones)
}

/// What a cluster can tell of itself, as a schema.
static FACTS: LazyLock<Value> = LazyLock::new(fields_of::<ClusterFacts>);

/// Tells which facts of the annotation are none.
fn unknown_facts(entry: &Entry<'_>, written: &Value) -> Vec<Problem> {
    let unknown = unknown::fields(written, &FACTS).into_iter();
    let problems = unknown.map(|field| {
        let message = format!(
            "{} in the annotation {CLUSTER_ANNOTATION} is not known and has no effect: {}",
            field_name(&field.path),
            field.advice()
        );
        Problem::warning(Code::UnknownField, message)
            .at(entry.annotation_at(CLUSTER_ANNOTATION))
            .about(&entry.id())
    });
    problems.collect()
}

/// What the annotation of a cluster tells of it.
fn facts(entry: &Entry<'_>, problems: &mut Vec<Problem>) -> Result<ClusterFacts, Problem> {
    let Some(annotation) = entry.annotation(CLUSTER_ANNOTATION) else {
        return Ok(ClusterFacts::default());
    };
    let unusable = |why: &str| {
        let message = format!(
            "the annotation {CLUSTER_ANNOTATION} of cluster {} has no effect: {why}",
            entry.name
        );
        Problem::error(Code::InvalidValue, message).at(entry.annotation_at(CLUSTER_ANNOTATION))
    };
    let wanted = "it must be a JSON object, such as {\"taints\": []}, written as a text";
    let written: Value = annotation
        .as_str()
        .and_then(|text| serde_json::from_str(text).ok())
        .filter(Value::is_object)
        .ok_or_else(|| unusable(wanted))?;
    problems.extend(unknown_facts(entry, &written));
    let facts: ClusterFacts =
        serde_path_to_error::deserialize(written).map_err(|fault| unusable(&format!("{fault}")))?;
    let keyless = |taint: &Taint| names::label_key(&taint.key).is_err();
    if let Some(taint) = facts.taints.iter().find(|taint| keyless(taint)) {
        return Err(unusable(&format!("{:?} is no key of a taint", taint.key)));
    }
    Ok(facts)
}

/// What KubeFed would refuse of a cluster. One without a spec is only there to be planned for: how
/// it is reached is not asked then.
fn refused_cluster(cluster: &KubeFedCluster, entry: &Entry<'_>) -> Vec<Problem> {
    let mut problems = refused_status(cluster, entry);
    if cluster.spec.is_some() {
        problems.extend(refused(cluster, entry, |_| Some(Severity::Warning)));
    }
    problems
}

fn unknown_fields(
    document: &impl api::Document,
    entry: &Entry<'_>,
) -> impl Iterator<Item = Problem> {
    let id = entry.id();
    let unknown = api::unknown_fields(document, &entry.at).into_iter();
    unknown.map(move |problem| problem.about(&id))
}

/// What its conditions say. KubeFed gives a cluster that it cannot reach, or whose configuration
/// it cannot use, no Ready condition at all.
fn readiness(cluster: &KubeFedCluster) -> Readiness {
    let conditions = || {
        let all = cluster
            .status
            .iter()
            .flat_map(|status| status.conditions.iter().flatten());
        all.map(|one| {
            (
                one.condition_type.as_deref(),
                one.status.as_deref() == Some("True"),
            )
        })
    };
    match conditions().find(|(condition, _)| *condition == Some("Ready")) {
        Some((_, true)) => Readiness::Ready,
        Some((_, false)) => Readiness::NotReady,
        None if conditions().any(|one| is_trouble(one)) => Readiness::NotReady,
        None => Readiness::Unknown,
    }
}

fn is_trouble((condition, holds): (Option<&str>, bool)) -> bool {
    holds && matches!(condition, Some("Offline" | "ConfigMalformed"))
}

fn taken_as_ready(entry: &Entry<'_>) -> Problem {
    let message = format!(
        "cluster {} has no Ready condition, and is taken as ready",
        entry.name
    );
    Problem::note(Code::ReadinessAssumed, message)
        .at(entry.at.clone())
        .about(&entry.id())
}

fn other_scope(entry: &Entry<'_>, scope: Scope) -> Problem {
    let message = format!(
        "{} says {scope}, and another KubeFedConfig says otherwise: neither counts, keep one",
        entry.id()
    );
    Problem::error(Code::ConflictingObjects, message)
        .at(entry.at.join("/spec/scope"))
        .about(&entry.id())
}

/// The settings of a KubeFedConfig that nothing honours yet.
const LATER_SETTINGS: &[&str] = &[
    "controllerDuration",
    "leaderElect",
    "featureGates",
    "clusterHealthCheck",
    "syncController/maxConcurrentReconciles",
    "statusController",
];

fn config(entry: &Entry<'_>, problems: &mut Vec<Problem>) -> Option<Scope> {
    let about = |problem: Problem, at: Location| problem.at(at).about(&entry.id());
    if entry.name != CONFIG_NAME {
        let message = format!(
            "{} has no effect: only the one called {CONFIG_NAME} counts",
            entry.id()
        );
        problems.push(about(
            Problem::warning(Code::InvalidName, message),
            entry.at.child("metadata").child("name"),
        ));
        return None;
    }
    let config = match parse::<KubeFedConfig>(entry.value, &entry.at) {
        Ok(config) => config,
        Err(problem) => {
            problems.push(problem.about(&entry.id()));
            return None;
        }
    };
    problems.extend(unknown_fields(&config, entry));
    problems.extend(refused_config(&config, entry));
    let spec = entry.at.child("spec");
    for setting in LATER_SETTINGS {
        if entry.get(&format!("/spec/{setting}")).is_some() {
            let name = setting.replace('/', ".");
            let message = format!("spec.{name} of {} has no effect yet", entry.id());
            let at = entry.at.join(&format!("/spec/{setting}"));
            problems.push(about(later::not_yet(message), at));
        }
    }
    match config.spec.as_ref().and_then(|spec| spec.scope.as_deref()) {
        Some("Cluster") => Some(Scope::Cluster),
        Some("Namespaced") => Some(Scope::Namespaced),
        other => {
            let message = match other {
                Some(scope) => format!("{scope:?} is no scope: use Cluster or Namespaced"),
                None => "spec.scope is missing: write Cluster or Namespaced".to_owned(),
            };
            let code = if other.is_some() {
                Code::InvalidValue
            } else {
                Code::MissingField
            };
            let at = if other.is_some() {
                spec.child("scope")
            } else {
                spec
            };
            problems.push(about(Problem::error(code, message), at));
            None
        }
    }
}

/// What KubeFed would refuse of a configuration after its defaults, but for the scope, which has an
/// effect here and is told elsewhere.
fn refused_config(config: &KubeFedConfig, entry: &Entry<'_>) -> Vec<Problem> {
    refused(&config.clone().with_defaults(), entry, |problem| {
        // After the defaults nothing else can be missing from the spec itself.
        let no_scope = problem.at == Some(entry.at.child("spec"));
        let wrong_scope = stands_in(problem, entry, "/spec/scope");
        (!no_scope && !wrong_scope).then_some(Severity::Warning)
    })
}

fn record(entry: &Entry<'_>) -> Problem {
    let message = match entry.gvk.kind() {
        "EnableTypeDirective" => {
            "it is an instruction for a command line, and says nothing of what clusters should hold"
        }
        _ => "it records what an earlier controller did, and is not read so far",
    };
    let message = format!("{} has no effect: {message}", entry.id());
    later::not_yet(message)
        .at(entry.at.clone())
        .about(&entry.id())
}
