//! What are the CustomResourceDefinitions of KubeFed's kinds? Those of the fixed kinds, and one for
//! each kind that is federated.
//!
//! They take what KubeFed's own took, and say more: which lists have keys, which texts there are,
//! and what `kubectl get` shows. Whatever KubeFed's took and stored can be stored again.
//!
//! - `spec.placement.clusters` is an atomic list, because the empty list places an object nowhere
//!   while no list leaves the choice to `clusterSelector`: from a list with keys, server-side apply
//!   takes out the list with its last item. The same cluster twice is taken, as KubeFed does.
//! - `spec.overrides` is a list with the key `clusterName`, so that several managers can each
//!   override their clusters. Where it is missing it is filled in as the empty text, that is no
//!   cluster. Entries for the same cluster, which KubeFed never applied, are refused; what is
//!   stored with such entries can still be changed.
//! - `spec.placement.clusters[].replicas` is there, which KubeFed does not have.
//!
//! ```
//! use fed_core::dialect::kubefed::crds::{TargetType, federated};
//! use fed_core::kinds::Scope;
//! use fed_core::GroupVersionKind;
//!
//! let gvk = GroupVersionKind::new("ml.example.com", "v1", "TrainingRun");
//! let target = TargetType::new(gvk, "trainingruns", Scope::Namespaced).with_short_names(["tr"]);
//! let crd = federated(&target);
//! assert_eq!(crd["metadata"]["name"], "federatedtrainingruns.types.kubefed.io");
//! assert_eq!(crd["spec"]["names"]["shortNames"][0], "ftr");
//! ```

mod federated;
mod fixed;
mod target;

pub use federated::{FederatedKind, federated};
pub use fixed::fixed;
pub use target::{TargetType, usual_targets};
