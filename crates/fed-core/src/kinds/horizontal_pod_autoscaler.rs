//! What is known of `autoscaling/v2 HorizontalPodAutoscaler`?

use serde_json::Value;

use super::health::{self, Condition};
use super::{Adds, Collects, Health, HealthRule, HealthState, Kind, Manners, Names, Noted, Scope};

static NAMES: &[Names] = &[Names::versioned("/spec/scaleTargetRef/name")];

const COLLECTS: Collects = Collects {
    counts: &["currentReplicas", "desiredReplicas"],
    fields: &[],
    native: &["conditions", "lastScaleTime"],
    karmada_generation: Noted::Never,
};

static ADDS: &[Adds] = &[
    Adds::sum("currentReplicas"),
    Adds::sum("desiredReplicas"),
    Adds::Latest("lastScaleTime"),
    Adds::Conditions,
    Adds::Generation,
];

/// What an autoscaler must be able to do. One that is switched off does as it is told.
const ABLE: &[&str] = &["AbleToScale", "ScalingActive"];
const SWITCHED_OFF: &str = "ScalingDisabled";

/// How many replicas a workload has, by its load.
#[derive(Clone, Copy, Debug)]
pub struct HorizontalPodAutoscaler;

impl Kind for HorizontalPodAutoscaler {
    fn group(&self) -> &'static str {
        "autoscaling"
    }

    fn version(&self) -> &'static str {
        "v2"
    }

    fn kind(&self) -> &'static str {
        "HorizontalPodAutoscaler"
    }

    fn plural(&self) -> &'static str {
        "horizontalpodautoscalers"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }

    fn health(&self, object: &Value, manners: Manners) -> Health {
        if let Some(health) = health::terminating(object) {
            return health;
        }
        let is_unable =
            |condition: &Condition<'_>| condition.is("False") && condition.reason() != SWITCHED_OFF;
        let mut conditions = ABLE.iter().filter_map(|kind| Condition::find(object, kind));
        match conditions.find(is_unable) {
            Some(condition) if manners != Manners::Karmada => {
                condition.tells(HealthState::Degraded)
            }
            _ => health::health(object, &HealthRule::Exists, None),
        }
    }

    fn names(&self) -> &[Names] {
        NAMES
    }

    fn collects(&self) -> Option<Collects> {
        Some(COLLECTS)
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        ADDS
    }
}
