//! What must the template look like in each cluster? Overrides, and how they apply.
//!
//! An [`OverrideSet`] holds every override of one object, in order. It is made of native
//! [`Override`]s, or by [`kubefed::override_set`], whose operations keep the meaning that KubeFed
//! gave them. A native override changes images, containers, labels, annotations and documents
//! inside of texts, and everything else by a strict RFC 6902 patch; or it says that the object is
//! not there.
//!
//! ```
//! use fed_core::customize::{Override, OverrideSet, PatchOperation};
//! use fed_core::{Cluster, Location};
//! use serde_json::json;
//!
//! let smaller = Override::new([PatchOperation::replace("/spec/replicas", 1)]).in_clusters(["edge"]);
//! let overrides = OverrideSet::native(&[smaller], &Location::in_code());
//!
//! let mut object = json!({"kind": "Deployment", "spec": {"replicas": 3}});
//! overrides.apply(&Cluster::new("core"), &mut object)?;
//! assert_eq!(object["spec"]["replicas"], 3);
//! overrides.apply(&Cluster::new("edge"), &mut object)?;
//! assert_eq!(object["spec"]["replicas"], 1);
//! # Ok::<(), fed_core::Problem>(())
//! ```
//!
//! # Where Karmada differs
//!
//! Karmada's overriders can be told in native ones, with these differences. The native rule is the
//! one that fails rather than do something else than was meant; what Karmada does is for the
//! dialect of its policies to ask for.
//!
//! | | native | Karmada |
//! |---|---|---|
//! | containers | of every kind that makes pods, init containers too, or `podSpec` | of six kinds, without init containers; other kinds stay as they are |
//! | a container that is not there | fails | is passed over |
//! | tag and digest | both are kept; setting one takes the other away | with both, the digest is lost at any change of the image |
//! | a tag or registry that is none | fails | is passed over, or written |
//! | an image without a repository | fails | is written |
//! | `add` | `set` for labels and annotations, `append` for images and words | one word for both |
//! | variables | `$(cluster.name)` and others | none |

mod containers;
mod embedded;
mod entry;
mod environment;
mod failure;
mod image;
mod keys;
pub mod kubefed;
mod limits;
mod native;
mod read;
mod rfc6902;
mod set;
mod shown;
mod targets;
mod variables;

pub use image::ImageName;
pub use native::{
    EnvOverride, EnvVar, FieldFormat, FieldOverride, ImageOverride, ImagePart, ImageParts,
    ImageSuffixes, KeysOverride, Override, PatchOp, PatchOperation, WordsOverride,
};
pub use set::{OverrideClass, OverrideSet};
pub use shown::{OverrideEntry, OverrideOperation};
