//! What does a server say of a broken rule? fed-schema says in its own words where and what is
//! wrong; here it becomes what a server says.

use fed_schema::rules::{Immutable, When};
use fed_schema::{Fault, Kind, Origin, Shape, Type, Violation};
use serde_json::{Value, json};

use super::forms;
use super::status::{FieldFault, Sort};
use super::words::{FROZEN, ORDERS, REQUIRED, Words};

/// What the server says of this.
pub(super) fn of(kind: Kind<'_>, object: &Value, violation: &Violation) -> Vec<FieldFault> {
    if selects_own(kind, object, &violation.path) {
        return Vec::new();
    }
    let faults = match &violation.fault {
        Fault::Missing { field } => missing(kind.root(), object, &violation.path, field),
        _ => broken(kind, object, violation),
    };
    let faults = faults.into_iter().filter(|fault| {
        // They are looked at apart.
        !fault.field.starts_with("metadata.finalizers")
    });
    faults.map(|fault| explained(kind, fault)).collect()
}

/// Is it the selector that the server gave to a Job?
fn selects_own(kind: Kind<'_>, object: &Value, path: &str) -> bool {
    let uid = object.pointer("/metadata/uid");
    let selected = object.pointer("/spec/selector/matchLabels/batch.kubernetes.io~1controller-uid");
    (kind.kind(), path) == ("Job", "/spec/selector") && uid.is_some() && selected == uid
}

/// The same fault with what the server adds to it.
fn explained(kind: Kind<'_>, fault: FieldFault) -> FieldFault {
    if fault.sort != Sort::Required || !fault.message.is_empty() {
        return fault;
    }
    if let Some(field) = fault.field.strip_prefix("metadata.ownerReferences[") {
        let field = field.split_once('.').map_or(field, |(_, field)| field);
        let message = match field {
            "apiVersion" => "version must not be empty",
            _ => "must not be empty",
        };
        let field = format!("metadata.ownerReferences.{field}");
        return FieldFault::new(field, Sort::Invalid, message).of(json!(""));
    }
    let is_it = |(of, ends, _): &&(&str, &str, &str)| {
        (*of == kind.kind() || of.is_empty()) && fault.field.ends_with(ends)
    };
    let message = REQUIRED.iter().find(is_it).map(|(.., message)| *message);
    FieldFault {
        message: message.unwrap_or_default().to_owned(),
        ..fault
    }
}

/// Names of finalizers: Kubernetes' own have no domain, all others of built-in kinds do.
pub(super) fn of_finalizers(kind: Kind<'_>, object: &Value) -> Vec<FieldFault> {
    const OWN: [&str; 3] = ["foregroundDeletion", "kubernetes", "orphan"];
    const ALONE: &str = "name is neither a standard finalizer name nor is it fully qualified";
    let names = object.get("metadata").and_then(|it| it.get("finalizers"));
    let names = names.and_then(Value::as_array);
    let names = || names.into_iter().flatten().filter_map(Value::as_str);
    let fault = |field: String, name: &str, message: String| {
        FieldFault::new(field, Sort::Invalid, message).of(json!(name))
    };
    let mut faults = Vec::new();
    for name in names() {
        let told = forms::key(name).into_iter();
        faults.extend(told.map(|message| fault("metadata.finalizers".to_owned(), name, message)));
    }
    for (index, name) in names().enumerate() {
        let is_alone = !name.contains('/') && !OWN.contains(&name);
        if is_alone && kind.origin() == Origin::Builtin {
            let field = format!("metadata.finalizers[{index}]");
            faults.push(fault(field, name, ALONE.to_owned()));
        }
    }
    faults
}

/// An Event stands where the object is that it tells of.
pub(super) fn of_event(kind: Kind<'_>, object: &Value) -> Option<FieldFault> {
    if (kind.group(), kind.kind()) != ("", "Event") {
        return None;
    }
    let text = |pointer| {
        object
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let (own, other) = (
        text("/metadata/namespace"),
        text("/involvedObject/namespace"),
    );
    let is_elsewhere = match other {
        "" => own != "default",
        other => other != own,
    };
    is_elsewhere.then(|| {
        let message = "does not match event.namespace";
        FieldFault::new("involvedObject.namespace", Sort::Invalid, message).of(json!(other))
    })
}

/// What the server says of a change that is none of those that there may be.
pub(super) fn of_change(kind: Kind<'_>, rule: &Immutable, new: Value) -> FieldFault {
    let field = dotted(kind.root(), rule.path);
    let is_it = |(of, begins, ..): &&(&str, &str, &str, &str)| {
        *of == kind.kind() && field.starts_with(begins)
    };
    if let Some((.., told, message)) = FROZEN.iter().find(is_it) {
        return FieldFault::new(*told, Sort::Forbidden, *message);
    }
    if matches!(rule.when, When::True(_)) {
        let message = "field is immutable when `immutable` is set";
        return FieldFault::new(field, Sort::Forbidden, message);
    }
    if field == "roleRef" {
        // The server tells it as its own type has it.
        let text = |pointer| new.pointer(pointer).cloned().unwrap_or_default();
        let named =
            json!({"APIGroup": text("/apiGroup"), "Kind": text("/kind"), "Name": text("/name")});
        return FieldFault::new(field, Sort::Invalid, "cannot change roleRef").of(named);
    }
    FieldFault::new(field, Sort::Invalid, "field is immutable").of(new)
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
fn missing(root: Type<'_>, object: &Value, above: &str, field: &str) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    let owner = root.at(above);
    let is_workload = owner
        .and_then(Type::definition)
        .is_some_and(|name| name.starts_with("io.k8s.api.apps."));
    let before = faults.len();
    let pointer = format!("{above}/{field}");
    if let Some(of) = owner.and_then(|owner| owner.field(field)) {
        needed(root, of, &pointer, &mut faults);
    }
    let is_told = owner.and_then(Type::definition) != Some("io.k8s.api.apps.v1.DaemonSetSpec");
    if faults.len() == before && (field != "selector" || is_told) {
        faults.push(FieldFault::new(dotted(root, &pointer), Sort::Required, ""));
    }
    if is_workload && matches!(field, "selector" | "template") {
        let message = "`selector` does not match template `labels`";
        let fault = FieldFault::new("spec.template.metadata.labels", Sort::Invalid, message);
        let labels = object.pointer("/spec/template/metadata/labels").cloned();
        let place = if field == "template" {
            before
        } else {
            faults.len()
        };
        faults.insert(place, fault.of(labels.unwrap_or_default()));
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

fn broken(kind: Kind<'_>, object: &Value, violation: &Violation) -> Vec<FieldFault> {
    let value = object.pointer(&violation.path).cloned();
    let field = dotted(kind.root(), &violation.path);
    let fault = match &violation.fault {
        Fault::NotAllowed { allowed } => {
            let message = format!("supported values: {}", quoted(&in_order(allowed)));
            FieldFault::new(field, Sort::NotSupported, message)
        }
        Fault::WrongType { wanted, .. } => {
            FieldFault::new(field, Sort::Invalid, format!("must be {wanted}"))
        }
        Fault::Rule { message, .. } => return of_rule(kind, object, &violation.path, message),
        _ => return vec![FieldFault::new(field, Sort::Invalid, "is not valid")],
    };
    vec![fault.of(value.unwrap_or_default())]
}

fn quoted(values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|one| format!("{one:?}")).collect();
    values.join(", ")
}

/// Some lists of values stand in another order than that of the alphabet.
fn in_order(allowed: &[String]) -> Vec<String> {
    let is_it = |order: &&&[&str]| {
        order.len() == allowed.len() && order.iter().all(|one| allowed.iter().any(|two| one == two))
    };
    let order = ORDERS.iter().find(is_it);
    let order = order.map(|order| order.iter().map(|one| (*one).to_owned()).collect());
    order.unwrap_or_else(|| allowed.to_vec())
}

/// What the server says of a rule that no schema holds.
fn of_rule(kind: Kind<'_>, object: &Value, path: &str, message: &str) -> Vec<FieldFault> {
    let value = object.pointer(path).cloned();
    let mut field = dotted(kind.root(), path);
    // Labels and annotations are told of as a whole.
    if let Some(at) = field.find("labels[").or_else(|| field.find("annotations[")) {
        field.truncate(at + field.get(at..).and_then(|rest| rest.find('[')).unwrap_or(0));
    }
    if message.starts_with("must not be empty: name labels") && field == "spec.selector" {
        let what = match kind.kind() {
            "DaemonSet" => "daemonset",
            "StatefulSet" => "statefulset",
            _ => "deployment",
        };
        let message = format!("empty selector is invalid for {what}");
        let fault = FieldFault::new(field, Sort::Invalid, message);
        return vec![fault.of(value.unwrap_or_default())];
    }
    if kind.kind() == "PriorityClass" && field == "value" {
        let message = "maximum allowed value of a user defined priority is 1000000000";
        return vec![FieldFault::new(field, Sort::Forbidden, message)];
    }
    if let Some(faults) = of_special(object, path, message, &field) {
        return faults;
    }
    // A bad key is told itself.
    let key = message.starts_with("the key").then(|| last(path));
    let text = key.as_deref().or(value.as_ref().and_then(Value::as_str));
    if let Some(told) = text.and_then(|text| forms::told(message, text)) {
        let fault = |message: String| {
            FieldFault::new(field.clone(), Sort::Invalid, message).of(json!(text))
        };
        return told.into_iter().map(fault).collect();
    }
    let known = Words::of(message, &field);
    let (sort, words) = known.map_or((Sort::Invalid, message), |words| {
        field.truncate(field.len() - words.above.len());
        (words.sort, words.message)
    });
    let words = if words.starts_with("must be between ") {
        format!("{words}, inclusive")
    } else {
        words.to_owned()
    };
    let field = first_of_pair(path, message, field);
    let key = key.map(Value::from);
    vec![FieldFault::new(field, sort, words).of(key.or(value).unwrap_or_default())]
}

/// What is told of another place, or of another value, than fed-schema tells it of.
fn of_special(object: &Value, path: &str, message: &str, field: &str) -> Option<Vec<FieldFault>> {
    let value = object.pointer(path).cloned().unwrap_or_default();
    if let Some(rest) = message.strip_prefix("must have the key ") {
        let keys = rest.split(", as").next().unwrap_or_default().split(" or ");
        let fault = |key| FieldFault::new(format!("data[{key}]"), Sort::Required, "");
        return Some(keys.map(fault).collect());
    }
    let one = |field: String, sort, message: String, value| {
        Some(vec![FieldFault::new(field, sort, message).of(value)])
    };
    let (above, name) = path.rsplit_once('/').unwrap_or_default();
    match message {
        _ if message.starts_with("is more than the limit") => {
            let resource = last(path);
            let limits = above.rsplit_once('/').map_or("", |(above, _)| above);
            let limit = object.pointer(&format!("{limits}/limits/{name}"));
            let limit = limit.and_then(Value::as_str).unwrap_or_default();
            let field = field
                .strip_suffix(&format!("[{resource}]"))
                .unwrap_or(field);
            let message = format!("must be less than or equal to {resource} limit of {limit}");
            one(field.to_owned(), Sort::Invalid, message, value)
        }
        _ if message.starts_with("stands in data as well") => {
            let key = last(path);
            let message = "duplicate of key present in binaryData".to_owned();
            one(format!("data[{key}]"), Sort::Invalid, message, json!(key))
        }
        _ if field == "spec.clusterIP" && message.starts_with("must be") => {
            let message = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
            let field = "spec.clusterIPs[0]".to_owned();
            one(field, Sort::Invalid, message.to_owned(), value)
        }
        "must be between 1 and 65535" if name == "containerPort" && value == 0 => {
            one(field.to_owned(), Sort::Required, String::new(), value)
        }
        // The target that is not said is the port itself.
        "must be between 1 and 65535" if field.starts_with("spec.ports[") && name == "port" => {
            let message = format!("{message}, inclusive");
            let target = object.pointer(&format!("{above}/targetPort"));
            let above = field.strip_suffix("port").unwrap_or(field);
            let fields = [field.to_owned(), format!("{above}targetPort")];
            let told = if target == Some(&value) { 2 } else { 1 };
            let fault = |field| FieldFault::new(field, Sort::Invalid, &message).of(value.clone());
            Some(fields.into_iter().take(told).map(fault).collect())
        }
        // They are told of all that is asked for.
        _ if field == "spec.resources.requests[storage]"
            && message.starts_with("must be there") =>
        {
            let field = "spec.resources[storage]".to_owned();
            one(field, Sort::Required, String::new(), value)
        }
        _ if field.ends_with("schedule") => {
            let text = value.as_str().unwrap_or_default();
            let words: Vec<_> = text.split_whitespace().collect();
            let is_counted = !matches!(words.len(), 0 | 5) && !text.starts_with('@');
            let message = is_counted.then(|| {
                let (count, words) = (words.len(), words.join(" "));
                format!("expected exactly 5 fields, found {count}: [{words}]")
            })?;
            one(field.to_owned(), Sort::Invalid, message, value)
        }
        _ if message.starts_with("cannot stand beside value") => {
            let message = "may not be specified when `value` is not empty".to_owned();
            one(field.to_owned(), Sort::Invalid, message, json!(""))
        }
        _ if message.starts_with("must have rules or a defaultBackend") => {
            let message = "either `defaultBackend` or `rules` must be specified".to_owned();
            one(field.to_owned(), Sort::Invalid, message, Value::Null)
        }
        _ => None,
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
