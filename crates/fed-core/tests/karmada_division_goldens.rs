//! Does dividing in Karmada's way give what Karmada gave for generated fleets of 3 to 5,000
//! clusters?

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy allows these in test functions, but not in what they share"
)]

use fed_core::divide::Candidate;
use fed_core::divide::karmada::{Options, Strategy, divide};
use serde_json::Value;

const UID: &str = "4f0c2a53-6a0e-4a52-9a63-0d1a3a6d2b11";
const SIZES: [(u64, i64); 5] = [
    (3, 9),
    (10, 100),
    (100, 10_000),
    (1000, 100_000),
    (5000, 1_000_000),
];

/// The generator of the workload: splitmix64 of a counter.
fn random(cluster: u64, field: u64) -> u64 {
    let z = (42_u64 << 32)
        .wrapping_add(16 * cluster + field)
        .wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A cluster and the replicas that it can take beside what it has.
fn cluster(index: u64, share: u64) -> (Candidate, i64) {
    let weight = 1 + random(index, 0) % 100;
    let free = share + random(index, 7) % (2 * share + 1);
    let name = format!("member-{index:05}");
    (
        Candidate::new(name.as_str(), weight.try_into().unwrap()),
        free.try_into().unwrap(),
    )
}

fn planned(variant: &str, clusters: &[(Candidate, i64)], total: i64) -> Vec<i64> {
    let with_room = |running: Option<&[i64]>| -> Vec<Candidate> {
        let clusters = clusters.iter().enumerate();
        clusters
            .map(|(index, (cluster, free))| match running.map(|r| r[index]) {
                Some(running) if running > 0 => cluster
                    .clone()
                    .with_capacity(free + running)
                    .running(running),
                _ => cluster.clone().with_capacity(*free),
            })
            .collect()
    };
    let run = |strategy, candidates: &[Candidate], total| {
        let options = Options::new(strategy).seeded(UID);
        divide(total, candidates, &options).unwrap().replicas
    };
    let (strategy, scale) = variant.rsplit_once('_').unwrap();
    match (strategy, scale) {
        ("static_by_name", _) => run(Strategy::StaticWeights, &with_room(None), total),
        ("static_by_label", _) => {
            let mut candidates = with_room(None);
            for (weight, candidate) in (0..10).cycle().zip(&mut candidates) {
                candidate.weight = weight + 1;
            }
            run(Strategy::StaticWeights, &candidates, total)
        }
        (strategy, scale) => {
            let strategy = match strategy {
                "dynamic" => Strategy::DynamicWeights,
                "aggregated" => Strategy::Aggregated,
                other => panic!("{other}?"),
            };
            let previous = match scale {
                "fresh" => return run(strategy, &with_room(None), total),
                "scaleup" => total * 4 / 5,
                "scaledown" => total * 5 / 4,
                other => panic!("{other}?"),
            };
            let previous = run(strategy, &with_room(None), previous);
            run(strategy, &with_room(Some(&previous)), total)
        }
    }
}

/// FNV-1a of what Karmada writes: it leaves out the clusters with nothing.
fn fingerprint(clusters: &[(Candidate, i64)], replicas: &[i64]) -> (String, usize, i64) {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let (mut number, mut sum) = (0, 0);
    for ((cluster, _), replicas) in clusters.iter().zip(replicas) {
        if *replicas == 0 {
            continue;
        }
        number += 1;
        sum += replicas;
        for byte in format!("{}={replicas}\n", cluster.name).bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    (format!("{hash:016x}"), number, sum)
}

#[test]
fn divisions_are_those_that_karmada_made() {
    let goldens: Value =
        serde_json::from_str(include_str!("cases/golden-karmada-assign.json")).unwrap();
    let mut wrong = Vec::new();
    for (name, golden) in goldens.as_object().unwrap() {
        let (variant, size) = name.split_once('/').unwrap();
        let (clusters, total) = SIZES
            .into_iter()
            .find(|(clusters, total)| size == format!("C{clusters}_N{total}"))
            .unwrap();
        let share = u64::try_from(total).unwrap() / clusters;
        let clusters: Vec<_> = (0..clusters).map(|index| cluster(index, share)).collect();
        let replicas = planned(variant, &clusters, total);
        let (hash, number, sum) = fingerprint(&clusters, &replicas);
        let found = (hash.as_str(), number, sum);
        let expected = (
            golden["fnv"].as_str().unwrap(),
            usize::try_from(golden["n"].as_u64().unwrap()).unwrap(),
            golden["sum"].as_i64().unwrap(),
        );
        if found != expected {
            wrong.push(format!("{name}: found {found:?}, expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
