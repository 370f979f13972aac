//! Is dividing in Karmada's way the same as giving out one seat after another, and do its reasons
//! hold?

#![allow(
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the numbers are small, and panicking is what tests do"
)]

use fed_core::divide::Candidate;
use fed_core::divide::karmada::{
    KarmadaReason, Options, Strategy, TieBreak, divide, explain, explain_all,
};
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy as Generates, any, prop_oneof};
use proptest::{prop_assert, prop_assert_eq, proptest};

fn cases(fallback: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES");
    ProptestConfig::with_cases(cases.ok().and_then(|n| n.parse().ok()).unwrap_or(fallback))
}

/// One seat after another, to the largest claim.
fn one_at_a_time(
    seats: i64,
    votes: &[(usize, i64)],
    candidates: &[Candidate],
    tie: TieBreak,
) -> Vec<i64> {
    let mut given = vec![0; candidates.len()];
    for _ in 0..seats {
        let best = votes
            .iter()
            .max_by(|(left, left_votes), (right, right_votes)| {
                let claim = |index: usize, votes: i64| votes as f64 / (2 * given[index] + 1) as f64;
                let names = candidates[*right].name.cmp(&candidates[*left].name);
                claim(*left, *left_votes)
                    .total_cmp(&claim(*right, *right_votes))
                    .then(given[*right].cmp(&given[*left]))
                    .then(if tie == TieBreak::NameAscending {
                        names
                    } else {
                        names.reverse()
                    })
            });
        given[best.expect("somebody to give a seat to").0] += 1;
    }
    given
}

/// What Karmada's steps give, written down without any haste.
fn slow(total: i64, candidates: &[Candidate], options: &Options) -> Option<Vec<i64>> {
    let tie = TieBreak::of_seed(&options.seed);
    let all = || 0..candidates.len();
    let running = |index: usize| candidates[index].current.unwrap_or(0);
    let free = |index: usize| {
        candidates[index]
            .capacity
            .map_or(total, |c| (c - running(index)).max(0))
    };
    match options.strategy {
        Strategy::Duplicated => return Some(vec![total; candidates.len()]),
        Strategy::StaticWeights => {
            let mut votes: Vec<_> = all()
                .map(|index| (index, candidates[index].weight))
                .collect();
            if votes.iter().all(|(_, weight)| *weight == 0) {
                votes = all().map(|index| (index, 1)).collect();
            }
            return Some(one_at_a_time(total, &votes, candidates, tie));
        }
        _ => {}
    }
    let sum: i64 = all().map(running).sum();
    let (mut rooms, mut wanted, mut result): (Vec<_>, _, _) = if options.fresh {
        let rooms = all().map(|index| (index, free(index) + running(index)));
        (rooms.collect(), total, vec![0; candidates.len()])
    } else if sum > total {
        let scheduled = all().filter(|&index| candidates[index].current.is_some());
        let rooms = scheduled.map(|index| (index, running(index)));
        (rooms.collect(), total, vec![0; candidates.len()])
    } else if sum < total {
        let rooms = all().map(|index| (index, free(index)));
        (rooms.collect(), total - sum, all().map(running).collect())
    } else {
        return Some(all().map(running).collect());
    };
    if rooms.iter().map(|room| room.1).sum::<i64>() < wanted {
        return None;
    }
    // Few enough for Go to sort stably.
    rooms.sort_by_key(|room| std::cmp::Reverse(room.1));
    rooms.sort_by_key(|room| running(room.0) == 0);
    for tier in 0..4 {
        let mut rooms: Vec<_> = rooms
            .iter()
            .copied()
            .filter(|room| options.tiers[room.0] == tier)
            .collect();
        let part = wanted.min(rooms.iter().map(|room| room.1).sum());
        wanted -= part;
        if options.strategy == Strategy::Aggregated {
            let mut needed = 0;
            while needed < rooms.len() && rooms[..needed].iter().map(|r| r.1).sum::<i64>() < part {
                needed += 1;
            }
            rooms.truncate(needed);
        }
        let given = one_at_a_time(part, &rooms, candidates, tie);
        for (result, given) in result.iter_mut().zip(given) {
            *result += given;
        }
    }
    Some(result)
}

fn candidates() -> impl Generates<Value = Vec<Candidate>> {
    let option = |most: i64| prop_oneof![1 => Just(None), 2 => (0..most).prop_map(Some)];
    let numbers = (
        prop_oneof![1 => Just(0), 3 => 0..9_i64],
        option(30),
        option(20),
    );
    vec((numbers, 0_usize..2000), 1..9).prop_map(|numbers| {
        let candidates = numbers.into_iter().enumerate();
        candidates
            .map(|(index, ((weight, capacity, current), name))| {
                let name = format!("c{name}-{index}");
                let mut candidate = Candidate::new(name.as_str(), weight);
                candidate.capacity = capacity;
                candidate.current = current;
                candidate
            })
            .collect()
    })
}

fn options() -> impl Generates<Value = Options> {
    let strategies = [
        Strategy::Duplicated,
        Strategy::StaticWeights,
        Strategy::DynamicWeights,
        Strategy::Aggregated,
    ];
    let tiers = prop_oneof![2 => Just(vec![0; 9]), 1 => vec(0..4_u32, 9)];
    (0..4_usize, any::<bool>(), "[a-d]?", tiers).prop_map(move |(strategy, fresh, seed, tiers)| {
        let options = Options::new(strategies[strategy])
            .seeded(seed)
            .in_tiers(tiers);
        if fresh { options.fresh() } else { options }
    })
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn it_is_one_seat_after_another(
        total in 0..80_i64,
        candidates in candidates(),
        options in options(),
    ) {
        let found = divide(total, &candidates, &options).map(|division| division.replicas);
        prop_assert_eq!(found.ok(), slow(total, &candidates, &options));
    }

    #[test]
    fn reasons_hold(total in 0..80_i64, candidates in candidates(), options in options()) {
        let Ok(division) = divide(total, &candidates, &options) else {
            prop_assert!(explain(total, &candidates, &options, &candidates[0].name).is_err());
            return Ok(());
        };
        let all = explain_all(total, &candidates, &options).unwrap();
        prop_assert_eq!(all.len(), candidates.len());
        for ((candidate, replicas), one) in candidates.iter().zip(&division.replicas).zip(all) {
            let reason = explain(total, &candidates, &options, &candidate.name).unwrap().unwrap();
            prop_assert_eq!(&reason, &one);
            prop_assert_eq!(reason.replicas(), *replicas);
            prop_assert!(reason.to_string().contains(&replicas.to_string()));
            if let KarmadaReason::Seats { won, before, lost, after, .. } = reason {
                // A seat comes before another only by a claim that is no smaller.
                let claim = |seat: &fed_core::divide::karmada::Seat| {
                    seat.weight as f64 / (2 * seat.number - 1) as f64
                };
                prop_assert_eq!(won.as_ref().map_or(0, |won| won.number) + 1, lost.number);
                let won_any = won.is_some();
                let rival = before.as_ref().map(|(before, _)| claim(before));
                if let (Some(won), Some(rival)) = (won, rival) {
                    prop_assert!(claim(&won) >= rival);
                }
                if let Some((after, _)) = &after {
                    prop_assert!(claim(after) >= claim(&lost));
                }
                // By static weights all seats are given at once, and are all replicas.
                if options.strategy == Strategy::StaticWeights && won_any {
                    let no_weights = candidates.iter().all(|c| c.weight == 0);
                    let others = candidates.iter().zip(&division.replicas);
                    let others = others.filter(|(other, _)| other.name != candidate.name);
                    let worth = |other: &Candidate, seat: i64| {
                        let weight = if no_weights { 1 } else { other.weight };
                        weight as f64 / (2 * seat - 1) as f64
                    };
                    let next = others.clone().map(|(other, seats)| worth(other, seats + 1));
                    let last = others.filter(|(_, seats)| **seats > 0);
                    let last = last.map(|(other, seats)| worth(other, *seats));
                    prop_assert_eq!(rival, next.reduce(f64::max));
                    prop_assert_eq!(after.map(|(after, _)| claim(&after)), last.reduce(f64::min));
                }
            }
        }
    }

    #[test]
    fn no_number_is_too_large(
        total in prop_oneof![any::<i64>(), Just(i64::from(i32::MAX)), 0..i64::from(i32::MAX)],
        numbers in vec((any::<i64>(), any::<Option<i64>>(), any::<Option<i64>>()), 0..12),
        options in options(),
    ) {
        let candidates: Vec<Candidate> = numbers
            .into_iter()
            .enumerate()
            .map(|(index, (weight, capacity, current))| {
                let name = format!("c{index}");
                let mut candidate = Candidate::new(name.as_str(), weight);
                candidate.capacity = capacity;
                candidate.current = current;
                candidate
            })
            .collect();
        match divide(total, &candidates, &options) {
            Err(problem) => prop_assert!(!problem.message.is_empty()),
            Ok(division) => {
                let sum: i64 = division.replicas.iter().sum();
                let duplicated = options.strategy == Strategy::Duplicated;
                prop_assert_eq!(sum, if duplicated { total * candidates.len() as i64 } else { total });
                explain(total, &candidates, &options, &candidates[0].name).unwrap();
            }
        }
    }
}

#[test]
fn a_hundred_thousand_clusters_share_all_that_32_bits_count() {
    let candidates: Vec<Candidate> = (0..100_000_i64)
        .map(|index| {
            let name = format!("c{}", index * 7919 % 100_003);
            Candidate::new(name.as_str(), index % 3).with_capacity(30_000 + index % 5)
        })
        .collect();
    for strategy in [
        Strategy::StaticWeights,
        Strategy::DynamicWeights,
        Strategy::Aggregated,
    ] {
        let options = Options::new(strategy).seeded("seed");
        let division = divide(i32::MAX.into(), &candidates, &options).unwrap();
        assert_eq!(division.replicas.iter().sum::<i64>(), i64::from(i32::MAX));
    }
}

#[test]
fn what_cannot_be_divided_says_why() {
    let message = |total, candidates: &[Candidate], strategy| {
        let refused = divide(total, candidates, &Options::new(strategy));
        refused.unwrap_err().message
    };
    let small = [Candidate::new("a", 1).with_capacity(3)];
    assert_eq!(
        message(4, &small, Strategy::Aggregated),
        "4 replicas have to be placed and the clusters have room for 3, so Karmada places none; \
         free capacity, add clusters or lower the replicas"
    );
    assert_eq!(
        message(-1, &small, Strategy::Duplicated),
        "-1 replicas cannot be divided in Karmada's way, which counts from 0 to 2147483647"
    );
    assert_eq!(
        message(1, &[], Strategy::Duplicated),
        "there is no cluster to divide replicas among; check what the placement selects"
    );
}
