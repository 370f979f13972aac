//! What of the objects in clusters does planning need to know? A few numbers of each workload.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::live::{Live, LiveObject};
use super::pods::{Count, Pods};
use super::{Observed, Workload};
use crate::capacity::Capacity;
use crate::intent::LabelSelector;
use crate::kinds::{Kind, Kinds};
use crate::problem::{Code, Problem};

pub(super) fn of(live: &Live, kinds: &Kinds, now: Timestamp) -> (Observed, Vec<Problem>) {
    let (mut observed, mut problems) = (Observed::default(), Vec::new());
    for cluster in live.clusters() {
        let digest = Digest {
            pods: Pods::of(live.pods(cluster)),
            now,
        };
        for object in live.of(cluster) {
            let kind = kinds.find(object.id().group(), object.id().kind());
            let workload = kind.map(Arc::as_ref).and_then(|kind| {
                digest.workload(object, kind, &mut |problem| {
                    problems.push(problem.about(object.id()).in_cluster(cluster));
                })
            });
            // That an object of ours is there counts, whatever its numbers.
            let there = object.is_managed().then(Workload::default);
            if let Some(workload) = workload.or(there) {
                observed = observed.with(cluster.clone(), object.id(), workload);
            }
        }
        if live.nodes(cluster).next().is_some() {
            let nodes = live.nodes(cluster).map(|node| node.value().as_ref());
            let pods = live.pods(cluster).map(|pod| pod.value().as_ref());
            let (capacity, told) = Capacity::of(nodes, pods);
            problems.extend(told.into_iter().map(|problem| problem.in_cluster(cluster)));
            observed = observed.with_capacity(cluster.clone(), capacity);
        }
    }
    problems.sort();
    problems.dedup();
    (observed, problems)
}

/// How the workloads of one cluster are read.
struct Digest<'l> {
    pods: Pods<'l>,
    now: Timestamp,
}

impl Digest<'_> {
    /// The numbers of an object, if it is of a kind with replicas and they can be read.
    fn workload(
        &self,
        object: &LiveObject,
        kind: &dyn Kind,
        tell: &mut dyn FnMut(Problem),
    ) -> Option<Workload> {
        let replicas = number(object, kind.replicas_path()?);
        let replicas = replicas.map(|replicas| object.replicas().unwrap_or(replicas));
        let ready = number(object, kind.ready_path());
        let (replicas, ready) = match (replicas, ready) {
            (Ok(replicas), Ok(ready)) => (replicas, ready),
            (replicas, ready) => {
                replicas.err().into_iter().chain(ready.err()).for_each(tell);
                return None;
            }
        };
        let of_pods = (replicas != ready)
            .then(|| self.counted(object, tell))
            .flatten();
        let count = of_pods.unwrap_or(Count {
            running: ready,
            unschedulable: 0,
        });
        let workload = Workload::running(count.running).asking_for(replicas);
        Some(workload.unschedulable(count.unschedulable))
    }

    /// What its pods tell, where they are there and can be told from others.
    fn counted(&self, object: &LiveObject, tell: &mut dyn FnMut(Problem)) -> Option<Count> {
        let namespace = object.id().namespace().unwrap_or_default();
        if !self.pods.are_in(namespace) {
            return None;
        }
        match selector(object) {
            Ok(selector) => {
                let mut problems = Vec::new();
                let count = self
                    .pods
                    .count(namespace, &selector, self.now, &mut problems);
                problems.into_iter().for_each(tell);
                Some(count)
            }
            Err(problem) => {
                tell(problem);
                None
            }
        }
    }
}

/// A number of replicas; none where nothing is said.
fn number(object: &LiveObject, path: &str) -> Result<i64, Problem> {
    match object.value().pointer(path) {
        None | Some(Value::Null) => Ok(0),
        Some(value) => value.as_i64().filter(|number| *number >= 0).ok_or_else(|| {
            let field = path.trim_start_matches('/').replace('/', ".");
            let message = format!(
                "{field} is not a number of replicas: what runs of {} is not known",
                object.id()
            );
            Problem::error(Code::InvalidValue, message).at(object.at().join(path))
        }),
    }
}

fn selector(object: &LiveObject) -> Result<LabelSelector, Problem> {
    const PATH: &str = "/spec/selector";
    let invalid = |path: &str, why: &str| {
        let message = format!(
            "{why}: the pods of {} cannot be counted, so its ready replicas are",
            object.id()
        );
        Problem::warning(Code::InvalidSelector, message).at(object.at().join(PATH).join(path))
    };
    let written = object.value().pointer(PATH).cloned().unwrap_or_default();
    let selector: LabelSelector =
        serde_json::from_value(written).map_err(|_| invalid("", "the selector cannot be read"))?;
    if selector == LabelSelector::default() {
        return Err(invalid("", "there is no selector"));
    }
    selector
        .check()
        .map_err(|fault| invalid(fault.path.as_str(), &fault.message))?;
    Ok(selector)
}

#[cfg(test)]
#[expect(
    clippy::needless_pass_by_value,
    reason = "by value is how documents are put together"
)]
mod tests {
    use super::*;
    use crate::dialect::Document;
    use crate::identity::ClusterName;
    use crate::location::DocumentId;
    use serde_json::json;

    const NOW: &str = "2026-01-01T00:10:00Z";

    fn observed(objects: &[Value]) -> (Vec<(String, Workload)>, Vec<Problem>) {
        let list = json!({"apiVersion": "v1", "kind": "List", "items": objects});
        let (mut live, kinds) = (Live::default(), Kinds::default());
        let cluster = ClusterName::from("a");
        let documents = [Document::new(DocumentId(0), &list)];
        assert_eq!(live.read(&cluster, &documents, &kinds), []);
        let (observed, problems) = of(&live, &kinds, NOW.parse().unwrap());
        let seen = live.of(&cluster).filter_map(|object| {
            let workload = observed.of(object.id(), &cluster)?;
            Some((object.id().to_string(), *workload))
        });
        (seen.collect(), problems)
    }

    fn one(objects: &[Value]) -> Workload {
        let (seen, problems) = observed(objects);
        assert_eq!(problems, []);
        assert_eq!(seen.len(), 1);
        seen[0].1
    }

    fn deployment(replicas: Value, ready: Value) -> Value {
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "rating", "namespace": "shop"},
            "spec": {"replicas": replicas, "selector": {
                "matchLabels": {"app": "rating"},
                "matchExpressions": [{"key": "canary", "operator": "DoesNotExist"}],
            }},
            "status": {"readyReplicas": ready},
        })
    }

    fn pod(name: &str, phase: &str, conditions: Value) -> Value {
        json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": name, "namespace": "shop", "labels": {"app": "rating"}},
            "status": {"phase": phase, "conditions": conditions},
        })
    }

    fn waiting(name: &str, since: Value) -> Value {
        let condition = json!({"type": "PodScheduled", "status": "False",
            "reason": "Unschedulable", "lastTransitionTime": since});
        pod(name, "Pending", json!([condition]))
    }

    fn ready(name: &str) -> Value {
        pod(
            name,
            "Running",
            json!([{"type": "Ready", "status": "False"}]),
        )
    }

    #[test]
    fn without_pods_those_run_that_are_ready() {
        assert_eq!(
            one(&[deployment(json!(5), json!(3))]),
            Workload::running(3).asking_for(5)
        );
        assert_eq!(
            one(&[deployment(json!(null), json!(null))]),
            Workload::running(0)
        );
        let mut elsewhere = waiting("p", json!("2026-01-01T00:00:00Z"));
        elsewhere["metadata"]["namespace"] = "bank".into();
        let workload = one(&[deployment(json!(5), json!(3)), elsewhere]);
        assert_eq!(workload, Workload::running(3).asking_for(5));
    }

    #[test]
    fn where_all_are_ready_pods_do_not_count() {
        let workload = one(&[deployment(json!(2), json!(2)), ready("p")]);
        assert_eq!(workload, Workload::running(2));
    }

    #[test]
    fn pods_that_are_selected_run_or_wait_for_more_than_a_minute() {
        let mut canary = ready("canary");
        canary["metadata"]["labels"]["canary"] = "yes".into();
        let mut other = ready("other");
        other["metadata"]["labels"]["app"] = "other".into();
        let workload = one(&[
            deployment(json!(9), json!(1)),
            ready("a"),
            ready("b"),
            pod("no-condition", "Running", json!([])),
            canary,
            other,
            waiting("long", json!("2026-01-01T00:08:59Z")),
            waiting("exactly-a-minute", json!("2026-01-01T00:09:00Z")),
            waiting("young", json!("2026-01-01T00:09:30Z")),
            waiting("in-the-future", json!("2027-01-01T00:00:00Z")),
            waiting("for-ever", json!(null)),
            pod(
                "done",
                "Succeeded",
                json!([{"type": "Ready", "status": "False"}]),
            ),
            pod(
                "scheduled",
                "Pending",
                json!([{"type": "PodScheduled", "status": "True"}]),
            ),
        ]);
        assert_eq!(
            workload,
            Workload::running(2).asking_for(9).unschedulable(2)
        );
    }

    #[test]
    fn pods_are_selected_by_expressions_alone_too() {
        let mut object = deployment(json!(9), json!(1));
        let selector =
            json!({"matchExpressions": [{"key": "app", "operator": "In", "values": ["rating"]}]});
        object["spec"]["selector"] = selector;
        let mut other = ready("other");
        other["metadata"]["labels"]["app"] = "other".into();
        let workload = one(&[object, ready("a"), ready("b"), other]);
        assert_eq!(workload, Workload::running(2).asking_for(9));
    }

    #[test]
    fn a_job_runs_what_is_active_and_a_daemon_set_has_no_replicas() {
        let job = json!({
            "apiVersion": "batch/v1", "kind": "Job",
            "metadata": {"name": "report", "namespace": "shop"},
            "spec": {"parallelism": 4}, "status": {"active": 3, "readyReplicas": 1},
        });
        let mut daemons = deployment(json!(3), json!(3));
        daemons["kind"] = "DaemonSet".into();
        assert_eq!(one(&[job, daemons]), Workload::running(3).asking_for(4));
    }

    #[test]
    fn what_cannot_be_read_is_told_and_blocks_nothing() {
        let mut other = deployment(json!(1), json!(1));
        other["metadata"]["name"] = "other".into();
        for broken in [
            json!("3"),
            json!(-1),
            json!(1.5),
            json!({}),
            json!(u64::MAX),
        ] {
            let (seen, problems) = observed(&[deployment(json!(1), broken), other.clone()]);
            assert_eq!(
                seen,
                [("Deployment shop/other".to_owned(), Workload::running(1))]
            );
            let told: Vec<_> = problems
                .iter()
                .map(|problem| (problem.code, problem.at.clone().unwrap().path.to_string()))
                .collect();
            let path = "/items/0/status/readyReplicas".to_owned();
            assert_eq!(told, [(Code::InvalidValue, path)]);
        }
        let (seen, problems) = observed(&[
            deployment(json!(2), json!(1)),
            waiting("p", json!("yesterday")),
        ]);
        assert_eq!(seen[0].1, Workload::running(0).asking_for(2));
        assert_eq!(problems[0].code, Code::InvalidValue);
    }

    #[test]
    fn without_a_selector_that_can_be_used_ready_replicas_count() {
        for selector in [
            json!(null),
            json!({}),
            json!("app=rating"),
            json!({"app": "rating"}),
            json!({"matchExpressions": [{"key": "app", "operator": "Is"}]}),
        ] {
            let mut object = deployment(json!(5), json!(3));
            object["spec"]["selector"] = selector;
            let (seen, problems) = observed(&[object, ready("p")]);
            assert_eq!(seen[0].1, Workload::running(3).asking_for(5));
            assert_eq!(problems[0].code, Code::InvalidSelector);
        }
    }
}
