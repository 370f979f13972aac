//! How many copies must stay until others are ready? No ready copy of ours goes because of us while
//! fewer than wanted would be left.

use super::action::Act;
use super::cell::{Cell, Want};
use super::judgement::Judgement;
use super::options::{Moves, Options};
use super::sight::{Claim, View};

/// Puts off what would leave too few copies of one object, which is still wanted.
pub(super) fn keep_enough(cells: &mut [(Cell<'_>, Judgement)], options: &Options) {
    let is_losing = |(cell, judgement): &(Cell<'_>, Judgement)| cell.loss(judgement) > 0;
    if options.moves == Moves::Directly || !cells.iter().any(is_losing) {
        return;
    }
    let wanted = sum(cells.iter().map(|(cell, _)| cell.wanted_copies()));
    let mut left = sum(cells.iter().map(|(cell, _)| cell.ready_copies()));
    for (cell, judgement) in cells {
        let loss = cell.loss(judgement);
        // What is replaced cannot stay until it is there again: the others are whole meanwhile.
        let own = match (&judgement.act, cell.want) {
            (Some(Act::Delete { .. }), Want::Manifest(..)) => cell.wanted_copies(),
            _ => 0,
        };
        if loss == 0 {
            continue;
        }
        if left.saturating_sub(loss) >= wanted.saturating_sub(own) {
            left = left.saturating_sub(loss);
        } else if let Some(operation) = judgement.act.as_ref().and_then(Act::operation) {
            *judgement = Judgement::waiting(operation, "enough copies to be ready elsewhere");
        }
    }
}

fn sum(copies: impl Iterator<Item = i64>) -> i64 {
    copies.fold(0, i64::saturating_add)
}

impl Cell<'_> {
    /// How many copies the cluster should have: replicas, or one object.
    fn wanted_copies(&self) -> i64 {
        match self.want {
            Want::Manifest(manifest, _) => manifest.replicas().unwrap_or(1).max(0),
            Want::Faulty(_, replicas) => replicas.unwrap_or(1).max(0),
            Want::Nothing | Want::Unknown => 0,
        }
    }

    /// How many copies of ours the cluster has that are ready.
    fn ready_copies(&self) -> i64 {
        match self.view {
            View::Present(sight) if !sight.is_terminating && sight.claim == Claim::Ours => {
                match sight.workload {
                    Some(workload) => workload.running.max(0),
                    None => i64::from(sight.is_there()),
                }
            }
            _ => 0,
        }
    }

    /// Does the cluster decide how many replicas it has?
    fn keeps_replicas(&self) -> bool {
        match self.want {
            Want::Manifest(manifest, _) => self.retaining().keeps_replicas(manifest),
            _ => false,
        }
    }

    /// How many ready copies would go with what is to be done.
    fn loss(&self, judgement: &Judgement) -> i64 {
        match judgement.act {
            Some(Act::Delete { .. } | Act::Orphan { .. }) => self.ready_copies(),
            Some(Act::Apply { .. } | Act::Update { .. }) if !self.keeps_replicas() => {
                (self.ready_copies() - self.wanted_copies()).max(0)
            }
            _ => 0,
        }
    }
}
