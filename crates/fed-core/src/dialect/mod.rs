//! Which ways are there to ask for federation? Documents of every dialect are read together, and
//! lowered to the same [`Intent`]s. The dialects know nothing of planning.

mod document;
mod duplicates;
pub mod karmada;
pub mod kubefed;
mod later;
mod local_metadata;
pub mod native;
mod node;
mod parse;
mod unknown;

use std::collections::{BTreeMap, BTreeSet};

pub use document::Document;
#[cfg(feature = "schema")]
pub(crate) use document::objects;
pub(crate) use document::{Entry, entries, read_identity, read_type, text};
pub use parse::parse;
pub(crate) use parse::{field_name, type_of};

use crate::fleet::Fleet;
use crate::identity::{ClusterName, ObjectId};
use crate::intent::{Intent, NamespaceRule};
use crate::kinds::{Kinds, Scope};
use crate::location::Location;
use crate::problem::Problem;
use crate::world::{Assumptions, World};

/// What documents say: the intents, the clusters, and what is wrong with them.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Reading {
    /// What is asked for.
    pub intents: Vec<Intent>,
    /// The clusters there are.
    pub fleet: Fleet,
    /// What is wrong, or worth knowing.
    pub problems: Vec<Problem>,
    /// Clusters that are named by something that is no intent, and where.
    pub also_named: BTreeMap<ClusterName, Location>,
    /// The scope of the control plane, where a KubeFedConfig tells it.
    pub scope: Option<Scope>,
    /// What documents tried to say and could not.
    pub lost: Lost,
    /// All kinds: those that were known, and those that documents declare.
    pub kinds: Kinds,
}

/// What documents tried to say and could not: nothing may be assumed in its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lost {
    /// There are documents of clusters that cannot be used.
    pub clusters: bool,
    /// Namespaces whose FederatedNamespace cannot be used.
    pub namespaces: BTreeSet<String>,
    /// There are policies that cannot be used: which objects they are about is not known.
    pub policies: bool,
    /// Objects that are asked for and cannot be planned.
    pub objects: BTreeSet<ObjectId>,
}

/// Reads documents of every dialect: what to federate, and the clusters to federate it to.
///
/// A document that cannot be understood is a problem and blocks no other. The order of the
/// documents does not matter.
///
/// ```
/// use fed_core::dialect::{self, Document};
/// use fed_core::{Assumptions, DocumentId, kinds::Kinds, plan};
/// use serde_json::json;
///
/// let federated = json!({
///     "apiVersion": "types.kubefed.io/v1beta1",
///     "kind": "FederatedConfigMap",
///     "metadata": {"name": "colours", "namespace": "shop"},
///     "spec": {
///         "template": {"data": {"sky": "blue"}},
///         "placement": {"clusters": [{"name": "us-east"}]},
///     },
/// });
/// let documents = [Document::new(DocumentId(0), &federated)];
/// let assumptions = Assumptions::lenient();
/// let reading = dialect::read(&documents, &Kinds::default(), assumptions);
/// let plan = plan(&reading.world(assumptions));
/// assert_eq!(plan.objects().next().unwrap().placed().count(), 1);
/// ```
pub fn read(documents: &[Document<'_>], kinds: &Kinds, assumptions: Assumptions) -> Reading {
    let mut problems = Vec::new();
    let entries = document::entries(documents, &mut problems);
    let named = Named::of(&entries);
    let entries = duplicates::distinct(entries, &mut problems);

    let mut reading = Reading::default();
    let mut sorted = sort(entries, &mut problems);
    let kinds = native::declare(&sorted.definitions, kinds, &mut problems);
    let types = kubefed::Types::new(&sorted.type_configs, &kinds, &mut problems);
    let federated = take_federated(&mut sorted, &types, &mut problems);
    kubefed::read_fixed(&sorted, assumptions, &mut reading, &mut problems);
    let mut federated = kubefed::lower(
        &federated,
        kubefed::adoption(&sorted.configs),
        assumptions,
        &mut problems,
    );
    let conflicting = named.conflicting_preferences(&sorted.preferences);
    kubefed::schedule(
        &sorted.preferences,
        &conflicting,
        &mut federated,
        assumptions,
        &mut reading,
        &mut problems,
    );
    let mut lost = Lost::default();
    reading.intents = native::lower(
        &sorted,
        federated,
        types.kinds(),
        assumptions,
        &mut lost,
        &mut problems,
    );
    reading.lost = named.lost(&reading, lost);
    reading.kinds = types.kinds().clone();
    reading.problems = problems;
    reading.problems.sort();
    reading.problems.dedup();
    reading
}

/// What the input has documents for, whether they can be used or not.
struct Named {
    clusters: bool,
    namespaces: BTreeSet<String>,
    /// ReplicaSchedulingPreferences, by namespace and name.
    preferences: BTreeSet<(Option<String>, String)>,
}

impl Named {
    fn of(entries: &[Entry<'_>]) -> Self {
        let of_kind =
            |kind: &'static str| entries.iter().filter(move |entry| entry.gvk.kind() == kind);
        let namespaces = of_kind("FederatedNamespace").map(|entry| entry.name.clone());
        Self {
            clusters: of_kind("KubeFedCluster").next().is_some(),
            namespaces: namespaces.collect(),
            preferences: of_kind("ReplicaSchedulingPreference")
                .map(|entry| (entry.namespace.clone(), entry.name.clone()))
                .collect(),
        }
    }

    /// Those of which different ones have the same name, so that none of them is left.
    fn conflicting_preferences(&self, left: &[Entry<'_>]) -> BTreeSet<(Option<String>, String)> {
        let mut lost = self.preferences.clone();
        for entry in left {
            lost.remove(&(entry.namespace.clone(), entry.name.clone()));
        }
        lost
    }

    /// What is not there after all.
    fn lost(self, reading: &Reading, lost: Lost) -> Lost {
        let governed: BTreeSet<_> = reading
            .intents
            .iter()
            .filter(|intent| intent.namespace_rule() == NamespaceRule::Governs)
            .map(|intent| intent.target().name())
            .collect();
        let is_lost = |name: &String| !governed.contains(name.as_str());
        Lost {
            clusters: self.clusters && reading.fleet.is_empty(),
            namespaces: self.namespaces.into_iter().filter(is_lost).collect(),
            ..lost
        }
    }
}

impl Reading {
    /// The world that the documents describe.
    pub fn world(&self, assumptions: Assumptions) -> World<'_> {
        let world = World::new(&self.intents, &self.fleet)
            .assuming(assumptions)
            .also_naming(self.also_named.clone())
            .without(self.lost.clone());
        match self.scope {
            Some(scope) => world.with_scope(scope),
            None => world,
        }
    }
}

/// The objects of the input, by what they mean to us.
#[derive(Debug, Default)]
pub(crate) struct Sorted<'d> {
    pub(crate) clusters: Vec<Entry<'d>>,
    pub(crate) configs: Vec<Entry<'d>>,
    pub(crate) type_configs: Vec<Entry<'d>>,
    pub(crate) preferences: Vec<Entry<'d>>,
    pub(crate) records: Vec<Entry<'d>>,
    pub(crate) propagations: Vec<Entry<'d>>,
    pub(crate) definitions: Vec<Entry<'d>>,
    /// All others.
    pub(crate) plain: Vec<Entry<'d>>,
}

fn sort<'d>(entries: Vec<Entry<'d>>, problems: &mut Vec<Problem>) -> Sorted<'d> {
    let mut sorted = Sorted::default();
    for entry in entries {
        if let Some(problem) = later::problem(&entry)
            .or_else(|| kubefed::wrong_api_version(&entry))
            .or_else(|| native::wrong_api_version(&entry))
        {
            problems.push(problem);
            continue;
        }
        let place = match (entry.gvk.group(), entry.gvk.kind()) {
            (kubefed::CORE_GROUP, "KubeFedCluster") => &mut sorted.clusters,
            (kubefed::CORE_GROUP, "KubeFedConfig") => &mut sorted.configs,
            (kubefed::CORE_GROUP, "FederatedTypeConfig") => &mut sorted.type_configs,
            (kubefed::SCHEDULING_GROUP, "ReplicaSchedulingPreference") => &mut sorted.preferences,
            (kubefed::CORE_GROUP, _) => &mut sorted.records,
            (native::GROUP, "Propagation") => &mut sorted.propagations,
            (native::GROUP, "KindDefinition") => &mut sorted.definitions,
            _ => &mut sorted.plain,
        };
        place.push(entry);
    }
    sorted
}

/// Takes the federated objects out of the plain ones. What looks federated and is not is a
/// problem.
fn take_federated<'d>(
    sorted: &mut Sorted<'d>,
    types: &kubefed::Types,
    problems: &mut Vec<Problem>,
) -> Vec<(Entry<'d>, kubefed::FederatedType)> {
    let mut federated = Vec::new();
    for entry in std::mem::take(&mut sorted.plain) {
        if let Some(problem) = types.fault(&entry) {
            problems.push(problem);
        } else if let Some(of) = types.find(&entry.gvk) {
            federated.push((entry, of));
        } else {
            sorted.plain.push(entry);
        }
    }
    federated
}
