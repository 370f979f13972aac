//! What is decided in the benchmarks, and is the decision right? Whole decisions over a fleet: which
//! clusters may have an object, which of them get it, and how many replicas each of those gets.

use std::collections::BTreeSet;

use fed_core::capacity::{Capacity, Demand, NodeClass};
use fed_core::{
    Cluster, ClusterFacts, Division, DivisionMethod, Fleet, Intent, LabelRequirement,
    LabelSelector, Observed, Placement, Plan, Spread, SpreadBy, Taint, TaintEffect, Topology,
    Workload, World, plan,
};
use serde_json::{Value, json};

use crate::golden::{Golden, Numbers};
use crate::workload::random;

const KARMADA: Golden = Golden::Karmada(include_str!(
    "../crates/fed-core/tests/cases/golden-karmada-cycle.json"
));

/// For how many clusters decisions are held against the floor.
pub const SIZES: [usize; 3] = [100, 1_000, 5_000];

/// For how many clusters Karmada's decisions are known.
const KNOWN: [usize; 3] = SIZES;

/// How many replicas there are where clusters are limited; without a limit, so many for each.
const FEW: i64 = 500;
const EACH: i64 = 20;

/// Kinds that each cluster tells to serve, beside the one that is placed.
const OTHER_KINDS: u64 = 30;

/// One way of asking for clusters and replicas.
#[derive(Clone, Copy)]
pub struct Variant {
    /// `none_dynamic`, for instance.
    pub name: &'static str,
    placement: fn() -> Placement,
    method: DivisionMethod,
    replicas: fn(usize) -> i64,
    running: fn(u64, usize) -> Option<i64>,
    /// How many clusters and regions are chosen at most.
    limits: Option<(usize, usize)>,
    /// Is the result to be Karmada's?
    is_known: bool,
}

/// All of them. The first four are those of Karmada's own measurements.
#[rustfmt::skip]
pub const VARIANTS: [Variant; 6] = [
    variant("none_dynamic", anywhere, DivisionMethod::KarmadaDynamic).known(),
    variant("cluster_dynamic", in_clusters, DivisionMethod::KarmadaDynamic).within(50, 10).known(),
    variant("region_cluster_dynamic", in_regions, DivisionMethod::KarmadaDynamic).within(50, 5).known(),
    variant("region_cluster_duplicated", in_regions, DivisionMethod::Duplicated).within(50, 5),
    variant("fair_everywhere", anywhere, DivisionMethod::Fair).running_everywhere(),
    variant("fair_spread", scored_in_regions, DivisionMethod::Fair).running_in_some().within(50, 5),
];

const fn variant(
    name: &'static str,
    placement: fn() -> Placement,
    method: DivisionMethod,
) -> Variant {
    Variant {
        name,
        placement,
        method,
        replicas: |_| FEW,
        running: |_, _| None,
        limits: None,
        is_known: false,
    }
}

impl Variant {
    const fn known(mut self) -> Self {
        self.is_known = true;
        self
    }

    const fn within(mut self, clusters: usize, regions: usize) -> Self {
        self.limits = Some((clusters, regions));
        self
    }

    /// Some replicas run in each cluster.
    const fn running_everywhere(mut self) -> Self {
        self.replicas = |clusters| EACH.saturating_mul(signed(clusters as u64));
        self.running = |number, _| Some(signed(random(number, 4) % (2 * EACH.unsigned_abs() + 1)));
        self
    }

    /// Replicas run in 40 clusters.
    const fn running_in_some(mut self) -> Self {
        self.running = |number, clusters| {
            let runs = number.is_multiple_of((clusters as u64 / 40).max(1));
            runs.then_some(FEW / 40)
        };
        self
    }
}

fn anywhere() -> Placement {
    let env = LabelRequirement::new("env", "In", ["prod", "staging"]);
    Placement::selector(LabelSelector::default().and(env))
}

fn in_clusters() -> Placement {
    anywhere().spread([Spread::by(SpreadBy::Cluster).at_least(10).at_most(50)])
}

fn in_regions() -> Placement {
    anywhere().spread([
        Spread::by(SpreadBy::Region).at_least(3).at_most(5),
        Spread::by(SpreadBy::Cluster).at_least(10).at_most(50),
    ])
}

#[expect(clippy::unwrap_used, reason = "it is part of this crate")]
fn scored_in_regions() -> Placement {
    let preferred = json!([{"clusterSelector": {"matchLabels": {"env": "prod"}}, "weight": 50}]);
    let mut placement = in_regions();
    placement.preferred = serde_json::from_value(preferred).unwrap();
    let scores = json!([{"property": "cost", "weight": -1}]);
    placement.scores = serde_json::from_value(scores).unwrap();
    placement
}

/// The clusters among which is chosen, and the room that was seen in them.
pub struct Clusters {
    count: usize,
    fleet: Fleet,
    observed: Observed,
    object: Value,
}

impl Clusters {
    /// So many clusters.
    ///
    /// # Panics
    ///
    /// Never: what it is made of is part of this crate.
    #[expect(clippy::unwrap_used, reason = "it is part of this crate")]
    pub fn new(count: usize) -> Self {
        let object = crate::deployment();
        let template = object.pointer("/spec/template").unwrap();
        let demand = Demand::of_pod_template(template).unwrap();
        let numbers = 0..count as u64;
        Self {
            count,
            fleet: numbers.clone().map(cluster).collect(),
            observed: numbers.fold(Observed::default(), |observed, number| {
                observed.with_capacity(name_of(number), room(number, &demand))
            }),
            object,
        }
    }
}

/// One decision that is measured.
pub struct Decision {
    /// What is asked for.
    pub variant: Variant,
    /// The number of clusters.
    pub clusters: usize,
    world: World<'static>,
    observed: Observed,
}

impl Decision {
    /// A decision of this kind among these clusters.
    ///
    /// # Panics
    ///
    /// Never: what it is made of is part of this crate.
    #[expect(clippy::unwrap_used, reason = "it is part of this crate")]
    pub fn new(variant: Variant, clusters: &Clusters) -> Self {
        let count = clusters.count;
        let division = Division::of((variant.replicas)(count)).by(variant.method);
        let intent = Intent::of(clusters.object.clone()).unwrap();
        let intent = intent.place((variant.placement)()).divide(division);
        let mut observed = clusters.observed.clone();
        for number in 0..count as u64 {
            if let Some(running) = (variant.running)(number, count) {
                let running = Workload::running(running);
                observed = observed.with(name_of(number), intent.target(), running);
            }
        }
        Self {
            variant,
            clusters: count,
            world: World::of(intent, &clusters.fleet).observing(&observed),
            observed,
        }
    }

    /// `decide/none_dynamic/C100`, for instance.
    pub fn name(&self) -> String {
        name(&self.variant, self.clusters)
    }

    /// Decides: what is measured.
    pub fn run(&self) -> Plan {
        plan(&self.world)
    }

    /// Is the decision Karmada's, where that is known? Are all replicas somewhere, and not in more
    /// clusters and regions than are allowed?
    ///
    /// # Panics
    ///
    /// If it is not.
    pub fn check(&self) {
        let plan = self.run();
        assert_eq!(plan.problems(), [], "{}", self.name());
        let (mut replicas, mut regions) = (Numbers::new(), BTreeSet::new());
        for placed in plan.objects().flat_map(|object| object.placed()) {
            let cluster = placed.cluster();
            let runs = self.observed.of(placed.object().target(), cluster.name());
            let may_be = runs.is_some() || cluster.facts().taints.is_empty();
            assert!(may_be, "{}: {}", self.name(), cluster.name());
            replicas.push((cluster.name().clone(), placed.share().unwrap_or(0)));
            regions.insert(cluster.topology().region.as_str());
        }
        let sum: i64 = replicas.iter().map(|(_, replicas)| replicas).sum();
        let each = match self.variant.method {
            DivisionMethod::Duplicated => signed(replicas.len() as u64),
            _ => 1,
        };
        let wanted = each * (self.variant.replicas)(self.clusters);
        assert_eq!(sum, wanted, "{}", self.name());
        if let Some((most, most_regions)) = self.variant.limits {
            assert!(replicas.len() <= most && regions.len() <= most_regions);
        }
        if self.variant.is_known && KNOWN.contains(&self.clusters) {
            let case = format!("{}/C{}", self.variant.name, self.clusters);
            let compared = KARMADA.compare(&case, replicas, Numbers::new());
            assert_eq!(compared, Ok(()), "{}", self.name());
        }
    }
}

/// `decide/none_dynamic/C100`, for instance.
pub fn name(variant: &Variant, clusters: usize) -> String {
    format!("decide/{}/C{clusters}", variant.name)
}

/// The cluster of that number, as Karmada was measured with it.
fn cluster(number: u64) -> Cluster {
    let region = format!("region-{}", number % 10);
    let place = Topology::new(format!("provider-{}", number % 3), region.as_str());
    let is_prod = number.is_multiple_of(4);
    let mut facts = ClusterFacts::default();
    let cost = signed(random(number, 9) % 100);
    facts.properties.insert("cost".to_owned(), cost);
    let others = (0..OTHER_KINDS).map(|kind| format!("group{kind:02}.example.io/v1/Kind{kind:02}"));
    let served = others.chain(["apps/v1/Deployment".to_owned()]);
    facts.served = Some(served.collect());
    if random(number, 8).is_multiple_of(20) {
        let taint = Taint::new("dedicated", TaintEffect::NoSchedule);
        facts.taints.push(taint);
    }
    Cluster::new(name_of(number))
        .label("env", if is_prod { "prod" } else { "staging" })
        .label("gpu", "false")
        .label("kubernetes.io/arch", "amd64")
        .label("owner", "platform")
        .label("tier", format!("t{}", number % 5))
        .label("topology.kubernetes.io/region", region)
        .located(place.in_zones([format!("zone-{}", number % 30)]))
        .with_facts(facts)
}

/// The room in the cluster of that number: as one node, which is all that Karmada's own estimate
/// knows of a cluster.
fn room(number: u64, demand: &Demand) -> Capacity {
    let free = demand.requests.times(signed(10 + random(number, 7) % 21));
    [NodeClass::new(1, free)].into_iter().collect()
}

fn name_of(number: u64) -> String {
    crate::cluster_name(usize::try_from(number).unwrap_or(usize::MAX))
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_decision_is_right() {
        for clusters in SIZES.map(Clusters::new) {
            for variant in VARIANTS {
                Decision::new(variant, &clusters).check();
            }
        }
    }
}
