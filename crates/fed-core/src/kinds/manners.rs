//! Whose rules hold, where federations before this one did the same work in other ways?

use serde::{Deserialize, Serialize};

use crate::schema::list_of_texts;

/// Whose rules hold for what clusters own and for what is told of them.
///
/// The native rules are the better ones; the others exist so that what runs today keeps running as
/// it does. What a kind knows stands in its file as one table for each way that differs.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[non_exhaustive]
pub enum Manners {
    /// Our own rules.
    #[default]
    Native,
    /// As KubeFed did it.
    KubeFed,
    /// As Karmada does it.
    Karmada,
}

list_of_texts!(Manners, ["Native", "KubeFed", "Karmada"]);
