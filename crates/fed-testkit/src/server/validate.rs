//! Would a server take this object? What fed-schema says of it, in the server's words; what cannot
//! be changed; what metadata must be.

use fed_schema::rules::When;
use fed_schema::{Fault, Kind, Origin, Schemas, Shape, Type, Violation};
use serde_json::{Value, json};

use super::fields::is_equal;
use super::status::{FieldFault, Sort};
use super::store::Store;
use super::words::Words;
use super::{custom, definitions, strategy};

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
    let faults = grave.flat_map(|violation| match &violation.fault {
        Fault::Missing { field } => missing(kind.root(), &violation.path, field),
        _ => vec![fault(kind.root(), object, violation)],
    });
    faults.collect()
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
        let field = dotted(kind.root(), rule.path);
        faults.push(if !rule.except.is_empty() {
            let what = kind.kind().to_lowercase();
            let message = format!("updates to {what} {field} for fields other than those that may change are forbidden");
            FieldFault::new(field, Sort::Forbidden, message)
        } else if matches!(rule.when, When::True(_)) {
            FieldFault::new(field, Sort::Forbidden, "field is immutable when `immutable` is set")
        } else {
            FieldFault::new(field, Sort::Invalid, "field is immutable").of(new)
        });
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

/// A JSON Pointer as the server writes fields: `spec.ports[0].name`, `data[bad key]`.
pub(super) fn dotted(root: Type<'_>, pointer: &str) -> String {
    let mut here = Some(root);
    let mut path = String::new();
    for segment in pointer.split('/').skip(1) {
        let name = segment.replace("~1", "/").replace("~0", "~");
        let (open, close) = match here.map(Type::shape) {
            Some(Shape::List | Shape::Map) => ("[", "]"),
            _ if path.is_empty() => ("", ""),
            _ => (".", ""),
        };
        path.extend([open, &name, close]);
        here = here.and_then(|of| of.child(&name));
    }
    path
}

/// What is missing: a field, or of a struct, which is always there, the fields that it must have.
fn missing(root: Type<'_>, above: &str, field: &str) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    let owner = root.at(above);
    let is_workload = owner
        .and_then(Type::definition)
        .is_some_and(|name| name.starts_with("io.k8s.api.apps."));
    if is_workload && field == "template" {
        let message = "`selector` does not match template `labels`";
        let fault = FieldFault::new("spec.template.metadata.labels", Sort::Invalid, message);
        faults.push(fault.of(Value::Null));
    }
    let before = faults.len();
    let pointer = format!("{above}/{field}");
    if let Some(of) = owner.and_then(|owner| owner.field(field)) {
        needed(root, of, &pointer, &mut faults);
    }
    if faults.len() == before {
        faults.push(FieldFault::new(dotted(root, &pointer), Sort::Required, ""));
    }
    faults
}

fn needed(root: Type<'_>, of: Type<'_>, pointer: &str, faults: &mut Vec<FieldFault>) {
    let is_struct = |of: Type<'_>| {
        of.shape() == Shape::Object && of.default().is_some_and(|value| *value == json!({}))
    };
    if !is_struct(of) {
        return;
    }
    for (name, field) in of.fields() {
        let place = format!("{pointer}/{name}");
        if is_struct(field) {
            needed(root, field, &place, faults);
        } else if of.requires(name) {
            faults.push(FieldFault::new(dotted(root, &place), Sort::Required, ""));
        }
    }
}

fn fault(root: Type<'_>, object: &Value, violation: &Violation) -> FieldFault {
    let value = object.pointer(&violation.path).cloned();
    let mut field = dotted(root, &violation.path);
    match &violation.fault {
        Fault::NotAllowed { allowed } => {
            let allowed: Vec<String> = allowed.iter().map(|one| format!("{one:?}")).collect();
            let message = format!("supported values: {}", allowed.join(", "));
            FieldFault::new(field, Sort::NotSupported, message).of(value.unwrap_or_default())
        }
        Fault::WrongType { wanted, .. } => {
            FieldFault::new(field, Sort::Invalid, format!("must be {wanted}"))
                .of(value.unwrap_or_default())
        }
        Fault::Rule { message, .. } => {
            // Labels and annotations are told of as a whole.
            if let Some(at) = field.find("labels[").or_else(|| field.find("annotations[")) {
                field.truncate(at + field.get(at..).and_then(|rest| rest.find('[')).unwrap_or(0));
            }
            let known = Words::of(message, &field);
            let (sort, words) = known.map_or((Sort::Invalid, message.as_str()), |words| {
                field.truncate(field.len() - words.above.len());
                (words.sort, words.message)
            });
            let field = first_of_pair(&violation.path, message, field);
            // A bad key is told itself.
            let key = message
                .starts_with("the key")
                .then(|| last(&violation.path).into());
            FieldFault::new(field, sort, words).of(key.or(value).unwrap_or_default())
        }
        _ => FieldFault::new(field, Sort::Invalid, "is not valid"),
    }
}

fn last(pointer: &str) -> String {
    let segment = pointer.rsplit('/').next().unwrap_or_default();
    segment.replace("~1", "/").replace("~0", "~")
}

/// Of two volume sources a server tells the one that it knows later: an empty directory is the
/// second that it knows.
fn first_of_pair(pointer: &str, message: &str, field: String) -> String {
    const EARLY: [&str; 2] = ["hostPath", "emptyDir"];
    let other = message
        .strip_prefix("cannot stand beside ")
        .and_then(|rest| rest.split(':').next());
    match other {
        Some(other) if EARLY.contains(&last(pointer).as_str()) => {
            let above = field.rsplit_once('.').map_or("", |(above, _)| above);
            format!("{above}.{other}")
        }
        _ => field,
    }
}
