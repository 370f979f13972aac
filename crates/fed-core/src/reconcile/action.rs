//! What is to be done to one object in one cluster?

use std::fmt;
use std::sync::Arc;

use super::desired::ManifestHash;
use super::options::Propagation;
use crate::identity::{ClusterName, ObjectId};
use crate::plan::Manifest;

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
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Act {
    /// Create it; it must not be there.
    Create {
        /// The object to create.
        manifest: Manifest,
        /// What to tell of it in the [`Outcome`](super::Outcome).
        hash: ManifestHash,
    },
    /// Apply it on the server's side, with our field manager.
    Apply {
        /// What is ours of it.
        manifest: Manifest,
        /// What to tell of it in the [`Outcome`](super::Outcome).
        hash: ManifestHash,
        /// It must still be this one.
        uid: Arc<str>,
        /// Fields that others own become ours.
        force: bool,
    },
    /// Replace it as a whole, with the fields that the cluster owns taken over from it.
    Update {
        /// What it should be like.
        manifest: Manifest,
        /// What to tell of it in the [`Outcome`](super::Outcome).
        hash: ManifestHash,
        /// It must still be this one.
        uid: Arc<str>,
    },
    /// Delete it.
    Delete {
        /// It must still be this one.
        uid: Arc<str>,
        /// What happens to what it owns.
        propagation: Propagation,
    },
    /// Take our mark from it, and leave it.
    Orphan {
        /// It must still be this one.
        uid: Arc<str>,
    },
    /// Fetch the whole object: the decision needs it.
    Look,
}

impl Act {
    const fn verb(&self) -> &'static str {
        match self {
            Self::Create { .. } => "create",
            Self::Apply { .. } => "apply",
            Self::Update { .. } => "update",
            Self::Delete { .. } => "delete",
            Self::Orphan { .. } => "orphan",
            Self::Look => "look at",
        }
    }

    /// Does it change anything in the cluster?
    pub const fn changes(&self) -> bool {
        !matches!(self, Self::Look)
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
