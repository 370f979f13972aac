//! How does a test get real Kubernetes API servers? As child processes on loopback, each with an
//! etcd of its own, gone when the test is.
//!
//! ```no_run
//! use fed_testkit::apiserver::{ApiServer, Options};
//! use fed_testkit::assets_or_skip;
//!
//! fn a_namespace_is_there() {
//!     let assets = assets_or_skip!();
//!     let server = ApiServer::start(&assets, Options::named("europe")).unwrap();
//!     let answer = server.client().get("/api/v1/namespaces/default").unwrap();
//!     assert_eq!(answer.status, 200);
//! }
//! ```
//!
//! A server is stopped, and its folder removed, when it is dropped. Where nothing drops it (a
//! `static`, `std::process::exit`, an abort, a killed test), a small guardian process does the
//! same as soon as the test process is gone; so one server can be shared by all tests of a binary
//! in a `static OnceLock`.
//!
//! No kubelet runs: pods stay pending. Namespaces are deleted, garbage is collected and
//! Deployments get their ReplicaSets and Pods only with [`Options::controller_manager`].

mod assets;
mod certificates;
mod client;
mod error;
mod process;
mod server;
mod skip;
mod warning;

pub use assets::{Assets, MissingAssets};
pub use client::{Client, RequestError, Response};
pub use error::StartError;
pub use server::{ApiServer, Options};
pub use skip::{Needs, assets_for};
