//! What should each cluster hold? [`plan`] answers for a whole world at once: which clusters every
//! object is placed in, and all that is wrong with what was asked for.
//!
//! A plan holds shared parts. A manifest is made when somebody asks for it
//! ([`Placed::render`]), and so is the sentence for a decision ([`PlannedObject::explain`]).

mod assume;
mod clash;
mod decide;
mod manifest;
mod object;
mod remark;
mod rendering;
mod selection;
mod sharing;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use manifest::{Manifest, Rendered};
pub use object::{Placed, PlannedObject, Refused};
pub use rendering::{RenderedObject, Rendering};

use decide::{Basis, Decision, Scene};
use jiff::Timestamp;

use crate::check::Schemas;
use crate::dialect::Lost;
use crate::fleet::{ClusterSet, Fleet};
use crate::identity::ObjectId;
use crate::intent::{Among, Intent, NamespaceRule};
use crate::kinds::Scope;
use crate::observe::Observed;
use crate::place::{Gate, Rule};
use crate::problem::{Code, Problem};
use crate::world::World;

/// What each cluster should hold. Made by [`plan`].
#[derive(Clone, Debug)]
pub struct Plan {
    fleet: Fleet,
    entries: Vec<Entry>,
    problems: Vec<Problem>,
    schemas: Option<Arc<dyn Schemas>>,
    observed: Observed,
    now: Option<Timestamp>,
    lost: Lost,
}

/// One object of a plan: the intent, and where it goes.
#[derive(Clone, Debug)]
struct Entry {
    intent: Intent,
    namespace: Governance,
    decision: Decision,
}

impl Entry {
    /// Is it known where the object should be?
    fn is_decided(&self) -> bool {
        let is_sound = |intent: &Intent| {
            let withheld = intent.withheld().map(|reason| reason.code);
            let selector = intent.placement().cluster_selector.as_ref();
            withheld.is_none_or(|code| code == Code::SystemNamespace)
                && selector.is_none_or(|selector| selector.check().is_ok())
                && intent.placement().faults().is_empty()
        };
        let governed = match &self.namespace {
            Governance::Nothing | Governance::Unfederated => true,
            Governance::Lost => false,
            Governance::Namespace(namespace, _) => is_sound(namespace),
        };
        governed
            && self.intent.withheld().is_none()
            && is_sound(&self.intent)
            && self.decision.is_made()
    }
}

/// What governs the placement of an object besides itself.
#[derive(Clone, Debug)]
enum Governance {
    Nothing,
    /// A namespace, and the clusters in which it is placed.
    Namespace(Arc<Intent>, ClusterSet),
    Unfederated,
    /// There is one, and it cannot be read.
    Lost,
}

impl Governance {
    fn gate<'p>(&'p self, fleet: &Fleet, basis: Basis, among: Among) -> Gate<'p> {
        match self {
            Self::Nothing => Gate::open(),
            Self::Unfederated | Self::Lost => Gate::shut(fleet),
            Self::Namespace(namespace, placed) => {
                // Every cluster has the system namespaces: that they are not propagated keeps
                // nothing out of them.
                let withheld = namespace
                    .withheld()
                    .filter(|reason| reason.code != Code::SystemNamespace);
                let rule = |placement| Rule::new(placement, withheld, fleet);
                let mut rules = vec![rule(namespace.placement())];
                if basis == Basis::Division && among == Among::Selected {
                    rules.push(rule(namespace.by_selector()));
                }
                Gate::namespace(rules, placed, fleet)
            }
        }
    }
}

/// Works out what each cluster should hold.
///
/// Pure and total: faults are values inside the answer, and one bad intent never blocks another.
/// The same world gives the same plan, whatever the order of its intents.
///
/// ```
/// use fed_core::{Cluster, Fleet, Intent, Override, PatchOperation, Placement, World, plan};
/// use serde_json::json;
///
/// let deployment = json!({
///     "apiVersion": "apps/v1",
///     "kind": "Deployment",
///     "metadata": {"name": "rating", "namespace": "shop"},
///     "spec": {"replicas": 3},
/// });
/// let intent = Intent::of(deployment)?
///     .place(Placement::clusters(["us-east", "eu-west"]))
///     .customize(&[Override::new([PatchOperation::replace("/spec/replicas", 5)]).in_clusters(["eu-west"])]);
/// let fleet: Fleet = ["us-east", "eu-west"].map(Cluster::new).into_iter().collect();
///
/// let plan = plan(&World::of(intent, &fleet));
/// let rating = plan.objects().next().unwrap();
/// let replicas: Vec<_> = rating
///     .placed()
///     .map(|placed| (placed.cluster().name().as_str(), placed.render().manifest().replicas()))
///     .collect();
/// assert_eq!(replicas, [("eu-west", Some(5)), ("us-east", Some(3))]);
/// # Ok::<(), fed_core::Problem>(())
/// ```
pub fn plan(world: &World<'_>) -> Plan {
    let (fleet, mut problems) = assume::fleet(world);
    let (intents, clashes) = clash::distinct(&world.intents);
    problems.extend(clashes);
    // Of namespaces that clash nobody knows where they are, nor of those that cannot be read.
    let mut lost = world.lost.namespaces.clone();
    let governing = world.intents.iter().filter(|intent| governs(intent));
    lost.extend(governing.map(|intent| intent.target().name().to_owned()));
    let scene = Scene {
        fleet: &fleet,
        observed: &world.observed,
        now: world.now,
    };
    let governors: Governors = intents
        .iter()
        .filter(|intent| governs(intent))
        .map(|intent| (intent.target().name().to_owned(), governor(scene, intent)))
        .collect();
    let mut entries: Vec<_> = intents
        .iter()
        .map(|intent| {
            let namespace = govern(intent, &governors, &lost, world, &mut problems);
            let decision = decide::decide(scene, intent, &namespace, &mut problems);
            Entry {
                intent: (*intent).clone(),
                namespace,
                decision,
            }
        })
        .collect();
    entries.sort_by(|a, b| a.intent.target().cmp(b.intent.target()));
    for entry in &entries {
        remark::entry(entry, &fleet, &mut problems);
    }
    problems.sort();
    problems.dedup();
    Plan {
        fleet,
        entries,
        problems,
        schemas: world.schemas.clone(),
        observed: world.observed.clone(),
        now: world.now,
        lost: world.lost.clone(),
    }
}

fn governs(intent: &Intent) -> bool {
    intent.namespace_rule() == NamespaceRule::Governs
}

/// Namespaces by name, and the clusters in which each is placed.
type Governors = BTreeMap<String, (Arc<Intent>, ClusterSet)>;

fn governor(scene: Scene<'_>, intent: &Intent) -> (Arc<Intent>, ClusterSet) {
    // Every cluster has the system namespaces: that they are not propagated keeps nothing out of
    // them. What else there is to say is told where the namespace itself is placed.
    let is_system = intent.withheld().map(|reason| reason.code) == Some(Code::SystemNamespace);
    let of_all = if is_system {
        intent.clone().released()
    } else {
        intent.clone()
    };
    let decision = decide::decide(scene, &of_all, &Governance::Nothing, &mut Vec::new());
    (Arc::new(intent.clone()), decision.chosen)
}

fn govern(
    intent: &Intent,
    governors: &Governors,
    lost: &BTreeSet<String>,
    world: &World<'_>,
    problems: &mut Vec<Problem>,
) -> Governance {
    let (NamespaceRule::Follows, Some(namespace), None) = (
        intent.namespace_rule(),
        intent.target().namespace(),
        intent.withheld(),
    ) else {
        return Governance::Nothing;
    };
    if let Some((governor, placed)) = governors.get(namespace) {
        return Governance::Namespace(Arc::clone(governor), placed.clone());
    }
    match world.scope {
        _ if lost.contains(namespace) => {
            problems.push(remark::namespace_lost(intent, namespace));
            Governance::Lost
        }
        Some(Scope::Namespaced) => Governance::Nothing,
        None if world.assumptions.unfederated_namespaces_do_not_matter => {
            problems.push(remark::namespace_assumed(intent, namespace));
            Governance::Nothing
        }
        _ => {
            problems.push(remark::namespace_not_federated(intent, namespace));
            Governance::Unfederated
        }
    }
}

impl Plan {
    /// The clusters that were planned for: those of the world, and those that were assumed.
    pub fn fleet(&self) -> &Fleet {
        &self.fleet
    }

    /// The objects, by kind, group, namespace and name.
    pub fn objects(&self) -> impl ExactSizeIterator<Item = PlannedObject<'_>> {
        self.entries
            .iter()
            .map(|entry| PlannedObject { plan: self, entry })
    }

    /// The object of this identity, as clusters have it, or as it was asked for.
    pub fn object(&self, id: &ObjectId) -> Option<PlannedObject<'_>> {
        self.objects()
            .find(|object| object.target().same_object(id) || object.source().same_object(id))
    }

    /// Is it known that nobody asks for an object that the plan does not have?
    pub(crate) fn is_unwanted(&self, object: &ObjectId) -> bool {
        !self.lost.policies && !self.lost.objects.contains(&object.versionless())
    }

    fn scene(&self) -> Scene<'_> {
        Scene {
            fleet: &self.fleet,
            observed: &self.observed,
            now: self.now,
        }
    }

    /// All that is known to be wrong, or worth knowing, without making a manifest. What making
    /// them brings to light is told by [`Plan::check`].
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Makes all manifests.
    pub fn render(&self) -> Rendering<'_> {
        Rendering::of(self)
    }

    /// All that is wrong, or worth knowing, with the manifests too: [`Rendering::problems`].
    pub fn check(&self) -> Vec<Problem> {
        self.render().problems()
    }
}
