//! What has to be there first, and what has to be gone first? A namespace before what is in it,
//! a definition before its objects; and the reverse where they go.

use super::Step;
use super::sight::View;
use crate::identity::{ClusterName, GroupVersionKind, ObjectId};

/// The object that has to be in the cluster before this one, and is not.
pub(super) fn comes_first(
    step: &Step<'_>,
    object: &ObjectId,
    cluster: &ClusterName,
) -> Option<ObjectId> {
    let view = |other: &ObjectId| step.sights.everywhere(other).in_cluster(cluster);
    let namespace = object.namespace().map(namespace);
    let missing_namespace = namespace.filter(|namespace| {
        let desired = step.desired.object(namespace);
        let is_wanted = desired.is_some_and(|desired| desired.is_wanted_in(cluster));
        match view(namespace) {
            View::Present(sight) => !sight.is_there(),
            _ => is_wanted,
        }
    });
    missing_namespace.or_else(|| {
        let definitions = step.desired.definitions(object.group(), object.kind());
        let mut missing = definitions.filter(|(id, desired)| {
            let is_there = matches!(view(id), View::Present(sight) if sight.is_there());
            desired.is_wanted_in(cluster) && !is_there
        });
        missing.next().map(|(id, _)| id.clone())
    })
}

/// The object that has to be gone from the cluster before this one, and is not: what is in it, or
/// is of the kind that it defines, whosever it is, as that would go with it.
pub(super) fn goes_first<'s>(
    step: &Step<'s>,
    object: &ObjectId,
    defines: Option<&(String, String)>,
    cluster: &ClusterName,
) -> Option<&'s ObjectId> {
    let is_namespace = is_namespace(object);
    if !is_namespace && defines.is_none() {
        return None;
    }
    let is_content = |other: &ObjectId| {
        let is_in = is_namespace && other.namespace() == Some(object.name());
        let is_of = |(group, kind): &(String, String)| {
            other.group() == group.as_str() && other.kind() == kind.as_str()
        };
        is_in || defines.is_some_and(is_of)
    };
    let mut desired = step.desired.iter();
    let wanted = desired
        .find(|(other, desired)| is_content(other) && desired.is_wanted_in(cluster))
        .map(|(other, _)| other);
    step.sights.any_in(cluster, is_content).or(wanted)
}

pub(super) fn is_namespace(object: &ObjectId) -> bool {
    object.kind() == "Namespace" && object.group().is_empty()
}

fn namespace(name: &str) -> ObjectId {
    ObjectId::new(GroupVersionKind::new("", "", "Namespace"), None, name)
}
