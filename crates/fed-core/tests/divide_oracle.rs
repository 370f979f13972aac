//! Do the planners that skip rounds divide like ones that make every round? The slow ones here
//! are written down from the rules, with maps, 128 bits and one round at a time.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests may look at the clock, and what they share may stop them"
)]

use std::collections::BTreeMap;

use fed_core::divide::Candidate;
use fed_core::divide::{kubeadmiral, kubefed};
use proptest::prelude::*;

type Numbers = BTreeMap<usize, i128>;

const KEY: &str = "shop/checkout";

/// Who is left, in their order.
fn sorted(candidates: &[Candidate]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by_key(|index| {
        let candidate = &candidates[*index];
        let hash = kubefed::hash(candidate.name.as_str(), KEY);
        (
            std::cmp::Reverse(candidate.weight),
            hash,
            candidate.name.clone(),
        )
    });
    order
}

fn wide(number: Option<i64>) -> Option<i128> {
    number.map(i128::from)
}

/// The rounds, one by one. `hard` is a limit beside the maximum.
fn rounds(
    candidates: &[Candidate],
    hard: &[Option<i64>],
    plan: &mut Numbers,
    kept: &mut Numbers,
    overflow: &mut Numbers,
    mut remaining: i128,
) -> i128 {
    let mut left = sorted(candidates);
    let mut changed = true;
    while remaining > 0 && changed {
        changed = false;
        let weights: i128 = left
            .iter()
            .map(|one| i128::from(candidates[*one].weight))
            .sum();
        if weights <= 0 {
            break;
        }
        let shared = remaining;
        let mut stay = Vec::new();
        for index in left {
            let candidate = &candidates[index];
            let mut extra = (shared * i128::from(candidate.weight) + weights - 1) / weights;
            extra = extra.min(remaining);
            let pre = kept.get(&index).copied().unwrap_or(0);
            let used = extra.min(pre);
            kept.insert(index, pre - used);
            extra -= used;
            changed |= used > 0;
            let mut sum = plan[&index] + extra;
            let mut full = false;
            for bound in [wide(candidate.maximum), wide(hard[index])]
                .into_iter()
                .flatten()
            {
                if sum > bound {
                    sum = bound;
                    full = true;
                }
            }
            if let Some(capacity) = wide(candidate.capacity).filter(|room| sum > *room) {
                *overflow.entry(index).or_default() += sum - capacity;
                sum = capacity;
                full = true;
            }
            remaining -= sum - plan[&index];
            changed |= sum > plan[&index];
            plan.insert(index, sum);
            if !full {
                stay.push(index);
            }
        }
        left = stay;
    }
    remaining
}

fn in_order(candidates: &[Candidate], numbers: &Numbers) -> Vec<i64> {
    let number = |index| numbers.get(&index).copied().unwrap_or(0);
    let narrow = |index| i64::try_from(number(index)).unwrap();
    (0..candidates.len()).map(narrow).collect()
}

fn slow_kubefed(total: i64, rebalance: bool, candidates: &[Candidate]) -> (Vec<i64>, Vec<i64>) {
    let (mut plan, mut kept, mut overflow) = (Numbers::new(), Numbers::new(), Numbers::new());
    let mut remaining = i128::from(total);
    let order = sorted(candidates);
    for index in &order {
        let candidate = &candidates[*index];
        let mut least = i128::from(candidate.minimum).min(remaining);
        least = wide(candidate.capacity).map_or(least, |capacity| least.min(capacity));
        plan.insert(*index, least);
        remaining -= least;
    }
    for index in order.iter().filter(|_| !rebalance) {
        let candidate = &candidates[*index];
        if let Some(current) = wide(candidate.current).filter(|runs| *runs > plan[index]) {
            let bounds = [wide(candidate.maximum), wide(candidate.capacity)];
            let target = bounds.into_iter().flatten().fold(current, i128::min);
            let extra = (target - plan[index]).min(remaining).max(0);
            remaining -= extra;
            kept.insert(*index, extra);
            *plan.get_mut(index).unwrap() += extra;
        }
    }
    let hard = vec![None; candidates.len()];
    let remaining = rounds(
        candidates,
        &hard,
        &mut plan,
        &mut kept,
        &mut overflow,
        remaining,
    );
    if !rebalance {
        for number in overflow.values_mut() {
            *number = (*number).min(remaining).max(0);
        }
    }
    (in_order(candidates, &plan), in_order(candidates, &overflow))
}

/// The desired division of KubeAdmiral, and what nobody could take.
fn slow_desired(
    total: i128,
    candidates: &[Candidate],
    hard: &[Option<i64>],
) -> (Numbers, Numbers, i128) {
    let (mut plan, mut overflow) = (Numbers::new(), Numbers::new());
    let mut remaining = total;
    for index in sorted(candidates) {
        let candidate = &candidates[index];
        let mut least = i128::from(candidate.minimum).min(remaining);
        least = wide(hard[index]).map_or(least, |limit| least.min(limit));
        if let Some(capacity) = wide(candidate.capacity).filter(|room| least > *room) {
            overflow.insert(index, least - capacity);
            least = capacity;
        }
        plan.insert(index, least);
        remaining -= least;
    }
    let mut none = Numbers::new();
    let remaining = rounds(
        candidates,
        hard,
        &mut plan,
        &mut none,
        &mut overflow,
        remaining,
    );
    (plan, overflow, remaining)
}

fn slow_kubeadmiral(
    total: i64,
    candidates: &[Candidate],
    hard: &[Option<i64>],
    avoid: bool,
    keep: bool,
) -> (Vec<i64>, Vec<i64>) {
    let (desired, mut overflow, remaining) = slow_desired(total.into(), candidates, hard);
    if !avoid {
        return (
            in_order(candidates, &desired),
            in_order(candidates, &overflow),
        );
    }
    if !keep {
        for number in overflow.values_mut() {
            *number = (*number).min(remaining).max(0);
        }
    }
    let mut running = Numbers::new();
    for (index, candidate) in candidates.iter().enumerate() {
        let bounds = [wide(candidate.capacity), wide(hard[index])];
        let runs = wide(candidate.current).unwrap_or(0);
        running.insert(index, bounds.into_iter().flatten().fold(runs, i128::min));
    }
    let difference = desired.values().sum::<i128>() - running.values().sum::<i128>();
    let sign = difference.signum();
    let mut movers = Vec::new();
    let mut whose = Vec::new();
    for (index, runs) in &running {
        let distance = (desired[index] - runs) * sign;
        if distance > 0 {
            let distance = i64::try_from(distance).unwrap();
            let name = candidates[*index].name.clone();
            movers.push(Candidate::new(name, distance).at_most(distance));
            whose.push(*index);
        }
    }
    let (moved, _, _) = slow_desired(difference.abs(), &movers, &vec![None; movers.len()]);
    for (mover, index) in whose.into_iter().enumerate() {
        *running.get_mut(&index).unwrap() += moved[&mover] * sign;
    }
    (
        in_order(candidates, &running),
        in_order(candidates, &overflow),
    )
}

/// Numbers of all sizes up to a bound: small ones are as likely as large ones.
fn sized(bound: i64) -> BoxedStrategy<i64> {
    prop_oneof![3 => 0..10_i64, 2 => 0..100_i64, 2 => 0..=bound].boxed()
}

fn seldom(numbers: BoxedStrategy<i64>) -> BoxedStrategy<Option<i64>> {
    prop_oneof![2 => Just(None), 1 => numbers.prop_map(Some)].boxed()
}

fn weight() -> BoxedStrategy<i64> {
    prop_oneof![4 => 0..5_i64, 2 => 1..100_i64, 1 => 1..100_000_i64].boxed()
}

/// A cluster as people may have it; the bounds need not fit one another.
fn candidate() -> impl Strategy<Value = Candidate> {
    let minimum = prop_oneof![3 => Just(0), 1 => sized(50)];
    let current = prop_oneof![1 => Just(None), 2 => sized(3_000).prop_map(Some)];
    (
        weight(),
        minimum,
        seldom(sized(3_000)),
        seldom(sized(3_000)),
        current,
    )
        .prop_map(|(weight, minimum, maximum, capacity, current)| {
            let mut candidate = Candidate::new("", weight).at_least(minimum);
            candidate.maximum = maximum;
            candidate.capacity = capacity;
            candidate.current = current;
            candidate
        })
}

/// A cluster of which only weight and running replicas are known: then rounds repeat.
fn plain_candidate() -> impl Strategy<Value = Candidate> {
    (weight(), sized(4_000)).prop_map(|(weight, current)| match current {
        0 => Candidate::new("", weight),
        current => Candidate::new("", weight).running(current),
    })
}

/// A cluster with numbers that no cluster has.
fn odd_candidate() -> impl Strategy<Value = Candidate> {
    let odd = || -60..60_i64;
    let maybe = || prop::option::of(-60..60_i64);
    (-3..6_i64, odd(), maybe(), maybe(), maybe()).prop_map(
        |(weight, minimum, maximum, capacity, current)| {
            let mut candidate = Candidate::new("", weight).at_least(minimum);
            candidate.maximum = maximum;
            candidate.capacity = capacity;
            candidate.current = current;
            candidate
        },
    )
}

fn named(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    for (number, candidate) in candidates.iter_mut().enumerate() {
        candidate.name = format!("member-{number}").into();
    }
    candidates
}

fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
    prop_oneof![
        prop::collection::vec(candidate(), 0..8),
        prop::collection::vec(candidate(), 0..40),
        prop::collection::vec(plain_candidate(), 1..6),
        prop::collection::vec(odd_candidate(), 1..6),
    ]
    .prop_map(named)
}

/// A division, with a total that is often near to what runs.
fn division() -> impl Strategy<Value = (i64, Vec<Candidate>)> {
    (candidates(), -20..200_i64, sized(20_000), any::<bool>()).prop_map(
        |(candidates, more, total, near)| {
            let runs = candidates.iter().filter_map(|candidate| candidate.current);
            let total = if near {
                runs.sum::<i64>() + more
            } else {
                total
            };
            (total, candidates)
        },
    )
}

/// `PROPTEST_CASES`, or 2,000.
fn cases() -> ProptestConfig {
    let wanted = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig {
        cases: wanted.map_or(2_000, |wanted| wanted.parse().unwrap()),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn kubefed_divides_as_round_by_round((total, candidates) in division(), rebalance: bool) {
        let fast = kubefed::divide(total, rebalance, &candidates, KEY);
        let (plan, overflow) = slow_kubefed(total, rebalance, &candidates);
        prop_assert_eq!(&fast.replicas, &plan);
        prop_assert_eq!(&fast.overflow, &overflow);
    }

    #[test]
    fn kubeadmiral_divides_as_round_by_round(
        (total, candidates) in division(),
        limits in prop::collection::vec(seldom(sized(3_000)), 40),
        avoid: bool,
        keep: bool,
    ) {
        let mut options = kubeadmiral::Options::default()
            .avoid_disruption(avoid)
            .keep_unschedulable_replicas(keep);
        for (candidate, limit) in candidates.iter().zip(&limits) {
            options.limited_capacity.extend(limit.map(|limit| (candidate.name.clone(), limit)));
        }
        let fast = kubeadmiral::divide(total, &options, &candidates, KEY);
        let (plan, overflow) = slow_kubeadmiral(total, &candidates, &limits, avoid, keep);
        prop_assert_eq!(&fast.replicas, &plan);
        prop_assert_eq!(&fast.overflow, &overflow);
    }

    #[test]
    fn what_the_documentation_promises_holds(
        (total, mut candidates) in division(),
        rebalance: bool,
    ) {
        let total = total.max(0);
        for candidate in &mut candidates {
            candidate.weight = candidate.weight.max(0);
            candidate.minimum = candidate.minimum.max(0);
            candidate.maximum = candidate.maximum.map(|most| most.max(candidate.minimum));
            candidate.capacity = candidate.capacity.map(|room| room.max(0));
        }
        let found = kubefed::divide(total, rebalance, &candidates, KEY);
        let sum: i64 = found.replicas.iter().sum();
        prop_assert!(sum <= total);
        for (candidate, replicas) in candidates.iter().zip(&found.replicas) {
            prop_assert!(*replicas >= 0);
            prop_assert!(candidate.maximum.is_none_or(|most| *replicas <= most));
            prop_assert!(candidate.capacity.is_none_or(|room| *replicas <= room));
            let limit = candidate.maximum.into_iter().chain(candidate.capacity).min();
            let has_room = limit.is_none_or(|limit| *replicas < limit);
            prop_assert!(sum == total || candidate.weight == 0 || !has_room);
        }
        let mut turned = candidates.clone();
        turned.reverse();
        let again = kubefed::divide(total, rebalance, &turned, KEY);
        prop_assert_eq!(again.replicas_by_name(&turned), found.replicas_by_name(&candidates));
    }

    #[test]
    fn the_steps_of_an_explanation_sum_up(
        (total, candidates) in division(),
        rebalance: bool,
        which: prop::sample::Index,
    ) {
        if candidates.is_empty() {
            return Ok(());
        }
        let which = which.index(candidates.len());
        let found = kubefed::divide(total, rebalance, &candidates, KEY);
        let name = &candidates[which].name;
        let why = kubefed::Explanation::of(total, rebalance, &candidates, KEY, name).unwrap();
        prop_assert_eq!(why.replicas, found.replicas[which]);
        let sum: i64 = why.steps.iter().map(|step| step.given()).sum();
        prop_assert_eq!(sum, why.replicas);
    }

    #[test]
    fn no_numbers_are_too_large(
        total: i64,
        numbers in prop::collection::vec(
            (extreme(), extreme(), prop::option::of(extreme()), prop::option::of(extreme()),
             prop::option::of(extreme())),
            0..6,
        ),
        rebalance: bool,
    ) {
        let candidates = numbers.into_iter().map(|(weight, minimum, maximum, capacity, current)| {
            let mut candidate = Candidate::new("", weight).at_least(minimum);
            candidate.maximum = maximum;
            candidate.capacity = capacity;
            candidate.current = current;
            candidate
        });
        let candidates = named(candidates.collect());
        for total in [total, i64::MAX, i64::MIN, 0] {
            kubefed::divide(total, rebalance, &candidates, KEY);
            let options = kubeadmiral::Options::default().avoid_disruption(rebalance);
            kubeadmiral::divide(total, &options, &candidates, KEY);
        }
    }
}

fn extreme() -> impl Strategy<Value = i64> {
    prop_oneof![
        Just(i64::MAX),
        Just(i64::MIN),
        -2..3_i64,
        any::<i64>(),
        (0..63_u32).prop_map(|bits| 1_i64 << bits),
        (0..63_u32).prop_map(|bits| (1_i64 << bits) - 1),
    ]
}

#[test]
fn as_many_rounds_as_replicas_take_no_time() {
    for total in [i64::from(i32::MAX), i64::MAX] {
        let two = [
            Candidate::new("a", 1).running(total / 2),
            Candidate::new("b", 1).running(total / 2 - 1),
        ];
        let root = total.isqrt();
        let uneven = [
            Candidate::new("a", root).running(total - root),
            Candidate::new("b", 1),
        ];
        let many: Vec<_> = (0..10)
            .map(|number| Candidate::new(format!("c{number}"), root).running(total / 10 - root))
            .chain([Candidate::new("b", 1), Candidate::new("d", 2)])
            .collect();
        for candidates in [&two[..], &uneven, &many] {
            // Round by round this would not end.
            let found = kubefed::divide(total, false, candidates, KEY);
            assert_eq!(found.replicas.iter().sum::<i64>(), total);
        }
    }
}
