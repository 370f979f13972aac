//! What of an object is its cluster's own, and stays when the object is written over?

use std::borrow::Cow;

use serde_json::{Value, json};

use super::options::Options;
use crate::intent::Intent;
use crate::kinds::{AnyKind, Kind, Manners, Misshapen, Retention};
use crate::location::Pointer;
use crate::plan::Manifest;

/// How one object is written over what clusters hold of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retaining<'s> {
    pub(super) kind: &'s dyn Kind,
    pub(super) options: &'s Options,
}

impl Retaining<'_> {
    /// The object as it is to be written, as a whole, over the one that is there: as planned, with
    /// the version that must still be there, the cluster's finalizers, its annotations under ours,
    /// and what clusters own of its kind. Labels are as planned: those of others go. What overrides
    /// and the division say wins over what the cluster has.
    pub(super) fn whole(&self, manifest: &Manifest, live: &Value) -> Result<Value, Misshapen> {
        let mut object = manifest.value().clone();
        let how = Retention::by(self.options.manners);
        let how = how.keeping_replicas(self.options.retain_replicas);
        self.kind.retain(&mut object, live, &how)?;
        if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.remove("uid");
            let uid = live.pointer("/metadata/uid").cloned();
            metadata.extend(uid.map(|uid| ("uid".to_owned(), uid)));
            // KubeFed delivered no annotations. What the template has of them is delivered here.
            let annotations = manifest.value().pointer("/metadata/annotations");
            if let (Manners::KubeFed, Some(Value::Object(ours))) =
                (self.options.manners, annotations)
                && let Value::Object(all) = metadata.entry("annotations").or_insert(json!({}))
            {
                all.extend(ours.clone());
            }
        }
        for path in manifest.decided() {
            put_back(&mut object, manifest.value(), path);
        }
        Ok(object)
    }

    /// What is wanted of the object where this one is: what the manifest says and the cluster owns
    /// is as the cluster has it.
    pub(super) fn wanted<'m>(
        &self,
        manifest: &'m Manifest,
        live: &Value,
    ) -> Result<Cow<'m, Manifest>, Misshapen> {
        if !self.depends_on_cluster(manifest) {
            return Ok(Cow::Borrowed(manifest));
        }
        let mut wanted = manifest.value().clone();
        take_over(&mut wanted, &self.whole(manifest, live)?);
        Ok(if wanted == *manifest.value() {
            Cow::Borrowed(manifest)
        } else {
            Cow::Owned(manifest.with_value(wanted))
        })
    }

    /// Does it depend on what the cluster has, what is wanted there?
    pub(super) fn depends_on_cluster(&self, manifest: &Manifest) -> bool {
        let manners = self.options.manners;
        self.keeps_replicas(manifest) || self.kind.depends_on_cluster(manifest.value(), manners)
    }

    /// Does the cluster decide how many replicas there are?
    pub(super) fn keeps_replicas(&self, manifest: &Manifest) -> bool {
        let path = self.kind.replicas_path();
        self.options.retain_replicas
            && path.is_some_and(|path| {
                let path = Pointer::from_text(path);
                !manifest.decided().iter().any(|it| path.starts_with(it))
            })
    }
}

/// What is wanted of an object of this intent where this one is. Where what the cluster owns of it
/// cannot be told, it is what is planned.
pub(crate) fn wanted_over<'m>(
    intent: &Intent,
    manifest: &'m Manifest,
    live: &Value,
) -> Cow<'m, Manifest> {
    let retaining = Retaining {
        kind: intent.kind().unwrap_or(&AnyKind),
        options: intent.options(),
    };
    let wanted = retaining.wanted(manifest, live);
    wanted.unwrap_or(Cow::Borrowed(manifest))
}

/// Makes the field at a path again what it is in the manifest. Nothing changes where the way to it
/// is not the same in both.
fn put_back(object: &mut Value, manifest: &Value, path: &Pointer) {
    let path = counted(manifest, path);
    let Some(around) = path.parent() else {
        return;
    };
    let Some(field) = path.tokens().last().map(Cow::into_owned) else {
        return;
    };
    let said = path.resolve(manifest);
    match (object.pointer_mut(around.as_str()), said) {
        (Some(Value::Object(fields)), Some(said)) => {
            fields.insert(field, said.clone());
        }
        (Some(Value::Object(fields)), None) => {
            fields.remove(&field);
        }
        (Some(Value::Array(items)), Some(said)) => {
            let item = field.parse().ok().and_then(|at: usize| items.get_mut(at));
            if let Some(item) = item {
                item.clone_from(said);
            }
        }
        _ => {}
    }
}

/// The path with places that are counted from the end of a list, or are its end, counted from its
/// start.
fn counted(object: &Value, path: &Pointer) -> Pointer {
    let mut counted = Pointer::root();
    for token in path.tokens() {
        let place = match (counted.resolve(object), &*token) {
            (Some(Value::Array(items)), "-") => items.len().checked_sub(1),
            (Some(Value::Array(items)), token) => token
                .strip_prefix('-')
                .and_then(|back| items.len().checked_sub(back.parse().ok()?)),
            _ => None,
        };
        counted = match place {
            Some(place) => counted.child(place),
            None => counted.child(token),
        };
    }
    counted
}

/// Gives every field outside of the metadata that `wanted` has the value that `whole` has of it.
fn take_over(wanted: &mut Value, whole: &Value) {
    let Value::Object(fields) = wanted else {
        return;
    };
    for (field, value) in fields.iter_mut().filter(|(field, _)| *field != "metadata") {
        if let Some(whole) = whole.get(field) {
            take_over_value(value, whole);
        }
    }
}

fn take_over_value(wanted: &mut Value, whole: &Value) {
    match (wanted, whole) {
        (Value::Object(fields), Value::Object(whole)) => {
            for (field, value) in fields {
                if let Some(whole) = whole.get(field) {
                    take_over_value(value, whole);
                }
            }
        }
        (Value::Array(items), Value::Array(whole)) if items.len() == whole.len() => {
            for (item, whole) in items.iter_mut().zip(whole) {
                take_over_value(item, whole);
            }
        }
        // A list to which the cluster added is as long as we say.
        (Value::Array(_), Value::Array(_)) => {}
        (wanted, whole) => wanted.clone_from(whole),
    }
}
