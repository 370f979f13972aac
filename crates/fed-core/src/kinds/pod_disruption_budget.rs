//! What is known of `policy/v1 PodDisruptionBudget`?

use super::{Adds, Collects, HealthRule, Kind, Manners, Noted, Scope};

const COLLECTS: Collects = Collects {
    counts: &[
        "disruptionsAllowed",
        "currentHealthy",
        "desiredHealthy",
        "expectedPods",
    ],
    fields: &["disruptedPods"],
    native: &["conditions"],
    karmada_generation: Noted::Never,
};

static ADDS: &[Adds] = &[
    Adds::sum("disruptionsAllowed"),
    Adds::sum("currentHealthy"),
    Adds::sum("desiredHealthy"),
    Adds::sum("expectedPods"),
    Adds::ByCluster("disruptedPods"),
    Adds::Conditions,
    Adds::Generation,
];

/// How many pods may be down on purpose at one time.
#[derive(Clone, Copy, Debug)]
pub struct PodDisruptionBudget;

impl Kind for PodDisruptionBudget {
    fn group(&self) -> &'static str {
        "policy"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "PodDisruptionBudget"
    }

    fn plural(&self) -> &'static str {
        "poddisruptionbudgets"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }

    fn health_rule(&self, _manners: Manners) -> HealthRule {
        HealthRule::Reaches("/status/currentHealthy", "/status/desiredHealthy")
    }

    fn collects(&self) -> Option<Collects> {
        Some(COLLECTS)
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        ADDS
    }
}
