//! What is known of `apps/v1 StatefulSet`?

use serde_json::Value;

use super::health::{self, Health};
use super::paths::{items, number, text};
use super::{
    Adds, Collects, Counts, HealthRule, Immutable, Kind, Manners, Needed, Noted, Reference, Scope,
    pod_template,
};

const COUNTS: Counts = Counts {
    wanted: ("/spec/replicas", 1),
    updated: Some("/status/updatedReplicas"),
    total: None,
    available: "/status/availableReplicas",
};

/// Where people decide when a pod is updated, that not all are is no lack.
const COUNTS_WITHOUT_UPDATE: Counts = Counts {
    updated: None,
    ..COUNTS
};

const COLLECTS: Collects = Collects {
    counts: &[
        "replicas",
        "readyReplicas",
        "currentReplicas",
        "updatedReplicas",
        "availableReplicas",
        "observedGeneration",
    ],
    fields: &[],
    native: &["conditions"],
    karmada_generation: Noted::Always,
};

static ADDS: &[Adds] = &[
    Adds::sum("replicas"),
    Adds::sum("readyReplicas"),
    Adds::sum("currentReplicas"),
    Adds::sum("updatedReplicas"),
    Adds::sum("availableReplicas"),
    Adds::Conditions,
    Adds::Generation,
];

static IMMUTABLE: &[Immutable] = &[
    Immutable::at("/spec/podManagementPolicy"),
    Immutable::at("/spec/selector"),
    Immutable::at("/spec/serviceName"),
    Immutable::at("/spec/volumeClaimTemplates"),
];

/// Pods that keep their name and their storage.
#[derive(Clone, Copy, Debug)]
pub struct StatefulSet;

impl Kind for StatefulSet {
    fn group(&self) -> &'static str {
        "apps"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "StatefulSet"
    }

    fn plural(&self) -> &'static str {
        "statefulsets"
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

    fn health(&self, object: &Value, manners: Manners) -> Health {
        let strategy = "/spec/updateStrategy";
        let is_held_back = text(object, &format!("{strategy}/type")) == "OnDelete"
            || number(object, &format!("{strategy}/rollingUpdate/partition")) > 0;
        let counts = match manners {
            Manners::Native if is_held_back => COUNTS_WITHOUT_UPDATE,
            Manners::Native | Manners::KubeFed | Manners::Karmada => COUNTS,
        };
        health::health(object, &HealthRule::Replicas(counts), None)
    }

    fn references(&self, object: &Value) -> Vec<Reference> {
        let mut found = pod_template::references(object, "/spec/template");
        let made = items(object, "/spec/volumeClaimTemplates");
        let is_made = |name: &str| {
            made.iter()
                .any(|claim| text(claim, "/metadata/name") == name)
        };
        // It makes a claim of each template for each pod, which the volume of that name then is.
        found.retain(|reference| match &reference.needed {
            Needed::Object { kind, name, .. } => kind != "PersistentVolumeClaim" || !is_made(name),
            Needed::ServicePort { .. } | Needed::Pods { .. } => true,
        });
        found
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
