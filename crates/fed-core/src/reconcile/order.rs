//! What has to be there first, and what has to be gone first? A namespace before what is in it,
//! a definition before its objects; and the reverse where they go.

use super::Step;
use super::memory::Memory;
use super::sight::View;
use crate::identity::{ClusterName, ObjectId};

/// The object that has to be in the cluster before this one, and is not.
pub(super) fn comes_first<'s>(
    step: &Step<'s>,
    object: &ObjectId,
    cluster: &ClusterName,
) -> Option<&'s ObjectId> {
    let before = step.desired.objects().filter(|other| {
        other.is_wanted_in(cluster) && (holds(other.id(), object) || defines(other, object))
    });
    let missing = before.filter(|other| {
        let seen = step.sights.view(cluster, &other.id().versionless());
        !matches!(seen, View::Present(sight) if !sight.is_terminating && sight.is_healthy)
    });
    missing.map(super::desired::DesiredObject::id).next()
}

/// The object that has to be gone from the cluster before this one, and is not.
pub(super) fn goes_first(
    step: &Step<'_>,
    object: &ObjectId,
    cluster: &ClusterName,
    memory: &Memory,
) -> Option<ObjectId> {
    let is_content = |other: &ObjectId| other != object && holds(object, other);
    let content = memory.others_in(cluster, is_content)?;
    matches!(step.sights.view(cluster, content), View::Present(_)).then(|| content.clone())
}

/// Is `container` the namespace of the object?
fn holds(container: &ObjectId, object: &ObjectId) -> bool {
    container.kind() == "Namespace"
        && container.group().is_empty()
        && object.namespace() == Some(container.name())
}

/// Does it define the kind of the object?
fn defines(definition: &super::desired::DesiredObject, object: &ObjectId) -> bool {
    definition.defined_kind() == Some((object.group(), object.kind()))
}
