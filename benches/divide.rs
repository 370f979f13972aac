//! How long does it take to divide replicas? Beside the floor: what hashing, sorting and one pass
//! take for the same clusters.
//!
//! `cargo bench -p fed-benches --bench divide`

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use fed_benches::deployment;
use fed_benches::division::{Floor, KEY, SIZES, Variant, candidates, divisions};

fn calibration(criterion: &mut Criterion) {
    let deployment = deployment();
    criterion.bench_function("calibration/to_vec", |bencher| {
        bencher.iter(|| serde_json::to_vec(black_box(&deployment)));
    });
    for (clusters, total) in SIZES {
        let floor = Floor::new(&candidates(Variant::Weights, clusters, total));
        criterion.bench_function(&format!("divide/floor/C{clusters}"), |bencher| {
            bencher.iter(|| black_box(&floor).divide(total, KEY));
        });
    }
}

fn divide(criterion: &mut Criterion) {
    for division in divisions(&SIZES) {
        division.check();
        criterion.bench_function(&division.name(), |bencher| {
            bencher.iter(|| black_box(&division).run());
        });
    }
}

criterion_group!(benches, calibration, divide);
criterion_main!(benches);
