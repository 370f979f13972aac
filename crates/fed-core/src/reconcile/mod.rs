//! What has to be done to each cluster? [`reconcile`] holds a plan against what was seen, and
//! answers with actions, each with its reason. Nothing of it is done here.
//!
//! A step is a value in and a value out, so that a crash between any two actions is a loop in a
//! test. What must not be forgotten is [`Memory`]: an action that relies on new memory is given out
//! only in a step that is told that this memory was saved.
//!
//! One object in one cluster, as the machine sees it:
//!
//! ```text
//!                     remember        save          create
//!   not wanted, -----------------> remembered --------------> there, ours <---.  apply or update:
//!   not there   <----------.           |                       |   |   |      |  another manifest,
//!        ^        forget   |           | there, not ours       |   |   '------'  or drift
//!        |                 |           v                       |   |
//!        |                 |      may it be adopted? --- yes --'   | not wanted any more
//!        |                 |           | no                        v
//!        |                 '-----------+                contents gone? enough copies elsewhere?
//!        |                   forget and report                     |
//!        |                                                         v
//!        '------------------ seen to be gone -------- deleted, or left without our mark
//! ```
//!
//! A cluster that is not in sight, a manifest with a fault, and an intent of which nothing is known
//! change nothing: what is there stays, and what is remembered too. A failure changes nothing
//! either, but for when the same is tried again. Whoever takes our mark off an object, or sets it to
//! `"false"`, takes the object from us.
//!
//! What has to hold, and is checked in every interleaving of events up to a depth (`fed-testkit`,
//! `tests/reconcile/`):
//!
//! - Once nothing else changes, clusters come to hold what is planned, and nothing more is done.
//! - What is not ours is never deleted or changed, unless its adoption was asked for.
//! - No ready copy goes because of us while fewer than wanted would be left.
//! - What we created is in the end wanted, left on purpose, or gone: a deleted intent does not end
//!   before, however old the memory is that is read after a crash.
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
mod answer;
mod cell;
mod desired;
mod drift;
mod fold;
mod followers;
mod judgement;
mod memory;
mod options;
mod order;
mod pause;
mod recorded;
mod retain;
mod sight;
mod spare;
mod states;
mod step;
mod write;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

pub use action::{Act, Action};
pub use answer::{Answer, Failure};
pub use desired::{Desired, ManifestHash};
pub use fold::Managers;
pub use memory::{Memory, Remembered, Version};
pub use options::{
    Adoption, Conflicts, Dependencies, Drift, Moves, Options, Propagation, Removal, Replacement,
    Write,
};
pub use recorded::Recorded;
pub(crate) use retain::wanted_over;
pub use sight::{Claim, Sight, Sights};
pub use states::States;
pub use step::{Step, Withdrawn};

use crate::identity::{ClusterName, ObjectId};
use cell::{Case, Cell};
use desired::DesiredObject;
use judgement::{Judgement, Keep};

/// What a step decides.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Decision {
    /// What is to be remembered from now on. What of it [is not saved](Memory::unsaved) is to be
    /// saved, and told to the next step by [`Memory::confirm`] or [`Memory::saved`].
    pub memory: Memory,
    /// What is to be done now, in any order and at once; by cluster, then object.
    pub actions: Vec<Action>,
    /// How it stands with each object in each cluster.
    pub states: BTreeMap<ObjectId, States>,
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
    memory.learn(step.answers, step.sights, step.now);
    for cluster in step.gone.into_iter().flatten() {
        memory.forget_cluster(cluster);
    }
    let mut decision = Decision {
        memory: memory.clone(),
        actions: Vec::new(),
        states: BTreeMap::new(),
        finished: BTreeSet::new(),
        next_look: None,
    };
    for (object, desired) in step.desired.iter() {
        reconcile_object(step, object, Some(desired), &mut memory, &mut decision);
    }
    let withdrawn = step.withdrawn.into_iter().flat_map(Withdrawn::iter);
    let others: BTreeSet<ObjectId> = memory
        .objects()
        .chain(withdrawn)
        .filter(|object| step.desired.object(object).is_none())
        .cloned()
        .collect();
    for object in &others {
        reconcile_object(step, object, None, &mut memory, &mut decision);
    }
    memory.settle();
    decision.actions.sort_by(|a, b| a.place().cmp(&b.place()));
    decision.memory = memory;
    decision
}

fn reconcile_object(
    step: &Step<'_>,
    object: &ObjectId,
    desired: Option<&DesiredObject>,
    memory: &mut Memory,
    decision: &mut Decision,
) {
    let withdrawn = step.withdrawn.filter(|_| desired.is_none());
    let withdrawn = withdrawn.filter(|withdrawn| withdrawn.holds(object));
    let remembered = memory.of(object).cloned();
    let told = desired
        .map(DesiredObject::options)
        .or_else(|| withdrawn?.options(object));
    let options = options(told, remembered.as_deref());
    let is_abandoned = desired.is_none()
        && remembered
            .as_deref()
            .is_some_and(|it| followers::is_abandoned(step, object, it));
    let case = Case {
        step,
        object,
        desired,
        options: &options,
        is_withdrawn: withdrawn.is_some() || is_abandoned,
        remembered: remembered.as_deref(),
        next: remembered
            .as_ref()
            .map_or(0, |it| it.version())
            .saturating_add(u64::from(!memory.has_changed(object))),
        seen: step.sights.everywhere(object),
    };
    let mut cells: Vec<(Cell<'_>, Judgement)> = clusters(&case)
        .into_iter()
        .map(|cluster| {
            let cell = Cell::of(&case, cluster);
            let judgement = cell.judge();
            (cell, judgement)
        })
        .collect();
    if desired.is_some() {
        spare::keep_enough(&mut cells, &options);
    }
    let is_left = cells
        .iter()
        .any(|(_, judgement)| judgement.outcome.is_some());
    carry_out(&case, cells, memory, decision);
    if is_abandoned {
        // Nobody waits for its end.
        let is_known = remembered.as_deref().is_some_and(Remembered::is_abandoned);
        if !is_known && memory.of(object).is_some_and(|it| !it.is_empty()) {
            let leaders = case.remembered.map(|it| it.leaders().clone());
            memory
                .change(object)
                .follow(leaders.unwrap_or_default(), true);
        }
    } else {
        end(&case, is_left, memory, decision);
    }
    let Some(desired) = desired else {
        return;
    };
    let leaders = || desired.leaders().iter().map(followers::leader).collect();
    // What did not change need not be looked up once more.
    let latest = if memory.has_changed(object) {
        memory.of(object)
    } else {
        remembered.as_ref()
    };
    if let Some(remembered) = latest.cloned() {
        let follows = !desired.leaders().is_empty() || !remembered.leaders().is_empty();
        let is_new = follows && (remembered.is_abandoned() || *remembered.leaders() != leaders());
        if !remembered.knows(&options, desired.defined_kind()) {
            memory.change(object).note(&options, desired.defined_kind());
        }
        if is_new {
            memory.change(object).follow(leaders(), false);
        }
    }
}

/// The options that hold. Of an intent that is gone without a word nobody can change the options:
/// that it was suspended does not keep what it asked for for ever.
fn options<'a>(told: Option<&'a Options>, remembered: Option<&'a Remembered>) -> Cow<'a, Options> {
    match (told, remembered.map(Remembered::options)) {
        (Some(told), _) => Cow::Borrowed(told),
        (None, Some(remembered)) if remembered.suspended => Cow::Owned(Options {
            suspended: false,
            ..remembered.clone()
        }),
        (None, Some(remembered)) => Cow::Borrowed(remembered),
        (None, None) => Cow::Owned(Options::default()),
    }
}

/// The clusters in which the object is, was, or should be, by name.
fn clusters<'s>(case: &Case<'s>) -> Vec<&'s ClusterName> {
    let wanted = case.desired.into_iter().flat_map(DesiredObject::clusters);
    let remembered = case.remembered.into_iter().flat_map(Remembered::clusters);
    let count = case.desired.map_or(0, DesiredObject::count);
    let mut clusters = Vec::with_capacity(count.saturating_mul(3).max(3));
    clusters.extend(wanted.chain(remembered).chain(case.seen.ours()));
    clusters.sort();
    clusters.dedup();
    if let Some(gone) = case.step.gone {
        clusters.retain(|cluster| !gone.contains(*cluster));
    }
    clusters
}

fn carry_out(
    case: &Case<'_>,
    cells: Vec<(Cell<'_>, Judgement)>,
    memory: &mut Memory,
    decision: &mut Decision,
) {
    let mut states = Vec::with_capacity(cells.len());
    for (cell, judgement) in cells {
        let Judgement {
            outcome,
            act,
            keep,
            look_at,
        } = judgement;
        match keep {
            Keep::Same => {}
            Keep::Confirm => {
                memory.change(case.object);
            }
            Keep::This(kept) => memory.change(case.object).keep(cell.cluster, *kept),
            Keep::Nothing => memory.change(case.object).drop_cluster(cell.cluster),
        }
        decision.next_look = match (decision.next_look, look_at) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        if let Some(act) = act {
            decision.actions.push(Action {
                cluster: cell.cluster.clone(),
                object: case.object.clone(),
                act,
            });
        }
        if let Some(outcome) = outcome {
            states.push((cell.cluster.clone(), states::state(&cell, outcome)));
        }
    }
    if !states.is_empty() {
        decision
            .states
            .insert(case.object.clone(), States::of(states));
    }
}

/// Tells that nothing is left of a withdrawn object, once it is saved that this is so: who reads an
/// old memory may have forgotten a cluster.
fn end(case: &Case<'_>, is_left: bool, memory: &mut Memory, decision: &mut Decision) {
    let ends = case.is_withdrawn && !is_left && !memory.is_followed(case.object);
    let was_ending = case.remembered.is_some_and(Remembered::is_ending);
    if ends && case.remembered.is_some_and(Remembered::has_ended) {
        decision.finished.insert(case.object.clone());
    } else if ends != was_ending {
        memory.change(case.object).set_ending(ends);
    } else if ends && case.remembered.is_some_and(|it| !it.needs_saving()) {
        memory.change(case.object);
    }
}
