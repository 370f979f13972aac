//! Which clusters are planned for when the input has none?

use std::collections::BTreeMap;

use crate::fleet::{Cluster, Fleet};
use crate::identity::ClusterName;
use crate::location::Location;
use crate::names;
use crate::problem::{Code, Problem};
use crate::world::World;

/// The fleet of the world; or, where that is empty and it may be assumed, the clusters that are
/// named in it.
pub(super) fn fleet(world: &World<'_>) -> (Fleet, Vec<Problem>) {
    let mut problems: Vec<_> = world.fleet.ambiguous().iter().map(ambiguous).collect();
    let given = !world.fleet.is_empty() || world.lost.clusters || !problems.is_empty();
    if given || !world.assumptions.named_clusters_exist {
        return (world.fleet.clone(), problems);
    }
    let named = named(world);
    problems.extend(named.iter().map(|(name, at)| assumed(name, at.as_ref())));
    (
        named
            .keys()
            .map(|name| Cluster::new(name.as_str()))
            .collect(),
        problems,
    )
}

fn named<'w>(world: &'w World<'_>) -> BTreeMap<&'w ClusterName, Option<Location>> {
    let mut named: BTreeMap<_, Option<Location>> = world
        .also_named
        .iter()
        .filter(|name| is_valid(name))
        .map(|name| (name, None))
        .collect();
    for intent in world.intents.iter() {
        let list = intent.origin().placement.child("clusters");
        for (i, name) in intent.placement().names().iter().enumerate() {
            if !is_valid(name) {
                continue;
            }
            let at = list.child(i);
            let first = named.entry(name).or_default();
            if first.as_ref().is_none_or(|first| at < *first) {
                *first = Some(at);
            }
        }
    }
    named
}

/// Could a cluster be called that?
fn is_valid(name: &ClusterName) -> bool {
    names::subdomain(name.as_str()).is_ok()
}

fn assumed(name: &ClusterName, at: Option<&Location>) -> Problem {
    let message = format!(
        "no clusters are given, so cluster {name} is taken to exist and to be ready, as it is \
         named here"
    );
    let note = Problem::note(Code::ClusterAssumed, message).in_cluster(name);
    match at {
        Some(at) => note.at(at.clone()),
        None => note,
    }
}

fn ambiguous(name: &ClusterName) -> Problem {
    let message = format!("there are different clusters called {name}, so none of them is used");
    Problem::error(Code::ConflictingObjects, message).in_cluster(name)
}
