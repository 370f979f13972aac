//! What is known of `v1 Namespace`?

use super::{Adds, HealthRule, HealthState, Keep, Kind, Manners, Scope};

/// The server writes it into every namespace.
static KEPT: &[Keep] = &[Keep::live("/metadata/labels/kubernetes.io~1metadata.name")];

static STATES: &[(&str, HealthState)] = &[
    ("Active", HealthState::Healthy),
    ("Terminating", HealthState::Progressing),
];

static ADDS: &[Adds] = &[
    Adds::Phase(&["Terminating", "Active"], "Active"),
    Adds::Conditions,
];

/// The scope that holds namespaced objects.
#[derive(Clone, Copy, Debug)]
pub struct Namespace;

impl Kind for Namespace {
    fn group(&self) -> &'static str {
        ""
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "Namespace"
    }

    fn plural(&self) -> &'static str {
        "namespaces"
    }

    fn scope(&self) -> Scope {
        Scope::Cluster
    }

    fn kept(&self, manners: Manners) -> &[Keep] {
        match manners {
            Manners::Native => KEPT,
            Manners::KubeFed | Manners::Karmada => &[],
        }
    }

    fn health_rule(&self, _manners: Manners) -> HealthRule {
        HealthRule::Phases {
            path: "/status/phase",
            states: STATES,
        }
    }

    fn adds(&self, manners: Manners) -> &[Adds] {
        match manners {
            Manners::Native => ADDS,
            Manners::KubeFed | Manners::Karmada => &[],
        }
    }
}
