//! What is planned for these documents? Whole answers as snapshots, a file for each subject.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "clippy allows these in test functions, but not in what they share"
)]

#[path = "../common/mod.rs"]
mod common;

mod division;
mod duplicates;
mod kept;
mod manifests;
mod namespaces;
mod native;
mod overriders;
mod overrides;
mod placement;
mod preferences;
mod replicas;
mod room;
mod selection;
mod slices;
mod types;
