//! May a pod be moved out of the way? Its disruption budget tells how many may be missing.

use fed_core::LabelSelector;
use serde_json::{Value, json};

use super::{done, set_condition};
use crate::server::Server;
use crate::server::answer::Answer;
use crate::server::request::Request;
use crate::server::status::{Cause, Refusal};
use crate::server::store::{Key, Stored};
use crate::server::target::{Resource, path};
use crate::server::write::{Call, fields, labels, read, text};

const REFUSED: &str = "Cannot evict pod as it would violate the pod's disruption budget.";

impl Server {
    /// Evicts a pod: deletes it, if its budget allows that.
    pub(in crate::server) fn evict(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let eviction = read::body(call, "policy/v1", "Eviction")?;
        let name = call.target.name.as_str();
        if text(&eviction, "/metadata/name") != name {
            let message = "name in URL does not match name in Eviction object";
            return Err(Refusal::bad_request(message));
        }
        let options = eviction.get("deleteOptions").cloned().unwrap_or_default();
        let said_dry = options.get("dryRun").and_then(Value::as_array);
        let dry_run = call.dry_run || said_dry.is_some_and(|all| !all.is_empty());
        let pod = self.existing(call)?.object;
        if !is_over(&pod) {
            self.check_budget(call, &pod, dry_run)?;
        }
        if !dry_run {
            self.mark_evicted(call, pod);
        }
        self.delete_evicted(call, options, dry_run)?;
        Ok(done())
    }

    fn mark_evicted(&mut self, call: &Call<'_>, mut pod: Value) {
        let condition = json!({
            "type": "DisruptionTarget", "status": "True", "reason": "EvictionByEvictionAPI",
            "message": "Eviction API: evicting", "lastProbeTime": null,
            "lastTransitionTime": call.now,
        });
        set_condition(&mut pod, condition);
        self.store.put(&call.key(), pod);
    }

    fn delete_evicted(
        &mut self,
        call: &Call<'_>,
        mut options: Value,
        dry_run: bool,
    ) -> Result<(), Refusal> {
        let kind = call.target.kind;
        fields(&mut options).insert("kind".to_owned(), json!("DeleteOptions"));
        fields(&mut options).insert("apiVersion".to_owned(), json!("v1"));
        let query = if dry_run { "?dryRun=All" } else { "" };
        let path = path(kind, &call.target.namespace, &call.target.name);
        let request = Request::new("DELETE", &format!("{path}{query}"))
            .with_json("application/json", &options);
        let schemas = call.schemas.clone();
        let delete = Call::of(&schemas, &request, call.user.clone(), call.at)?;
        self.answer(&delete).map(|_| ())
    }

    /// Does the budget of a pod allow that it goes? If so, one less may go afterwards.
    fn check_budget(&mut self, call: &Call<'_>, pod: &Value, dry_run: bool) -> Result<(), Refusal> {
        let resource = budgets();
        let all = self.store.within(&resource, &call.target.namespace);
        let covering: Vec<Stored> = all
            .filter(|budget| covers(&budget.object(), pod))
            .cloned()
            .collect();
        let stored = match &covering[..] {
            [] => return Ok(()),
            [one] => one,
            _ => {
                let message = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
                return Err(Refusal::internal(message));
            }
        };
        let mut budget = stored.object();
        let number = |budget: &Value, pointer: &str| {
            let number = budget.pointer(pointer).and_then(Value::as_i64);
            number.unwrap_or_default()
        };
        let current = number(&budget, "/status/currentHealthy");
        let desired = number(&budget, "/status/desiredHealthy");
        if !is_ready(pod) {
            let policy = text(&budget, "/spec/unhealthyPodEvictionPolicy");
            if policy == "AlwaysAllow" || (current >= desired && desired > 0) {
                return Ok(());
            }
        }
        let name = stored.name();
        if number(&budget, "/status/observedGeneration") < number(&budget, "/metadata/generation") {
            let why =
                format!("The disruption budget {name} is still being processed by the server.");
            return Err(too_many(why, Some(10)));
        }
        let allowed = number(&budget, "/status/disruptionsAllowed");
        if allowed <= 0 {
            let why = if current <= desired {
                format!(
                    "The disruption budget {name} needs {desired} healthy pods and has {current} currently"
                )
            } else {
                format!(
                    "The disruption budget {name} does not allow evicting pods currently (InsufficientPods): "
                )
            };
            return Err(too_many(why, None));
        }
        if !dry_run {
            let status = fields(fields(&mut budget).entry("status").or_insert(Value::Null));
            status.insert("disruptionsAllowed".to_owned(), json!(allowed - 1));
            let gone = status.entry("disruptedPods").or_insert(Value::Null);
            fields(gone).insert(call.target.name.clone(), call.now.clone().into());
            self.store.put(&Key::of(&resource, stored), budget);
        }
        Ok(())
    }
}

fn budgets() -> Resource {
    Resource {
        group: "policy".to_owned(),
        plural: "poddisruptionbudgets".to_owned(),
    }
}

fn too_many(why: String, retry_after: Option<u32>) -> Refusal {
    let cause = Cause {
        reason: "DisruptionBudget",
        field: String::new(),
        message: why,
    };
    let mut refusal = Refusal::new(429, "TooManyRequests", REFUSED);
    refusal.causes.push(cause);
    refusal.retry_after = retry_after;
    refusal
}

/// A pod that does not run yet, or no more, disturbs nobody by going.
fn is_over(pod: &Value) -> bool {
    matches!(
        text(pod, "/status/phase"),
        "Succeeded" | "Failed" | "Pending"
    ) || pod.pointer("/metadata/deletionTimestamp").is_some()
}

/// Does a pod serve?
pub(in crate::server) fn is_ready(pod: &Value) -> bool {
    let conditions = pod.pointer("/status/conditions").and_then(Value::as_array);
    let mut conditions = conditions.into_iter().flatten();
    conditions.any(|one| text(one, "/type") == "Ready" && text(one, "/status") == "True")
}

/// Is a pod among those that a budget counts?
pub(in crate::server) fn covers(budget: &Value, pod: &Value) -> bool {
    let selector = budget.pointer("/spec/selector").cloned();
    let selector = selector.and_then(|one| serde_json::from_value::<LabelSelector>(one).ok());
    selector.is_some_and(|selector| selector.matches(&labels(pod)))
}
