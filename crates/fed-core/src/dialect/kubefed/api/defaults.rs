//! What does a KubeFedConfig mean where it says nothing?

use super::{FeatureGate, KubeFedConfig, KubeFedConfigSpec};

const AVAILABLE_DELAY: &str = "20s";
const UNAVAILABLE_DELAY: &str = "1m0s";
const CACHE_SYNC_TIMEOUT: &str = "5m0s";
const LEASE_DURATION: &str = "15s";
const RENEW_DEADLINE: &str = "10s";
const RETRY_PERIOD: &str = "5s";
const RESOURCE_LOCK: &str = "configmaps";
const HEALTH_CHECK_PERIOD: &str = "10s";
const HEALTH_CHECK_TIMEOUT: &str = "3s";
const FAILURE_THRESHOLD: i64 = 3;
const SUCCESS_THRESHOLD: i64 = 1;
const MAX_CONCURRENT_RECONCILES: i64 = 1;
const ADOPT_RESOURCES: &str = "Enabled";
const FEATURE_GATES: &[(&str, &str)] = &[
    ("PushReconciler", "Enabled"),
    ("RawResourceStatusCollection", "Disabled"),
    ("SchedulerPreferences", "Enabled"),
];

impl KubeFedConfig {
    /// The same configuration, with KubeFed's default wherever nothing is said. What is said
    /// stays, valid or not; the scope has no default. Feature gates are sorted by name.
    #[must_use]
    pub fn with_defaults(mut self) -> Self {
        self.spec = Some(self.spec.unwrap_or_default().with_defaults());
        self
    }
}

impl KubeFedConfigSpec {
    fn with_defaults(mut self) -> Self {
        let duration = self.controller_duration.get_or_insert_default();
        text(&mut duration.available_delay, AVAILABLE_DELAY);
        text(&mut duration.unavailable_delay, UNAVAILABLE_DELAY);
        text(&mut duration.cache_sync_timeout, CACHE_SYNC_TIMEOUT);

        let election = self.leader_elect.get_or_insert_default();
        text(&mut election.lease_duration, LEASE_DURATION);
        text(&mut election.renew_deadline, RENEW_DEADLINE);
        text(&mut election.retry_period, RETRY_PERIOD);
        text(&mut election.resource_lock, RESOURCE_LOCK);

        let health = self.cluster_health_check.get_or_insert_default();
        text(&mut health.period, HEALTH_CHECK_PERIOD);
        text(&mut health.timeout, HEALTH_CHECK_TIMEOUT);
        number(&mut health.failure_threshold, FAILURE_THRESHOLD);
        number(&mut health.success_threshold, SUCCESS_THRESHOLD);

        let sync = self.sync_controller.get_or_insert_default();
        number(
            &mut sync.max_concurrent_reconciles,
            MAX_CONCURRENT_RECONCILES,
        );
        text(&mut sync.adopt_resources, ADOPT_RESOURCES);

        let status = self.status_controller.get_or_insert_default();
        number(
            &mut status.max_concurrent_reconciles,
            MAX_CONCURRENT_RECONCILES,
        );

        self.feature_gates = Some(all_gates(self.feature_gates.unwrap_or_default()));
        self
    }
}

fn text(field: &mut Option<String>, default: &str) {
    field.get_or_insert_with(|| default.to_owned());
}

fn number(field: &mut Option<i64>, default: i64) {
    field.get_or_insert(default);
}

fn all_gates(mut gates: Vec<FeatureGate>) -> Vec<FeatureGate> {
    for &(name, configuration) in FEATURE_GATES {
        if !gates.iter().any(|gate| gate.name.as_deref() == Some(name)) {
            gates.push(FeatureGate {
                name: Some(name.to_owned()),
                configuration: Some(configuration.to_owned()),
                ..FeatureGate::default()
            });
        }
    }
    gates.sort_by(|one, other| one.name.cmp(&other.name));
    gates
}
