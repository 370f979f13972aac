//! What is known of `batch/v1 Job`?

use serde_json::Value;

use super::health::{self, Condition};
use super::{
    Adds, ClusterStatus, Collects, Health, HealthRule, HealthState, Immutable, Keep, Kind, Local,
    Manners, Noted, Replacement, Scope, aggregate, replace, replicas,
};

/// The server marks the pods of a Job with labels, by which the Job then finds them.
static KEPT: &[Keep] = &[
    Keep::live("/spec/selector/matchLabels"),
    Keep::live("/spec/template/metadata/labels"),
];

const COLLECTS: Collects = Collects {
    counts: &["active", "succeeded", "failed"],
    fields: &["conditions", "startTime", "completionTime"],
    native: &["ready"],
    karmada_generation: Noted::Never,
};

static ADDS: &[Adds] = &[
    Adds::sum("active"),
    Adds::sum("ready"),
    Adds::sum("succeeded"),
    Adds::sum("failed"),
    Adds::Earliest("startTime"),
    Adds::LatestOfAll("completionTime"),
];

/// The conditions with which a Job ends, each with the reason that is told for it.
const FAILURE: (&str, &str) = ("Failed", "JobFailed");
const ENDS: &[(&str, &str)] = &[
    ("Complete", "Completed"),
    ("SuccessCriteriaMet", "CompletionsReached"),
];

static IMMUTABLE: &[Immutable] = &[
    Immutable::at("/spec/backoffLimitPerIndex"),
    Immutable::at("/spec/completionMode"),
    Immutable::at("/spec/completions"),
    Immutable::at("/spec/managedBy"),
    Immutable::at("/spec/podFailurePolicy"),
    Immutable::at("/spec/selector"),
    Immutable::at("/spec/successPolicy"),
    Immutable::at("/spec/template"),
];

/// What names the Job of one cluster.
static LOCAL: &[Local] = &[
    Local::at("/spec/selector/matchLabels/batch.kubernetes.io~1controller-uid"),
    Local::at("/spec/selector/matchLabels/controller-uid"),
    Local::at("/spec/template/metadata/labels/batch.kubernetes.io~1controller-uid"),
    Local::at("/spec/template/metadata/labels/controller-uid"),
];

/// A Job that is cleaned up would be made anew, and run again.
static LOCAL_TO_KARMADA: &[Local] = &[
    Local::at("/spec/selector/matchLabels/batch.kubernetes.io~1controller-uid"),
    Local::at("/spec/selector/matchLabels/controller-uid"),
    Local::at("/spec/template/metadata/labels/batch.kubernetes.io~1controller-uid"),
    Local::at("/spec/template/metadata/labels/controller-uid"),
    Local::at("/spec/ttlSecondsAfterFinished"),
];

/// Pods that run until their work is done; as many at once as `parallelism` says.
#[derive(Clone, Copy, Debug)]
pub struct Job;

impl Kind for Job {
    fn group(&self) -> &'static str {
        "batch"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "Job"
    }

    fn plural(&self) -> &'static str {
        "jobs"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }

    fn divided_along(&self) -> Option<&str> {
        Some("/spec/completions")
    }

    fn replicas_path(&self) -> Option<&str> {
        Some("/spec/parallelism")
    }

    fn ready_path(&self) -> &'static str {
        "/status/active"
    }

    fn pod_template_path(&self) -> Option<&str> {
        Some("/spec/template")
    }

    fn kept(&self, manners: Manners) -> &[Keep] {
        match manners {
            Manners::Native | Manners::Karmada => KEPT,
            Manners::KubeFed => &[],
        }
    }

    /// Never more than there is to complete.
    fn replicas(&self, object: &Value) -> Option<i64> {
        let parallelism = replicas::read(object, "/spec/parallelism")?;
        let completions = replicas::read(object, "/spec/completions");
        Some(completions.map_or(parallelism, |completions| completions.min(parallelism)))
    }

    fn health(&self, object: &Value, manners: Manners) -> Health {
        let holds = |kind| Condition::find(object, kind).filter(|condition| condition.is("True"));
        if manners == Manners::Karmada || health::terminating(object).is_some() {
            health::health(object, &HealthRule::Exists, None)
        } else if let Some(failed) = holds("Failed").or_else(|| holds("FailureTarget")) {
            failed.tells(HealthState::Degraded)
        } else if let Some(complete) = holds("Complete") {
            complete.tells(HealthState::Healthy)
        } else if let Some(suspended) = holds("Suspended") {
            suspended.tells(HealthState::Progressing)
        } else {
            Health::new(
                HealthState::Progressing,
                "Running",
                "its work is not done yet",
            )
        }
    }

    fn collects(&self) -> Option<Collects> {
        Some(COLLECTS)
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        ADDS
    }

    /// What has ended stays as it ended.
    fn aggregate_status(
        &self,
        template: &Value,
        members: &[ClusterStatus<'_>],
        manners: Manners,
    ) -> Option<Value> {
        let ended = ["Failed", "Complete"].into_iter().any(|kind| {
            Condition::find(template, kind).is_some_and(|condition| condition.is("True"))
        });
        if ended || manners == Manners::KubeFed {
            return None;
        }
        let mut whole = aggregate::aggregate(template, members, ADDS, manners);
        let conditions = aggregate::conclusion(members, FAILURE, ENDS);
        if let Value::Object(fields) = &mut whole
            && !conditions.is_empty()
        {
            fields.insert("conditions".to_owned(), conditions.into());
        }
        Some(whole)
    }

    fn immutable(&self) -> &[Immutable] {
        IMMUTABLE
    }

    fn needs_replace(&self, before: &Value, after: &Value) -> Option<Replacement> {
        let may_scale = replace::is_scaled_as_one(after);
        let hindrances = IMMUTABLE
            .iter()
            .filter(|field| !(may_scale && field.path() == "/spec/completions"));
        let hindrances: Vec<_> = hindrances.cloned().collect();
        replace::replacement(before, after, &hindrances)
    }

    fn local(&self, manners: Manners) -> &[Local] {
        match manners {
            Manners::Native | Manners::KubeFed => LOCAL,
            Manners::Karmada => LOCAL_TO_KARMADA,
        }
    }
}
