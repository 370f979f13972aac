//! What becomes of an object that is there already? PUT and patches, down to what is held.

use fed_schema::{Kind, Origin};
use serde_json::{Map, Value, json};

use super::namespace::is_let_go;
use super::patch::{json_patched, merge_patched};
use super::read::{self, Draft, check_name};
use super::track::track;
use super::{Call, Existing, metadata, text};
use crate::server::answer::{Answer, Body};
use crate::server::fields::{FieldSet, is_equal};
use crate::server::shape::as_stored;
use crate::server::status::{FieldFault, Refusal, Sort};
use crate::server::{Server, convert, service, strategic, strategy, validate};

const MODIFIED: &str =
    "the object has been modified; please apply your changes to the latest version and try again";

impl Server {
    pub(super) fn update(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let mut draft = read::object(call)?;
        check_name(call, &mut draft.object)?;
        let existing = self.store.get(&call.key());
        let Some(existing) = existing.map(|stored| Existing::of(call, stored)) else {
            if !strategy::put_creates(call.target.kind) || !call.target.subresource.is_empty() {
                return Err(call.not_found());
            }
            self.check_namespace(call, &draft.object)?;
            track(call, None, &mut draft.object);
            let created = self.create_object(call, draft.object)?;
            return Ok(Answer::of(201, created).warning(draft.warnings));
        };
        self.replace(call, &existing, draft)
    }

    /// PATCH: apply, or a patch of what is there.
    pub(super) fn patch(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let media = call.request.media_type();
        let is_custom = call.target.kind.origin() == Origin::Custom;
        if media == "application/apply-patch+yaml" {
            return self.apply(call);
        }
        check_media(media, is_custom)?;
        if call.request.parameter("force").is_some() {
            let fault = FieldFault::new(
                "force",
                Sort::Forbidden,
                "may not be specified for non-apply patch",
            );
            return Err(Refusal::invalid(
                "meta.k8s.io",
                "PatchOptions",
                "",
                &[fault],
            ));
        }
        let existing = self.existing(call)?;
        let patched = patched(call, &existing.object)?;
        let text = patched.to_string();
        let mut draft =
            read::prepare(call, patched).map_err(|refusal| unreadable(refusal, &text))?;
        check_name(call, &mut draft.object)?;
        self.replace(call, &existing, draft)
    }

    fn replace(
        &mut self,
        call: &Call<'_>,
        existing: &Existing,
        mut draft: Draft,
    ) -> Result<Answer, Refusal> {
        track(call, Some(&existing.object), &mut draft.object);
        let object = self.update_object(call, existing, draft.object)?;
        Ok(Answer::of(200, object).warning(draft.warnings))
    }

    /// Puts an object in the place of another. Its managers are written down already.
    pub(super) fn update_object(
        &mut self,
        call: &Call<'_>,
        existing: &Existing,
        mut object: Value,
    ) -> Result<Body, Refusal> {
        let kind = call.target.kind;
        let old = &existing.object;
        self.check_escalation(call, &object, Some(old))?;
        check_version(call, existing, &object)?;
        keep_metadata(&mut object, old);
        keep_rest(call, &mut object, old);
        count_generation(call, &mut object, old);
        if call.target.subresource != "status" {
            convert::count_templates(kind, &mut object, Some(old));
        }
        if !is_done_for(&object) {
            as_stored(kind, &mut object);
        }
        service::allocate(&mut self.random, &self.store, kind, &mut object, Some(old));
        let mut faults = validate::updated(
            call.schemas,
            &self.store,
            kind,
            &call.target.subresource,
            &object,
            old,
        );
        if faults.is_empty() {
            faults = service::refused(&self.store, kind, &object);
        }
        if !faults.is_empty() {
            let name = &call.target.name;
            return Err(Refusal::invalid(kind.group(), kind.kind(), name, &faults));
        }
        if !is_done_for(&object) {
            self.learn(call, &mut object, false)?;
        }
        if is_same_but_for_times(&object, old) {
            return Ok(Body::Value(old.clone()));
        }
        if call.dry_run {
            return Ok(Body::Value(object));
        }
        if is_done_for(&object) {
            // Its end is told with what was held, finalizers and all.
            self.store.remove(&call.key(), old.clone());
            self.forget(call);
            return Ok(Body::Value(object));
        }
        Ok(self.keep(call, &call.key(), object))
    }
}

/// What a patch makes and cannot be read is the patch's fault.
pub(super) fn unreadable(refusal: Refusal, patched: &str) -> Refusal {
    if refusal.code != 400 {
        return refusal;
    }
    let fault = FieldFault::new("patch", Sort::Invalid, refusal.message);
    Refusal::invalid("", "", "", &[fault.of(json!(patched))])
}

fn check_media(media: &str, is_custom: bool) -> Result<(), Refusal> {
    const JSON: &str = "application/json-patch+json";
    const MERGE: &str = "application/merge-patch+json";
    const STRATEGIC: &str = "application/strategic-merge-patch+json";
    let mut accepted = vec![JSON, MERGE, STRATEGIC];
    if is_custom {
        accepted.pop();
    }
    if accepted.contains(&media) {
        return Ok(());
    }
    if !is_custom {
        return Err(Refusal::no_such_media());
    }
    accepted.push("application/apply-patch+yaml");
    Err(Refusal::unknown_format(&accepted.join(", ")))
}

fn patched(call: &Call<'_>, object: &Value) -> Result<Value, Refusal> {
    let patch = read::json(call)?;
    match call.request.media_type() {
        "application/json-patch+json" => json_patched(object, patch),
        "application/strategic-merge-patch+json" => {
            strategic::patched(call.root(), object, &patch).map_err(Refusal::internal)
        }
        _ if !patch.is_object() => Err(Refusal::bad_request("the patch must be an object")),
        _ => Ok(merge_patched(object, patch)),
    }
}

/// Is the update based on what is held?
fn check_version(call: &Call<'_>, existing: &Existing, object: &Value) -> Result<(), Refusal> {
    let kind = call.target.kind;
    let resource = &call.target.resource;
    let seen = text(object, "/metadata/resourceVersion");
    let uid = text(object, "/metadata/uid");
    let held = text(&existing.object, "/metadata/uid");
    if !uid.is_empty() && uid != held {
        return Err(other_uid(call, uid, held));
    }
    if seen.is_empty() || seen == "0" {
        if strategy::updates_blindly(kind) {
            return Ok(());
        }
        let fault = FieldFault::new(
            "metadata.resourceVersion",
            Sort::Invalid,
            "must be specified for an update",
        );
        let faults = [fault.of(json!(0))];
        return Err(Refusal::invalid(
            kind.group(),
            kind.plural(),
            &call.target.name,
            &faults,
        ));
    }
    if seen == existing.version.to_string() {
        return Ok(());
    }
    if seen.parse::<u64>().is_err() {
        return Err(Refusal::internal(format!(
            "strconv.ParseUint: parsing {seen:?}: invalid syntax"
        )));
    }
    Err(Refusal::conflict(resource, &call.target.name, MODIFIED))
}

/// Somebody means another object of the same name.
fn other_uid(call: &Call<'_>, uid: &str, held: &str) -> Refusal {
    let (kind, name) = (call.target.kind, &call.target.name);
    if call.request.method == "PATCH" {
        let fault = FieldFault::new("metadata.uid", Sort::Invalid, "field is immutable");
        let mut faults = vec![fault.of(json!(uid))];
        if !strategy::is_looked_at_once(kind) {
            faults.extend(faults.clone());
        }
        return Refusal::invalid(kind.group(), kind.kind(), name, &faults);
    }
    let key = strategy::storage_key(kind, &call.target.namespace, name);
    let why = format!(
        "StorageError: invalid object, Code: 4, Key: {key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: {uid}, UID in object meta: {held}"
    );
    Refusal::conflict(&call.target.resource, name, &why)
}

/// What of its metadata no client changes.
fn keep_metadata(object: &mut Value, old: &Value) {
    let metadata = metadata(object);
    for field in [
        "creationTimestamp",
        "deletionGracePeriodSeconds",
        "deletionTimestamp",
        "generateName",
        "generation",
        "resourceVersion",
        "selfLink",
        "uid",
    ] {
        let kept = old.pointer(&format!("/metadata/{field}"));
        match kept {
            Some(kept) => {
                metadata.insert(field.to_owned(), kept.clone());
            }
            // What an object was named after can be said later.
            None if field == "generateName" => {}
            None => {
                metadata.remove(field);
            }
        }
    }
}

/// What this subresource does not write.
fn keep_rest(call: &Call<'_>, object: &mut Value, old: &Value) {
    let kind = call.target.kind;
    if call.target.subresource == "ephemeralcontainers" {
        keep_all_but_ephemeral(object, old);
        return;
    }
    if call.target.subresource != "status" {
        if strategy::has_status(kind) {
            keep(object, old, "status");
        }
        return;
    }
    let reset = strategy::reset_fields(kind, "status");
    let is_reset = |path: &[&str]| !FieldSet::of_fields(path).intersection(&reset).is_empty();
    if is_reset(&["metadata"]) {
        let managers = metadata(object).remove("managedFields");
        keep(object, old, "metadata");
        match managers {
            Some(managers) => metadata(object).insert("managedFields".to_owned(), managers),
            None => metadata(object).remove("managedFields"),
        };
    } else if is_reset(&["metadata", "labels"]) {
        let labels = old.pointer("/metadata/labels").cloned();
        match labels {
            Some(labels) => metadata(object).insert("labels".to_owned(), labels),
            None => metadata(object).remove("labels"),
        };
    }
    let others = old.as_object().into_iter().flatten().map(|(name, _)| name);
    for name in others.filter(|name| !matches!(name.as_str(), "status" | "metadata")) {
        keep(object, old, name);
    }
    if let Some(fields) = object.as_object_mut() {
        fields.retain(|name, _| {
            matches!(name.as_str(), "status" | "metadata") || old.get(name).is_some()
        });
    }
}

/// What is set through the subresource for containers that are added to look at others.
fn keep_all_but_ephemeral(object: &mut Value, old: &Value) {
    let wanted = object.pointer("/spec/ephemeralContainers").cloned();
    let managers = metadata(object).remove("managedFields");
    *object = old.clone();
    match managers {
        Some(managers) => metadata(object).insert("managedFields".to_owned(), managers),
        None => metadata(object).remove("managedFields"),
    };
    let spec = super::fields(super::fields(object).entry("spec").or_insert(Value::Null));
    match wanted {
        Some(wanted) => spec.insert("ephemeralContainers".to_owned(), wanted),
        None => spec.remove("ephemeralContainers"),
    };
}

fn keep(object: &mut Value, old: &Value, field: &str) {
    let Some(fields) = object.as_object_mut() else {
        return;
    };
    match old.get(field) {
        Some(kept) => {
            fields.insert(field.to_owned(), kept.clone());
        }
        None => {
            fields.remove(field);
        }
    }
}

fn count_generation(call: &Call<'_>, object: &mut Value, old: &Value) {
    let kind = call.target.kind;
    if call.target.subresource == "status" || !strategy::has_generation(kind) {
        return;
    }
    if is_same_wish(kind, object, old) {
        return;
    }
    let before = old.pointer("/metadata/generation").and_then(Value::as_i64);
    let next = before.unwrap_or_default().saturating_add(1);
    metadata(object).insert("generation".to_owned(), json!(next));
}

/// Does the object wish for what it wished for before?
fn is_same_wish(kind: Kind<'_>, object: &Value, old: &Value) -> bool {
    let wish = |object: &Value| -> Map<String, Value> {
        let mut fields = object.as_object().cloned().unwrap_or_default();
        fields.remove("metadata");
        if kind.origin() == Origin::Builtin || strategy::has_status(kind) {
            fields.remove("status");
        }
        // The annotations of a Deployment go to its ReplicaSets.
        if kind.group() == "apps" && kind.kind() == "Deployment" {
            let annotations = object.pointer("/metadata/annotations").cloned();
            fields.insert("annotations".to_owned(), annotations.unwrap_or_default());
        }
        fields
    };
    is_equal(&Value::Object(wish(object)), &Value::Object(wish(old)))
}

/// A write that changes nothing but when managers wrote is none.
fn is_same_but_for_times(object: &Value, old: &Value) -> bool {
    let timeless = |object: &Value| {
        let mut object = object.clone();
        let entries = object
            .pointer_mut("/metadata/managedFields")
            .and_then(Value::as_array_mut);
        for entry in entries.into_iter().flatten() {
            if let Some(entry) = entry.as_object_mut() {
                entry.remove("time");
            }
        }
        if let Some(Value::Array(entries)) = object.pointer_mut("/metadata/managedFields") {
            entries.sort_by_key(ToString::to_string);
        }
        object
    };
    object == old || timeless(object) == timeless(old)
}

/// Was the object waiting for its last finalizer to go?
fn is_done_for(object: &Value) -> bool {
    let finalizers = object
        .pointer("/metadata/finalizers")
        .and_then(Value::as_array);
    let grace = object.pointer("/metadata/deletionGracePeriodSeconds");
    !text(object, "/metadata/deletionTimestamp").is_empty()
        && finalizers.is_none_or(Vec::is_empty)
        && grace.and_then(Value::as_i64).unwrap_or_default() == 0
        && is_let_go(object)
}
