//! How did an action go?

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::action::Action;
use super::desired::ManifestHash;
use super::options::Write;
use super::sight::Sight;
use crate::identity::{ClusterName, ObjectId};
use crate::status::Operation;

/// How an action went.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Answer {
    /// In which cluster.
    pub cluster: ClusterName,
    /// To which object.
    pub object: ObjectId,
    /// The hash that the action carried, if it carried one.
    pub hash: Option<ManifestHash>,
    /// How the action wrote.
    pub by: Write,
    /// What the action was to do; nothing if it only looked.
    pub operation: Option<Operation>,
    /// What the cluster answered: the object as it is now, if it is there.
    pub result: Result<Option<Sight>, Failure>,
}

impl Answer {
    /// How it went with this action.
    pub fn to(action: &Action, result: Result<Option<Sight>, Failure>) -> Self {
        Self {
            cluster: action.cluster.clone(),
            object: action.object.clone(),
            hash: action.act.hash(),
            by: action.act.by(),
            operation: action.act.operation(),
            result,
        }
    }
}

/// Why an action failed. No value of an object stands in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Failure {
    /// There is one already.
    AlreadyExists,
    /// Another manager owns fields of ours.
    Conflict {
        /// Who it is.
        manager: String,
        /// The fields, as JSON Pointers as far as they can be told.
        fields: BTreeSet<String>,
    },
    /// A field changed that cannot be changed.
    Immutable,
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
    /// What happened, as it stands in a status.
    pub(super) const fn words(&self) -> &'static str {
        match self {
            Self::AlreadyExists => "there is one already",
            Self::Conflict { .. } => "another manager owns fields of it",
            Self::Immutable => {
                "a field changes that cannot be changed: it has to be deleted and created anew, \
                 which the option replacement allows"
            }
            Self::Invalid => "the cluster does not take it as it is",
            Self::Forbidden => "the cluster does not allow it",
            Self::Changed => "it changed in the meantime",
            Self::Unclear => "the cluster gave no clear answer",
        }
    }
}
