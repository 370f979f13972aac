//! What do tests of a federation run against? Kubernetes API servers, any number of them.
//!
//! - [`maps`]: clusters that are plain maps, to test what is decided.
//! - `apiserver` (feature `apiserver`, Unix only): real ones, on loopback.

pub mod maps;

#[cfg(all(feature = "apiserver", unix))]
pub mod apiserver;
