//! Which versions of APIs are served no more, and what took their place?

use crate::identity::GroupVersionKind;

/// What took the place of a retired version.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Successor {
    /// The version that is served now.
    pub gvk: GroupVersionKind,
    /// Does an object stay valid when only its `apiVersion` is changed?
    pub same_shape: bool,
}

/// A retired version, the kinds that it had, and the version that has them now.
struct Retired {
    api_version: &'static str,
    kinds: &'static [&'static str],
    successor: &'static str,
    same_shape: bool,
}

const RETIRED: &[Retired] = &[
    moved(
        "extensions/v1beta1",
        &["Deployment", "DaemonSet", "ReplicaSet"],
        "apps/v1",
    ),
    moved(
        "extensions/v1beta1",
        &["NetworkPolicy"],
        "networking.k8s.io/v1",
    ),
    changed("extensions/v1beta1", &["Ingress"], "networking.k8s.io/v1"),
    moved("apps/v1beta1", &["Deployment", "StatefulSet"], "apps/v1"),
    moved(
        "apps/v1beta2",
        &["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"],
        "apps/v1",
    ),
    changed(
        "networking.k8s.io/v1beta1",
        &["Ingress"],
        "networking.k8s.io/v1",
    ),
    moved(
        "networking.k8s.io/v1beta1",
        &["IngressClass"],
        "networking.k8s.io/v1",
    ),
    moved("batch/v1beta1", &["CronJob"], "batch/v1"),
    moved("batch/v2alpha1", &["CronJob"], "batch/v1"),
    moved("policy/v1beta1", &["PodDisruptionBudget"], "policy/v1"),
    moved(
        "autoscaling/v2beta2",
        &["HorizontalPodAutoscaler"],
        "autoscaling/v2",
    ),
    changed(
        "autoscaling/v2beta1",
        &["HorizontalPodAutoscaler"],
        "autoscaling/v2",
    ),
    moved(
        "rbac.authorization.k8s.io/v1beta1",
        RBAC,
        "rbac.authorization.k8s.io/v1",
    ),
    moved(
        "rbac.authorization.k8s.io/v1alpha1",
        RBAC,
        "rbac.authorization.k8s.io/v1",
    ),
    changed(
        "apiextensions.k8s.io/v1beta1",
        &["CustomResourceDefinition"],
        "apiextensions.k8s.io/v1",
    ),
    moved(
        "scheduling.k8s.io/v1beta1",
        &["PriorityClass"],
        "scheduling.k8s.io/v1",
    ),
    moved(
        "coordination.k8s.io/v1beta1",
        &["Lease"],
        "coordination.k8s.io/v1",
    ),
    moved("storage.k8s.io/v1beta1", STORAGE, "storage.k8s.io/v1"),
    changed(
        "discovery.k8s.io/v1beta1",
        &["EndpointSlice"],
        "discovery.k8s.io/v1",
    ),
    changed(
        "certificates.k8s.io/v1beta1",
        &["CertificateSigningRequest"],
        "certificates.k8s.io/v1",
    ),
    changed(
        "admissionregistration.k8s.io/v1beta1",
        WEBHOOKS,
        "admissionregistration.k8s.io/v1",
    ),
];

const RBAC: &[&str] = &["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"];
const STORAGE: &[&str] = &["StorageClass", "VolumeAttachment", "CSIDriver", "CSINode"];
const WEBHOOKS: &[&str] = &[
    "ValidatingWebhookConfiguration",
    "MutatingWebhookConfiguration",
];

const fn moved(
    api_version: &'static str,
    kinds: &'static [&'static str],
    successor: &'static str,
) -> Retired {
    Retired {
        api_version,
        kinds,
        successor,
        same_shape: true,
    }
}

const fn changed(
    api_version: &'static str,
    kinds: &'static [&'static str],
    successor: &'static str,
) -> Retired {
    Retired {
        api_version,
        kinds,
        successor,
        same_shape: false,
    }
}

/// What took the place of this type, if it is served no more.
///
/// ```
/// use fed_core::GroupVersionKind;
/// use fed_core::kinds::successor;
///
/// let old = GroupVersionKind::from_api_version("extensions/v1beta1", "Deployment");
/// assert_eq!(successor(&old).unwrap().gvk.api_version(), "apps/v1");
/// assert_eq!(successor(&GroupVersionKind::from_api_version("apps/v1", "Deployment")), None);
/// ```
pub fn successor(gvk: &GroupVersionKind) -> Option<Successor> {
    let api_version = gvk.api_version();
    let retired = RETIRED.iter().find(|retired| {
        retired.api_version == api_version && retired.kinds.contains(&gvk.kind())
    })?;
    Some(Successor {
        gvk: GroupVersionKind::from_api_version(retired.successor, gvk.kind()),
        same_shape: retired.same_shape,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_successor_is_retired_itself() {
        for retired in RETIRED {
            for kind in retired.kinds {
                let gvk = GroupVersionKind::from_api_version(retired.api_version, kind);
                assert_eq!(successor(&successor(&gvk).unwrap().gvk), None);
            }
        }
    }
}
