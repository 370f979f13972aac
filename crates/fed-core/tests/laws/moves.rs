//! Does a plan that was carried out stay as it is?

use std::collections::BTreeMap;

use fed_core::{DivisionMethod, Fleet, ObjectId, Observed, Plan, Workload, World, plan};
use proptest::prelude::*;

use crate::cases;
use crate::worlds::{clusters, intents};

/// The clusters of each object, with their shares.
fn shares(plan: &Plan) -> BTreeMap<ObjectId, Vec<(String, Option<i64>)>> {
    let objects = plan.objects().map(|object| {
        let placed = object.placed();
        let shares = placed.map(|placed| (placed.cluster().name().to_string(), placed.share()));
        (object.target().clone(), shares.collect())
    });
    objects.collect()
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn what_was_planned_and_runs_is_planned_again(
        clusters in clusters(),
        intents in intents(),
    ) {
        let fleet: Fleet = clusters.into_iter().collect();
        let world = World::new(&intents, &fleet);
        let first = plan(&world);
        let mut observed = Observed::default();
        for object in first.objects() {
            for placed in object.placed() {
                let name = placed.cluster().name().clone();
                let running = Workload::running(placed.share().unwrap_or(0));
                observed = observed.with(name, object.target(), running);
            }
        }
        let (before, after) = (shares(&first), shares(&plan(&world.observing(&observed))));
        for intent in &intents {
            // KubeFed's planner counts what it kept against shares, and so can move what it gave.
            let by = intent.division().map(|division| division.method);
            if by != Some(DivisionMethod::KubeFed) {
                prop_assert_eq!(before.get(intent.target()), after.get(intent.target()));
            }
        }
    }
}
