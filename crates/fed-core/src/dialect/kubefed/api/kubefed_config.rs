//! What does `core.kubefed.io/v1beta1 KubeFedConfig` look like?

use super::ObjectMeta;
use super::document::{document, object};

object! {
    /// How a control plane works.
    #[derive(Debug)]
    pub struct KubeFedConfig {
        /// `core.kubefed.io/v1beta1`.
        api_version: String = "apiVersion",
        /// `KubeFedConfig`.
        kind: String = "kind",
        /// Only the object named `kubefed` counts.
        metadata: ObjectMeta = "metadata",
        /// How it works.
        #[schemars(required)]
        spec: KubeFedConfigSpec = "spec",
    }
}

document!(KubeFedConfig, "core.kubefed.io/v1beta1");

object! {
    /// How a control plane works.
    #[derive(Debug)]
    pub struct KubeFedConfigSpec {
        /// What it looks after: `Cluster`, or `Namespaced` for its own namespace alone.
        #[schemars(required)]
        scope: String = "scope",
        /// How long it waits for clusters.
        controller_duration: ControllerDuration = "controllerDuration",
        /// How its processes agree on which of them leads.
        leader_elect: LeaderElect = "leaderElect",
        /// What is switched on and off.
        feature_gates: Vec<FeatureGate> = "featureGates",
        /// When a cluster is healthy.
        cluster_health_check: ClusterHealthCheck = "clusterHealthCheck",
        /// How objects are put into clusters.
        sync_controller: SyncController = "syncController",
        /// How the status of objects is collected.
        status_controller: StatusController = "statusController",
    }
}

object! {
    /// How long a control plane waits for clusters. Durations are Go's: `1m30s`.
    #[derive(Debug)]
    pub struct ControllerDuration {
        /// After a cluster has become ready.
        available_delay: String = "availableDelay",
        /// After a cluster has ceased to be ready.
        unavailable_delay: String = "unavailableDelay",
        /// Until what a cluster holds has been read.
        cache_sync_timeout: String = "cacheSyncTimeout",
    }
}

object! {
    /// How processes agree on which of them leads.
    #[derive(Debug)]
    pub struct LeaderElect {
        /// How long the others wait before one of them takes over.
        lease_duration: String = "leaseDuration",
        /// How long the leader tries to stay the leader.
        renew_deadline: String = "renewDeadline",
        /// How long a process waits between attempts.
        retry_period: String = "retryPeriod",
        /// Where the leader's name stands: `configmaps` or `endpoints`.
        resource_lock: String = "resourceLock",
    }
}

object! {
    /// One thing that is switched on or off.
    #[derive(Debug)]
    pub struct FeatureGate {
        /// `PushReconciler`, `RawResourceStatusCollection` or `SchedulerPreferences`.
        #[schemars(required)]
        name: String = "name",
        /// `Enabled` or `Disabled`.
        #[schemars(required)]
        configuration: String = "configuration",
    }
}

object! {
    /// When a cluster is healthy.
    #[derive(Debug)]
    pub struct ClusterHealthCheck {
        /// How long from one question to the next.
        period: String = "period",
        /// How many bad answers make a cluster unready.
        failure_threshold: i64 = "failureThreshold",
        /// How many good answers make it ready again.
        success_threshold: i64 = "successThreshold",
        /// How long to wait for an answer.
        timeout: String = "timeout",
    }
}

object! {
    /// How objects are put into clusters.
    #[derive(Debug)]
    pub struct SyncController {
        /// How many objects of a type at once.
        max_concurrent_reconciles: i64 = "maxConcurrentReconciles",
        /// Are objects taken over that were there before: `Enabled` or `Disabled`?
        adopt_resources: String = "adoptResources",
    }
}

object! {
    /// How the status of objects is collected.
    #[derive(Debug)]
    pub struct StatusController {
        /// How many objects of a type at once.
        max_concurrent_reconciles: i64 = "maxConcurrentReconciles",
    }
}
