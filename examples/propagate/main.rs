//! The main job: federated objects in, what each cluster must hold out, with the reasons. No
//! cluster is needed.
//!
//! `cargo run --example propagate`

use fed_core::dialect::{self, Document};
use fed_core::kinds::Kinds;
use fed_core::{Assumptions, DocumentId, Plan, plan};
use fedctl::read::read_text;

fn main() {
    let input = read_text("shop.yaml", include_str!("shop.yaml"));
    let documents: Vec<_> = (0..)
        .zip(&input.documents)
        .map(|(number, document)| Document::new(DocumentId(number), document.value()))
        .collect();

    let assumptions = Assumptions::none();
    let reading = dialect::read(&documents, &Kinds::default(), assumptions);
    let plan = plan(&reading.world(assumptions));

    for cluster in plan.fleet().iter() {
        println!("cluster {}", cluster.name());
        print_cluster(&plan, cluster);
        println!();
    }
    for problem in reading.problems.iter().chain(&plan.check()) {
        println!("{problem}");
    }
}

fn print_cluster(plan: &Plan, cluster: &fed_core::Cluster) {
    for object in plan.objects() {
        let explanation = object.explain(cluster.name());
        let why: Vec<_> = explanation
            .reasons
            .iter()
            .map(|reason| &*reason.message)
            .collect();
        let Some(placed) = object.placed_in(cluster.name()) else {
            println!("  without {}: {}", object.target(), why.join("; "));
            continue;
        };
        match placed.render().manifest().replicas() {
            Some(replicas) => println!("  {} x {replicas}: {}", object.target(), why.join("; ")),
            None => println!("  {}: {}", object.target(), why.join("; ")),
        }
        for difference in &explanation.overrides {
            println!("    {difference}");
        }
    }
}
