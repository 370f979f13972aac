//! Is every cluster accounted for, with a reason, and do all ways to ask agree?

use std::collections::{BTreeMap, BTreeSet};

use fed_core::kinds::Scope;
use fed_core::plan::PlannedObject;
use fed_core::{Assumptions, ClusterName, Code, Fleet, Plan, World, plan};
use proptest::prelude::*;

use crate::cases;
use crate::common::show;
use crate::documents::mutated;
use crate::worlds::{clusters, intents};

fn check(plan: &Plan) {
    for object in plan.objects() {
        each_is_placed_or_refused(plan, &object);
        counts_add_up(&object);
        explanations_agree(plan, &object);
    }
}

fn each_is_placed_or_refused(plan: &Plan, object: &PlannedObject<'_>) {
    let placed: Vec<_> = object
        .placed()
        .map(|placed| placed.cluster().name().clone())
        .collect();
    let refused: Vec<_> = object.refused().collect();
    let named: Vec<_> = refused
        .iter()
        .map(|refused| refused.cluster.clone())
        .collect();
    assert!(placed.is_sorted() && named.is_sorted());
    let both: BTreeSet<_> = placed.iter().chain(&named).cloned().collect();
    assert_eq!(
        both.len(),
        placed.len() + named.len(),
        "none is both, none is there twice"
    );
    assert!(
        plan.fleet()
            .iter()
            .all(|cluster| both.contains(cluster.name()))
    );
    assert!(placed.iter().all(|name| plan.fleet().get(name).is_some()));
    assert!(refused.iter().all(|refused| !refused.reasons.is_empty()));
    let empty = ClusterName::from("");
    assert!(!both.contains(&empty));
    for refused in &refused {
        let known = plan.fleet().get(&refused.cluster).is_some();
        let withheld = object.intent().withheld().is_some();
        let unknown = refused.reasons[0].code == Code::UnknownCluster;
        assert!(withheld || known != unknown);
    }
    for refused in object.refused_named() {
        assert!(!placed.contains(&refused.cluster) && refused.cluster != empty);
    }
}

fn counts_add_up(object: &PlannedObject<'_>) {
    let mut counted: BTreeMap<Code, usize> = BTreeMap::new();
    for refused in object.refused() {
        *counted.entry(refused.reasons[0].code).or_default() += 1;
    }
    assert_eq!(&counted, object.refused_counts());
}

fn explanations_agree(plan: &Plan, object: &PlannedObject<'_>) {
    let refused: BTreeMap<_, _> = object
        .refused()
        .map(|refused| (refused.cluster.clone(), refused))
        .collect();
    let others = ["", "nowhere"].map(ClusterName::from);
    let names = plan.fleet().iter().map(fed_core::Cluster::name);
    let whys = object.why_so_many();
    for name in names.chain(refused.keys()).chain(&others) {
        let explained = object.explain(name);
        assert_eq!(explained.cluster, *name);
        match object.placed_in(name) {
            Some(placed) => {
                assert!(explained.is_placed);
                let rendered = placed.render();
                let faults = rendered.faults().map(fed_core::Problem::reason);
                let reasons: Vec<_> = placed.reasons().into_iter().chain(faults).collect();
                assert_eq!(explained.reasons, reasons);
                assert_eq!(explained.share.as_ref(), whys.get(name));
            }
            None => {
                assert!(!explained.is_placed);
                match refused.get(name) {
                    Some(refused) => assert_eq!(explained.reasons, refused.reasons),
                    None => assert_eq!(explained.reasons[0].code, Code::UnknownCluster),
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn of_worlds(
        clusters in clusters(),
        intents in intents(),
        lenient in any::<bool>(),
        scope in proptest::option::of(any::<bool>()),
    ) {
        let fleet: Fleet = clusters.into_iter().collect();
        let mut world = World::new(&intents, &fleet);
        if lenient {
            world = world.assuming(Assumptions::lenient());
        }
        if let Some(namespaced) = scope {
            world = world.with_scope(if namespaced { Scope::Namespaced } else { Scope::Cluster });
        }
        check(&plan(&world));
    }

    #[test]
    fn of_documents(documents in mutated()) {
        for assumptions in [Assumptions::none(), Assumptions::lenient()] {
            let reading = show::read(&documents, assumptions);
            check(&plan(&reading.world(assumptions)));
        }
    }
}
