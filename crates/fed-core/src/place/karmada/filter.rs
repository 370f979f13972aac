//! May this cluster have the object? Karmada's filters and its score, for one cluster.

use std::collections::BTreeSet;
use std::fmt;

use super::{Affinity, FeasibleCluster, Mismatch, SpreadBy, SpreadConstraint, Term};
use crate::fleet::{Cluster, Taint, TaintEffect, Toleration};
use crate::identity::{ClusterName, GroupVersionKind};

/// What a cluster that already has the object is worth. No other score is known to Karmada.
const LOCAL: i64 = 100;

/// An object, and what its policy asks of clusters.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// The type of the object.
    pub kind: GroupVersionKind,
    /// Does it run anything, as [`is_workload`] tells? Only then may it overflow.
    pub workload: bool,
    /// The clusters that the policy means.
    pub term: Term,
    /// The taints that it tolerates.
    pub tolerations: Vec<Toleration>,
    /// How it is to be spread.
    pub spread: Vec<SpreadConstraint>,
    /// The clusters that it was placed in the last time.
    pub targets: BTreeSet<ClusterName>,
    /// The clusters that it is on its way out of.
    pub evicted: BTreeSet<ClusterName>,
}

/// Why a cluster may not have an object.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal<'r> {
    /// The cluster does not serve its type.
    NotServed(&'r GroupVersionKind),
    /// The cluster has a taint that it does not tolerate.
    Tainted(&'r Taint),
    /// The policy does not mean the cluster.
    NotMeant(Mismatch),
    /// It is spread by this, and nothing is known of it for the cluster.
    Unlocated(&'r SpreadBy),
    /// It is on its way out of the cluster.
    Evicted,
}

impl fmt::Display for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotServed(kind) => write!(f, "it is not known to serve {kind}"),
            Self::Tainted(taint) => write!(f, "its taint {taint} is not tolerated"),
            Self::NotMeant(mismatch) => mismatch.fmt(f),
            Self::Unlocated(by) => {
                let property = match by {
                    SpreadBy::Provider => "provider",
                    SpreadBy::Region => "region",
                    _ => "zone",
                };
                write!(
                    f,
                    "it has no {property}, and the object is spread by {property}"
                )
            }
            Self::Evicted => f.write_str("the object is being evicted from it"),
        }
    }
}

/// Does an object run anything: has it replicas, does it ask for resources, or has it components?
pub fn is_workload(replicas: i64, asks_for_resources: bool, components: usize) -> bool {
    replicas > 0 || asks_for_resources || components > 0
}

impl Request {
    /// An object of this type that may go anywhere.
    pub fn of(kind: GroupVersionKind) -> Self {
        Self {
            kind,
            workload: true,
            term: Term::default(),
            tolerations: Vec::new(),
            spread: Vec::new(),
            targets: BTreeSet::new(),
            evicted: BTreeSet::new(),
        }
    }

    /// The same, for an object that runs nothing.
    #[must_use]
    pub fn without_workload(mut self) -> Self {
        self.workload = false;
        self
    }

    /// The same, in these clusters.
    #[must_use]
    pub fn within(mut self, term: Term) -> Self {
        self.term = term;
        self
    }

    /// The same, in spite of some more taints.
    #[must_use]
    pub fn tolerate(mut self, toleration: Toleration) -> Self {
        self.tolerations.push(toleration);
        self
    }

    /// The same, spread like this.
    #[must_use]
    pub fn spread_by(mut self, constraints: impl IntoIterator<Item = SpreadConstraint>) -> Self {
        self.spread = constraints.into_iter().collect();
        self
    }

    /// The same, placed in these clusters the last time.
    #[must_use]
    pub fn placed_in<N: Into<ClusterName>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.targets = names.into_iter().map(Into::into).collect();
        self
    }

    /// The same, on its way out of these clusters.
    #[must_use]
    pub fn evicted_from<N: Into<ClusterName>>(
        mut self,
        names: impl IntoIterator<Item = N>,
    ) -> Self {
        self.evicted = names.into_iter().map(Into::into).collect();
        self
    }

    /// The cluster with its score and its tier, or why it may not have the object.
    ///
    /// Neither a kind that is not served nor a taint drives an object out of where it already is.
    pub fn feasible<'r>(
        &'r self,
        cluster: &'r Cluster,
    ) -> Result<FeasibleCluster<'r>, Refusal<'r>> {
        if !self.targets.contains(cluster.name()) {
            if !serves(cluster, &self.kind) {
                return Err(Refusal::NotServed(&self.kind));
            }
            if let Some(taint) = untolerated(cluster, &self.tolerations) {
                return Err(Refusal::Tainted(taint));
            }
        }
        let tier = self.tier(cluster).map_err(Refusal::NotMeant)?;
        if let Some(by) = unlocated(cluster, &self.spread) {
            return Err(Refusal::Unlocated(by));
        }
        if self.evicted.contains(cluster.name()) {
            return Err(Refusal::Evicted);
        }
        Ok(FeasibleCluster::new(cluster)
            .scored(locality(cluster, &self.targets))
            .in_tier(tier))
    }

    fn tier(&self, cluster: &Cluster) -> Result<u32, Mismatch> {
        let mismatch = |affinity: &Affinity| affinity.mismatch(cluster);
        match (mismatch(&self.term.affinity), self.workload) {
            (None, _) => Ok(0),
            (Some(mismatch), true) => self.term.tier(cluster).ok_or(mismatch),
            (Some(mismatch), false) => Err(mismatch),
        }
    }
}

/// Does the cluster serve this type? A cluster that tells nothing is taken to serve all; of one
/// that tells something, what it does not tell counts as not served.
fn serves(cluster: &Cluster, kind: &GroupVersionKind) -> bool {
    let name = || format!("{}/{}", kind.api_version(), kind.kind());
    let served = cluster.facts().served.as_ref();
    served.is_none_or(|served| served.contains(&name()))
}

/// The first taint of the cluster that keeps off whoever has only these tolerations.
pub fn untolerated<'c>(cluster: &'c Cluster, tolerations: &[Toleration]) -> Option<&'c Taint> {
    cluster.facts().taints.iter().find(|taint| {
        let keeps_off = taint.effect != TaintEffect::PreferNoSchedule;
        keeps_off
            && !tolerations
                .iter()
                .any(|toleration| toleration.matches(taint))
    })
}

/// The first constraint by something that the cluster does not tell of itself.
fn unlocated<'s>(cluster: &Cluster, spread: &'s [SpreadConstraint]) -> Option<&'s SpreadBy> {
    let place = cluster.topology();
    let by = spread.iter().map(|constraint| &constraint.by);
    by.into_iter().find(|by| match by {
        SpreadBy::Provider => place.provider.is_empty(),
        SpreadBy::Region => place.region.is_empty(),
        SpreadBy::Zone => place.zones.is_empty(),
        SpreadBy::Cluster | SpreadBy::Label(_) => false,
    })
}

/// The score of a cluster: 100 where the object was placed the last time, and 0 elsewhere.
pub fn locality(cluster: &Cluster, targets: &BTreeSet<ClusterName>) -> i64 {
    if targets.contains(cluster.name()) {
        LOCAL
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::{ClusterFacts, Topology};

    fn request() -> Request {
        Request::of(GroupVersionKind::from_api_version("apps/v1", "Deployment"))
    }

    fn serving(kind: &str) -> Cluster {
        let facts = ClusterFacts {
            served: Some([kind.to_owned()].into()),
            ..ClusterFacts::default()
        };
        Cluster::new("a").with_facts(facts)
    }

    #[test]
    fn what_is_refused_says_why() {
        let spread = |by| request().spread_by([SpreadConstraint::new(by, 1, 1)]);
        let tainted = |effect| Cluster::new("a").taint(Taint::new("k", effect));
        let cases = [
            (request(), serving("apps/v1/Deployment"), None),
            (
                request(),
                serving("apps/v1beta1/Deployment"),
                Some("it is not known to serve apps/v1 Deployment"),
            ),
            (request().placed_in(["a"]), serving("v1/Pod"), None),
            (request(), tainted(TaintEffect::PreferNoSchedule), None),
            (
                request(),
                tainted(TaintEffect::NoExecute),
                Some("its taint k:NoExecute is not tolerated"),
            ),
            (
                request().placed_in(["a"]),
                tainted(TaintEffect::NoExecute),
                None,
            ),
            (
                request().tolerate(Toleration::of_key("k")),
                tainted(TaintEffect::NoSchedule),
                None,
            ),
            (
                request()
                    .within(Term::of(Affinity::named(["b"])))
                    .placed_in(["a"]),
                Cluster::new("a"),
                Some("it is not among the clusterNames of the cluster affinity"),
            ),
            (
                spread(SpreadBy::Zone),
                Cluster::new("a").located(Topology::new("acme", "eu")),
                Some("it has no zone, and the object is spread by zone"),
            ),
            (
                spread(SpreadBy::Label("rack".into())),
                Cluster::new("a"),
                None,
            ),
            (
                request().evicted_from(["a"]),
                Cluster::new("a"),
                Some("the object is being evicted from it"),
            ),
        ];
        for (request, cluster, expected) in cases {
            let refusal = request.feasible(&cluster).err();
            assert_eq!(
                refusal.map(|refusal| refusal.to_string()).as_deref(),
                expected
            );
        }
    }

    #[test]
    fn only_workloads_overflow() {
        let term = Term::of(Affinity::named(["b"])).overflowing(Affinity::default());
        let request = request().within(term).placed_in(["a"]);
        let cluster = Cluster::new("a");
        let feasible = request.feasible(&cluster).unwrap();
        assert_eq!((feasible.tier, feasible.score), (1, 100));
        let request = request.without_workload();
        assert_eq!(
            request.feasible(&cluster),
            Err(Refusal::NotMeant(Mismatch::NotNamed))
        );
    }
}
