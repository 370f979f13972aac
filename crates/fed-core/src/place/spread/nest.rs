//! Do the groups nest? Then they form a tree, whatever the keys are called.

use super::problem::{Limit, Problem};
use super::table::{self, Axis, TABLE_LIMIT};

/// Groups in groups, the finest first.
#[derive(Debug)]
pub(super) struct Nest {
    /// What is counted: rows, then the groups of each level.
    pub(super) axes: Vec<Axis>,
    /// The rows of each of the finest groups.
    pub(super) leaves: Vec<Vec<u32>>,
    /// For each further level the groups of the level before that each group holds. The last level
    /// has one group, which holds all.
    pub(super) levels: Vec<Vec<Vec<u32>>>,
}

/// The groups of one level, or of several keys that group in the same way.
struct Level<'l> {
    groups: &'l [u32],
    count: usize,
    minimum: usize,
    maximum: usize,
}

impl Nest {
    /// The tree of all limited groups, if they nest and are not too many to be combined.
    pub(super) fn of(problem: &Problem) -> Option<Self> {
        let levels = levels(&problem.limits)?;
        let finest = levels.first()?;
        let mut leaves = vec![Vec::new(); finest.count];
        for (row, group) in (0..).zip(finest.groups) {
            leaves.get_mut(*group as usize)?.push(row);
        }
        let mut held = Vec::new();
        for (inner, outer) in levels.iter().zip(levels.iter().skip(1)) {
            held.push(holding(inner, outer)?);
        }
        let coarsest = u32::try_from(levels.last()?.count).ok()?;
        held.push(vec![(0..coarsest).collect()]);
        let nest = Self {
            axes: axes(problem, &levels),
            leaves,
            levels: held,
        };
        (table::cells(&nest) <= TABLE_LIMIT).then_some(nest)
    }
}

/// The levels from the finest to the coarsest, without looking whether they nest.
fn levels(limits: &[Limit]) -> Option<Vec<Level<'_>>> {
    let mut levels: Vec<Level<'_>> = Vec::new();
    for limit in limits {
        let groups = limit.groups.alone()?;
        // Groups are numbered as they are seen, so equal ones have equal numbers.
        match levels.iter_mut().find(|level| level.groups == groups) {
            Some(level) => {
                level.minimum = level.minimum.max(limit.minimum);
                level.maximum = level.maximum.min(limit.maximum);
            }
            None => levels.push(Level {
                groups,
                count: limit.count,
                minimum: limit.minimum,
                maximum: limit.maximum,
            }),
        }
    }
    levels.sort_by_key(|level| std::cmp::Reverse(level.count));
    Some(levels)
}

/// The inner groups of each outer one, if each inner one lies in one outer one.
fn holding(inner: &Level<'_>, outer: &Level<'_>) -> Option<Vec<Vec<u32>>> {
    let mut parents: Vec<Option<u32>> = vec![None; inner.count];
    let mut held = vec![Vec::new(); outer.count];
    for (group, parent) in inner.groups.iter().zip(outer.groups) {
        let known = parents.get_mut(*group as usize)?;
        match known {
            Some(known) if known == parent => {}
            Some(_) => return None,
            None => {
                *known = Some(*parent);
                held.get_mut(*parent as usize)?.push(*group);
            }
        }
    }
    Some(held)
}

fn axes(problem: &Problem, levels: &[Level<'_>]) -> Vec<Axis> {
    // So many rows as the groups that may be used cannot even hold need not be forbidden.
    let held = levels.iter().map(Level::most_rows).min();
    let binds = problem.has_maximum() && held.is_none_or(|held| held > problem.maximum);
    let maximum = binds.then_some(problem.maximum);
    let mut axes = vec![Axis::new(problem.minimum, maximum)];
    axes.extend(levels.iter().map(|level| {
        let maximum = (level.maximum < level.count).then_some(level.maximum);
        Axis::new(level.minimum, maximum)
    }));
    axes
}

impl Level<'_> {
    /// How many rows there are at most in as many groups as may be used.
    fn most_rows(&self) -> usize {
        let mut sizes = vec![0_usize; self.count];
        for group in self.groups {
            if let Some(size) = sizes.get_mut(*group as usize) {
                *size += 1;
            }
        }
        sizes.sort_unstable_by(|one, other| other.cmp(one));
        sizes.iter().take(self.maximum).sum()
    }
}
