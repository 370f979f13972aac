//! What do statuses say, and do they keep their laws?

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "clippy allows these in test functions, but not in what they share"
)]

mod laws;
mod native;
