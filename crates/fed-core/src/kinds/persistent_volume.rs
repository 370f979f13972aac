//! What is known of `v1 PersistentVolume`?

use super::{Adds, HealthRule, HealthState, Immutable, Keep, Kind, Manners, Scope};

/// Which claim has it.
static KEPT: &[Keep] = &[Keep::live("/spec/claimRef")];

static STATES: &[(&str, HealthState)] = &[
    ("Available", HealthState::Healthy),
    ("Bound", HealthState::Healthy),
    ("Released", HealthState::Healthy),
    ("Pending", HealthState::Progressing),
    ("Failed", HealthState::Degraded),
];

static ADDS: &[Adds] = &[Adds::Phase(
    &["Failed", "Pending", "Available", "Bound", "Released"],
    "Pending",
)];

/// All of it that says where the storage is.
static IMMUTABLE: &[Immutable] = &[Immutable::all_but(
    "/spec",
    &[
        "/accessModes",
        "/capacity",
        "/claimRef",
        "/mountOptions",
        "/nodeAffinity",
        "/persistentVolumeReclaimPolicy",
        "/storageClassName",
        "/volumeAttributesClassName",
    ],
)];

/// Storage that a cluster has.
#[derive(Clone, Copy, Debug)]
pub struct PersistentVolume;

impl Kind for PersistentVolume {
    fn group(&self) -> &'static str {
        ""
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "PersistentVolume"
    }

    fn plural(&self) -> &'static str {
        "persistentvolumes"
    }

    fn scope(&self) -> Scope {
        Scope::Cluster
    }

    fn kept(&self, manners: Manners) -> &[Keep] {
        match manners {
            Manners::Native | Manners::Karmada => KEPT,
            Manners::KubeFed => &[],
        }
    }

    fn health_rule(&self, _manners: Manners) -> HealthRule {
        HealthRule::Phases {
            path: "/status/phase",
            states: STATES,
        }
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        ADDS
    }

    fn immutable(&self) -> &[Immutable] {
        IMMUTABLE
    }
}
