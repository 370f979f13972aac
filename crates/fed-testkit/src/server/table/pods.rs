//! How does it stand with a pod, in a word? What its containers say of themselves.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{at, items, number, since, text};

/// The cells of a pod.
pub(super) fn pod(column: &str, object: &Value, now: Timestamp) -> Value {
    let or_none = |text: &str| {
        let text = if text.is_empty() { "<none>" } else { text };
        json!(text)
    };
    let state = State::of(object);
    match column {
        "Ready" => json!(format!("{}/{}", state.ready, state.containers)),
        "Status" => json!(state.word),
        "Restarts" => json!(match state.last {
            Some(time) if state.restarts > 0 => {
                format!("{} ({} ago)", state.restarts, since(&json!(time), now))
            }
            _ => state.restarts.to_string(),
        }),
        "IP" => or_none(text(object, "/status/podIPs/0/ip")),
        "Node" => or_none(text(object, "/spec/nodeName")),
        "Nominated Node" => or_none(text(object, "/status/nominatedNodeName")),
        "Readiness Gates" => gates(object),
        _ => Value::Null,
    }
}

fn gates(object: &Value) -> Value {
    let gates = items(object, "/spec/readinessGates");
    if gates.is_empty() {
        return json!("<none>");
    }
    let is_open = |gate: &&Value| {
        let mut conditions = items(object, "/status/conditions").iter();
        let found = conditions.find(|condition| condition["type"] == gate["conditionType"]);
        found.is_some_and(|condition| condition["status"] == "True")
    };
    json!(format!(
        "{}/{}",
        gates.iter().filter(is_open).count(),
        gates.len()
    ))
}

/// What is told of a pod.
struct State<'p> {
    word: String,
    ready: usize,
    containers: usize,
    restarts: i64,
    /// When a container ended last.
    last: Option<&'p str>,
}

impl<'p> State<'p> {
    fn of(pod: &'p Value) -> Self {
        let mut state = Self {
            word: phase(pod).to_owned(),
            ready: 0,
            containers: items(pod, "/spec/containers").len(),
            restarts: 0,
            last: None,
        };
        let (sidecars, is_initializing) = state.begin(pod);
        if !is_initializing || is_true(pod, "Initialized") {
            (state.restarts, state.last) = sidecars;
            state.run(pod);
        }
        state.end(pod);
        state
    }

    /// Looks at the containers that come first: how often those restarted that stay, and are
    /// they still at it?
    fn begin(&mut self, pod: &'p Value) -> ((i64, Option<&'p str>), bool) {
        let all = items(pod, "/spec/initContainers");
        let stays = |container: &Value| container["restartPolicy"] == "Always";
        self.containers += all.iter().filter(|container| stays(container)).count();
        let mut sidecars = (0, None);
        for (place, status) in items(pod, "/status/initContainerStatuses")
            .iter()
            .enumerate()
        {
            let (restarts, last) = ends(status);
            self.restarts += restarts;
            self.last = self.last.max(last);
            let mut declared = all
                .iter()
                .filter(|container| container["name"] == status["name"]);
            let is_sidecar = declared.any(stays);
            if is_sidecar {
                sidecars = (sidecars.0 + restarts, sidecars.1.max(last));
            }
            let ended = at(status, "/state/terminated");
            let waits = text(status, "/state/waiting/reason");
            if !ended.is_null() && number(ended, "/exitCode") == 0 {
                continue;
            }
            if is_sidecar && status["started"] == true {
                self.ready += usize::from(status["ready"] == true);
                continue;
            }
            self.word = match (ended, waits) {
                (Value::Null, "" | "PodInitializing") => format!("Init:{place}/{}", all.len()),
                (Value::Null, waits) => format!("Init:{waits}"),
                (ended, _) => format!("Init:{}", end(ended)),
            };
            return (sidecars, true);
        }
        (sidecars, false)
    }

    fn run(&mut self, pod: &'p Value) {
        let mut is_running = false;
        let mut error = None;
        for status in items(pod, "/status/containerStatuses").iter().rev() {
            let (restarts, last) = ends(status);
            self.restarts += restarts;
            self.last = self.last.max(last);
            let ended = at(status, "/state/terminated");
            match text(status, "/state/waiting/reason") {
                "" if !ended.is_null() => {
                    self.word = end(ended);
                    if number(ended, "/exitCode") != 0 {
                        error = Some(self.word.clone());
                    }
                }
                "" if status["ready"] == true && !at(status, "/state/running").is_null() => {
                    is_running = true;
                    self.ready += 1;
                }
                "" => {}
                waits => waits.clone_into(&mut self.word),
            }
        }
        // Some have ended well; what of the others?
        if self.word == "Completed" {
            self.word = match error {
                _ if is_running && is_true(pod, "Ready") => "Running".to_owned(),
                Some(error) => error,
                None if is_running => "NotReady".to_owned(),
                None => return,
            };
        }
    }

    fn end(&mut self, pod: &Value) {
        let is_going = !at(pod, "/metadata/deletionTimestamp").is_null();
        if is_going && text(pod, "/status/reason") == "NodeLost" {
            "Unknown".clone_into(&mut self.word);
        } else if is_going && !matches!(text(pod, "/status/phase"), "Succeeded" | "Failed") {
            "Terminating".clone_into(&mut self.word);
        }
    }
}

fn phase(pod: &Value) -> &str {
    let mut conditions = items(pod, "/status/conditions").iter();
    let is_gated = conditions.any(|condition| {
        condition["type"] == "PodScheduled" && condition["reason"] == "SchedulingGated"
    });
    match text(pod, "/status/reason") {
        _ if is_gated => "SchedulingGated",
        "" => text(pod, "/status/phase"),
        reason => reason,
    }
}

fn is_true(pod: &Value, sort: &str) -> bool {
    let mut conditions = items(pod, "/status/conditions").iter();
    conditions.any(|condition| condition["type"] == sort && condition["status"] == "True")
}

/// How often a container restarted, and when it ended last.
fn ends(status: &Value) -> (i64, Option<&str>) {
    let last = at(status, "/lastState/terminated/finishedAt").as_str();
    (number(status, "/restartCount"), last)
}

/// Why a container ended.
fn end(ended: &Value) -> String {
    match (text(ended, "/reason"), number(ended, "/signal")) {
        ("", 0) => format!("ExitCode:{}", number(ended, "/exitCode")),
        ("", signal) => format!("Signal:{signal}"),
        (reason, _) => reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pod_is_told_in_a_word() {
        let ready =
            json!({"name": "c", "ready": true, "restartCount": 0, "state": {"running": {}}});
        let crashed = json!({
            "name": "c", "restartCount": 3, "state": {"waiting": {"reason": "CrashLoopBackOff"}},
            "lastState": {"terminated": {"finishedAt": "2030-01-01T00:00:00Z"}},
        });
        let ended =
            json!({"name": "c", "state": {"terminated": {"exitCode": 0, "reason": "Completed"}}});
        let killed = json!({"name": "c", "state": {"terminated": {"exitCode": 137, "signal": 9}}});
        let waiting = json!({"name": "i", "state": {"waiting": {"reason": "PodInitializing"}}});
        let table = [
            (json!({"phase": "Pending"}), "0/1", "Pending", "0"),
            (
                json!({"phase": "Running", "containerStatuses": [ready]}),
                "1/1",
                "Running",
                "0",
            ),
            (
                json!({"phase": "Running", "containerStatuses": [crashed]}),
                "0/1",
                "CrashLoopBackOff",
                "3 (5m ago)",
            ),
            (
                json!({"phase": "Succeeded", "containerStatuses": [ended]}),
                "0/1",
                "Completed",
                "0",
            ),
            (
                json!({"phase": "Failed", "containerStatuses": [killed]}),
                "0/1",
                "Signal:9",
                "0",
            ),
            (
                json!({"phase": "Pending", "initContainerStatuses": [waiting]}),
                "0/1",
                "Init:0/0",
                "0",
            ),
            (
                json!({"phase": "Failed", "reason": "Evicted"}),
                "0/1",
                "Evicted",
                "0",
            ),
        ];
        let now = "2030-01-01T00:05:00Z".parse().expect("a time");
        for (status, ready, word, restarts) in table {
            let object = json!({"spec": {"containers": [{"name": "c"}]}, "status": status});
            let told = ["Ready", "Status", "Restarts"].map(|column| pod(column, &object, now));
            assert_eq!(told, [ready, word, restarts], "{status}");
        }
    }
}
