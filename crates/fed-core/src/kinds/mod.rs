//! What is known of each Kubernetes kind? One file a kind, behind one trait.

mod cluster_role;
mod cluster_role_binding;
mod config_map;
mod cron_job;
mod custom_resource_definition;
mod daemon_set;
mod deployment;
mod horizontal_pod_autoscaler;
mod ingress;
mod job;
mod namespace;
mod network_policy;
mod persistent_volume_claim;
mod pod_disruption_budget;
mod replica_set;
mod role;
mod role_binding;
mod secret;
mod service;
mod service_account;
mod stateful_set;

mod declared;
mod pod_template;
mod reference;
mod registry;
mod retired;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::identity::GroupVersionKind;

pub use cluster_role::ClusterRole;
pub use cluster_role_binding::ClusterRoleBinding;
pub use config_map::ConfigMap;
pub use cron_job::CronJob;
pub use custom_resource_definition::CustomResourceDefinition;
pub use daemon_set::DaemonSet;
pub use declared::DeclaredKind;
pub use deployment::Deployment;
pub use horizontal_pod_autoscaler::HorizontalPodAutoscaler;
pub use ingress::Ingress;
pub use job::Job;
pub use namespace::Namespace;
pub use network_policy::NetworkPolicy;
pub use persistent_volume_claim::PersistentVolumeClaim;
pub use pod_disruption_budget::PodDisruptionBudget;
pub use reference::{Needed, Port, Reference, Remark};
pub use registry::Kinds;
pub use replica_set::ReplicaSet;
pub(crate) use retired::successor;
pub use retired::{Retirement, retired};
pub use role::Role;
pub use role_binding::RoleBinding;
pub use secret::Secret;
pub use service::Service;
pub use service_account::ServiceAccount;
pub use stateful_set::StatefulSet;

/// Do objects of a kind live in a namespace?
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Scope {
    /// No: the cluster has one object of each name.
    Cluster,
    /// Yes: each namespace has one object of each name.
    Namespaced,
}

impl Scope {
    /// The scope as Kubernetes writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cluster => "Cluster",
            Self::Namespaced => "Namespaced",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// All that is known of one Kubernetes kind.
///
/// A kind is known by its group and its name; the version is the one to prefer when nothing else
/// names one. The answers of one value must not change while it is in use.
///
/// # A kind of your own
///
/// ```
/// use fed_core::kinds::{Kind, Kinds, Scope};
///
/// /// A kind that your operator defines: its replicas are called workers.
/// #[derive(Debug)]
/// struct TrainingRun;
///
/// impl Kind for TrainingRun {
///     fn group(&self) -> &str {
///         "ml.example.com"
///     }
///     fn version(&self) -> &str {
///         "v1"
///     }
///     fn kind(&self) -> &str {
///         "TrainingRun"
///     }
///     fn plural(&self) -> &str {
///         "trainingruns"
///     }
///     fn scope(&self) -> Scope {
///         Scope::Namespaced
///     }
///     fn replicas_path(&self) -> Option<&str> {
///         Some("/spec/workers")
///     }
/// }
///
/// let kinds = Kinds::builtin().with(TrainingRun);
/// let found = kinds.find("ml.example.com", "TrainingRun").expect("it was just added");
/// assert_eq!(found.plural(), "trainingruns");
/// assert_eq!(found.gvk().api_version(), "ml.example.com/v1");
/// ```
pub trait Kind: fmt::Debug + Send + Sync {
    /// The API group, empty for the core group.
    fn group(&self) -> &str;

    /// The version to prefer.
    fn version(&self) -> &str;

    /// The name of the kind, such as `Deployment`.
    fn kind(&self) -> &str;

    /// The plural, as it stands in the paths of the API: `deployments`.
    fn plural(&self) -> &str;

    /// Do its objects live in a namespace?
    fn scope(&self) -> Scope;

    /// Where an object says how many replicas it wants, as a JSON Pointer; `None` when the kind
    /// has no replicas to divide.
    fn replicas_path(&self) -> Option<&str> {
        None
    }

    /// Where an object that runs says how many of its replicas are ready, as a JSON Pointer.
    fn ready_path(&self) -> &'static str {
        "/status/readyReplicas"
    }

    /// An object as an API server keeps it, where that is not what it was given.
    fn stored(&self, _object: &Value) -> Option<Value> {
        None
    }

    /// Where an object has the template of its pods, as a JSON Pointer; `None` when it makes no
    /// pods.
    fn pod_template_path(&self) -> Option<&str> {
        None
    }

    /// The other objects that an object needs to do its work.
    fn references(&self, object: &Value) -> Vec<Reference> {
        self.pod_template_path()
            .map_or_else(Vec::new, |path| pod_template::references(object, path))
    }

    /// What people may want to know about an object that is valid.
    fn remarks(&self, _object: &Value) -> Vec<Remark> {
        Vec::new()
    }

    /// Group, preferred version and kind as one value.
    fn gvk(&self) -> GroupVersionKind {
        GroupVersionKind::new(self.group(), self.version(), self.kind())
    }
}
