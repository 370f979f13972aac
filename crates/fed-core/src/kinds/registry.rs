//! Which kinds are known? The built-in ones, and those that users add.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use super::{
    ClusterRole, ClusterRoleBinding, ConfigMap, CronJob, CustomResourceDefinition, DaemonSet,
    Deployment, Gateway, HelmRelease, HorizontalPodAutoscaler, HttpRoute, Ingress, Job, Kind,
    Kustomization, Namespace, NetworkPolicy, PersistentVolume, PersistentVolumeClaim, Pod,
    PodDisruptionBudget, ReplicaSet, Role, RoleBinding, Rollout, Secret, Service, ServiceAccount,
    StatefulSet,
};

/// The kinds that are known, by group and name. Cloning copies a pointer.
///
/// ```
/// use fed_core::kinds::{Kinds, Scope};
///
/// let kinds = Kinds::builtin();
/// let job = kinds.find("batch", "Job").expect("built in");
/// assert_eq!(job.scope(), Scope::Namespaced);
/// assert_eq!(job.replicas_path(), Some("/spec/parallelism"));
/// ```
#[derive(Clone)]
pub struct Kinds(Arc<Vec<Arc<dyn Kind>>>); // sorted by kind and group, each pair once

impl Kinds {
    /// The kinds that every cluster has, and a few that many have: of the Gateway API, Argo Rollouts
    /// and Flux. [`KnativeService`](super::KnativeService) has to be added: KubeFed tells kinds
    /// apart by their names alone, and its `FederatedService` is the one of the core group.
    pub fn builtin() -> Self {
        let mut kinds: Vec<Arc<dyn Kind>> = vec![
            Arc::new(ClusterRole),
            Arc::new(ClusterRoleBinding),
            Arc::new(ConfigMap),
            Arc::new(CronJob),
            Arc::new(CustomResourceDefinition),
            Arc::new(DaemonSet),
            Arc::new(Deployment),
            Arc::new(Gateway),
            Arc::new(HelmRelease),
            Arc::new(HorizontalPodAutoscaler),
            Arc::new(HttpRoute),
            Arc::new(Ingress),
            Arc::new(Job),
            Arc::new(Kustomization),
            Arc::new(Namespace),
            Arc::new(NetworkPolicy),
            Arc::new(PersistentVolume),
            Arc::new(PersistentVolumeClaim),
            Arc::new(Pod),
            Arc::new(PodDisruptionBudget),
            Arc::new(ReplicaSet),
            Arc::new(Role),
            Arc::new(RoleBinding),
            Arc::new(Rollout),
            Arc::new(Secret),
            Arc::new(Service),
            Arc::new(ServiceAccount),
            Arc::new(StatefulSet),
        ];
        kinds.sort_by(|one, other| order(one.as_ref(), other.kind(), other.group()));
        Self(Arc::new(kinds))
    }

    /// The same kinds and this one. It takes the place of a kind of the same group and name.
    #[must_use]
    pub fn with(mut self, kind: impl Kind + 'static) -> Self {
        let kind: Arc<dyn Kind> = Arc::new(kind);
        let place = self.place(kind.group(), kind.kind());
        let kinds = Arc::make_mut(&mut self.0);
        match place {
            Ok(at) => {
                if let Some(known) = kinds.get_mut(at) {
                    *known = kind;
                }
            }
            Err(at) => kinds.insert(at, kind),
        }
        self
    }

    /// What is known of this kind of this group, whatever the version.
    pub fn find(&self, group: &str, kind: &str) -> Option<&Arc<dyn Kind>> {
        let at = self.place(group, kind).ok()?;
        self.0.get(at)
    }

    /// All kinds, ordered by name and group.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn Kind>> {
        self.0.iter()
    }

    fn place(&self, group: &str, kind: &str) -> Result<usize, usize> {
        self.0
            .binary_search_by(|known| order(known.as_ref(), kind, group))
    }
}

fn order(known: &dyn Kind, kind: &str, group: &str) -> Ordering {
    (known.kind(), known.group()).cmp(&(kind, group))
}

impl Default for Kinds {
    fn default() -> Self {
        Self::builtin()
    }
}

impl fmt::Debug for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.iter().map(|kind| kind.gvk()))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{DeclaredKind, Scope};
    use super::*;
    use crate::identity::GroupVersionKind;

    // As `kubectl api-resources` prints them.
    #[rustfmt::skip]
    const BUILTIN: &[(&str, &str, &str, &str, Scope)] = &[
        ("rbac.authorization.k8s.io", "ClusterRole", "v1", "clusterroles", Scope::Cluster),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding", "v1", "clusterrolebindings", Scope::Cluster),
        ("", "ConfigMap", "v1", "configmaps", Scope::Namespaced),
        ("batch", "CronJob", "v1", "cronjobs", Scope::Namespaced),
        ("apiextensions.k8s.io", "CustomResourceDefinition", "v1", "customresourcedefinitions", Scope::Cluster),
        ("apps", "DaemonSet", "v1", "daemonsets", Scope::Namespaced),
        ("apps", "Deployment", "v1", "deployments", Scope::Namespaced),
        ("gateway.networking.k8s.io", "Gateway", "v1", "gateways", Scope::Namespaced),
        ("gateway.networking.k8s.io", "HTTPRoute", "v1", "httproutes", Scope::Namespaced),
        ("helm.toolkit.fluxcd.io", "HelmRelease", "v2", "helmreleases", Scope::Namespaced),
        ("kustomize.toolkit.fluxcd.io", "Kustomization", "v1", "kustomizations", Scope::Namespaced),
        ("argoproj.io", "Rollout", "v1alpha1", "rollouts", Scope::Namespaced),
        ("", "PersistentVolume", "v1", "persistentvolumes", Scope::Cluster),
        ("", "Pod", "v1", "pods", Scope::Namespaced),
        ("autoscaling", "HorizontalPodAutoscaler", "v2", "horizontalpodautoscalers", Scope::Namespaced),
        ("networking.k8s.io", "Ingress", "v1", "ingresses", Scope::Namespaced),
        ("batch", "Job", "v1", "jobs", Scope::Namespaced),
        ("", "Namespace", "v1", "namespaces", Scope::Cluster),
        ("networking.k8s.io", "NetworkPolicy", "v1", "networkpolicies", Scope::Namespaced),
        ("", "PersistentVolumeClaim", "v1", "persistentvolumeclaims", Scope::Namespaced),
        ("policy", "PodDisruptionBudget", "v1", "poddisruptionbudgets", Scope::Namespaced),
        ("apps", "ReplicaSet", "v1", "replicasets", Scope::Namespaced),
        ("rbac.authorization.k8s.io", "Role", "v1", "roles", Scope::Namespaced),
        ("rbac.authorization.k8s.io", "RoleBinding", "v1", "rolebindings", Scope::Namespaced),
        ("", "Secret", "v1", "secrets", Scope::Namespaced),
        ("", "Service", "v1", "services", Scope::Namespaced),
        ("", "ServiceAccount", "v1", "serviceaccounts", Scope::Namespaced),
        ("apps", "StatefulSet", "v1", "statefulsets", Scope::Namespaced),
    ];

    const REPLICAS: &[(&str, &str)] = &[
        ("Deployment", "/spec/replicas"),
        ("Job", "/spec/parallelism"),
        ("ReplicaSet", "/spec/replicas"),
        ("Rollout", "/spec/replicas"),
        ("StatefulSet", "/spec/replicas"),
    ];

    #[test]
    fn every_builtin_kind_is_found_and_is_as_kubernetes_has_it() {
        let kinds = Kinds::default();
        assert_eq!(kinds.iter().count(), BUILTIN.len());
        for &(group, kind, version, plural, scope) in BUILTIN {
            let found = kinds.find(group, kind).unwrap_or_else(|| panic!("{kind}"));
            assert_eq!(found.gvk(), GroupVersionKind::new(group, version, kind));
            assert_eq!((found.plural(), found.scope()), (plural, scope), "{kind}");
        }
    }

    #[test]
    fn only_kinds_with_replicas_have_a_path_to_them() {
        let kinds = Kinds::builtin();
        let paths: Vec<_> = kinds
            .iter()
            .filter_map(|kind| Some((kind.kind(), kind.replicas_path()?)))
            .collect();
        assert_eq!(paths, REPLICAS);
    }

    #[test]
    fn a_kind_is_found_by_group_and_name_together() {
        let kinds = Kinds::builtin();
        assert!(kinds.find("extensions", "Deployment").is_none());
        assert!(kinds.find("apps", "deployment").is_none());
        assert!(kinds.find("", "").is_none());
    }

    #[test]
    fn an_added_kind_stands_in_order_and_an_override_in_its_place() {
        let declared = |group: &str, kind: &str, plural: &str| {
            let gvk = GroupVersionKind::new(group, "v9", kind);
            DeclaredKind::new(gvk, plural, Scope::Cluster)
        };
        let before = Kinds::builtin();
        let after = before
            .clone()
            .with(declared("zoo.example.com", "Deployment", "zooDeployments"))
            .with(declared("", "Aardvark", "aardvarks"))
            .with(declared("", "Secret", "mysecrets"));
        assert_eq!(after.iter().count(), before.iter().count() + 2);
        assert!(after.iter().is_sorted_by_key(|kind| kind.gvk()));
        let plural = |kinds: &Kinds, group, kind| {
            kinds
                .find(group, kind)
                .map(|found| found.plural().to_owned())
        };
        assert_eq!(plural(&after, "", "Secret").as_deref(), Some("mysecrets"));
        assert_eq!(plural(&before, "", "Secret").as_deref(), Some("secrets"));
        assert_eq!(
            plural(&after, "apps", "Deployment").as_deref(),
            Some("deployments")
        );
    }
}
