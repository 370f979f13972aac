//! What is known of `argoproj.io/v1alpha1 Rollout`?

use serde_json::Value;

use super::{
    Adds, Collects, Health, HealthRule, HealthState, Immutable, Kind, Manners, Noted, Scope, health,
};

static STATES: &[(&str, HealthState)] = &[
    ("Healthy", HealthState::Healthy),
    ("Paused", HealthState::Progressing),
    ("Progressing", HealthState::Progressing),
    ("Degraded", HealthState::Degraded),
];

const COLLECTS: Collects = Collects {
    counts: &[
        "replicas",
        "updatedReplicas",
        "readyReplicas",
        "availableReplicas",
    ],
    fields: &["phase", "message"],
    native: &["conditions"],
    karmada_generation: Noted::Never,
};

static ADDS: &[Adds] = &[
    Adds::sum("replicas"),
    Adds::sum("updatedReplicas"),
    Adds::sum("readyReplicas"),
    Adds::sum("availableReplicas"),
    Adds::Phase(
        &["Degraded", "Progressing", "Paused", "Healthy"],
        "Progressing",
    ),
    Adds::Conditions,
];

static IMMUTABLE: &[Immutable] = &[Immutable::at("/spec/selector")];

/// Interchangeable pods, replaced by Argo in steps that people choose.
#[derive(Clone, Copy, Debug)]
pub struct Rollout;

impl Kind for Rollout {
    fn group(&self) -> &'static str {
        "argoproj.io"
    }

    fn version(&self) -> &'static str {
        "v1alpha1"
    }

    fn kind(&self) -> &'static str {
        "Rollout"
    }

    fn plural(&self) -> &'static str {
        "rollouts"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }

    fn replicas_path(&self) -> Option<&str> {
        Some("/spec/replicas")
    }

    fn pod_template_path(&self) -> Option<&str> {
        Some("/spec/template")
    }

    fn health(&self, object: &Value, _manners: Manners) -> Health {
        let rule = HealthRule::Phases {
            path: "/status/phase",
            states: STATES,
        };
        health::unseen(object, false).unwrap_or_else(|| health::health(object, &rule, None))
    }

    fn collects(&self) -> Option<Collects> {
        Some(COLLECTS)
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        ADDS
    }

    fn immutable(&self) -> &[Immutable] {
        IMMUTABLE
    }
}
