//! Do the kinds know what KubeFed and Karmada knew of them, and keep their laws?

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "clippy allows these in test functions, but not in what they share"
)]

#[path = "../common/mod.rs"]
mod common;

#[cfg(feature = "cel")]
mod computed;
mod karmada_native;
mod karmada_status;
mod karmada_thirdparty;
mod kubefed_retain;
mod laws;
mod native;
mod translate;
