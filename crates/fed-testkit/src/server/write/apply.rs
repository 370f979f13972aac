//! What becomes of an object that something is applied to?

use serde_json::Value;

use super::last_applied;
use super::read::{self, Draft, check_name};
use super::track::{managers, set_managers, untracked};
use super::{Call, Existing, metadata, text};
use crate::server::Server;
use crate::server::answer::Answer;
use crate::server::fields::{
    Applied, Conflict, Managers, Writer, conflict_message, describe, why_not_applicable,
};
use crate::server::shape::nothing;
use crate::server::status::{Cause, FieldFault, Refusal, Sort};
use crate::server::strategy::reset_fields;

impl Server {
    pub(super) fn apply(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let Some(manager) = call
            .request
            .parameter("fieldManager")
            .filter(|name| !name.is_empty())
        else {
            let fault = FieldFault::new(
                "fieldManager",
                Sort::Required,
                "is required for apply patch",
            );
            return Err(Refusal::invalid(
                "meta.k8s.io",
                "PatchOptions",
                "",
                &[fault],
            ));
        };
        let config = config(call)?;
        let existing = self.store.get(&call.key());
        let existing = existing.map(|stored| Existing::of(call, stored));
        if existing.is_none() && !call.target.subresource.is_empty() {
            return Err(call.not_found());
        }
        let version = call.target.kind.api_version();
        let reset = reset_fields(call.target.kind, &call.target.subresource);
        let writer = Writer {
            name: manager,
            api_version: &version,
            subresource: &call.target.subresource,
            now: &call.now,
            reset: &reset,
        };
        let live = existing
            .as_ref()
            .map(|existing| untracked(&existing.object));
        let live = live.unwrap_or_else(|| nothing(call.target.kind));
        let before = existing
            .as_ref()
            .map(|existing| managers(call, &existing.object));
        let applied = laid_over(call, &live, before.unwrap_or_default(), &config, &writer)?;
        let object = applied.object.unwrap_or(live);
        let mut draft: Draft = read::prepare(call, object)?;
        set_managers(&mut draft.object, &applied.managers);
        check_name(call, &mut draft.object)?;
        let (code, object) = match existing {
            Some(existing) => (200, self.update_object(call, &existing, draft.object)?),
            None => {
                let uid = text(&draft.object, "/metadata/uid");
                if !uid.is_empty() {
                    let why = format!(
                        "uid mismatch: the provided object specified uid {uid}, and no existing object was found"
                    );
                    return Err(Refusal::conflict(
                        &call.target.resource,
                        &call.target.name,
                        &why,
                    ));
                }
                self.check_namespace(call, &draft.object)?;
                (201, self.create_object(call, draft.object)?)
            }
        };
        Ok(Answer::of(code, object).warning(draft.warnings))
    }
}

fn laid_over(
    call: &Call<'_>,
    live: &Value,
    before: Managers,
    config: &Value,
    writer: &Writer<'_>,
) -> Result<Applied, Refusal> {
    let root = call.root();
    let before = if before.is_empty() {
        Managers::before_first_apply(root, &nothing(call.target.kind), live, writer)
    } else {
        before
    };
    let force = call.request.parameter("force") == Some("true");
    let mut applied = match before.apply(root, live, config, writer, force) {
        Ok(applied) => applied,
        Err(conflicts) => {
            let left = last_applied::remaining(root, live, writer.name, conflicts);
            if !left.is_empty() {
                return Err(conflicting(&left));
            }
            let taken = before.apply(root, live, config, writer, true);
            taken.map_err(|conflicts| conflicting(&conflicts))?
        }
    };
    let object = applied.object.as_ref().unwrap_or(live);
    if let Some(object) = last_applied::written_down(object, writer.name, config) {
        applied.object = Some(object);
    }
    Ok(applied)
}

fn conflicting(conflicts: &[Conflict]) -> Refusal {
    let causes = conflicts.iter().flat_map(|conflict| {
        let who = describe(&conflict.manager);
        conflict.fields.paths().into_iter().map(move |field| Cause {
            reason: "FieldManagerConflict",
            field,
            message: format!("conflict with {who}"),
        })
    });
    Refusal::field_conflicts(conflict_message(conflicts), causes.collect())
}

/// What is applied.
fn config(call: &Call<'_>) -> Result<Value, Refusal> {
    let mut config = read::json(call)?;
    if !config.is_object() {
        return Err(Refusal::bad_request(
            "error decoding YAML: the patch must be an object",
        ));
    }
    let kind = call.target.kind;
    let (found, expected) = (text(&config, "/apiVersion"), kind.api_version());
    if found != expected {
        return Err(Refusal::bad_request(format!(
            "Incorrect version specified in apply patch. Specified patch version: {found}, expected: {expected}"
        )));
    }
    let found = text(&config, "/kind");
    if found != kind.kind() {
        return Err(Refusal::bad_request(format!(
            "Incorrect object specified in apply patch. Specified patch kind: {found}, expected: {}",
            kind.kind()
        )));
    }
    if metadata(&mut config)
        .get("managedFields")
        .is_some_and(|managers| !managers.is_null())
    {
        return Err(Refusal::bad_request("metadata.managedFields must be nil"));
    }
    if let Some(why) = why_not_applicable(kind.root(), &config) {
        let part = |field: &str| text(&config, &format!("/metadata/{field}"));
        let place = format!("{}/{}", part("namespace"), part("name"));
        return Err(Refusal::internal(format!(
            "failed to create typed patch object ({place}; {expected}, Kind={}): {why}",
            kind.kind()
        )));
    }
    Ok(config)
}
