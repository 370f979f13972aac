//! What do tests of a federation run against? Kubernetes API servers, any number of them.
//!
//! - `apiserver` (feature `apiserver`, Unix only): real ones, on loopback.

#[cfg(all(feature = "apiserver", unix))]
pub mod apiserver;
