//! What is known of `apps/v1 DaemonSet`?

use serde_json::Value;

use super::health::{self, Health};
use super::paths::text;
use super::{Adds, Collects, Counts, HealthRule, Immutable, Kind, Manners, Noted, Scope};

const COUNTS: Counts = Counts {
    wanted: ("/status/desiredNumberScheduled", 0),
    updated: Some("/status/updatedNumberScheduled"),
    total: None,
    available: "/status/numberAvailable",
};

/// Where people decide when a pod is updated, that not all are is no lack.
const COUNTS_WITHOUT_UPDATE: Counts = Counts {
    updated: None,
    ..COUNTS
};

const COLLECTS: Collects = Collects {
    counts: &[
        "currentNumberScheduled",
        "numberMisscheduled",
        "desiredNumberScheduled",
        "numberReady",
        "updatedNumberScheduled",
        "numberAvailable",
        "numberUnavailable",
        "observedGeneration",
    ],
    fields: &[],
    native: &["conditions"],
    karmada_generation: Noted::Always,
};

static ADDS: &[Adds] = &[
    Adds::sum("currentNumberScheduled"),
    Adds::sum("numberMisscheduled"),
    Adds::sum("desiredNumberScheduled"),
    Adds::sum("numberReady"),
    Adds::sum("updatedNumberScheduled"),
    Adds::sum("numberAvailable"),
    Adds::sum("numberUnavailable"),
    Adds::Conditions,
    Adds::Generation,
];

static IMMUTABLE: &[Immutable] = &[Immutable::at("/spec/selector")];

/// One pod on each node; the nodes decide how many.
#[derive(Clone, Copy, Debug)]
pub struct DaemonSet;

impl Kind for DaemonSet {
    fn group(&self) -> &'static str {
        "apps"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "DaemonSet"
    }

    fn plural(&self) -> &'static str {
        "daemonsets"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }

    fn pod_template_path(&self) -> Option<&str> {
        Some("/spec/template")
    }

    fn health_rule(&self, _manners: Manners) -> HealthRule {
        HealthRule::Replicas(COUNTS)
    }

    fn health(&self, object: &Value, manners: Manners) -> Health {
        let is_by_hand = text(object, "/spec/updateStrategy/type") == "OnDelete";
        let counts = match manners {
            Manners::Native if is_by_hand => COUNTS_WITHOUT_UPDATE,
            Manners::Native | Manners::KubeFed | Manners::Karmada => COUNTS,
        };
        health::health(object, &HealthRule::Replicas(counts), None)
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
