//! What has to be done about one object in one cluster? All that is decided about the two alone.

use std::sync::Arc;

use jiff::Timestamp;

use super::Step;
use super::action::Act;
use super::answer::Failure;
use super::desired::{DesiredObject, ManifestHash};
use super::memory::{Failed, Kept, Remembered, Version, Written};
use super::options::{Adoption, Conflicts, Drift, Options, Propagation, Replacement, Write};
use super::sight::{Claim, Everywhere, Sight, View};
use super::{drift, fold, order, retain};
use crate::identity::{ClusterName, ObjectId};
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

/// What is to be done, and how it stands.
#[derive(Clone, Debug)]
pub(super) struct Judgement {
    /// How it stands; nothing where nothing is, or nothing is known of what is wanted.
    pub(super) outcome: Option<Outcome>,
    pub(super) act: Option<Act>,
    pub(super) keep: Keep,
    pub(super) look_at: Option<Timestamp>,
}

/// What becomes of what is remembered.
#[derive(Clone, Debug)]
pub(super) enum Keep {
    Same,
    /// It has to be saved once more, to learn whether it is old.
    Confirm,
    This(Box<Kept>),
    Nothing,
}

impl Judgement {
    pub(super) fn only(outcome: impl Into<Option<Outcome>>) -> Self {
        Self {
            outcome: outcome.into(),
            act: None,
            keep: Keep::Same,
            look_at: None,
        }
    }

    pub(super) fn waiting(operation: Operation, awaited: impl Into<String>) -> Self {
        Self::only(Outcome::WaitingFor {
            operation,
            awaited: awaited.into(),
        })
    }

    /// The end of what is done is not seen in this step.
    fn doing(act: Act) -> Self {
        Self {
            outcome: act.operation().map(Outcome::TimedOut),
            act: Some(act),
            keep: Keep::Same,
            look_at: None,
        }
    }

    fn looking(operation: Operation) -> Self {
        Self {
            act: Some(Act::Look),
            ..Self::waiting(operation, "the whole object to be fetched")
        }
    }

    fn remembering(self, kept: Kept) -> Self {
        Self {
            keep: Keep::This(Box::new(kept)),
            ..self
        }
    }

    /// What it is, or would be, about to do.
    fn operation(&self) -> Option<Operation> {
        match (&self.act, &self.outcome) {
            (Some(act), _) => act.operation(),
            (None, Some(Outcome::WaitingFor { operation, .. })) => Some(*operation),
            _ => None,
        }
    }
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
    fn written(&self, sight: &Sight) -> Option<&'s Written> {
        let written = self.kept?.written.as_ref();
        written.filter(|written| *written.uid == *sight.uid)
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

    fn delete(&self, uid: Arc<str>, propagation: Propagation) -> Judgement {
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
        Some(saving(Operation::RemoveLabel).remembering(kept))
    }

    fn has_contents(&self) -> Option<Judgement> {
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

    fn comes_first(&self, operation: Operation) -> Option<Judgement> {
        let first = order::comes_first(self.case.step, self.case.object, self.cluster)?;
        Some(Judgement::waiting(
            operation,
            format!("{first} to be there"),
        ))
    }

    /// Is it not saved yet that the object may be there?
    fn unsaved(&self, operation: Operation) -> Option<Judgement> {
        let Some(kept) = self.kept else {
            let kept = Kept {
                since: self.case.next,
                ..Kept::default()
            };
            return Some(saving(operation).remembering(kept));
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
            ..saving(operation)
        })
    }

    /// Did it fail, so that the same is not tried again yet?
    fn paused(&self, hash: Option<ManifestHash>) -> Option<Judgement> {
        let failed = self.kept?.failed.as_ref()?;
        if failed.hash != hash || failed.again <= self.case.step.now || self.is_worth_it(failed) {
            return None;
        }
        let operation = match (hash, self.view) {
            (None, _) => Operation::Delete,
            (Some(_), View::Present(_)) => Operation::Update,
            (Some(_), _) => Operation::Create,
        };
        let outcome = match &failed.failure {
            Failure::AlreadyExists => Outcome::AlreadyExists,
            Failure::Conflict { manager, fields } => Outcome::Conflict {
                manager: manager.clone(),
                fields: fields.clone(),
            },
            other => Outcome::failed(operation, other.words()),
        };
        Some(Judgement {
            look_at: Some(failed.again),
            ..Judgement::only(outcome)
        })
    }

    /// Is it worth trying again before its time, as something is not as it was when it failed?
    fn is_worth_it(&self, failed: &Failed) -> bool {
        let saw = failed.saw.as_deref();
        let is_as_it_was = match self.view {
            View::Present(sight) => saw == Some(&*sight.version),
            View::Absent => saw.is_none(),
            View::Unseen => true,
        };
        !is_as_it_was
            || match &failed.failure {
                Failure::AlreadyExists => matches!(self.view, View::Present(_)),
                Failure::Changed => failed.times <= 3,
                Failure::Conflict { .. } => self.takes_over(failed),
                Failure::Immutable => self.case.options.replacement == Replacement::Recreate,
                _ => false,
            }
    }

    /// May we take the fields about which there was a conflict?
    fn takes_over(&self, failed: &Failed) -> bool {
        let options = self.case.options;
        let Failure::Conflict { fields, .. } = &failed.failure else {
            return false;
        };
        let are_named = !fields.is_empty() && fields.is_subset(&options.take_over);
        options.conflicts == Conflicts::Overwrite || are_named
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
        match self.written(sight) {
            Some(written) if written.hash == hash => self.compare(written, manifest, sight),
            _ => self.write(manifest, hash, sight, false),
        }
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
                let but = drift::But::OurMark;
                may(
                    drift::differences(manifest.value(), live, but).is_empty(),
                    false,
                )
            }
            (Adoption::IfUnowned, Some(live)) => may(drift::is_unowned(live), true),
        }
    }

    /// What we wrote last is what is wanted. Is it still so?
    fn compare(&self, written: &Written, manifest: &Manifest, sight: &Sight) -> Judgement {
        let options = self.case.options;
        let is_same = *written.version == *sight.version && sight.claim == Claim::Ours;
        if is_same || options.drift == Drift::Ignore {
            return Judgement::only(Outcome::Synced);
        }
        let Some(live) = &sight.object else {
            return Judgement::looking(Operation::Update);
        };
        let mut fields = drift::differences(manifest.value(), live, drift::But::Nothing);
        if options.write == Write::Update {
            fields.extend(drift::foreign_labels(manifest.value(), live));
        }
        if fields.is_empty() {
            let kept = self.kept.cloned().unwrap_or_default();
            return Judgement::only(Outcome::Synced).remembering(Kept {
                written: Some(Written {
                    version: (&*sight.version).into(),
                    ..written.clone()
                }),
                ..kept
            });
        }
        if options.drift == Drift::Report {
            let fields = fields.into_iter().collect();
            return Judgement::only(Outcome::Drifted { fields });
        }
        // All of it was ours: whoever changed it owns it now.
        self.write(manifest, written.hash, sight, true)
    }

    fn write(
        &self,
        manifest: &Manifest,
        hash: ManifestHash,
        sight: &Sight,
        force: bool,
    ) -> Judgement {
        let waiting = self
            .paused(Some(hash))
            .or_else(|| self.comes_first(Operation::Update))
            .or_else(|| self.unsaved(Operation::Update));
        if let Some(waiting) = waiting {
            return waiting;
        }
        if let Some(replacing) = self.replace(hash, sight) {
            return replacing;
        }
        match self.case.options.write {
            Write::Update => self.update(manifest, hash, sight),
            Write::Apply => self.apply(manifest, hash, sight, force),
        }
    }

    fn apply(
        &self,
        manifest: &Manifest,
        hash: ManifestHash,
        sight: &Sight,
        force: bool,
    ) -> Judgement {
        let uid = Arc::clone(&sight.uid);
        let was_applied = self.written(sight).is_some_and(|it| it.by == Write::Apply);
        if self.is_ours(sight) && !was_applied {
            let Some(live) = &sight.object else {
                return Judgement::looking(Operation::Update);
            };
            if let Some(folded) = fold::folded(live, self.case.step.managers, Write::Apply) {
                let patch = fold::patch(live, &folded).into();
                return Judgement::doing(Act::Fold { patch, uid });
            }
        }
        let failed = self.kept.and_then(|kept| kept.failed.as_ref());
        let takes_over = failed.is_some_and(|failed| self.takes_over(failed));
        Judgement::doing(Act::Apply {
            manifest: manifest.clone(),
            hash,
            uid,
            force: force || takes_over || self.case.options.conflicts == Conflicts::Overwrite,
        })
    }

    fn update(&self, manifest: &Manifest, hash: ManifestHash, sight: &Sight) -> Judgement {
        let Some(live) = &sight.object else {
            return Judgement::looking(Operation::Update);
        };
        let kind = self.case.desired.and_then(DesiredObject::kind);
        let mut object = retain::retained(manifest.value(), live, kind);
        if let Some(folded) = fold::folded(live, self.case.step.managers, Write::Update)
            && let Some(metadata) = object.get_mut("metadata")
        {
            metadata["managedFields"] = folded;
        }
        Judgement::doing(Act::Update {
            object: object.into(),
            hash,
            uid: Arc::clone(&sight.uid),
        })
    }

    /// The cluster did not take the change of a field that cannot change: is the object to be made
    /// anew?
    fn replace(&self, hash: ManifestHash, sight: &Sight) -> Option<Judgement> {
        let failed = self.kept?.failed.as_ref()?;
        let refused = failed.failure == Failure::Immutable && failed.hash == Some(hash);
        if !refused || self.case.options.replacement != Replacement::Recreate {
            return None;
        }
        let propagation = self.case.options.removal.propagation();
        let propagation = propagation.unwrap_or(Propagation::Background);
        let uid = Arc::clone(&sight.uid);
        Some(
            self.has_contents()
                .unwrap_or_else(|| self.delete(uid, propagation)),
        )
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

fn saving(operation: Operation) -> Judgement {
    Judgement::waiting(operation, "it to be saved that the object may be there")
}
