//! Does a cluster in memory serve the clients of Kubernetes as a real one does?

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "clippy allows these in test functions, but not in what they share"
)]

mod http;
mod kube_rs;
mod serve;
