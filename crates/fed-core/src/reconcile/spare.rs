//! How many copies must stay until others are ready? No copy that is ready goes because of us while
//! fewer than wanted would be left.

use super::action::Act;
use super::cell::{Cell, Judgement, Keep, Want};
use super::options::{Moves, Options};
use super::sight::View;
use super::standing::Standing;

/// Puts off what would leave too few copies of one object.
pub(super) fn keep_enough(cells: &mut [(Cell<'_>, Judgement)], options: Options) {
    let is_withdrawn = !cells
        .iter()
        .any(|(cell, _)| matches!(cell.want, Want::Manifest(..)));
    if options.moves == Moves::Directly || is_withdrawn {
        return;
    }
    let wanted: i64 = sum(cells.iter().map(|(cell, _)| cell.wanted_copies()));
    let ready: i64 = sum(cells.iter().map(|(cell, _)| cell.ready_copies()));
    let mut spare = ready.saturating_sub(wanted).max(0);
    for (cell, judgement) in cells {
        let loss = cell.loss(judgement);
        if loss <= spare {
            spare -= loss;
        } else {
            *judgement = Judgement {
                standing: Standing::Spared,
                act: None,
                keep: Keep::Same,
                look_at: None,
            };
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
            _ => 0,
        }
    }

    /// How many copies the cluster has that are ready.
    fn ready_copies(&self) -> i64 {
        match self.view {
            View::Present(sight) if !sight.is_terminating => match sight.workload {
                Some(workload) => workload.running.max(0),
                None => i64::from(sight.is_healthy),
            },
            _ => 0,
        }
    }

    /// How many ready copies would go with what is to be done.
    fn loss(&self, judgement: &Judgement) -> i64 {
        match judgement.act {
            Some(Act::Delete { .. }) => self.ready_copies(),
            Some(Act::Apply { .. } | Act::Update { .. }) => {
                (self.ready_copies() - self.wanted_copies()).max(0)
            }
            _ => 0,
        }
    }
}
