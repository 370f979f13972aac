//! What is known of `apps/v1 ReplicaSet`?

use super::{Adds, Collects, Counts, HealthRule, Immutable, Kind, Manners, Noted, Scope};

const COUNTS: Counts = Counts {
    wanted: ("/spec/replicas", 1),
    updated: None,
    total: None,
    available: "/status/availableReplicas",
};

const COLLECTS: Collects = Collects {
    counts: &[
        "replicas",
        "readyReplicas",
        "availableReplicas",
        "fullyLabeledReplicas",
        "observedGeneration",
    ],
    fields: &[],
    native: &["conditions"],
    karmada_generation: Noted::Always,
};

static ADDS: &[Adds] = &[
    Adds::sum("replicas"),
    Adds::sum("readyReplicas"),
    Adds::sum("availableReplicas"),
    Adds::sum("fullyLabeledReplicas"),
    Adds::Conditions,
    Adds::Generation,
];

static IMMUTABLE: &[Immutable] = &[Immutable::at("/spec/selector")];

/// Interchangeable pods, of one template.
#[derive(Clone, Copy, Debug)]
pub struct ReplicaSet;

impl Kind for ReplicaSet {
    fn group(&self) -> &'static str {
        "apps"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "ReplicaSet"
    }

    fn plural(&self) -> &'static str {
        "replicasets"
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

    fn health_rule(&self, _manners: Manners) -> HealthRule {
        HealthRule::Replicas(COUNTS)
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
