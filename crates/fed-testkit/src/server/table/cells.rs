//! What stands in the cells of the built-in kinds? Most of it is a field; what has to be computed
//! is a function.

use fed_schema::Kind;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::network::{endpoint_addresses, endpoints, ingress_hosts, service};
use super::own::{
    bound, claim, claimed, condition, controller, event, modes, node, param, param_kind,
    parameters, parent, phase, ports, priority_level, quota, signing, subjects, token_requests,
};
use super::pods::pod;
use super::workloads::{containers, cron_job, deployment, job, metrics, selector};
use super::{at, duration, items, joined, number, text, words};

/// How a cell is found, at a JSON Pointer.
#[derive(Clone, Copy)]
enum Cell {
    /// What stands there, or this word where nothing does.
    Words(&'static str, &'static str),
    /// The number there, or 0.
    Number(&'static str),
    /// Yes or no, or what holds where nothing stands.
    Flag(&'static str, bool),
    /// How many items or fields there are in all these places.
    Count(&'static [&'static str]),
    /// The labels there.
    Labels(&'static str),
    /// The selector there.
    Selector(&'static str),
    /// `KIND/NAME` of what is referred to there.
    Reference(&'static str),
    /// A field of all containers there.
    Containers(&'static str, &'static str),
    /// What a function makes of the column and the object.
    Own(fn(&str, &Value, Timestamp) -> Value),
}

use Cell::{Containers, Count, Flag, Labels, Number, Own, Reference, Selector, Words};

/// The cells of one kind, by column. Name and age are the same for all.
type Row = (&'static str, &'static str, &'static [(&'static str, Cell)]);

const TEMPLATE: &str = "/spec/template/spec/containers";
const NONE: &str = "<none>";
const UNSET: &str = "<unset>";

#[rustfmt::skip]
static ROWS: &[Row] = &[
    ("", "ComponentStatus", &[]),
    ("", "ConfigMap", &[("Data", Count(&["/data", "/binaryData"]))]),
    ("", "Endpoints", &[("Endpoints", Own(|_, object, _| json!(endpoints(object))))]),
    ("", "Event", &[("", Own(event))]),
    ("", "LimitRange", CREATED),
    ("", "Namespace", &[("Status", Words("/status/phase", ""))]),
    ("", "Node", &[("Version", Words("/status/nodeInfo/kubeletVersion", "")), ("", Own(node))]),
    ("", "PersistentVolume", &[
        ("Capacity", Words("/spec/capacity/storage", "0")),
        ("Access Modes", Own(|_, object, _| modes(object, "/spec/accessModes"))),
        ("Reclaim Policy", Words("/spec/persistentVolumeReclaimPolicy", "")),
        ("Status", Own(|_, object, _| json!(phase(object)))),
        ("Claim", Own(|_, object, _| claim(object))),
        ("StorageClass", Words("/spec/storageClassName", "")),
        ("VolumeAttributesClass", Words("/spec/volumeAttributesClassName", UNSET)),
        ("Reason", Words("/status/reason", "")),
        ("VolumeMode", Words("/spec/volumeMode", UNSET)),
    ]),
    ("", "PersistentVolumeClaim", &[
        ("Status", Own(|_, object, _| json!(phase(object)))),
        ("Volume", Words("/spec/volumeName", "")),
        ("Capacity", Own(|_, object, _| bound(object, &words(at(object, "/status/capacity/storage"))))),
        ("Access Modes", Own(|_, object, _| bound(object, &words(&modes(object, "/status/accessModes"))))),
        ("StorageClass", Words("/spec/storageClassName", "")),
        ("VolumeAttributesClass", Words("/spec/volumeAttributesClassName", UNSET)),
        ("VolumeMode", Words("/spec/volumeMode", UNSET)),
    ]),
    ("", "Pod", &[("", Own(pod))]),
    ("", "PodTemplate", &[
        ("Containers", Containers("/template/spec/containers", "name")),
        ("Images", Containers("/template/spec/containers", "image")),
        ("Pod Labels", Labels("/template/metadata/labels")),
    ]),
    ("", "ReplicationController", &[
        ("Desired", Number("/spec/replicas")), ("Current", Number("/status/replicas")),
        ("Ready", Number("/status/readyReplicas")), ("Containers", Containers(TEMPLATE, "name")),
        ("Images", Containers(TEMPLATE, "image")), ("Selector", Labels("/spec/selector")),
    ]),
    ("", "ResourceQuota", &[("", Own(quota))]),
    ("", "Secret", &[("Type", Words("/type", "")), ("Data", Count(&["/data"]))]),
    ("", "Service", &[("Selector", Labels("/spec/selector")), ("", Own(service))]),
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicy",
        &[("Mutations", Count(&["/spec/mutations"])), ("ParamKind", Own(|_, object, _| param_kind(object)))]),
    ("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding", POLICY_BINDING),
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration", &[("Webhooks", Count(&["/webhooks"]))]),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy",
        &[("Validations", Count(&["/spec/validations"])), ("ParamKind", Own(|_, object, _| param_kind(object)))]),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding", POLICY_BINDING),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration", &[("Webhooks", Count(&["/webhooks"]))]),
    ("apiextensions.k8s.io", "CustomResourceDefinition", CREATED),
    ("apps", "ControllerRevision", &[
        ("Controller", Own(|_, object, _| controller(object))), ("Revision", Number("/revision")),
    ]),
    ("apps", "DaemonSet", &[
        ("Desired", Number("/status/desiredNumberScheduled")),
        ("Current", Number("/status/currentNumberScheduled")), ("Ready", Number("/status/numberReady")),
        ("Up-to-date", Number("/status/updatedNumberScheduled")),
        ("Available", Number("/status/numberAvailable")),
        ("Node Selector", Labels("/spec/template/spec/nodeSelector")),
        ("Containers", Containers(TEMPLATE, "name")), ("Images", Containers(TEMPLATE, "image")),
        ("Selector", Selector("/spec/selector")),
    ]),
    ("apps", "Deployment", &[
        ("Ready", Own(|_, object, _| deployment(object))),
        ("Up-to-date", Number("/status/updatedReplicas")), ("Available", Number("/status/availableReplicas")),
        ("Containers", Containers(TEMPLATE, "name")), ("Images", Containers(TEMPLATE, "image")),
        ("Selector", Selector("/spec/selector")),
    ]),
    ("apps", "ReplicaSet", &[
        ("Desired", Number("/spec/replicas")), ("Current", Number("/status/replicas")),
        ("Ready", Number("/status/readyReplicas")), ("Containers", Containers(TEMPLATE, "name")),
        ("Images", Containers(TEMPLATE, "image")), ("Selector", Selector("/spec/selector")),
    ]),
    ("apps", "StatefulSet", &[
        ("Ready", Own(|_, object, _| deployment(object))),
        ("Containers", Containers(TEMPLATE, "name")), ("Images", Containers(TEMPLATE, "image")),
    ]),
    ("autoscaling", "HorizontalPodAutoscaler", &[
        ("Reference", Reference("/spec/scaleTargetRef")),
        ("Targets", Own(|_, object, _| json!(metrics(object)))),
        ("MinPods", Words("/spec/minReplicas", UNSET)), ("MaxPods", Number("/spec/maxReplicas")),
        ("Replicas", Number("/status/currentReplicas")),
    ]),
    ("batch", "CronJob", &[("", Own(cron_job))]),
    ("batch", "Job", &[
        ("Containers", Containers(TEMPLATE, "name")), ("Images", Containers(TEMPLATE, "image")),
        ("Selector", Selector("/spec/selector")), ("", Own(job)),
    ]),
    ("certificates.k8s.io", "CertificateSigningRequest", &[
        ("SignerName", Words("/spec/signerName", NONE)), ("Requestor", Words("/spec/username", "")),
        ("RequestedDuration", Own(|_, object, _| match at(object, "/spec/expirationSeconds").as_i64() {
            Some(seconds) => json!(duration(seconds)),
            None => json!(NONE),
        })),
        ("Condition", Own(|_, object, _| signing(object))),
    ]),
    ("coordination.k8s.io", "Lease", &[("Holder", Words("/spec/holderIdentity", ""))]),
    ("discovery.k8s.io", "EndpointSlice", &[
        ("AddressType", Words("/addressType", "")),
        ("Ports", Own(|_, object, _| ports(object))),
        ("Endpoints", Own(|_, object, _| json!(endpoint_addresses(object)))),
    ]),
    ("events.k8s.io", "Event", &[("", Own(event))]),
    ("flowcontrol.apiserver.k8s.io", "FlowSchema", &[
        ("PriorityLevel", Words("/spec/priorityLevelConfiguration/name", "")),
        ("MatchingPrecedence", Number("/spec/matchingPrecedence")),
        ("DistinguisherMethod", Words("/spec/distinguisherMethod/type", NONE)),
        ("MissingPL", Own(|_, object, _| json!(condition(object, "Dangling").unwrap_or("?")))),
    ]),
    ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration", &[("", Own(priority_level))]),
    ("networking.k8s.io", "Ingress", &[
        ("Class", Words("/spec/ingressClassName", NONE)),
        ("Hosts", Own(|_, object, _| json!(ingress_hosts(object)))),
        ("Address", Own(|_, object, _| json!(super::network::balancer(object).join(",")))),
        ("Ports", Own(|_, object, _| {
            json!(if items(object, "/spec/tls").is_empty() { "80" } else { "80, 443" })
        })),
    ]),
    ("networking.k8s.io", "IngressClass", &[
        ("Controller", Words("/spec/controller", "")),
        ("Parameters", Own(|_, object, _| parameters(object))),
    ]),
    ("networking.k8s.io", "IPAddress", &[("ParentRef", Own(|_, object, _| parent(object)))]),
    ("networking.k8s.io", "NetworkPolicy", &[("Pod-Selector", Selector("/spec/podSelector"))]),
    ("networking.k8s.io", "ServiceCIDR", &[("CIDRs", Own(|_, object, _| {
        json!(joined(items(object, "/spec/cidrs").iter().filter_map(Value::as_str), ",", ""))
    }))]),
    ("node.k8s.io", "RuntimeClass", &[("Handler", Words("/handler", ""))]),
    ("policy", "PodDisruptionBudget", &[
        ("Min Available", Words("/spec/minAvailable", "N/A")),
        ("Max Unavailable", Words("/spec/maxUnavailable", "N/A")),
        ("Allowed Disruptions", Number("/status/disruptionsAllowed")),
    ]),
    ("rbac.authorization.k8s.io", "ClusterRole", CREATED),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding", BINDING),
    ("rbac.authorization.k8s.io", "Role", CREATED),
    ("rbac.authorization.k8s.io", "RoleBinding", BINDING),
    ("resource.k8s.io", "ResourceClaim", &[("State", Own(|_, object, _| claimed(object)))]),
    ("resource.k8s.io", "ResourceSlice", &[
        ("Node", Words("/spec/nodeName", "")), ("Driver", Words("/spec/driver", "")),
        ("Pool", Words("/spec/pool/name", "")),
    ]),
    ("scheduling.k8s.io", "PriorityClass", &[
        ("Value", Number("/value")), ("Global-Default", Flag("/globalDefault", false)),
        ("PreemptionPolicy", Words("/preemptionPolicy", "")),
    ]),
    ("storage.k8s.io", "CSIDriver", &[
        ("AttachRequired", Flag("/spec/attachRequired", true)),
        ("PodInfoOnMount", Flag("/spec/podInfoOnMount", false)),
        ("StorageCapacity", Flag("/spec/storageCapacity", false)),
        ("TokenRequests", Own(|_, object, _| token_requests(object))),
        ("RequiresRepublish", Flag("/spec/requiresRepublish", false)),
        ("Modes", Own(|_, object, _| {
            let modes = items(object, "/spec/volumeLifecycleModes").iter();
            json!(joined(modes.filter_map(Value::as_str), ",", NONE))
        })),
    ]),
    ("storage.k8s.io", "CSINode", &[("Drivers", Count(&["/spec/drivers"]))]),
    ("storage.k8s.io", "CSIStorageCapacity", CREATED),
    ("storage.k8s.io", "StorageClass", &[
        ("Provisioner", Words("/provisioner", "")), ("ReclaimPolicy", Words("/reclaimPolicy", "Delete")),
        ("VolumeBindingMode", Words("/volumeBindingMode", "Immediate")),
        ("AllowVolumeExpansion", Flag("/allowVolumeExpansion", false)),
    ]),
    ("storage.k8s.io", "VolumeAttachment", &[
        ("Attacher", Words("/spec/attacher", "")), ("PV", Words("/spec/source/persistentVolumeName", "")),
        ("Node", Words("/spec/nodeName", "")), ("Attached", Flag("/status/attached", false)),
    ]),
    ("storage.k8s.io", "VolumeAttributesClass", &[("DriverName", Words("/driverName", ""))]),
];

const CREATED: &[(&str, Cell)] = &[("Created At", Words("/metadata/creationTimestamp", ""))];
const BINDING: &[(&str, Cell)] = &[
    ("Role", Reference("/roleRef")),
    ("Users", Own(|_, object, _| subjects(object, "User"))),
    ("Groups", Own(|_, object, _| subjects(object, "Group"))),
    (
        "ServiceAccounts",
        Own(|_, object, _| subjects(object, "ServiceAccount")),
    ),
];
const POLICY_BINDING: &[(&str, Cell)] = &[
    ("PolicyName", Words("/spec/policyName", "")),
    ("ParamRef", Own(|_, object, _| param(object))),
];

/// What stands in a cell of an object; nothing in a column that is not known.
pub(super) fn of(kind: Kind<'_>, column: &str, object: &Value, now: Timestamp) -> Value {
    let mut rows = ROWS.iter();
    let Some((_, _, cells)) =
        rows.find(|(group, name, _)| (*group, *name) == (kind.group(), kind.kind()))
    else {
        return Value::Null;
    };
    // The last one may stand for all columns that are not named.
    let found = cells
        .iter()
        .find(|(name, _)| *name == column || name.is_empty());
    match found.map(|(_, cell)| *cell) {
        Some(Words(place, none)) => match at(object, place) {
            Value::Null => json!(none),
            value => json!(words(value)),
        },
        Some(Number(place)) => json!(number(object, place)),
        Some(Flag(place, usually)) => json!(at(object, place).as_bool().unwrap_or(usually)),
        Some(Count(places)) => json!(
            places
                .iter()
                .map(|place| count(at(object, place)))
                .sum::<usize>()
        ),
        Some(Labels(place)) => json!(labels(at(object, place))),
        Some(Selector(place)) => json!(selector(at(object, place))),
        Some(Reference(place)) => {
            let part = |field: &str| text(at(object, place), field);
            json!(format!("{}/{}", part("/kind"), part("/name")))
        }
        Some(Containers(place, field)) => json!(containers(object, place, field)),
        Some(Own(tell)) => tell(column, object, now),
        None => Value::Null,
    }
}

fn count(value: &Value) -> usize {
    match value {
        Value::Object(fields) => fields.len(),
        Value::Array(items) => items.len(),
        _ => 0,
    }
}

/// Labels as people write them.
fn labels(labels: &Value) -> String {
    let pairs = labels.as_object().into_iter().flatten();
    let pairs: Vec<String> = pairs
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
        .collect();
    joined(pairs.iter().map(String::as_str), ",", NONE)
}
