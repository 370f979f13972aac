//! How does it stand with the object as a whole? Conditions, by the conventions of Kubernetes.

use serde::Serialize;

use crate::plan::{PlannedObject, RenderedObject};
use crate::problem::Code;
use crate::words::{counted, few};

/// One condition of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Condition {
    /// What it is about: `Placed`, `ClustersReady` or `Deliverable`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Does it hold?
    pub status: ConditionStatus,
    /// The reason, for machines.
    pub reason: String,
    /// The reason, for people.
    pub message: String,
}

/// Does a condition hold?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum ConditionStatus {
    /// It does.
    True,
    /// It does not.
    False,
}

impl Condition {
    fn holds(kind: &'static str, message: String) -> Self {
        Self {
            kind,
            status: ConditionStatus::True,
            reason: kind.to_owned(),
            message,
        }
    }

    fn fails(kind: &'static str, code: Code, message: String) -> Self {
        Self {
            kind,
            status: ConditionStatus::False,
            reason: code.as_str().to_owned(),
            message,
        }
    }
}

/// The conditions of an object whose manifests are made.
pub(crate) fn conditions(object: &RenderedObject<'_>) -> Vec<Condition> {
    let manifests = object.manifests();
    if manifests.is_empty() {
        return vec![nowhere(object.planned())];
    }
    let unready: Vec<_> = manifests
        .iter()
        .map(|(placed, _)| placed.cluster())
        .filter(|cluster| !cluster.is_ready())
        .map(|cluster| cluster.name().as_str())
        .collect();
    let faults: Vec<_> = manifests
        .iter()
        .filter_map(|(placed, rendered)| {
            let code = rendered.faults().next()?.code;
            Some((placed.cluster().name().as_str(), code))
        })
        .collect();
    vec![
        Condition::holds(
            "Placed",
            format!("placed in {}", counted(manifests.len(), "cluster")),
        ),
        if unready.is_empty() {
            Condition::holds("ClustersReady", "all of its clusters are ready".to_owned())
        } else {
            let message = format!("not ready: {}", few(unready));
            Condition::fails("ClustersReady", Code::ClusterNotReady, message)
        },
        match faults.first() {
            None => Condition::holds("Deliverable", "every manifest could be made".to_owned()),
            Some((_, code)) => {
                let names: Vec<_> = faults.iter().map(|(name, _)| *name).collect();
                let message = format!("the manifest has a fault in: {}", few(names));
                Condition::fails("Deliverable", *code, message)
            }
        },
    ]
}

fn nowhere(object: PlannedObject<'_>) -> Condition {
    let counts = object.refused_counts();
    let Some((code, _)) = counts.iter().max_by_key(|(_, count)| **count) else {
        return Condition::fails(
            "Placed",
            Code::UnknownCluster,
            "there are no clusters".to_owned(),
        );
    };
    let why: Vec<_> = counts
        .iter()
        .map(|(code, count)| format!("{code} in {}", counted(*count, "cluster")))
        .collect();
    Condition::fails(
        "Placed",
        *code,
        format!("placed nowhere: {}", why.join(", ")),
    )
}
