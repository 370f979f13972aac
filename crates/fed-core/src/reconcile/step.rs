//! What is a step made from?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::answer::Answer;
use super::desired::Desired;
use super::fold::Managers;
use super::memory::Memory;
use super::options::Options;
use super::recorded::Recorded;
use super::sight::Sights;
use crate::identity::{ClusterName, ObjectId};

/// What a step is made from. All but the first four have defaults.
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
    pub answers: &'s [Answer],
    /// Objects whose intents are deleted. What is neither desired nor withdrawn stays as it is:
    /// perhaps its document could not be read.
    pub withdrawn: Option<&'s Withdrawn>,
    /// Clusters that are gone from the fleet for good: what is remembered of them is forgotten.
    pub gone: Option<&'s BTreeSet<ClusterName>>,
    /// What was written before us, by whom we take over from.
    pub recorded: Option<&'s Recorded>,
    /// The uids of the namespaces of the host. The cluster in which one of them is seen is the host
    /// itself: there it is only marked, and never deleted.
    pub host_namespaces: Option<&'s BTreeSet<Arc<str>>>,
    /// The names under which fields were, and are, written, if they are not the usual ones.
    pub managers: Option<&'s Managers>,
}

/// Objects whose intents are deleted.
///
/// ```
/// use fed_core::reconcile::{Options, Withdrawn};
/// use fed_core::{GroupVersionKind, ObjectId};
///
/// let id = ObjectId::new(GroupVersionKind::new("", "v1", "ConfigMap"), Some("shop"), "colours");
/// let mut withdrawn = Withdrawn::default();
/// withdrawn.insert(&id, Some(Options::default()));
/// assert!(withdrawn.contains(&id));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Withdrawn {
    objects: BTreeMap<ObjectId, Option<Options>>,
}

impl Withdrawn {
    /// The intent of this object is deleted. Where its document is still there, kept by a
    /// finalizer, its options hold to the end; else those that are remembered.
    pub fn insert(&mut self, object: &ObjectId, options: Option<Options>) {
        self.objects.insert(object.versionless(), options);
    }

    /// The intent of this object is not deleted, or ended.
    pub fn remove(&mut self, object: &ObjectId) {
        self.objects.remove(&object.versionless());
    }

    /// Is the intent of this object deleted?
    pub fn contains(&self, object: &ObjectId) -> bool {
        self.objects.contains_key(&object.versionless())
    }

    /// Is no intent deleted?
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// The objects, without their versions.
    pub fn iter(&self) -> impl Iterator<Item = &ObjectId> {
        self.objects.keys()
    }

    /// The options of this object, given without its version, where they are known.
    pub(super) fn options(&self, object: &ObjectId) -> Option<&Options> {
        self.objects.get(object)?.as_ref()
    }

    /// Is this object, given without its version, among them?
    pub(super) fn holds(&self, object: &ObjectId) -> bool {
        self.objects.contains_key(object)
    }
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
            answers: &[],
            withdrawn: None,
            gone: None,
            recorded: None,
            host_namespaces: None,
            managers: None,
        }
    }

    /// The same step, told how these actions went.
    #[must_use]
    pub fn after(mut self, answers: &'s [Answer]) -> Self {
        self.answers = answers;
        self
    }

    /// The same step, in which these intents are deleted.
    #[must_use]
    pub fn withdrawing(mut self, withdrawn: &'s Withdrawn) -> Self {
        self.withdrawn = Some(withdrawn);
        self
    }

    /// The same step, in which these clusters are gone for good.
    #[must_use]
    pub fn without(mut self, clusters: &'s BTreeSet<ClusterName>) -> Self {
        self.gone = Some(clusters);
        self
    }

    /// The same step, told what was written before us.
    #[must_use]
    pub fn taking_over(mut self, recorded: &'s Recorded) -> Self {
        self.recorded = Some(recorded);
        self
    }

    /// The same step, told the uids of the namespaces of the host.
    #[must_use]
    pub fn hosting(mut self, namespaces: &'s BTreeSet<Arc<str>>) -> Self {
        self.host_namespaces = Some(namespaces);
        self
    }

    /// The same step, in which fields are written under other names.
    #[must_use]
    pub fn managed_by(mut self, managers: &'s Managers) -> Self {
        self.managers = Some(managers);
        self
    }
}
