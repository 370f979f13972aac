//! How much does it cost to decide that there is nothing to do? For each object in each cluster,
//! beside serde_json's own work on the same object, measured in turn in the same run.
//!
//! `cargo bench -p fed-benches --bench reconcile`

use std::hint::black_box;

use fed_benches::measure::{Run, medians};
use fed_benches::{cluster_name, deployment};
use fed_core::kinds::{Kinds, Manners};
use fed_core::reconcile::{Act, Answer, Desired, Memory, Sight, Sights, Step, reconcile};
use fed_core::{Cluster, Fleet, Intent, NamespaceRule, Placement, Problem, Timestamp, World, plan};
use serde_json::{Value, json};

/// How many objects in how many clusters each.
const SIZES: [(usize, usize); 5] = [(1, 1), (1, 100), (100, 100), (1_000, 10), (10, 5_000)];

/// The most that one decision may cost, as a part of what writing the object costs.
const MOST: f64 = 0.25;

const ROUNDS: usize = 31;

fn main() -> Result<(), Problem> {
    let object = deployment();
    for (objects, clusters) in SIZES {
        let quiet = Quiet::of(objects, clusters)?;
        let mut runs: [Run<'_>; 2] = [
            Box::new(|| {
                let _ = black_box(serde_json::to_vec(black_box(&object)));
            }),
            Box::new(|| {
                let _ = black_box(reconcile(&black_box(&quiet).step()));
            }),
        ];
        let medians = medians(ROUNDS, &mut runs);
        let [write, decide] = medians.as_slice() else {
            continue;
        };
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let decisions = (objects * clusters) as f64;
        let ratio = decide.ratio / decisions;
        let word = if ratio < MOST { "ok" } else { "TOO MUCH" };
        println!(
            "{objects:>5} objects in {clusters:>4} clusters: {:>7.1} ns a decision, {:>7.1} ns to_vec, \
             ratio {ratio:.3}, most {MOST}: {word}",
            decide.nanoseconds / decisions,
            write.nanoseconds,
        );
    }
    Ok(())
}

/// Clusters that hold what they should.
struct Quiet {
    desired: Desired,
    sights: Sights,
    memory: Memory,
}

impl Quiet {
    fn of(objects: usize, clusters: usize) -> Result<Self, Problem> {
        let fleet: Fleet = (0..clusters)
            .map(|number| Cluster::new(cluster_name(number)))
            .collect();
        let intents: Result<Vec<_>, Problem> = (0..objects).map(intent).collect();
        let desired = Desired::of(&plan(&World::new(&intents?, &fleet)));
        let in_sight = (0..clusters).fold(Sights::default(), |sights, number| {
            sights.with_cluster(cluster_name(number))
        });
        let mut quiet = Self {
            desired,
            sights: in_sight,
            memory: Memory::default(),
        };
        // Remembered, then created, then learnt.
        quiet.memory = reconcile(&quiet.step()).memory.saved();
        let kinds = Kinds::builtin();
        let kind = kinds.find("apps", "Deployment").map(AsRef::as_ref);
        let created = reconcile(&quiet.step()).actions;
        assert_eq!(created.len(), objects * clusters);
        let mut answers = Vec::with_capacity(created.len());
        for action in &created {
            if let Act::Create { manifest, .. } = &action.act {
                let sight = Sight::of(&stored(manifest.value().clone()), kind, Manners::Native);
                answers.push(Answer::to(action, Ok(Some(sight.clone()))));
                quiet.sights = quiet
                    .sights
                    .with(action.cluster.clone(), &action.object, sight);
            }
        }
        quiet.memory = reconcile(&quiet.step().after(&answers)).memory.saved();
        let rest = reconcile(&quiet.step());
        assert!(rest.actions.is_empty() && !rest.memory.needs_saving());
        let told: usize = rest.states.values().map(|it| it.iter().count()).sum();
        assert_eq!(told, objects * clusters);
        Ok(quiet)
    }

    fn step(&self) -> Step<'_> {
        Step::new(
            &self.desired,
            &self.sights,
            &self.memory,
            Timestamp::UNIX_EPOCH,
        )
    }
}

fn intent(number: usize) -> Result<Intent, Problem> {
    let mut object = deployment();
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.insert("name".to_owned(), json!(format!("checkout-{number:05}")));
    }
    let intent = Intent::of(object)?.place(Placement::everywhere());
    Ok(intent.with_namespace_rule(NamespaceRule::Independent))
}

/// An object as a cluster holds it.
fn stored(mut object: Value) -> Value {
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        let uid = "7d5f3ce6-4c2d-4f0e-9d8e-2f6a4a1f0b11";
        metadata.insert("uid".to_owned(), uid.into());
        metadata.insert("generation".to_owned(), 3.into());
    }
    object
}
