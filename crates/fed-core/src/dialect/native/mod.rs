//! The kinds that are ours, of `fed.dev/v1alpha1`, for those who run the ready-made controller. A
//! `Propagation` says which objects, and carries the core's own placement and overrides verbatim; a
//! `KindDefinition` says what there is to know of a kind.

mod candidate;
mod crd;
mod definition;
mod lower;
mod plain;
mod propagation;
mod select;

pub use crd::crds;
pub use definition::KindDefinition;
pub(crate) use definition::declare;
pub(crate) use lower::lower;
pub use propagation::{Propagation, PropagationSpec, ResourceSelector};

use super::Entry;
use crate::problem::{Code, Problem};

/// The group of our own kinds.
pub const GROUP: &str = "fed.dev";

/// The `apiVersion` of our own kinds.
pub const API_VERSION: &str = "fed.dev/v1alpha1";

/// Fields that a later version honours, with what they are for. Until then they are kept, and
/// reported. `*` stands for any index of a list.
const LATER_FIELDS: &[(&str, &str)] = &[
    ("/spec/dependencies", "objects that go where this one goes"),
    ("/spec/failover", "what happens when a cluster is lost"),
];

/// Tells that one of our own kinds has another `apiVersion`, or that our group has no such kind.
pub(crate) fn wrong_api_version(entry: &Entry<'_>) -> Option<Problem> {
    if entry.gvk.group() != GROUP {
        return None;
    }
    let id = entry.id();
    let (code, message, field) = match entry.gvk.kind() {
        "Propagation" | "KindDefinition" if entry.gvk.api_version() == API_VERSION => return None,
        kind @ ("Propagation" | "KindDefinition") => (
            Code::WrongApiVersion,
            format!(
                "{id} has no effect: the apiVersion of a {kind} is {API_VERSION}, not {}",
                entry.gvk.api_version()
            ),
            "apiVersion",
        ),
        kind => (
            Code::UnknownKind,
            format!(
                "{id} has no effect: {GROUP} has no kind {kind}, only Propagation and KindDefinition"
            ),
            "kind",
        ),
    };
    Some(
        Problem::error(code, message)
            .at(entry.at.child(field))
            .about(&id),
    )
}
