//! What does `core.kubefed.io/v1beta1 KubeFedCluster` look like?

use super::ObjectMeta;
use super::document::{document, object, silent_object};

object! {
    /// A member cluster: how to reach it, and how it fares.
    #[derive(Debug)]
    pub struct KubeFedCluster {
        /// `core.kubefed.io/v1beta1`.
        api_version: String = "apiVersion",
        /// `KubeFedCluster`.
        kind: String = "kind",
        /// Its name is the cluster's, and so are its labels.
        metadata: ObjectMeta = "metadata",
        /// How to reach it.
        #[schemars(required)]
        spec: KubeFedClusterSpec = "spec",
        /// How it fares.
        status: KubeFedClusterStatus = "status",
    }
}

document!(KubeFedCluster, "core.kubefed.io/v1beta1");

object! {
    /// How to reach a cluster.
    #[derive(Debug)]
    pub struct KubeFedClusterSpec {
        /// The API server: a host, a host with a port, or a URL.
        #[schemars(required)]
        api_endpoint: String = "apiEndpoint",
        /// The certificate of the API server's authority, in base64.
        ca_bundle: String = "caBundle",
        /// The secret with the cluster's token.
        #[schemars(required)]
        secret_ref: SecretReference = "secretRef",
        /// What is not checked of the certificate: `*`, `SubjectName`, `ValidityPeriod`.
        disabled_tls_validations: Vec<String> = "disabledTLSValidations",
        /// The proxy on the way to the API server.
        proxy_url: String = "proxyURL",
    }
}

object! {
    /// A secret of the control plane's namespace.
    #[derive(Debug)]
    pub struct SecretReference {
        /// Its name.
        #[schemars(required)]
        name: String = "name",
    }
}

silent_object! {
    /// How a cluster fares.
    #[derive(Debug)]
    pub struct KubeFedClusterStatus {
        /// What is known of its health.
        conditions: Vec<ClusterCondition> = "conditions",
        /// The version of its API server.
        kubernetes_version: String = "kubernetesVersion",
        /// The zones of its nodes.
        zones: Vec<String> = "zones",
        /// The region of its nodes.
        region: String = "region",
    }
}

silent_object! {
    /// One thing that is known of a cluster's health.
    #[derive(Debug)]
    pub struct ClusterCondition {
        /// `Ready`, `Offline` or `ConfigMalformed`.
        #[schemars(required)]
        condition_type: String = "type",
        /// `True`, `False` or `Unknown`.
        #[schemars(required)]
        status: String = "status",
        /// When the cluster was last asked.
        #[schemars(required)]
        last_probe_time: String = "lastProbeTime",
        /// When the status last changed.
        last_transition_time: String = "lastTransitionTime",
        /// Why, in a word.
        reason: String = "reason",
        /// Why, in a sentence.
        message: String = "message",
    }
}
