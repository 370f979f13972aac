//! What do tests of a federation run against? Kubernetes API servers, any number of them.
//!
//! - [`maps`]: clusters that are plain maps, to test what is decided.
//! - `server` (feature `server`): one in memory that answers as a real one does.
//! - `cluster` (feature `cluster`): that server as a `tower` service, for `kube` and other clients;
//!   with the feature `serve` on a TCP port too. Its page tells how to test an operator.
//! - `conformance` (feature `conformance`): rules that API servers keep, to be checked on any.
//! - `apiserver` (feature `apiserver`, Unix only): real ones, on loopback.

pub mod maps;

#[cfg(any(feature = "serve", all(feature = "apiserver", unix)))]
mod authority;
#[cfg(any(feature = "serve", all(feature = "apiserver", unix)))]
mod kubeconfig;

#[cfg(feature = "server")]
pub mod server;

#[cfg(feature = "cluster")]
pub mod cluster;

#[cfg(feature = "conformance")]
pub mod conformance;

#[cfg(all(feature = "apiserver", unix))]
pub mod apiserver;
