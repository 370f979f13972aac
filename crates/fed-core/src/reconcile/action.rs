//! What is to be done to one object in one cluster?

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::desired::ManifestHash;
use super::options::{Propagation, Write};
use crate::identity::{ClusterName, ObjectId};
use crate::plan::Manifest;
use crate::status::Operation;

/// Something to do to one object in one cluster.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Action {
    /// The cluster.
    pub cluster: ClusterName,
    /// The object, whatever its version.
    pub object: ObjectId,
    /// What to do.
    pub act: Act,
}

/// What to do.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Act {
    /// Create it; it must not be there.
    Create {
        /// The object to create.
        manifest: Manifest,
        /// What to tell of it in the [`Answer`](super::Answer).
        hash: ManifestHash,
    },
    /// Apply it on the server's side, with our field manager.
    Apply {
        /// What is ours of it.
        manifest: Manifest,
        /// What to tell of it in the [`Answer`](super::Answer).
        hash: ManifestHash,
        /// It must still be this one.
        uid: Arc<str>,
        /// Fields that others own become ours.
        force: bool,
    },
    /// Replace it as a whole.
    Update {
        /// What it becomes, with what the cluster owns of it, and with the version that it must
        /// still have.
        object: Arc<Value>,
        /// What to tell of it in the [`Answer`](super::Answer).
        hash: ManifestHash,
        /// It must still be this one.
        uid: Arc<str>,
    },
    /// Make an earlier manager's fields ours, and change nothing else.
    Fold {
        /// A JSON Patch (RFC 6902) of the object's `managedFields`.
        patch: Arc<Value>,
        /// It must still be this one.
        uid: Arc<str>,
    },
    /// Delete it.
    Delete {
        /// It must still be this one.
        uid: Arc<str>,
        /// What happens to what it owns.
        propagation: Propagation,
        /// How many seconds it has to come to its end, instead of what its kind says.
        grace_period_seconds: Option<u32>,
    },
    /// Take our mark from it, and leave it.
    Orphan {
        /// It must still be this one.
        uid: Arc<str>,
    },
    /// Fetch the whole object: the decision needs it.
    Look,
}

/// `Debug` shows nothing of the object, as it may be secret.
impl fmt::Debug for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.verb())?;
        match self {
            Self::Apply { force: true, .. } => f.write_str(" with force"),
            Self::Delete { propagation, .. } => write!(f, " ({propagation:?})"),
            _ => Ok(()),
        }
    }
}

impl Act {
    const fn verb(&self) -> &'static str {
        match self {
            Self::Create { .. } => "create",
            Self::Apply { .. } => "apply",
            Self::Update { .. } => "update",
            Self::Fold { .. } => "take over",
            Self::Delete { .. } => "delete",
            Self::Orphan { .. } => "orphan",
            Self::Look => "look at",
        }
    }

    /// What it does to the cluster; nothing if it only looks.
    pub const fn operation(&self) -> Option<Operation> {
        match self {
            Self::Create { .. } => Some(Operation::Create),
            Self::Apply { .. } | Self::Update { .. } | Self::Fold { .. } => Some(Operation::Update),
            Self::Delete { .. } => Some(Operation::Delete),
            Self::Orphan { .. } => Some(Operation::RemoveLabel),
            Self::Look => None,
        }
    }

    /// How it writes. To a server, who creates an object updates it.
    pub(super) const fn by(&self) -> Write {
        match self {
            Self::Apply { .. } => Write::Apply,
            _ => Write::Update,
        }
    }

    /// The hash to tell in the [`Answer`](super::Answer), if there is one.
    pub const fn hash(&self) -> Option<ManifestHash> {
        match self {
            Self::Create { hash, .. } | Self::Apply { hash, .. } | Self::Update { hash, .. } => {
                Some(*hash)
            }
            _ => None,
        }
    }
}

impl Action {
    pub(super) fn place(&self) -> (&ClusterName, &ObjectId) {
        (&self.cluster, &self.object)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} in {}", self.act.verb(), self.object, self.cluster)
    }
}
