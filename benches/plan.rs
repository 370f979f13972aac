//! How long does a plan take? Reading one federated Deployment, planning it, and making all its
//! manifests, for 1, 100 and 1,000 clusters, beside serde_json's own work on the same Deployment.
//!
//! `cargo bench -p fed-benches --bench plan`

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use fed_benches::{cluster_name, deployment, federated_deployment};
use fed_core::dialect::{self, Document};
use fed_core::kinds::Kinds;
use fed_core::{Assumptions, Cluster, DocumentId, Fleet, World, plan};

const SIZES: [usize; 3] = [1, 100, 1_000];

/// What the machine can do, measured in the same run.
fn calibration(criterion: &mut Criterion) {
    let deployment = deployment();
    criterion.bench_function("calibration/to_vec", |bencher| {
        bencher.iter(|| serde_json::to_vec(black_box(&deployment)));
    });
    criterion.bench_function("calibration/clone", |bencher| {
        bencher.iter(|| black_box(&deployment).clone());
    });
}

fn plans(criterion: &mut Criterion) {
    for clusters in SIZES {
        let value = federated_deployment(clusters);
        let documents = [Document::new(DocumentId(0), &value)];
        let kinds = Kinds::builtin();
        let assumptions = Assumptions::lenient();
        let fleet: Fleet = (0..clusters)
            .map(|number| Cluster::new(cluster_name(number)))
            .collect();
        let reading = dialect::read(&documents, &kinds, assumptions);
        let world = World::new(&reading.intents, &fleet).assuming(assumptions);
        let planned = plan(&world);
        assert_eq!(
            planned
                .objects()
                .map(|object| object.placed().count())
                .sum::<usize>(),
            clusters
        );
        assert!(
            planned
                .check()
                .iter()
                .all(|problem| problem.severity < fed_core::Severity::Error)
        );

        let mut group = criterion.benchmark_group("plan");
        group.throughput(Throughput::Elements(clusters as u64));
        group.bench_with_input(
            BenchmarkId::new("read", clusters),
            &documents,
            |bencher, documents| {
                bencher.iter(|| dialect::read(black_box(documents), &kinds, assumptions));
            },
        );
        group.bench_with_input(
            BenchmarkId::new("place", clusters),
            &world,
            |bencher, world| {
                bencher.iter(|| plan(black_box(world)));
            },
        );
        group.bench_with_input(
            BenchmarkId::new("render", clusters),
            &planned,
            |bencher, planned| {
                bencher.iter(|| {
                    let objects = black_box(planned).objects();
                    objects
                        .flat_map(|object| object.placed().map(|placed| placed.render()))
                        .count()
                });
            },
        );
        group.finish();
    }
}

criterion_group!(benches, calibration, plans);
criterion_main!(benches);
