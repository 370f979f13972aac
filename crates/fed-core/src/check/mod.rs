//! Is this an object that a cluster would take? Manifests are held against schemas before anything
//! reaches a cluster, and every fault is told where people wrote it.
//!
//! The core knows schemas through one trait, [`Schemas`]. The feature `schema` brings those of a
//! Kubernetes release, and of the CustomResourceDefinitions of the input.

mod fault;
mod locate;
mod problem;
#[cfg(feature = "schema")]
mod published;
mod related;
mod repair;

use std::fmt;

use serde_json::Value;

use crate::identity::GroupVersionKind;

pub use fault::{Fault, Violation};
pub(crate) use problem::problems;
#[cfg(feature = "schema")]
pub use published::published;
pub(crate) use related::related;

/// What is known of the shape of objects.
pub trait Schemas: fmt::Debug + Send + Sync {
    /// All that is wrong with an object by itself; `None` when nothing is known of its type.
    fn violations(&self, object: &Value) -> Option<Vec<Violation>>;

    /// The version of a kind to write, if the kind is known.
    fn served(&self, group: &str, kind: &str) -> Option<GroupVersionKind>;
}
