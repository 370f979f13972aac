//! Does it select as every possible selection, looked at one by one, says?

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

/// What was chosen, and what it is worth by the first criterion and in room.
fn worth(choices: &[Choice], chosen: &[usize]) -> (i128, i128) {
    let all = || chosen.iter().map(|choice| choices[*choice]);
    let room = |choice: Choice| choice.room.map_or(1 << 80, |room| i128::from(room.max(0)));
    (
        all().map(|choice| i128::from(choice.running.max(0))).sum(),
        all().map(room).sum(),
    )
}

/// Running replicas, number, score, room, places: the order in which they count.
fn order(choices: &[Choice], chosen: &[usize], demand: &Demand) -> (i128, usize, i128, i128, i64) {
    let (kept, _) = worth(choices, chosen);
    let score = chosen
        .iter()
        .map(|choice| i128::from(choices[*choice].score));
    let wanted = demand.replicas.filter(|wanted| *wanted > 0);
    let most = wanted.map_or(1 << 90, i128::from);
    let room = chosen
        .iter()
        .map(|choice| worth(choices, &[*choice]).1.min(most));
    let places = chosen.iter().map(|choice| -i64::try_from(*choice).unwrap());
    (kept, chosen.len(), score.sum(), room.sum(), places.sum())
}

fn is_spread(chosen: &[usize], constraints: &[Constraint], demand: &Demand) -> bool {
    let within = |number: usize, minimum: usize, maximum: Option<usize>| {
        number >= minimum && maximum.is_none_or(|maximum| number <= maximum)
    };
    within(chosen.len(), demand.minimum, demand.maximum)
        && constraints.iter().all(|constraint| {
            let groups = |choice: &usize| constraint.groups.of(*choice).to_vec();
            let mut used: Vec<u32> = chosen.iter().flat_map(groups).collect();
            used.sort_unstable();
            used.dedup();
            chosen.iter().all(|choice| !groups(choice).is_empty())
                && within(used.len(), constraint.minimum, constraint.maximum)
        })
}

/// Every selection that satisfies the constraints.
fn every(choices: &[Choice], constraints: &[Constraint], demand: &Demand) -> Vec<Vec<usize>> {
    (0..1_usize << choices.len())
        .map(|set| {
            (0..choices.len())
                .filter(|place| set >> place & 1 == 1)
                .collect()
        })
        .filter(|chosen: &Vec<usize>| is_spread(chosen, constraints, demand))
        .collect()
}

fn cases(fallback: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES");
    ProptestConfig::with_cases(cases.ok().and_then(|n| n.parse().ok()).unwrap_or(fallback))
}

fn choice() -> impl Strategy<Value = Choice> {
    let number = || prop_oneof![6 => 0_i64..6, 1 => any::<i64>(), 1 => Just(i64::MAX)];
    let room = prop_oneof![1 => Just(None), 5 => number().prop_map(Some)];
    let running = prop_oneof![2 => Just(0), 2 => 0_i64..4, 1 => number()];
    (number(), running, room).prop_map(|(score, running, room)| Choice {
        score,
        running,
        room,
    })
}

/// Up to nine choices, among which some small ones are common.
fn choices() -> impl Strategy<Value = Vec<Choice>> {
    let plain = (0_i64..4, 0_i64..3, 0_i64..5)
        .prop_map(|(score, running, room)| Choice::new(score).running(running).with_room(room));
    prop_oneof![
        proptest::collection::vec(plain, 0..10),
        proptest::collection::vec(choice(), 0..10),
    ]
}

fn limits() -> impl Strategy<Value = (usize, Option<usize>)> {
    (0_usize..4, proptest::option::of(0_usize..5)).prop_map(|(minimum, maximum)| {
        // Contradictions are rare otherwise, too.
        let raised =
            maximum.map(|maximum| maximum.max(minimum.saturating_sub(usize::from(maximum == 0))));
        (minimum, raised)
    })
}

fn constraint(key: &str, groups: Groups, limits: (usize, Option<usize>)) -> Constraint {
    Constraint {
        key: key.to_owned(),
        minimum: limits.0,
        maximum: limits.1,
        groups,
    }
}

/// Zones in regions of providers, some of which are limited; and a choice here and there without.
fn nested() -> impl Strategy<Value = Vec<Constraint>> {
    let choice = (0_u32..6, proptest::bool::weighted(0.03));
    let places = proptest::collection::vec(choice, 10);
    let tree = (
        proptest::array::uniform6(0_u32..4),
        proptest::array::uniform4(0_u32..2),
    );
    let limited = proptest::collection::vec((0_usize..4, limits()), 0..4);
    (places, tree, limited).prop_map(|(places, (regions, providers), limited)| {
        let one = |level: usize, limits| {
            let groups = places.iter().map(|(zone, unknown)| {
                let region = regions[*zone as usize];
                let group = match level {
                    0 => *zone,
                    1 => region + 70,
                    2 => providers[region as usize] + 9_000,
                    _ => 0,
                };
                (!unknown || level == 0).then_some(group)
            });
            constraint(
                ["zone", "region", "provider", "planet"][level],
                groups.collect(),
                limits,
            )
        };
        limited
            .into_iter()
            .map(|(level, limits)| one(level, limits))
            .collect()
    })
}

/// Groups without any order in them.
fn overlapping() -> impl Strategy<Value = Vec<Constraint>> {
    let groups = proptest::collection::vec(
        prop_oneof![
            6 => proptest::collection::vec(0_u32..5, 1),
            3 => proptest::collection::vec(0_u32..5, 2..4),
            1 => Just(Vec::new()),
        ],
        10,
    );
    let groups = groups.prop_map(|groups| groups.into_iter().collect::<Groups>());
    proptest::collection::vec((groups, limits()), 0..4).prop_map(|all| {
        let keys = ["zone", "rack", "team"];
        all.into_iter()
            .zip(keys)
            .map(|((groups, limits), key)| constraint(key, groups, limits))
            .collect()
    })
}

fn constraints() -> impl Strategy<Value = Vec<Constraint>> {
    prop_oneof![nested(), overlapping()]
}

fn demand() -> impl Strategy<Value = Demand> {
    let replicas = prop_oneof![
        3 => Just(None),
        4 => (0_i64..25).prop_map(Some),
        1 => any::<i64>().prop_map(Some),
    ];
    (replicas, limits(), any::<bool>()).prop_map(|(replicas, (minimum, maximum), limited)| Demand {
        replicas,
        minimum: if limited { minimum } else { 0 },
        maximum: maximum.filter(|_| limited),
    })
}

/// The best of each group that is used and then the best of all in them: what is best where it is
/// decided which zones are used.
fn best_within(choices: &[Choice], zones: &[u32], used: u32, demand: &Demand) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..choices.len())
        .filter(|choice| used >> zones[*choice] & 1 == 1)
        .collect();
    sorted.sort_by_key(|choice| std::cmp::Reverse(order(choices, &[*choice], demand)));
    let mut seen = 0_u32;
    let (mut sorted, others): (Vec<usize>, Vec<usize>) = sorted.into_iter().partition(|choice| {
        let zone = 1 << zones[*choice];
        let first = seen & zone == 0;
        seen |= zone;
        first
    });
    sorted.extend(others);
    sorted.truncate(demand.maximum.unwrap_or(usize::MAX));
    sorted.sort_unstable();
    sorted
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn it_finds_what_is_best_of_all(
        choices in choices(),
        constraints in constraints(),
        demand in demand(),
    ) {
        let every = every(&choices, &constraints, &demand);
        let wanted = demand.replicas.map_or(0, i128::from);
        let suffices = |chosen: &&Vec<usize>| worth(&choices, chosen).1 >= wanted;
        let most_room = every.iter().map(|chosen| worth(&choices, chosen).1).max();
        let most_kept = every.iter().filter(suffices).map(|chosen| worth(&choices, chosen).0).max();
        match select(&choices, &constraints, &demand) {
            Ok(selection) => {
                prop_assert!(every.contains(&selection.chosen), "{:?}", selection);
                prop_assert!(suffices(&&selection.chosen), "{:?}", selection);
                prop_assert_eq!(Some(worth(&choices, &selection.chosen).0), most_kept);
            }
            Err(Unsatisfied::NoneExists(_)) => prop_assert!(every.is_empty(), "{:?}", every),
            Err(Unsatisfied::SearchLimit { .. }) => prop_assert!(false, "too few for a limit"),
            Err(Unsatisfied::TooLittleRoom { best, wanted: told }) => {
                prop_assert_eq!(most_kept, None);
                prop_assert!(every.contains(&best.chosen));
                prop_assert_eq!(Some(worth(&choices, &best.chosen).1), most_room);
                prop_assert_eq!(i128::from(told), wanted);
            }
        }
    }

    #[test]
    fn with_room_for_all_the_whole_order_counts(
        choices in choices(),
        constraints in constraints(),
        demand in demand(),
    ) {
        let every = every(&choices, &constraints, &demand);
        let best = every.iter().max_by_key(|chosen| order(&choices, chosen, &demand));
        let wanted = demand.replicas.map_or(0, i128::from);
        if let Some(best) = best && worth(&choices, best).1 >= wanted {
            let selection = select(&choices, &constraints, &demand).unwrap();
            prop_assert_eq!(
                order(&choices, &selection.chosen, &demand),
                order(&choices, best, &demand)
            );
        }
    }

    #[test]
    fn what_was_selected_is_selected_again(
        mut choices in choices(),
        constraints in constraints(),
        demand in demand(),
        scores in proptest::collection::vec(0_i64..5, 10),
    ) {
        if let Ok(selection) = select(&choices, &constraints, &demand) {
            for (place, choice) in choices.iter_mut().enumerate() {
                choice.running = i64::from(selection.chosen.contains(&place)) * (1 + scores[9 - place]);
                choice.score = scores[place];
            }
            prop_assert_eq!(select(&choices, &constraints, &demand), Ok(selection));
        }
    }

    #[test]
    fn neither_the_order_of_constraints_nor_the_numbers_of_groups_matter(
        choices in choices(),
        constraints in constraints(),
        demand in demand(),
        first in any::<Index>(),
    ) {
        let mut others: Vec<Constraint> = constraints.iter().cloned().rev().collect();
        if !others.is_empty() {
            let middle = first.index(others.len());
            others.rotate_left(middle);
        }
        for constraint in &mut others {
            let groups = (0..10).map(|choice| constraint.groups.of(choice));
            let renamed = groups.map(|groups| groups.iter().rev().map(|group| !(group * 77)).collect());
            constraint.groups = renamed.collect::<Vec<Vec<u32>>>().into_iter().collect();
        }
        prop_assert_eq!(
            select(&choices, &constraints, &demand),
            select(&choices, &others, &demand)
        );
    }
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn many_clusters_in_zones_of_regions_are_selected_as_well(
        mut choices in proptest::collection::vec(choice(), 1..70),
        plain in any::<bool>(),
        places in proptest::collection::vec(0_u32..8, 70),
        regions in proptest::array::uniform8(0_u32..4),
        limits in proptest::array::uniform3(limits()),
        maximum in proptest::option::of(0_usize..60),
    ) {
        let zones = &places[..choices.len()];
        if plain {
            for choice in &mut choices {
                *choice = Choice::new(choice.score % 50).running(choice.running % 2);
            }
        }
        let region = zones.iter().map(|zone| [regions[*zone as usize]]).collect();
        let zone = zones.iter().map(|zone| [*zone]).collect();
        let constraints = [constraint("zone", zone, limits[0]), constraint("region", region, limits[1])];
        let demand = Demand { replicas: None, minimum: limits[2].0, maximum };
        let every = (0..256).map(|used| best_within(&choices, zones, used, &demand));
        let best = every
            .filter(|chosen| is_spread(chosen, &constraints, &demand))
            .map(|chosen| order(&choices, &chosen, &demand))
            .max();
        let selected = select(&choices, &constraints, &demand).ok();
        prop_assert_eq!(
            selected.map(|selection| order(&choices, &selection.chosen, &demand)),
            best
        );
    }
}

/// So many clusters, with the groups of each constraint dealt out in turn.
fn dealt(clusters: u32, keys: &[(u32, usize, usize)]) -> (Vec<Choice>, Vec<Constraint>) {
    let choices = (0..clusters)
        .map(|place| Choice::new(i64::from(place * 7919 % 101)).with_room(i64::from(place % 5)))
        .collect();
    let constraint = |&(groups, minimum, maximum): &(u32, usize, usize)| {
        let groups = (0..clusters).map(|place| [place % groups]).collect();
        constraint("key", groups, (minimum, Some(maximum)))
    };
    (choices, keys.iter().map(constraint).collect())
}

#[test]
fn what_is_too_large_to_be_searched_is_still_satisfied_and_stays() {
    let shapes: [(u32, &[_], usize); 5] = [
        (3000, &[(1500, 3, 700)], 1000),
        (900, &[(11, 3, 5), (13, 4, 6)], 900),
        (900, &[(11, 3, 5), (13, 4, 6)], 30),
        (900, &[(300, 250, 290), (301, 3, 280)], 900),
        (600, &[(10, 3, 5), (100, 20, 40), (200, 30, 60)], 300),
    ];
    for (clusters, keys, maximum) in shapes {
        for replicas in [0, 40] {
            let (mut choices, constraints) = dealt(clusters, keys);
            let demand = Demand::new().at_most(maximum).with_room(replicas);
            let selection = select(&choices, &constraints, &demand).unwrap();
            assert!(
                is_spread(&selection.chosen, &constraints, &demand),
                "{keys:?}"
            );
            assert!(selection.room >= Some(replicas));
            for choice in &mut choices {
                choice.score = -choice.score;
            }
            for chosen in &selection.chosen {
                choices[*chosen].running = 1;
            }
            assert_eq!(
                select(&choices, &constraints, &demand),
                Ok(selection),
                "{keys:?}"
            );
        }
    }
}

#[test]
fn running_replicas_are_given_up_for_room_one_by_one() {
    // Forty that run something in little room, and as many with much room; forty may be chosen.
    let choices: Vec<Choice> = (0..80)
        .map(|place| match place % 2 {
            0 => Choice::new(5).running(10).with_room(10),
            _ => Choice::new(9).with_room(30),
        })
        .collect();
    let selection = select(&choices, &[], &Demand::new().at_most(40).with_room(440)).unwrap();
    let moved = selection.chosen.iter().filter(|choice| **choice % 2 == 1);
    assert_eq!((moved.count(), selection.room), (2, Some(440)));
}
