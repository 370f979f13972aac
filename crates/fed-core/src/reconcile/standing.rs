//! How does it stand with one object in one cluster?

use jiff::Timestamp;

use super::outcome::Failure;
use crate::problem::Code;

/// How it stands with one object in one cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing {
    /// It is as it should be.
    Synced,
    /// It is not there, as it should be.
    Gone,
    /// It is about to be created or changed.
    Writing,
    /// It is about to be deleted, or is being deleted.
    Removing,
    /// The whole object has to be looked at.
    Looking,
    /// What is to be done waits until this is saved.
    Saving,
    /// The cluster is not in sight: it keeps what it has.
    OutOfSight,
    /// It waits for this object to be there, or to be gone.
    WaitingFor(String),
    /// It stays until others are ready in its stead.
    Spared,
    /// It failed, and is tried again at this time.
    Failed(Failure, Option<Timestamp>),
    /// There is one that is not ours.
    NotOurs,
    /// It says that it must be left alone.
    Released,
    /// These fields are not as we wrote them.
    Drifted(Vec<String>),
    /// A field changed that cannot be changed.
    NeedsReplacement,
    /// The manifest has this fault, and what is there stays.
    NotDeliverable(Code),
    /// Nothing is done, on purpose.
    Suspended,
    /// Nothing is known of what is wanted: what is there stays.
    Unknown,
}
