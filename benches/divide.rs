//! How long does it take to divide replicas? Beside the floor: what hashing, sorting and one pass
//! take for the same clusters.
//!
//! `cargo bench -p fed-benches --bench divide`

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use fed_benches::deployment;
use fed_benches::division::{Division, KINDS};
use fed_benches::floor::Floor;
use fed_benches::workload::{KEY, SIZES, weights};

fn calibration(criterion: &mut Criterion) {
    let deployment = deployment();
    criterion.bench_function("calibration/to_vec", |bencher| {
        bencher.iter(|| serde_json::to_vec(black_box(&deployment)));
    });
    for (clusters, total) in SIZES {
        let floor = Floor::new(&weights(clusters, total));
        criterion.bench_function(&format!("divide/floor/C{clusters}"), |bencher| {
            bencher.iter(|| black_box(&floor).divide(total, KEY));
        });
    }
}

fn divide(criterion: &mut Criterion) {
    for kind in KINDS {
        for (clusters, total) in SIZES {
            let division = Division::new(kind, clusters, total);
            division.check();
            criterion.bench_function(&division.name(), |bencher| {
                bencher.iter(|| black_box(&division).run());
            });
        }
    }
}

criterion_group!(benches, calibration, divide);
criterion_main!(benches);
