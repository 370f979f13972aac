//! Are the CustomResourceDefinitions that `fedctl crds` prints what a control plane needs? The built
//! binary, and a real API server.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod apply;
mod command;
mod established;
mod kept;
mod refused;
mod server;
mod taken_over;
