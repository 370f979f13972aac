//! How does a plan become an answer?

use std::collections::BTreeMap;

use fed_core::divide::Why;
use fed_core::{ClusterName, Code, ObjectId, Reason, RenderedObject, Rendering};

use super::problems::{self, Source, from_problems};
use super::{Answer, Change, Cluster, Object, Placed, Problem, Refused};

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

/// Makes the answer to a plan with all its manifests, and to what it changes. `problems` are those that were known before it.
pub fn build(
    rendering: &Rendering<'_>,
    changes: Option<Vec<fed_core::Change>>,
    mut problems: Vec<Problem>,
    source: Source<'_>,
    telling: &Telling,
) -> Answer {
    problems.extend(from_problems(&rendering.problems(), source));
    let mut clusters: BTreeMap<&str, Cluster> = rendering
        .plan()
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
    let objects = rendering
        .objects()
        .iter()
        .map(|object| {
            let placed = place(object, &mut clusters, telling);
            describe(object, placed, telling.explain)
        })
        .collect();
    problems::finish(&mut problems, telling.strict);
    Answer {
        api_version: "fed.dev/v1alpha1",
        kind: "Plan",
        now: telling.now.clone(),
        clusters: clusters.into_values().collect(),
        objects,
        changes: changes.map(|changes| {
            let mut whys = Whys::default();
            let explained = changes.into_iter().map(|mut change| {
                if telling.explain {
                    change.reasons.extend(whys.of(rendering, &change));
                }
                Change::from(change)
            });
            explained.collect()
        }),
        problems,
    }
}

/// Why objects have their numbers of replicas, asked once for all clusters of each.
#[derive(Default)]
struct Whys<'p>(BTreeMap<ObjectId, BTreeMap<&'p ClusterName, Why>>);

impl<'p> Whys<'p> {
    /// Why an object has its number of replicas after a change, where they are divided.
    fn of(&mut self, rendering: &Rendering<'p>, change: &fed_core::Change) -> Option<Reason> {
        let whys = self.0.entry(change.object.clone()).or_insert_with(|| {
            let object = rendering.plan().object(&change.object);
            object
                .map(|object| object.why_so_many())
                .unwrap_or_default()
        });
        whys.get(&change.cluster).map(told)
    }
}

fn told(why: &Why) -> Reason {
    Reason::new(Code::ReplicasDivided, why.to_string())
}

/// Hands the manifests of an object to its clusters, where they are wanted.
fn place<'p>(
    object: &RenderedObject<'p>,
    clusters: &mut BTreeMap<&'p str, Cluster>,
    telling: &Telling,
) -> Vec<Placed> {
    let whys = telling.explain.then(|| object.planned().why_so_many());
    let whys = whys.unwrap_or_default();
    let manifests = object.manifests().iter();
    manifests
        .map(|(placed, rendered)| {
            let name = placed.cluster().name().as_str();
            let mut reasons = placed.reasons();
            reasons.extend(whys.get(placed.cluster().name()).map(told));
            reasons.extend(rendered.faults().map(fed_core::Problem::reason));
            if telling.manifests
                && let Some(cluster) = clusters.get_mut(name)
            {
                cluster.deliverable.push(rendered.is_deliverable());
                cluster.manifests.push(rendered.manifest().clone());
            }
            Placed {
                cluster: name.to_owned(),
                replicas: rendered.manifest().replicas(),
                reasons,
            }
        })
        .collect()
}

fn describe(rendered: &RenderedObject<'_>, placed: Vec<Placed>, explain: bool) -> Object {
    let object = rendered.planned();
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
        conditions: rendered.conditions(),
    }
}
