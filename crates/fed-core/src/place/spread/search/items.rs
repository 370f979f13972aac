//! Among what is searched? Rows or classes of them, the groups that they use, and what is left of
//! both from each place on.

use std::collections::BTreeMap;

use super::super::problem::{Limit, Problem};
use super::super::worth::Worth;

/// Rows that are taken together: one, or, where their number is not limited, all that are in the
/// same groups.
pub(super) struct Item<W> {
    pub(super) rows: Vec<u32>,
    pub(super) worth: W,
    pub(super) room: i128,
    /// The groups of all limits, numbered through.
    pub(super) groups: Vec<u32>,
    /// Those with the same groups are of one class.
    pub(super) class: usize,
}

/// How far a limit is used.
pub(super) struct Use {
    pub(super) minimum: usize,
    pub(super) maximum: usize,
    /// The most groups that an item is in.
    pub(super) widest: usize,
    pub(super) used: usize,
    /// How many groups are used, or can still be.
    pub(super) reachable: usize,
}

pub(super) struct Group {
    pub(super) limit: usize,
    /// How many items that are taken are in it.
    pub(super) uses: usize,
    /// The last item that is in it.
    pub(super) last: usize,
}

/// What the items from some place on can still add.
#[derive(Clone, Copy)]
pub(super) struct Rest<W> {
    /// The worth of all items before.
    pub(super) before: W,
    pub(super) rows: usize,
    pub(super) room: i128,
    pub(super) most_room: i128,
}

impl Use {
    pub(super) fn new(limit: &Limit) -> Self {
        Self {
            minimum: limit.minimum,
            maximum: if limit.has_maximum() {
                limit.maximum
            } else {
                usize::MAX
            },
            widest: 0,
            used: 0,
            reachable: limit.count,
        }
    }
}

/// The items, the best first, and how many classes there are.
pub(super) fn items<W: Worth>(problem: &Problem, worths: &[W]) -> (Vec<Item<W>>, usize) {
    let mut classes: BTreeMap<Vec<u32>, usize> = BTreeMap::new();
    let mut items: Vec<Item<W>> = Vec::new();
    for (row, worth) in (0_u32..).zip(worths) {
        let groups = numbered_through(&problem.limits, row as usize);
        let room = problem.rows.get(row as usize).map_or(0, |row| row.room);
        let fresh = classes.len();
        let class = *classes.entry(groups.clone()).or_insert(fresh);
        match items.get_mut(class) {
            // Then items and classes are the same.
            Some(item) if !problem.has_maximum() => {
                item.rows.push(row);
                item.worth = item.worth.plus(*worth);
                item.room = item.room.saturating_add(room);
            }
            _ => items.push(Item {
                rows: vec![row],
                worth: *worth,
                room,
                groups,
                class,
            }),
        }
    }
    items.sort_by(|one, other| {
        other
            .worth
            .cmp(&one.worth)
            .then_with(|| one.rows.cmp(&other.rows))
    });
    (items, classes.len())
}

fn numbered_through(limits: &[Limit], row: usize) -> Vec<u32> {
    let mut groups = Vec::with_capacity(limits.len());
    let mut offset = 0_u32;
    for limit in limits {
        groups.extend(
            limit
                .groups
                .of(row)
                .iter()
                .map(|group| group.saturating_add(offset)),
        );
        offset = offset.saturating_add(u32::try_from(limit.count).unwrap_or(u32::MAX));
    }
    groups
}

pub(super) fn groups<W>(limits: &[Limit], items: &[Item<W>]) -> Vec<Group> {
    let mut groups = Vec::new();
    for (limit, count) in limits.iter().map(|limit| limit.count).enumerate() {
        groups.extend((0..count).map(|_| Group {
            limit,
            uses: 0,
            last: 0,
        }));
    }
    for (place, item) in items.iter().enumerate() {
        for group in &item.groups {
            if let Some(group) = groups.get_mut(*group as usize) {
                group.last = place;
            }
        }
    }
    groups
}

pub(super) fn rest<W: Worth>(items: &[Item<W>]) -> Vec<Rest<W>> {
    let mut rest = vec![
        Rest {
            before: W::NOTHING,
            rows: 0,
            room: 0,
            most_room: 0,
        };
        items.len() + 1
    ];
    let mut before = W::NOTHING;
    for (item, rest) in items.iter().zip(rest.iter_mut().skip(1)) {
        before = before.plus(item.worth);
        rest.before = before;
    }
    let mut after: Option<Rest<W>> = None;
    for (place, rest) in rest.iter_mut().enumerate().rev() {
        if let (Some(after), Some(item)) = (after, items.get(place)) {
            rest.rows = after.rows + item.rows.len();
            rest.room = after.room.saturating_add(item.room);
            rest.most_room = after.most_room.max(item.room);
        }
        after = Some(*rest);
    }
    rest
}
