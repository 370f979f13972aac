//! What has to be done to each cluster? [`reconcile`] holds a plan against what was seen, and
//! answers with actions, each with its reason. Nothing of it is done here.
//!
//! A step is a value in and a value out, so that a crash between any two actions is a loop in a
//! test. What must not be forgotten is [`Memory`]: an action that relies on new memory is given out
//! only in a step that is told that this memory was saved.
//!
//! ```
//! use fed_core::reconcile::{Desired, Memory, Sights, Step, reconcile};
//! use fed_core::{Cluster, Fleet, Intent, Placement, World, plan};
//! use serde_json::json;
//!
//! let config = json!({
//!     "apiVersion": "v1", "kind": "ConfigMap",
//!     "metadata": {"name": "colours", "namespace": "shop"}, "data": {"sky": "blue"},
//! });
//! let fleet: Fleet = [Cluster::new("us-east")].into_iter().collect();
//! let plan = plan(&World::of(Intent::of(config)?.place(Placement::everywhere()), &fleet));
//! let desired = Desired::of(&plan);
//! let seen = Sights::default().with_cluster("us-east");
//! let now = "2026-01-01T00:00:00Z".parse().unwrap();
//!
//! // First it has to be remembered that the object may be in the cluster,
//! let first = reconcile(&Step::new(&desired, &seen, &Memory::default(), now));
//! assert!(first.actions.is_empty() && first.memory.needs_saving());
//! // and then it is created there.
//! let saved = first.memory.saved();
//! let second = reconcile(&Step::new(&desired, &seen, &saved, now));
//! assert_eq!(second.actions[0].to_string(), "create ConfigMap shop/colours in us-east");
//! # Ok::<(), fed_core::Problem>(())
//! ```

mod action;
mod cell;
mod desired;
mod drift;
mod memory;
mod options;
mod order;
mod outcome;
mod sight;
mod spare;
mod standing;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

pub use action::{Act, Action};
pub use desired::{Desired, ManifestHash};
pub use memory::{Memory, Version};
pub use options::{
    Adoption, Conflicts, Drift, Moves, Options, Propagation, Removal, Replacement, Write,
};
pub use outcome::{Failure, Outcome};
pub use sight::{Claim, Sight, Sights};
pub use standing::Standing;

use crate::identity::{ClusterName, ObjectId};
use cell::{Cell, Judgement, Want};
use desired::DesiredObject;

/// What a step is made from. All but these four have defaults.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Step<'s> {
    /// What clusters should hold.
    pub desired: &'s Desired,
    /// What was seen in them.
    pub sights: &'s Sights,
    /// What was remembered.
    pub memory: &'s Memory,
    /// The time.
    pub now: Timestamp,
    /// How the actions of earlier steps went.
    pub outcomes: &'s [Outcome],
    /// Objects whose intents are deleted. What is neither desired nor withdrawn stays as it is:
    /// perhaps its document could not be read.
    pub withdrawn: Option<&'s BTreeSet<ObjectId>>,
    /// Clusters that are gone from the fleet for good: what is remembered of them is forgotten.
    pub gone: Option<&'s BTreeSet<ClusterName>>,
}

impl<'s> Step<'s> {
    /// A step in which nothing is withdrawn, and of whose predecessors nothing is told.
    pub const fn new(
        desired: &'s Desired,
        sights: &'s Sights,
        memory: &'s Memory,
        now: Timestamp,
    ) -> Self {
        Self {
            desired,
            sights,
            memory,
            now,
            outcomes: &[],
            withdrawn: None,
            gone: None,
        }
    }

    /// The same step, told how these actions went.
    #[must_use]
    pub const fn after(mut self, outcomes: &'s [Outcome]) -> Self {
        self.outcomes = outcomes;
        self
    }

    /// The same step, in which these intents are deleted.
    #[must_use]
    pub const fn withdrawing(mut self, objects: &'s BTreeSet<ObjectId>) -> Self {
        self.withdrawn = Some(objects);
        self
    }

    /// The same step, in which these clusters are gone for good.
    #[must_use]
    pub const fn without(mut self, clusters: &'s BTreeSet<ClusterName>) -> Self {
        self.gone = Some(clusters);
        self
    }
}

/// What a step decides.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Decision {
    /// What is to be remembered from now on. Where it needs saving, it is to be saved before the
    /// next step, and [`Memory::saved`] handed to that step.
    pub memory: Memory,
    /// What is to be done now, in any order and at once; by cluster, then object.
    pub actions: Vec<Action>,
    /// How it stands with each object in each cluster.
    pub standings: BTreeMap<ObjectId, BTreeMap<ClusterName, Standing>>,
    /// The withdrawn objects of which nothing is left anywhere.
    pub finished: BTreeSet<ObjectId>,
    /// When to look again, if nothing happens before.
    pub next_look: Option<Timestamp>,
}

/// Decides what has to be done.
///
/// Pure and total. Once what was decided is done and nothing else changes, a further step decides
/// nothing more.
pub fn reconcile(step: &Step<'_>) -> Decision {
    let mut memory = step.memory.clone();
    memory.learn(step.outcomes, step.now);
    for cluster in step.gone.into_iter().flatten() {
        memory.forget_cluster(cluster);
    }
    let mut decision = Decision::default();
    let objects: BTreeSet<ObjectId> = step
        .desired
        .objects()
        .map(|object| object.id().versionless())
        .chain(memory.objects().cloned())
        .chain(
            step.withdrawn
                .into_iter()
                .flatten()
                .map(ObjectId::versionless),
        )
        .collect();
    for object in &objects {
        reconcile_object(step, object, &mut memory, &mut decision);
    }
    memory.settle(step.memory);
    decision.actions.sort_by(|a, b| a.place().cmp(&b.place()));
    decision.memory = memory;
    decision
}

fn reconcile_object(
    step: &Step<'_>,
    object: &ObjectId,
    memory: &mut Memory,
    decision: &mut Decision,
) {
    let desired = step.desired.object(object);
    let is_it = |other: &ObjectId| other.same_object(object);
    let withdrawn = desired.is_none() && step.withdrawn.is_some_and(|ids| ids.iter().any(is_it));
    if let Some(desired) = desired {
        memory.note_options(object, desired.options());
    }
    let options = desired.map_or_else(|| memory.options(object), DesiredObject::options);
    let mut cells: Vec<(Cell<'_>, Judgement)> = clusters(step, object, desired, memory)
        .into_iter()
        .map(|cluster| {
            let cell = Cell {
                step,
                object,
                want: want(desired, &cluster, withdrawn),
                view: step.sights.view(&cluster, object),
                kept: memory.kept(object, &cluster).cloned(),
                options: &options,
                memory,
                cluster,
            };
            let judgement = cell.judge();
            (cell, judgement)
        })
        .collect();
    spare::keep_enough(&mut cells, options);
    let judged: Vec<_> = cells
        .into_iter()
        .map(|(cell, judgement)| (cell.cluster, judgement))
        .collect();
    let mut left = false;
    for (cluster, judgement) in judged {
        left |= judgement.standing != Standing::Gone;
        carry_out(object, cluster, judgement, memory, decision);
    }
    if withdrawn && !left {
        memory.forget(object);
        decision.finished.insert(object.clone());
    }
}

/// The clusters in which the object is, was, or should be.
fn clusters(
    step: &Step<'_>,
    object: &ObjectId,
    desired: Option<&DesiredObject>,
    memory: &Memory,
) -> BTreeSet<ClusterName> {
    let wanted = desired.into_iter().flat_map(DesiredObject::clusters);
    wanted
        .chain(memory.clusters_of(object))
        .chain(step.sights.clusters_with_ours(object))
        .filter(|cluster| step.gone.is_none_or(|gone| !gone.contains(*cluster)))
        .cloned()
        .collect()
}

fn want<'s>(
    desired: Option<&'s DesiredObject>,
    cluster: &ClusterName,
    withdrawn: bool,
) -> Want<'s> {
    match desired {
        Some(desired) => desired.want(cluster),
        None if withdrawn => Want::Nothing,
        None => Want::Unknown,
    }
}

fn carry_out(
    object: &ObjectId,
    cluster: ClusterName,
    judgement: Judgement,
    memory: &mut Memory,
    decision: &mut Decision,
) {
    let Judgement {
        standing,
        act,
        keep,
        look_at,
    } = judgement;
    match keep {
        cell::Keep::Same => {}
        cell::Keep::This(kept) => memory.keep(object, &cluster, *kept),
        cell::Keep::Nothing => memory.drop_cluster(object, &cluster),
    }
    decision.next_look = match (decision.next_look, look_at) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    if let Some(act) = act {
        decision.actions.push(Action {
            cluster: cluster.clone(),
            object: object.clone(),
            act,
        });
    }
    if standing != Standing::Gone {
        let of_object = decision.standings.entry(object.clone()).or_default();
        of_object.insert(cluster, standing);
    }
}
