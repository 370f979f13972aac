//! On which node does a pod run? A binding says it once and for all.

use serde_json::{Value, json};

use super::{add, done, set_condition};
use crate::server::Server;
use crate::server::answer::Answer;
use crate::server::status::Refusal;
use crate::server::store::Key;
use crate::server::target::Resource;
use crate::server::write::{Call, fields, read, text};

impl Server {
    /// Binds a pod to a node.
    pub(in crate::server) fn bind(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let binding = read::body(call, "v1", "Binding")?;
        let name = text(&binding, "/metadata/name");
        if !call.target.name.is_empty() && call.target.name != name {
            let message = "name in URL does not match name in Binding object";
            return Err(Refusal::bad_request(message));
        }
        let namespace = text(&binding, "/metadata/namespace");
        if !namespace.is_empty() && namespace != call.target.namespace {
            return Err(Refusal::bad_request(read::OTHER_NAMESPACE));
        }
        check_target(&binding)?;
        let pods = Resource {
            group: String::new(),
            plural: "pods".to_owned(),
        };
        let key = Key {
            resource: pods,
            namespace: call.target.namespace.clone(),
            name: name.to_owned(),
        };
        let pod = self.store.get(&key);
        let pod = pod.ok_or_else(|| Refusal::not_found(&key.resource, name))?;
        let mut pod = pod.object();
        let (said, held) = (text(&binding, "/metadata/uid"), text(&pod, "/metadata/uid"));
        if !said.is_empty() && said != held {
            let why = format!(
                "StorageError: invalid object, Code: 4, Key: /registry/pods/{}/{name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: {said}, UID in object meta: {held}",
                key.namespace
            );
            return Err(Refusal::conflict(&key.resource, name, &why));
        }
        if let Some(why) = why_not(&pod) {
            let resource = Resource {
                group: String::new(),
                plural: "pods/binding".to_owned(),
            };
            return Err(Refusal::conflict(&resource, name, &why));
        }
        let node = binding.pointer("/target/name").cloned();
        let spec = fields(fields(&mut pod).entry("spec").or_insert(Value::Null));
        spec.insert("nodeName".to_owned(), node.unwrap_or_default());
        for what in ["annotations", "labels"] {
            let more = binding.pointer(&format!("/metadata/{what}"));
            add(&mut pod, what, more);
        }
        let condition = json!({
            "type": "PodScheduled", "status": "True", "lastProbeTime": null,
            "lastTransitionTime": call.now,
        });
        set_condition(&mut pod, condition);
        if !call.dry_run {
            self.store.put(&key, pod);
        }
        Ok(done())
    }
}

/// Does the binding name a node?
fn check_target(binding: &Value) -> Result<(), Refusal> {
    let (kind, name) = (text(binding, "/target/kind"), text(binding, "/target/name"));
    if !matches!(kind, "" | "Node") {
        let message = format!(
            "target.kind: Unsupported value: {kind:?}: supported values: \"Node\", \"<empty>\""
        );
        return Err(Refusal::internal(message));
    }
    if name.is_empty() {
        return Err(Refusal::internal("target.name: Required value"));
    }
    Ok(())
}

/// Why a pod can be bound no more, or not yet.
fn why_not(pod: &Value) -> Option<String> {
    let name = text(pod, "/metadata/name");
    let gates = pod
        .pointer("/spec/schedulingGates")
        .and_then(Value::as_array);
    if pod.pointer("/metadata/deletionTimestamp").is_some() {
        return Some(format!(
            "pod {name} is being deleted, cannot be assigned to a host"
        ));
    }
    match text(pod, "/spec/nodeName") {
        "" if gates.is_some_and(|gates| !gates.is_empty()) => {
            Some(format!("pod {name} has non-empty .spec.schedulingGates"))
        }
        "" => None,
        node => Some(format!("pod {name} is already assigned to node {node:?}")),
    }
}
