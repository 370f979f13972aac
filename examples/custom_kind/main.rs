//! Federating a kind of one's own: an operator tells fed what it needs to know of the kind.
//!
//! `cargo run --example custom_kind`

use fed_core::kinds::{Kind, Kinds, Scope};
use fed_core::{Cluster, Fleet, Intent, Override, PatchOperation, Placement, World, plan};
use serde_json::json;

/// A kind that an operator defines: its replicas are called workers.
#[derive(Debug)]
struct TrainingRun;

impl Kind for TrainingRun {
    fn group(&self) -> &'static str {
        "ml.example.com"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "TrainingRun"
    }

    fn plural(&self) -> &'static str {
        "trainingruns"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }

    fn replicas_path(&self) -> Option<&str> {
        Some("/spec/workers")
    }
}

fn main() -> Result<(), fed_core::Problem> {
    let kinds = Kinds::builtin().with(TrainingRun);
    let run = json!({
        "apiVersion": "ml.example.com/v1",
        "kind": "TrainingRun",
        "metadata": {"name": "ratings", "namespace": "models"},
        "spec": {"workers": 4, "gpu": "a100"},
    });
    let fewer = Override::new([PatchOperation::replace("/spec/workers", 2)]).in_clusters(["edge"]);
    let intent = Intent::of_kind(run, &kinds)?
        .place(Placement::clusters(["core", "edge"]))
        .customize(&[fewer]);

    let fleet: Fleet = ["core", "edge"].map(Cluster::new).into_iter().collect();
    let plan = plan(&World::of(intent, &fleet));
    for object in plan.objects() {
        for placed in object.placed() {
            let rendered = placed.render();
            println!(
                "{} in {}: {} workers",
                object.target(),
                placed.cluster().name(),
                rendered.manifest().replicas().unwrap_or_default()
            );
        }
    }
    Ok(())
}
