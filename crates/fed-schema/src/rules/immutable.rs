//! Which fields cannot be changed once an object is there?

/// A field that cannot be changed.
///
/// All of them are [known](super::Learned::Known) from Kubernetes' documentation and long use; no
/// recorded answer shows them yet. A kind that has none listed may still have some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Immutable {
    /// The kind's group; empty for the core group.
    pub group: &'static str,
    /// The kind; `*` is every kind of every group.
    pub kind: &'static str,
    /// The field, as a JSON Pointer; `*` stands for every item of a list.
    pub path: &'static str,
    /// When it cannot be changed.
    pub when: When,
    /// What below the path can be changed all the same.
    pub except: &'static [&'static str],
}

/// When a field cannot be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum When {
    /// From the start.
    Always,
    /// Once it has a value.
    Set,
    /// While the object has this value at this JSON Pointer.
    True(&'static str),
    /// While the object does not have this text at this JSON Pointer.
    Not(&'static str, &'static str),
}

/// The immutable fields of a kind.
pub(crate) fn immutable(group: &str, kind: &str) -> impl Iterator<Item = &'static Immutable> {
    IMMUTABLE
        .iter()
        .filter(move |field| field.kind == "*" || (field.group == group && field.kind == kind))
}

const fn always(group: &'static str, kind: &'static str, path: &'static str) -> Immutable {
    field(group, kind, path, When::Always)
}

const fn set(group: &'static str, kind: &'static str, path: &'static str) -> Immutable {
    field(group, kind, path, When::Set)
}

const fn field(
    group: &'static str,
    kind: &'static str,
    path: &'static str,
    when: When,
) -> Immutable {
    Immutable {
        group,
        kind,
        path,
        when,
        except: &[],
    }
}

impl Immutable {
    const fn except(self, except: &'static [&'static str]) -> Self {
        Self { except, ..self }
    }
}

const STATEFUL_SET_OPEN: &[&str] = &[
    "/spec/minReadySeconds",
    "/spec/ordinals",
    "/spec/persistentVolumeClaimRetentionPolicy",
    "/spec/replicas",
    "/spec/revisionHistoryLimit",
    "/spec/template",
    "/spec/updateStrategy",
];

const JOB_TEMPLATE_OPEN: &[&str] = &[
    "/spec/template/metadata/annotations",
    "/spec/template/metadata/labels",
    "/spec/template/spec/affinity",
    "/spec/template/spec/containers/*/resources",
    "/spec/template/spec/initContainers/*/resources",
    "/spec/template/spec/nodeSelector",
    "/spec/template/spec/schedulingGates",
    "/spec/template/spec/tolerations",
];

const POD_OPEN: &[&str] = &[
    "/spec/activeDeadlineSeconds",
    "/spec/containers/*/image",
    "/spec/initContainers/*/image",
    "/spec/schedulingGates",
    "/spec/terminationGracePeriodSeconds",
    "/spec/tolerations",
];

const RBAC: &str = "rbac.authorization.k8s.io";
const STORAGE: &str = "storage.k8s.io";
const RESOURCE: &str = "resource.k8s.io";

// A table: one line a rule.
#[rustfmt::skip]
static IMMUTABLE: &[Immutable] = &[
    always("", "*", "/metadata/name"),
    always("", "*", "/metadata/namespace"),
    always("apps", "Deployment", "/spec/selector"),
    always("apps", "ReplicaSet", "/spec/selector"),
    always("apps", "DaemonSet", "/spec/selector"),
    always("apps", "StatefulSet", "/spec").except(STATEFUL_SET_OPEN),
    always("apps", "ControllerRevision", "/data"),
    always("batch", "Job", "/spec/selector"),
    field("batch", "Job", "/spec/completions", When::Not("/spec/completionMode", "Indexed")),
    always("batch", "Job", "/spec/completionMode"),
    always("batch", "Job", "/spec/podFailurePolicy"),
    always("batch", "Job", "/spec/backoffLimitPerIndex"),
    always("batch", "Job", "/spec/successPolicy"),
    always("batch", "Job", "/spec/managedBy"),
    // A job that was never started may still be told where to run and with what.
    always("batch", "Job", "/spec/template").except(JOB_TEMPLATE_OPEN),
    always("", "Pod", "/spec").except(POD_OPEN),
    field("", "Service", "/spec/clusterIP", When::Not("/spec/type", "ExternalName")),
    field("", "Service", "/spec/clusterIPs/0", When::Not("/spec/type", "ExternalName")),
    field("", "Service", "/spec/ipFamilies/0", When::Not("/spec/type", "ExternalName")),
    set("", "Service", "/spec/loadBalancerClass"),
    set("", "Service", "/spec/healthCheckNodePort"),
    always("", "Secret", "/type"),
    field("", "Secret", "/data", When::True("/immutable")),
    field("", "Secret", "/immutable", When::True("/immutable")),
    field("", "ConfigMap", "/data", When::True("/immutable")),
    field("", "ConfigMap", "/binaryData", When::True("/immutable")),
    field("", "ConfigMap", "/immutable", When::True("/immutable")),
    always("", "PersistentVolumeClaim", "/spec/accessModes"),
    always("", "PersistentVolumeClaim", "/spec/selector"),
    set("", "PersistentVolumeClaim", "/spec/storageClassName"),
    set("", "PersistentVolumeClaim", "/spec/volumeName"),
    always("", "PersistentVolumeClaim", "/spec/volumeMode"),
    always("", "PersistentVolumeClaim", "/spec/dataSource"),
    always("", "PersistentVolumeClaim", "/spec/dataSourceRef"),
    always("", "PersistentVolume", "/spec/volumeMode"),
    always("", "PersistentVolume", "/spec/csi"),
    always("", "PersistentVolume", "/spec/hostPath"),
    always("", "PersistentVolume", "/spec/local"),
    always("", "PersistentVolume", "/spec/nfs"),
    set("", "Node", "/spec/podCIDR"),
    set("", "Node", "/spec/podCIDRs"),
    set("", "Node", "/spec/providerID"),
    always("", "ResourceQuota", "/spec/scopes"),
    always(RBAC, "RoleBinding", "/roleRef"),
    always(RBAC, "ClusterRoleBinding", "/roleRef"),
    always(STORAGE, "StorageClass", "/provisioner"),
    always(STORAGE, "StorageClass", "/parameters"),
    always(STORAGE, "StorageClass", "/reclaimPolicy"),
    always(STORAGE, "StorageClass", "/volumeBindingMode"),
    always(STORAGE, "VolumeAttachment", "/spec"),
    always(STORAGE, "VolumeAttributesClass", "/driverName"),
    always(STORAGE, "VolumeAttributesClass", "/parameters"),
    always(STORAGE, "CSIStorageCapacity", "/nodeTopology"),
    always(STORAGE, "CSIStorageCapacity", "/storageClassName"),
    always(STORAGE, "CSIDriver", "/spec/attachRequired"),
    always(STORAGE, "CSIDriver", "/spec/volumeLifecycleModes"),
    always("scheduling.k8s.io", "PriorityClass", "/value"),
    always("scheduling.k8s.io", "PriorityClass", "/preemptionPolicy"),
    always("node.k8s.io", "RuntimeClass", "/handler"),
    always("networking.k8s.io", "IngressClass", "/spec/controller"),
    always("networking.k8s.io", "IPAddress", "/spec"),
    always("discovery.k8s.io", "EndpointSlice", "/addressType"),
    always("certificates.k8s.io", "CertificateSigningRequest", "/spec"),
    always(RESOURCE, "ResourceClaim", "/spec"),
    always(RESOURCE, "ResourceClaimTemplate", "/spec"),
    always("apiextensions.k8s.io", "CustomResourceDefinition", "/spec/group"),
    always("apiextensions.k8s.io", "CustomResourceDefinition", "/spec/scope"),
    always("apiextensions.k8s.io", "CustomResourceDefinition", "/spec/names/kind"),
    always("apiextensions.k8s.io", "CustomResourceDefinition", "/spec/names/plural"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Schemas;

    #[test]
    fn every_path_stands_on_a_kind_that_has_it() {
        let schemas = Schemas::builtin();
        for field in IMMUTABLE {
            let kind = if field.kind == "*" {
                "ConfigMap"
            } else {
                field.kind
            };
            let found = schemas.preferred(field.group, kind).expect(kind);
            let named_by_condition = match field.when {
                When::Always | When::Set => None,
                When::True(path) | When::Not(path, _) => Some(path),
            };
            for path in [field.path]
                .iter()
                .chain(field.except)
                .copied()
                .chain(named_by_condition)
            {
                let place = path.replace("/*", "/0");
                assert!(found.root().at(&place).is_some(), "{kind} {path}");
            }
            assert!(
                field.except.iter().all(|path| path.starts_with(field.path)),
                "{kind}"
            );
        }
    }
}
