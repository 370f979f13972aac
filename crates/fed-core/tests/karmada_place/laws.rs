//! Does selecting keep its promises, and is the search for regions the same as looking at every
//! choice?

use std::cmp::Reverse;
use std::collections::BTreeSet;

use fed_core::divide::karmada::Strategy;
use fed_core::place::karmada::{
    FeasibleCluster, Region, SpreadBy, SpreadConstraint, choose_regions, ranked, select,
};
use fed_core::{Cluster, Code, Topology};
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy as Generates, any, prop_oneof};
use proptest::{prop_assert, prop_assert_eq, proptest};

fn cases(fallback: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES");
    ProptestConfig::with_cases(cases.ok().and_then(|n| n.parse().ok()).unwrap_or(fallback))
}

fn regions() -> impl Generates<Value = Vec<Region>> {
    let score = prop_oneof![Just(50), 0..9_i64, 0..5000_i64];
    vec((0..6_usize, score, 0..100_usize), 0..9).prop_map(|regions| {
        let regions = regions.into_iter().enumerate();
        regions
            .map(|(index, (clusters, score, name))| {
                Region::new(format!("r{name}-{index}"), score, (0..clusters).collect())
            })
            .collect()
    })
}

/// Every choice that Karmada comes to, in its order: the first few regions of it do not satisfy.
fn choices(regions: &[Region], satisfies: impl Fn(&[usize]) -> bool) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..regions.len()).collect();
    order.sort_by_key(|&index| {
        let region = &regions[index];
        (region.clusters.len(), Reverse(region.score), &region.name)
    });
    let all = 0..1_u32 << order.len();
    let mut all: Vec<Vec<usize>> = all
        .map(|bits| {
            (0..order.len())
                .filter(|place| bits & (1 << place) != 0)
                .collect()
        })
        .collect();
    all.sort();
    let choices = all.into_iter().map(|places: Vec<usize>| {
        let choice: Vec<usize> = places.into_iter().map(|place| order[place]).collect();
        choice
    });
    choices
        .filter(|choice| {
            let earlier = (0..choice.len()).all(|length| !satisfies(&choice[..length]));
            earlier && satisfies(choice)
        })
        .collect()
}

/// What Karmada's rules give, written down without any haste.
fn slow(regions: &[Region], minimum: usize, maximum: usize, clusters: usize) -> Vec<usize> {
    let held = |choice: &[usize]| {
        choice
            .iter()
            .map(|&i| regions[i].clusters.len())
            .sum::<usize>()
    };
    let worth = |choice: &[usize]| choice.iter().map(|&i| regions[i].score).sum::<i64>();
    let mut choices = choices(regions, |choice| {
        choice.len() >= minimum && choice.len() <= maximum && held(choice) >= clusters
    });
    for choice in &mut choices {
        choice.sort_by_key(|&index| (Reverse(regions[index].score), &regions[index].name));
    }
    choices.sort_by_key(|choice| (Reverse(worth(choice)), Reverse(held(choice))));
    let mut choices = choices.into_iter();
    let mut best = choices.next().unwrap_or_default();
    for choice in choices {
        if choice.len() < best.len() && best.starts_with(&choice) {
            best = choice;
        }
    }
    best
}

fn clusters() -> impl Generates<Value = Vec<(Cluster, i64, i64, u32)>> {
    let score = prop_oneof![Just(0), Just(100)];
    let tier = prop_oneof![3 => Just(0), 1 => 0..3_u32];
    let one = (0..1000_usize, 0..5_usize, score, 0..12_i64, tier);
    vec(one, 0..10).prop_map(|clusters| {
        let clusters = clusters.into_iter().enumerate();
        clusters
            .map(|(index, (name, region, score, room, tier))| {
                let regions = ["", "ap", "eu", "sa", "us"];
                let cluster = Cluster::new(format!("c{name}-{index}"));
                let cluster = cluster.located(Topology::new("acme", regions[region]));
                (cluster, score, room, tier)
            })
            .collect()
    })
}

fn feasible(clusters: &[(Cluster, i64, i64, u32)]) -> Vec<FeasibleCluster<'_>> {
    let clusters = clusters.iter();
    clusters
        .map(|(cluster, score, room, tier)| {
            let feasible = FeasibleCluster::new(cluster).scored(*score);
            feasible.with_capacity(*room).in_tier(*tier)
        })
        .collect()
}

fn constraints() -> impl Generates<Value = Vec<SpreadConstraint>> {
    let one = |by: SpreadBy, most: usize| {
        let numbers = (0..most, 0..most);
        numbers.prop_map(move |(minimum, more)| {
            vec![SpreadConstraint::new(by.clone(), minimum, minimum + more)]
        })
    };
    let some = |by, most| prop_oneof![1 => Just(vec![]), 3 => one(by, most)];
    let zone = some(SpreadBy::Zone, 2);
    (some(SpreadBy::Cluster, 6), some(SpreadBy::Region, 4), zone)
        .prop_map(|(clusters, regions, zones)| [clusters, regions, zones].concat())
}

fn strategies() -> impl Generates<Value = Strategy> {
    prop_oneof![
        1 => Just(Strategy::StaticWeights),
        3 => Just(Strategy::Duplicated),
        3 => Just(Strategy::DynamicWeights),
        3 => Just(Strategy::Aggregated),
    ]
}

fn names(clusters: &[FeasibleCluster<'_>], positions: &[usize]) -> Vec<String> {
    let chosen = positions.iter().map(|&position| &clusters[position]);
    chosen.map(|of| of.cluster.name().to_string()).collect()
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn regions_are_those_of_looking_at_every_choice(
        regions in regions(),
        minimum in 0..5_usize,
        maximum in 0..7_usize,
        clusters in 0..16_usize,
    ) {
        let found = choose_regions(&regions, minimum, maximum, clusters);
        let found = found.map_err(|problem| problem.code);
        let slow = slow(&regions, minimum, maximum, clusters);
        let expected = if slow.is_empty() { Err(Code::NoneExists) } else { Ok(slow) };
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn the_order_of_the_input_does_not_matter(
        (clusters, shuffled) in clusters().prop_flat_map(|clusters| {
            (Just(clusters.clone()), Just(clusters).prop_shuffle())
        }),
        constraints in constraints(),
        strategy in strategies(),
        replicas in 0..40_i64,
    ) {
        let selected = |clusters: &[_]| {
            let feasible = feasible(clusters);
            let found = select(&feasible, &constraints, strategy, replicas);
            found.map(|found| names(&feasible, &found))
        };
        prop_assert_eq!(selected(&clusters), selected(&shuffled));
    }

    #[test]
    fn what_is_selected_satisfies_what_was_asked(
        clusters in clusters(),
        constraints in constraints(),
        strategy in strategies(),
        replicas in 0..40_i64,
    ) {
        let feasible = feasible(&clusters);
        let Ok(found) = select(&feasible, &constraints, strategy, replicas) else {
            return Ok(());
        };
        let distinct: BTreeSet<_> = found.iter().collect();
        prop_assert_eq!(distinct.len(), found.len());
        prop_assert!(found.iter().all(|&position| position < clusters.len()));
        let of = |by| constraints.iter().find(|constraint| constraint.by == by);
        let (by_cluster, by_region) = (of(SpreadBy::Cluster), of(SpreadBy::Region));
        if constraints.is_empty() || strategy == Strategy::StaticWeights {
            prop_assert_eq!(found, ranked(&feasible));
        } else if let Some(regions) = by_region {
            let chosen: BTreeSet<_> = found
                .iter()
                .map(|&position| &feasible[position].cluster.topology().region)
                .collect();
            prop_assert!((regions.minimum..=regions.maximum).contains(&chosen.len()));
            prop_assert!(chosen.iter().all(|region| !region.is_empty()));
            let most = by_cluster.map_or(0, |constraint| constraint.maximum);
            prop_assert!(found.len() <= most.max(chosen.len()));
            let fewest = by_cluster.map_or(0, |constraint| constraint.minimum);
            prop_assert!(found.len() >= fewest);
        } else {
            let by_cluster = by_cluster.unwrap();
            let number = found.len();
            prop_assert_eq!(number, by_cluster.maximum.min(clusters.len()));
            prop_assert!(number >= by_cluster.minimum);
            let room: i64 = found.iter().map(|&position| feasible[position].capacity).sum();
            prop_assert!(strategy == Strategy::Duplicated || room >= replicas);
        }
    }

    #[test]
    fn a_spread_by_cluster_fails_only_where_nothing_satisfies_it(
        clusters in clusters(),
        (fewest, more) in (0..4_usize, 0..4_usize),
        replicas in 0..40_i64,
    ) {
        let feasible = feasible(&clusters);
        let most = fewest + more;
        let constraints = [SpreadConstraint::new(SpreadBy::Cluster, fewest, most)];
        let found = select(&feasible, &constraints, Strategy::DynamicWeights, replicas);
        let mut rooms: Vec<i64> = feasible.iter().map(|of| of.capacity).collect();
        rooms.sort_by_key(|room| Reverse(*room));
        let holds = rooms.iter().take(most).sum::<i64>() >= replicas;
        prop_assert_eq!(found.is_ok(), clusters.len() >= fewest && holds);
    }

    #[test]
    fn no_number_is_too_large(
        numbers in vec((any::<i64>(), any::<i64>(), any::<u32>(), 0..4_usize), 0..9),
        bounds in vec(prop_oneof![0..9_usize, any::<usize>()], 4),
        strategy in strategies(),
        replicas in any::<i64>(),
    ) {
        let regions = ["", "ap", "eu", "us"];
        let clusters: Vec<_> = numbers
            .iter()
            .map(|(.., region)| Cluster::new("c").located(Topology::new("", regions[*region])))
            .collect();
        let feasible: Vec<_> = numbers
            .iter()
            .zip(&clusters)
            .map(|((score, room, tier, _), cluster)| {
                let feasible = FeasibleCluster::new(cluster).scored(*score);
                feasible.with_capacity(*room).in_tier(*tier)
            })
            .collect();
        let by_cluster = SpreadConstraint::new(SpreadBy::Cluster, bounds[0], bounds[1]);
        let by_region = SpreadConstraint::new(SpreadBy::Region, bounds[2], bounds[3]);
        for constraints in [vec![by_cluster.clone()], vec![by_cluster, by_region]] {
            match select(&feasible, &constraints, strategy, replicas) {
                Ok(found) => prop_assert!(found.len() <= clusters.len()),
                Err(problem) => prop_assert!(!problem.message.is_empty()),
            }
        }
    }
}

fn region(index: usize, clusters: usize, score: i64) -> Region {
    Region::new(format!("r{index}"), score, (0..clusters).collect())
}

fn scaled(number: usize) -> i64 {
    1000 * i64::try_from(number).unwrap()
}

#[test]
fn many_regions_are_soon_chosen_from() {
    let alike: Vec<Region> = (0..5000).map(|index| region(index, 2, 1000)).collect();
    assert_eq!(choose_regions(&alike, 3, 40, 60).unwrap().len(), 30);
    assert_eq!(choose_regions(&alike, 3, 5000, 10_000).unwrap().len(), 5000);
    let different: Vec<Region> = (0..100)
        .map(|index| region(index, 1 + index % 12, scaled(1 + index % 12)))
        .collect();
    assert_eq!(choose_regions(&different, 2, 5, 20).unwrap().len(), 2);
}

#[test]
fn a_search_that_takes_too_long_is_given_up() {
    // Small regions are good and large ones are not, so that no choice is plainly the best.
    let regions: Vec<Region> = (0..60)
        .map(|index| region(index, 10 + index, 10_000 - scaled(index * index) % 991))
        .collect();
    let problem = choose_regions(&regions, 1, 30, 1200).unwrap_err();
    assert_eq!(problem.code, Code::SearchLimit);
    assert_eq!(
        problem.message,
        "the best choice among 60 regions was not found in 1000000 steps; allow fewer regions, or \
         let clusters of fewer regions have the object"
    );
}

#[test]
fn what_cannot_be_selected_says_why() {
    let clusters = ["ap", "eu", "us"].map(|region| {
        (
            Cluster::new(region).located(Topology::new("acme", region)),
            0,
            2,
            0,
        )
    });
    let message = |constraints: &[SpreadConstraint]| {
        let feasible = feasible(&clusters);
        let refused = select(&feasible, constraints, Strategy::Aggregated, 7);
        refused.unwrap_err().message
    };
    let by = SpreadConstraint::new;
    assert_eq!(
        message(&[by(SpreadBy::Zone, 1, 1)]),
        "Karmada spreads by cluster and by region only; add a spread constraint by one of them"
    );
    assert_eq!(
        message(&[by(SpreadBy::Cluster, 4, 4)]),
        "the object has to be in 4 clusters at least, and 3 may have it; lower the minimum or let \
         more clusters have it"
    );
    assert_eq!(
        message(&[by(SpreadBy::Cluster, 1, 3)]),
        "7 replicas have to be placed in at most 3 clusters, and the roomiest hold 6 together; \
         allow more clusters, free capacity or lower the replicas"
    );
    assert_eq!(
        message(&[by(SpreadBy::Region, 4, 4)]),
        "the object has to be in 4 regions at least, and clusters that may have it are in 3; lower \
         the minimum or let more clusters have it"
    );
    assert_eq!(
        message(&[by(SpreadBy::Region, 1, 2), by(SpreadBy::Cluster, 3, 3)]),
        "no 1 to 2 regions of 3 have 3 clusters together; allow more regions, ask for fewer \
         clusters or let more clusters have the object"
    );
}
