//! What becomes of an object that is to go? It goes at once, or waits for its finalizers.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::definition::DEFINITION;
use super::namespace::{check_deletable, terminate};
use super::unread::name_of;
use super::{Call, Existing, metadata, text};
use crate::server::answer::{Answer, Body};
use crate::server::definitions::status::terminate as terminate_definition;
use crate::server::status::Refusal;
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
    /// How long a pod is given, in seconds.
    grace: Option<i64>,
}

impl Server {
    pub(in crate::server) fn delete(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let options = options(call)?;
        let kind = call.target.kind;
        let is_namespace = kind.kind() == "Namespace" && kind.group().is_empty();
        if is_namespace {
            check_deletable(call)?;
        }
        let existing = self.existing(call)?;
        check_preconditions(call, &existing, &options)?;
        let mut object = existing.object.clone();
        if kind.kind() == DEFINITION && text(&object, "/metadata/deletionTimestamp").is_empty() {
            terminate_definition(&mut object, &call.now);
            if options.dry_run {
                return Ok(Answer::new(200, object));
            }
            let held = self.store.put(&call.key(), object);
            self.unsettled.insert(call.target.name.clone());
            return Ok(Answer::of(200, Body::Encoded(held.json().clone())));
        }
        let finalizers = finalizers(&object, options.policy);
        let is_pod = kind.kind() == "Pod" && kind.group().is_empty();
        let grace = if is_pod {
            grace(&object, options.grace)
        } else {
            0
        };
        let is_held = !finalizers.is_empty() || grace > 0;
        if is_held || is_pod {
            mark(&mut object, finalizers.clone(), call, grace);
        }
        if is_namespace {
            mark(&mut object, finalizers, call, 0);
            terminate(&mut object);
        }
        if is_held || is_namespace {
            if options.dry_run || object == existing.object {
                return Ok(Answer::new(200, object));
            }
            return Ok(Answer::of(200, self.keep(call, &call.key(), object)));
        }
        if !options.dry_run {
            self.store.remove(&call.key(), object.clone());
        }
        if strategy::answers_deleted(call.target.kind) {
            return Ok(Answer::new(200, object));
        }
        Ok(Answer::new(200, success(&call.target.resource, &object)))
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

fn invalid(policy: &str, sort: crate::server::Sort, message: &str) -> Refusal {
    let fault = crate::server::FieldFault::new("propagationPolicy", sort, message);
    let faults = [fault.of(json!(policy))];
    Refusal::invalid("meta.k8s.io", "DeleteOptions", "", &faults)
}

/// Which option is not of its type?
fn why_unreadable(body: &Value) -> Option<String> {
    type Is = fn(&Value) -> bool;
    const TYPES: [(&str, &str, Is); 5] = [
        ("dryRun", "[]string", Value::is_array),
        ("gracePeriodSeconds", "int64", Value::is_i64),
        ("orphanDependents", "bool", Value::is_boolean),
        ("preconditions", "v1.Preconditions", Value::is_object),
        (
            "propagationPolicy",
            "v1.DeletionPropagation",
            Value::is_string,
        ),
    ];
    let wrong = TYPES.iter().find_map(|(field, wanted, is_it)| {
        let value = body.get(*field).filter(|value| !value.is_null())?;
        (!is_it(value)).then_some((field, wanted, value))
    });
    wrong.map(|(field, wanted, value)| {
        let found = name_of(value);
        format!(
            "json: cannot unmarshal {found} into Go struct field DeleteOptions.{field} of type {wanted}"
        )
    })
}

/// What the query says, or else the body.
fn options(call: &Call<'_>) -> Result<Options, Refusal> {
    let body = if call.request.body.iter().all(u8::is_ascii_whitespace) {
        Value::Null
    } else {
        super::read::json(call)?
    };
    if let Some(why) = why_unreadable(&body) {
        return Err(Refusal::bad_request(why));
    }
    let query = call.request.parameter("propagationPolicy");
    let said = query.or_else(|| body.get("propagationPolicy").and_then(Value::as_str));
    let says_orphans = body.get("orphanDependents").is_some_and(Value::is_boolean);
    if let Some(said) = said.filter(|_| says_orphans) {
        let message = "orphanDependents and deletionPropagation cannot be both set";
        return Err(invalid(said, crate::server::Sort::Invalid, message));
    }
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
            let message = "supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"";
            return Err(invalid(other, crate::server::Sort::NotSupported, message));
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
    let grace = call.request.parameter("gracePeriodSeconds");
    let grace = grace.and_then(|text| text.parse().ok());
    let said_grace = body.get("gracePeriodSeconds").and_then(Value::as_i64);
    Ok(Options {
        grace: grace.or(said_grace),
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

/// How long a pod has to end: nothing where no node runs it.
fn grace(pod: &Value, said: Option<i64>) -> i64 {
    let is_over = matches!(text(pod, "/status/phase"), "Succeeded" | "Failed");
    if is_over || text(pod, "/spec/nodeName").is_empty() {
        return 0;
    }
    let own = pod.pointer("/spec/terminationGracePeriodSeconds");
    let seconds = said.or(own.and_then(Value::as_i64)).unwrap_or(30);
    // Less than nothing is as little as possible.
    let seconds = if seconds < 0 { 1 } else { seconds };
    // Who goes already is given less, and never more.
    let given = pod.pointer("/metadata/deletionGracePeriodSeconds");
    let given = given.and_then(Value::as_i64).unwrap_or(i64::MAX);
    seconds.min(given)
}

fn mark(object: &mut Value, finalizers: Vec<Value>, call: &Call<'_>, grace: i64) {
    let metadata = metadata(object);
    if !finalizers.is_empty() {
        metadata.insert("finalizers".to_owned(), Value::Array(finalizers));
    }
    let given = metadata
        .get("deletionGracePeriodSeconds")
        .and_then(Value::as_i64);
    if !metadata.contains_key("deletionTimestamp") || given.is_some_and(|given| grace < given) {
        let end = call.at.saturating_add(SignedDuration::from_secs(grace));
        let end = end.unwrap_or(Timestamp::MAX).strftime("%Y-%m-%dT%H:%M:%SZ");
        let is_first = !metadata.contains_key("deletionTimestamp");
        metadata.insert("deletionTimestamp".to_owned(), end.to_string().into());
        let generation = metadata.get("generation").and_then(Value::as_i64);
        if let Some(generation) = generation.filter(|_| is_first) {
            metadata.insert("generation".to_owned(), json!(generation.saturating_add(1)));
        }
    }
    metadata.insert("deletionGracePeriodSeconds".to_owned(), json!(grace));
}
