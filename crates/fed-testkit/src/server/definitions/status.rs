//! What does the status of a definition say? Which of its names are accepted, whether it is
//! established or goes, and in which versions its objects may be held.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::server::write::{fields, metadata, text};

/// The finalizer of a definition whose objects have to go first.
pub(in crate::server) const CLEANUP: &str = "customresourcecleanup.apiextensions.k8s.io";

pub(in crate::server) fn short_names(names: &Value) -> impl Iterator<Item = String> {
    let all = names.get("shortNames").and_then(Value::as_array);
    let all = all.into_iter().flatten().filter_map(Value::as_str);
    all.map(str::to_owned)
}

/// Accepts the names of a definition that nobody else has, and establishes it if these are all.
pub(in crate::server) fn accept(definition: &mut Value, taken: &[BTreeSet<String>; 2], now: &str) {
    let wanted = definition
        .pointer("/spec/names")
        .cloned()
        .unwrap_or_default();
    let held = definition.pointer("/status/acceptedNames").cloned();
    let mut names = held.unwrap_or_else(|| json!({}));
    let [resources, kinds] = taken;
    let checks = [
        ("plural", resources, "PluralConflict"),
        ("singular", resources, "SingularConflict"),
        ("shortNames", resources, "ShortNamesConflict"),
        ("kind", kinds, "KindConflict"),
        ("listKind", kinds, "ListKindConflict"),
    ];
    let mut conflict = None;
    for (field, taken, reason) in checks {
        let names_of = |names: &Value| -> Vec<String> {
            let one = text(names, &format!("/{field}"));
            let one = (!one.is_empty()).then(|| one.to_owned());
            let several = (field == "shortNames").then(|| short_names(names));
            one.into_iter()
                .chain(several.into_iter().flatten())
                .collect()
        };
        let before = names_of(&names);
        let is_free = |name: &&String| before.contains(name) || !taken.contains(*name);
        let all = names_of(&wanted);
        let clashes: Vec<&String> = all.iter().filter(|name| !is_free(name)).collect();
        if clashes.is_empty() {
            match wanted.get(field) {
                Some(value) => fields(&mut names).insert(field.to_owned(), value.clone()),
                None => fields(&mut names).remove(field),
            };
        } else {
            let clashes = clashes
                .iter()
                .map(|name| format!("{name:?} is already in use"));
            let message = match &clashes.collect::<Vec<_>>()[..] {
                [one] => one.clone(),
                several => format!("[{}]", several.join(", ")),
            };
            conflict = Some((reason, message));
        }
    }
    match wanted.get("categories") {
        Some(value) => fields(&mut names).insert("categories".to_owned(), value.clone()),
        None => fields(&mut names).remove("categories"),
    };
    let status = fields(fields(definition).entry("status").or_insert(Value::Null));
    status.insert("acceptedNames".to_owned(), names);
    if status.get("conditions").is_none_or(Value::is_null) {
        status.insert("conditions".to_owned(), json!([]));
    }
    let said = match &conflict {
        Some((reason, message)) => ["NamesAccepted", "False", *reason, message.as_str()],
        None => ["NamesAccepted", "True", "NoConflicts", "no conflicts found"],
    };
    set(definition, now, said);
    if is_true(definition, "Established") {
        return;
    }
    let said = if conflict.is_some() {
        [
            "Established",
            "False",
            "NotAccepted",
            "not all names are accepted",
        ]
    } else {
        let message = "the initial names have been accepted";
        ["Established", "True", "InitialNamesAccepted", message]
    };
    set(definition, now, said);
}

/// What the status of a definition is before anything else happens: the versions in which objects
/// are stored.
pub(in crate::server) fn first_status(object: &mut Value) {
    let stored = stored_version(object);
    let status = json!({
        "acceptedNames": {"kind": "", "plural": ""}, "conditions": null, "storedVersions": stored,
    });
    fields(object).insert("status".to_owned(), status);
}

/// The version in which objects are stored.
pub(in crate::server) fn stored_version(definition: &Value) -> Vec<Value> {
    let versions = definition.pointer("/spec/versions");
    let versions = versions.and_then(Value::as_array).into_iter().flatten();
    let stored = versions.filter(|one| one.get("storage") == Some(&Value::Bool(true)));
    stored.filter_map(|one| one.get("name").cloned()).collect()
}

/// Notes the version in which objects are stored from now on.
pub(in crate::server) fn note_stored_version(object: &mut Value) {
    let stored = stored_version(object);
    let status = fields(fields(object).entry("status").or_insert(Value::Null));
    let noted = status.entry("storedVersions").or_insert_with(|| json!([]));
    let Some(noted) = noted.as_array_mut() else {
        return;
    };
    for version in stored {
        if !noted.contains(&version) {
            noted.push(version);
        }
    }
}

pub(in crate::server) fn is_true(definition: &Value, condition: &str) -> bool {
    let conditions = definition.pointer("/status/conditions");
    let conditions = conditions.and_then(Value::as_array).into_iter().flatten();
    let mut named = conditions.filter(|one| text(one, "/type") == condition);
    named.any(|one| text(one, "/status") == "True")
}

/// Marks a definition as one that goes.
pub(in crate::server) fn terminate(definition: &mut Value, now: &str) {
    let metadata = metadata(definition);
    metadata.insert("deletionTimestamp".to_owned(), now.into());
    let finalizers = metadata.entry("finalizers").or_insert_with(|| json!([]));
    if let Some(finalizers) = finalizers.as_array_mut()
        && !finalizers.iter().any(|one| one == CLEANUP)
    {
        finalizers.push(CLEANUP.into());
    }
    let message =
        "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon";
    set(
        definition,
        now,
        ["Terminating", "True", "InstanceDeletionPending", message],
    );
}

/// Sets a condition: its type, status, reason and message.
pub(in crate::server) fn set(definition: &mut Value, now: &str, said: [&str; 4]) {
    let [sort, status, reason, message] = said;
    let all = fields(fields(definition).entry("status").or_insert(Value::Null));
    let conditions = all.entry("conditions").or_insert_with(|| json!([]));
    let Some(conditions) = conditions.as_array_mut() else {
        return;
    };
    let mut condition = json!({
        "lastTransitionTime": now, "message": message, "reason": reason, "status": status,
        "type": sort,
    });
    match conditions.iter_mut().find(|one| text(one, "/type") == sort) {
        Some(held) => {
            if text(held, "/status") == status {
                let since = held.get("lastTransitionTime").cloned().unwrap_or_default();
                fields(&mut condition).insert("lastTransitionTime".to_owned(), since);
            }
            *held = condition;
        }
        None => conditions.push(condition),
    }
}
