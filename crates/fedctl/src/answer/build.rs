//! How does a plan become an answer?

use std::collections::BTreeMap;

use fed_core::{ObjectId, Plan, PlannedObject};

use super::problems::{self, Source, from_problems};
use super::{Answer, Cluster, Object, Placed, Problem, Refused};

/// What of the plan is told, and how.
#[derive(Clone, Debug, Default)]
pub struct Telling {
    /// The time that every decision used.
    pub now: String,
    /// Is every refused cluster listed, or only those that are named?
    pub explain: bool,
    /// Are the manifests told as well? They need far more memory than all the rest.
    pub manifests: bool,
    /// Are warnings errors?
    pub strict: bool,
}

/// Makes the answer to a plan. `problems` are those that were known before it.
pub fn build(
    plan: &Plan,
    mut problems: Vec<Problem>,
    source: Source<'_>,
    telling: &Telling,
) -> Answer {
    problems.extend(from_problems(plan.problems(), source));
    let mut clusters: BTreeMap<&str, Cluster> = plan
        .fleet()
        .iter()
        .map(|cluster| {
            let name = cluster.name().as_str();
            let manifests = Vec::new();
            (
                name,
                Cluster {
                    name: name.to_owned(),
                    manifests,
                    deliverable: Vec::new(),
                },
            )
        })
        .collect();
    let mut faults = Vec::new();
    let objects = plan
        .objects()
        .map(|object| {
            let placed = place(object, &mut clusters, &mut faults, telling.manifests);
            describe(object, placed, telling.explain)
        })
        .collect();
    problems.extend(from_problems(&faults, source));
    problems::finish(&mut problems, telling.strict);
    Answer {
        api_version: "fed.dev/v1alpha1",
        kind: "Plan",
        now: telling.now.clone(),
        clusters: clusters.into_values().collect(),
        objects,
        problems,
    }
}

/// Makes the manifests of an object, and hands one to each of its clusters where they are wanted.
fn place<'p>(
    object: PlannedObject<'p>,
    clusters: &mut BTreeMap<&'p str, Cluster>,
    faults: &mut Vec<fed_core::Problem>,
    manifests: bool,
) -> Vec<Placed> {
    object
        .placed()
        .map(|placed| {
            let name = placed.cluster().name().as_str();
            let rendered = placed.render();
            let mut reasons = placed.reasons();
            reasons.extend(rendered.faults().iter().map(fed_core::Problem::reason));
            let replicas = rendered.manifest().replicas();
            if manifests && let Some(cluster) = clusters.get_mut(name) {
                let id: ObjectId = object.target().clone();
                cluster.deliverable.push((id, rendered.faults().is_empty()));
                cluster.manifests.push(rendered.manifest().value().clone());
            }
            faults.extend(rendered.into_faults());
            Placed {
                cluster: name.to_owned(),
                replicas,
                reasons,
            }
        })
        .collect()
}

fn describe(object: PlannedObject<'_>, placed: Vec<Placed>, explain: bool) -> Object {
    let refused = |cluster: fed_core::Refused| Refused {
        cluster: cluster.cluster.as_str().to_owned(),
        reasons: cluster.reasons,
    };
    Object {
        source: object.source().into(),
        target: object.target().into(),
        placed,
        refused: if explain {
            object.refused().map(refused).collect()
        } else {
            object.refused_named().map(refused).collect()
        },
        refused_counts: object
            .refused_counts()
            .iter()
            .map(|(code, count)| (code.as_str().to_owned(), *count))
            .collect(),
        conditions: object.conditions(),
    }
}
