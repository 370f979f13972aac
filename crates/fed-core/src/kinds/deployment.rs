//! What is known of `apps/v1 Deployment`?

use super::{Adds, Collects, Counts, HealthRule, Immutable, Kind, Local, Manners, Noted, Scope};

const COUNTS: Counts = Counts {
    wanted: ("/spec/replicas", 1),
    updated: Some("/status/updatedReplicas"),
    total: Some("/status/replicas"),
    available: "/status/availableReplicas",
};

const COLLECTS: Collects = Collects {
    counts: &[
        "replicas",
        "updatedReplicas",
        "readyReplicas",
        "availableReplicas",
        "unavailableReplicas",
        "observedGeneration",
    ],
    fields: &[],
    native: &["conditions"],
    karmada_generation: Noted::Always,
};

static ADDS: &[Adds] = &[
    Adds::sum("replicas"),
    Adds::sum("updatedReplicas"),
    Adds::sum("readyReplicas"),
    Adds::sum("availableReplicas"),
    Adds::sum("unavailableReplicas"),
    Adds::Conditions,
    Adds::Generation,
];

static IMMUTABLE: &[Immutable] = &[Immutable::at("/spec/selector")];

static LOCAL: &[Local] = &[
    Local::at("/metadata/annotations/deployment.kubernetes.io~1revision"),
    Local::at("/metadata/annotations/deployment.kubernetes.io~1revision-history"),
];

/// Interchangeable pods, replaced step by step.
#[derive(Clone, Copy, Debug)]
pub struct Deployment;

impl Kind for Deployment {
    fn group(&self) -> &'static str {
        "apps"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "Deployment"
    }

    fn plural(&self) -> &'static str {
        "deployments"
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

    fn local(&self, _manners: Manners) -> &[Local] {
        LOCAL
    }
}
