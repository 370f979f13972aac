//! Does every way of dividing bear the numbers that no cluster has, and as many clusters as nobody
//! has? What each promises of them is checked; that none of them stops is checked with it, since
//! overflows stop tests.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "clippy allows these in test functions, but not in what they share"
)]

use fed_core::divide::{Candidate, karmada, kubeadmiral, kubefed, native};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

const KEY: &str = "shop/checkout";

/// How many replicas each candidate gets; `None` where the division is refused.
type Divide = fn(i64, &[Candidate]) -> Option<Vec<i64>>;

/// Every way of dividing, by what its names are in messages.
const MODES: [(&str, Divide); 12] = [
    ("kubefed rebalance", |total, candidates| {
        Some(kubefed::divide(total, true, candidates, KEY).replicas)
    }),
    ("kubefed", |total, candidates| {
        Some(kubefed::divide(total, false, candidates, KEY).replicas)
    }),
    ("kubeadmiral spread", |total, candidates| {
        Some(kubeadmiral(
            total,
            kubeadmiral::Strategy::Spread,
            false,
            candidates,
        ))
    }),
    ("kubeadmiral spread, avoiding", |total, candidates| {
        Some(kubeadmiral(
            total,
            kubeadmiral::Strategy::Spread,
            true,
            candidates,
        ))
    }),
    ("kubeadmiral binpack", |total, candidates| {
        Some(kubeadmiral(
            total,
            kubeadmiral::Strategy::Binpack,
            false,
            candidates,
        ))
    }),
    ("kubeadmiral binpack, avoiding", |total, candidates| {
        Some(kubeadmiral(
            total,
            kubeadmiral::Strategy::Binpack,
            true,
            candidates,
        ))
    }),
    ("karmada static", |total, candidates| {
        karmada(total, karmada::Strategy::StaticWeights, candidates)
    }),
    ("karmada dynamic", |total, candidates| {
        karmada(total, karmada::Strategy::DynamicWeights, candidates)
    }),
    ("karmada aggregated", |total, candidates| {
        karmada(total, karmada::Strategy::Aggregated, candidates)
    }),
    ("karmada duplicated", |total, candidates| {
        karmada(total, karmada::Strategy::Duplicated, candidates)
    }),
    ("native", |total, candidates| {
        Some(native::divide(total, candidates, &native::Options::new(KEY)).replicas)
    }),
    ("native steady", |total, candidates| {
        let options = native::Options::new(KEY).steady();
        Some(native::divide(total, candidates, &options).replicas)
    }),
];

fn kubeadmiral(
    total: i64,
    strategy: kubeadmiral::Strategy,
    avoid: bool,
    candidates: &[Candidate],
) -> Vec<i64> {
    let mut options = kubeadmiral::Options::default()
        .strategy(strategy)
        .avoid_disruption(avoid);
    // Some maximums as hard limits, too.
    for candidate in candidates.iter().step_by(3) {
        if let Some(limit) = candidate.maximum {
            options = options.limited(candidate.name.clone(), limit);
        }
    }
    kubeadmiral::divide(total, &options, candidates, KEY).replicas
}

fn karmada(total: i64, strategy: karmada::Strategy, candidates: &[Candidate]) -> Option<Vec<i64>> {
    let options = karmada::Options::new(strategy).seeded(KEY);
    let division = karmada::divide(total, candidates, &options).ok()?;
    Some(division.replicas)
}

/// Only these look at minimums, and divide among those that have room.
fn has_bounds(mode: &str) -> bool {
    !mode.starts_with("karmada")
}

fn fleet(clusters: usize, candidate: impl Fn(usize, Candidate) -> Candidate) -> Vec<Candidate> {
    let named = |number| Candidate::new(format!("member-{number:05}"), 1);
    (0..clusters)
        .map(|number| candidate(number, named(number)))
        .collect()
}

fn sum(replicas: &[i64]) -> i128 {
    replicas.iter().copied().map(i128::from).sum()
}

#[test]
fn zero_weights_get_no_more_than_their_minimum_where_weights_count() {
    let clusters = fleet(7, |number, mut candidate| {
        candidate.weight = 0;
        candidate.at_least(i64::try_from(number % 3).unwrap())
    });
    let minimums: Vec<i64> = clusters.iter().map(|one| one.minimum).collect();
    for (mode, divide) in MODES {
        let replicas = divide(100, &clusters).unwrap();
        match mode {
            "karmada duplicated" => assert_eq!(replicas, [100; 7], "{mode}"),
            _ if has_bounds(mode) && !mode.contains("binpack") => {
                assert_eq!(replicas, minimums, "{mode}");
            }
            // Weights do not count, or all weigh the same.
            _ => assert_eq!(sum(&replicas), 100, "{mode}"),
        }
    }
}

#[test]
fn where_there_is_no_capacity_nothing_runs() {
    let clusters = fleet(7, |number, candidate| {
        let minimum = i64::try_from(number % 3).unwrap();
        candidate.at_least(minimum).with_capacity(0)
    });
    for (mode, divide) in MODES {
        match (mode, divide(100, &clusters)) {
            // They do not look at capacity.
            ("karmada static", found) => assert_eq!(sum(&found.unwrap()), 100),
            ("karmada duplicated", found) => assert_eq!(found.unwrap(), [100; 7]),
            // All or nothing.
            ("karmada dynamic" | "karmada aggregated", found) => assert_eq!(found, None, "{mode}"),
            (_, found) => assert_eq!(found.unwrap(), [0; 7], "{mode}"),
        }
    }
}

#[test]
fn minimums_above_the_total_share_the_total() {
    for minimum in [60, i64::MAX] {
        let clusters = fleet(7, |_, candidate| candidate.at_least(minimum));
        for (mode, divide) in MODES.into_iter().filter(|(mode, _)| has_bounds(mode)) {
            let replicas = divide(100, &clusters).unwrap();
            assert!(replicas.iter().all(|one| *one >= 0), "{mode}: {replicas:?}");
            assert_eq!(sum(&replicas), 100, "{mode}: {replicas:?}");
        }
    }
}

#[test]
fn a_maximum_below_the_minimum_stops_nobody() {
    for (minimum, maximum) in [(5, 3), (5, 0), (i64::MAX, 1), (i64::MAX, i64::MIN)] {
        let clusters = fleet(7, |_, candidate| {
            candidate.at_least(minimum).at_most(maximum).running(4)
        });
        for (mode, divide) in MODES.into_iter().filter(|(mode, _)| has_bounds(mode)) {
            let replicas = divide(21, &clusters).unwrap();
            if mode.starts_with("native") {
                assert!(
                    replicas
                        .iter()
                        .all(|one| (0..=maximum.max(0)).contains(one))
                );
            }
        }
    }
}

#[test]
fn thousands_of_groups_are_divided() {
    let clusters = fleet(5_000, |number, mut candidate| {
        // Each with a weight, bounds and room of its own.
        let number = i64::try_from(number).unwrap();
        candidate.weight = number + 1;
        let candidate = candidate.at_least(number % 7).at_most(number * 3 + 9);
        candidate.with_capacity(number * 2 + 8).running(number % 11)
    });
    for (mode, divide) in MODES.into_iter().filter(|(mode, _)| has_bounds(mode)) {
        let replicas = divide(1_000_000, &clusters).unwrap();
        assert!(replicas.iter().all(|one| *one >= 0), "{mode}");
        if !mode.starts_with("kubeadmiral") {
            assert_eq!(sum(&replicas), 1_000_000, "{mode}");
        }
    }
    // Each is a tier of its own, filled before the next.
    for strategy in [
        karmada::Strategy::DynamicWeights,
        karmada::Strategy::Aggregated,
    ] {
        let options = karmada::Options::new(strategy).fresh().in_tiers(0..5_000);
        let replicas = karmada::divide(1_000_000, &clusters, &options)
            .unwrap()
            .replicas;
        assert_eq!(sum(&replicas), 1_000_000);
        let full = clusters.iter().zip(&replicas);
        let full = full.take_while(|(cluster, replicas)| cluster.capacity == Some(**replicas));
        let full = full.count();
        assert!((1..5_000).contains(&full));
        assert_eq!(sum(&replicas[full + 1..]), 0);
    }
}

#[test]
fn thousands_of_clusters_bear_the_largest_numbers() {
    for weight in [i64::MIN, -1, 0, 1, i64::MAX] {
        let clusters = fleet(2_000, |number, mut candidate| {
            candidate.weight = weight;
            match number % 5 {
                0 => candidate.at_least(i64::MAX),
                1 => candidate.at_most(i64::MIN),
                2 => candidate.with_capacity(i64::MAX).running(i64::MAX),
                3 => candidate.with_capacity(i64::MIN).running(i64::MIN),
                _ => candidate,
            }
        });
        for (mode, divide) in MODES {
            for total in [i64::MIN, -1, 0, 1, i64::from(i32::MAX), i64::MAX] {
                let found = divide(total, &clusters);
                assert!(found.is_none_or(|found| found.len() == 2_000), "{mode}");
            }
        }
    }
}

fn cases(fallback: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES");
    ProptestConfig {
        cases: cases.ok().and_then(|n| n.parse().ok()).unwrap_or(fallback),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// The ends of what can be counted, the numbers around zero, and powers of two.
fn extreme() -> impl Strategy<Value = i64> {
    prop_oneof![
        Just(i64::MAX),
        Just(i64::MIN),
        -2..3_i64,
        any::<i64>(),
        (0..63_u32).prop_map(|bits| 1_i64 << bits),
    ]
}

fn odd_clusters() -> impl Strategy<Value = Vec<Candidate>> {
    let bound = || option::of(extreme());
    vec((extreme(), extreme(), bound(), bound(), bound()), 0..30).prop_map(|numbers| {
        fleet(numbers.len(), |number, mut candidate| {
            (
                candidate.weight,
                candidate.minimum,
                candidate.maximum,
                candidate.capacity,
                candidate.current,
            ) = numbers[number];
            candidate
        })
    })
}

/// A cluster as people may have it.
fn clusters() -> impl Strategy<Value = Vec<Candidate>> {
    let bound = || option::of(0..40_i64);
    vec((0..9_i64, bound(), bound(), bound()), 1..9).prop_map(|numbers| {
        fleet(numbers.len(), |number, mut candidate| {
            (
                candidate.minimum,
                candidate.maximum,
                candidate.capacity,
                candidate.current,
            ) = numbers[number];
            candidate.maximum = candidate.maximum.map(|most| most + candidate.minimum);
            candidate
        })
    })
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn no_numbers_stop_any_of_them(total in extreme(), clusters in odd_clusters()) {
        for (_, divide) in MODES {
            if let Some(found) = divide(total, &clusters) {
                prop_assert_eq!(found.len(), clusters.len());
            }
        }
    }

    #[test]
    fn binpack_fills_one_after_the_other(total in 0..200_i64, clusters in clusters()) {
        let options = kubeadmiral::Options::default().strategy(kubeadmiral::Strategy::Binpack);
        let found = kubeadmiral::divide(total, &options, &clusters, KEY).replicas;
        let limit = |cluster: &Candidate| {
            let bounds = [cluster.maximum, cluster.capacity];
            bounds.into_iter().flatten().min().unwrap_or(i64::MAX)
        };
        let mut all_before_are_full = true;
        for (cluster, replicas) in clusters.iter().zip(&found) {
            prop_assert!((0..=limit(cluster)).contains(replicas));
            prop_assert!(all_before_are_full || *replicas <= cluster.minimum);
            all_before_are_full &= *replicas == limit(cluster);
        }
        let placed = sum(&found);
        prop_assert!(placed <= total.into());
        prop_assert!(placed == total.into() || all_before_are_full);
    }

    #[test]
    fn binpack_that_avoids_disruption_only_adds_or_only_removes(
        total in 0..200_i64,
        mut clusters in clusters(),
    ) {
        // There is room for all, and nobody runs more than it may.
        for cluster in &mut clusters {
            cluster.minimum = 0;
            cluster.maximum = None;
            cluster.capacity = None;
        }
        let options = kubeadmiral::Options::default()
            .strategy(kubeadmiral::Strategy::Binpack)
            .avoid_disruption(true)
            .keep_unschedulable_replicas(true);
        let running: Vec<i64> = clusters.iter().map(|one| one.current.unwrap_or(0)).collect();
        let found = kubeadmiral::divide(total, &options, &clusters, KEY).replicas;
        prop_assert_eq!(sum(&found), i128::from(total));
        let mut changes = found.iter().zip(&running).map(|(found, running)| found - running);
        let one_way = if sum(&running) <= i128::from(total) {
            changes.all(|change| change >= 0)
        } else {
            changes.all(|change| change <= 0)
        };
        prop_assert!(one_way);
    }
}
