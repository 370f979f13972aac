//! KubeFed's own API kinds, as its users still have them: parsed without loss, and lowered to
//! intents that mean what they meant there.

pub mod api;
pub mod constants;
pub mod crds;
mod delivery;
mod dropped_metadata;
mod equivalent_apis;
mod federate;
mod federated;
mod fixed;
mod go_duration;
mod go_json;
mod join_names;
mod local_fields;
pub mod placement;
mod plural;
mod resource_names;
mod scheduling;
mod types;
pub mod validation;
pub mod versions;

pub(crate) use constants::{CORE_GROUP, SCHEDULING_GROUP};
pub(crate) use delivery::adoption;
pub use equivalent_apis::equivalent_apis;
pub use federate::{Federator, Wrapped};
pub(crate) use federated::{Federated, namespace};
pub(crate) use fixed::read as read_fixed;
pub use join_names::JoinNames;
pub use plural::guess_plural;
pub use resource_names::ResourceNames;
pub(crate) use scheduling::schedule;
pub(crate) use types::{FederatedType, Types};

use super::Entry;
use crate::problem::{Code, Problem};
use crate::reconcile::Adoption;
use crate::world::Assumptions;

/// Lowers federated objects to intents.
pub(crate) fn lower<'e, 'd>(
    entries: &'e [(Entry<'d>, FederatedType)],
    adoption: Adoption,
    assumptions: Assumptions,
    problems: &mut Vec<Problem>,
) -> Vec<(&'e Entry<'d>, Federated)> {
    entries
        .iter()
        .filter_map(|(entry, of)| {
            let federated = federated::lower(entry, of, adoption, assumptions, problems)?;
            Some((entry, federated))
        })
        .collect()
}

/// The fixed kinds, and the one `apiVersion` of each.
const FIXED: &[(&str, &str)] = &[
    ("KubeFedCluster", "core.kubefed.io/v1beta1"),
    ("KubeFedConfig", "core.kubefed.io/v1beta1"),
    ("FederatedTypeConfig", "core.kubefed.io/v1beta1"),
    ("EnableTypeDirective", "core.kubefed.io/v1beta1"),
    ("PropagatedVersion", "core.kubefed.io/v1alpha1"),
    ("ClusterPropagatedVersion", "core.kubefed.io/v1alpha1"),
    ("FederatedServiceStatus", "core.kubefed.io/v1alpha1"),
    (
        "ReplicaSchedulingPreference",
        "scheduling.kubefed.io/v1alpha1",
    ),
];

/// Tells that one of the fixed kinds has an `apiVersion` that it does not have, or that their
/// groups do not have the kind.
pub(crate) fn wrong_api_version(entry: &Entry<'_>) -> Option<Problem> {
    let (id, stated) = (entry.id(), entry.gvk.api_version());
    let kind = FIXED.iter().find(|(kind, _)| *kind == entry.gvk.kind());
    let (code, message, field) = match kind {
        Some((_, right)) if *right == stated => return None,
        Some((kind, right)) => (
            Code::WrongApiVersion,
            format!("{id} has no effect: the apiVersion of a {kind} is {right}, not {stated}"),
            "apiVersion",
        ),
        None if [CORE_GROUP, SCHEDULING_GROUP].contains(&entry.gvk.group()) => (
            Code::UnknownKind,
            format!("{id} has no effect: {} has no such kind", entry.gvk.group()),
            "kind",
        ),
        None => return None,
    };
    Some(
        Problem::error(code, message)
            .at(entry.at.child(field))
            .about(&id),
    )
}
