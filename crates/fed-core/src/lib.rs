//! Kubernetes federation as a pure function: given what people asked for, the clusters there are
//! and what runs now, what should each cluster hold, and why?

mod identity;
mod location;
mod problem;

pub mod customize;
pub mod dialect;
pub mod kinds;

pub use identity::{ClusterName, GroupVersionKind, ObjectId};
pub use location::{DocumentId, Location, Pointer};
pub use problem::{Code, Problem, Reason, Severity};
