//! What is filled in for volumes, claims and storage classes?

use super::Filling::{Boolean, Json, Null, Text};
use super::Rule;

// A table: one line a rule.
#[rustfmt::skip]
pub(super) static RULES: &[Rule] = &[
    Rule::new("api.core.v1.PersistentVolume", "/status/phase", Text("Pending")),
    Rule::new("api.core.v1.PersistentVolumeSpec", "/persistentVolumeReclaimPolicy", Text("Retain")),
    Rule::new("api.core.v1.PersistentVolumeSpec", "/volumeMode", Text("Filesystem")),
    Rule::new("api.core.v1.PersistentVolumeClaim", "/status/phase", Text("Pending")),
    Rule::new("api.core.v1.PersistentVolumeClaimSpec", "/volumeMode", Text("Filesystem")),
    Rule::new("api.storage.v1.CSINodeDriver", "/topologyKeys", Null),
    Rule::new("api.storage.v1.StorageClass", "/reclaimPolicy", Text("Delete")),
    Rule::new("api.storage.v1.StorageClass", "/volumeBindingMode", Text("Immediate")),
    Rule::new("api.storage.v1.CSIDriverSpec", "/attachRequired", Boolean(true)),
    Rule::new("api.storage.v1.CSIDriverSpec", "/fsGroupPolicy", Text("ReadWriteOnceWithFSType")),
    Rule::new("api.storage.v1.CSIDriverSpec", "/podInfoOnMount", Boolean(false)),
    Rule::new("api.storage.v1.CSIDriverSpec", "/requiresRepublish", Boolean(false)),
    Rule::new("api.storage.v1.CSIDriverSpec", "/seLinuxMount", Boolean(false)),
    Rule::new("api.storage.v1.CSIDriverSpec", "/storageCapacity", Boolean(false)),
    Rule::new("api.storage.v1.CSIDriverSpec", "/volumeLifecycleModes", Json(r#"["Persistent"]"#)),
];
