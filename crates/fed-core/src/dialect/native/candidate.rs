//! What is there for a Propagation to select? The plain objects of the input, and the federated
//! ones, to which it can add.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::dialect::Entry;
use crate::dialect::kubefed::Federated;
use crate::identity::{GroupVersionKind, ObjectId};
use crate::kinds::{Kind, Kinds, Scope, successor};

/// An object that a Propagation can select.
#[derive(Debug)]
pub(super) struct Candidate<'d> {
    pub(super) entry: &'d Entry<'d>,
    pub(super) namespace: Option<String>,
    pub(super) form: Form,
}

/// What kind of object it is to us.
#[derive(Debug)]
pub(super) enum Form {
    /// An object as clusters are to have it, of this kind if that is known.
    Plain(Option<Arc<dyn Kind>>),
    /// An object that says itself where it should be.
    Federated(Box<Federated>),
}

impl<'d> Candidate<'d> {
    pub(super) fn plain(entry: &'d Entry<'d>, kinds: &Kinds) -> Self {
        let find = |gvk: &GroupVersionKind| kinds.find(gvk.group(), gvk.kind()).cloned();
        let kind = find(&entry.gvk).or_else(|| find(&successor(&entry.gvk)?));
        let namespace = match kind.as_ref().map(|kind| kind.scope()) {
            Some(Scope::Cluster) => None,
            Some(Scope::Namespaced) => Some(
                entry
                    .namespace
                    .clone()
                    .unwrap_or_else(|| "default".to_owned()),
            ),
            None => entry.namespace.clone(),
        };
        Self {
            entry,
            namespace,
            form: Form::Plain(kind),
        }
    }

    pub(super) fn federated(entry: &'d Entry<'d>, federated: Federated) -> Self {
        let namespace = federated.intent.source().namespace().map(str::to_owned);
        Self {
            entry,
            namespace,
            form: Form::Federated(Box::new(federated)),
        }
    }

    pub(super) fn id(&self) -> ObjectId {
        self.entry.id_in(self.namespace.as_deref())
    }

    pub(super) fn labels(&self) -> BTreeMap<String, String> {
        let labels = self
            .entry
            .get("/metadata/labels")
            .and_then(Value::as_object);
        labels
            .into_iter()
            .flatten()
            .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
            .collect()
    }
}
