//! What must not be forgotten? For each object: which clusters may hold it, what was written there,
//! and when to try again.

mod learn;
mod stored;

use std::collections::{BTreeMap, BTreeSet, btree_map};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::answer::Failure;
use super::desired::ManifestHash;
use super::followers;
use super::options::{Options, Write};
use super::sight::Sight;
use crate::identity::{ClusterName, ObjectId};

/// How often what is remembered of an object changed: a higher number is newer.
pub type Version = u64;

/// What must not be forgotten between steps. Cloning copies a pointer.
///
/// What is remembered of each object is a value of its own, [`Remembered`], to be stored by itself.
/// A store must refuse what was not made from what it has, as it does by `resourceVersion`:
/// somebody else, or an earlier life of the same program, may have written since it was read.
///
/// ```
/// use fed_core::reconcile::{Memory, Remembered};
///
/// // Read from the store: perhaps somebody wrote it since.
/// let read: Remembered = serde_json::from_str(r#"{"version": 3}"#)?;
/// let id = fed_core::ObjectId::new(
///     fed_core::GroupVersionKind::new("", "v1", "ConfigMap"), Some("shop"), "colours",
/// );
/// let memory = Memory::found([(id, read)]);
/// assert!(!memory.needs_saving());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory {
    objects: Arc<BTreeMap<ObjectId, Arc<Remembered>>>,
    /// What changed in the step that is being made: all its changes are one version.
    changed: BTreeSet<ObjectId>,
}

/// What must not be forgotten of one object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "stored::Stored", into = "stored::Stored")]
pub struct Remembered {
    version: Version,
    /// The version that is stored.
    saved: Version,
    /// Is it known that nobody else wrote since? What was only read may be old.
    is_confirmed: bool,
    /// The options of its intent, for when that is gone.
    options: Options,
    /// The kind that it defines: group and kind.
    defines: Option<(String, String)>,
    /// The objects that it follows, if it has no intent of its own.
    leaders: BTreeSet<Leader>,
    /// None of them wants it any more.
    is_abandoned: bool,
    /// Nothing of it is left anywhere, and its intent may end.
    is_ending: bool,
    clusters: BTreeMap<ClusterName, Kept>,
}

/// Group, kind and name of what an object of the same namespace follows.
pub(super) type Leader = (String, String, String);

/// What is remembered of one object in one cluster. That there is anything means that the object
/// may be there, and is ours.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Kept {
    /// The version since which it is remembered like that.
    pub(super) since: Version,
    /// What was written last, and which version that gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) written: Option<Written>,
    /// How it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) failed: Option<Failed>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Written {
    pub(super) hash: ManifestHash,
    pub(super) uid: Box<str>,
    pub(super) version: Box<str>,
    #[serde(default)]
    pub(super) metadata: u32,
    pub(super) by: Write,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Failed {
    pub(super) failure: Failure,
    /// What was tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) hash: Option<ManifestHash>,
    /// Which version of the object was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) saw: Option<Box<str>>,
    /// How often, in a row.
    pub(super) times: u32,
    /// When to try again, unless something changes before.
    pub(super) again: Timestamp,
}

impl Memory {
    /// What was found in the store when the program began. It is not relied upon before it is saved
    /// once more, as it may be old; and it is saved once more only where something is to be done.
    pub fn found(objects: impl IntoIterator<Item = (ObjectId, Remembered)>) -> Self {
        let found = |(object, mut remembered): (ObjectId, Remembered)| {
            remembered.saved = remembered.version;
            remembered.is_confirmed = false;
            (object.versionless(), Arc::new(remembered))
        };
        Self {
            objects: Arc::new(objects.into_iter().map(found).collect()),
            changed: BTreeSet::new(),
        }
    }

    /// What is remembered of each object.
    pub fn iter(&self) -> impl Iterator<Item = (&ObjectId, &Remembered)> {
        self.objects.iter().map(|(object, it)| (object, &**it))
    }

    /// What is not known to be saved. Where it [is empty](Remembered::is_empty), saving it means
    /// to take it out of the store.
    pub fn unsaved(&self) -> impl Iterator<Item = (&ObjectId, &Remembered)> {
        self.iter().filter(|(_, it)| it.needs_saving())
    }

    /// Is there anything in it that is not known to be saved?
    pub fn needs_saving(&self) -> bool {
        self.unsaved().next().is_some()
    }

    /// The same, all of it known to be saved.
    #[must_use]
    pub fn saved(mut self) -> Self {
        let unsaved: Vec<_> = self
            .unsaved()
            .map(|(object, it)| (object.clone(), it.version))
            .collect();
        for (object, version) in unsaved {
            self.confirm(&object, version);
        }
        self
    }

    /// Takes note that this version of what is remembered of an object was saved.
    pub fn confirm(&mut self, object: &ObjectId, version: Version) {
        let objects = Arc::make_mut(&mut self.objects);
        let btree_map::Entry::Occupied(mut entry) = objects.entry(object.versionless()) else {
            return;
        };
        if entry.get().version == version && entry.get().is_empty() {
            entry.remove();
            return;
        }
        let remembered = Arc::make_mut(entry.get_mut());
        remembered.saved = version.clamp(remembered.saved, remembered.version);
        remembered.is_confirmed = true;
    }

    pub(super) fn of(&self, object: &ObjectId) -> Option<&Arc<Remembered>> {
        self.objects.get(object)
    }

    pub(super) fn objects(&self) -> impl Iterator<Item = &ObjectId> {
        self.objects.keys()
    }

    /// Did what is remembered of an object change in this step?
    pub(super) fn has_changed(&self, object: &ObjectId) -> bool {
        self.changed.contains(object)
    }

    /// Is there something that follows this object, and was not told yet that it need not?
    pub(super) fn is_followed(&self, leader: &ObjectId) -> bool {
        let leading = followers::leader(leader);
        self.objects.iter().any(|(object, it)| {
            !it.is_abandoned
                && it.leaders.contains(&leading)
                && object.namespace() == leader.namespace()
        })
    }

    /// What is remembered of an object, to change it.
    pub(super) fn change(&mut self, object: &ObjectId) -> &mut Remembered {
        let objects = Arc::make_mut(&mut self.objects);
        let remembered = Arc::make_mut(objects.entry(object.clone()).or_default());
        if self.changed.insert(object.clone()) {
            remembered.version = remembered.version.saturating_add(1);
        }
        remembered
    }

    /// Ends a step.
    pub(super) fn settle(&mut self) {
        self.changed.clear();
    }

    pub(super) fn forget_cluster(&mut self, cluster: &ClusterName) {
        let holding: Vec<_> = self
            .iter()
            .filter(|(_, it)| it.clusters.contains_key(cluster))
            .map(|(object, _)| object.clone())
            .collect();
        for object in holding {
            self.change(&object).drop_cluster(cluster);
        }
    }
}

impl Written {
    /// What was written, as it was seen then.
    pub(super) fn new(hash: ManifestHash, sight: &Sight, by: Write) -> Self {
        Self {
            hash,
            uid: (&*sight.uid).into(),
            version: (&*sight.version).into(),
            metadata: sight.metadata,
            by,
        }
    }

    /// Does the object ask for what it asked for then?
    pub(super) fn is_as_written(&self, sight: &Sight) -> bool {
        *self.version == *sight.version && self.metadata == sight.metadata
    }
}

impl Remembered {
    /// Its version.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Is nothing remembered?
    pub fn is_empty(&self) -> bool {
        self.clusters.is_empty() && !self.is_ending
    }

    /// The clusters that may hold the object.
    pub fn clusters(&self) -> impl Iterator<Item = &ClusterName> {
        self.clusters.keys()
    }

    /// Is there anything in it that is not known to be saved?
    pub fn needs_saving(&self) -> bool {
        self.saved < self.version
    }

    /// Is this version stored, and is it known that nothing newer is?
    pub(super) fn is_confirmed(&self, version: Version) -> bool {
        self.is_confirmed && version <= self.saved
    }

    pub(super) fn options(&self) -> &Options {
        &self.options
    }

    /// Is it saved, and not old, that nothing of it is left?
    pub(super) fn has_ended(&self) -> bool {
        self.is_ending && self.clusters.is_empty() && self.is_confirmed(self.version)
    }

    pub(super) fn is_ending(&self) -> bool {
        self.is_ending
    }

    /// Group and kind of what it defines, if it is a definition.
    pub(super) fn defined_kind(&self) -> Option<&(String, String)> {
        self.defines.as_ref()
    }

    pub(super) fn kept(&self, cluster: &ClusterName) -> Option<&Kept> {
        self.clusters.get(cluster)
    }

    pub(super) fn keep(&mut self, cluster: &ClusterName, kept: Kept) {
        self.clusters.insert(cluster.clone(), kept);
    }

    pub(super) fn drop_cluster(&mut self, cluster: &ClusterName) {
        self.clusters.remove(cluster);
    }

    /// Does it know these already?
    pub(super) fn knows(&self, options: &Options, defines: Option<&(String, String)>) -> bool {
        self.options == *options && self.defines.as_ref() == defines
    }

    pub(super) fn note(&mut self, options: &Options, defines: Option<&(String, String)>) {
        self.options = options.clone();
        self.defines = defines.cloned();
    }

    /// The objects that it follows, if it has no intent of its own.
    pub(super) fn leaders(&self) -> &BTreeSet<Leader> {
        &self.leaders
    }

    pub(super) fn is_abandoned(&self) -> bool {
        self.is_abandoned
    }

    pub(super) fn follow(&mut self, leaders: BTreeSet<Leader>, is_abandoned: bool) {
        self.leaders = leaders;
        self.is_abandoned = is_abandoned;
    }

    pub(super) fn set_ending(&mut self, is_ending: bool) {
        self.is_ending = is_ending;
    }
}
