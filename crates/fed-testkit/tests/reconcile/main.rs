//! Do the decisions of the core bring clusters to what is planned, whatever happens on the way?

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "clippy allows these in test functions, but not in what they share"
)]

mod chance;
mod found;
mod model;
mod simulation;
mod stories;
mod worlds;
