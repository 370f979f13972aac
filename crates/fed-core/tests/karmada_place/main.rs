//! Are clusters and objects chosen in Karmada's way as the tests of Karmada say? Their input is
//! translated here, a file for each table.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy allows these in test functions, but not in what they share"
)]

#[path = "../common/mod.rs"]
mod common;

mod goldens;
mod laws;
mod plugins;
mod selectors;
mod spread;
mod translate;
