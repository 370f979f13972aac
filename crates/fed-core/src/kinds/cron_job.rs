//! What is known of `batch/v1 CronJob`?

use super::{Adds, HealthRule, Kind, Manners, Scope};

static ADDS: &[Adds] = &[
    Adds::Concat("active"),
    Adds::Latest("lastScheduleTime"),
    Adds::Latest("lastSuccessfulTime"),
];

/// Jobs made by the clock.
#[derive(Clone, Copy, Debug)]
pub struct CronJob;

impl Kind for CronJob {
    fn group(&self) -> &'static str {
        "batch"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "CronJob"
    }

    fn plural(&self) -> &'static str {
        "cronjobs"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }

    fn pod_template_path(&self) -> Option<&str> {
        Some("/spec/jobTemplate/spec/template")
    }

    fn health_rule(&self, _manners: Manners) -> HealthRule {
        HealthRule::Exists
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        ADDS
    }
}
