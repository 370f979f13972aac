//! How did an action go?

use super::desired::ManifestHash;
use super::sight::Sight;
use crate::identity::{ClusterName, ObjectId};

/// How an action went.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Outcome {
    /// In which cluster.
    pub cluster: ClusterName,
    /// To which object.
    pub object: ObjectId,
    /// The hash that the action carried, if it carried one.
    pub hash: Option<ManifestHash>,
    /// What the cluster answered: the object as it is now, if it is there.
    pub result: Result<Option<Sight>, Failure>,
}

impl Outcome {
    /// How it went with this object in this cluster.
    pub fn new(
        cluster: impl Into<ClusterName>,
        object: ObjectId,
        hash: Option<ManifestHash>,
        result: Result<Option<Sight>, Failure>,
    ) -> Self {
        Self {
            cluster: cluster.into(),
            object,
            hash,
            result,
        }
    }
}

/// Why an action failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Failure {
    /// There is one already.
    AlreadyExists,
    /// Another manager owns a field of ours.
    Conflict,
    /// The cluster does not take it as it is.
    Invalid,
    /// It is not allowed.
    Forbidden,
    /// It changed in the meantime, or is another one now.
    Changed,
    /// No answer, or one that says to try again. It may have been done all the same.
    Unclear,
}

impl Failure {
    /// Is it worth trying the same again, later?
    pub const fn is_worth_trying(self) -> bool {
        matches!(self, Self::Changed | Self::Unclear | Self::Forbidden)
    }
}
