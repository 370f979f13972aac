//! What becomes of an object that is to go? It goes at once, or waits for its finalizers.

use serde_json::{Value, json};

use super::{Call, Existing, fields, metadata, text};
use crate::server::answer::{Answer, Body};
use crate::server::status::Refusal;
use crate::server::store::Key;
use crate::server::target::Resource;
use crate::server::{Server, strategy};

const ORPHAN: &str = "orphan";
const FOREGROUND: &str = "foregroundDeletion";

/// What becomes of the objects that this one owns?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Policy {
    Orphan,
    Foreground,
    Background,
}

struct Options {
    policy: Option<Policy>,
    uid: Option<String>,
    version: Option<String>,
    dry_run: bool,
}

impl Server {
    pub(in crate::server) fn delete(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let options = options(call)?;
        let existing = self.existing(call)?;
        check_preconditions(call, &existing, &options)?;
        let mut object = existing.object.clone();
        let finalizers = finalizers(&object, options.policy);
        let is_held = !finalizers.is_empty();
        if is_held {
            mark(&mut object, finalizers, &call.now);
        }
        let is_namespace =
            call.target.kind.kind() == "Namespace" && call.target.kind.group().is_empty();
        if is_namespace && !is_held {
            // Its contents go first.
            mark(&mut object, Vec::new(), &call.now);
            metadata(&mut object).remove("deletionGracePeriodSeconds");
            let status = json!({"phase": "Terminating"});
            fields(&mut object).insert("status".to_owned(), status);
        }
        if is_held || is_namespace {
            if options.dry_run || object == existing.object {
                return Ok(Answer::new(200, object));
            }
            let held = self.store.put(&call.key(), object);
            return Ok(Answer::of(200, Body::Encoded(held.json().clone())));
        }
        if !options.dry_run {
            self.forget(call, &object);
            self.store.remove(&call.key(), object.clone());
        }
        if strategy::answers_deleted(call.target.kind) {
            return Ok(Answer::new(200, object));
        }
        Ok(Answer::new(200, success(&call.target.resource, &object)))
    }

    /// The objects of a CustomResourceDefinition go with it.
    pub(super) fn forget(&mut self, call: &Call<'_>, object: &Value) {
        if call.target.kind.kind() != "CustomResourceDefinition" {
            return;
        }
        let resource = Resource {
            group: text(object, "/spec/group").to_owned(),
            plural: text(object, "/spec/names/plural").to_owned(),
        };
        let gone: Vec<_> = self
            .store
            .all(&resource)
            .map(|stored| (Key::of(&resource, stored), stored.object()))
            .collect();
        for (key, object) in gone {
            self.store.remove(&key, object);
        }
        let definitions = self.store.all(&call.target.resource);
        let others = definitions.filter(|stored| stored.name() != call.target.name);
        let known = others.fold(fed_schema::Schemas::builtin(), |known, stored| {
            known.with_crd(&stored.object()).unwrap_or(known)
        });
        self.schemas = known;
    }
}

fn success(resource: &Resource, object: &Value) -> Value {
    let texts = [
        ("name", text(object, "/metadata/name")),
        ("group", resource.group.as_str()),
        ("kind", resource.plural.as_str()),
        ("uid", text(object, "/metadata/uid")),
    ];
    let said = texts.iter().filter(|(_, text)| !text.is_empty());
    let details: Value = said
        .map(|(field, text)| ((*field).to_owned(), json!(text)))
        .collect();
    json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
        "details": details,
    })
}

/// What the query says, or else the body.
fn options(call: &Call<'_>) -> Result<Options, Refusal> {
    let body = if call.request.body.iter().all(u8::is_ascii_whitespace) {
        Value::Null
    } else {
        super::read::json(call)?
    };
    let query = call.request.parameter("propagationPolicy");
    let said = query.or_else(|| body.get("propagationPolicy").and_then(Value::as_str));
    let policy = match said {
        None | Some("") => match body.get("orphanDependents").and_then(Value::as_bool) {
            Some(true) => Some(Policy::Orphan),
            Some(false) => Some(Policy::Background),
            None => None,
        },
        Some("Orphan") => Some(Policy::Orphan),
        Some("Foreground") => Some(Policy::Foreground),
        Some("Background") => Some(Policy::Background),
        Some(other) => {
            let fault = crate::server::FieldFault::new(
                "propagationPolicy",
                crate::server::Sort::NotSupported,
                "supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"",
            );
            let faults = [fault.of(json!(other))];
            return Err(Refusal::invalid(
                "meta.k8s.io",
                "DeleteOptions",
                "",
                &faults,
            ));
        }
    };
    let precondition = |field: &str| {
        let value = body
            .get("preconditions")
            .and_then(|preconditions| preconditions.get(field));
        value.and_then(Value::as_str).map(str::to_owned)
    };
    let said_dry = body
        .get("dryRun")
        .and_then(Value::as_array)
        .is_some_and(|all| !all.is_empty());
    Ok(Options {
        policy,
        uid: precondition("uid"),
        version: precondition("resourceVersion"),
        dry_run: call.dry_run || said_dry,
    })
}

fn check_preconditions(
    call: &Call<'_>,
    existing: &Existing,
    options: &Options,
) -> Result<(), Refusal> {
    let resource = Resource {
        group: call.target.kind.group().to_owned(),
        plural: call.target.kind.kind().to_owned(),
    };
    let uid = text(&existing.object, "/metadata/uid");
    let version = existing.version.to_string();
    let checks = [
        (&options.uid, uid, "UID", "deleted and then recreated"),
        (
            &options.version,
            version.as_str(),
            "ResourceVersion",
            "modified",
        ),
    ];
    for (wanted, held, what, fate) in checks {
        if let Some(wanted) = wanted.as_deref().filter(|wanted| *wanted != held) {
            let why = format!(
                "the {what} in the precondition ({wanted}) does not match the {what} in record ({held}). The object might have been {fate}"
            );
            return Err(Refusal::conflict(&resource, &call.target.name, &why));
        }
    }
    Ok(())
}

/// Whose leave the object needs to go, under this policy.
fn finalizers(object: &Value, policy: Option<Policy>) -> Vec<Value> {
    let held = object
        .pointer("/metadata/finalizers")
        .and_then(Value::as_array);
    let held = held.map_or(&[][..], Vec::as_slice);
    let has = |name: &str| held.iter().any(|finalizer| finalizer == name);
    let policy = policy.unwrap_or_else(|| {
        if has(ORPHAN) {
            Policy::Orphan
        } else if has(FOREGROUND) {
            Policy::Foreground
        } else {
            Policy::Background
        }
    });
    let wanted = match policy {
        Policy::Orphan => Some(ORPHAN),
        Policy::Foreground => Some(FOREGROUND),
        Policy::Background => None,
    };
    if wanted.is_some_and(has) && !(has(ORPHAN) && has(FOREGROUND)) {
        return held.to_vec();
    }
    let others = held
        .iter()
        .filter(|name| **name != ORPHAN && **name != FOREGROUND);
    others.cloned().chain(wanted.map(Value::from)).collect()
}

fn mark(object: &mut Value, finalizers: Vec<Value>, now: &str) {
    let metadata = metadata(object);
    if !finalizers.is_empty() {
        metadata.insert("finalizers".to_owned(), Value::Array(finalizers));
    }
    if !metadata.contains_key("deletionTimestamp") {
        metadata.insert("deletionTimestamp".to_owned(), now.into());
        if let Some(generation) = metadata.get("generation").and_then(Value::as_i64) {
            metadata.insert("generation".to_owned(), json!(generation.saturating_add(1)));
        }
    }
    metadata.insert("deletionGracePeriodSeconds".to_owned(), json!(0));
}
