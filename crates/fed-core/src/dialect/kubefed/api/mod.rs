//! What do KubeFed's fixed kinds look like? One Rust type a kind.
//!
//! The types lose nothing: what they do not know stays in `unknown`, at its level, and what was
//! absent stays absent. The one exception is `null`: in a field that is known it means the same as
//! no field, and is not written again (an override's `value`, where it has a meaning, keeps it).
//!
//! Every field is optional and texts are not checked, so that only values of the wrong JSON type
//! are refused by [`parse`](crate::dialect::parse); what is missing or not allowed is for validation to say, all at once.
//! [`unknown_fields`] lists what was written but has no effect.
//!
//! ```
//! use fed_core::Location;
//! use fed_core::dialect::kubefed::api::{FederatedObject, unknown_fields};
//! use fed_core::dialect::parse;
//! use serde_json::json;
//!
//! let document = json!({
//!     "apiVersion": "types.kubefed.io/v1beta1",
//!     "kind": "FederatedConfigMap",
//!     "metadata": {"name": "settings", "namespace": "shop"},
//!     "spec": {"placement": {"clusterSelectr": {}}},
//! });
//! let parsed: FederatedObject = parse(&document, &Location::in_code())
//!     .expect("every value has the right type");
//! let unknown = unknown_fields(&parsed, &Location::in_code());
//! assert_eq!(
//!     unknown[0].message,
//!     "spec.placement.clusterSelectr is not a known field and has no effect: \
//!      did you mean clusterSelector?"
//! );
//! assert_eq!(serde_json::to_value(&parsed)?, document);
//! # Ok::<(), serde_json::Error>(())
//! ```

mod cluster_status;
mod defaults;
mod document;
mod enable_type_directive;
mod federated_object;
mod federated_service_status;
mod federated_type_config;
mod kubefed_cluster;
mod kubefed_config;
mod metadata;
mod overrides;
mod placement;
mod propagated_version;
mod replica_scheduling_preference;
mod unknown;

pub use cluster_status::ClusterStatus;
pub use document::Document;
pub use enable_type_directive::{EnableTypeDirective, EnableTypeDirectiveSpec};
pub use federated_object::{
    FederatedClusterStatus, FederatedCondition, FederatedObject, FederatedSpec, FederatedStatus,
};
pub use federated_service_status::{FederatedServiceClusterStatus, FederatedServiceStatus};
pub use federated_type_config::{
    ApiResource, FederatedTypeConfig, FederatedTypeConfigSpec, FederatedTypeConfigStatus,
};
pub use kubefed_cluster::{
    ClusterCondition, KubeFedCluster, KubeFedClusterSpec, KubeFedClusterStatus, SecretReference,
};
pub use kubefed_config::{
    ClusterHealthCheck, ControllerDuration, FeatureGate, KubeFedConfig, KubeFedConfigSpec,
    LeaderElect, StatusController, SyncController,
};
pub use metadata::ObjectMeta;
pub use overrides::{ClusterOverride, OverrideEntry};
pub use placement::{ClusterReference, LabelRequirement, LabelSelector, Placement};
pub use propagated_version::{
    ClusterObjectVersion, ClusterPropagatedVersion, PropagatedVersion, PropagatedVersionStatus,
};
pub use replica_scheduling_preference::{
    ClusterPreferences, ReplicaSchedulingPreference, ReplicaSchedulingPreferenceSpec,
};
pub use unknown::{KnownFields, Place, Unknown, unknown_fields};
