//! How do kinds differ in what a server lets be done with them? What no schema says, as tables.

use fed_schema::{Kind, Origin};

use super::fields::FieldSet;

type Names = &'static [(&'static str, &'static str)];

const ADMISSION: &str = "admissionregistration.k8s.io";
const APPS: &str = "apps";
const RBAC: &str = "rbac.authorization.k8s.io";
const STORAGE: &str = "storage.k8s.io";
const RESOURCE: &str = "resource.k8s.io";
const FLOW: &str = "flowcontrol.apiserver.k8s.io";

/// Kinds whose objects count the changes of what is wanted.
const COUNTED: Names = &[
    ("", "Pod"),
    ("", "PodTemplate"),
    ("", "ReplicationController"),
    (APPS, "DaemonSet"),
    (APPS, "Deployment"),
    (APPS, "ReplicaSet"),
    (APPS, "StatefulSet"),
    ("batch", "CronJob"),
    ("batch", "Job"),
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("discovery.k8s.io", "EndpointSlice"),
    ("networking.k8s.io", "Ingress"),
    ("networking.k8s.io", "IngressClass"),
    ("networking.k8s.io", "NetworkPolicy"),
    ("policy", "PodDisruptionBudget"),
    ("scheduling.k8s.io", "PriorityClass"),
    (ADMISSION, "*"),
    (FLOW, "*"),
    (RESOURCE, "DeviceClass"),
    (RESOURCE, "DeviceTaintRule"),
    (RESOURCE, "ResourceSlice"),
];

/// Kinds that are updated only by those who say what they saw.
const SEEN: Names = &[
    ("coordination.k8s.io", "*"),
    ("node.k8s.io", "RuntimeClass"),
    ("policy", "PodDisruptionBudget"),
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("apiregistration.k8s.io", "APIService"),
    (ADMISSION, "*"),
    (STORAGE, "CSIDriver"),
    (STORAGE, "CSINode"),
    (STORAGE, "CSIStorageCapacity"),
    (STORAGE, "VolumeAttachment"),
];

/// Kinds that a PUT creates.
const PUT_CREATES: Names = &[
    ("", "Endpoints"),
    ("", "Event"),
    ("events.k8s.io", "Event"),
    ("", "LimitRange"),
    ("", "Service"),
    ("coordination.k8s.io", "*"),
    ("node.k8s.io", "RuntimeClass"),
    (RBAC, "*"),
];

/// Kinds of which a deletion answers the object that was deleted.
const ANSWER_DELETED: Names = &[
    ("", "Namespace"),
    ("", "PersistentVolume"),
    ("", "PersistentVolumeClaim"),
    ("", "Pod"),
    ("", "PodTemplate"),
    ("", "ResourceQuota"),
    ("", "Service"),
    ("", "ServiceAccount"),
    (RESOURCE, "*"),
    (STORAGE, "CSIDriver"),
    (STORAGE, "CSINode"),
    (STORAGE, "StorageClass"),
    (STORAGE, "VolumeAttachment"),
    (STORAGE, "VolumeAttributesClass"),
];

/// Kinds whose `status` subresource leaves the metadata alone.
const STATUS_ALONE: Names = &[
    (FLOW, "*"),
    (RESOURCE, "*"),
    ("networking.k8s.io", "ServiceCIDR"),
    (STORAGE, "VolumeAttachment"),
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("apiregistration.k8s.io", "APIService"),
];

/// Kinds of which a server looks at the metadata once only when they are changed.
const LOOKED_AT_ONCE: Names = &[("policy", "PodDisruptionBudget")];

pub(super) fn is_looked_at_once(kind: Kind<'_>) -> bool {
    is_among(kind, LOOKED_AT_ONCE)
}

fn is_among(kind: Kind<'_>, names: Names) -> bool {
    let is_it = |(group, name): &(&str, &str)| {
        *group == kind.group() && (*name == "*" || *name == kind.kind())
    };
    names.iter().any(is_it)
}

fn is_custom(kind: Kind<'_>) -> bool {
    kind.origin() == Origin::Custom
}

pub(super) fn has_generation(kind: Kind<'_>) -> bool {
    is_custom(kind) || is_among(kind, COUNTED)
}

/// May an update leave out the version that it is based on?
pub(super) fn updates_blindly(kind: Kind<'_>) -> bool {
    !is_custom(kind) && !is_among(kind, SEEN)
}

pub(super) fn put_creates(kind: Kind<'_>) -> bool {
    is_among(kind, PUT_CREATES)
}

pub(super) fn answers_deleted(kind: Kind<'_>) -> bool {
    is_among(kind, ANSWER_DELETED)
}

/// Kinds that are stored under another name than their resource's.
const STORED: &[(&str, &str, &str)] = &[
    ("", "Endpoints", "services/endpoints"),
    ("", "Node", "minions"),
    ("", "ReplicationController", "controllers"),
    ("", "Service", "services/specs"),
    ("networking.k8s.io", "Ingress", "ingress"),
];

/// Where a server stores an object.
pub(super) fn storage_key(kind: Kind<'_>, namespace: &str, name: &str) -> String {
    let is_it =
        |(group, other, _): &&(&str, &str, &str)| (*group, *other) == (kind.group(), kind.kind());
    let renamed = STORED.iter().find(is_it).map(|(.., stored)| *stored);
    let is_extended = is_custom(kind)
        || matches!(
            kind.group(),
            "apiextensions.k8s.io" | "apiregistration.k8s.io"
        );
    let parts = [
        if is_extended { kind.group() } else { "" },
        renamed.unwrap_or_else(|| kind.plural()),
        namespace,
        name,
    ];
    let parts = parts.iter().filter(|part| !part.is_empty());
    parts.fold("/registry".to_owned(), |key, part| format!("{key}/{part}"))
}

pub(super) fn has_status(kind: Kind<'_>) -> bool {
    kind.subresource("status").is_some()
}

/// The fields that a write through this subresource leaves as they are.
pub(super) fn reset_fields(kind: Kind<'_>, subresource: &str) -> FieldSet {
    let paths: &[&[&str]] = match subresource {
        "status" if is_custom(kind) || is_among(kind, STATUS_ALONE) => &[&["spec"], &["metadata"]],
        "status" if kind.group() == APPS && kind.kind() == "Deployment" => {
            &[&["spec"], &["metadata", "labels"]]
        }
        "status" => &[&["spec"]],
        _ if has_status(kind) => &[&["status"]],
        _ => &[],
    };
    let sets = paths.iter().map(|path| FieldSet::of_fields(path));
    sets.fold(FieldSet::new(), |all, set| all.union(&set))
}
