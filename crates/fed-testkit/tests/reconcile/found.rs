//! Which sequences of events were wrong once? Each was found by chance, and is kept.

use crate::simulation::{Ask, Event, Simulation};
use crate::worlds::CLUSTERS;
use Event::{Away, Decide, Delete, Meddle, Restart, Save, Settle, Want};

const DONE: Event = act(0, false);

const fn act(which: usize, lost: bool) -> Event {
    Event::Act { which, lost }
}

/// The ways to ask for the objects, as `simulation` has them.
const CONFIG: u8 = 0;
const DEPLOYMENT: u8 = 1;
const NAMESPACE: u8 = 2;

fn want(asks: &[(u8, &[&'static str], u8)]) -> Event {
    let ask = |(which, clusters, how): &(u8, &[&'static str], u8)| -> Ask {
        (*which, clusters.to_vec(), *how)
    };
    Want(asks.iter().map(ask).collect())
}

fn after(events: &[Event]) -> Result<(), String> {
    let mut simulation = Simulation::of(&CLUSTERS);
    for event in events {
        simulation.happen(event)?;
    }
    simulation.rests_as_planned()
}

#[test]
fn an_intent_does_not_end_by_a_memory_that_forgot_a_cluster() {
    let events = [
        want(&[(CONFIG, &["a"], 0)]),
        Decide,
        Save,
        Decide,
        DONE,
        Away("a", true),
        want(&[]),
        Restart { stale: true },
        Decide,
        Decide,
        Save,
        Decide,
        Save,
        Decide,
    ];
    assert_eq!(after(&events), Ok(()));
}

#[test]
fn an_object_is_not_created_by_a_memory_that_was_read_late() {
    let events = [
        want(&[(CONFIG, &["a"], 0)]),
        Decide,
        Save,
        want(&[]),
        Decide,
        Save,
        want(&[(CONFIG, &["a"], 0)]),
        Restart { stale: true },
        Decide,
        DONE,
        Restart { stale: false },
        Away("a", true),
        want(&[]),
        Decide,
        Save,
        Decide,
        Save,
        Decide,
    ];
    assert_eq!(after(&events), Ok(()));
}

#[test]
fn a_namespace_that_is_not_wanted_waits_for_what_is_wanted_in_it() {
    let events = [
        want(&[(NAMESPACE, &["a"], 0)]),
        Decide,
        Save,
        Decide,
        DONE,
        want(&[(CONFIG, &["a"], 0)]),
        Decide,
        Save,
        Decide,
        DONE,
    ];
    assert_eq!(after(&events), Ok(()));
}

#[test]
fn an_object_that_is_not_ours_is_no_copy_of_ours() {
    let events = [
        want(&[(CONFIG, &["b"], 0)]),
        Meddle("c", CONFIG, 0),
        Decide,
        Save,
        Decide,
        DONE,
        want(&[(CONFIG, &["c"], 1)]),
    ];
    assert_eq!(after(&events), Ok(()));
}

#[test]
fn an_object_whose_mark_was_taken_is_no_copy_of_ours() {
    let events = [
        want(&[(CONFIG, &["a", "c"], 0)]),
        Decide,
        Save,
        Decide,
        DONE,
        DONE,
        want(&[(CONFIG, &["b"], 0)]),
        Meddle("a", CONFIG, 1),
    ];
    assert_eq!(after(&events), Ok(()));
}

#[test]
fn a_lost_answer_and_a_foreign_edit_come_to_rest_as_a_conflict() {
    let events = [
        want(&[(DEPLOYMENT, &["c"], 0)]),
        Decide,
        Save,
        Decide,
        act(0, true),
        Meddle("c", DEPLOYMENT, 0),
        Settle("c"),
        Delete("b", DEPLOYMENT),
    ];
    assert_eq!(after(&events), Ok(()));
}
