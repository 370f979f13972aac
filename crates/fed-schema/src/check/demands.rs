//! What do servers demand of fields that `OpenAPI` does not say, or says and servers do not demand?
//!
//! Learned from the answers of a server to objects that are broken in one place each
//! (`tests/server`); a demand belongs to a definition, so it holds in every kind that has it.

use super::rules::{PUBLISHED, rows};
use Demand::{EmptyIsUnset, Needed, Never, OneOf};

/// What a server demands of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Demand {
    /// It must be there, and not be empty.
    Needed,
    /// It need not be there, though it is declared as required.
    Never,
    /// It, or each of its items, must be one of these.
    OneOf(&'static [&'static str]),
    /// The empty text is one that is not there, though only some values are allowed.
    EmptyIsUnset,
}

/// The demands of a definition, by its published name.
pub(super) fn of(definition: &str) -> &'static [(&'static str, &'static str, Demand)] {
    let wanted = definition.strip_prefix(PUBLISHED);
    wanted.map_or(&[], |wanted| rows(DEMANDS, wanted, |(name, ..)| name))
}

const BOTH: &[&str] = &["Delete", "Retain"];
const CEL: &str = "api.resource.v1.DeviceSelector";
const RESOURCES: &[&str] = &[
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
];
const RETENTION: &str = "api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy";
const RBAC: &[&str] = &["rbac.authorization.k8s.io"];
const HTTP_VERBS: &[&str] = &[
    "*", "delete", "get", "head", "options", "patch", "post", "put",
];
const VERBS: &[&str] = &[
    "*",
    "create",
    "delete",
    "deletecollection",
    "get",
    "list",
    "patch",
    "proxy",
    "update",
    "watch",
];
const STATUS: &[&str] = &["False", "True", "Unknown"];

// By definition. A table: one line a demand.
#[rustfmt::skip]
static DEMANDS: &[(&str, &str, Demand)] = &[
    ("api.admissionregistration.v1.MatchResources", "matchPolicy", OneOf(&["Equivalent", "Exact"])),
    ("api.admissionregistration.v1.NamedRuleWithOperations", "apiGroups", Needed),
    ("api.admissionregistration.v1.NamedRuleWithOperations", "apiVersions", Needed),
    ("api.admissionregistration.v1.NamedRuleWithOperations", "operations", Needed),
    ("api.admissionregistration.v1.NamedRuleWithOperations", "resources", Needed),
    ("api.admissionregistration.v1.ParamKind", "apiVersion", Needed),
    ("api.admissionregistration.v1.ParamKind", "kind", Needed),
    ("api.admissionregistration.v1.ParamRef", "parameterNotFoundAction", Needed),
    ("api.admissionregistration.v1.ParamRef", "parameterNotFoundAction", OneOf(&["Allow", "Deny"])),
    ("api.admissionregistration.v1.RuleWithOperations", "apiGroups", Needed),
    ("api.admissionregistration.v1.RuleWithOperations", "apiVersions", Needed),
    ("api.admissionregistration.v1.RuleWithOperations", "operations", Needed),
    ("api.admissionregistration.v1.RuleWithOperations", "resources", Needed),
    ("api.admissionregistration.v1.ValidatingAdmissionPolicySpec", "matchConstraints", Needed),
    ("api.admissionregistration.v1.Validation", "reason", OneOf(&["Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized"])),
    ("api.apps.v1.ControllerRevision", "data", Needed),
    ("api.apps.v1.ControllerRevision", "revision", Never),
    ("api.apps.v1.DaemonSetUpdateStrategy", "type", EmptyIsUnset),
    ("api.apps.v1.DeploymentStrategy", "type", EmptyIsUnset),
    (RETENTION, "whenDeleted", EmptyIsUnset),
    (RETENTION, "whenDeleted", OneOf(BOTH)),
    (RETENTION, "whenScaled", EmptyIsUnset),
    (RETENTION, "whenScaled", OneOf(BOTH)),
    ("api.apps.v1.StatefulSetSpec", "podManagementPolicy", EmptyIsUnset),
    ("api.apps.v1.StatefulSetUpdateStrategy", "type", EmptyIsUnset),
    ("api.autoscaling.v2.HPAScalingPolicy", "type", OneOf(&["Percent", "Pods"])),
    ("api.autoscaling.v2.HPAScalingRules", "selectPolicy", OneOf(&["Disabled", "Max", "Min"])),
    ("api.autoscaling.v2.MetricSpec", "type", OneOf(&["ContainerResource", "External", "Object", "Pods", "Resource"])),
    ("api.batch.v1.CronJobSpec", "concurrencyPolicy", EmptyIsUnset),
    ("api.batch.v1.PodFailurePolicy", "rules", Never),
    ("api.batch.v1.PodFailurePolicyOnPodConditionsPattern", "status", EmptyIsUnset),
    ("api.batch.v1.PodFailurePolicyOnPodConditionsPattern", "status", OneOf(STATUS)),
    ("api.certificates.v1.CertificateSigningRequestSpec", "usages", Needed),
    ("api.core.v1.ConfigMapEnvSource", "name", Needed),
    ("api.core.v1.ConfigMapKeySelector", "name", Needed),
    ("api.core.v1.ConfigMapProjection", "name", Needed),
    ("api.core.v1.ConfigMapVolumeSource", "name", Needed),
    ("api.core.v1.Container", "image", Needed),
    ("api.core.v1.Container", "imagePullPolicy", EmptyIsUnset),
    ("api.core.v1.Container", "restartPolicy", OneOf(&["Always", "Never", "OnFailure"])),
    ("api.core.v1.Container", "terminationMessagePolicy", EmptyIsUnset),
    ("api.core.v1.ContainerPort", "protocol", EmptyIsUnset),
    ("api.core.v1.EndpointPort", "protocol", EmptyIsUnset),
    ("api.core.v1.EphemeralVolumeSource", "volumeClaimTemplate", Needed),
    ("api.core.v1.ExecAction", "command", Needed),
    ("api.core.v1.HTTPGetAction", "scheme", EmptyIsUnset),
    ("api.core.v1.HTTPHeader", "value", Never),
    ("api.core.v1.HostPathVolumeSource", "type", EmptyIsUnset),
    ("api.core.v1.ISCSIVolumeSource", "lun", Never),
    ("api.core.v1.ImageVolumeSource", "pullPolicy", EmptyIsUnset),
    ("api.core.v1.ImageVolumeSource", "reference", Needed),
    ("api.core.v1.LimitRangeSpec", "limits", Never),
    ("api.core.v1.PersistentVolume", "spec", Needed),
    ("api.core.v1.PersistentVolumeClaimSpec", "accessModes", Needed),
    ("api.core.v1.PersistentVolumeSpec", "accessModes", Needed),
    ("api.core.v1.PersistentVolumeSpec", "capacity", Needed),
    ("api.core.v1.PersistentVolumeSpec", "persistentVolumeReclaimPolicy", EmptyIsUnset),
    ("api.core.v1.PodDNSConfigOption", "name", Needed),
    ("api.core.v1.PodSpec", "dnsPolicy", EmptyIsUnset),
    ("api.core.v1.PodSpec", "restartPolicy", EmptyIsUnset),
    ("api.core.v1.ReplicationControllerSpec", "template", Needed),
    ("api.core.v1.ResourceFieldSelector", "resource", OneOf(RESOURCES)),
    ("api.core.v1.SecretEnvSource", "name", Needed),
    ("api.core.v1.SecretKeySelector", "name", Needed),
    ("api.core.v1.SecretProjection", "name", Needed),
    ("api.core.v1.SecretVolumeSource", "secretName", Needed),
    ("api.core.v1.ServicePort", "protocol", EmptyIsUnset),
    ("api.core.v1.ServiceSpec", "externalTrafficPolicy", EmptyIsUnset),
    ("api.core.v1.ServiceSpec", "ipFamilies", OneOf(&["IPv4", "IPv6"])),
    ("api.core.v1.ServiceSpec", "sessionAffinity", EmptyIsUnset),
    ("api.core.v1.ServiceSpec", "type", EmptyIsUnset),
    ("api.core.v1.Sysctl", "value", Never),
    ("api.core.v1.Toleration", "effect", EmptyIsUnset),
    ("api.core.v1.Toleration", "operator", EmptyIsUnset),
    ("api.core.v1.VolumeNodeAffinity", "required", Needed),
    ("api.discovery.v1.ForZone", "name", Never),
    ("api.events.v1.Event", "action", Needed),
    ("api.events.v1.Event", "reason", Needed),
    ("api.events.v1.Event", "reportingController", Needed),
    ("api.events.v1.Event", "reportingInstance", Needed),
    ("api.flowcontrol.v1.FlowDistinguisherMethod", "type", OneOf(&["ByNamespace", "ByUser"])),
    ("api.flowcontrol.v1.LimitResponse", "type", OneOf(&["Queue", "Reject"])),
    ("api.flowcontrol.v1.NonResourcePolicyRule", "verbs", OneOf(HTTP_VERBS)),
    ("api.flowcontrol.v1.PriorityLevelConfigurationSpec", "type", OneOf(&["Exempt", "Limited"])),
    ("api.flowcontrol.v1.ResourcePolicyRule", "verbs", OneOf(VERBS)),
    ("api.flowcontrol.v1.Subject", "kind", OneOf(&["Group", "ServiceAccount", "User"])),
    ("api.networking.v1.IngressClassParametersReference", "scope", OneOf(&["Cluster", "Namespace"])),
    ("api.networking.v1.IngressClassSpec", "controller", Needed),
    ("api.networking.v1.ServiceCIDRSpec", "cidrs", Needed),
    ("api.rbac.v1.AggregationRule", "clusterRoleSelectors", Needed),
    ("api.rbac.v1.RoleRef", "apiGroup", EmptyIsUnset),
    ("api.rbac.v1.RoleRef", "apiGroup", OneOf(RBAC)),
    ("api.rbac.v1.RoleRef", "kind", OneOf(&["ClusterRole", "Role"])),
    ("api.rbac.v1.Subject", "kind", OneOf(&["Group", "ServiceAccount", "User"])),
    ("api.resource.v1.DeviceCapacity", "value", Never),
    ("api.resource.v1.DeviceClaimConfiguration", "opaque", Needed),
    ("api.resource.v1.DeviceClassConfiguration", "opaque", Needed),
    (CEL, "cel", Needed),
    ("api.resource.v1.DeviceToleration", "operator", EmptyIsUnset),
    ("api.resource.v1.ExactDeviceRequest", "allocationMode", EmptyIsUnset),
    ("api.resource.v1.ResourcePool", "generation", Never),
    ("api.storage.v1.CSIDriverSpec", "fsGroupPolicy", OneOf(&["File", "None", "ReadWriteOnceWithFSType"])),
    ("api.storage.v1.CSIDriverSpec", "volumeLifecycleModes", OneOf(&["Ephemeral", "Persistent"])),
    ("api.storage.v1.CSINodeSpec", "drivers", Never),
    ("api.storage.v1.StorageClass", "reclaimPolicy", EmptyIsUnset),
    ("api.storage.v1.TokenRequest", "audience", Never),
    ("api.storage.v1.VolumeAttributesClass", "parameters", Needed),
    ("apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceConversion", "strategy", OneOf(&["None", "Webhook"])),
    ("apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec", "scope", OneOf(&["Cluster", "Namespaced"])),
    ("apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion", "schema", Needed),
    ("apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion", "served", Never),
    ("apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceValidation", "openAPIV3Schema", Needed),
    ("kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference", "name", Needed),
    ("kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference", "namespace", Needed),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_for_look_ups() {
        assert!(DEMANDS.is_sorted_by_key(|(definition, ..)| definition));
    }
}
