//! What should clusters hold, told apart by a hash? Each distinct manifest of a plan is made and
//! hashed once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::num::ParseIntError;
use std::sync::Arc;

use md5::{Digest as _, Md5};
use serde::{Deserialize, Serialize};

use super::cell::Want;
use super::followers::{self, Follower};
use super::memory::Memory;
use super::options::Options;
use crate::identity::{ClusterName, ObjectId};
use crate::intent::Template;
use crate::kinds::Kind;
use crate::location::Pointer;
use crate::plan::{Manifest, Plan};
use crate::problem::Code;

/// What a manifest says, as a number: the same on every machine and in every run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ManifestHash(u128);

impl ManifestHash {
    /// The hash of a manifest.
    pub fn of(manifest: &Manifest) -> Self {
        // A JSON value always can be written, with its keys in order.
        let text = serde_json::to_vec(manifest).unwrap_or_default();
        Self(u128::from_be_bytes(Md5::digest(&text).into()))
    }
}

impl fmt::Display for ManifestHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl From<ManifestHash> for String {
    fn from(hash: ManifestHash) -> Self {
        hash.to_string()
    }
}

impl TryFrom<String> for ManifestHash {
    type Error = ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        u128::from_str_radix(&text, 16).map(Self)
    }
}

impl fmt::Debug for ManifestHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What clusters should hold.
#[derive(Clone, Debug, Default)]
pub struct Desired {
    pub(super) objects: BTreeMap<ObjectId, DesiredObject>,
    definitions: Vec<ObjectId>,
    /// What objects want with them.
    pub(super) followers: BTreeMap<ObjectId, Follower>,
}

/// What clusters should hold of one object.
#[derive(Clone, Debug)]
pub(super) struct DesiredObject {
    options: Options,
    kind: Option<Arc<dyn Kind>>,
    clusters: BTreeMap<ClusterName, Wanted>,
    /// What the others should hold: nothing, unless nobody can tell.
    is_decided: bool,
    /// The kind that it defines: group and kind.
    defines: Option<(String, String)>,
    /// The objects that it follows, if it has no intent of its own.
    leaders: BTreeSet<ObjectId>,
}

/// What one cluster should hold.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    Manifest(Manifest, ManifestHash),
    /// A manifest with a fault, which must not be delivered, and its replicas.
    Faulty(Code, Option<i64>),
}

impl Desired {
    /// What a plan wants.
    pub fn of(plan: &Plan) -> Self {
        let objects = plan.objects().map(|object| {
            let mut known: Vec<(Manifest, ManifestHash)> = Vec::new();
            let clusters = object.render().map(|(placed, rendered)| {
                let fault = rendered.faults().next().map(|fault| fault.code);
                let wanted = match fault {
                    Some(code) => Wanted::Faulty(code, rendered.manifest().replicas()),
                    None => {
                        let manifest = rendered.manifest();
                        let hash = hash_of(manifest, &mut known);
                        Wanted::Manifest(manifest.clone(), hash)
                    }
                };
                (placed.cluster().name().clone(), wanted)
            });
            let clusters = clusters.collect();
            let desired = DesiredObject {
                options: object.intent().options().clone(),
                kind: object.intent().shared_kind(),
                clusters,
                is_decided: object.is_decided(),
                defines: defined_kind(object.target(), object.intent().template()),
                leaders: BTreeSet::new(),
            };
            (object.target().versionless(), desired)
        });
        let objects: BTreeMap<_, DesiredObject> = objects.collect();
        let defining = objects.iter().filter(|(_, it)| it.defines.is_some());
        let marks: BTreeMap<_, _> = plan
            .objects()
            .map(|object| (object.target().versionless(), object.intent().mark()))
            .collect();
        let mark_of = |object: &ObjectId| marks.get(object).copied().unwrap_or_default();
        Self {
            followers: followers::of(&objects, mark_of),
            definitions: defining.map(|(object, _)| object.clone()).collect(),
            objects,
        }
    }

    /// The versions of an object in the clusters that hold it as it is wanted now, by name: what
    /// KubeFed records in a PropagatedVersion.
    pub fn versions_written<'m>(
        &'m self,
        memory: &'m Memory,
        object: &ObjectId,
    ) -> impl Iterator<Item = (&'m str, &'m str)> + use<'m> {
        let object = object.versionless();
        let desired = self.object(&object).into_iter();
        let remembered = memory.of(&object);
        desired
            .flat_map(|desired| &desired.clusters)
            .filter_map(move |(cluster, wanted)| {
                let written = remembered?.kept(cluster)?.written.as_ref()?;
                let is_wanted =
                    matches!(wanted, Wanted::Manifest(_, hash) if *hash == written.hash);
                is_wanted.then_some((cluster.as_str(), &*written.version))
            })
    }

    /// What is wanted of each object, by its versionless identity.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&ObjectId, &DesiredObject)> {
        self.objects.iter()
    }

    /// What is wanted of the object of this versionless identity.
    pub(super) fn object(&self, object: &ObjectId) -> Option<&DesiredObject> {
        self.objects.get(object)
    }

    /// The objects that define this kind.
    pub(super) fn definitions<'d>(
        &'d self,
        group: &str,
        kind: &str,
    ) -> impl Iterator<Item = (&'d ObjectId, &'d DesiredObject)> {
        let all = self.definitions.iter();
        let of_kind = all.filter(move |object| {
            let defined = self.object(object).and_then(DesiredObject::defined_kind);
            defined.is_some_and(|it| it.0 == group && it.1 == kind)
        });
        of_kind.filter_map(|object| Some((object, self.objects.get(object)?)))
    }
}

/// Clusters that get the same share one manifest, which is hashed once.
fn hash_of(manifest: &Manifest, known: &mut Vec<(Manifest, ManifestHash)>) -> ManifestHash {
    let same = known
        .iter()
        .rev()
        .take(8)
        .find(|(other, _)| other.shares_with(manifest));
    if let Some((_, hash)) = same {
        return *hash;
    }
    let hash = ManifestHash::of(manifest);
    known.push((manifest.clone(), hash));
    hash
}

fn defined_kind(id: &ObjectId, template: &Template) -> Option<(String, String)> {
    if (id.group(), id.kind()) != ("apiextensions.k8s.io", "CustomResourceDefinition") {
        return None;
    }
    let text = |path: &str| {
        template
            .get(&Pointer::from_text(path))?
            .as_str()
            .map(str::to_owned)
    };
    Some((text("/spec/group")?, text("/spec/names/kind")?))
}

impl DesiredObject {
    /// One that follows others.
    pub(super) fn following(
        options: Options,
        kind: Option<Arc<dyn Kind>>,
        clusters: BTreeMap<ClusterName, Wanted>,
        leaders: BTreeSet<ObjectId>,
    ) -> Self {
        Self {
            options,
            kind,
            clusters,
            is_decided: true,
            defines: None,
            leaders,
        }
    }

    pub(super) fn leaders(&self) -> &BTreeSet<ObjectId> {
        &self.leaders
    }

    /// Is it known of every cluster what it should hold?
    pub(super) fn is_known(&self) -> bool {
        let is_faulty = |wanted: &Wanted| matches!(wanted, Wanted::Faulty(..));
        self.is_decided && !self.clusters.values().any(is_faulty)
    }

    /// What clusters should hold, where it has no fault.
    pub(super) fn manifests(&self) -> impl Iterator<Item = (&ClusterName, &Manifest)> {
        self.clusters
            .iter()
            .filter_map(|(cluster, wanted)| match wanted {
                Wanted::Manifest(manifest, _) => Some((cluster, manifest)),
                Wanted::Faulty(..) => None,
            })
    }

    pub(super) fn options(&self) -> &Options {
        &self.options
    }

    pub(super) fn kind(&self) -> Option<&dyn Kind> {
        self.kind.as_deref()
    }

    /// In how many clusters it is wanted.
    pub(super) fn count(&self) -> usize {
        self.clusters.len()
    }

    pub(super) fn clusters(&self) -> impl Iterator<Item = &ClusterName> {
        self.clusters.keys()
    }

    pub(super) fn want(&self, cluster: &ClusterName) -> Want<'_> {
        match self.clusters.get(cluster) {
            None if self.is_decided => Want::Nothing,
            None => Want::Unknown,
            Some(Wanted::Faulty(code, replicas)) => Want::Faulty(*code, *replicas),
            Some(Wanted::Manifest(manifest, hash)) => Want::Manifest(manifest, *hash),
        }
    }

    /// Group and kind of what it defines, if it is a definition.
    pub(super) fn defined_kind(&self) -> Option<&(String, String)> {
        self.defines.as_ref()
    }

    /// Is it wanted there, in whatever form?
    pub(super) fn is_wanted_in(&self, cluster: &ClusterName) -> bool {
        self.clusters.contains_key(cluster)
    }
}
