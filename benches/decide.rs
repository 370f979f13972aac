//! How long does a whole decision take? Filtering, scoring, selecting and dividing for one object,
//! where the fleet and what was seen in it are there already.
//!
//! `cargo bench -p fed-benches --bench decide`

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use fed_benches::decision::{Clusters, Decision, SIZES, VARIANTS};

fn decide(criterion: &mut Criterion) {
    for clusters in SIZES.map(Clusters::new) {
        for variant in VARIANTS {
            let decision = Decision::new(variant, &clusters);
            decision.check();
            criterion.bench_function(&decision.name(), |bencher| {
                bencher.iter(|| black_box(&decision).run());
            });
        }
    }
}

criterion_group!(benches, decide);
criterion_main!(benches);
