//! What does a server add to a new object that no schema says? The selector of a Job, the priority of a
//! pod.

use serde_json::{Value, json};

use super::{Call, fields, text};
use crate::server::Server;
use crate::server::status::Refusal;
use crate::server::store::{Key, Stored};
use crate::server::target::Resource;

const CONTROLLER: &str = "batch.kubernetes.io/controller-uid";

/// A Job selects its own pods: by its uid, unless it says that it knows better.
pub(super) fn select_own(call: &Call<'_>, job: &mut Value) {
    let kind = call.target.kind;
    if (kind.group(), kind.kind()) != ("batch", "Job")
        || job.pointer("/spec/manualSelector") == Some(&Value::Bool(true))
    {
        return;
    }
    let uid = text(job, "/metadata/uid").to_owned();
    let name = text(job, "/metadata/name").to_owned();
    let spec = fields(fields(job).entry("spec").or_insert(Value::Null));
    let mut here = spec.entry("template").or_insert(Value::Null);
    for name in ["metadata", "labels"] {
        here = fields(here).entry(name).or_insert(Value::Null);
    }
    let labels = fields(here);
    for (label, value) in [
        (CONTROLLER, &uid),
        ("batch.kubernetes.io/job-name", &name),
        ("controller-uid", &uid),
        ("job-name", &name),
    ] {
        labels.insert(label.to_owned(), json!(value));
    }
    spec.insert(
        "selector".to_owned(),
        json!({"matchLabels": {CONTROLLER: uid}}),
    );
}

impl Server {
    /// A pod is as important as its class says.
    pub(super) fn give_priority(&self, call: &Call<'_>, object: &mut Value) -> Result<(), Refusal> {
        let kind = call.target.kind;
        let class = text(object, "/spec/priorityClassName").to_owned();
        if (kind.group(), kind.kind()) != ("", "Pod") || class.is_empty() {
            return Ok(());
        }
        let key = Key {
            resource: Resource {
                group: "scheduling.k8s.io".to_owned(),
                plural: "priorityclasses".to_owned(),
            },
            namespace: String::new(),
            name: class.clone(),
        };
        let Some(class) = self.store.get(&key).map(Stored::object) else {
            let why = format!("no PriorityClass with name {class} was found");
            let name = text(object, "/metadata/name");
            return Err(Refusal::forbidden(&call.target.resource, name, &why));
        };
        let spec = fields(fields(object).entry("spec").or_insert(Value::Null));
        let value = class.get("value").cloned().unwrap_or(json!(0));
        spec.insert("priority".to_owned(), value);
        if let Some(policy) = class.get("preemptionPolicy") {
            spec.insert("preemptionPolicy".to_owned(), policy.clone());
        }
        Ok(())
    }
}
