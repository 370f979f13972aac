//! How do the statuses of many clusters add up to one?

mod conditions;
mod load_balancer;
mod rules;

use serde_json::{Map, Value};

use super::manners::Manners;
use super::paths::{Text, number};

pub(super) use conditions::conclusion;

/// What one cluster tells of its object.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ClusterStatus<'a> {
    /// The cluster.
    pub cluster: &'a str,
    /// What was collected of the status; `None` before there is any.
    pub status: Option<&'a Value>,
    /// Does the status speak of the newest form of the object?
    pub is_current: bool,
}

impl<'a> ClusterStatus<'a> {
    /// A status that speaks of the newest form of the object.
    pub const fn current(cluster: &'a str, status: &'a Value) -> Self {
        Self {
            cluster,
            status: Some(status),
            is_current: true,
        }
    }

    /// A status that speaks of an older form of the object.
    pub const fn stale(cluster: &'a str, status: &'a Value) -> Self {
        Self {
            cluster,
            status: Some(status),
            is_current: false,
        }
    }

    /// A cluster that has told nothing yet.
    pub const fn silent(cluster: &'a str) -> Self {
        Self {
            cluster,
            status: None,
            is_current: false,
        }
    }

    /// A status as Karmada collects it. It is current if the controller in the cluster has seen its
    /// object and that is made of the newest template.
    pub fn of_karmada(cluster: &'a str, status: Option<&'a Value>, template: &Value) -> Self {
        let Some(status) = status.filter(|status| !status.is_null()) else {
            return Self::silent(cluster);
        };
        let of_template = number(status, "/resourceTemplateGeneration");
        let is_current = of_template >= number(template, "/metadata/generation")
            && number(status, "/observedGeneration") >= number(status, "/generation");
        Self {
            cluster,
            status: Some(status),
            is_current,
        }
    }
}

/// One way in which a part of the status adds up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Adds {
    /// The sum of a number.
    Sum(Text),
    /// The earliest of a time that all clusters tell.
    Earliest(&'static str),
    /// The latest of a time that any cluster tells.
    Latest(&'static str),
    /// The latest of a time, once all clusters tell it.
    LatestOfAll(&'static str),
    /// What the last cluster, by name, tells that tells something.
    Last(&'static str),
    /// The elements of all lists.
    Concat(&'static str),
    /// The entries of all maps, under the name of their cluster.
    ByCluster(&'static str),
    /// The elements of all lists, with nothing but these fields.
    Fields(&'static str, &'static [&'static str]),
    /// The addresses of load balancers, each once.
    Addresses,
    /// The phase that comes first in this order; a cluster that tells nothing has the last one
    /// given here.
    Phase(&'static [&'static str], &'static str),
    /// Conditions of one type as one.
    Conditions,
    /// `observedGeneration`: the one of the template, once every cluster speaks of it.
    Generation,
}

/// What adds up of a kind of which no more is known.
pub(super) static USUAL: &[Adds] = &[
    Adds::sum("replicas"),
    Adds::sum("readyReplicas"),
    Adds::sum("availableReplicas"),
    Adds::sum("updatedReplicas"),
    Adds::sum("unavailableReplicas"),
    Adds::Conditions,
    Adds::Generation,
];

impl Adds {
    /// The sum of a number of the status.
    pub const fn sum(field: &'static str) -> Self {
        Self::Sum(Text::Borrowed(field))
    }
}

/// The status of the whole: what the clusters tell, added up by these rules.
pub(super) fn aggregate(
    template: &Value,
    members: &[ClusterStatus<'_>],
    rules: &[Adds],
    manners: Manners,
) -> Value {
    let members = sorted(members);
    let mut whole = Map::new();
    for rule in rules {
        rule.add(template, &members, manners, &mut whole);
    }
    Value::Object(whole)
}

/// By cluster, so that the order in which they are given does not matter.
pub(super) fn sorted<'a>(members: &[ClusterStatus<'a>]) -> Vec<ClusterStatus<'a>> {
    let mut members = members.to_vec();
    let told = |member: &ClusterStatus<'_>| member.status.map(Value::to_string);
    members.sort_by(|one, other| {
        let by_name = one.cluster.cmp(other.cluster);
        by_name
            .then_with(|| told(one).cmp(&told(other)))
            .then_with(|| one.is_current.cmp(&other.is_current))
    });
    members
}
