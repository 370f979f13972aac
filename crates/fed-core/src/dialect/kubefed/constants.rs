//! Which names did KubeFed give to things? Labels, annotations and names that stand in clusters
//! today, so that an installation can be taken over in place.

/// The group of the kinds that configure federation.
pub const CORE_GROUP: &str = "core.kubefed.io";

/// The group of the Federated kinds, unless a FederatedTypeConfig says otherwise.
pub const TYPES_GROUP: &str = "types.kubefed.io";

/// The version of the Federated kinds, unless a FederatedTypeConfig says otherwise.
pub const TYPES_VERSION: &str = "v1beta1";

/// The group of the scheduling preferences.
pub const SCHEDULING_GROUP: &str = "scheduling.kubefed.io";

/// What the name of a Federated kind starts with, before the name of its target.
pub const FEDERATED_KIND_PREFIX: &str = "Federated";

/// The namespace of clusters, configuration and secrets, unless the installation has another.
pub const CONTROL_PLANE_NAMESPACE: &str = "kube-federation-system";

/// The name of the one KubeFedConfig that counts.
pub const CONFIG_NAME: &str = "kubefed";

/// The label of every object that was put into a member cluster.
pub const MANAGED_LABEL: &str = "kubefed.io/managed";

/// The value of [`MANAGED_LABEL`] on an object that is managed.
pub const MANAGED_TRUE: &str = "true";

/// The value of [`MANAGED_LABEL`] on an object that must be left alone.
pub const MANAGED_FALSE: &str = "false";

/// The annotation of a federated object whose objects stay when it goes.
pub const ORPHAN_ANNOTATION: &str = "kubefed.io/orphan";

/// The value of [`ORPHAN_ANNOTATION`] that has an effect.
pub const ORPHAN_TRUE: &str = "true";

/// The annotation of a federated object with the options of its objects' deletion, as JSON.
pub const DELETE_OPTIONS_ANNOTATION: &str = "kubefed.io/deleteoption";

/// The finalizer of federated objects.
pub const SYNC_FINALIZER: &str = "kubefed.io/sync-controller";

/// The finalizer of FederatedTypeConfigs.
pub const TYPE_CONFIG_FINALIZER: &str = "core.kubefed.io/federated-type-config";

/// The one condition type of federated objects.
pub const PROPAGATION_CONDITION: &str = "Propagation";

/// The key of a cluster's secret that holds its token.
pub const SECRET_TOKEN_KEY: &str = "token";

/// The key of a service account's secret that holds the certificate of its cluster.
pub const SECRET_CA_KEY: &str = "ca.crt";

/// The key of a ReplicaSchedulingPreference's clusters that stands for all the others.
pub const ALL_CLUSTERS: &str = "*";

/// Namespaces that every cluster has of its own: never propagated.
pub const IGNORED_NAMESPACES: &[&str] = &[
    "kube-system",
    "kube-public",
    "default",
    CONTROL_PLANE_NAMESPACE,
];
