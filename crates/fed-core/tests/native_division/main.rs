//! Does the exact division keep its promises?

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "clippy allows these in test functions, but not in what they share"
)]

mod oracle;

use fed_core::divide::Candidate;
use fed_core::divide::native::{NotFewer, NotMore, Options, divide, explain};
use oracle::oracle;
use proptest::collection::vec;
use proptest::prelude::*;

fn cases(fallback: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES");
    ProptestConfig::with_cases(cases.ok().and_then(|n| n.parse().ok()).unwrap_or(fallback))
}

fn candidate() -> impl Strategy<Value = Candidate> {
    let bound = |most: i64| prop_oneof![2 => Just(None), 1 => (0..most).prop_map(Some)];
    let minimum = prop_oneof![2 => Just(0), 1 => -1..7_i64];
    let weight = prop_oneof![1 => Just(0), 1 => Just(1), 4 => 0..7_i64];
    (weight, minimum, bound(9), bound(9), bound(12)).prop_map(
        |(weight, minimum, maximum, capacity, current)| {
            let mut candidate = Candidate::new("", weight).at_least(minimum);
            candidate.maximum = maximum;
            candidate.capacity = capacity;
            candidate.current = current;
            candidate
        },
    )
}

fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
    vec(candidate(), 0..6).prop_map(|mut candidates| {
        for (index, candidate) in candidates.iter_mut().enumerate() {
            candidate.name = format!("c{index}").as_str().into();
        }
        candidates
    })
}

fn options() -> impl Strategy<Value = Options> {
    ("[a-c]", any::<bool>()).prop_map(|(key, steady)| {
        let options = Options::new(key);
        if steady { options.steady() } else { options }
    })
}

fn removed(candidates: &[Candidate], replicas: &[i64]) -> i64 {
    let pairs = candidates.iter().zip(replicas);
    pairs
        .map(|(c, replicas)| (c.current.unwrap_or(0) - replicas).max(0))
        .sum()
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn it_is_what_the_definition_says(
        total in 0..25_i64,
        candidates in candidates(),
        options in options(),
    ) {
        let division = divide(total, &candidates, &options);
        let oracle = oracle(total, &candidates, &options);
        let replicas: Vec<i128> = division.replicas.iter().map(|&r| r.into()).collect();

        prop_assert_eq!(replicas.iter().sum::<i128>(), oracle.placed);
        prop_assert_eq!(i128::from(division.unplaced), i128::from(total) - oracle.placed);
        for (replicas, b) in replicas.iter().zip(&oracle.bounded) {
            prop_assert!(b.lower <= *replicas && *replicas <= b.upper);
        }
        prop_assert!(oracle.allows(&replicas), "{replicas:?}: {oracle:?}");
        prop_assert_eq!(oracle.merit(&replicas), oracle.best());
    }

    #[test]
    fn its_own_result_changes_nothing(
        total in 0..25_i64,
        candidates in candidates(),
        options in options(),
    ) {
        let mut candidates = candidates;
        let first = divide(total, &candidates, &options).replicas;
        for (candidate, replicas) in candidates.iter_mut().zip(&first) {
            candidate.current = Some(*replicas);
        }
        prop_assert_eq!(&divide(total, &candidates, &options).replicas, &first);
    }

    #[test]
    fn the_order_of_candidates_does_not_matter(
        total in 0..25_i64,
        (sorted, shuffled) in candidates()
            .prop_flat_map(|sorted| (Just(sorted.clone()), Just(sorted).prop_shuffle())),
        options in options(),
    ) {
        let by_name = |candidates: &[Candidate]| {
            let replicas = divide(total, candidates, &options).replicas;
            let mut named: Vec<_> = candidates.iter().map(|c| c.name.clone()).zip(replicas).collect();
            named.sort();
            named
        };
        prop_assert_eq!(by_name(&sorted), by_name(&shuffled));
    }

    #[test]
    fn a_higher_weight_never_gets_fewer(
        total in 0..40_i64,
        bounds in candidate(),
        weights in vec(0..9_i64, 1..6),
    ) {
        let candidates: Vec<Candidate> = weights
            .iter()
            .enumerate()
            .map(|(index, &weight)| {
                let mut candidate = bounds.clone();
                candidate.name = format!("c{index}").as_str().into();
                candidate.weight = weight;
                candidate.current = None;
                candidate
            })
            .collect();
        let replicas = divide(total, &candidates, &Options::default()).replicas;
        for (weight, replicas_here) in weights.iter().zip(&replicas) {
            for (other, replicas_there) in weights.iter().zip(&replicas) {
                prop_assert!(weight <= other || replicas_here >= replicas_there);
            }
        }
    }

    #[test]
    fn steady_moves_no_more_than_it_has_to(total in 0..25_i64, candidates in candidates()) {
        let plain = divide(total, &candidates, &Options::default()).replicas;
        let steady = divide(total, &candidates, &Options::default().steady()).replicas;
        prop_assert_eq!(plain.iter().sum::<i64>(), steady.iter().sum::<i64>());
        prop_assert!(removed(&candidates, &steady) <= removed(&candidates, &plain));
    }

    #[test]
    fn reasons_hold(total in 0..25_i64, candidates in candidates(), options in options()) {
        let replicas = divide(total, &candidates, &options).replicas;
        let oracle = oracle(total, &candidates, &options);
        let index_of = |name| candidates.iter().position(|c| c.name == name).unwrap();
        for (index, candidate) in candidates.iter().enumerate() {
            let reason = explain(total, &candidates, &options, &candidate.name).unwrap();
            let own = i128::from(replicas[index]);
            let b = &oracle.bounded[index];
            prop_assert_eq!(reason.replicas, replicas[index]);
            prop_assert!(!reason.to_string().is_empty());
            match reason.not_more {
                NotMore::Maximum(maximum) => {
                    prop_assert_eq!(i128::from(maximum), own);
                    prop_assert_eq!(candidate.maximum, Some(maximum));
                }
                NotMore::Capacity(capacity) => {
                    prop_assert_eq!(i128::from(capacity), own);
                    prop_assert_eq!(candidate.capacity, Some(capacity));
                }
                NotMore::NoWeight => prop_assert!(b.weight == 0 && own == b.upper),
                NotMore::Share => prop_assert!(own >= oracle.ceiling(index)),
                NotMore::LostTo(other, _) => {
                    let other = index_of(other);
                    prop_assert!(own < oracle.ceiling(index));
                    prop_assert!(i128::from(replicas[other]) > oracle.floor(other));
                }
                NotMore::Steady => prop_assert!(options.steady && own == b.upper),
                other => prop_assert!(false, "{other:?}"),
            }
            match reason.not_fewer {
                NotFewer::Zero => prop_assert_eq!(own, 0),
                NotFewer::Minimum(minimum) => prop_assert_eq!(i128::from(minimum), own),
                NotFewer::Share => prop_assert!(own <= oracle.floor(index)),
                NotFewer::WonFrom(other, _) => {
                    let other = index_of(other);
                    prop_assert!(own > oracle.floor(index));
                    prop_assert!(i128::from(replicas[other]) < oracle.ceiling(other));
                }
                NotFewer::AllFull => prop_assert_eq!(own, b.upper),
                NotFewer::Steady => prop_assert!(options.steady && own == b.lower),
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }

    #[test]
    fn no_number_is_too_large(
        total: i64,
        numbers in vec(
            (extreme(), extreme(), option(), option(), option()),
            0..20,
        ),
        steady: bool,
    ) {
        let candidates: Vec<Candidate> = numbers
            .into_iter()
            .enumerate()
            .map(|(index, (weight, minimum, maximum, capacity, current))| {
                let name = format!("c{index}");
                let mut candidate = Candidate::new(name.as_str(), weight).at_least(minimum);
                candidate.maximum = maximum;
                candidate.capacity = capacity;
                candidate.current = current;
                candidate
            })
            .collect();
        let mut options = Options::new("key");
        options.steady = steady;
        let division = divide(total, &candidates, &options);
        let sum: i128 = division.replicas.iter().map(|&r| i128::from(r)).sum();
        prop_assert_eq!(sum + i128::from(division.unplaced), i128::from(total.max(0)));
        for (candidate, &replicas) in candidates.iter().zip(&division.replicas) {
            prop_assert!(replicas >= 0);
            prop_assert!(candidate.maximum.is_none_or(|maximum| replicas <= maximum.max(0)));
            prop_assert!(candidate.capacity.is_none_or(|capacity| replicas <= capacity.max(0)));
        }
        if let Some(first) = candidates.first() {
            explain(total, &candidates, &options, &first.name).unwrap();
        }
    }
}

fn extreme() -> impl Strategy<Value = i64> {
    prop_oneof![
        Just(i64::MAX),
        Just(i64::MIN),
        Just(0),
        Just(1),
        any::<i64>(),
        (i64::MAX - 9)..i64::MAX,
    ]
}

fn option() -> impl Strategy<Value = Option<i64>> {
    proptest::option::of(extreme())
}

#[test]
fn a_hundred_thousand_clusters_are_divided_at_the_extremes() {
    let candidates: Vec<Candidate> = (0..100_000_i64)
        .map(|index| {
            let name = format!("c{index}");
            let candidate = Candidate::new(name.as_str(), i64::MAX - index % 7);
            match index % 4 {
                0 => candidate.at_least(index),
                1 => candidate.at_most(i64::MAX / 100_000 + index),
                2 => candidate.running(i64::MAX),
                _ => candidate.with_capacity(i64::MAX),
            }
        })
        .collect();
    for steady in [false, true] {
        let mut options = Options::new("key");
        options.steady = steady;
        let division = divide(i64::MAX, &candidates, &options);
        let sum: i128 = division.replicas.iter().map(|&r| i128::from(r)).sum();
        assert_eq!(sum, i128::from(i64::MAX));
        assert_eq!(division.unplaced, 0);
    }
}

#[test]
fn bounds_that_contradict_each_other_are_problems_and_no_stop() {
    let candidates = [
        Candidate::new("a", 1).at_least(5).at_most(3),
        Candidate::new("b", 1).at_least(5).with_capacity(4),
    ];
    let division = divide(20, &candidates, &Options::default());
    assert_eq!(division.replicas, [3, 4]);
    assert_eq!(division.unplaced, 13);
    let mut messages: Vec<&str> = division.problems.iter().map(|p| &*p.message).collect();
    messages.sort_unstable();
    assert_eq!(
        messages,
        [
            "a should have no fewer than 5 replicas and no more than 3: the maximum of 3 holds; \
             lower the minimum or raise the maximum",
            "b should have no fewer than 5 replicas, and has room for 4; lower the minimum or give \
             it more room",
        ]
    );
}

#[test]
fn too_few_for_the_minimums_are_divided_by_the_minimums() {
    let candidates = [
        Candidate::new("a", 1).at_least(8),
        Candidate::new("b", 9).at_least(4),
        Candidate::new("c", 9),
    ];
    let division = divide(6, &candidates, &Options::default());
    assert_eq!(division.replicas, [4, 2, 0]);
    assert_eq!(
        division.problems[0].message,
        "the minimums add up to 12, which is more than the 6 replicas to divide: each cluster gets \
         a part of its minimum; raise the replicas or lower the minimums"
    );
    let reason = explain(6, &candidates, &Options::default(), &"b".into()).unwrap();
    assert_eq!(
        reason.to_string(),
        "has 2; its minimum is worth 2; no more, since that would be above its share; no fewer, \
         since that would be below its share"
    );
}

#[test]
fn nothing_divides_into_nothing() {
    let none = divide(7, &[], &Options::default());
    assert_eq!((none.replicas.len(), none.unplaced), (0, 7));
    let full = [
        Candidate::new("a", 3).with_capacity(0),
        Candidate::new("b", 0),
    ];
    let division = divide(7, &full, &Options::default());
    assert_eq!((division.replicas, division.unplaced), (vec![0, 0], 7));
    assert_eq!(divide(-7, &full, &Options::default()).unplaced, 0);
}

#[test]
fn reasons_are_sentences() {
    let new = Candidate::new;
    let plain = Options::new("key");
    let steady = plain.clone().steady();
    let table: [(i64, &[Candidate], &Options, &str, &str); 9] = [
        (
            // 1 + 2/3 each: of those that run nothing more, two of three are rounded up.
            5,
            &[
                new("a", 1).running(1),
                new("b", 1).running(2),
                new("c", 1).running(3),
            ],
            &plain,
            "a",
            "has 1; its weight is worth 1 + 2/3; one more went to b, where it runs already; no \
             fewer, since that would be below its share",
        ),
        (
            5,
            &[
                new("a", 1).running(1),
                new("b", 1).running(2),
                new("c", 1).running(3),
            ],
            &plain,
            "c",
            "has 2; its weight is worth 1 + 2/3; no more, since that would be above its share; no \
             fewer: it comes before a, being one where it runs already",
        ),
        (
            // 2.5, 1.5, 1 and 1: the half of the heavier one is rounded up.
            6,
            &[new("a", 5), new("b", 3), new("c", 2), new("d", 2)],
            &plain,
            "b",
            "has 1; its weight is worth 1 + 6/12; one more went to a, whose weight is higher; no \
             fewer, since that would be below its share",
        ),
        (
            // 0.4, 0.6 and 1: the larger part of one.
            2,
            &[new("a", 2), new("b", 3), new("c", 5)],
            &plain,
            "b",
            "has 1; its weight is worth 0 + 6/10; no more, since that would be above its share; \
             no fewer: it comes before a, being one whose share is closer to the next whole number",
        ),
        (
            9,
            &[
                new("a", 1).at_least(4),
                new("b", 9),
                new("c", 0).at_least(1),
            ],
            &plain,
            "a",
            "has 4; its weight is worth 0 + 4/9; no more, since that would be above its share; no \
             fewer, since its minimum is 4",
        ),
        (
            9,
            &[
                new("a", 1).at_least(4),
                new("b", 9),
                new("c", 0).at_least(1),
            ],
            &plain,
            "c",
            "has 1; its weight is worth 0; no more, since its weight is 0; no fewer, since its \
             minimum is 1",
        ),
        (
            9,
            &[
                new("a", 1).with_capacity(4).at_most(5),
                new("b", 9).at_most(2),
            ],
            &plain,
            "a",
            "has 4; no more, since it has room for 4; no fewer, since all that fits is wanted",
        ),
        (
            6,
            &[new("a", 1), new("b", 1).running(4)],
            &steady,
            "b",
            "has 4; its weight is worth 2; no more, since that would be above its share; no \
             fewer, since what runs stays",
        ),
        (
            6,
            &[new("a", 1).running(2), new("b", 1).running(5)],
            &steady,
            "a",
            "has 2; its weight is worth 4; no more, since replicas are only taken away; no fewer, \
             since that would be below its share",
        ),
    ];
    for (total, candidates, options, cluster, sentence) in table {
        let reason = explain(total, candidates, options, &cluster.into()).unwrap();
        assert_eq!(reason.to_string(), sentence, "{cluster} of {total}");
    }
    assert_eq!(explain(1, &[], &plain, &"a".into()), None);
}

#[test]
fn which_of_equals_comes_first_depends_on_the_key() {
    let candidates = ["a", "b", "c", "d"].map(|name| Candidate::new(name, 1));
    let firsts = |key: &str| divide(1, &candidates, &Options::new(key)).replicas;
    let mut seen: Vec<_> = (0..40).map(|key| firsts(&format!("key {key}"))).collect();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 4, "each comes first for some key");
    assert_eq!(
        firsts("apps/Deployment shop/web"),
        [1, 0, 0, 0],
        "the order never changes"
    );
}
