//! How does it stand with an object that is planned and not delivered yet? Conditions of the plan.

use std::collections::BTreeSet;

use serde::Serialize;

use super::ConditionStatus;
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
            let codes: BTreeSet<_> = rendered.faults().map(|fault| fault.code).collect();
            let first = *codes.first()?;
            let names: Vec<_> = codes.iter().map(|code| code.as_str()).collect();
            let told = format!("{} ({})", placed.cluster().name(), names.join(", "));
            Some((first, told))
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
            Some((code, _)) => {
                let clusters = faults.iter().map(|(_, told)| told.as_str());
                let message = format!("the manifest has a fault in: {}", few(clusters));
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
