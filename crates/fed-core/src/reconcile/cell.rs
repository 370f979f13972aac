//! What has to be done about one object in one cluster? All that is decided about the two alone.

use std::sync::Arc;

use jiff::Timestamp;

use super::Step;
use super::action::Act;
use super::desired::ManifestHash;
use super::drift;
use super::memory::{Kept, Memory, Written};
use super::options::{Adoption, Conflicts, Drift, Options, Replacement, Write};
use super::order;
use super::outcome::Failure;
use super::sight::{Claim, Sight, View};
use super::standing::Standing;
use crate::identity::{ClusterName, ObjectId};
use crate::plan::Manifest;
use crate::problem::Code;

/// What a cluster should hold of an object.
#[derive(Clone, Copy, Debug)]
pub(super) enum Want<'s> {
    Manifest(&'s Manifest, ManifestHash),
    Faulty(Code),
    Suspended,
    Nothing,
    /// Nobody knows: what is there stays.
    Unknown,
}

/// One object in one cluster, and all that is known of it.
pub(super) struct Cell<'s> {
    pub(super) step: &'s Step<'s>,
    pub(super) object: &'s ObjectId,
    pub(super) cluster: ClusterName,
    pub(super) want: Want<'s>,
    pub(super) view: View<'s>,
    pub(super) kept: Option<Kept>,
    pub(super) options: &'s Options,
    pub(super) memory: &'s Memory,
}

/// What is to be done, and how it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Judgement {
    pub(super) standing: Standing,
    pub(super) act: Option<Act>,
    pub(super) keep: Keep,
    pub(super) look_at: Option<Timestamp>,
}

/// What becomes of what is remembered.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Keep {
    Same,
    This(Box<Kept>),
    Nothing,
}

impl Judgement {
    fn only(standing: Standing) -> Self {
        Self {
            standing,
            act: None,
            keep: Keep::Same,
            look_at: None,
        }
    }

    fn doing(standing: Standing, act: Act) -> Self {
        Self {
            act: Some(act),
            ..Self::only(standing)
        }
    }

    fn forgetting(standing: Standing) -> Self {
        Self {
            keep: Keep::Nothing,
            ..Self::only(standing)
        }
    }

    fn remembering(mut self, kept: Kept) -> Self {
        self.keep = Keep::This(Box::new(kept));
        self
    }
}

impl Cell<'_> {
    pub(super) fn judge(&self) -> Judgement {
        match (self.want, self.view) {
            (Want::Suspended, _) => Judgement::only(Standing::Suspended),
            (Want::Unknown, _) => Judgement::only(Standing::Unknown),
            (Want::Faulty(code), _) => Judgement::only(Standing::NotDeliverable(code)),
            (_, View::Unseen) => Judgement::only(Standing::OutOfSight),
            (Want::Nothing, View::Absent) => Judgement::forgetting(Standing::Gone),
            (Want::Nothing, View::Present(sight)) => self.unwanted(sight),
            (Want::Manifest(manifest, hash), View::Absent) => self.create(manifest, hash),
            (Want::Manifest(manifest, hash), View::Present(sight)) => {
                self.wanted(manifest, hash, sight)
            }
        }
    }

    /// Is what is there ours?
    fn is_ours(&self, sight: &Sight) -> bool {
        let written = self.kept.as_ref().and_then(|kept| kept.written.as_ref());
        match sight.claim {
            Claim::Released => false,
            Claim::Ours => true,
            // Somebody took our mark from what we wrote, which makes it theirs only if it is
            // another object.
            Claim::None => written.is_some_and(|written| written.uid == sight.uid),
        }
    }

    /// It is there and should not be.
    fn unwanted(&self, sight: &Sight) -> Judgement {
        if sight.claim != Claim::Ours {
            return Judgement::forgetting(Standing::Gone);
        }
        if sight.is_terminating {
            return Judgement::only(Standing::Removing);
        }
        if let Some(paused) = self.paused(None) {
            return paused;
        }
        let Some(propagation) = self.options.removal.propagation() else {
            let uid = Arc::clone(&sight.uid);
            return Judgement::doing(Standing::Removing, Act::Orphan { uid });
        };
        if let Some(other) = order::goes_first(self.step, self.object, &self.cluster, self.memory) {
            return Judgement::only(Standing::WaitingFor(format!("{other} to be gone")));
        }
        let uid = Arc::clone(&sight.uid);
        Judgement::doing(Standing::Removing, Act::Delete { uid, propagation })
    }

    /// It should be there and is not.
    fn create(&self, manifest: &Manifest, hash: ManifestHash) -> Judgement {
        if let Some(waiting) = self.paused(Some(hash)).or_else(|| self.wait_or_save()) {
            return waiting;
        }
        let manifest = manifest.clone();
        Judgement::doing(Standing::Writing, Act::Create { manifest, hash })
    }

    /// What has to come first: other objects, and that this one is remembered.
    fn wait_or_save(&self) -> Option<Judgement> {
        if let Some(other) = order::comes_first(self.step, self.object, &self.cluster) {
            return Some(Judgement::only(Standing::WaitingFor(format!(
                "{other} to be there"
            ))));
        }
        match &self.kept {
            None => {
                let kept = Kept {
                    since: self.memory.next_version(),
                    ..Kept::default()
                };
                Some(Judgement::only(Standing::Saving).remembering(kept))
            }
            Some(kept) if !self.memory.is_saved(kept.since) => {
                Some(Judgement::only(Standing::Saving))
            }
            Some(_) => None,
        }
    }

    /// Did it fail, so that the same is not tried again yet?
    fn paused(&self, hash: Option<ManifestHash>) -> Option<Judgement> {
        let failed = self.kept.as_ref()?.failure.as_ref()?;
        let is_new = failed.hash.is_some() && hash.is_some() && failed.hash != hash;
        let is_due = failed.again.is_some_and(|again| again <= self.step.now);
        // What is there or not may be seen by now.
        let is_seen = match (failed.failure, self.view) {
            (Failure::AlreadyExists | Failure::Changed, View::Present(_))
            | (Failure::Changed, View::Absent) => true,
            (Failure::Conflict, _) => self.options.conflicts == Conflicts::Overwrite,
            (Failure::Invalid, View::Present(_)) => {
                self.options.replacement == Replacement::Recreate
            }
            _ => false,
        };
        if is_new || is_due || is_seen {
            return None;
        }
        Some(Judgement {
            look_at: failed.again,
            ..Judgement::only(Standing::Failed(failed.failure, failed.again))
        })
    }

    /// It should be there, and something of its name is.
    fn wanted(&self, manifest: &Manifest, hash: ManifestHash, sight: &Sight) -> Judgement {
        if sight.is_terminating {
            return Judgement::only(Standing::WaitingFor("the old one to be gone".to_owned()));
        }
        if sight.claim == Claim::Released {
            return Judgement::forgetting(Standing::Released);
        }
        if !self.is_ours(sight)
            && let Some(refused) = self.adopt(manifest, sight)
        {
            return refused;
        }
        let written = self.kept.as_ref().and_then(|kept| kept.written.as_ref());
        let written = written.filter(|written| written.uid == sight.uid);
        match written {
            Some(written) if written.hash == hash => self.written(written, manifest, sight),
            _ => self.write(manifest, hash, sight),
        }
    }

    /// May something that is not ours become ours? The answer if it may not, or not yet.
    fn adopt(&self, manifest: &Manifest, sight: &Sight) -> Option<Judgement> {
        let may = match (self.options.adoption, &sight.object) {
            (Adoption::Never, _) => false,
            (Adoption::Always, _) => true,
            (_, None) => return Some(Judgement::doing(Standing::Looking, Act::Look)),
            (Adoption::IfIdentical, Some(live)) => {
                drift::differences(manifest.value(), live, drift::But::OurMark).is_empty()
            }
            (Adoption::IfUnowned, Some(live)) => drift::is_unowned(live),
        };
        (!may).then(|| Judgement::forgetting(Standing::NotOurs))
    }

    /// What we wrote last is what is wanted. Is it still so?
    fn written(&self, written: &Written, manifest: &Manifest, sight: &Sight) -> Judgement {
        let again = (manifest, written.hash);
        let unchanged = written.version == sight.version;
        if unchanged && sight.claim == Claim::Ours {
            return Judgement::only(Standing::Synced);
        }
        if self.options.drift == Drift::Ignore {
            return Judgement::only(Standing::Synced);
        }
        let Some(live) = &sight.object else {
            return Judgement::doing(Standing::Looking, Act::Look);
        };
        let fields = drift::differences(manifest.value(), live, drift::But::Nothing);
        if fields.is_empty() {
            let mut kept = self.kept.clone().unwrap_or_default();
            kept.written = Some(Written {
                version: Arc::clone(&sight.version),
                ..written.clone()
            });
            return Judgement::only(Standing::Synced).remembering(kept);
        }
        match self.options.drift {
            Drift::Correct => self.write(again.0, again.1, sight),
            Drift::Report | Drift::Ignore => Judgement::only(Standing::Drifted(fields)),
        }
    }

    fn write(&self, manifest: &Manifest, hash: ManifestHash, sight: &Sight) -> Judgement {
        if let Some(waiting) = self.paused(Some(hash)).or_else(|| self.wait_or_save()) {
            return waiting;
        }
        if let Some(replacing) = self.replace(hash, sight) {
            return replacing;
        }
        let (manifest, uid) = (manifest.clone(), Arc::clone(&sight.uid));
        let act = match self.options.write {
            Write::Update => Act::Update {
                manifest,
                hash,
                uid,
            },
            Write::Apply => Act::Apply {
                manifest,
                hash,
                uid,
                force: self.options.conflicts == Conflicts::Overwrite,
            },
        };
        Judgement::doing(Standing::Writing, act)
    }

    /// The cluster did not take the change: is the object to be made anew?
    fn replace(&self, hash: ManifestHash, sight: &Sight) -> Option<Judgement> {
        let failed = self.kept.as_ref()?.failure.as_ref()?;
        let refused = failed.failure == Failure::Invalid && failed.hash == Some(hash);
        if !refused {
            return None;
        }
        let propagation = self.options.removal.propagation();
        match (self.options.replacement, propagation) {
            (Replacement::Recreate, Some(propagation)) => {
                let uid = Arc::clone(&sight.uid);
                Some(Judgement::doing(
                    Standing::Removing,
                    Act::Delete { uid, propagation },
                ))
            }
            _ => Some(Judgement::only(Standing::NeedsReplacement)),
        }
    }
}
