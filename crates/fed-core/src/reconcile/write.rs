//! How is what should be there written over what is there?

use std::sync::Arc;

use super::action::Act;
use super::answer::Failure;
use super::cell::Cell;
use super::desired::ManifestHash;
use super::fold;
use super::judgement::Judgement;
use super::options::{Conflicts, Propagation, Replacement, Write};
use super::sight::Sight;
use crate::kinds::Misshapen;
use crate::plan::Manifest;
use crate::status::{Operation, Outcome, Step};

impl Cell<'_> {
    pub(super) fn write(
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
        let retaining = self.retaining();
        let manifest = match &sight.object {
            Some(live) => match retaining.wanted(manifest, live) {
                Ok(manifest) => manifest.into_owned(),
                Err(misshapen) => return not_kept(&misshapen),
            },
            None if retaining.depends_on_cluster(manifest) => {
                return Judgement::looking(Operation::Update);
            }
            None => manifest.clone(),
        };
        let failed = self.kept.and_then(|kept| kept.failed.as_ref());
        let takes_over = failed.is_some_and(|failed| self.takes_over(failed));
        Judgement::doing(Act::Apply {
            manifest,
            hash,
            uid,
            force: force || takes_over || self.case.options.conflicts == Conflicts::Overwrite,
        })
    }

    fn update(&self, manifest: &Manifest, hash: ManifestHash, sight: &Sight) -> Judgement {
        let Some(live) = &sight.object else {
            return Judgement::looking(Operation::Update);
        };
        let mut object = match self.retaining().whole(manifest, live) {
            Ok(object) => object,
            Err(misshapen) => return not_kept(&misshapen),
        };
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

/// What the cluster owns of it cannot be told, so that it is not written over.
pub(super) fn not_kept(misshapen: &Misshapen) -> Judgement {
    Judgement::only(Outcome::failed(Step::Retain, misshapen.to_string()))
}
