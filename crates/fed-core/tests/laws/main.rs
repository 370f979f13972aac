//! Does the core keep its laws, whatever it is given?

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy allows these in test functions, but not in what they share"
)]

#[path = "../common/mod.rs"]
mod common;

mod changes;
mod documents;
mod every_cluster;
mod independent;
mod moves;
mod order;
mod secrets;
mod total;
mod worlds;

use proptest::prelude::ProptestConfig;

/// So many cases, unless `PROPTEST_CASES` says how many; and no file of failures: a case is small
/// enough to be read and kept as a test.
fn cases(cases: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    let told = std::env::var_os("PROPTEST_CASES").is_some();
    ProptestConfig {
        cases: if told { default.cases } else { cases },
        failure_persistence: None,
        ..default
    }
}
