//! Where should a federated object be? KubeFed's placement, which a list decides alone where there
//! is one.

use serde_json::Value;

use super::api;
use crate::customize::kubefed::PlacedReplicas;
use crate::fleet::{ClusterSet, Fleet};
use crate::identity::{ClusterName, ObjectId};
use crate::intent::{InvalidSelector, LabelRequirement, LabelSelector, Placement};
use crate::location::Location;
use crate::place;
use crate::problem::{Code, Problem};

/// The placement in the core's own terms: the list where there is one, else the selector.
///
/// ```
/// use fed_core::Placement;
/// use fed_core::dialect::kubefed::{api, placement};
///
/// let written = r#"{"clusters": [{"name": "us-east"}], "clusterSelector": {}}"#;
/// let read: api::Placement = serde_json::from_str(written)?;
/// assert_eq!(placement::lower(&read), Placement::clusters(["us-east"]));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn lower(placement: &api::Placement) -> Placement {
    match (&placement.clusters, &placement.cluster_selector) {
        // What has no name keeps its place, so that the others keep theirs.
        (Some(clusters), _) => Placement::clusters(
            clusters
                .iter()
                .map(|cluster| cluster.name.as_deref().unwrap_or_default()),
        ),
        (None, Some(selector)) => Placement::selector(lower_selector(selector)),
        (None, None) => Placement::nowhere(),
    }
}

/// The clusters that selectors alone choose, for an object and for its namespace: lists are
/// ignored, and who has no selector chooses nothing. This is what
/// `intersectWithClusterSelector` of a ReplicaSchedulingPreference asks for.
pub fn select_by_selector(
    placement: &api::Placement,
    namespace: Option<&api::Placement>,
    fleet: &Fleet,
) -> Result<ClusterSet, InvalidSelector> {
    let own = place::select(&without_list(placement), fleet)?;
    let Some(namespace) = namespace else {
        return Ok(own);
    };
    let within = place::select(&without_list(namespace), fleet)?;
    Ok(own.iter().filter(|index| within.contains(*index)).collect())
}

/// What the selector says, whatever the list says; without a selector nothing is chosen.
pub(super) fn without_list(placement: &api::Placement) -> Placement {
    placement
        .cluster_selector
        .as_ref()
        .map_or_else(Placement::nowhere, |selector| {
            Placement::selector(lower_selector(selector))
        })
}

fn lower_selector(selector: &api::LabelSelector) -> LabelSelector {
    let labels = selector.match_labels.iter().flatten();
    let expressions = selector.match_expressions.iter().flatten();
    expressions.fold(LabelSelector::labels(labels), |selector, requirement| {
        let values = requirement.values.iter().flatten();
        selector.and(LabelRequirement::new(
            requirement.key.as_deref().unwrap_or_default(),
            requirement.operator.as_deref().unwrap_or_default(),
            values,
        ))
    })
}

/// Tells that a selector stands beside a list.
pub(super) fn ignored_selector(
    placement: &api::Placement,
    at: &Location,
    source: &ObjectId,
) -> Option<Problem> {
    (placement.clusters.is_some() && placement.cluster_selector.is_some()).then(|| {
        let message = "clusterSelector has no effect beside clusters: remove one of them";
        Problem::note(Code::SelectorIgnored, message)
            .at(at.child("clusterSelector"))
            .about(source)
    })
}

/// The numbers of replicas that stand beside the names of clusters, and those that are none.
pub(super) fn replicas(
    placement: &api::Placement,
    at: &Location,
    replicas_path: Option<&str>,
    source: &ObjectId,
    problems: &mut Vec<Problem>,
) -> (Vec<PlacedReplicas>, Vec<(ClusterName, Problem)>) {
    let (mut numbers, mut faults) = (Vec::new(), Vec::new());
    for (i, cluster) in placement.clusters.iter().flatten().enumerate() {
        let (Some(name), Some(value)) = (&cluster.name, &cluster.replicas) else {
            continue;
        };
        let at = at.child("clusters").child(i).child("replicas");
        match count(value) {
            _ if replicas_path.is_none() => {
                let message = format!("{source} has no replicas, so the number here has no effect");
                let warning = Problem::warning(Code::ReplicasUnsupported, message);
                problems.push(warning.at(at).about(source));
            }
            Ok(count) => numbers.push(PlacedReplicas::new(name, count, at)),
            Err(message) => {
                let fault = Problem::error(Code::InvalidReplicas, message)
                    .at(at)
                    .about(source);
                faults.push((name.into(), fault.in_cluster(&name.into())));
            }
        }
    }
    (numbers, faults)
}

/// A number of replicas: what fits an `int32` and is not negative.
fn count(value: &Value) -> Result<i64, String> {
    match value.as_i64() {
        Some(count) if (0..=i64::from(i32::MAX)).contains(&count) => Ok(count),
        Some(count) => Err(format!(
            "{count} is no number of replicas: 0 to {}",
            i32::MAX
        )),
        None => Err("replicas must be a whole number".to_owned()),
    }
}
