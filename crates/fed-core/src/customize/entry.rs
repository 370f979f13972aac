//! What is one override made of? The clusters that it concerns, its operations, and where both
//! stand in the input.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::containers::{self, Words};
use super::embedded::Embedded;
use super::failure::{Attempt, Failure, Way, quoted};
use super::keys::KeyChange;
use super::limits::CopyBudget;
use super::native::{EnvOverride, ImageOverride, Override, WordsOverride};
use super::targets::Targets;
use super::variables::{self, Variable};
use super::{kubefed, read, rfc6902};
use crate::fleet::Cluster;
use crate::identity::ClusterName;
use crate::kinds::Kind;
use crate::location::Location;
use crate::problem::{Code, Problem};

/// One override.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) targets: Targets,
    pub(super) origin: Origin,
    pub(super) at: Location,
    /// Is the object not there?
    pub(super) absent: bool,
    pub(super) operations: Vec<Operation>,
    /// What has to be made anew for each cluster.
    pub(super) varying: Option<Varying>,
    /// Why it cannot be applied, whatever the object.
    pub(super) faults: Vec<Problem>,
}

/// An override whose texts tell of the cluster.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Varying {
    pub(super) source: Arc<Override>,
    /// What they tell, in order.
    pub(super) variables: Vec<Variable>,
}

/// What an override is applied for.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) kind: Option<&'a dyn Kind>,
}

/// Where an override comes from, and so which rules hold for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// An [`Override`]: strict RFC 6902, and the changes of its other fields.
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
    /// Where it stands, if elsewhere than in the list of its override's operations.
    pub(super) at: Option<Location>,
    pub(super) step: Step,
}

/// What an operation does when it is applied.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Step {
    Rfc6902(json_patch::PatchOperation),
    /// The value, its numbers already rounded; `None` for an absent or null one.
    KubeFed(Option<Value>),
    Image(Box<ImageOverride>),
    Words(Words, Box<WordsOverride>),
    Env(Box<EnvOverride>),
    Key(KeyChange),
    Embedded(Box<Embedded>),
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

impl Entry {
    /// An override without any operation yet.
    pub(super) const fn new(targets: Targets, origin: Origin, at: Location) -> Self {
        Self {
            targets,
            origin,
            at,
            absent: false,
            operations: Vec::new(),
            varying: None,
            faults: Vec::new(),
        }
    }

    /// The number of an operation in the list of its override's operations, if it stands there.
    fn number(&self, index: usize) -> Option<usize> {
        let is_elsewhere = |operation: &&Operation| operation.at.is_some();
        if self
            .operations
            .get(index)
            .is_none_or(|one| one.at.is_none())
        {
            let before = self.operations.iter().take(index).filter(is_elsewhere);
            return Some(index - before.count());
        }
        None
    }

    /// Where its operation of this index stands.
    pub(super) fn operation_at(&self, index: usize) -> Location {
        let own = self
            .operations
            .get(index)
            .and_then(|operation| operation.at.clone());
        let number = self.number(index).unwrap_or(index);
        own.unwrap_or_else(|| match self.origin {
            Origin::Native => self.at.child("patches").child(number),
            Origin::KubeFed => self.at.child("clusterOverrides").child(number),
            Origin::Placement => self.at.clone(),
        })
    }

    /// The clusters that it names, each with its place.
    pub(super) fn names(&self) -> impl Iterator<Item = (&ClusterName, Location)> {
        let names = self.targets.names.as_deref().unwrap_or_default();
        names.iter().enumerate().map(|(index, name)| {
            let at = match self.origin {
                Origin::Native => self.at.child("clusters").child(index),
                Origin::KubeFed => self.at.child("clusterName"),
                Origin::Placement => self.at.clone(),
            };
            (name, at)
        })
    }

    /// Has it any effect on the object, or a fault?
    pub(super) fn is_idle(&self) -> bool {
        self.operations.is_empty() && self.faults.is_empty()
    }

    /// Applies its operations to `object` in order; after a failure, `object` is half done.
    pub(super) fn apply(
        &self,
        target: Target<'_>,
        object: &mut Value,
        copies: &mut CopyBudget,
    ) -> Result<(), Problem> {
        if let Some(varying) = &self.varying {
            return self
                .told_of(varying, target.cluster, copies)?
                .apply_steps(target, object, copies);
        }
        self.apply_steps(target, object, copies)
    }

    /// The override with what its texts tell of this cluster.
    fn told_of(
        &self,
        varying: &Varying,
        cluster: &Cluster,
        copies: &mut CopyBudget,
    ) -> Result<Self, Problem> {
        let name = cluster.name();
        let told = variables::expanded(&varying.source, cluster, copies).map_err(|unusable| {
            let message = format!(
                "the override for cluster {:?} cannot be made: {}",
                name.as_str(),
                unusable.why
            );
            Problem::error(Code::OverrideFailed, message)
                .at(self.at.join(unusable.at.as_str()))
                .in_cluster(name)
        })?;
        let mut entry = Self::new(self.targets.clone(), self.origin, self.at.clone());
        read::operations(&told, &mut entry);
        match entry.faults.first() {
            Some(fault) => Err(fault.clone().in_cluster(name)),
            None => Ok(entry),
        }
    }

    fn apply_steps(
        &self,
        target: Target<'_>,
        object: &mut Value,
        copies: &mut CopyBudget,
    ) -> Result<(), Problem> {
        let cluster = target.cluster.name();
        for (index, operation) in self.operations.iter().enumerate() {
            operation.apply(target, object, copies).map_err(|failure| {
                let attempt = Attempt {
                    cluster,
                    number: self.number(index),
                    doing: operation.doing(),
                    way: Way {
                        path: &operation.path,
                        position: self.origin.position(),
                    },
                };
                let explained = attempt.explain(&failure, object);
                explained.at(self.operation_at(index).join(failure.place()))
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
    fn apply(
        &self,
        target: Target<'_>,
        object: &mut Value,
        copies: &mut CopyBudget,
    ) -> Result<(), Failure> {
        match &self.step {
            Step::Rfc6902(patch) => rfc6902::apply(object, patch, copies),
            Step::KubeFed(value) => {
                kubefed::patch::apply(object, &self.op, &self.path, value.as_ref())
            }
            Step::Image(image) => containers::images(object, target.kind, image, copies),
            Step::Words(which, words) => {
                containers::words(object, target.kind, *which, words, copies)
            }
            Step::Env(env) => containers::environment(object, target.kind, env, copies),
            Step::Key(change) => change.apply(object),
            Step::Embedded(embedded) => embedded.apply(object, copies),
            Step::Broken => Err(Failure::Broken),
        }
    }

    /// What it tries to do, as a part of a sentence.
    fn doing(&self) -> String {
        match &self.step {
            Step::Rfc6902(_) | Step::KubeFed(_) | Step::Broken => {
                format!("{} {}", quoted(&self.op), quoted(&self.path))
            }
            _ => format!("{} {}", self.op, self.path),
        }
    }
}

// Values may be secrets: only what is done, and where, is shown.
impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.op, self.path)
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("targets", &self.targets)
            .field("origin", &self.origin)
            .field("at", &self.at)
            .field("absent", &self.absent)
            .field("operations", &self.operations)
            .field("varying", &self.varying.is_some())
            .field("faults", &self.faults)
            .finish()
    }
}
