//! Which clusters are planned for when the input has none?

use std::collections::BTreeMap;

use crate::fleet::{Cluster, Fleet};
use crate::identity::ClusterName;
use crate::intent::{Among, Intent};
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
    problems.extend(named.iter().map(|(name, at)| assumed(name, at)));
    (
        named
            .keys()
            .map(|name| Cluster::new(name.as_str()))
            .collect(),
        problems,
    )
}

/// The clusters that are named anywhere, and the first place that names each.
fn named<'w>(world: &'w World<'_>) -> BTreeMap<&'w ClusterName, Location> {
    let of_intents = world.intents.iter().flat_map(|intent| {
        let list = intent.origin().placement.child("clusters");
        let names = intent.placement().names().iter().enumerate();
        let listed = names.map(move |(i, name)| (name, list.child(i)));
        listed.chain(in_groups(intent)).chain(in_rules(intent))
    });
    let of_others = world.also_named.iter().map(|(name, at)| (name, at.clone()));
    let mut named: BTreeMap<_, Location> = BTreeMap::new();
    for (name, at) in of_intents
        .chain(of_others)
        .filter(|(name, _)| is_valid(name))
    {
        let first = named.entry(name).or_insert_with(|| at.clone());
        if at < *first {
            *first = at;
        }
    }
    named
}

/// The clusters that groups of a placement name.
fn in_groups(intent: &Intent) -> impl Iterator<Item = (&ClusterName, Location)> {
    let groups = intent.placement().affinities.iter().enumerate();
    groups.flat_map(|(i, group)| {
        let at = intent.origin().placement.child("affinities").child(i);
        let at = at.child("clusters");
        let names = group.clusters.iter().flatten().enumerate();
        names.map(move |(i, name)| (name, at.child(i)))
    })
}

/// The clusters that rules of a division name. A preference's are told by who read it.
fn in_rules(intent: &Intent) -> impl Iterator<Item = (&ClusterName, Location)> {
    let division = intent.division();
    let division = division.filter(|_| intent.divided_among() == Among::Placed);
    let rules = division.into_iter().flat_map(|division| &division.weights);
    let at = intent.origin().division.child("weights");
    rules.enumerate().filter_map(move |(i, rule)| {
        let at = at.child(i).child("cluster");
        Some((rule.cluster.as_ref()?, at))
    })
}

/// Could a cluster be called that?
fn is_valid(name: &ClusterName) -> bool {
    names::subdomain(name.as_str()).is_ok()
}

fn assumed(name: &ClusterName, at: &Location) -> Problem {
    let message = format!(
        "no clusters are given, so cluster {name} is taken to exist and to be ready, as it is \
         named here"
    );
    Problem::note(Code::ClusterAssumed, message)
        .at(at.clone())
        .in_cluster(name)
}

fn ambiguous(name: &ClusterName) -> Problem {
    let message = format!("there are different clusters called {name}, so none of them is used");
    Problem::error(Code::ConflictingObjects, message).in_cluster(name)
}
