//! Kubernetes federation as a pure function: given what people asked for and the clusters there
//! are, what should each cluster hold, and why?
//!
//! ```text
//!  documents, or your own CRD
//!          |  dialect
//!          v
//!       Intent ---+
//!       Fleet  ---+--> place --> divide --> customize --> Plan --> manifests, reasons, problems
//!     Observed ---+                                        |
//!                                                          +--> reconcile --> actions, status
//! ```
//!
//! # A first plan
//!
//! ```
//! use fed_core::{Cluster, Fleet, Intent, LabelSelector, Placement, World, plan};
//! use serde_json::json;
//!
//! let config = json!({
//!     "apiVersion": "v1",
//!     "kind": "ConfigMap",
//!     "metadata": {"name": "colours", "namespace": "shop"},
//!     "data": {"sky": "blue"},
//! });
//! let production = Placement::selector(LabelSelector::labels([("tier", "production")]));
//! let fleet: Fleet = [
//!     Cluster::new("us-east").label("tier", "production"),
//!     Cluster::new("lab").label("tier", "test"),
//! ]
//! .into_iter()
//! .collect();
//!
//! let plan = plan(&World::of(Intent::of(config)?.place(production), &fleet));
//! let object = plan.objects().next().unwrap();
//! let placed = object.placed_in(&"us-east".into()).unwrap();
//! let manifest = placed.render().deliverable().unwrap();
//! assert_eq!(manifest.value()["metadata"]["labels"]["fed.dev/managed"], "true");
//! let why = object.explain(&"lab".into());
//! assert_eq!(why.reasons[0].message, r#"its label tier is "test", not "production""#);
//! # Ok::<(), fed_core::Problem>(())
//! ```
//!
//! # Where to go from here
//!
//! | to | see |
//! |---|---|
//! | federate an object from code | [`Intent`], [`Placement`], [`Override`] |
//! | put placement and overrides into a custom resource of your own | [`Placement`], [`Override`]: both are `serde` and `schemars`; [`schema::structural_schema`] writes what a CRD takes |
//! | read KubeFed's manifests, or ours | [`dialect::read`] |
//! | tell the clusters | [`Fleet`], [`Cluster`] |
//! | plan | [`plan()`], [`World`] |
//! | divide replicas | [`Division`] in an intent; [`divide`] for the functions behind it |
//! | tell what runs, and how much room there is | [`Observed`], [`capacity`] |
//! | get the manifests | [`Placed::render`] |
//! | know why | [`PlannedObject::explain`] |
//! | know what a plan changes | [`Plan::changes_from`], [`Plan::changes_in`], [`Live`] |
//! | ask what would be if | [`Fleet::after`], [`FleetEvent`] |
//! | know what to do to clusters | [`reconcile`] |
//! | write a status | [`status`]: in KubeFed's words, or in our own for any kind |
//! | know what is wrong | [`Plan::problems`], [`Plan::check`], [`Problem`] |
//! | federate a kind of your own | [`kinds::Kind`]; without Rust, [`kinds::KindDocument`] |
//!
//! # What it promises
//!
//! Planning is total: faults are values inside the answer, and one bad intent, override or document
//! blocks no other. It is deterministic: the order of what is given does not matter. It does no I/O
//! and knows no clock. No value of a Secret ever stands in a message, and `Debug` output shows no
//! template and no override.

mod crd;
mod depth;
mod identity;
mod location;
mod names;
mod nearest;
mod problem;
mod words;
mod world;

pub mod capacity;
pub mod change;
pub mod check;
pub mod customize;
pub mod dialect;
pub mod divide;
pub mod explain;
pub mod expression;
pub mod fleet;
pub mod intent;
pub mod kinds;
pub mod observe;
pub mod place;
pub mod plan;
pub mod reconcile;
pub mod schema;
pub mod status;

pub use change::Change;
pub use customize::{Override, OverrideSet, PatchOperation};
pub use depth::MAX_DEPTH;
pub use explain::Explanation;
pub use fleet::{
    Cluster, ClusterFacts, ClusterIndex, ClusterSet, Fleet, FleetEvent, Readiness, Taint,
    TaintEffect, Toleration, Topology,
};
pub use identity::{ClusterName, GroupVersionKind, ObjectId};
pub use intent::{
    Absence, Affinity, Division, DivisionMethod, Intent, InvalidSelector, LabelRequirement,
    LabelSelector, Mark, NamespaceRule, Placement, Preferred, PropertyScore, ShareRule, Spread,
    SpreadBy, Template,
};
pub use jiff::Timestamp;
pub use location::{DocumentId, Location, Pointer};
pub use observe::{Live, Observed, Workload};
pub use plan::{
    Manifest, Placed, Plan, PlannedObject, Refused, Rendered, RenderedObject, Rendering, plan,
};
pub use problem::{Code, Problem, Reason, Severity};
pub use world::{Assumptions, World};
