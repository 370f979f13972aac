//! How does a namespace go? Its contents go first, and whoever its spec names has to agree.

use serde_json::{Value, json};

use super::read::{self, check_name};
use super::track::track;
use super::{Call, fields, metadata, text};
use crate::server::Server;
use crate::server::answer::Answer;
use crate::server::status::Refusal;

impl Server {
    /// PUT of `finalize`: nothing but the finalizers of the spec is taken.
    pub(super) fn finalize(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let mut draft = read::object(call)?;
        check_name(call, &mut draft.object)?;
        let existing = self.existing(call)?;
        let wanted = draft.object.pointer("/spec/finalizers").cloned();
        let mut object = existing.object.clone();
        let seen = draft.object.pointer("/metadata/resourceVersion").cloned();
        metadata(&mut object).insert(
            "resourceVersion".to_owned(),
            seen.unwrap_or_else(|| json!("")),
        );
        let spec = fields(&mut object).entry("spec").or_insert(Value::Null);
        match wanted.filter(|wanted| wanted.as_array().is_some_and(|all| !all.is_empty())) {
            Some(wanted) => fields(spec).insert("finalizers".to_owned(), wanted),
            None => fields(spec).remove("finalizers"),
        };
        track(call, Some(&existing.object), &mut object);
        let updated = self.update_object(call, &existing, object)?;
        Ok(Answer::of(200, updated))
    }
}

/// Some namespaces stay.
pub(super) fn check_deletable(call: &Call<'_>) -> Result<(), Refusal> {
    let name = call.target.name.as_str();
    if matches!(name, "default" | "kube-public" | "kube-system") {
        let why = "this namespace may not be deleted";
        return Err(Refusal::forbidden(&call.target.resource, name, why));
    }
    Ok(())
}

/// Marks a namespace as one that goes.
pub(super) fn terminate(object: &mut Value) {
    metadata(object).remove("deletionGracePeriodSeconds");
    let status = fields(object).entry("status").or_insert(Value::Null);
    fields(status).insert("phase".to_owned(), json!("Terminating"));
}

/// Has a namespace nobody left whose leave it needs?
pub(super) fn is_let_go(object: &Value) -> bool {
    let finalizers = object.pointer("/spec/finalizers").and_then(Value::as_array);
    text(object, "/kind") != "Namespace"
        || text(object, "/apiVersion") != "v1"
        || finalizers.is_none_or(Vec::is_empty)
}
