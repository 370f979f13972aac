//! What do we know, and do nothing with yet? Whole groups of other projects here; each dialect has
//! a list of its own fields.

use super::Entry;
use crate::problem::{Code, Problem};

/// Groups whose objects are understood by a later version, with what they are.
const GROUPS: &[(&str, &str)] = &[
    ("policy.karmada.io", "Karmada's policies"),
    ("cluster.karmada.io", "Karmada's clusters"),
    ("work.karmada.io", "Karmada's bindings and works"),
    ("cluster.x-k8s.io", "Cluster API's objects"),
    (
        "cluster.open-cluster-management.io",
        "Open Cluster Management's objects",
    ),
    (
        "work.open-cluster-management.io",
        "Open Cluster Management's works",
    ),
    ("placement.kubernetes-fleet.io", "KubeFleet's placements"),
];

/// Kinds that are understood by a later version in a group that has other kinds, too.
const KINDS: &[(&str, &str, &str)] = &[(
    "multicluster.x-k8s.io",
    "ClusterProfile",
    "cluster profiles",
)];

/// Tells that an object is known, and not honoured yet.
pub(super) fn problem(entry: &Entry<'_>) -> Option<Problem> {
    let (group, kind) = (entry.gvk.group(), entry.gvk.kind());
    let of_group = GROUPS
        .iter()
        .find(|(name, _)| *name == group)
        .map(|(_, what)| *what);
    let of_kind = KINDS
        .iter()
        .find(|(g, k, _)| *g == group && *k == kind)
        .map(|(.., what)| *what);
    let what = of_group.or(of_kind)?;
    let message = format!(
        "{} has no effect yet: {what} are not honoured so far",
        entry.id()
    );
    Some(not_yet(message).at(entry.at.clone()).about(&entry.id()))
}

/// A problem of something that is known, kept, and has no effect yet.
pub(super) fn not_yet(message: impl Into<String>) -> Problem {
    Problem::warning(Code::NotYetHonoured, message)
}
