//! Whatever happens, in whatever order: once it stops, do the clusters hold what is planned, and
//! nothing more is done?

use std::collections::BTreeMap;

use fed_core::reconcile::{Memory, Options};
use fed_core::{Intent, ObjectId};
use fed_testkit::maps::{Driver, MapClusters};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use crate::worlds::{
    CLUSTERS, config, deployment, desired, divided, id, intent, namespace, planned,
};

/// Something that happens.
#[derive(Clone, Debug)]
enum Event {
    /// People ask for something else.
    Want(Vec<(u8, Vec<&'static str>, u8)>),
    /// A cluster goes out of sight, or comes back.
    Away(&'static str, bool),
    /// Somebody writes an object of ours, or one of that name.
    Meddle(&'static str, u8, u8),
    /// Somebody deletes it.
    Delete(&'static str, u8),
    /// One step; of its actions only so many are done, and some of the answers get lost. It may
    /// crash before or after memory is saved.
    Step {
        done: usize,
        lost: bool,
        crash: Crash,
    },
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Crash {
    None,
    BeforeSaving,
    AfterSaving,
    AfterActing,
    /// Memory is found as it was one save before.
    Stale,
}

fn event() -> impl Strategy<Value = Event> {
    let cluster = || select(&CLUSTERS[..]);
    let places = || subsequence(CLUSTERS.to_vec(), 0..=3);
    let crash = select(vec![
        Crash::None,
        Crash::None,
        Crash::None,
        Crash::BeforeSaving,
        Crash::AfterSaving,
        Crash::AfterActing,
        Crash::Stale,
    ]);
    prop_oneof![
        2 => vec((0..3_u8, places(), 0..3_u8), 0..3).prop_map(Event::Want),
        1 => (cluster(), any::<bool>()).prop_map(|(cluster, away)| Event::Away(cluster, away)),
        1 => (cluster(), 0..3_u8, 0..4_u8).prop_map(|(cluster, object, how)| Event::Meddle(cluster, object, how)),
        1 => (cluster(), 0..3_u8).prop_map(|(cluster, object)| Event::Delete(cluster, object)),
        6 => (0..4_usize, any::<bool>(), crash)
            .prop_map(|(done, lost, crash)| Event::Step { done, lost, crash }),
    ]
}

fn object(which: u8) -> Value {
    match which {
        0 => config("blue"),
        1 => deployment(2),
        _ => namespace(),
    }
}

fn intents(wanted: &[(u8, Vec<&'static str>, u8)]) -> Vec<Intent> {
    let mut by_object = BTreeMap::new();
    for (which, clusters, how) in wanted {
        let intent = match (which, how) {
            (1, 0) => divided(clusters),
            (0, how) => intent(
                config(["blue", "grey", "red"][usize::from(*how)]),
                clusters,
                Options::default(),
            ),
            (which, _) => intent(object(*which), clusters, Options::default()),
        };
        by_object.insert(*which, intent);
    }
    by_object.into_values().collect()
}

struct Run {
    driver: Driver,
    clusters: MapClusters,
    wanted: Vec<Intent>,
    before: Memory,
    /// Objects that were never ours, and what they are like.
    foreign: BTreeMap<(&'static str, ObjectId), Value>,
}

impl Run {
    fn step(&mut self, done: usize, lost: bool, crash: Crash) {
        let decision = self.driver.decide(&desired(&self.wanted), &self.clusters);
        if crash == Crash::BeforeSaving {
            return self.driver.crash();
        }
        let before = self.driver.memory.clone();
        self.driver.save(&decision);
        if crash == Crash::AfterSaving {
            return self.driver.crash();
        }
        for action in decision.actions.iter().take(done) {
            let outcome = self.clusters.perform(action);
            if !lost {
                self.driver.note(outcome);
            }
        }
        for object in &decision.finished {
            self.driver.withdrawn.remove(object);
        }
        match crash {
            Crash::AfterActing => self.driver.crash(),
            Crash::Stale => {
                self.driver.crash();
                self.driver.memory = self.before.clone();
            }
            _ => {}
        }
        self.before = before;
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Want(wanted) => {
                let wanted = intents(&wanted);
                for intent in std::mem::replace(&mut self.wanted, wanted) {
                    self.driver.withdrawn.insert(intent.target().versionless());
                }
                for intent in &self.wanted {
                    self.driver.withdrawn.remove(&intent.target().versionless());
                }
            }
            Event::Away(cluster, is_away) => self.clusters.set_away(cluster, is_away),
            Event::Meddle(cluster, which, how) => {
                let value = object(which);
                let id = id(value.clone()).versionless();
                if self.clusters.get(cluster, &id).is_none() {
                    self.clusters.put(cluster, &id, value);
                    let stored = self.clusters.get(cluster, &id).unwrap().clone();
                    self.foreign.insert((cluster, id), stored);
                } else if !self.foreign.contains_key(&(cluster, id.clone())) {
                    self.clusters.edit(cluster, &id, |object| match how {
                        0 => object["data"]["sky"] = json!("black"),
                        1 => object["metadata"]["labels"]["theirs"] = json!("yes"),
                        2 => object["spec"]["replicas"] = json!(9),
                        _ => object["metadata"]["annotations"] = json!({"theirs": "yes"}),
                    });
                }
            }
            Event::Delete(cluster, which) => {
                let id = id(object(which)).versionless();
                self.clusters.delete(cluster, &id);
                self.foreign.remove(&(cluster, id));
            }
            Event::Step { done, lost, crash } => self.step(done, lost, crash),
        }
        self.nothing_foreign_was_touched();
    }

    /// What was never ours is as it was, unless it became ours as it is identical.
    fn nothing_foreign_was_touched(&mut self) {
        let clusters = &self.clusters;
        self.foreign.retain(|(cluster, id), before| {
            let now = clusters
                .get(cluster, id)
                .expect("what is not ours is not deleted");
            let adopted = now["metadata"]["labels"]["fed.dev/managed"] == json!("true");
            assert!(adopted || now == before, "{id} in {cluster} was changed");
            !adopted
        });
    }

    /// All is quiet: does it come to rest, and as planned?
    fn rests_as_planned(mut self) {
        for cluster in CLUSTERS {
            self.clusters.set_away(cluster, false);
        }
        let wanted = desired(&self.wanted);
        for _ in 0..12 {
            let rounds = self.driver.run(&wanted, &mut self.clusters, 30);
            assert!(rounds.is_some(), "it does not come to rest");
            self.driver.now = self.driver.now.checked_add(jiff_hours()).unwrap();
        }
        self.nothing_foreign_was_touched();
        assert!(
            self.driver.withdrawn.is_empty(),
            "{:?} are not finished",
            self.driver.withdrawn
        );
        let plan = planned(&self.wanted);
        for object in plan.objects() {
            for (placed, rendered) in object.render() {
                let cluster = placed.cluster().name().as_str();
                let id = object.target().versionless();
                let found = self.clusters.get(cluster, &id);
                if let Some(found) = found {
                    let is_foreign =
                        found["metadata"]["labels"]["fed.dev/managed"] != json!("true");
                    assert!(
                        is_foreign || covers(rendered.manifest().value(), found),
                        "{id} in {cluster} is {found}, not {}",
                        rendered.manifest().value()
                    );
                } else {
                    panic!("{id} is not in {cluster}");
                }
            }
        }
        for (cluster, id, value) in self.clusters.iter() {
            let is_ours = value["metadata"]["labels"]["fed.dev/managed"] == json!("true");
            let planned = plan.objects().any(|object| {
                object.target().versionless() == *id && object.placed_in(cluster).is_some()
            });
            let has_contents = id.kind() == "Namespace" && !self.wanted.is_empty();
            assert!(
                planned || !is_ours || has_contents,
                "{id} is left in {cluster}"
            );
        }
    }
}

fn jiff_hours() -> std::time::Duration {
    std::time::Duration::from_secs(3600)
}

/// Has `live` all that is planned?
fn covers(planned: &Value, live: &Value) -> bool {
    match (planned, live) {
        (Value::Object(planned), Value::Object(live)) => planned
            .iter()
            .all(|(key, value)| live.get(key).is_some_and(|live| covers(value, live))),
        (planned, live) => planned == live,
    }
}

fn cases(cases: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    let told = std::env::var_os("PROPTEST_CASES").is_some();
    ProptestConfig {
        cases: if told { default.cases } else { cases },
        failure_persistence: None,
        max_shrink_iters: 4000,
        ..default
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn it_comes_to_rest_as_planned(events in vec(event(), 0..30)) {
        let mut run = Run {
            driver: Driver::default(),
            clusters: MapClusters::of(CLUSTERS),
            wanted: Vec::new(),
            before: Memory::default(),
            foreign: BTreeMap::new(),
        };
        for event in events {
            run.happen(event);
        }
        run.rests_as_planned();
    }
}
