//! How many pods wait for a node that nobody has? Those that a scheduler has given up on, for now.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::field;
use super::survey::{is_finished, objects};
use crate::intent::LabelSelector;

/// How many of a workload's pods have waited for a node for longer than `older_than`. A cluster
/// with such pods is full for that workload, whatever its nodes say.
///
/// The pods are those of the workload's namespace, as objects or lists of them; the selector is
/// the workload's. KubeFed waits for 60 seconds, Karmada's descheduler for five minutes.
///
/// ```
/// use fed_core::LabelSelector;
/// use fed_core::capacity::unschedulable;
/// use jiff::SignedDuration;
/// use serde_json::json;
///
/// let pod = json!({
///     "metadata": {"labels": {"app": "web"}},
///     "status": {"phase": "Pending", "conditions": [{
///         "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
///         "lastTransitionTime": "2026-03-01T12:00:00Z",
///     }]},
/// });
/// let web = LabelSelector::labels([("app", "web")]);
/// let minute = SignedDuration::from_secs(60);
/// let at = |now: &str| unschedulable([&pod], &web, minute, now.parse().unwrap());
/// assert_eq!(at("2026-03-01T12:00:59Z"), 0);
/// assert_eq!(at("2026-03-01T12:01:01Z"), 1);
/// ```
pub fn unschedulable<'v>(
    pods: impl IntoIterator<Item = &'v Value>,
    selector: &LabelSelector,
    older_than: SignedDuration,
    now: Timestamp,
) -> i64 {
    pods.into_iter()
        .flat_map(objects)
        .filter(|pod| selector.matches(&labels(pod)))
        .filter(|pod| is_unschedulable(pod, older_than, now))
        .map(|_| 1)
        .sum()
}

/// Has this pod waited for a node for longer than `older_than`? A pod that does not say since when
/// has.
pub fn is_unschedulable(pod: &Value, older_than: SignedDuration, now: Timestamp) -> bool {
    let conditions = field(field(pod, "status"), "conditions").as_array();
    let mut conditions = conditions.into_iter().flatten();
    !is_finished(pod)
        && conditions.any(|condition| {
            field(condition, "type") == "PodScheduled"
                && field(condition, "status") == "False"
                && field(condition, "reason") == "Unschedulable"
                && has_lasted(condition, older_than, now)
        })
}

fn has_lasted(condition: &Value, older_than: SignedDuration, now: Timestamp) -> bool {
    let since = field(condition, "lastTransitionTime").as_str();
    let since = since.and_then(|since| since.parse::<Timestamp>().ok());
    since.is_none_or(|since| now.duration_since(since) > older_than)
}

fn labels(pod: &Value) -> BTreeMap<String, String> {
    let labels = field(field(pod, "metadata"), "labels").as_object();
    let labels = labels.into_iter().flatten();
    labels
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn waits(condition: &Value, phase: &str) -> bool {
        let mut pod = json!({"status": {"phase": phase, "conditions": []}});
        pod["status"]["conditions"] = json!([{"type": "Initialized", "status": "True"}, condition]);
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        is_unschedulable(&pod, SignedDuration::from_secs(60), now)
    }

    fn since(time: &str) -> Value {
        json!({
            "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
            "lastTransitionTime": time,
        })
    }

    #[test]
    fn a_pod_waits_when_the_scheduler_says_so_for_long_enough() {
        assert!(waits(&since("2026-03-01T11:58:59Z"), "Pending"));
        assert!(!waits(&since("2026-03-01T11:59:00Z"), "Pending"));
        assert!(!waits(&since("2026-03-01T13:00:00Z"), "Pending"));
        assert!(waits(&since("long ago"), "Pending"));
        assert!(!waits(&since("2026-03-01T11:00:00Z"), "Failed"));
        for (field, value) in [("status", "True"), ("reason", "Gated"), ("type", "Ready")] {
            let mut condition = since("2026-03-01T11:00:00Z");
            condition[field] = json!(value);
            assert!(!waits(&condition, "Pending"), "{field}");
        }
    }
}
