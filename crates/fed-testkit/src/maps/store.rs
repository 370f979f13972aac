//! What does one cluster hold, and what does it make of an action?

use std::collections::BTreeMap;

use fed_core::reconcile::{Act, Failure, Managers};
use fed_core::{Mark, ObjectId};
use serde_json::{Value, json};

use super::owners::{Owners, Writer};

/// One cluster: a map of objects.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Store {
    pub(super) is_away: bool,
    /// Replicas are ready only when somebody says so.
    pub(super) is_slow: bool,
    objects: BTreeMap<ObjectId, Stored>,
    /// Gives uids and versions.
    counter: u64,
}

/// An object, as a cluster holds it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Stored {
    value: Value,
    owners: Owners,
}

impl Store {
    pub(super) fn get(&self, id: &ObjectId) -> Option<&Value> {
        self.objects.get(id).map(|stored| &stored.value)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&ObjectId, &Value)> {
        self.objects.iter().map(|(id, stored)| (id, &stored.value))
    }

    /// An object, with who owns its fields.
    pub(super) fn whole(&self, id: &ObjectId) -> Option<Value> {
        let stored = self.objects.get(id)?;
        let mut value = stored.value.clone();
        set(
            &mut value,
            "/metadata",
            "managedFields",
            stored.owners.managed_fields(),
        );
        Some(value)
    }

    /// Somebody writes a whole object.
    pub(super) fn write(&mut self, id: &ObjectId, mut value: Value, manager: &str) {
        let before = self.objects.get(id).cloned().unwrap_or_default();
        let mut owners = before.owners;
        let told = value.get_mut("metadata").and_then(Value::as_object_mut);
        if let Some(told) = told.and_then(|metadata| metadata.remove("managedFields")) {
            owners = Owners::from_managed_fields(&told);
        }
        let there = Some(&before.value).filter(|value| !value.is_null());
        owners.update(there, &value, Writer::updating(manager));
        self.store(id, value, owners);
    }

    /// Somebody deletes an object: it stays while it has finalizers, and takes with it what is in
    /// it.
    pub(super) fn delete(&mut self, id: &ObjectId) {
        let Some(stored) = self.objects.get_mut(id) else {
            return;
        };
        let finalizers = stored.value.pointer("/metadata/finalizers");
        if finalizers
            .and_then(Value::as_array)
            .is_some_and(|all| !all.is_empty())
        {
            let ends = json!("2026-01-01T00:00:00Z");
            set(&mut stored.value, "/metadata", "deletionTimestamp", ends);
            return;
        }
        self.objects.remove(id);
        if id.kind() == "Namespace" {
            self.objects
                .retain(|other, _| other.namespace() != Some(id.name()));
        }
    }

    /// All replicas are ready.
    pub(super) fn settle(&mut self) {
        for stored in self.objects.values_mut() {
            if let Some(replicas) = stored.value.pointer("/spec/replicas").cloned() {
                let status = json!({"readyReplicas": replicas});
                set(&mut stored.value, "", "status", status);
            }
        }
    }

    pub(super) fn perform(&mut self, id: &ObjectId, act: &Act) -> Result<(), Failure> {
        let managers = Managers::default();
        let ours = managers.ours.as_str();
        match act {
            Act::Create { manifest, .. } => {
                if self.objects.contains_key(id) {
                    return Err(Failure::AlreadyExists);
                }
                self.write(id, manifest.value().clone(), ours);
            }
            Act::Apply {
                manifest,
                uid,
                force,
                ..
            } => {
                let stored = self.this(id, uid)?;
                let mut owners = stored.owners.clone();
                let writer = Writer::applying(ours);
                let value = owners.apply(&stored.value, manifest.value(), writer, *force)?;
                is_mutable(&stored.value, &value)?;
                self.store(id, value, owners);
            }
            Act::Update { object, uid, .. } => {
                let stored = self.this(id, uid)?;
                is_current(&stored.value, object.pointer("/metadata/resourceVersion"))?;
                is_mutable(&stored.value, object)?;
                self.write(id, (**object).clone(), ours);
            }
            Act::Fold { patch, uid } => {
                let stored = self.this(id, uid)?;
                is_current(&stored.value, patch.pointer("/1/value"))?;
                let value = stored.value.clone();
                let told = patch.pointer("/0/value").unwrap_or(&Value::Null);
                self.store(id, value, Owners::from_managed_fields(told));
            }
            Act::Delete { uid, .. } => {
                self.this(id, uid)?;
                self.delete(id);
            }
            Act::Orphan { uid } => {
                let mut value = self.this(id, uid)?.value.clone();
                let labels = value.pointer_mut("/metadata/labels");
                if let Some(labels) = labels.and_then(Value::as_object_mut) {
                    for mark in [Mark::Native, Mark::KubeFed] {
                        labels.remove(mark.label());
                    }
                }
                self.write(id, value, ours);
            }
            _ => {}
        }
        Ok(())
    }

    fn this(&self, id: &ObjectId, uid: &str) -> Result<&Stored, Failure> {
        let stored = self.objects.get(id).ok_or(Failure::Changed)?;
        let is_this = stored.value.pointer("/metadata/uid") == Some(&json!(uid));
        is_this.then_some(stored).ok_or(Failure::Changed)
    }

    /// Stores an object as a server would: with a uid, and with a version and a generation that
    /// change when it does.
    fn store(&mut self, id: &ObjectId, mut value: Value, owners: Owners) {
        let before = self.objects.get(id);
        let kept = |field: &str| before.and_then(|it| it.value.pointer(field)).cloned();
        let (uid, version) = (kept("/metadata/uid"), kept("/metadata/resourceVersion"));
        let generation = kept("/metadata/generation").and_then(|it| it.as_u64());
        let (ready, ends) = (
            kept("/status/readyReplicas"),
            kept("/metadata/deletionTimestamp"),
        );
        let is_same =
            before.is_some_and(|it| content(&it.value) == content(&value) && it.owners == owners);
        let same_spec = before.is_some_and(|it| it.value.get("spec") == value.get("spec"));
        self.counter += u64::from(!is_same);
        let counted = format!("#{}", self.counter);
        if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut) {
            let uid = uid.or_else(|| metadata.get("uid").cloned());
            let uid = uid.unwrap_or_else(|| json!(format!("uid{counted}")));
            metadata.insert("uid".into(), uid);
            let version = version
                .filter(|_| is_same)
                .unwrap_or_else(|| json!(counted));
            metadata.insert("resourceVersion".into(), version);
            if let Some(ends) = ends {
                metadata.insert("deletionTimestamp".into(), ends);
            }
        }
        if value.get("spec").is_some() {
            let generation = generation.unwrap_or(0) + u64::from(!same_spec);
            set(&mut value, "/metadata", "generation", json!(generation));
        }
        if let Some(replicas) = value.pointer("/spec/replicas").and_then(Value::as_u64) {
            let ready = ready.and_then(|ready| ready.as_u64()).unwrap_or(0);
            let ready = if self.is_slow {
                ready.min(replicas)
            } else {
                replicas
            };
            set(&mut value, "", "status", json!({"readyReplicas": ready}));
        }
        let ends = value.pointer("/metadata/deletionTimestamp").is_some();
        let holds = value
            .pointer("/metadata/finalizers")
            .and_then(Value::as_array);
        if ends && holds.is_none_or(Vec::is_empty) {
            self.objects.remove(id);
        } else {
            self.objects.insert(id.clone(), Stored { value, owners });
        }
    }
}

/// Sets a field of what is at a path, if that is an object.
fn set(value: &mut Value, path: &str, field: &str, to: Value) {
    let at = value.pointer_mut(path).and_then(Value::as_object_mut);
    if let Some(fields) = at {
        fields.insert(field.to_owned(), to);
    }
}

fn is_current(live: &Value, version: Option<&Value>) -> Result<(), Failure> {
    let is_current = live.pointer("/metadata/resourceVersion") == version;
    is_current.then_some(()).ok_or(Failure::Changed)
}

/// What says that it is immutable keeps its data.
fn is_mutable(live: &Value, after: &Value) -> Result<(), Failure> {
    let is_immutable = live.get("immutable") == Some(&json!(true));
    let is_same = live.get("data") == after.get("data");
    (!is_immutable || is_same)
        .then_some(())
        .ok_or(Failure::Immutable)
}

/// An object without what a server counts.
fn content(value: &Value) -> Value {
    let mut value = value.clone();
    if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut) {
        for field in ["uid", "resourceVersion", "generation", "deletionTimestamp"] {
            metadata.remove(field);
        }
    }
    if let Some(object) = value.as_object_mut() {
        object.remove("status");
    }
    value
}
