//! What must the template look like in each cluster? Overrides, and how they apply.
//!
//! An [`OverrideSet`] holds every override of one object, in order. It is made of native
//! [`Override`]s, which are strict RFC 6902 patches, or by [`kubefed::override_set`], whose
//! operations keep the meaning that KubeFed gave them.
//!
//! ```
//! use fed_core::customize::{Override, OverrideSet, PatchOperation};
//! use fed_core::{ClusterName, Location};
//! use serde_json::json;
//!
//! let smaller = Override::new([PatchOperation::replace("/spec/replicas", 1)]).in_clusters(["edge"]);
//! let overrides = OverrideSet::native(&[smaller], &Location::in_code());
//!
//! let mut object = json!({"kind": "Deployment", "spec": {"replicas": 3}});
//! overrides.apply(&ClusterName::from("core"), &mut object)?;
//! assert_eq!(object["spec"]["replicas"], 3);
//! overrides.apply(&ClusterName::from("edge"), &mut object)?;
//! assert_eq!(object["spec"]["replicas"], 1);
//! # Ok::<(), fed_core::Problem>(())
//! ```

mod entry;
mod failure;
pub mod kubefed;
mod limits;
mod native;
mod rfc6902;
mod set;

pub use native::{Override, PatchOp, PatchOperation};
pub use set::{OverrideClass, OverrideEntry, OverrideOperation, OverrideSet};
