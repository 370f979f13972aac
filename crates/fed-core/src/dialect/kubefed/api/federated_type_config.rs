//! What does `core.kubefed.io/v1beta1 FederatedTypeConfig` look like?

use super::ObjectMeta;
use super::document::{document, object, silent_object};

object! {
    /// That objects of a kind can be federated, and by which Federated kind.
    #[derive(Debug)]
    pub struct FederatedTypeConfig {
        /// `core.kubefed.io/v1beta1`.
        api_version: String = "apiVersion",
        /// `FederatedTypeConfig`.
        kind: String = "kind",
        /// Its name is the target's plural, followed by a dot and its group if it has one.
        metadata: ObjectMeta = "metadata",
        /// Which kinds, and what is done with them.
        #[schemars(required)]
        spec: FederatedTypeConfigSpec = "spec",
        /// What runs for them.
        status: FederatedTypeConfigStatus = "status",
    }
}

document!(FederatedTypeConfig, "core.kubefed.io/v1beta1");

object! {
    /// Which kinds, and what is done with them.
    #[derive(Debug)]
    pub struct FederatedTypeConfigSpec {
        /// The kind that is put into clusters.
        #[schemars(required)]
        target_type: ApiResource = "targetType",
        /// The kind that people write.
        #[schemars(required)]
        federated_type: ApiResource = "federatedType",
        /// The kind that holds what clusters report.
        status_type: ApiResource = "statusType",
        /// Is anything put into clusters: `Enabled` or `Disabled`?
        #[schemars(required)]
        propagation: String = "propagation",
        /// Is anything read back: `Enabled` or `Disabled`?
        status_collection: String = "statusCollection",
    }
}

object! {
    /// A kind, and how the API serves it.
    #[derive(Debug)]
    pub struct ApiResource {
        /// The group; absent or empty for the core group.
        group: String = "group",
        /// The version.
        #[schemars(required)]
        version: String = "version",
        /// The kind.
        #[schemars(required)]
        kind: String = "kind",
        /// The plural.
        #[schemars(required)]
        plural_name: String = "pluralName",
        /// `Cluster` or `Namespaced`.
        #[schemars(required)]
        scope: String = "scope",
    }
}

silent_object! {
    /// What runs for a pair of kinds.
    #[derive(Debug)]
    pub struct FederatedTypeConfigStatus {
        /// The generation of the object that this is about.
        #[schemars(required)]
        observed_generation: i64 = "observedGeneration",
        /// `Running` or `NotRunning`.
        #[schemars(required)]
        propagation_controller: String = "propagationController",
        /// `Running` or `NotRunning`.
        status_controller: String = "statusController",
    }
}
