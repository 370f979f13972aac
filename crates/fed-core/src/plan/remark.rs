//! What is wrong, or worth knowing, about one planned object? All that can be told without making
//! a manifest.

use std::collections::{BTreeMap, BTreeSet};

use super::Entry;
use super::decide::Basis;
use crate::fleet::{Cluster, ClusterIndex, Fleet};
use crate::identity::{ClusterName, ObjectId};
use crate::intent::{Among, Division, Intent};
use crate::location::{Location, Pointer};
use crate::problem::{Code, Problem};
use crate::words::few;

pub(super) fn entry(entry: &Entry, fleet: &Fleet, problems: &mut Vec<Problem>) {
    let intent = &entry.intent;
    let overrides = intent.overrides();
    let told = overrides.faults().into_iter();
    let told = told.chain(overrides.warnings().iter().cloned());
    problems.extend(told.map(|problem| problem.about(intent.source())));
    if intent.withheld().is_none() {
        if entry.decision.basis == Basis::Placement && intent.placement().selects_nothing() {
            problems.push(nothing_selected(intent, &intent.origin().placement));
        }
        placement(intent, fleet, problems);
        unknown_elsewhere(intent, fleet, problems);
        division(entry, fleet, problems);
        override_targets(entry, fleet, problems);
    }
}

fn placement(intent: &Intent, fleet: &Fleet, problems: &mut Vec<Problem>) {
    let at = &intent.origin().placement;
    let placement = intent.placement();
    let lists_none = placement.clusters.as_ref().is_some_and(Vec::is_empty);
    for fault in placement.faults() {
        let message = format!("{} is placed nowhere: {}", intent.source(), fault.message);
        problems.push(
            Problem::error(fault.code, message)
                .at(at.join(fault.path.as_str()))
                .about(intent.source()),
        );
    }
    if let (Some(selector), false) = (&placement.cluster_selector, lists_none)
        && let Err(fault) = selector.check()
    {
        let message = format!("{} is placed nowhere: {fault}", intent.source());
        let at = at.child("clusterSelector").join(fault.path.as_str());
        problems.push(
            Problem::error(Code::InvalidSelector, message)
                .at(at)
                .about(intent.source()),
        );
    }
    let mut seen = BTreeSet::new();
    for (i, name) in placement.names().iter().enumerate() {
        let at = at.child("clusters").child(i);
        if name.as_str().is_empty() {
            problems.push(nameless(intent, at));
        } else if !seen.insert(name) {
            problems.push(twice(intent, name, at));
        } else if fleet.index_of(name).is_none() {
            problems.push(no_such_cluster(name, at, intent.source(), fleet));
        }
    }
}

fn division(entry: &Entry, fleet: &Fleet, problems: &mut Vec<Problem>) {
    let intent = &entry.intent;
    let Some(division) = intent.division() else {
        return;
    };
    let (at, source) = (&intent.origin().division, intent.source());
    let is_preference = intent.divided_among() != Among::Placed;
    if !is_preference {
        problems.extend(division.faults().into_iter().map(|fault| {
            Problem::error(fault.code, format!("{source}: {}", fault.message))
                .at(at.join(fault.path.as_str()))
                .about(source)
        }));
        problems.extend(
            division
                .ineffective(intent.placement())
                .into_iter()
                .map(|fault| {
                    Problem::warning(fault.code, fault.message)
                        .at(at.join(fault.path.as_str()))
                        .about(source)
                }),
        );
    }
    let Some(path) = intent.kind().and_then(|kind| kind.replicas_path()) else {
        let message = format!(
            "a {} has no replicas to divide: the division has no effect",
            intent.target().kind()
        );
        let problem = Problem::warning(Code::ReplicasUnsupported, message);
        problems.push(problem.at(at.clone()).about(source));
        return;
    };
    let replicas = intent.template().get(&Pointer::from_text(path));
    if division.replicas.is_none()
        && replicas.is_some_and(|value| !value.is_null() && !value.is_i64())
    {
        let message = format!(
            "the replicas of {source} are not divided, as {path} of the template is no whole number"
        );
        let at = intent.origin().template.join(path);
        problems.push(
            Problem::error(Code::InvalidReplicas, message)
                .at(at)
                .about(source),
        );
    }
    problems.extend(placement_beside(intent));
    problems.extend(unknown_rules(is_preference, division, at, source, fleet));
    if entry.decision.is_divided() {
        problems.extend(overridden_replicas(entry, fleet, path));
        problems.extend(outside_of_namespace(entry));
    }
}

/// Tells that a preference divides among other clusters than those that a placement selects.
fn placement_beside(intent: &Intent) -> Option<Problem> {
    let ours = intent.placement();
    let has_more = ours.is_choosy() || !ours.preferred.is_empty() || !ours.scores.is_empty();
    let is_preference = !matches!(intent.divided_among(), Among::Placed | Among::Unknown);
    (is_preference && has_more).then(|| {
        let message = format!(
            "a ReplicaSchedulingPreference divides the replicas of {}: of the placement only \
             exclude and tolerations have an effect",
            intent.source()
        );
        Problem::warning(Code::FieldIgnored, message)
            .at(intent.origin().placement.clone())
            .about(intent.source())
            .see_also(intent.origin().division.clone())
    })
}

/// Tells which rules are about clusters that there are not.
fn unknown_rules<'p>(
    is_preference: bool,
    division: &'p Division,
    at: &'p Location,
    source: &'p ObjectId,
    fleet: &'p Fleet,
) -> impl Iterator<Item = Problem> + 'p {
    let named = division.weights.iter().enumerate();
    let named = named.filter_map(|(i, rule)| Some((i, rule.cluster.as_ref()?)));
    let named = named.filter(|(_, name)| !name.as_str().is_empty());
    let unknown = named.filter(|(_, name)| fleet.index_of(name).is_none());
    unknown.map(move |(i, name)| {
        let at = if is_preference {
            at.child("clusters").child(name)
        } else {
            at.child("weights").child(i).child("cluster")
        };
        no_such_cluster(name, at, source, fleet)
    })
}

/// Tells that overrides of the number of replicas do not count.
fn overridden_replicas(entry: &Entry, fleet: &Fleet, path: &str) -> Option<Problem> {
    let intent = &entry.intent;
    let overrides = intent.overrides();
    let told = overrides.clusters_named().filter_map(|(name, _)| {
        let divided = entry.decision.replicas(fleet.index_of(name)?)?;
        let operations = overrides.operations_for(fleet.get(name)?);
        let last = operations
            .filter(|operation| operation.path() == path)
            .last()?;
        (last.number() != Some(divided)).then(|| (name, last.at()))
    });
    let told: BTreeMap<_, _> = told.collect();
    let (_, at) = told.first_key_value()?;
    let message = format!(
        "the replicas of {} are divided: its overrides of {path} do not count, for {}",
        intent.source(),
        few(told.keys().map(|name| name.as_str()))
    );
    let problem = Problem::warning(Code::ReplicasDisagree, message);
    Some(
        problem
            .at(at.clone())
            .about(intent.source())
            .see_also(intent.origin().division.clone()),
    )
}

/// KubeFed would divide replicas among clusters that the namespace is not in, and lose them.
fn outside_of_namespace(entry: &Entry) -> Option<Problem> {
    let outside = entry.decision.refused.get(&Code::NamespaceNotPlaced)?;
    let intent = &entry.intent;
    let applies = entry.decision.basis == Basis::Division;
    applies.then(|| {
        let message = format!(
            "{} no replicas of {}, as its namespace is not placed there: the others get their share",
            match outside {
                1 => "1 cluster gets".to_owned(),
                many => format!("{many} clusters get"),
            },
            intent.source()
        );
        Problem::note(Code::NamespaceNotPlaced, message)
            .at(intent.origin().division.clone())
            .about(intent.source())
    })
}

fn nothing_selected(intent: &Intent, at: &Location) -> Problem {
    let message = format!(
        "{} is placed nowhere, as its placement has neither clusters nor clusterSelector: name \
         clusters, or write `clusterSelector: {{}}` for all of them",
        intent.source()
    );
    Problem::warning(Code::NothingSelected, message)
        .at(at.clone())
        .about(intent.source())
}

fn nameless(intent: &Intent, at: Location) -> Problem {
    let message = "a cluster of the list has no name, and chooses nothing";
    Problem::error(Code::MissingField, message)
        .at(at)
        .about(intent.source())
}

fn twice(intent: &Intent, name: &ClusterName, at: Location) -> Problem {
    let message = format!("cluster {name} stands in the list already");
    Problem::note(Code::DuplicateCluster, message)
        .at(at)
        .about(intent.source())
        .in_cluster(name)
}

/// Tells which clusters are named and do not exist, where that changes nothing at once, and which
/// properties no cluster has.
fn unknown_elsewhere(intent: &Intent, fleet: &Fleet, problems: &mut Vec<Problem>) {
    let (placement, at) = (intent.placement(), &intent.origin().placement);
    let excluded = numbered(&placement.exclude, at.child("exclude"));
    let groups = placement.affinities.iter().enumerate();
    let grouped = groups.flat_map(|(i, group)| {
        let at = at.child("affinities").child(i);
        let listed = group.clusters.as_deref().unwrap_or_default();
        numbered(listed, at.child("clusters")).chain(numbered(&group.exclude, at.child("exclude")))
    });
    let preferred = placement.preferred.iter().enumerate();
    let preferred = preferred.flat_map(|(i, preferred)| {
        let at = at.child("preferred").child(i).child("clusters");
        numbered(preferred.clusters.as_deref().unwrap_or_default(), at)
    });
    let named = excluded.chain(grouped).chain(preferred);
    for (name, at) in named.filter(|(name, _)| fleet.index_of(name).is_none()) {
        problems.push(no_such_cluster(name, at, intent.source(), fleet));
    }
    for (i, score) in placement.scores.iter().enumerate() {
        let has = |cluster: &Cluster| cluster.facts().properties.contains_key(&score.property);
        if !fleet.is_empty() && !fleet.iter().any(has) {
            let message = format!(
                "no cluster has a property {:?}: the score has no effect",
                score.property
            );
            let at = at.child("scores").child(i).child("property");
            let problem = Problem::warning(Code::FieldIgnored, message);
            problems.push(problem.at(at).about(intent.source()));
        }
    }
}

fn numbered(names: &[ClusterName], at: Location) -> impl Iterator<Item = (&ClusterName, Location)> {
    let names = names.iter().enumerate();
    names.map(move |(i, name)| (name, at.child(i)))
}

fn no_such_cluster(name: &ClusterName, at: Location, source: &ObjectId, fleet: &Fleet) -> Problem {
    let message = if fleet.is_empty() {
        format!("there is no cluster {name}: no clusters are given")
    } else {
        format!("there is no cluster {name}; there {}", known(fleet))
    };
    Problem::warning(Code::UnknownCluster, message)
        .at(at)
        .about(source)
        .in_cluster(name)
}

fn known(fleet: &Fleet) -> String {
    let verb = if fleet.len() == 1 { "is" } else { "are" };
    format!(
        "{verb} {}",
        few(fleet.iter().map(|cluster| cluster.name().as_str()))
    )
}

fn override_targets(entry: &Entry, fleet: &Fleet, problems: &mut Vec<Problem>) {
    for (name, at) in entry.intent.overrides().clusters_named() {
        let why = match fleet.index_of(name) {
            Some(index) if entry.decision.chosen.contains(index) => continue,
            // That it is not there is what the override is for.
            Some(index) if is_left_out(entry, fleet, index) => continue,
            Some(_) => "is not placed there",
            None if entry.decision.unknown.contains(name) => continue,
            None => "is not placed there, and there is no such cluster",
        };
        let source = entry.intent.source();
        let message = format!("the override for cluster {name} has no effect: {source} {why}");
        problems.push(
            Problem::warning(Code::OverrideWithoutPlacement, message)
                .at(at)
                .about(source)
                .in_cluster(name),
        );
    }
}

fn is_left_out(entry: &Entry, fleet: &Fleet, index: ClusterIndex) -> bool {
    let cluster = fleet.at(index);
    cluster.is_some_and(|cluster| entry.intent.overrides().leaves_out(cluster).is_some())
}

pub(super) fn namespace_assumed(intent: &Intent, namespace: &str) -> Problem {
    let message = format!(
        "there is no FederatedNamespace {namespace}, so {} keeps its own placement and the \
         namespace is taken to exist in every cluster",
        intent.source()
    );
    Problem::note(Code::NamespaceAssumed, message)
        .at(intent.origin().source.clone())
        .about(intent.source())
}

pub(super) fn namespace_lost(intent: &Intent, namespace: &str) -> Problem {
    let message = format!(
        "{} is placed nowhere, as the FederatedNamespace {namespace} of the input cannot be used",
        intent.source()
    );
    Problem::warning(Code::NamespaceNotFederated, message)
        .at(intent.origin().source.clone())
        .about(intent.source())
}

pub(super) fn namespace_not_federated(intent: &Intent, namespace: &str) -> Problem {
    let message = format!(
        "{} is placed nowhere, as namespace {namespace} is not federated: add a \
         FederatedNamespace {namespace} with a placement",
        intent.source()
    );
    Problem::warning(Code::NamespaceNotFederated, message)
        .at(intent.origin().source.clone())
        .about(intent.source())
}
