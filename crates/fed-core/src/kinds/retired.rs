//! Which versions of APIs are served no more, and what took their place?

use crate::identity::GroupVersionKind;

/// What became of a version that is served no more.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retirement {
    /// The Kubernetes release that stopped serving it.
    pub removed_in: &'static str,
    /// What took its place, if anything did.
    pub successor: Option<GroupVersionKind>,
    /// Does an object stay valid when only its `apiVersion` is changed to that?
    pub same_shape: bool,
}

/// Whether an object of the old version is one of the new version as it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Same,
    Changed,
}

use Shape::{Changed, Same};

/// The old version, its kinds, the version that has them now, and the release that dropped it.
type Row = (
    &'static str,
    &'static [&'static str],
    Option<&'static str>,
    Shape,
    &'static str,
);

const ROLES: &[&str] = &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];
const FLOWS: &[&str] = &["FlowSchema", "PriorityLevelConfiguration"];
const WEBHOOKS: &[&str] = &[
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];
const REVIEWS: &[&str] = &[
    "LocalSubjectAccessReview",
    "SelfSubjectAccessReview",
    "SelfSubjectRulesReview",
    "SubjectAccessReview",
];
const VOLUMES: &[&str] = &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"];

// A table: one line a row.
#[rustfmt::skip]
static RETIRED: &[Row] = &[
    ("extensions/v1beta1", &["DaemonSet", "Deployment", "ReplicaSet"], Some("apps/v1"), Same, "1.16"),
    ("extensions/v1beta1", &["NetworkPolicy"], Some("networking.k8s.io/v1"), Same, "1.16"),
    ("extensions/v1beta1", &["PodSecurityPolicy"], None, Changed, "1.16"),
    ("apps/v1beta1", &["ControllerRevision", "Deployment", "StatefulSet"], Some("apps/v1"), Same, "1.16"),
    ("apps/v1beta2", &["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"], Some("apps/v1"), Same, "1.16"),
    ("batch/v2alpha1", &["CronJob"], Some("batch/v1"), Same, "1.21"),
    ("extensions/v1beta1", &["Ingress"], Some("networking.k8s.io/v1"), Changed, "1.22"),
    ("networking.k8s.io/v1beta1", &["Ingress"], Some("networking.k8s.io/v1"), Changed, "1.22"),
    ("networking.k8s.io/v1beta1", &["IngressClass"], Some("networking.k8s.io/v1"), Same, "1.22"),
    ("admissionregistration.k8s.io/v1beta1", WEBHOOKS, Some("admissionregistration.k8s.io/v1"), Changed, "1.22"),
    ("apiextensions.k8s.io/v1beta1", &["CustomResourceDefinition"], Some("apiextensions.k8s.io/v1"), Changed, "1.22"),
    ("apiregistration.k8s.io/v1beta1", &["APIService"], Some("apiregistration.k8s.io/v1"), Same, "1.22"),
    ("authentication.k8s.io/v1beta1", &["TokenReview"], Some("authentication.k8s.io/v1"), Same, "1.22"),
    ("authorization.k8s.io/v1beta1", REVIEWS, Some("authorization.k8s.io/v1"), Changed, "1.22"),
    ("certificates.k8s.io/v1beta1", &["CertificateSigningRequest"], Some("certificates.k8s.io/v1"), Changed, "1.22"),
    ("coordination.k8s.io/v1beta1", &["Lease"], Some("coordination.k8s.io/v1"), Same, "1.22"),
    ("rbac.authorization.k8s.io/v1alpha1", ROLES, Some("rbac.authorization.k8s.io/v1"), Same, "1.22"),
    ("rbac.authorization.k8s.io/v1beta1", ROLES, Some("rbac.authorization.k8s.io/v1"), Same, "1.22"),
    ("scheduling.k8s.io/v1beta1", &["PriorityClass"], Some("scheduling.k8s.io/v1"), Same, "1.22"),
    ("storage.k8s.io/v1beta1", VOLUMES, Some("storage.k8s.io/v1"), Same, "1.22"),
    ("batch/v1beta1", &["CronJob"], Some("batch/v1"), Same, "1.25"),
    ("discovery.k8s.io/v1beta1", &["EndpointSlice"], Some("discovery.k8s.io/v1"), Changed, "1.25"),
    ("events.k8s.io/v1beta1", &["Event"], Some("events.k8s.io/v1"), Changed, "1.25"),
    ("autoscaling/v2beta1", &["HorizontalPodAutoscaler"], Some("autoscaling/v2"), Changed, "1.25"),
    ("node.k8s.io/v1beta1", &["RuntimeClass"], Some("node.k8s.io/v1"), Same, "1.25"),
    ("policy/v1beta1", &["PodDisruptionBudget"], Some("policy/v1"), Same, "1.25"),
    ("policy/v1beta1", &["PodSecurityPolicy"], None, Changed, "1.25"),
    ("autoscaling/v2beta2", &["HorizontalPodAutoscaler"], Some("autoscaling/v2"), Same, "1.26"),
    ("flowcontrol.apiserver.k8s.io/v1beta1", FLOWS, Some("flowcontrol.apiserver.k8s.io/v1"), Changed, "1.26"),
    ("storage.k8s.io/v1beta1", &["CSIStorageCapacity"], Some("storage.k8s.io/v1"), Same, "1.27"),
    ("flowcontrol.apiserver.k8s.io/v1beta2", FLOWS, Some("flowcontrol.apiserver.k8s.io/v1"), Changed, "1.29"),
    ("flowcontrol.apiserver.k8s.io/v1beta3", FLOWS, Some("flowcontrol.apiserver.k8s.io/v1"), Changed, "1.32"),
];

/// What became of this type, if it is served no more.
///
/// ```
/// use fed_core::GroupVersionKind;
/// use fed_core::kinds::retired;
///
/// let old = GroupVersionKind::from_api_version("extensions/v1beta1", "Deployment");
/// let now = retired(&old).unwrap().successor.unwrap();
/// assert_eq!(now.api_version(), "apps/v1");
/// assert_eq!(retired(&now), None);
/// ```
pub fn retired(gvk: &GroupVersionKind) -> Option<Retirement> {
    let api_version = gvk.api_version();
    let (_, _, successor, shape, removed_in) = RETIRED
        .iter()
        .find(|(old, kinds, ..)| *old == api_version && kinds.contains(&gvk.kind()))?;
    Some(Retirement {
        removed_in,
        successor: successor
            .map(|api_version| GroupVersionKind::from_api_version(api_version, gvk.kind())),
        same_shape: *shape == Same,
    })
}

/// What took the place of this type, if it is served no more and anything did.
pub(crate) fn successor(gvk: &GroupVersionKind) -> Option<GroupVersionKind> {
    retired(gvk)?.successor
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_successor_is_retired_itself() {
        for (api_version, kinds, ..) in RETIRED {
            for kind in *kinds {
                let gvk = GroupVersionKind::from_api_version(api_version, kind);
                let successor = retired(&gvk).unwrap().successor;
                assert!(successor.is_none_or(|now| retired(&now).is_none()), "{gvk}");
            }
        }
    }

    #[cfg(feature = "schema")]
    #[test]
    fn what_took_the_place_of_a_version_is_served_and_the_version_is_not() {
        let schemas = fed_schema::Schemas::builtin();
        for (old, kinds, successor, ..) in RETIRED {
            for kind in *kinds {
                assert!(schemas.kind_of(old, kind).is_none(), "{old} {kind}");
                let is_served = |now: &str| schemas.kind_of(now, kind).is_some();
                assert!(successor.is_none_or(is_served), "{successor:?} {kind}");
            }
        }
    }
}
