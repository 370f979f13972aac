//! What becomes of CustomResourceDefinitions? Their kinds are served, unless names are taken, and
//! go with all of their objects.

use std::collections::BTreeSet;

use fed_schema::{Origin, Schemas};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Call, metadata, not_yet, text};
use crate::server::access::{Credentials, User};
use crate::server::definitions::status::{
    CLEANUP, accept, first_status, is_true, note_stored_version, set, short_names, stored_version,
};
use crate::server::request::Request;
use crate::server::status::{FieldFault, Refusal, Sort};
use crate::server::store::{Key, Stored};
use crate::server::target::{Resource, path};
use crate::server::{Server, rules};

/// The kind of definitions.
pub(super) const DEFINITION: &str = "CustomResourceDefinition";
const GROUP: &str = "apiextensions.k8s.io";

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

fn definitions() -> Resource {
    Resource {
        group: GROUP.to_owned(),
        plural: "customresourcedefinitions".to_owned(),
    }
}
