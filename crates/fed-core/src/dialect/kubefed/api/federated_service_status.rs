//! What does `core.kubefed.io/v1alpha1 FederatedServiceStatus` look like?

use serde_json::Value;

use super::ObjectMeta;
use super::document::{document, object, silent_object};

object! {
    /// The status of a service in each cluster, beside the FederatedService of the same name.
    #[derive(Debug)]
    pub struct FederatedServiceStatus {
        /// `core.kubefed.io/v1alpha1`.
        api_version: String = "apiVersion",
        /// `FederatedServiceStatus`.
        kind: String = "kind",
        /// Its name and namespace are the FederatedService's.
        metadata: ObjectMeta = "metadata",
        /// The status in each cluster.
        cluster_status: Vec<FederatedServiceClusterStatus> = "clusterStatus",
    }
}

document!(FederatedServiceStatus, "core.kubefed.io/v1alpha1");

silent_object! {
    /// The status of a service in one cluster.
    #[derive(Debug)]
    pub struct FederatedServiceClusterStatus {
        /// The cluster's name.
        #[schemars(required)]
        cluster_name: String = "clusterName",
        /// The `status` of the cluster's Service.
        #[schemars(required)]
        status: Value = "status",
    }
}
