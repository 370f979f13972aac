//! What do `core.kubefed.io/v1alpha1 PropagatedVersion` and `ClusterPropagatedVersion` look like?

use super::ObjectMeta;
use super::document::{document, object, silent_object};

object! {
    /// Which versions of a namespaced federated object were put into clusters.
    #[derive(Debug)]
    pub struct PropagatedVersion {
        /// `core.kubefed.io/v1alpha1`.
        api_version: String = "apiVersion",
        /// `PropagatedVersion`.
        kind: String = "kind",
        /// Its name is the target's kind in lower case, a dash, and the object's name.
        metadata: ObjectMeta = "metadata",
        /// The versions.
        status: PropagatedVersionStatus = "status",
    }
}

document!(PropagatedVersion, "core.kubefed.io/v1alpha1");

object! {
    /// Which versions of a cluster-scoped federated object were put into clusters.
    #[derive(Debug)]
    pub struct ClusterPropagatedVersion {
        /// `core.kubefed.io/v1alpha1`.
        api_version: String = "apiVersion",
        /// `ClusterPropagatedVersion`.
        kind: String = "kind",
        /// Its name is the target's kind in lower case, a dash, and the object's name.
        metadata: ObjectMeta = "metadata",
        /// The versions.
        status: PropagatedVersionStatus = "status",
    }
}

document!(ClusterPropagatedVersion, "core.kubefed.io/v1alpha1");

silent_object! {
    /// Which versions were put into clusters.
    #[derive(Debug)]
    pub struct PropagatedVersionStatus {
        /// The hash of the template.
        #[schemars(required)]
        template_version: String = "templateVersion",
        /// The hash of all overrides.
        #[schemars(required)]
        overrides_version: String = "overridesVersion",
        /// The version of the object in each cluster, by the cluster's name.
        cluster_versions: Vec<ClusterObjectVersion> = "clusterVersions",
    }
}

silent_object! {
    /// The version of an object in one cluster.
    #[derive(Debug)]
    pub struct ClusterObjectVersion {
        /// The cluster's name.
        #[schemars(required)]
        cluster_name: String = "clusterName",
        /// `gen:` and its generation, or `rv:` and its resource version.
        #[schemars(required)]
        version: String = "version",
    }
}
