//! What does `scheduling.kubefed.io/v1alpha1 ReplicaSchedulingPreference` look like?

use std::collections::BTreeMap;

use super::ObjectMeta;
use super::document::{document, object};

object! {
    /// How the replicas of a federated workload are divided between clusters.
    #[derive(Debug)]
    pub struct ReplicaSchedulingPreference {
        /// `scheduling.kubefed.io/v1alpha1`.
        api_version: String = "apiVersion",
        /// `ReplicaSchedulingPreference`.
        kind: String = "kind",
        /// It is about the workload of the same name and namespace.
        metadata: ObjectMeta = "metadata",
        /// How they are divided.
        #[schemars(required)]
        spec: ReplicaSchedulingPreferenceSpec = "spec",
        /// KubeFed writes nothing here.
        status: serde_json::Value = "status",
    }
}

document!(
    ReplicaSchedulingPreference,
    "scheduling.kubefed.io/v1alpha1"
);

object! {
    /// How replicas are divided.
    #[derive(Debug)]
    pub struct ReplicaSchedulingPreferenceSpec {
        /// The workload's kind: `FederatedDeployment` or `FederatedReplicaSet`.
        #[schemars(required)]
        target_kind: String = "targetKind",
        /// How many replicas there are in all.
        #[schemars(required)]
        total_replicas: i64 = "totalReplicas",
        /// May running replicas be moved for a better division?
        rebalance: bool = "rebalance",
        /// Is the division kept to the clusters that the workload's selector chooses?
        intersect_with_cluster_selector: bool = "intersectWithClusterSelector",
        /// What is wanted of each cluster; `*` stands for the clusters that are not named.
        clusters: BTreeMap<String, ClusterPreferences> = "clusters",
    }
}

object! {
    /// What is wanted of one cluster.
    #[derive(Debug)]
    pub struct ClusterPreferences {
        /// At least so many replicas.
        min_replicas: i64 = "minReplicas",
        /// At most so many replicas.
        max_replicas: i64 = "maxReplicas",
        /// Its share of what is divided, beside the others' weights.
        weight: i64 = "weight",
    }
}
