//! Kubernetes federation as a pure function: given what people asked for, the clusters there are
//! and what runs now, what should each cluster hold, and why?

mod depth;
mod identity;
mod location;
mod names;
mod nearest;
mod problem;
mod world;

pub mod customize;
pub mod dialect;
pub mod explain;
pub mod fleet;
pub mod intent;
pub mod kinds;
pub mod place;
pub mod plan;
pub mod schema;
pub mod status;

pub use customize::{Override, OverrideSet, PatchOperation};
pub use depth::MAX_DEPTH;
pub use explain::Explanation;
pub use fleet::{Cluster, ClusterIndex, ClusterSet, Fleet, Readiness};
pub use identity::{ClusterName, GroupVersionKind, ObjectId};
pub use intent::{
    Intent, InvalidSelector, LabelRequirement, LabelSelector, Mark, NamespaceRule, Placement,
    Template,
};
pub use location::{DocumentId, Location, Pointer};
pub use plan::{Manifest, Placed, Plan, PlannedObject, Refused, Rendered, plan};
pub use problem::{Code, Problem, Reason, Severity};
pub use world::{Assumptions, World};
