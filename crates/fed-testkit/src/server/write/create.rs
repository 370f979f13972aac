//! What becomes of an object that is new?

use fed_schema::rules::{Stage, defaults_of};
use fed_schema::{Kind, Origin, apply_rules};
use serde_json::{Value, json};

use super::admit;
use super::read::{self, check_name};
use super::track::track;
use super::{Call, fields, metadata, text};
use crate::server::answer::{Answer, Body};
use crate::server::shape::{as_go_writes, as_stored, write_times};
use crate::server::status::{Cause, Refusal};
use crate::server::store::Key;
use crate::server::target::Resource;
use crate::server::{Server, convert, service, strategy, validate};

/// So much of a prefix is taken for a name.
const LONGEST_PREFIX: usize = 58;

impl Server {
    pub(super) fn create(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let mut draft = read::object(call)?;
        check_name(call, &mut draft.object)?;
        self.check_namespace(call, &draft.object)?;
        track(call, None, &mut draft.object);
        let created = self.create_object(call, draft.object)?;
        Ok(Answer::of(201, created).warning(draft.warnings))
    }

    /// Holds an object whose managers are written down already.
    pub(super) fn create_object(
        &mut self,
        call: &Call<'_>,
        mut object: Value,
    ) -> Result<Body, Refusal> {
        let kind = call.target.kind;
        self.check_escalation(call, &object, None)?;
        let version = text(&object, "/metadata/resourceVersion").parse::<u64>();
        let has_version = version.is_ok_and(|version| version > 0);
        self.give_metadata(call, &mut object);
        // Written down by this server: there is nothing to look at.
        let managers = metadata(&mut object).remove("managedFields");
        if strategy::has_status(kind)
            && let Some(fields) = object.as_object_mut()
        {
            fields.remove("status");
        }
        if kind.origin() == Origin::Builtin && changes_when_created(kind) {
            // An admission plugin's doing belongs to nobody, as the rest of this.
            apply_rules(call.schemas, &mut object, |rule| {
                rule.stage != Stage::Reading
            });
            as_go_writes(kind, &mut object);
            apply_rules(call.schemas, &mut object, |rule| {
                rule.stage == Stage::Reading
            });
            write_times(kind, &mut object);
        }
        self.give_priority(call, &mut object)?;
        convert::count_templates(kind, &mut object, None);
        if (kind.group(), kind.kind()) == ("", "PersistentVolume") {
            let status = fields(fields(&mut object).entry("status").or_insert(Value::Null));
            status.insert(
                "lastPhaseTransitionTime".to_owned(),
                call.now.clone().into(),
            );
        }
        as_stored(kind, &mut object);
        service::allocate(&mut self.random, &self.store, kind, &mut object, None);
        let name = text(&object, "/metadata/name").to_owned();
        let mut faults = validate::created(call.schemas, &self.store, kind, &object);
        if faults.is_empty() {
            faults = service::refused(&self.store, kind, &object);
        }
        if !faults.is_empty() {
            return Err(Refusal::invalid(kind.group(), kind.kind(), &name, &faults));
        }
        admit::select_own(call, &mut object);
        if has_version && call.request.method == "POST" && !call.dry_run {
            let message = "resourceVersion should not be set on objects to be created";
            return Err(Refusal::internal(message));
        }
        let key = Key { name, ..call.key() };
        if let Some(other) = self.store.get(&key) {
            let mut refusal = Refusal::already_exists(&key.resource, &key.name);
            if other.is_going() {
                refusal.message = format!("object is being deleted: {}", refusal.message);
            }
            return Err(refusal);
        }
        if let Some(managers) = managers {
            metadata(&mut object).insert("managedFields".to_owned(), managers);
        }
        self.check_definition(call, &key.name)?;
        self.learn(call, &mut object, true)?;
        if call.dry_run {
            return Ok(Body::Value(object));
        }
        Ok(self.keep(call, &key, object))
    }

    fn give_metadata(&mut self, call: &Call<'_>, object: &mut Value) {
        let uid = self.random.uid();
        let suffix = self.random.suffix();
        let has_generation = strategy::has_generation(call.target.kind);
        let metadata = metadata(object);
        let prefix = metadata
            .get("generateName")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let is_named = metadata
            .get("name")
            .and_then(Value::as_str)
            .is_some_and(|name| !name.is_empty());
        if !is_named && !prefix.is_empty() {
            let most = prefix.floor_char_boundary(LONGEST_PREFIX);
            let name = format!("{}{suffix}", prefix.get(..most).unwrap_or_default());
            metadata.insert("name".to_owned(), name.into());
        }
        for field in [
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "resourceVersion",
            "selfLink",
        ] {
            metadata.remove(field);
        }
        metadata.insert("uid".to_owned(), uid.into());
        metadata.insert("creationTimestamp".to_owned(), call.now.clone().into());
        if has_generation {
            metadata.insert("generation".to_owned(), json!(1));
        }
        if call.target.resource.plural == "namespaces" && call.target.resource.group.is_empty() {
            object["spec"] = json!({"finalizers": ["kubernetes"]});
            object["status"] = json!({"phase": "Active"});
        }
    }

    /// Is the namespace there, and open for new objects?
    pub(super) fn check_namespace(&self, call: &Call<'_>, object: &Value) -> Result<(), Refusal> {
        let object = text(object, "/metadata/name");
        let name = &call.target.namespace;
        if name.is_empty() {
            return Ok(());
        }
        let key = Key {
            resource: Resource {
                group: String::new(),
                plural: "namespaces".to_owned(),
            },
            namespace: String::new(),
            name: name.clone(),
        };
        let Some(namespace) = self.store.get(&key) else {
            return Err(Refusal::not_found(&key.resource, name));
        };
        if !namespace.is_going() {
            return Ok(());
        }
        let resource = &call.target.resource;
        let what = resource.qualified();
        let message = format!(
            "{what} {object:?} is forbidden: unable to create new content in namespace {name} because it is being terminated"
        );
        let cause = Cause {
            reason: "NamespaceTerminating",
            field: "metadata.namespace".to_owned(),
            message: format!("namespace {name} is being terminated"),
        };
        let mut refusal = Refusal::new(403, "Forbidden", message).about(resource, object);
        refusal.causes.push(cause);
        Err(refusal)
    }
}

/// Is anything of a new object still to be filled in, when it has been read? Its status, or what is
/// filled in on creation alone.
fn changes_when_created(kind: Kind<'_>) -> bool {
    let definition = kind.root().definition().unwrap_or_default();
    let mut rules = defaults_of(definition).iter();
    strategy::has_status(kind) || rules.any(|rule| rule.stage != Stage::Reading)
}
