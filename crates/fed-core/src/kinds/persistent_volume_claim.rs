//! What is known of `v1 PersistentVolumeClaim`?

use super::{Adds, HealthRule, HealthState, Immutable, Keep, Kind, Local, Manners, Scope};

static KEPT_NATIVELY: &[Keep] = &[
    Keep::live("/spec/volumeName"),
    // The cluster fills in its default class when the claim is made, and takes no change of it.
    Keep::unsaid("/spec/storageClassName"),
];

static KEPT_BY_KARMADA: &[Keep] = &[Keep::live("/spec/volumeName")];

static STATES: &[(&str, HealthState)] = &[
    ("Bound", HealthState::Healthy),
    ("Pending", HealthState::Progressing),
    ("Lost", HealthState::Degraded),
];

static ADDS: &[Adds] = &[Adds::Phase(&["Lost", "Pending", "Bound"], "Pending")];

static IMMUTABLE: &[Immutable] = &[
    Immutable::all_but(
        "/spec",
        &[
            "/resources/requests",
            "/volumeAttributesClassName",
            "/volumeName",
            "/storageClassName",
        ],
    ),
    Immutable::at("/spec/storageClassName").if_said(),
];

static LOCAL: &[Local] = &[Local::at(
    "/metadata/annotations/volume.kubernetes.io~1selected-node",
)];

/// Storage that a pod asks for.
#[derive(Clone, Copy, Debug)]
pub struct PersistentVolumeClaim;

impl Kind for PersistentVolumeClaim {
    fn group(&self) -> &'static str {
        ""
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "PersistentVolumeClaim"
    }

    fn plural(&self) -> &'static str {
        "persistentvolumeclaims"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }

    fn kept(&self, manners: Manners) -> &[Keep] {
        match manners {
            Manners::Native => KEPT_NATIVELY,
            Manners::Karmada => KEPT_BY_KARMADA,
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

    fn local(&self, _manners: Manners) -> &[Local] {
        LOCAL
    }
}
