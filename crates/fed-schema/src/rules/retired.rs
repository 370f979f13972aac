//! Which versions of the built-in kinds are served no more, and what replaced them?

/// A version of a kind that was once served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retired {
    /// The `apiVersion` that old objects write.
    pub api_version: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// The `apiVersion` to write today; `None` where nothing replaced the kind.
    pub replacement: Option<&'static str>,
    /// The Kubernetes release that stopped serving it.
    pub removed_in: &'static str,
}

/// What became of a version of a kind, if it was retired.
///
/// ```
/// use fed_schema::rules::retired;
///
/// let ingress = retired("extensions/v1beta1", "Ingress").expect("retired");
/// assert_eq!(ingress.replacement, Some("networking.k8s.io/v1"));
/// assert!(retired("networking.k8s.io/v1", "Ingress").is_none());
/// ```
pub fn retired(api_version: &str, kind: &str) -> Option<Retired> {
    let found = RETIRED
        .iter()
        .find(|(old, kinds, ..)| *old == api_version && kinds.contains(&kind))?;
    let (api_version, kinds, replacement, removed_in) = *found;
    Some(Retired {
        api_version,
        kind: kinds.iter().find(|known| **known == kind)?,
        replacement,
        removed_in,
    })
}

type Row = (
    &'static str,
    &'static [&'static str],
    Option<&'static str>,
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
    ("extensions/v1beta1", &["DaemonSet", "Deployment", "ReplicaSet"], Some("apps/v1"), "1.16"),
    ("extensions/v1beta1", &["NetworkPolicy"], Some("networking.k8s.io/v1"), "1.16"),
    ("extensions/v1beta1", &["PodSecurityPolicy"], None, "1.16"),
    ("apps/v1beta1", &["ControllerRevision", "Deployment", "StatefulSet"], Some("apps/v1"), "1.16"),
    ("apps/v1beta2", &["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"], Some("apps/v1"), "1.16"),
    ("batch/v2alpha1", &["CronJob"], Some("batch/v1"), "1.21"),
    ("extensions/v1beta1", &["Ingress"], Some("networking.k8s.io/v1"), "1.22"),
    ("networking.k8s.io/v1beta1", &["Ingress", "IngressClass"], Some("networking.k8s.io/v1"), "1.22"),
    ("admissionregistration.k8s.io/v1beta1", WEBHOOKS, Some("admissionregistration.k8s.io/v1"), "1.22"),
    ("apiextensions.k8s.io/v1beta1", &["CustomResourceDefinition"], Some("apiextensions.k8s.io/v1"), "1.22"),
    ("apiregistration.k8s.io/v1beta1", &["APIService"], Some("apiregistration.k8s.io/v1"), "1.22"),
    ("authentication.k8s.io/v1beta1", &["TokenReview"], Some("authentication.k8s.io/v1"), "1.22"),
    ("authorization.k8s.io/v1beta1", REVIEWS, Some("authorization.k8s.io/v1"), "1.22"),
    ("certificates.k8s.io/v1beta1", &["CertificateSigningRequest"], Some("certificates.k8s.io/v1"), "1.22"),
    ("coordination.k8s.io/v1beta1", &["Lease"], Some("coordination.k8s.io/v1"), "1.22"),
    ("rbac.authorization.k8s.io/v1alpha1", ROLES, Some("rbac.authorization.k8s.io/v1"), "1.22"),
    ("rbac.authorization.k8s.io/v1beta1", ROLES, Some("rbac.authorization.k8s.io/v1"), "1.22"),
    ("scheduling.k8s.io/v1beta1", &["PriorityClass"], Some("scheduling.k8s.io/v1"), "1.22"),
    ("storage.k8s.io/v1beta1", VOLUMES, Some("storage.k8s.io/v1"), "1.22"),
    ("batch/v1beta1", &["CronJob"], Some("batch/v1"), "1.25"),
    ("discovery.k8s.io/v1beta1", &["EndpointSlice"], Some("discovery.k8s.io/v1"), "1.25"),
    ("events.k8s.io/v1beta1", &["Event"], Some("events.k8s.io/v1"), "1.25"),
    ("autoscaling/v2beta1", &["HorizontalPodAutoscaler"], Some("autoscaling/v2"), "1.25"),
    ("node.k8s.io/v1beta1", &["RuntimeClass"], Some("node.k8s.io/v1"), "1.25"),
    ("policy/v1beta1", &["PodDisruptionBudget"], Some("policy/v1"), "1.25"),
    ("policy/v1beta1", &["PodSecurityPolicy"], None, "1.25"),
    ("autoscaling/v2beta2", &["HorizontalPodAutoscaler"], Some("autoscaling/v2"), "1.26"),
    ("flowcontrol.apiserver.k8s.io/v1beta1", FLOWS, Some("flowcontrol.apiserver.k8s.io/v1"), "1.26"),
    ("storage.k8s.io/v1beta1", &["CSIStorageCapacity"], Some("storage.k8s.io/v1"), "1.27"),
    ("flowcontrol.apiserver.k8s.io/v1beta2", FLOWS, Some("flowcontrol.apiserver.k8s.io/v1"), "1.29"),
    ("flowcontrol.apiserver.k8s.io/v1beta3", FLOWS, Some("flowcontrol.apiserver.k8s.io/v1"), "1.32"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Schemas;

    #[test]
    fn what_replaced_a_version_is_served_and_the_version_is_not() {
        let schemas = Schemas::builtin();
        for (old, kinds, replacement, _) in RETIRED {
            for kind in *kinds {
                assert!(schemas.kind_of(old, kind).is_none(), "{old} {kind}");
                if let Some(new) = replacement {
                    assert!(schemas.kind_of(new, kind).is_some(), "{new} {kind}");
                }
            }
        }
    }
}
