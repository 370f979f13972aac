//! Which form has the value of one field? One table, by definition.

use serde_json::Value;

use super::forms::Form::{
    self, AbsolutePath, Address, Amount, AnyCaseKey, AnyCaseSubdomain, Between, CountOrPercent,
    DataKey, EnvironmentName, Filled, GroupVersion, HeaderName, Host, Label, LabelKey, LabelValue,
    LetterLabel, Network, PathSegment, Port, PortName, PortReference, RelativePath, Schedule,
    Search, Subdomain, TargetPort, TimeZone, WildcardSubdomain,
};
use super::forms::{MODE, USER, at_least};
use super::spot::Spot;
use Field::{Each, Keys, One, Set};

/// What of a field has a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// The value; an empty text is none.
    One(&'static str),
    /// The value, though it be an empty text.
    Set(&'static str),
    /// Each item of a list or value of a map.
    Each(&'static str),
    /// Each key of a map.
    Keys(&'static str),
}

/// A definition, what of it has a form, and which.
pub(super) type Bound = (&'static str, Field, Form);

/// Says which fields of an object have not their form.
pub(super) fn check(bounds: &[Bound], spot: &mut Spot<'_>) {
    for (_, field, form) in bounds {
        match field {
            One(name) => {
                let is_none = |value: &Value| value == "" && *form != CountOrPercent;
                one(spot, name, *form, is_none);
            }
            Set(name) => one(spot, name, *form, |_| false),
            Each(name) => each(spot, name, *form),
            Keys(name) => {
                let faults = spot.object(name).into_iter().flatten();
                let faults = faults.filter_map(|(key, _)| Some((key, form.fault_of(key)?)));
                for (key, message) in faults {
                    spot.say_of_key(name, key, form.rule(), format!("the key {message}"));
                }
            }
        }
    }
}

fn one(spot: &mut Spot<'_>, name: &str, form: Form, is_none: impl Fn(&Value) -> bool) {
    let value = spot.get(name).filter(|value| !is_none(value));
    if let Some(message) = value.and_then(|value| form.fault(value)) {
        spot.say(name, form.rule(), message);
    }
}

fn each(spot: &mut Spot<'_>, name: &str, form: Form) {
    let empty = Value::from("");
    let fault = |value: &Value| form.fault(if value.is_null() { &empty } else { value });
    match spot.get(name) {
        Some(Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                if let Some(message) = fault(item) {
                    spot.say(&format!("{name}/{index}"), form.rule(), message);
                }
            }
        }
        Some(Value::Object(values)) => {
            for (key, value) in values {
                if let Some(message) = fault(value) {
                    spot.say_of_key(name, key, form.rule(), message);
                }
            }
        }
        _ => {}
    }
}

const COUNT: Form = at_least(0);
const POSITIVE: Form = at_least(1);

// By definition. A table: one line a field.
#[rustfmt::skip]
pub(super) static BOUNDS: &[Bound] = &[
    ("api.admissionregistration.v1.MatchCondition", One("name"), LabelKey),
    ("api.admissionregistration.v1.MutatingWebhook", One("timeoutSeconds"), Between(1, 30)),
    ("api.admissionregistration.v1.NamedRuleWithOperations", Each("apiVersions"), Filled),
    ("api.admissionregistration.v1.NamedRuleWithOperations", Each("resources"), Filled),
    ("api.admissionregistration.v1.RuleWithOperations", Each("apiVersions"), Filled),
    ("api.admissionregistration.v1.RuleWithOperations", Each("resources"), Filled),
    ("api.admissionregistration.v1.ServiceReference", One("port"), Port),
    ("api.admissionregistration.v1.ServiceReference", One("path"), AbsolutePath),
    ("api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec", One("policyName"), Subdomain),
    ("api.admissionregistration.v1.ValidatingWebhook", One("timeoutSeconds"), Between(1, 30)),
    ("api.admissionregistration.v1.WebhookClientConfig", Set("url"), Filled),
    ("api.apps.v1.ControllerRevision", One("revision"), COUNT),
    ("api.apps.v1.DaemonSetSpec", One("minReadySeconds"), COUNT),
    ("api.apps.v1.DaemonSetSpec", One("revisionHistoryLimit"), COUNT),
    ("api.apps.v1.DeploymentSpec", One("minReadySeconds"), COUNT),
    ("api.apps.v1.DeploymentSpec", One("progressDeadlineSeconds"), COUNT),
    ("api.apps.v1.DeploymentSpec", One("replicas"), COUNT),
    ("api.apps.v1.DeploymentSpec", One("revisionHistoryLimit"), COUNT),
    ("api.apps.v1.ReplicaSetSpec", One("minReadySeconds"), COUNT),
    ("api.apps.v1.ReplicaSetSpec", One("replicas"), COUNT),
    ("api.apps.v1.RollingUpdateDaemonSet", One("maxSurge"), CountOrPercent),
    ("api.apps.v1.RollingUpdateDaemonSet", One("maxUnavailable"), CountOrPercent),
    ("api.apps.v1.RollingUpdateDeployment", One("maxSurge"), CountOrPercent),
    ("api.apps.v1.RollingUpdateDeployment", One("maxUnavailable"), CountOrPercent),
    ("api.apps.v1.RollingUpdateStatefulSetStrategy", One("maxUnavailable"), CountOrPercent),
    ("api.apps.v1.RollingUpdateStatefulSetStrategy", One("partition"), COUNT),
    ("api.apps.v1.StatefulSetOrdinals", One("start"), COUNT),
    ("api.apps.v1.StatefulSetSpec", One("minReadySeconds"), COUNT),
    ("api.apps.v1.StatefulSetSpec", One("replicas"), COUNT),
    ("api.apps.v1.StatefulSetSpec", One("revisionHistoryLimit"), COUNT),
    ("api.apps.v1.StatefulSetSpec", One("serviceName"), Subdomain),
    ("api.autoscaling.v1.CrossVersionObjectReference", One("kind"), PathSegment),
    ("api.autoscaling.v1.CrossVersionObjectReference", One("name"), PathSegment),
    ("api.autoscaling.v1.CrossVersionObjectReference", One("apiVersion"), GroupVersion),
    ("api.autoscaling.v1.HorizontalPodAutoscalerSpec", One("maxReplicas"), POSITIVE),
    ("api.autoscaling.v1.HorizontalPodAutoscalerSpec", One("minReplicas"), POSITIVE),
    ("api.autoscaling.v1.HorizontalPodAutoscalerSpec", One("targetCPUUtilizationPercentage"), POSITIVE),
    ("api.autoscaling.v2.ContainerResourceMetricSource", One("container"), Label),
    ("api.autoscaling.v2.ContainerResourceMetricSource", One("name"), LabelKey),
    ("api.autoscaling.v2.CrossVersionObjectReference", One("kind"), PathSegment),
    ("api.autoscaling.v2.CrossVersionObjectReference", One("name"), PathSegment),
    ("api.autoscaling.v2.CrossVersionObjectReference", One("apiVersion"), GroupVersion),
    ("api.autoscaling.v2.HPAScalingPolicy", One("periodSeconds"), Between(1, 1800)),
    ("api.autoscaling.v2.HPAScalingPolicy", One("value"), POSITIVE),
    ("api.autoscaling.v2.HPAScalingRules", One("stabilizationWindowSeconds"), Between(0, 3600)),
    ("api.autoscaling.v2.HPAScalingRules", One("tolerance"), Amount),
    ("api.autoscaling.v2.HorizontalPodAutoscalerSpec", One("maxReplicas"), POSITIVE),
    ("api.autoscaling.v2.HorizontalPodAutoscalerSpec", One("minReplicas"), POSITIVE),
    ("api.autoscaling.v2.MetricIdentifier", One("name"), PathSegment),
    ("api.autoscaling.v2.MetricTarget", One("averageUtilization"), POSITIVE),
    ("api.batch.v1.CronJobSpec", One("failedJobsHistoryLimit"), COUNT),
    ("api.batch.v1.CronJobSpec", One("schedule"), Schedule),
    ("api.batch.v1.CronJobSpec", One("startingDeadlineSeconds"), COUNT),
    ("api.batch.v1.CronJobSpec", One("successfulJobsHistoryLimit"), COUNT),
    ("api.batch.v1.CronJobSpec", Set("timeZone"), TimeZone),
    ("api.batch.v1.JobSpec", One("activeDeadlineSeconds"), COUNT),
    ("api.batch.v1.JobSpec", One("backoffLimit"), COUNT),
    ("api.batch.v1.JobSpec", One("backoffLimitPerIndex"), COUNT),
    ("api.batch.v1.JobSpec", One("completions"), COUNT),
    ("api.batch.v1.JobSpec", One("maxFailedIndexes"), COUNT),
    ("api.batch.v1.JobSpec", One("parallelism"), COUNT),
    ("api.batch.v1.JobSpec", One("ttlSecondsAfterFinished"), COUNT),
    ("api.batch.v1.PodFailurePolicyOnExitCodesRequirement", Set("containerName"), Label),
    ("api.batch.v1.PodFailurePolicyOnPodConditionsPattern", One("type"), LabelKey),
    ("api.batch.v1.SuccessPolicyRule", One("succeededCount"), COUNT),
    ("api.certificates.v1.CertificateSigningRequestSpec", One("expirationSeconds"), at_least(600)),
    ("api.coordination.v1.LeaseSpec", One("leaseDurationSeconds"), POSITIVE),
    ("api.coordination.v1.LeaseSpec", One("leaseTransitions"), COUNT),
    ("api.core.v1.CSIPersistentVolumeSource", One("driver"), Subdomain),
    ("api.core.v1.CSIVolumeSource", One("driver"), Subdomain),
    ("api.core.v1.ClientIPConfig", One("timeoutSeconds"), Between(1, 86400)),
    ("api.core.v1.ConfigMap", Keys("binaryData"), DataKey),
    ("api.core.v1.ConfigMap", Keys("data"), DataKey),
    ("api.core.v1.ConfigMapEnvSource", One("name"), Subdomain),
    ("api.core.v1.ConfigMapKeySelector", One("key"), DataKey),
    ("api.core.v1.ConfigMapKeySelector", One("name"), Subdomain),
    ("api.core.v1.ConfigMapVolumeSource", One("defaultMode"), MODE),
    ("api.core.v1.Container", One("name"), Label),
    ("api.core.v1.ContainerPort", One("containerPort"), Port),
    ("api.core.v1.ContainerPort", One("hostPort"), Between(0, 65535)),
    ("api.core.v1.ContainerPort", One("name"), PortName),
    ("api.core.v1.DownwardAPIVolumeFile", One("mode"), MODE),
    ("api.core.v1.DownwardAPIVolumeFile", One("path"), RelativePath),
    ("api.core.v1.DownwardAPIVolumeSource", One("defaultMode"), MODE),
    ("api.core.v1.EmptyDirVolumeSource", One("sizeLimit"), Amount),
    ("api.core.v1.EndpointAddress", One("hostname"), Label),
    ("api.core.v1.EndpointAddress", One("ip"), Address),
    ("api.core.v1.EndpointAddress", Set("nodeName"), Subdomain),
    ("api.core.v1.EndpointPort", One("name"), Label),
    ("api.core.v1.EndpointPort", One("port"), Port),
    ("api.core.v1.EnvVar", One("name"), EnvironmentName),
    ("api.core.v1.GRPCAction", One("port"), Port),
    ("api.core.v1.HTTPGetAction", One("port"), PortReference),
    ("api.core.v1.HTTPHeader", One("name"), HeaderName),
    ("api.core.v1.HostAlias", Each("hostnames"), Subdomain),
    ("api.core.v1.HostAlias", One("ip"), Address),
    ("api.core.v1.ISCSIVolumeSource", One("lun"), Between(0, 255)),
    ("api.core.v1.KeyToPath", One("mode"), MODE),
    ("api.core.v1.KeyToPath", One("path"), RelativePath),
    ("api.core.v1.LimitRangeItem", One("type"), LabelKey),
    ("api.core.v1.NamespaceSpec", Each("finalizers"), LabelKey),
    ("api.core.v1.NodeSelectorRequirement", Each("values"), LabelValue),
    ("api.core.v1.NodeSelectorRequirement", One("key"), LabelKey),
    ("api.core.v1.NodeSpec", One("podCIDR"), Network),
    ("api.core.v1.PersistentVolumeClaimSpec", One("storageClassName"), Subdomain),
    ("api.core.v1.PersistentVolumeSpec", Each("capacity"), Amount),
    ("api.core.v1.PersistentVolumeSpec", One("storageClassName"), Subdomain),
    ("api.core.v1.PodAffinityTerm", One("topologyKey"), LabelKey),
    ("api.core.v1.PodDNSConfig", Each("nameservers"), Address),
    ("api.core.v1.PodDNSConfig", Each("searches"), Search),
    ("api.core.v1.PodReadinessGate", One("conditionType"), LabelKey),
    ("api.core.v1.PodSecurityContext", Each("supplementalGroups"), USER),
    ("api.core.v1.PodSecurityContext", One("fsGroup"), USER),
    ("api.core.v1.PodSecurityContext", One("runAsGroup"), USER),
    ("api.core.v1.PodSecurityContext", One("runAsUser"), USER),
    ("api.core.v1.PodSpec", Each("nodeSelector"), LabelValue),
    ("api.core.v1.PodSpec", Keys("nodeSelector"), LabelKey),
    ("api.core.v1.PodSpec", One("activeDeadlineSeconds"), Between(1, i32::MAX as i64)),
    ("api.core.v1.PodSpec", One("hostname"), Label),
    ("api.core.v1.PodSpec", One("nodeName"), Subdomain),
    ("api.core.v1.PodSpec", One("priorityClassName"), Subdomain),
    ("api.core.v1.PodSpec", One("runtimeClassName"), Subdomain),
    ("api.core.v1.PodSpec", One("serviceAccountName"), Subdomain),
    ("api.core.v1.PodSpec", One("subdomain"), Label),
    ("api.core.v1.PreferredSchedulingTerm", One("weight"), Between(1, 100)),
    ("api.core.v1.Probe", One("failureThreshold"), COUNT),
    ("api.core.v1.Probe", One("initialDelaySeconds"), COUNT),
    ("api.core.v1.Probe", One("periodSeconds"), COUNT),
    ("api.core.v1.Probe", One("successThreshold"), COUNT),
    ("api.core.v1.Probe", One("terminationGracePeriodSeconds"), POSITIVE),
    ("api.core.v1.Probe", One("timeoutSeconds"), COUNT),
    ("api.core.v1.ProjectedVolumeSource", One("defaultMode"), MODE),
    ("api.core.v1.ReplicationControllerSpec", One("minReadySeconds"), COUNT),
    ("api.core.v1.ReplicationControllerSpec", One("replicas"), COUNT),
    ("api.core.v1.ResourceQuotaSpec", Each("hard"), Amount),
    ("api.core.v1.ResourceRequirements", Each("limits"), Amount),
    ("api.core.v1.ResourceRequirements", Each("requests"), Amount),
    ("api.core.v1.ResourceRequirements", Keys("limits"), LabelKey),
    ("api.core.v1.ResourceRequirements", Keys("requests"), LabelKey),
    ("api.core.v1.Secret", Keys("data"), DataKey),
    ("api.core.v1.Secret", Keys("stringData"), DataKey),
    ("api.core.v1.SecretEnvSource", One("name"), Subdomain),
    ("api.core.v1.SecretKeySelector", One("key"), DataKey),
    ("api.core.v1.SecretKeySelector", One("name"), Subdomain),
    ("api.core.v1.SecretVolumeSource", One("defaultMode"), MODE),
    ("api.core.v1.SecurityContext", One("runAsGroup"), USER),
    ("api.core.v1.SecurityContext", One("runAsUser"), USER),
    ("api.core.v1.ServiceAccountTokenProjection", One("expirationSeconds"), Between(600, 1 << 32)),
    ("api.core.v1.ServiceAccountTokenProjection", One("path"), RelativePath),
    ("api.core.v1.ServicePort", Set("appProtocol"), LabelKey),
    ("api.core.v1.ServicePort", One("name"), Label),
    ("api.core.v1.ServicePort", One("port"), Port),
    ("api.core.v1.ServicePort", One("targetPort"), TargetPort),
    ("api.core.v1.ServiceSpec", Each("externalIPs"), Address),
    ("api.core.v1.ServiceSpec", Each("loadBalancerSourceRanges"), Network),
    ("api.core.v1.ServiceSpec", Each("selector"), LabelValue),
    ("api.core.v1.ServiceSpec", Keys("selector"), LabelKey),
    ("api.core.v1.ServiceSpec", One("externalName"), Host),
    ("api.core.v1.ServiceSpec", Set("loadBalancerClass"), LabelKey),
    ("api.core.v1.TCPSocketAction", One("port"), PortReference),
    ("api.core.v1.Taint", One("key"), LabelKey),
    ("api.core.v1.Taint", One("value"), LabelValue),
    ("api.core.v1.Toleration", One("key"), LabelKey),
    ("api.core.v1.TopologySelectorLabelRequirement", One("key"), LabelKey),
    ("api.core.v1.TopologySpreadConstraint", One("maxSkew"), POSITIVE),
    ("api.core.v1.TopologySpreadConstraint", One("minDomains"), POSITIVE),
    ("api.core.v1.TypedLocalObjectReference", Set("apiGroup"), Subdomain),
    ("api.core.v1.Volume", One("name"), Label),
    ("api.core.v1.VolumeMount", One("subPath"), RelativePath),
    ("api.core.v1.WeightedPodAffinityTerm", One("weight"), Between(1, 100)),
    ("api.discovery.v1.Endpoint", Set("hostname"), Label),
    ("api.discovery.v1.Endpoint", Set("nodeName"), Subdomain),
    ("api.discovery.v1.EndpointPort", Set("appProtocol"), LabelKey),
    ("api.discovery.v1.EndpointPort", One("name"), Label),
    ("api.discovery.v1.ForZone", One("name"), LabelValue),
    ("api.events.v1.Event", One("reportingController"), LabelKey),
    ("api.flowcontrol.v1.FlowSchemaSpec", One("matchingPrecedence"), Between(0, 10000)),
    ("api.flowcontrol.v1.LimitedPriorityLevelConfiguration", One("lendablePercent"), Between(0, 100)),
    ("api.flowcontrol.v1.LimitedPriorityLevelConfiguration", One("nominalConcurrencyShares"), COUNT),
    ("api.flowcontrol.v1.NonResourcePolicyRule", Each("nonResourceURLs"), AbsolutePath),
    ("api.flowcontrol.v1.PriorityLevelConfigurationReference", One("name"), Subdomain),
    ("api.flowcontrol.v1.QueuingConfiguration", One("handSize"), COUNT),
    ("api.flowcontrol.v1.QueuingConfiguration", One("queueLengthLimit"), COUNT),
    ("api.flowcontrol.v1.QueuingConfiguration", One("queues"), COUNT),
    ("api.flowcontrol.v1.ServiceAccountSubject", One("namespace"), Label),
    ("api.networking.v1.HTTPIngressPath", One("path"), AbsolutePath),
    ("api.networking.v1.IPBlock", Each("except"), Network),
    ("api.networking.v1.IPBlock", One("cidr"), Network),
    ("api.networking.v1.IngressClassParametersReference", Set("apiGroup"), Subdomain),
    ("api.networking.v1.IngressClassParametersReference", Set("namespace"), Label),
    ("api.networking.v1.IngressClassSpec", One("controller"), LabelKey),
    ("api.networking.v1.IngressRule", One("host"), WildcardSubdomain),
    ("api.networking.v1.IngressServiceBackend", One("name"), LetterLabel),
    ("api.networking.v1.IngressSpec", Set("ingressClassName"), Subdomain),
    ("api.networking.v1.IngressTLS", Each("hosts"), WildcardSubdomain),
    ("api.networking.v1.IngressTLS", One("secretName"), Subdomain),
    ("api.networking.v1.NetworkPolicyPort", One("endPort"), Port),
    ("api.networking.v1.NetworkPolicyPort", One("port"), PortReference),
    ("api.networking.v1.ServiceBackendPort", One("name"), PortName),
    ("api.networking.v1.ServiceBackendPort", One("number"), Between(0, 65535)),
    ("api.networking.v1.ServiceCIDRSpec", Each("cidrs"), Network),
    ("api.node.v1.Overhead", Each("podFixed"), Amount),
    ("api.node.v1.RuntimeClass", One("handler"), Label),
    ("api.node.v1.Scheduling", Each("nodeSelector"), LabelValue),
    ("api.node.v1.Scheduling", Keys("nodeSelector"), LabelKey),
    ("api.policy.v1.PodDisruptionBudgetSpec", One("maxUnavailable"), CountOrPercent),
    ("api.policy.v1.PodDisruptionBudgetSpec", One("minAvailable"), CountOrPercent),
    ("api.rbac.v1.RoleRef", One("name"), PathSegment),
    ("api.resource.v1.Device", One("name"), Label),
    ("api.resource.v1.DeviceClaimConfiguration", Each("requests"), Filled),
    ("api.resource.v1.DeviceConstraint", Each("requests"), Filled),
    ("api.resource.v1.DeviceRequest", One("name"), Label),
    ("api.resource.v1.DeviceSubRequest", One("name"), Label),
    ("api.resource.v1.DeviceSubRequest", One("deviceClassName"), Subdomain),
    ("api.resource.v1.ExactDeviceRequest", One("count"), COUNT),
    ("api.resource.v1.ExactDeviceRequest", One("deviceClassName"), Subdomain),
    ("api.resource.v1.OpaqueDeviceConfiguration", One("driver"), AnyCaseSubdomain),
    ("api.resource.v1.ResourcePool", One("generation"), COUNT),
    ("api.resource.v1.ResourcePool", One("resourceSliceCount"), POSITIVE),
    ("api.resource.v1.ResourceSliceSpec", One("driver"), Subdomain),
    ("api.resource.v1.ResourceSliceSpec", One("nodeName"), Subdomain),
    ("api.scheduling.v1.PriorityClass", One("value"), Between(i64::MIN, 1_000_000_000)),
    ("api.storage.v1.CSINodeDriver", One("name"), Subdomain),
    ("api.storage.v1.CSINodeDriver", Each("topologyKeys"), LabelKey),
    ("api.storage.v1.CSIStorageCapacity", One("storageClassName"), Subdomain),
    ("api.storage.v1.StorageClass", One("provisioner"), AnyCaseKey),
    ("api.storage.v1.TokenRequest", One("expirationSeconds"), Between(600, 1 << 32)),
    ("api.storage.v1.VolumeAttachmentSource", One("persistentVolumeName"), Subdomain),
    ("api.storage.v1.VolumeAttachmentSpec", One("attacher"), Subdomain),
    ("api.storage.v1.VolumeAttachmentSpec", One("nodeName"), Subdomain),
    ("api.storage.v1.VolumeAttributesClass", One("driverName"), Subdomain),
    ("api.storage.v1.VolumeNodeResources", One("count"), COUNT),
    ("apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames", One("plural"), LetterLabel),
    ("apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames", One("singular"), LetterLabel),
    ("apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames", Each("categories"), LetterLabel),
    ("apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames", Each("shortNames"), LetterLabel),
    ("apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec", One("group"), Subdomain),
    ("apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion", One("name"), LetterLabel),
    ("kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec", One("group"), Subdomain),
    ("kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec", One("groupPriorityMinimum"), Between(1, 20000)),
    ("kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec", One("version"), LetterLabel),
    ("kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec", One("versionPriority"), Between(1, 1000)),
    ("kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference", One("port"), Port),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_for_look_ups() {
        let unsorted = BOUNDS.windows(2).find(|pair| pair[0].0 > pair[1].0);
        assert_eq!(unsorted, None);
    }

    #[test]
    fn every_field_of_the_table_is_known() {
        let schemas = crate::Schemas::builtin();
        let mut known = std::collections::BTreeSet::new();
        for kind in schemas.kinds() {
            collect(kind.root(), &mut known);
        }
        for (definition, field, _) in BOUNDS {
            let (One(field) | Set(field) | Each(field) | Keys(field)) = field;
            let row = (format!("io.k8s.{definition}"), (*field).to_owned());
            assert!(known.contains(&row), "{row:?}");
        }
    }

    fn collect(of: crate::Type<'_>, known: &mut std::collections::BTreeSet<(String, String)>) {
        for (name, field) in of.fields() {
            let Some(definition) = of.definition() else {
                continue;
            };
            if known.insert((definition.to_owned(), name.to_owned())) {
                collect(field, known);
            }
        }
        for inner in [of.items(), of.values()].into_iter().flatten() {
            collect(inner, known);
        }
    }
}
