//! Do filtering, selecting and dividing give what Karmada gave for generated fleets of 100 to 5,000
//! clusters?

use fed_core::divide::Candidate;
use fed_core::divide::karmada::{Options, Strategy, divide};
use fed_core::place::karmada::{
    Affinity, FeasibleCluster, Request, SpreadBy, SpreadConstraint, Term, select,
};
use fed_core::{
    Cluster, GroupVersionKind, LabelRequirement, LabelSelector, Taint, TaintEffect, Topology,
};
use serde_json::Value;

const UID: &str = "4f0c2a53-6a0e-4a52-9a63-0d1a3a6d2b11";
const REPLICAS: i64 = 500;

/// The generator of the workload: splitmix64 of a counter.
fn random(cluster: u64, field: u64) -> u64 {
    let z = (42_u64 << 32)
        .wrapping_add(16 * cluster + field)
        .wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A cluster and the replicas that it has room for.
fn cluster(index: u64) -> (Cluster, i64) {
    let place = Topology::new(
        format!("provider-{}", index % 3),
        format!("region-{}", index % 10),
    );
    let env = if index.is_multiple_of(4) {
        "prod"
    } else {
        "staging"
    };
    let mut cluster = Cluster::new(format!("member-{index:05}"))
        .label("env", env)
        .located(place.in_zones([format!("zone-{}", index % 30)]));
    if random(index, 8).is_multiple_of(20) {
        cluster = cluster.taint(Taint::new("dedicated", TaintEffect::NoSchedule));
    }
    let room = 10 + random(index, 7) % 21;
    (cluster, room.try_into().unwrap())
}

fn request(spread: &str) -> Request {
    let clusters = SpreadConstraint::new(SpreadBy::Cluster, 10, 50);
    let regions = SpreadConstraint::new(SpreadBy::Region, 3, 5);
    let spread = match spread {
        "none" => vec![],
        "cluster" => vec![clusters],
        "region_cluster" => vec![regions, clusters],
        other => panic!("{other}?"),
    };
    let env = LabelRequirement::new("env", "In", ["prod", "staging"]);
    let affinity = Affinity::labelled(LabelSelector::default().and(env));
    Request::of(GroupVersionKind::from_api_version("apps/v1", "Deployment"))
        .within(Term::of(affinity))
        .spread_by(spread)
}

/// What Karmada writes: the clusters with replicas, by name.
fn scheduled(variant: &str, clusters: &[(Cluster, i64)]) -> Vec<(String, i64)> {
    let (spread, strategy) = variant.rsplit_once('_').unwrap();
    let strategy = match strategy {
        "duplicated" => Strategy::Duplicated,
        "dynamic" => Strategy::DynamicWeights,
        other => panic!("{other}?"),
    };
    let request = request(spread);
    let feasible: Vec<FeasibleCluster<'_>> = clusters
        .iter()
        .filter_map(|(cluster, room)| Some(request.feasible(cluster).ok()?.with_capacity(*room)))
        .collect();
    let chosen = select(&feasible, &request.spread, strategy, REPLICAS).unwrap();
    let candidates: Vec<Candidate> = chosen
        .into_iter()
        .map(|position| &feasible[position])
        .map(|of| Candidate::new(of.cluster.name().clone(), 1).with_capacity(of.capacity))
        .collect();
    let options = Options::new(strategy).seeded(UID);
    let division = divide(REPLICAS, &candidates, &options).unwrap();
    let names = candidates
        .iter()
        .map(|candidate| candidate.name.to_string());
    let mut replicas: Vec<_> = names.zip(division.replicas).collect();
    replicas.retain(|(_, replicas)| *replicas > 0);
    replicas.sort();
    replicas
}

/// FNV-1a of the lines of a result.
fn fingerprint(replicas: &[(String, i64)]) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for (name, replicas) in replicas {
        for byte in format!("{name}={replicas}\n").bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

#[test]
fn cycles_are_those_that_karmada_made() {
    let goldens = include_str!("../cases/golden-karmada-cycle.json");
    let goldens: Value = serde_json::from_str(goldens).unwrap();
    let mut wrong = Vec::new();
    for (name, golden) in goldens.as_object().unwrap() {
        let (variant, size) = name.split_once("/C").unwrap();
        let clusters: Vec<_> = (0..size.parse().unwrap()).map(cluster).collect();
        let replicas = scheduled(variant, &clusters);
        let sum: i64 = replicas.iter().map(|(_, replicas)| replicas).sum();
        let found = (fingerprint(&replicas), replicas.len() as u64, sum);
        let expected = (
            golden["fnv"].as_str().unwrap().to_owned(),
            golden["n"].as_u64().unwrap(),
            golden["sum"].as_i64().unwrap(),
        );
        if found != expected {
            wrong.push(format!(
                "{name}: found {found:?}, expected {expected:?}\n{replicas:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
