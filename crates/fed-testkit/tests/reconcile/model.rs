//! Every interleaving, up to a depth: a small world in which anything may happen at any time, all of
//! it explored by the model checker `stateright`.
//!
//! Two clusters, one object, or an object and its namespace. It begins with nothing, and with each
//! plan carried out. From every state that can be reached from there in so many events, what must
//! hold holds; and if nothing more happens, it comes to rest as planned. `FED_MODEL_DEPTH` explores
//! deeper.

use std::fmt::Write as _;
use std::hash::{Hash, Hasher};
use std::num::NonZero;

use stateright::{Checker, Model, Property};

use crate::simulation::{Ask, Event, Simulation};

const CLUSTERS: [&str; 2] = ["a", "b"];

/// How deep the test goes, and how deep it is to go at most.
fn depth(usual: usize) -> usize {
    let told = std::env::var("FED_MODEL_DEPTH").ok();
    told.and_then(|depth| depth.parse().ok()).unwrap_or(usual)
}

/// What may happen.
struct World {
    asks: Vec<Vec<Ask>>,
    objects: Vec<u8>,
    /// What people and clusters may do, besides the asks.
    others: Vec<Event>,
    depth: usize,
}

/// What has happened, and what is wrong by now.
#[derive(Clone)]
struct State {
    simulation: Simulation,
    fault: Option<String>,
    /// What two states have in common that are the same.
    key: String,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.key)
    }
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl State {
    fn of(simulation: Simulation, fault: Option<String>) -> Self {
        let key = numbered_anew(&simulation.key());
        Self {
            simulation,
            fault,
            key,
        }
    }
}

/// The same text with the versions and uids of objects, which only have to differ, counted by
/// their first appearance.
fn numbered_anew(text: &str) -> String {
    let mut seen: Vec<&str> = Vec::new();
    let mut parts = text.split('#');
    let mut anew = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(part.len());
        let (number, rest) = part.split_at(end);
        let place = seen.iter().position(|other| *other == number);
        let place = place.unwrap_or_else(|| {
            seen.push(number);
            seen.len() - 1
        });
        let _ = write!(anew, "#{place}{rest}");
    }
    anew
}

impl Model for World {
    type State = State;
    type Action = Event;

    fn init_states(&self) -> Vec<State> {
        let empty = Simulation::of(&CLUSTERS);
        let asks = self.asks.iter().filter(|asks| !asks.is_empty());
        asks.map(|asks| Simulation::at_rest(&CLUSTERS, asks))
            .chain([empty])
            .map(|simulation| State::of(simulation, None))
            .collect()
    }

    fn actions(&self, state: &State, actions: &mut Vec<Event>) {
        let simulation = &state.simulation;
        let other_asks = self.asks.iter().filter(|asks| **asks != simulation.asks);
        actions.extend(other_asks.cloned().map(Event::Want));
        for cluster in CLUSTERS {
            actions.push(Event::Away(cluster, !simulation.clusters.is_away(cluster)));
            for which in &self.objects {
                if simulation.has(cluster, *which) {
                    actions.push(Event::Delete(cluster, *which));
                }
            }
        }
        actions.extend(self.others.iter().cloned());
        actions.extend([Event::Decide, Event::Save]);
        actions.extend([false, true].map(|stale| Event::Restart { stale }));
        for which in 0..simulation.pending.len() {
            actions.extend([false, true].map(|lost| Event::Act { which, lost }));
        }
    }

    fn next_state(&self, last: &State, event: Event) -> Option<State> {
        let mut simulation = last.simulation.clone();
        let fault = simulation.happen(&event).err();
        let next = State::of(simulation, fault);
        (next != *last).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("what must hold holds", |_, state: &State| {
                state.fault.is_none()
            }),
            Property::always("it comes to rest as planned", |_, state: &State| {
                state.simulation.clone().rests_as_planned().is_ok()
            }),
        ]
    }
}

fn explore(world: World) {
    let depth = world.depth;
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let checker = world.checker().threads(threads).target_max_depth(depth);
    let checker = checker.spawn_bfs().join();
    println!(
        "{} states, {} of them different, to a depth of {depth}",
        checker.state_count(),
        checker.unique_state_count(),
    );
    let faults: Vec<_> = checker
        .discoveries()
        .into_iter()
        .map(|(name, path)| {
            let state = path.last_state().clone();
            let rest = state.simulation.rests_as_planned();
            (name, state.fault, rest, path.into_actions())
        })
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn one_object_in_two_clusters() {
    explore(World {
        asks: vec![
            vec![],
            vec![(0, vec!["a"], 0)],
            vec![(0, vec!["b"], 1)],
            vec![(0, vec!["a", "b"], 0)],
        ],
        objects: vec![0],
        others: vec![Event::Meddle("a", 0, 0), Event::Meddle("a", 0, 1)],
        depth: depth(5),
    });
}

#[test]
fn a_namespace_and_what_is_in_it() {
    explore(World {
        asks: vec![
            vec![],
            vec![(2, vec!["a"], 0)],
            vec![(2, vec!["a"], 0), (0, vec!["a"], 0)],
        ],
        objects: vec![0, 2],
        others: vec![Event::Meddle("a", 0, 2)],
        depth: depth(5),
    });
}

#[test]
fn replicas_that_move() {
    explore(World {
        asks: vec![
            vec![],
            vec![(1, vec!["a"], 0)],
            vec![(1, vec!["b"], 0)],
            vec![(1, vec!["a", "b"], 0)],
        ],
        objects: vec![1],
        others: CLUSTERS.map(Event::Settle).to_vec(),
        depth: depth(5),
    });
}
