//! What must not be forgotten? Which clusters may hold an object, what was written there, and when
//! to try again.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::desired::ManifestHash;
use super::options::Options;
use super::outcome::{Failure, Outcome};
use crate::identity::{ClusterName, ObjectId};

/// How often memory changed: what is saved under a higher number is newer.
pub type Version = u64;

/// What must not be forgotten between steps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory {
    version: Version,
    saved: Version,
    objects: BTreeMap<ObjectId, OfObject>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct OfObject {
    /// The options of its intent, for when that is gone.
    options: Options,
    clusters: BTreeMap<ClusterName, Kept>,
}

/// What is remembered of one object in one cluster. That there is anything means that the object
/// may be there, and is ours.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Kept {
    /// The version of memory since which it is remembered.
    pub(super) since: Version,
    /// What was written last, and which version that gave.
    pub(super) written: Option<Written>,
    /// How it failed.
    pub(super) failure: Option<Failed>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Written {
    pub(super) hash: ManifestHash,
    pub(super) uid: Arc<str>,
    pub(super) version: Arc<str>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Failed {
    pub(super) failure: Failure,
    /// What was tried.
    pub(super) hash: Option<ManifestHash>,
    /// How often, in a row.
    pub(super) times: u32,
    /// When to try again, if at all before something changes.
    pub(super) again: Option<Timestamp>,
}

/// The first pause after a failure, and the longest one.
const FIRST_PAUSE: i64 = 5;
const LONGEST_PAUSE: i64 = 300;

impl Memory {
    /// Its version.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Is there anything in it that is not known to be saved?
    pub fn needs_saving(&self) -> bool {
        self.saved < self.version
    }

    /// The same, known to be saved.
    #[must_use]
    pub fn saved(mut self) -> Self {
        self.saved = self.version;
        self
    }

    pub(super) fn is_saved(&self, version: Version) -> bool {
        version <= self.saved
    }

    pub(super) fn objects(&self) -> impl Iterator<Item = &ObjectId> {
        self.objects.keys()
    }

    pub(super) fn clusters_of(&self, object: &ObjectId) -> impl Iterator<Item = &ClusterName> {
        let of_object = self.objects.get(object).into_iter();
        of_object.flat_map(|of_object| of_object.clusters.keys())
    }

    pub(super) fn kept(&self, object: &ObjectId, cluster: &ClusterName) -> Option<&Kept> {
        self.objects.get(object)?.clusters.get(cluster)
    }

    pub(super) fn options(&self, object: &ObjectId) -> Options {
        self.objects
            .get(object)
            .map_or_else(Options::default, |of_object| of_object.options)
    }

    pub(super) fn note_options(&mut self, object: &ObjectId, options: Options) {
        if let Some(of_object) = self.objects.get_mut(object) {
            of_object.options = options;
        }
    }

    pub(super) fn keep(&mut self, object: &ObjectId, cluster: &ClusterName, kept: Kept) {
        let of_object = self.objects.entry(object.clone()).or_default();
        of_object.clusters.insert(cluster.clone(), kept);
    }

    pub(super) fn drop_cluster(&mut self, object: &ObjectId, cluster: &ClusterName) {
        if let Some(of_object) = self.objects.get_mut(object) {
            of_object.clusters.remove(cluster);
            if of_object.clusters.is_empty() {
                self.objects.remove(object);
            }
        }
    }

    pub(super) fn forget(&mut self, object: &ObjectId) {
        self.objects.remove(object);
    }

    pub(super) fn forget_cluster(&mut self, cluster: &ClusterName) {
        self.objects.retain(|_, of_object| {
            of_object.clusters.remove(cluster);
            !of_object.clusters.is_empty()
        });
    }

    /// What else of this object's namespace, or of this kind, may still be in a cluster?
    pub(super) fn others_in(
        &self,
        cluster: &ClusterName,
        is_other: impl Fn(&ObjectId) -> bool,
    ) -> Option<&ObjectId> {
        let mut objects = self.objects.iter();
        let found = objects.find(|(object, of_object)| {
            of_object.clusters.contains_key(cluster) && is_other(object)
        });
        found.map(|(object, _)| object)
    }

    /// Takes note of how actions went.
    pub(super) fn learn(&mut self, outcomes: &[Outcome], now: Timestamp) {
        for outcome in outcomes {
            let object = outcome.object.versionless();
            let of_object = self.objects.get_mut(&object);
            let kept = of_object.and_then(|it| it.clusters.get_mut(&outcome.cluster));
            let Some(kept) = kept else {
                continue;
            };
            match &outcome.result {
                Ok(sight) => {
                    kept.failure = None;
                    if let (Some(hash), Some(sight)) = (outcome.hash, sight) {
                        kept.written = Some(Written {
                            hash,
                            uid: Arc::clone(&sight.uid),
                            version: Arc::clone(&sight.version),
                        });
                    }
                }
                Err(failure) => {
                    let before = kept.failure.take();
                    let times = before.map_or(0, |failed| failed.times).saturating_add(1);
                    let pause = SignedDuration::from_secs(pause(times));
                    let again = now.checked_add(pause).unwrap_or(Timestamp::MAX);
                    kept.failure = Some(Failed {
                        failure: *failure,
                        hash: outcome.hash,
                        times,
                        again: failure.is_worth_trying().then_some(again),
                    });
                }
            }
        }
    }

    /// Counts a change, if there is one.
    pub(super) fn settle(&mut self, before: &Self) {
        if self.objects != before.objects {
            self.version = self.version.saturating_add(1);
        }
    }

    /// The version that the next change will have.
    pub(super) fn next_version(&self) -> Version {
        self.version.saturating_add(1)
    }
}

/// 5, 10, 20, 40 and so on, up to 300 seconds.
fn pause(times: u32) -> i64 {
    let doubled = FIRST_PAUSE
        .checked_shl(times.saturating_sub(1))
        .unwrap_or(LONGEST_PAUSE);
    if times > 16 {
        LONGEST_PAUSE
    } else {
        doubled.min(LONGEST_PAUSE)
    }
}
