//! What becomes of CustomResourceDefinitions? Their kinds are served, unless names are taken, and
//! go with all of their objects.

use std::collections::BTreeSet;

use fed_schema::{Origin, Schemas};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Call, fields, metadata, not_yet, text};
use crate::server::access::{Credentials, User};
use crate::server::request::Request;
use crate::server::status::{FieldFault, Refusal, Sort};
use crate::server::store::{Key, Stored};
use crate::server::target::{Resource, path};
use crate::server::{Server, rules};

/// The kind of definitions.
pub(super) const DEFINITION: &str = "CustomResourceDefinition";
const GROUP: &str = "apiextensions.k8s.io";
const CLEANUP: &str = "customresourcecleanup.apiextensions.k8s.io";

impl Server {
    /// Looks whether a definition may be held: its kinds must be such as can be served.
    pub(super) fn learn(
        &mut self,
        call: &Call<'_>,
        object: &mut Value,
        is_new: bool,
    ) -> Result<(), Refusal> {
        if call.target.kind.kind() != DEFINITION {
            return Ok(());
        }
        if is_new {
            first_status(object);
        } else if call.target.subresource.is_empty() {
            note_stored_version(object);
        }
        check_stored_versions(object)?;
        check_expressions(object)?;
        if let Err(error) = Schemas::builtin().with_crd(object) {
            let fault = FieldFault::new("spec", Sort::Invalid, error.to_string());
            let name = text(object, "/metadata/name");
            return Err(Refusal::invalid(GROUP, DEFINITION, name, &[fault]));
        }
        if !call.dry_run {
            self.unsettled
                .insert(text(object, "/metadata/name").to_owned());
        }
        Ok(())
    }

    /// The kinds of a definition that is gone are served no more.
    pub(super) fn forget(&mut self, call: &Call<'_>) {
        if call.target.kind.kind() == DEFINITION {
            self.unsettled.insert(call.target.name.clone());
        }
    }

    /// May something new be made of a kind whose definition goes?
    pub(super) fn check_definition(&self, call: &Call<'_>, name: &str) -> Result<(), Refusal> {
        let kind = call.target.kind;
        if kind.origin() == Origin::Builtin {
            return Ok(());
        }
        let key = key(&format!("{}.{}", kind.plural(), kind.group()));
        if self.store.get(&key).is_some_and(Stored::is_going) {
            let why = "create not allowed while custom resource definition is terminating";
            return Err(Refusal::forbidden(&call.target.resource, name, why));
        }
        Ok(())
    }

    /// Does what kube-apiserver does after an answer: accepts the names of definitions, serves their
    /// kinds, and ends those that were deleted.
    pub(in crate::server) fn settle_definitions(&mut self, now: Timestamp) {
        while let Some(name) = self.unsettled.pop_first() {
            let Some(definition) = self.definition(&name) else {
                self.serve_all();
                // Names that were taken may be free.
                let resource = definitions();
                let others = self.store.all(&resource);
                let waiting = others.filter(|one| !is_true(&one.object(), "Established"));
                let waiting: Vec<String> = waiting.map(|one| one.name().to_owned()).collect();
                self.unsettled.extend(waiting);
                continue;
            };
            if !text(&definition, "/metadata/deletionTimestamp").is_empty() {
                if !self.end(&name, definition, now) {
                    self.ending.insert(name);
                }
                continue;
            }
            let mut accepted = definition.clone();
            let at = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
            accept(&mut accepted, &self.taken(&definition), &at);
            if accepted != definition {
                self.write_status(&name, &accepted, now);
            }
            if is_true(&accepted, "Established") {
                let known = self.schemas.with_crd(&accepted);
                self.schemas = known.unwrap_or_else(|_| self.schemas.clone());
                self.note_held_version(&accepted);
            }
        }
        self.unsettled.append(&mut self.ending);
    }

    fn definition(&self, name: &str) -> Option<Value> {
        self.store.get(&key(name)).map(Stored::object)
    }

    fn write_status(&mut self, name: &str, definition: &Value, now: Timestamp) {
        let path = format!("/apis/{GROUP}/v1/customresourcedefinitions/{name}/status");
        self.ask_itself("PUT", &path, definition, now);
        self.unsettled.remove(name);
    }

    fn ask_itself(&mut self, method: &str, path: &str, body: &Value, now: Timestamp) {
        let mut request = Request::new(method, path)
            .with_json("application/json", body)
            .by(Credentials::User(User::admin()));
        "kube-apiserver".clone_into(&mut request.user_agent);
        self.answer_request(&request, now);
    }

    /// The names that other definitions of the group hold: of resources, and of kinds.
    fn taken(&self, definition: &Value) -> [BTreeSet<String>; 2] {
        let (name, group) = (
            text(definition, "/metadata/name"),
            text(definition, "/spec/group"),
        );
        let mut taken = [BTreeSet::new(), BTreeSet::new()];
        let resource = definitions();
        let others = self.store.all(&resource);
        let others = others.filter(|one| one.name() != name);
        for other in others.map(Stored::object) {
            if text(&other, "/spec/group") != group {
                continue;
            }
            let names = other.pointer("/status/acceptedNames");
            let names = names.unwrap_or(&Value::Null);
            let [resources, kinds] = &mut taken;
            for field in ["/plural", "/singular"] {
                resources.insert(text(names, field).to_owned());
            }
            resources.extend(short_names(names));
            for field in ["/kind", "/listKind"] {
                kinds.insert(text(names, field).to_owned());
            }
        }
        taken
    }

    /// Deletes the objects of a definition that goes, and then itself. Is it gone?
    fn end(&mut self, name: &str, mut definition: Value, now: Timestamp) -> bool {
        let finalizers = definition.pointer("/metadata/finalizers");
        let finalizers = finalizers.and_then(Value::as_array);
        let mut others = finalizers.cloned().unwrap_or_default();
        if !others.iter().any(|one| one == CLEANUP) {
            return true;
        }
        if is_true(&definition, "Established") && !self.delete_instances(&definition, now) {
            let message = "CustomResource deletion is in progress";
            let said = ["Terminating", "True", "InstanceDeletionInProgress", message];
            let at = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
            let before = definition.clone();
            set(&mut definition, &at, said);
            if definition != before {
                self.write_status(name, &definition, now);
            }
            return false;
        }
        others.retain(|one| one != CLEANUP);
        if others.is_empty() {
            self.store.remove(&key(name), definition);
            self.unsettled.insert(name.to_owned());
        } else {
            metadata(&mut definition).insert("finalizers".to_owned(), Value::Array(others));
            self.store.put(&key(name), definition);
        }
        true
    }

    /// Deletes the objects of a definition. Are all of them gone?
    fn delete_instances(&mut self, definition: &Value, now: Timestamp) -> bool {
        let resource = Resource {
            group: text(definition, "/spec/group").to_owned(),
            plural: text(definition, "/spec/names/plural").to_owned(),
        };
        let schemas = self.schemas.clone();
        let Some(kind) = schemas.resource(&resource.group, &resource.plural) else {
            return true;
        };
        let instances = self.store.all(&resource).filter(|one| !one.is_going());
        let paths = instances.map(|one| path(kind, one.namespace(), one.name()));
        for path in paths.collect::<Vec<_>>() {
            self.ask_itself("DELETE", &path, &json!({}), now);
        }
        self.store.all(&resource).next().is_none()
    }

    /// Serves the kinds of the definitions that are established.
    fn serve_all(&mut self) {
        let resource = definitions();
        let definitions = self.store.all(&resource).map(Stored::object);
        let established = definitions.filter(|one| is_true(one, "Established"));
        self.schemas = established.fold(Schemas::builtin(), |known, definition| {
            known.with_crd(&definition).unwrap_or(known)
        });
    }

    fn note_held_version(&mut self, definition: &Value) {
        let versions = definition
            .pointer("/spec/versions")
            .and_then(Value::as_array);
        let resource = Resource {
            group: text(definition, "/spec/group").to_owned(),
            plural: text(definition, "/spec/names/plural").to_owned(),
        };
        let held = stored_version(definition).into_iter().next();
        let held = held.and_then(|name| name.as_str().map(str::to_owned));
        match held.filter(|_| versions.is_some_and(|versions| versions.len() > 1)) {
            Some(version) => self.held_versions.insert(resource, version),
            None => self.held_versions.remove(&resource),
        };
    }
}

fn key(name: &str) -> Key {
    Key {
        resource: definitions(),
        namespace: String::new(),
        name: name.to_owned(),
    }
}

fn short_names(names: &Value) -> impl Iterator<Item = String> {
    let all = names.get("shortNames").and_then(Value::as_array);
    let all = all.into_iter().flatten().filter_map(Value::as_str);
    all.map(str::to_owned)
}

/// Accepts the names of a definition that nobody else has, and establishes it if these are all.
fn accept(definition: &mut Value, taken: &[BTreeSet<String>; 2], now: &str) {
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
fn first_status(object: &mut Value) {
    let stored = stored_version(object);
    let status = json!({
        "acceptedNames": {"kind": "", "plural": ""}, "conditions": null, "storedVersions": stored,
    });
    fields(object).insert("status".to_owned(), status);
}

/// The version in which objects are stored.
fn stored_version(definition: &Value) -> Vec<Value> {
    let versions = definition.pointer("/spec/versions");
    let versions = versions.and_then(Value::as_array).into_iter().flatten();
    let stored = versions.filter(|one| one.get("storage") == Some(&Value::Bool(true)));
    stored.filter_map(|one| one.get("name").cloned()).collect()
}

/// Rules that cannot be read here would be kept or broken wrongly.
fn check_expressions(definition: &Value) -> Result<(), Refusal> {
    let versions = definition
        .pointer("/spec/versions")
        .and_then(Value::as_array);
    let mut versions = versions.into_iter().flatten();
    let unknown = versions.find_map(|version| {
        let schema = version.pointer("/schema/openAPIV3Schema")?;
        rules::unreadable(schema)
    });
    match unknown {
        Some(what) => Err(not_yet(&what)),
        None => Ok(()),
    }
}

/// A version in which objects may still be held must stay.
fn check_stored_versions(definition: &Value) -> Result<(), Refusal> {
    let list = |pointer: &str| {
        let list = definition.pointer(pointer).and_then(Value::as_array);
        list.into_iter().flatten()
    };
    let is_known = |name: &Value| {
        let mut versions = list("/spec/versions");
        versions.any(|version| version.get("name") == Some(name))
    };
    let mut faults = Vec::new();
    for (place, name) in list("/status/storedVersions").enumerate() {
        if let Some(text) = name.as_str().filter(|_| !is_known(name)) {
            let message = format!(
                "missing from spec.versions; {text} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in {text} and removes {text} from status.storedVersions"
            );
            let field = format!("status.storedVersions[{place}]");
            faults.push(FieldFault::new(field, Sort::Invalid, message).of(name.clone()));
        }
    }
    let name = text(definition, "/metadata/name");
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Refusal::invalid(GROUP, DEFINITION, name, &faults))
    }
}

/// Notes the version in which objects are stored from now on.
fn note_stored_version(object: &mut Value) {
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

fn definitions() -> Resource {
    Resource {
        group: GROUP.to_owned(),
        plural: "customresourcedefinitions".to_owned(),
    }
}

fn is_true(definition: &Value, condition: &str) -> bool {
    let conditions = definition.pointer("/status/conditions");
    let conditions = conditions.and_then(Value::as_array).into_iter().flatten();
    let mut named = conditions.filter(|one| text(one, "/type") == condition);
    named.any(|one| text(one, "/status") == "True")
}

/// Marks a definition as one that goes.
pub(super) fn terminate(definition: &mut Value, now: &str) {
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
fn set(definition: &mut Value, now: &str, said: [&str; 4]) {
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
