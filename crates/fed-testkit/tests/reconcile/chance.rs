//! Whatever happens, in whatever order: does what must hold always hold, and once it stops, do the
//! clusters hold what is planned, and is nothing more done?

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::simulation::{Event, Simulation, WAYS};
use crate::worlds::CLUSTERS;

fn event() -> impl Strategy<Value = Event> {
    let cluster = || select(&CLUSTERS[..]);
    let places = || subsequence(CLUSTERS.to_vec(), 0..=3);
    prop_oneof![
        3 => vec((0..3_u8, places(), 0..WAYS), 0..4).prop_map(Event::Want),
        1 => (cluster(), any::<bool>()).prop_map(|(cluster, away)| Event::Away(cluster, away)),
        2 => (cluster(), 0..3_u8, 0..4_u8)
            .prop_map(|(cluster, object, how)| Event::Meddle(cluster, object, how)),
        1 => (cluster(), 0..3_u8).prop_map(|(cluster, object)| Event::Delete(cluster, object)),
        1 => cluster().prop_map(Event::Settle),
        8 => Just(Event::Decide),
        6 => Just(Event::Save),
        8 => (0..3_usize, prop::bool::weighted(0.2))
            .prop_map(|(which, lost)| Event::Act { which, lost }),
        1 => any::<bool>().prop_map(|stale| Event::Restart { stale }),
        1 => Just(Event::Wait),
    ]
}

fn cases(cases: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    let told = std::env::var_os("PROPTEST_CASES").is_some();
    ProptestConfig {
        cases: if told { default.cases } else { cases },
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..default
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn what_must_hold_holds_and_it_comes_to_rest_as_planned(events in vec(event(), 0..60)) {
        let mut simulation = Simulation::of(&CLUSTERS);
        for event in &events {
            if let Err(fault) = simulation.happen(event) {
                prop_assert!(false, "{fault}");
            }
        }
        if let Err(fault) = simulation.rests_as_planned() {
            prop_assert!(false, "{fault}");
        }
    }
}
