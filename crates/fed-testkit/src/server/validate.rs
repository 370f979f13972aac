//! Would a server take this object? What fed-schema says of it, in the server's words; what cannot
//! be changed; what metadata must be.

use fed_schema::rules::When;
use fed_schema::{Kind, Origin, Schemas};
use serde_json::{Value, json};

use super::fields::is_equal;
use super::status::{FieldFault, Sort};
use super::store::Store;
use super::{custom, definitions, faults, strategy};

/// What is wrong with a new object.
pub(super) fn created(
    schemas: &Schemas,
    store: &Store,
    kind: Kind<'_>,
    object: &Value,
) -> Vec<FieldFault> {
    match kind.origin() {
        Origin::Custom => custom::check(schemas, store, kind, object, None),
        Origin::Builtin if is_definition(kind) => of_definition(schemas, kind, object, true),
        Origin::Builtin => by_schema(schemas, kind, object),
    }
}

fn is_definition(kind: Kind<'_>) -> bool {
    kind.kind() == "CustomResourceDefinition"
}

/// Of definitions their metadata alone is looked at as that of all kinds.
fn of_definition(
    schemas: &Schemas,
    kind: Kind<'_>,
    object: &Value,
    is_new: bool,
) -> Vec<FieldFault> {
    let faults = by_schema(schemas, kind, object).into_iter();
    let is_general =
        |fault: &FieldFault| fault.field.starts_with("metadata.") && fault.field != "metadata.name";
    let mut faults: Vec<_> = faults.filter(is_general).collect();
    faults.extend(definitions::faults(object, is_new));
    faults
}

/// What is wrong with an object that takes the place of another.
pub(super) fn updated(
    schemas: &Schemas,
    store: &Store,
    kind: Kind<'_>,
    subresource: &str,
    object: &Value,
    old: &Value,
) -> Vec<FieldFault> {
    let mut faults = new_finalizers(object, old);
    if !strategy::is_looked_at_once(kind) {
        // The server looks twice, and says it twice.
        faults.extend(faults.clone());
    }
    match kind.origin() {
        Origin::Custom => faults.extend(custom::check(schemas, store, kind, object, Some(old))),
        Origin::Builtin if subresource == "status" => faults.extend(of_status(kind, object)),
        Origin::Builtin if subresource == "ephemeralcontainers" => {
            faults.extend(of_ephemeral(object, old));
        }
        Origin::Builtin if is_definition(kind) => {
            let kept = immutable(kind, object, old).into_iter();
            faults.extend(kept.filter(|fault| definitions::is_kept(&fault.field, old)));
            faults.extend(of_definition(schemas, kind, object, false));
        }
        // Workloads are looked at first for what they are, then for what they were.
        Origin::Builtin if kind.group() == "apps" => {
            faults.extend(by_schema(schemas, kind, object));
            faults.extend(immutable(kind, object, old));
        }
        Origin::Builtin => {
            faults.extend(immutable(kind, object, old));
            let rest = by_schema(schemas, kind, object).into_iter();
            // They may not be there at first, and may be there later.
            faults.extend(rest.filter(|fault| fault.field != "spec.ephemeralContainers"));
        }
    }
    faults
}

fn by_schema(schemas: &Schemas, kind: Kind<'_>, object: &Value) -> Vec<FieldFault> {
    let violations = schemas.check(object).unwrap_or_default();
    let grave = violations.iter().filter(|violation| {
        // Only ports that are written take one from the host.
        let is_unset_port =
            violation.path.ends_with("/hostPort") && object.pointer(&violation.path).is_none();
        violation.is_grave() && !is_unset_port
    });
    let mut told: Vec<FieldFault> = Vec::new();
    for fault in grave.flat_map(|violation| faults::of(kind, object, violation)) {
        // Where two rules say it here, the server says it once.
        if !told.contains(&fault) {
            told.push(fault);
        }
    }
    let rest = told
        .iter()
        .position(|fault| !fault.field.starts_with("metadata."));
    let rest = told.split_off(rest.unwrap_or(told.len()));
    told.extend(faults::of_finalizers(kind, object));
    told.extend(rest);
    told.extend(faults::of_event(kind, object));
    told
}

/// Containers that were added to look at others stay as they are.
fn of_ephemeral(object: &Value, old: &Value) -> Option<FieldFault> {
    const FIELD: &str = "/spec/ephemeralContainers";
    let list = |pod: &Value| -> Vec<Value> {
        let all = pod.pointer(FIELD).and_then(Value::as_array);
        all.cloned().unwrap_or_default()
    };
    let held = list(object);
    let mut before = list(old).into_iter();
    let changed = before.find_map(|one| {
        let same = held
            .iter()
            .find(|other| other.get("name") == one.get("name"));
        match same {
            Some(same) if is_equal(same, &one) => None,
            Some(_) => Some((one, "changed")),
            None => Some((one, "removed")),
        }
    });
    changed.map(|(one, fate)| {
        let name = one.get("name").cloned().unwrap_or_default();
        let message = format!("existing ephemeral containers {name} may not be {fate}\n");
        FieldFault::new("spec.ephemeralContainers", Sort::Forbidden, message)
    })
}

/// Do the numbers that a controller tells of a workload fit together?
fn of_status(kind: Kind<'_>, object: &Value) -> Vec<FieldFault> {
    const PAIRS: [(&str, &str); 5] = [
        ("updatedReplicas", "replicas"),
        ("readyReplicas", "replicas"),
        ("availableReplicas", "replicas"),
        ("availableReplicas", "readyReplicas"),
        ("fullyLabeledReplicas", "replicas"),
    ];
    if kind.group() != "apps" || kind.replicas_path().is_none() {
        return Vec::new();
    }
    let number = |field: &str| {
        let number = object.pointer(&format!("/status/{field}"));
        number.and_then(Value::as_i64).unwrap_or_default()
    };
    let broken = PAIRS
        .iter()
        .filter(|(less, more)| number(less) > number(more));
    let faults = broken.map(|(less, more)| {
        let message = format!("cannot be greater than status.{more}");
        let fault = FieldFault::new(format!("status.{less}"), Sort::Invalid, message);
        fault.of(json!(number(less)))
    });
    faults.collect()
}

/// Nothing may hold an object that is to go anew.
fn new_finalizers(object: &Value, old: &Value) -> Vec<FieldFault> {
    if old.pointer("/metadata/deletionTimestamp").is_none() {
        return Vec::new();
    }
    let finalizers = |object: &Value| -> Vec<Value> {
        let list = object
            .pointer("/metadata/finalizers")
            .and_then(Value::as_array);
        list.cloned().unwrap_or_default()
    };
    let before = finalizers(old);
    let mut new: Vec<String> = finalizers(object)
        .iter()
        .filter(|name| !before.contains(name))
        .map(Value::to_string)
        .collect();
    new.sort();
    if new.is_empty() {
        return Vec::new();
    }
    let message = format!(
        "no new finalizers can be added if the object is being deleted, found new finalizers []string{{{}}}",
        new.join(", ")
    );
    vec![FieldFault::new(
        "metadata.finalizers",
        Sort::Forbidden,
        message,
    )]
}

fn immutable(kind: Kind<'_>, object: &Value, old: &Value) -> Vec<FieldFault> {
    let mut rules: Vec<_> = kind
        .immutable()
        .filter(|rule| !rule.path.starts_with("/metadata/"))
        // Of a Service's addresses the list is looked at: it begins with the one.
        .filter(|rule| kind.kind() != "Service" || rule.path != "/spec/clusterIP")
        .collect();
    rules.sort_by_key(|rule| rule.path != "/immutable");
    let mut faults = Vec::new();
    for rule in rules {
        let holds = match rule.when {
            When::Always => true,
            When::Set => old.pointer(rule.path).is_some_and(|value| !value.is_null()),
            When::True(flag) => old.pointer(flag) == Some(&Value::Bool(true)),
            When::Not(pointer, text) => {
                old.pointer(pointer).and_then(Value::as_str) != Some(text)
                    && object.pointer(pointer).and_then(Value::as_str) != Some(text)
            }
            // A sort of rule that is not known yet.
            _ => false,
        };
        let without = |object: &Value| {
            let mut part = object.clone();
            for except in rule.except {
                remove(&mut part, &except.split('/').skip(1).collect::<Vec<_>>());
            }
            part.pointer(rule.path).cloned().unwrap_or_default()
        };
        let (new, before) = (without(object), without(old));
        if !holds || is_let_go(kind, rule.path, object, old) || is_equal(&new, &before) {
            continue;
        }
        let fault = faults::of_change(kind, rule, new);
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }
    faults
}

/// What only one type of Service has may go with the type.
fn is_let_go(kind: Kind<'_>, path: &str, object: &Value, old: &Value) -> bool {
    let text = |object: &Value, pointer| object.pointer(pointer).cloned().unwrap_or_default();
    kind.kind() == "Service"
        && matches!(
            path,
            "/spec/healthCheckNodePort" | "/spec/loadBalancerClass"
        )
        && ["/spec/type", "/spec/externalTrafficPolicy"]
            .iter()
            .any(|field| text(object, field) != text(old, field))
}

fn remove(value: &mut Value, path: &[&str]) {
    match (path, value) {
        ([last], Value::Object(fields)) => {
            fields.remove(*last);
        }
        (["*", rest @ ..], Value::Array(items)) => {
            for item in items {
                remove(item, rest);
            }
        }
        ([first, rest @ ..], Value::Object(fields)) => {
            if let Some(inner) = fields.get_mut(*first) {
                remove(inner, rest);
            }
        }
        _ => {}
    }
}
