//! What is known of each Kubernetes kind? One file a kind, behind one trait.

mod cluster_role;
mod cluster_role_binding;
mod config_map;
mod cron_job;
mod custom_resource_definition;
mod daemon_set;
mod deployment;
mod gateway;
mod helm_release;
mod horizontal_pod_autoscaler;
mod http_route;
mod ingress;
mod job;
mod knative_service;
mod kustomization;
mod namespace;
mod network_policy;
mod persistent_volume;
mod persistent_volume_claim;
mod pod;
mod pod_disruption_budget;
mod replica_set;
mod role;
mod role_binding;
mod rollout;
mod secret;
mod service;
mod service_account;
mod stateful_set;

mod aggregate;
mod any;
mod collected;
mod computed;
mod declared;
mod dependencies;
mod document;
mod expressions;
mod health;
mod keep;
mod local;
mod manners;
mod paths;
mod pod_template;
mod reference;
mod reflect;
mod registry;
mod replace;
mod replicas;
mod retain;
mod retired;
mod when;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::identity::GroupVersionKind;

pub use aggregate::{Adds, ClusterStatus};
pub(crate) use any::AnyKind;
pub use cluster_role::ClusterRole;
pub use cluster_role_binding::ClusterRoleBinding;
pub use collected::{Collected, is_everywhere};
pub use config_map::ConfigMap;
pub use cron_job::CronJob;
pub use custom_resource_definition::CustomResourceDefinition;
pub use daemon_set::DaemonSet;
pub use declared::DeclaredKind;
pub use dependencies::Names;
pub use deployment::Deployment;
pub use document::{DependencyRule, KindDocument, Misdeclared};
pub use expressions::KindExpressions;
pub use gateway::Gateway;
pub(crate) use health::is_observed;
pub use health::{Counts, Health, HealthRule, HealthState};
pub use helm_release::HelmRelease;
pub use horizontal_pod_autoscaler::HorizontalPodAutoscaler;
pub use http_route::HttpRoute;
pub use ingress::Ingress;
pub use job::Job;
pub use keep::Keep;
pub use knative_service::KnativeService;
pub use kustomization::Kustomization;
pub use local::Local;
pub use manners::Manners;
pub use namespace::Namespace;
pub use network_policy::NetworkPolicy;
pub use paths::Misshapen;
pub use persistent_volume::PersistentVolume;
pub use persistent_volume_claim::PersistentVolumeClaim;
pub use pod::Pod;
pub use pod_disruption_budget::PodDisruptionBudget;
pub use reference::{Needed, Port, Reference, Remark};
pub use reflect::{Collects, Noted};
pub use registry::Kinds;
pub use replace::{Immutable, Replacement};
pub use replica_set::ReplicaSet;
pub use retain::Retention;
pub(crate) use retired::successor;
pub use retired::{Retirement, retired};
pub use role::Role;
pub use role_binding::RoleBinding;
pub use rollout::Rollout;
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
/// use fed_core::kinds::{
///     Adds, ClusterStatus, HealthRule, HealthState, Immutable, Keep, Kind, Kinds, Manners, Names,
///     Retention, Scope,
/// };
/// use serde_json::json;
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
///     // Everything below is optional too: without it, what holds for most kinds holds.
///     fn kept(&self, _: Manners) -> &[Keep] {
///         // Each cluster's own queue controller writes it.
///         const { &[Keep::live("/spec/queueSlot")] }
///     }
///     fn health_rule(&self, _: Manners) -> HealthRule {
///         HealthRule::Ready("Trained".into())
///     }
///     fn names(&self) -> &[Names] {
///         const { &[Names::core("Secret", "/spec/registry/secretName")] }
///     }
///     fn adds(&self, _: Manners) -> &[Adds] {
///         const { &[Adds::sum("epochs"), Adds::Conditions] }
///     }
///     fn immutable(&self) -> &[Immutable] {
///         const { &[Immutable::at("/spec/dataset")] }
///     }
/// }
///
/// let kinds = Kinds::builtin().with(TrainingRun);
/// let found = kinds.find("ml.example.com", "TrainingRun").expect("it was just added");
/// assert_eq!(found.plural(), "trainingruns");
/// assert_eq!(found.gvk().api_version(), "ml.example.com/v1");
///
/// // How is it, in one cluster?
/// let live = json!({
///     "spec": {"queueSlot": 4, "dataset": "a"},
///     "status": {"epochs": 2, "conditions": [{"type": "Trained", "status": "Unknown"}]},
/// });
/// let health = found.health(&live, Manners::Native);
/// assert_eq!(health.state, HealthState::Progressing);
///
/// // What must an update keep, and what can no update change?
/// let mut desired = json!({"spec": {"dataset": "b"}});
/// let replacement = found.needs_replace(&live, &desired).expect("another data set");
/// assert_eq!(replacement.path.as_str(), "/spec/dataset");
/// found.retain(&mut desired, &live, &Retention::default()).expect("well formed");
/// assert_eq!(desired["spec"]["queueSlot"], 4);
///
/// // And how is it in all clusters?
/// let status = &live["status"];
/// let members = [ClusterStatus::current("east", status), ClusterStatus::current("west", status)];
/// let whole = found.aggregate_status(&desired, &members, Manners::Native).expect("it adds up");
/// assert_eq!(whole["epochs"], 4);
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
    fn ready_path(&self) -> &str {
        replicas::READY
    }

    /// An object as an API server keeps it, where that is not what it was given.
    fn stored(&self, _object: &Value) -> Option<Value> {
        None
    }

    /// Where an object has a number that is divided along with its replicas, in the same
    /// proportions, such as the completions of a Job.
    fn divided_along(&self) -> Option<&str> {
        None
    }

    /// Where an object has the template of its pods, as a JSON Pointer; `None` when it makes no
    /// pods.
    fn pod_template_path(&self) -> Option<&str> {
        None
    }

    /// How many replicas an object wants, where it says so.
    fn replicas(&self, object: &Value) -> Option<i64> {
        replicas::read(object, self.replicas_path()?)
    }

    /// Writes how many replicas an object shall have. Nothing changes for a kind without replicas.
    fn set_replicas(
        &self,
        object: &mut Value,
        replicas: i64,
        manners: Manners,
    ) -> Result<(), Misshapen> {
        match self.replicas_path() {
            Some(path) => replicas::write(object, path, replicas, manners),
            None => Ok(()),
        }
    }

    /// The fields that the member cluster and its controllers own. Metadata and, where that is
    /// asked for, the replicas are kept beyond these.
    fn kept(&self, _manners: Manners) -> &[Keep] {
        &[]
    }

    /// Writes into `desired` what the cluster that holds `live` owns, so that an update does not
    /// take it away. It never changes which object it is, and to do it twice is to do it once.
    /// Nothing changes if it fails.
    fn retain(
        &self,
        desired: &mut Value,
        live: &Value,
        how: &Retention<'_>,
    ) -> Result<(), Misshapen> {
        retain::retain(
            desired,
            live,
            self.kept(how.manners),
            self.replicas_path(),
            how,
        )
    }

    /// Can what a cluster owns take the place of something that `desired` says? Then what it is to
    /// be is not known before the live object is.
    fn depends_on_cluster(&self, desired: &Value, manners: Manners) -> bool {
        let mut kept = self.kept(manners).iter();
        kept.any(|keep| keep.overrules(desired))
    }

    /// The fields in which an object speaks of the one cluster that it was taken from.
    fn local(&self, _manners: Manners) -> &[Local] {
        &[]
    }

    /// Takes out of an object what the cluster that it was taken from filled in for itself, so that
    /// it can be a template for others. Metadata that no kind has of its own stays.
    fn take_out_local(&self, object: &mut Value, manners: Manners) {
        local::take_out(object, self.local(manners));
    }

    /// What the health of an object is read from.
    fn health_rule(&self, _manners: Manners) -> HealthRule {
        HealthRule::Usual
    }

    /// How an object in a cluster is, and why.
    fn health(&self, object: &Value, manners: Manners) -> Health {
        health::health(object, &self.health_rule(manners), self.replicas_path())
    }

    /// May a rollout go on to the next cluster, as far as this object is concerned?
    fn is_ready_for_rollout(&self, object: &Value) -> bool {
        self.health(object, Manners::Native).is_healthy()
    }

    /// The places where objects name others that they need.
    fn names(&self) -> &[Names] {
        &[]
    }

    /// The other objects that an object needs to do its work: those that its pods name, and those
    /// at the places of [`Kind::names`].
    fn references(&self, object: &Value) -> Vec<Reference> {
        let mut found = dependencies::named(object, "", self.names());
        if let Some(path) = self.pod_template_path() {
            found.extend(pod_template::references(object, path));
        }
        found
    }

    /// What is collected of the status of an object; `None` for all of it.
    fn collects(&self) -> Option<Collects> {
        None
    }

    /// The part of the status of an object in a cluster that is collected.
    fn reflect_status(&self, object: &Value, manners: Manners) -> Result<Option<Value>, Misshapen> {
        reflect::reflect(object, self.collects(), manners)
    }

    /// How the parts of the statuses of many clusters add up.
    fn adds(&self, _manners: Manners) -> &[Adds] {
        aggregate::USUAL
    }

    /// The status of the object as a whole, by the statuses that were collected in its clusters.
    /// `None` leaves the status of the template as it is. The order of the clusters does not matter.
    fn aggregate_status(
        &self,
        template: &Value,
        members: &[ClusterStatus<'_>],
        manners: Manners,
    ) -> Option<Value> {
        let rules = self.adds(manners);
        let adds_up = manners != Manners::KubeFed && !rules.is_empty();
        adds_up.then(|| aggregate::aggregate(template, members, rules, manners))
    }

    /// The fields that cannot be changed once an object is there.
    fn immutable(&self) -> &[Immutable] {
        &[]
    }

    /// Why an object cannot become what it shall be by an update, if so: which of the fields that
    /// change the API server does not let change. Both are what was, and is to be, written; what
    /// a cluster made of it says more than was written.
    fn needs_replace(&self, before: &Value, after: &Value) -> Option<Replacement> {
        replace::replacement(before, after, self.immutable())
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
