//! Which KubeFedConfigs does KubeFed refuse? It fills in its defaults before it asks.

use super::Validate;
use super::field::Field;
use super::rules;
use crate::dialect::kubefed::api::{
    ClusterHealthCheck, ControllerDuration, FeatureGate, KubeFedConfig, KubeFedConfigSpec,
    LeaderElect, SyncController,
};
use crate::kinds::Scope;
use crate::location::Location;
use crate::problem::Problem;

const SCOPES: &[&str] = &[Scope::Cluster.as_str(), Scope::Namespaced.as_str()];
const RESOURCE_LOCKS: &[&str] = &["configmaps", "endpoints"];
const SWITCHES: &[&str] = &["Enabled", "Disabled"];
const FEATURES: &[&str] = &[
    "PushReconciler",
    "RawResourceStatusCollection",
    "SchedulerPreferences",
];

impl Validate for KubeFedConfig {
    fn validate(&self, old: Option<&Self>, at: &Location) -> Vec<Problem> {
        let mut problems = Vec::new();
        let none = KubeFedConfigSpec::default();
        let spec = self.spec.as_ref().unwrap_or(&none);
        let at = Field::of(at, "spec");
        scope(spec, old, &at.child("scope"), &mut problems);
        sections(spec, &at, &mut problems);
        problems
    }
}

fn scope(
    spec: &KubeFedConfigSpec,
    old: Option<&KubeFedConfig>,
    at: &Field,
    problems: &mut Vec<Problem>,
) {
    let new = spec.scope.as_deref();
    rules::one_of(at, new, SCOPES, problems);
    let Some(old) = old else { return };
    let stored = old.spec.as_ref().and_then(|spec| spec.scope.as_deref());
    if stored.unwrap_or_default() != new.unwrap_or_default() {
        problems.push(at.invalid(new.unwrap_or_default(), "field is immutable"));
    }
}

fn sections(spec: &KubeFedConfigSpec, at: &Field, problems: &mut Vec<Problem>) {
    let field = at.child("controllerDuration");
    if let Some(waits) = rules::section(&field, spec.controller_duration.as_ref(), problems) {
        controller_duration(waits, &field, problems);
    }
    let field = at.child("leaderElect");
    if let Some(election) = rules::section(&field, spec.leader_elect.as_ref(), problems) {
        leader_elect(election, &field, problems);
    }
    let field = at.child("featureGates");
    if let Some(gates) = rules::section(&field, spec.feature_gates.as_ref(), problems) {
        feature_gates(gates, &field, problems);
    }
    let field = at.child("clusterHealthCheck");
    if let Some(check) = rules::section(&field, spec.cluster_health_check.as_ref(), problems) {
        health_check(check, &field, problems);
    }
    let field = at.child("syncController");
    if let Some(sync) = rules::section(&field, spec.sync_controller.as_ref(), problems) {
        sync_controller(sync, &field, problems);
    }
    let field = at.child("statusController");
    if let Some(status) = rules::section(&field, spec.status_controller.as_ref(), problems) {
        let at_once = field.child("maxConcurrentReconciles");
        rules::positive(&at_once, status.max_concurrent_reconciles, problems);
    }
}

fn controller_duration(waits: &ControllerDuration, at: &Field, problems: &mut Vec<Problem>) {
    for (name, text) in [
        ("availableDelay", &waits.available_delay),
        ("unavailableDelay", &waits.unavailable_delay),
        ("cacheSyncTimeout", &waits.cache_sync_timeout),
    ] {
        rules::duration(&at.child(name), text.as_deref(), problems);
    }
}

fn leader_elect(election: &LeaderElect, at: &Field, problems: &mut Vec<Problem>) {
    let lease_at = at.child("leaseDuration");
    let renew_at = at.child("renewDeadline");
    let lease = election.lease_duration.as_deref();
    let renew = election.renew_deadline.as_deref();
    let retry = election.retry_period.as_deref();
    let lease_time = rules::duration(&lease_at, lease, problems);
    let renew_time = rules::duration(&renew_at, renew, problems);
    let retry_time = rules::duration(&at.child("retryPeriod"), retry, problems);
    if let (Some(lease_time), Some(renew_time)) = (lease_time, renew_time)
        && lease_time <= renew_time
    {
        let why = "must be greater than renewDeadline";
        problems.push(lease_at.invalid(lease.unwrap_or_default(), why));
    }
    if let (Some(renew_time), Some(retry_time)) = (renew_time, retry_time)
        && !outlasts_jitter(renew_time, retry_time)
    {
        let why = "must be greater than retryPeriod times 1.2";
        problems.push(renew_at.invalid(renew.unwrap_or_default(), why));
    }
    let lock = election.resource_lock.as_deref();
    rules::one_of(&at.child("resourceLock"), lock, RESOURCE_LOCKS, problems);
}

/// Is the deadline greater than 1.2 times the period? An attempt is put off by as much.
fn outlasts_jitter(deadline: i64, period: i64) -> bool {
    5 * i128::from(deadline) > 6 * i128::from(period)
}

fn feature_gates(gates: &[FeatureGate], at: &Field, problems: &mut Vec<Problem>) {
    for (index, gate) in gates.iter().enumerate() {
        let at = at.unnumbered_element(index);
        let name = gate.name.as_deref();
        rules::one_of(&at.child("name"), name, FEATURES, problems);
        if let Some(name) = name
            && gates
                .iter()
                .take(index)
                .any(|earlier| earlier.name.as_deref() == Some(name))
        {
            problems.push(at.child("name").duplicate(name));
        }
        let configuration = gate.configuration.as_deref();
        rules::one_of(
            &at.child("configuration"),
            configuration,
            SWITCHES,
            problems,
        );
    }
}

fn health_check(check: &ClusterHealthCheck, at: &Field, problems: &mut Vec<Problem>) {
    rules::duration(&at.child("period"), check.period.as_deref(), problems);
    let failures = at.child("failureThreshold");
    rules::positive(&failures, check.failure_threshold, problems);
    let successes = at.child("successThreshold");
    rules::positive(&successes, check.success_threshold, problems);
    rules::duration(&at.child("timeout"), check.timeout.as_deref(), problems);
}

fn sync_controller(sync: &SyncController, at: &Field, problems: &mut Vec<Problem>) {
    let at_once = at.child("maxConcurrentReconciles");
    rules::positive(&at_once, sync.max_concurrent_reconciles, problems);
    let adopt = sync.adopt_resources.as_deref();
    rules::one_of(&at.child("adoptResources"), adopt, SWITCHES, problems);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_of_exactly_the_jitter_is_too_short() {
        assert!(!outlasts_jitter(12, 10));
        assert!(outlasts_jitter(13, 10));
        assert!(!outlasts_jitter(1, 1));
        assert!(!outlasts_jitter(i64::MAX, i64::MAX));
    }
}
