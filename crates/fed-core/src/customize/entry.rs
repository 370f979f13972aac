//! What is one override made of? The clusters that it concerns, its operations, and where both
//! stand in the input.

use std::fmt;

use serde_json::Value;

use super::failure::{Attempt, Failure};
use super::limits::CopyBudget;
use super::{kubefed, rfc6902};
use crate::identity::ClusterName;
use crate::location::Location;
use crate::problem::Problem;

/// One override.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) clusters: Clusters,
    pub(super) origin: Origin,
    pub(super) at: Location,
    pub(super) operations: Vec<Operation>,
    /// Why it cannot be applied, whatever the object.
    pub(super) faults: Vec<Problem>,
}

/// The clusters that an override concerns.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Clusters {
    Every,
    Named(Vec<ClusterName>),
}

/// Where an override comes from, and so which rules hold for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// An [`Override`](super::Override): strict RFC 6902.
    Native,
    /// An item of a KubeFed object's `spec.overrides`: KubeFed's rules.
    KubeFed,
    /// A number of replicas in a KubeFed object's placement: KubeFed's rules.
    Placement,
}

/// One operation of an override.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Operation {
    pub(super) op: Box<str>,
    pub(super) path: Box<str>,
    /// Where it stands, if elsewhere than in its override.
    pub(super) at: Option<Location>,
    pub(super) step: Step,
}

/// What an operation does when it is applied.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Step {
    Rfc6902(json_patch::PatchOperation),
    /// The value, its numbers already rounded; `None` for an absent or null one.
    KubeFed(Option<Value>),
    /// Never applied: its override has a fault.
    Broken,
}

impl Origin {
    fn position(self) -> fn(&str, usize) -> Option<usize> {
        match self {
            Self::Native => rfc6902::position,
            Self::KubeFed | Self::Placement => kubefed::patch::position,
        }
    }
}

impl Clusters {
    /// The one cluster that it concerns, if it is one.
    pub(super) fn only(&self) -> Option<&ClusterName> {
        match self {
            Self::Named(names) => match names.as_slice() {
                [one] => Some(one),
                _ => None,
            },
            Self::Every => None,
        }
    }
}

impl Entry {
    /// Where its operation of this index stands.
    pub(super) fn operation_at(&self, index: usize) -> Location {
        let own = self
            .operations
            .get(index)
            .and_then(|operation| operation.at.clone());
        own.unwrap_or_else(|| match self.origin {
            Origin::Native => self.at.child("patches").child(index),
            Origin::KubeFed => self.at.child("clusterOverrides").child(index),
            Origin::Placement => self.at.clone(),
        })
    }

    /// The clusters that it names, each with its place.
    pub(super) fn names(&self) -> impl Iterator<Item = (&ClusterName, Location)> {
        let names = match &self.clusters {
            Clusters::Every => &[],
            Clusters::Named(names) => names.as_slice(),
        };
        names.iter().enumerate().map(|(index, name)| {
            let at = match self.origin {
                Origin::Native => self.at.child("clusters").child(index),
                Origin::KubeFed => self.at.child("clusterName"),
                Origin::Placement => self.at.clone(),
            };
            (name, at)
        })
    }

    /// Has it any effect, or a fault?
    pub(super) fn is_idle(&self) -> bool {
        self.operations.is_empty() && self.faults.is_empty()
    }

    /// Applies its operations to `object` in order; after a failure, `object` is half done.
    pub(super) fn apply(
        &self,
        cluster: &ClusterName,
        object: &mut Value,
        copies: &mut CopyBudget,
    ) -> Result<(), Problem> {
        for (index, operation) in self.operations.iter().enumerate() {
            let attempt = Attempt {
                cluster,
                index,
                op: &operation.op,
                path: &operation.path,
                position: self.origin.position(),
            };
            operation.apply(object, copies).map_err(|failure| {
                let explained = attempt.explain(&failure, object);
                explained.at(self.operation_at(index))
            })?;
        }
        // KubeFed reads its result back as an object of the API, which must have a kind.
        if self.origin != Origin::Native && !self.operations.is_empty() && !has_kind(object) {
            return Err(Failure::without_kind(cluster).at(self.at.clone()));
        }
        Ok(())
    }
}

fn has_kind(object: &Value) -> bool {
    let kind = object.get("kind").and_then(Value::as_str);
    kind.is_some_and(|kind| !kind.is_empty())
}

impl Operation {
    fn apply(&self, object: &mut Value, copies: &mut CopyBudget) -> Result<(), Failure> {
        match &self.step {
            Step::Rfc6902(patch) => rfc6902::apply(object, patch, copies),
            Step::KubeFed(value) => {
                kubefed::patch::apply(object, &self.op, &self.path, value.as_ref())
            }
            Step::Broken => Err(Failure::Broken),
        }
    }
}

// Values may be secrets: only what is done, and where, is shown.
impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.op, self.path)
    }
}

impl fmt::Debug for Clusters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every => f.write_str("every cluster"),
            Self::Named(names) => fmt::Debug::fmt(names, f),
        }
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("clusters", &self.clusters)
            .field("origin", &self.origin)
            .field("at", &self.at)
            .field("operations", &self.operations)
            .field("faults", &self.faults)
            .finish()
    }
}
