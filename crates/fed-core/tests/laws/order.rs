//! Is the answer the same, whatever the order of what is given?

use fed_core::dialect::Reading;
use fed_core::{Assumptions, Fleet, World, plan};
use proptest::prelude::*;
use serde_json::Value;

use crate::cases;
use crate::common::show::{answer, by_number, read_numbered};
use crate::documents::{mutated, set, sound};
use crate::worlds::{clusters, intents};

/// The order in which these keys would sort their places.
fn order(keys: &[u32], count: usize) -> Vec<usize> {
    let mut places: Vec<_> = (0..count).collect();
    places.sort_by_key(|place| keys.get(*place));
    places
}

fn answer_of(reading: &Reading, assumptions: Assumptions, names: &[usize]) -> String {
    let plan = plan(&reading.world(assumptions));
    let name = |id: fed_core::DocumentId| format!("#{}", names[id.0 as usize]);
    answer(&reading.problems, &plan, &name)
}

/// Documents given in this order, each under the number that it has in `documents`.
fn given_in(documents: &[Value], order: &[usize], assumptions: Assumptions) -> String {
    let numbered = order.iter().map(|place| (*place, &documents[*place]));
    let names: Vec<_> = (0..documents.len()).collect();
    answer_of(&read_numbered(numbered, assumptions), assumptions, &names)
}

/// Documents numbered in this order, and called by the numbers that they have in `documents`.
fn numbered_in(documents: &[Value], order: &[usize], assumptions: Assumptions) -> Vec<String> {
    let numbered = order
        .iter()
        .enumerate()
        .map(|(number, place)| (number, &documents[*place]));
    let text = answer_of(&read_numbered(numbered, assumptions), assumptions, order);
    // The problems of an answer stand in the order of the documents, which is another one now.
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

fn either() -> impl Strategy<Value = Assumptions> {
    prop_oneof![Just(Assumptions::none()), Just(Assumptions::lenient())]
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn of_documents(
        documents in prop_oneof![set(), mutated()],
        keys in prop::collection::vec(any::<u32>(), 40),
        assumptions in either(),
    ) {
        let straight: Vec<_> = (0..documents.len()).collect();
        prop_assert_eq!(
            given_in(&documents, &straight, assumptions),
            given_in(&documents, &order(&keys, documents.len()), assumptions)
        );
    }

    #[test]
    fn of_numbers_of_documents(
        documents in sound(),
        keys in prop::collection::vec(any::<u32>(), 40),
    ) {
        // A cluster that is assumed is told of where it is named first.
        let assumptions = Assumptions::none();
        let straight: Vec<_> = (0..documents.len()).collect();
        prop_assert_eq!(
            numbered_in(&documents, &straight, assumptions),
            numbered_in(&documents, &order(&keys, documents.len()), assumptions)
        );
    }

    #[test]
    fn of_intents_and_clusters(
        clusters in clusters(),
        intents in intents(),
        keys in prop::collection::vec(any::<u32>(), 40),
        assumptions in either(),
    ) {
        let shown = |clusters: Vec<_>, intents: Vec<_>| {
            let fleet: Fleet = clusters.into_iter().collect();
            let world = World::new(&intents, &fleet).assuming(assumptions);
            answer(&[], &plan(&world), &by_number)
        };
        let other_clusters = order(&keys, clusters.len());
        let other_clusters = other_clusters.iter().map(|i| clusters[*i].clone()).collect();
        let other_intents = order(&keys, intents.len());
        let other_intents = other_intents.iter().map(|i| intents[*i].clone()).collect();
        prop_assert_eq!(shown(clusters, intents), shown(other_clusters, other_intents));
    }
}
