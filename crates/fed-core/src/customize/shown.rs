//! How can an override be shown? What it does and where, and never a value.

use json_patch::PatchOperation;

use super::containers;
use super::entry::{Entry, Operation, Step};
use crate::identity::ClusterName;
use crate::intent::LabelSelector;
use crate::location::{Location, Pointer};
use serde_json::Value;

/// One override of a set, as it can be shown: paths, no values.
#[derive(Clone, Copy, Debug)]
pub struct OverrideEntry<'a>(pub(super) &'a Entry);

impl<'a> OverrideEntry<'a> {
    /// The clusters that it concerns by name; `None` for every name.
    pub fn clusters(&self) -> Option<&'a [ClusterName]> {
        self.0.targets.names.as_deref()
    }

    /// What the labels of the clusters that it concerns must match.
    pub fn selector(&self) -> Option<&'a LabelSelector> {
        self.0.targets.selector.as_ref()
    }

    /// The clusters that it does not concern.
    pub fn excluded(&self) -> impl Iterator<Item = &'a ClusterName> + use<'a> {
        self.0.targets.exclude.iter()
    }

    /// Does it say that the object is not there?
    pub fn is_absence(&self) -> bool {
        self.0.absent
    }

    /// Where it stands.
    pub fn at(&self) -> &'a Location {
        &self.0.at
    }

    /// Its operations, in order.
    pub fn operations(&self) -> impl Iterator<Item = OverrideOperation<'a>> + use<'a> {
        let entry = self.0;
        let operations = entry.operations.iter().enumerate();
        operations.map(move |(index, operation)| OverrideOperation {
            entry,
            index,
            operation,
        })
    }
}

/// One operation of an override, as it can be shown.
#[derive(Clone, Copy, Debug)]
pub struct OverrideOperation<'a> {
    entry: &'a Entry,
    index: usize,
    operation: &'a Operation,
}

impl<'a> OverrideOperation<'a> {
    /// What it does, such as `replace`.
    pub fn op(&self) -> &'a str {
        &self.operation.op
    }

    /// Where it does it, as written.
    pub fn path(&self) -> &'a str {
        &self.operation.path
    }

    /// Where it stands in the input.
    pub fn at(&self) -> Location {
        self.entry.operation_at(self.index)
    }

    /// Where in the input the value stands that it puts at a path of an object; `None` where it
    /// puts nothing there. `object` is what overrides made.
    pub(crate) fn written_at(&self, object: &Value, path: &Pointer) -> Option<Location> {
        match &self.operation.step {
            Step::Image(image) => {
                let names = image.containers.as_deref();
                containers::concerns(object, path, "image", names).then(|| self.at())
            }
            Step::Words(which, words) => {
                let names = Some(std::slice::from_ref(&words.container));
                containers::concerns(object, path, which.field(), names).then(|| self.at())
            }
            Step::Env(env) => {
                let names = env.containers.as_deref();
                containers::concerns(object, path, "env", names).then(|| self.at())
            }
            Step::Key(_) | Step::Embedded(_) => below(path, self.path()).map(|_| self.at()),
            Step::Rfc6902(_) | Step::KubeFed(_) | Step::Broken => {
                let rest = below(path, self.path())?;
                Some(self.at().child("value").join(&rest))
            }
        }
    }

    /// The whole number that it writes, if it writes one.
    pub(crate) fn number(&self) -> Option<i64> {
        let value = match &self.operation.step {
            Step::Rfc6902(PatchOperation::Add(add)) => &add.value,
            Step::Rfc6902(PatchOperation::Replace(replace)) => &replace.value,
            Step::KubeFed(Some(value)) => value,
            _ => return None,
        };
        value.as_i64()
    }
}

/// The way from `above` down to `path`, if `path` is there or below.
fn below(path: &Pointer, above: &str) -> Option<String> {
    let above = Pointer::from_text(above);
    let is_below = above.as_str().starts_with('/') && path.starts_with(&above);
    is_below.then(|| {
        path.as_str()
            .get(above.as_str().len()..)
            .unwrap_or_default()
            .to_owned()
    })
}
