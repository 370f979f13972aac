//! What has to be done about one object in one cluster? All that is decided about the two alone.

use std::borrow::Cow;
use std::sync::Arc;

use super::Step;
use super::action::Act;
use super::desired::{DesiredObject, ManifestHash};
use super::judgement::{Judgement, Keep};
use super::memory::{Kept, Remembered, Version, Written};
use super::options::{Adoption, Drift, Options, Propagation, Write};
use super::retain::Retaining;
use super::sight::{Claim, Everywhere, Sight, View};
use super::write::not_kept;
use super::{drift, order};
use crate::identity::{ClusterName, ObjectId};
use crate::kinds::AnyKind;
use crate::plan::Manifest;
use crate::problem::Code;
use crate::status::{Operation, Outcome};

/// What a cluster should hold of an object.
#[derive(Clone, Copy, Debug)]
pub(super) enum Want<'s> {
    Manifest(&'s Manifest, ManifestHash),
    /// Something that must not be delivered, with so many replicas.
    Faulty(Code, Option<i64>),
    Nothing,
    /// Nobody knows: what is there stays.
    Unknown,
}

/// One object, and all that is known of it in every cluster.
pub(super) struct Case<'s> {
    pub(super) step: &'s Step<'s>,
    pub(super) object: &'s ObjectId,
    pub(super) desired: Option<&'s DesiredObject>,
    pub(super) options: &'s Options,
    pub(super) is_withdrawn: bool,
    pub(super) remembered: Option<&'s Remembered>,
    /// The version that what is remembered has next.
    pub(super) next: Version,
    pub(super) seen: Everywhere<'s>,
}

/// One object in one cluster, and all that is known of it.
#[derive(Clone, Copy)]
pub(super) struct Cell<'s> {
    pub(super) case: &'s Case<'s>,
    pub(super) cluster: &'s ClusterName,
    pub(super) want: Want<'s>,
    pub(super) view: View<'s>,
    pub(super) kept: Option<&'s Kept>,
}

impl<'s> Cell<'s> {
    pub(super) fn of(case: &'s Case<'s>, cluster: &'s ClusterName) -> Self {
        Self {
            case,
            cluster,
            want: match case.desired {
                Some(desired) => desired.want(cluster),
                None if case.is_withdrawn => Want::Nothing,
                None => Want::Unknown,
            },
            view: case.seen.in_cluster(cluster),
            kept: case.remembered.and_then(|it| it.kept(cluster)),
        }
    }

    pub(super) fn judge(&self) -> Judgement {
        let judgement = self.judge_freely();
        match judgement.operation() {
            Some(operation) if self.case.options.suspended => {
                Judgement::only(Outcome::Suspended(operation))
            }
            _ => judgement,
        }
    }

    fn judge_freely(&self) -> Judgement {
        match (self.want, self.view) {
            (Want::Unknown, _) => Judgement::only(None),
            (Want::Faulty(code, _), _) => Judgement::only(Outcome::NotDeliverable(code)),
            (_, View::Unseen) => Judgement::only(Outcome::ClusterNotReady),
            (Want::Nothing, View::Absent) => self.forgetting(None),
            (Want::Nothing, View::Present(sight)) => self.unwanted(sight),
            (Want::Manifest(manifest, hash), View::Absent) => self.create(manifest, hash),
            (Want::Manifest(manifest, hash), View::Present(sight)) => {
                self.wanted(manifest, hash, sight)
            }
        }
    }

    fn forgetting(&self, outcome: impl Into<Option<Outcome>>) -> Judgement {
        let keep = if self.kept.is_some() {
            Keep::Nothing
        } else {
            Keep::Same
        };
        Judgement {
            keep,
            ..Judgement::only(outcome)
        }
    }

    /// Is what is there ours?
    pub(super) fn is_ours(&self, sight: &Sight) -> bool {
        match sight.claim {
            Claim::Released => false,
            Claim::Ours => true,
            // Somebody took our mark from what we wrote.
            Claim::None => self.written(sight).is_some(),
        }
    }

    /// Was it created or updated since the last step?
    pub(super) fn was_written(&self) -> bool {
        self.case.step.answers.iter().any(|answer| {
            answer.hash.is_some()
                && answer.result.is_ok()
                && answer.cluster == *self.cluster
                && answer.object.same_object(self.case.object)
        })
    }

    /// What we wrote last of the object that is there.
    pub(super) fn written(&self, sight: &Sight) -> Option<&'s Written> {
        let written = self.kept?.written.as_ref();
        written.filter(|written| *written.uid == *sight.uid)
    }

    /// How what clusters own of the object is kept.
    pub(super) fn retaining(&self) -> Retaining<'s> {
        let kind = self.case.desired.and_then(DesiredObject::kind);
        Retaining {
            kind: kind.unwrap_or(&AnyKind),
            options: self.case.options,
        }
    }

    /// Is it the host's own namespace?
    fn is_hosts_own(&self, sight: &Sight) -> bool {
        let namespaces = self.case.step.host_namespaces;
        order::is_namespace(self.case.object)
            && namespaces.is_some_and(|uids| uids.contains(&sight.uid))
    }

    /// It is there and should not be.
    fn unwanted(&self, sight: &Sight) -> Judgement {
        if sight.claim != Claim::Ours {
            return self.forgetting(None);
        }
        if sight.is_terminating {
            return Judgement::only(Outcome::WaitingForRemoval);
        }
        let uid = Arc::clone(&sight.uid);
        let leaving = self.case.options.leaving(self.case.is_withdrawn);
        let propagation = leaving.propagation();
        let Some(propagation) = propagation.filter(|_| !self.is_hosts_own(sight)) else {
            let waiting = self
                .paused(None)
                .or_else(|| self.unsaved(Operation::RemoveLabel));
            return waiting
                .or_else(|| self.let_go())
                .unwrap_or_else(|| Judgement::doing(Act::Orphan { uid }));
        };
        self.paused(None)
            .or_else(|| self.has_contents())
            .or_else(|| self.unsaved(Operation::Delete))
            .unwrap_or_else(|| self.delete(uid, propagation))
    }

    pub(super) fn delete(&self, uid: Arc<str>, propagation: Propagation) -> Judgement {
        Judgement::doing(Act::Delete {
            uid,
            propagation,
            grace_period_seconds: self.case.options.grace_period_seconds,
        })
    }

    /// What is left to others is not ours even if we cannot remember that we left it: first it is
    /// forgotten that we wrote it.
    fn let_go(&self) -> Option<Judgement> {
        let kept = self.kept.filter(|kept| kept.written.is_some())?;
        let kept = Kept {
            since: self.case.next,
            written: None,
            ..kept.clone()
        };
        Some(Judgement::saving(Operation::RemoveLabel).remembering(kept))
    }

    pub(super) fn has_contents(&self) -> Option<Judgement> {
        let case = self.case;
        let defines = case.remembered.and_then(Remembered::defined_kind);
        let content = order::goes_first(case.step, case.object, defines, self.cluster)?;
        let awaited = format!("{content} to be gone");
        Some(Judgement::waiting(Operation::Delete, awaited))
    }

    /// It should be there and is not.
    fn create(&self, manifest: &Manifest, hash: ManifestHash) -> Judgement {
        let waiting = self
            .paused(Some(hash))
            .or_else(|| self.comes_first(Operation::Create))
            .or_else(|| self.unsaved(Operation::Create));
        waiting.unwrap_or_else(|| {
            let manifest = manifest.clone();
            Judgement::doing(Act::Create { manifest, hash })
        })
    }

    pub(super) fn comes_first(&self, operation: Operation) -> Option<Judgement> {
        let first = order::comes_first(self.case.step, self.case.object, self.cluster)?;
        Some(Judgement::waiting(
            operation,
            format!("{first} to be there"),
        ))
    }

    /// Is it not saved yet that the object may be there?
    pub(super) fn unsaved(&self, operation: Operation) -> Option<Judgement> {
        let Some(kept) = self.kept else {
            let kept = Kept {
                since: self.case.next,
                ..Kept::default()
            };
            return Some(Judgement::saving(operation).remembering(kept));
        };
        let remembered = self.case.remembered?;
        if remembered.is_confirmed(kept.since) {
            return None;
        }
        let keep = if remembered.needs_saving() {
            Keep::Same
        } else {
            Keep::Confirm
        };
        Some(Judgement {
            keep,
            ..Judgement::saving(operation)
        })
    }

    /// It should be there, and something of its name is.
    fn wanted(&self, manifest: &Manifest, hash: ManifestHash, sight: &Sight) -> Judgement {
        if sight.is_terminating {
            return Judgement::waiting(Operation::Create, "the one that is there to be gone");
        }
        if sight.claim == Claim::Released {
            return self.forgetting(Outcome::ReleasedByLabel);
        }
        if !self.is_ours(sight) {
            return match self.adopt(manifest, sight) {
                Adopt::Look => Judgement::looking(Operation::Update),
                Adopt::No => self.forgetting(Outcome::AlreadyExists),
                Adopt::Yes { force } => self.write(manifest, hash, sight, force),
            };
        }
        let recorded = || self.recorded(hash, sight).map(Cow::Owned);
        match self.written(sight).map(Cow::Borrowed).or_else(recorded) {
            Some(written) if written.hash == hash => self.compare(&written, manifest, sight),
            _ => self.write(manifest, hash, sight, false),
        }
    }

    /// What whoever was there before us wrote, if that is what is wanted and is there. Generations
    /// do not tell of labels and annotations.
    fn recorded(&self, hash: ManifestHash, sight: &Sight) -> Option<Written> {
        let case = self.case;
        let version = case.step.recorded?.version(case.object, self.cluster)?;
        let written = Written::new(hash, sight, Write::Update);
        let tells_all = version.starts_with("rv:");
        if version != &*sight.version {
            return None;
        }
        let metadata = if tells_all {
            written.metadata
        } else {
            !written.metadata
        };
        Some(Written {
            metadata,
            ..written
        })
    }

    /// May something that is not ours become ours?
    fn adopt(&self, manifest: &Manifest, sight: &Sight) -> Adopt {
        let may = |may: bool, force: bool| {
            if may { Adopt::Yes { force } } else { Adopt::No }
        };
        match (self.case.options.adoption, &sight.object) {
            _ if self.is_hosts_own(sight) => may(true, false),
            (Adoption::Never, _) => Adopt::No,
            (Adoption::Always, _) => may(true, true),
            (_, None) => Adopt::Look,
            (Adoption::IfIdentical, Some(live)) => {
                let wanted = self.retaining().wanted(manifest, live);
                let wanted = wanted.unwrap_or(Cow::Borrowed(manifest));
                let but = drift::But::OurMark;
                let differences = drift::differences(wanted.value(), live, but);
                may(differences.is_empty(), false)
            }
            (Adoption::IfUnowned, Some(live)) => may(drift::is_unowned(live), true),
        }
    }

    /// It is as it must be, which is remembered if that is news.
    fn synced(&self, written: &Written, sight: &Sight) -> Judgement {
        let synced = Judgement::only(Outcome::Synced);
        if self.written(sight) == Some(written) {
            return synced;
        }
        let new = || Kept {
            since: self.case.next,
            ..Kept::default()
        };
        synced.remembering(Kept {
            written: Some(written.clone()),
            ..self.kept.cloned().unwrap_or_else(new)
        })
    }

    /// What we wrote last is what is wanted. Is it still so?
    fn compare(&self, written: &Written, manifest: &Manifest, sight: &Sight) -> Judgement {
        let options = self.case.options;
        let is_same = written.is_as_written(sight) && sight.claim == Claim::Ours;
        if is_same || options.drift == Drift::Ignore {
            return self.synced(written, sight);
        }
        let Some(live) = &sight.object else {
            return Judgement::looking(Operation::Update);
        };
        let wanted = match self.retaining().wanted(manifest, live) {
            Ok(wanted) => wanted,
            Err(misshapen) => return not_kept(&misshapen),
        };
        let mut fields = drift::differences(wanted.value(), live, drift::But::Nothing);
        if options.write == Write::Update {
            fields.extend(drift::foreign_labels(wanted.value(), live));
        }
        if fields.is_empty() {
            let seen = Written::new(written.hash, sight, written.by);
            return self.synced(&seen, sight);
        }
        if options.drift == Drift::Report {
            let fields = fields.into_iter().collect();
            return Judgement::only(Outcome::Drifted { fields });
        }
        // All of it was ours: whoever changed it owns it now.
        self.write(manifest, written.hash, sight, true)
    }
}

/// May something that is not ours become ours?
enum Adopt {
    /// Only the whole object tells.
    Look,
    No,
    Yes {
        /// Even against who manages it.
        force: bool,
    },
}
