//! Which optional fields of the built-in kinds tell their empty value from absence? To Go they are
//! pointers; every other optional field that is empty is not written.

/// The fields that keep an empty text, `0` or `false`, by definition.
#[rustfmt::skip]
static KEPT: &[(&str, &[&str])] = &[
    ("api.admissionregistration.v1.MatchResources", &["matchPolicy"]),
    ("api.admissionregistration.v1.MutatingAdmissionPolicySpec", &["failurePolicy"]),
    ("api.admissionregistration.v1.MutatingWebhook", &["failurePolicy", "matchPolicy", "reinvocationPolicy", "sideEffects", "timeoutSeconds"]),
    ("api.admissionregistration.v1.ParamRef", &["parameterNotFoundAction"]),
    ("api.admissionregistration.v1.Rule", &["scope"]),
    ("api.admissionregistration.v1.ServiceReference", &["path", "port"]),
    ("api.admissionregistration.v1.ValidatingAdmissionPolicySpec", &["failurePolicy"]),
    ("api.admissionregistration.v1.ValidatingWebhook", &["failurePolicy", "matchPolicy", "sideEffects", "timeoutSeconds"]),
    ("api.admissionregistration.v1.Validation", &["reason"]),
    ("api.admissionregistration.v1.WebhookClientConfig", &["url"]),
    ("api.apps.v1.DaemonSetSpec", &["revisionHistoryLimit"]),
    ("api.apps.v1.DaemonSetStatus", &["collisionCount"]),
    ("api.apps.v1.DeploymentSpec", &["progressDeadlineSeconds", "replicas", "revisionHistoryLimit"]),
    ("api.apps.v1.DeploymentStatus", &["collisionCount", "terminatingReplicas"]),
    ("api.apps.v1.ReplicaSetSpec", &["replicas"]),
    ("api.apps.v1.ReplicaSetStatus", &["terminatingReplicas"]),
    ("api.apps.v1.RollingUpdateStatefulSetStrategy", &["partition"]),
    ("api.apps.v1.StatefulSetSpec", &["replicas", "revisionHistoryLimit"]),
    ("api.apps.v1.StatefulSetStatus", &["collisionCount"]),
    ("api.authentication.v1.TokenRequestSpec", &["expirationSeconds"]),
    ("api.autoscaling.v1.ContainerResourceMetricSource", &["targetAverageUtilization"]),
    ("api.autoscaling.v1.ContainerResourceMetricStatus", &["currentAverageUtilization"]),
    ("api.autoscaling.v1.HorizontalPodAutoscalerSpec", &["minReplicas", "targetCPUUtilizationPercentage"]),
    ("api.autoscaling.v1.HorizontalPodAutoscalerStatus", &["currentCPUUtilizationPercentage", "observedGeneration"]),
    ("api.autoscaling.v1.ResourceMetricSource", &["targetAverageUtilization"]),
    ("api.autoscaling.v1.ResourceMetricStatus", &["currentAverageUtilization"]),
    ("api.autoscaling.v2.HPAScalingRules", &["selectPolicy", "stabilizationWindowSeconds"]),
    ("api.autoscaling.v2.HorizontalPodAutoscalerSpec", &["minReplicas"]),
    ("api.autoscaling.v2.HorizontalPodAutoscalerStatus", &["observedGeneration"]),
    ("api.autoscaling.v2.MetricTarget", &["averageUtilization"]),
    ("api.autoscaling.v2.MetricValueStatus", &["averageUtilization"]),
    ("api.batch.v1.CronJobSpec", &["failedJobsHistoryLimit", "startingDeadlineSeconds", "successfulJobsHistoryLimit", "suspend", "timeZone"]),
    ("api.batch.v1.JobSpec", &["activeDeadlineSeconds", "backoffLimit", "backoffLimitPerIndex", "completionMode", "completions", "managedBy", "manualSelector", "maxFailedIndexes", "parallelism", "podReplacementPolicy", "suspend", "ttlSecondsAfterFinished"]),
    ("api.batch.v1.JobStatus", &["failedIndexes", "ready", "terminating"]),
    ("api.batch.v1.PodFailurePolicyOnExitCodesRequirement", &["containerName"]),
    ("api.batch.v1.SuccessPolicyRule", &["succeededCount", "succeededIndexes"]),
    ("api.certificates.v1.CertificateSigningRequestSpec", &["expirationSeconds"]),
    ("api.coordination.v1.LeaseSpec", &["holderIdentity", "leaseDurationSeconds", "leaseTransitions", "preferredHolder", "strategy"]),
    ("api.core.v1.AppArmorProfile", &["localhostProfile"]),
    ("api.core.v1.AzureDiskVolumeSource", &["cachingMode", "fsType", "kind", "readOnly"]),
    ("api.core.v1.AzureFilePersistentVolumeSource", &["secretNamespace"]),
    ("api.core.v1.CSIVolumeSource", &["fsType", "readOnly"]),
    ("api.core.v1.ClientIPConfig", &["timeoutSeconds"]),
    ("api.core.v1.ClusterTrustBundleProjection", &["name", "optional", "signerName"]),
    ("api.core.v1.ConfigMap", &["immutable"]),
    ("api.core.v1.ConfigMapEnvSource", &["optional"]),
    ("api.core.v1.ConfigMapKeySelector", &["optional"]),
    ("api.core.v1.ConfigMapProjection", &["optional"]),
    ("api.core.v1.ConfigMapVolumeSource", &["defaultMode", "optional"]),
    ("api.core.v1.Container", &["restartPolicy"]),
    ("api.core.v1.ContainerStatus", &["started", "stopSignal"]),
    ("api.core.v1.DownwardAPIVolumeFile", &["mode"]),
    ("api.core.v1.DownwardAPIVolumeSource", &["defaultMode"]),
    ("api.core.v1.EndpointAddress", &["nodeName"]),
    ("api.core.v1.EndpointPort", &["appProtocol"]),
    ("api.core.v1.EphemeralContainerCommon", &["restartPolicy"]),
    ("api.core.v1.FCVolumeSource", &["lun"]),
    ("api.core.v1.FileKeySelector", &["optional"]),
    ("api.core.v1.GRPCAction", &["service"]),
    ("api.core.v1.GlusterfsPersistentVolumeSource", &["endpointsNamespace"]),
    ("api.core.v1.HostPathVolumeSource", &["type"]),
    ("api.core.v1.ISCSIPersistentVolumeSource", &["initiatorName"]),
    ("api.core.v1.ISCSIVolumeSource", &["initiatorName"]),
    ("api.core.v1.KeyToPath", &["mode"]),
    ("api.core.v1.Lifecycle", &["stopSignal"]),
    ("api.core.v1.LoadBalancerIngress", &["ipMode"]),
    ("api.core.v1.LocalVolumeSource", &["fsType"]),
    ("api.core.v1.NodeFeatures", &["supplementalGroupsPolicy"]),
    ("api.core.v1.NodeRuntimeHandlerFeatures", &["recursiveReadOnlyMounts", "userNamespaces"]),
    ("api.core.v1.NodeSwapStatus", &["capacity"]),
    ("api.core.v1.PersistentVolumeClaimSpec", &["storageClassName", "volumeAttributesClassName", "volumeMode"]),
    ("api.core.v1.PersistentVolumeClaimStatus", &["currentVolumeAttributesClassName"]),
    ("api.core.v1.PersistentVolumeSpec", &["volumeAttributesClassName", "volumeMode"]),
    ("api.core.v1.PodCertificateProjection", &["maxExpirationSeconds"]),
    ("api.core.v1.PodDNSConfigOption", &["value"]),
    ("api.core.v1.PodLogOptions", &["limitBytes", "sinceSeconds", "stream", "tailLines"]),
    ("api.core.v1.PodResourceClaim", &["resourceClaimName", "resourceClaimTemplateName"]),
    ("api.core.v1.PodResourceClaimStatus", &["resourceClaimName"]),
    ("api.core.v1.PodSchedulingGroup", &["podGroupName"]),
    ("api.core.v1.PodSecurityContext", &["fsGroup", "fsGroupChangePolicy", "runAsGroup", "runAsNonRoot", "runAsUser", "seLinuxChangePolicy", "supplementalGroupsPolicy"]),
    ("api.core.v1.PodSignature", &["podController"]),
    ("api.core.v1.PodSpec", &["activeDeadlineSeconds", "automountServiceAccountToken", "enableServiceLinks", "hostUsers", "hostnameOverride", "preemptionPolicy", "priority", "runtimeClassName", "setHostnameAsFQDN", "shareProcessNamespace", "terminationGracePeriodSeconds"]),
    ("api.core.v1.PortStatus", &["error"]),
    ("api.core.v1.Preconditions", &["uid"]),
    ("api.core.v1.Probe", &["terminationGracePeriodSeconds"]),
    ("api.core.v1.ProjectedVolumeSource", &["defaultMode"]),
    ("api.core.v1.ReplicationControllerSpec", &["replicas"]),
    ("api.core.v1.ResourceHealth", &["message"]),
    ("api.core.v1.SeccompProfile", &["localhostProfile"]),
    ("api.core.v1.Secret", &["immutable"]),
    ("api.core.v1.SecretEnvSource", &["optional"]),
    ("api.core.v1.SecretKeySelector", &["optional"]),
    ("api.core.v1.SecretProjection", &["optional"]),
    ("api.core.v1.SecretVolumeSource", &["defaultMode", "optional"]),
    ("api.core.v1.SecurityContext", &["allowPrivilegeEscalation", "privileged", "procMount", "readOnlyRootFilesystem", "runAsGroup", "runAsNonRoot", "runAsUser"]),
    ("api.core.v1.ServiceAccount", &["automountServiceAccountToken"]),
    ("api.core.v1.ServiceAccountTokenProjection", &["expirationSeconds"]),
    ("api.core.v1.ServicePort", &["appProtocol"]),
    ("api.core.v1.ServiceSpec", &["allocateLoadBalancerNodePorts", "internalTrafficPolicy", "ipFamilyPolicy", "loadBalancerClass", "trafficDistribution"]),
    ("api.core.v1.Toleration", &["tolerationSeconds"]),
    ("api.core.v1.TopologySpreadConstraint", &["minDomains", "nodeAffinityPolicy", "nodeTaintsPolicy"]),
    ("api.core.v1.TypedLocalObjectReference", &["apiGroup"]),
    ("api.core.v1.TypedObjectReference", &["apiGroup", "namespace"]),
    ("api.core.v1.VolumeMount", &["mountPropagation", "recursiveReadOnly"]),
    ("api.core.v1.VolumeMountStatus", &["recursiveReadOnly"]),
    ("api.core.v1.WindowsSecurityContextOptions", &["gmsaCredentialSpec", "gmsaCredentialSpecName", "hostProcess", "runAsUserName"]),
    ("api.discovery.v1.Endpoint", &["hostname", "nodeName", "zone"]),
    ("api.discovery.v1.EndpointConditions", &["ready", "serving", "terminating"]),
    ("api.discovery.v1.EndpointPort", &["appProtocol", "name", "port", "protocol"]),
    ("api.flowcontrol.v1.ExemptPriorityLevelConfiguration", &["lendablePercent", "nominalConcurrencyShares"]),
    ("api.flowcontrol.v1.LimitedPriorityLevelConfiguration", &["borrowingLimitPercent", "lendablePercent", "nominalConcurrencyShares"]),
    ("api.networking.v1.HTTPIngressPath", &["pathType"]),
    ("api.networking.v1.IngressClassParametersReference", &["apiGroup", "namespace", "scope"]),
    ("api.networking.v1.IngressPortStatus", &["error"]),
    ("api.networking.v1.IngressSpec", &["ingressClassName"]),
    ("api.networking.v1.NetworkPolicyPort", &["endPort", "protocol"]),
    ("api.policy.v1.Eviction", &["deleteOptions"]),
    ("api.policy.v1.PodDisruptionBudgetSpec", &["unhealthyPodEvictionPolicy"]),
    ("api.resource.v1.AllocatedDeviceStatus", &["shareID"]),
    ("api.resource.v1.Device", &["allNodes", "allowMultipleAllocations", "bindsToNode", "nodeName"]),
    ("api.resource.v1.DeviceAttribute", &["bool", "int", "string", "version"]),
    ("api.resource.v1.DeviceClassSpec", &["extendedResourceName"]),
    ("api.resource.v1.DeviceConstraint", &["distinctAttribute", "matchAttribute"]),
    ("api.resource.v1.DeviceRequestAllocationResult", &["adminAccess", "shareID"]),
    ("api.resource.v1.DeviceToleration", &["tolerationSeconds"]),
    ("api.resource.v1.ExactDeviceRequest", &["adminAccess"]),
    ("api.resource.v1.NodeAllocatableResourceMapping", &["capacityKey"]),
    ("api.resource.v1.ResourceSliceSpec", &["allNodes", "nodeName", "perDeviceNodeSelection"]),
    ("api.scheduling.v1.PriorityClass", &["preemptionPolicy"]),
    ("api.storage.v1.CSIDriverSpec", &["attachRequired", "fsGroupPolicy", "nodeAllocatableUpdatePeriodSeconds", "podInfoOnMount", "preventPodSchedulingIfMissing", "requiresRepublish", "seLinuxMount", "serviceAccountTokenInSecrets", "storageCapacity"]),
    ("api.storage.v1.StorageClass", &["allowVolumeExpansion", "reclaimPolicy", "volumeBindingMode"]),
    ("api.storage.v1.TokenRequest", &["expirationSeconds"]),
    ("api.storage.v1.VolumeAttachmentSource", &["persistentVolumeName"]),
    ("api.storage.v1.VolumeError", &["errorCode"]),
    ("api.storage.v1.VolumeNodeResources", &["count"]),
];

/// The times that are written as `null` where they are not set, by definition.
#[rustfmt::skip]
static TIMES: &[(&str, &[&str])] = &[
    ("api.apps.v1.DaemonSetCondition", &["lastTransitionTime"]),
    ("api.apps.v1.DeploymentCondition", &["lastTransitionTime", "lastUpdateTime"]),
    ("api.apps.v1.ReplicaSetCondition", &["lastTransitionTime"]),
    ("api.apps.v1.StatefulSetCondition", &["lastTransitionTime"]),
    ("api.authentication.v1.TokenRequestStatus", &["expirationTimestamp"]),
    ("api.autoscaling.v1.HorizontalPodAutoscalerCondition", &["lastTransitionTime"]),
    ("api.autoscaling.v2.HorizontalPodAutoscalerCondition", &["lastTransitionTime"]),
    ("api.batch.v1.JobCondition", &["lastProbeTime", "lastTransitionTime"]),
    ("api.certificates.v1.CertificateSigningRequestCondition", &["lastTransitionTime", "lastUpdateTime"]),
    ("api.core.v1.ContainerStateRunning", &["startedAt"]),
    ("api.core.v1.ContainerStateTerminated", &["finishedAt", "startedAt"]),
    ("api.core.v1.Event", &["eventTime", "firstTimestamp", "lastTimestamp"]),
    ("api.core.v1.EventSeries", &["lastObservedTime"]),
    ("api.core.v1.NamespaceCondition", &["lastTransitionTime"]),
    ("api.core.v1.NodeCondition", &["lastHeartbeatTime", "lastTransitionTime"]),
    ("api.core.v1.PersistentVolumeClaimCondition", &["lastProbeTime", "lastTransitionTime"]),
    ("api.core.v1.PodCondition", &["lastProbeTime", "lastTransitionTime"]),
    ("api.core.v1.PreferAvoidPodsEntry", &["evictionTime"]),
    ("api.core.v1.ReplicationControllerCondition", &["lastTransitionTime"]),
    ("api.events.v1.Event", &["deprecatedFirstTimestamp", "deprecatedLastTimestamp", "eventTime"]),
    ("api.events.v1.EventSeries", &["lastObservedTime"]),
    ("api.flowcontrol.v1.FlowSchemaCondition", &["lastTransitionTime"]),
    ("api.flowcontrol.v1.PriorityLevelConfigurationCondition", &["lastTransitionTime"]),
    ("api.storage.v1.VolumeError", &["time"]),
];

/// The times of an object of this definition that are `null` rather than absent.
pub(super) fn null_times(definition: &str) -> &'static [&'static str] {
    let name = definition.strip_prefix("io.k8s.").unwrap_or(definition);
    let row = TIMES.binary_search_by(|(other, _)| (*other).cmp(name));
    let row = row.ok().and_then(|row| TIMES.get(row));
    row.map_or(&[], |(_, fields)| fields)
}

/// Does an optional field keep its empty value?
pub(super) fn keeps_empty(definition: &str, field: &str) -> bool {
    // What is not of Kubernetes' main packages is no part of the table: better too much is kept.
    let Some(name) = definition
        .strip_prefix("io.k8s.")
        .filter(|name| name.starts_with("api."))
    else {
        return !definition.ends_with(".ObjectMeta");
    };
    let row = KEPT.binary_search_by(|(other, _)| (*other).cmp(name));
    let fields = row.ok().and_then(|row| KEPT.get(row));
    fields.is_some_and(|(_, fields)| fields.contains(&field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fed_schema::Schemas;

    #[test]
    fn the_table_is_sorted_and_speaks_of_fields_that_are_there() {
        assert!(KEPT.is_sorted_by_key(|(definition, _)| definition));
        assert!(TIMES.is_sorted_by_key(|(definition, _)| definition));
        let schemas = Schemas::builtin();
        let deployment = schemas
            .kind("apps", "v1", "Deployment")
            .expect("built in")
            .root();
        let spec = deployment.at("/spec").expect("a field");
        let name = spec.definition().expect("it has a name");
        assert!(keeps_empty(name, "replicas"));
        assert!(!keeps_empty(name, "paused"));
    }
}
