//! Which rows are worth the most where groups nest? Group after group is used or not; a table holds
//! what the best rows are worth for each number of rows and groups that are used so far.

use super::nest::Nest;
use super::worth::Worth;

/// How many cells of tables are computed for one selection at most.
pub const TABLE_LIMIT: usize = 1_000_000;

/// How far something is counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    minimum: usize,
    /// The largest number that is told from others.
    cap: usize,
    /// Does the largest number stand for all that are larger, too? Otherwise they are forbidden.
    open: bool,
}

impl Axis {
    pub(super) fn new(minimum: usize, maximum: Option<usize>) -> Self {
        // Whether there is any is known from what is worth more than nothing.
        let minimum = if minimum > 1 { minimum } else { 0 };
        Self {
            minimum,
            cap: maximum.unwrap_or(minimum),
            open: maximum.is_none(),
        }
    }

    /// How many numbers there are from 0 on.
    fn length(self) -> usize {
        self.cap.saturating_add(1)
    }
}

/// What some rows are worth, and which they are.
#[derive(Clone, Copy)]
struct Cell<W> {
    worth: W,
    /// The last of the takes that led here.
    take: Option<u32>,
}

/// So many of the best rows of a leaf are taken, after other takes.
struct Take {
    leaf: u32,
    rows: u32,
    before: Option<u32>,
}

/// One of the finest groups.
struct Leaf<W> {
    /// Its rows, the best first, no more of them than may be chosen.
    rows: Vec<u32>,
    /// What the best of them are worth, from none on; only of all of them where their number is not
    /// limited.
    sums: Vec<W>,
}

struct Tables<'n, W> {
    nest: &'n Nest,
    leaves: Vec<Leaf<W>>,
    takes: Vec<Take>,
}

/// The rows that are worth the most; none at all only where there need not be some.
pub(super) fn best<W: Worth>(nest: &Nest, worths: &[W], some: bool) -> Option<Vec<u32>> {
    let rows = *nest.axes.first()?;
    let mut tables = Tables {
        nest,
        leaves: nest
            .leaves
            .iter()
            .map(|leaf| Leaf::new(rows, leaf, worths))
            .collect(),
        takes: Vec::new(),
    };
    let mut nothing = tables.impossible();
    nothing.first_mut()?.worth = W::NOTHING;
    let mut cells = tables.within(&nothing, nest.levels.len(), 0);
    raise(&mut cells, &nothing);
    let enough = cells.iter().enumerate().filter(|(place, cell)| {
        cell.worth > W::IMPOSSIBLE
            && (!some || cell.worth > W::NOTHING)
            && tables.has_enough(*place)
    });
    let (_, best) = enough.max_by_key(|(_, cell)| cell.worth)?;
    Some(tables.taken(best.take))
}

/// How many cells are computed.
pub(super) fn cells(nest: &Nest) -> usize {
    let groups = nest.levels.iter().map(Vec::len).sum::<usize>() + nest.leaves.len();
    let lengths = nest.axes.iter().map(|axis| axis.length());
    lengths.fold(groups, usize::saturating_mul)
}

impl<W: Worth> Tables<'_, W> {
    fn impossible(&self) -> Vec<Cell<W>> {
        let cell = Cell {
            worth: W::IMPOSSIBLE,
            take: None,
        };
        vec![cell; self.nest.axes.iter().map(|axis| axis.length()).product()]
    }

    /// What can be had by using this group after what is in the table.
    fn using(&mut self, before: &[Cell<W>], level: usize, group: u32) -> Vec<Cell<W>> {
        let counted = self.counted(before, level + 1);
        if level == 0 {
            self.using_leaf(&counted, group)
        } else {
            self.within(&counted, level, group)
        }
    }

    /// What can be had by using some groups of this group.
    fn within(&mut self, before: &[Cell<W>], level: usize, group: u32) -> Vec<Cell<W>> {
        let nest = self.nest;
        let inner = level.saturating_sub(1);
        let held = nest
            .levels
            .get(inner)
            .and_then(|groups| groups.get(group as usize));
        let mut held = held.cloned().unwrap_or_default();
        if inner == 0 {
            self.leave_dominated(&mut held);
        }
        let mut known = self.impossible();
        let mut start = before.to_vec();
        for group in held {
            let found = self.using(&start, inner, group);
            raise(&mut known, &found);
            raise(&mut start, &found);
        }
        known
    }

    /// The same with one more along an axis, as far as that is allowed.
    fn counted(&self, before: &[Cell<W>], axis: usize) -> Vec<Cell<W>> {
        let mut counted = self.impossible();
        let stride: usize = self
            .nest
            .axes
            .iter()
            .take(axis)
            .map(|axis| axis.length())
            .product();
        let Some(axis) = self.nest.axes.get(axis) else {
            return counted;
        };
        for (place, cell) in before.iter().enumerate() {
            let last = place / stride % axis.length() == axis.cap;
            if last && !axis.open {
                continue;
            }
            let target = if last { place } else { place + stride };
            if let Some(known) = counted.get_mut(target)
                && known.worth < cell.worth
            {
                *known = *cell;
            }
        }
        counted
    }

    fn using_leaf(&mut self, before: &[Cell<W>], group: u32) -> Vec<Cell<W>> {
        let mut using = self.impossible();
        let Some(axis) = self.nest.axes.first() else {
            return using;
        };
        let Some(leaf) = self.leaves.get(group as usize) else {
            return using;
        };
        let takes = &mut self.takes;
        let width = axis.length();
        for (before, using) in before.chunks(width).zip(using.chunks_mut(width)) {
            if before.iter().all(|cell| cell.worth == W::IMPOSSIBLE) {
                continue;
            }
            let mut line = Line {
                before,
                sums: &leaf.sums,
                leaf: group,
                using,
                takes: &mut *takes,
            };
            if axis.open {
                line.all(leaf.rows.len(), axis.cap);
            } else {
                line.some((1, axis.cap), (0, axis.cap));
            }
        }
        using
    }

    /// A leaf is never needed if so many others of its group are at least as good, whatever number
    /// of rows is taken, that one of them is still unused.
    fn leave_dominated(&self, held: &mut Vec<u32>) {
        let [rows, groups, ..] = self.nest.axes.as_slice() else {
            return;
        };
        let most = if groups.open {
            rows.cap
        } else {
            groups.cap.min(rows.cap)
        };
        if rows.open || held.len() <= most {
            return;
        }
        let leaf = |group: u32| self.leaves.get(group as usize);
        let dominates = |one: u32, other: u32| match (leaf(one), leaf(other)) {
            (Some(first), Some(second)) => first.dominates(second, one < other),
            _ => false,
        };
        let all = held.clone();
        held.retain(|group| {
            let dominating = all.iter().filter(|other| dominates(**other, *group));
            dominating.take(most).count() < most
        });
    }

    fn has_enough(&self, mut place: usize) -> bool {
        self.nest.axes.iter().all(|axis| {
            let number = place % axis.length();
            place /= axis.length();
            number >= axis.minimum
        })
    }

    fn taken(&self, mut last: Option<u32>) -> Vec<u32> {
        let mut rows = Vec::new();
        while let Some(take) = last.and_then(|last| self.takes.get(last as usize)) {
            if let Some(leaf) = self.leaves.get(take.leaf as usize) {
                rows.extend(leaf.rows.iter().take(take.rows as usize));
            }
            last = take.before;
        }
        rows
    }
}

/// The better one of each two cells.
fn raise<W: Worth>(cells: &mut [Cell<W>], others: &[Cell<W>]) {
    for (cell, other) in cells.iter_mut().zip(others) {
        if cell.worth < other.worth {
            *cell = *other;
        }
    }
}

impl<W: Worth> Leaf<W> {
    fn new(axis: Axis, rows: &[u32], worths: &[W]) -> Self {
        let worth = |row: &u32| Some((worths.get(*row as usize).copied()?, *row));
        let mut sorted: Vec<(W, u32)> = rows.iter().filter_map(worth).collect();
        if !axis.open {
            if axis.cap > 0 && axis.cap < sorted.len() {
                sorted.select_nth_unstable_by(axis.cap - 1, |one, other| other.cmp(one));
            }
            sorted.truncate(axis.cap);
            sorted.sort_unstable_by(|one, other| other.cmp(one));
        }
        let mut sum = W::NOTHING;
        let mut sums = vec![sum];
        for (worth, _) in &sorted {
            sum = sum.plus(*worth);
            sums.push(sum);
        }
        Self {
            rows: sorted.into_iter().map(|(_, row)| row).collect(),
            sums,
        }
    }

    /// Is this at least as good for each number of rows? Of equal ones the first is.
    fn dominates(&self, other: &Self, first: bool) -> bool {
        let pairs = || self.sums.iter().zip(&other.sums);
        self.sums.len() >= other.sums.len()
            && pairs().all(|(own, other)| own >= other)
            && (first || self.sums != other.sums)
    }
}

/// The cells for which only the number of rows differs, when a leaf is used.
struct Line<'l, W> {
    before: &'l [Cell<W>],
    sums: &'l [W],
    leaf: u32,
    using: &'l mut [Cell<W>],
    takes: &'l mut Vec<Take>,
}

impl<W: Worth> Line<'_, W> {
    /// All rows are taken: nothing limits their number, and each is worth something.
    fn all(&mut self, rows: usize, cap: usize) {
        let Some(sum) = self.sums.last() else {
            return;
        };
        for (number, before) in self.before.iter().enumerate() {
            if before.worth > W::IMPOSSIBLE {
                let target = number.saturating_add(rows).min(cap);
                self.offer(target, before.worth.plus(*sum), rows, before.take);
            }
        }
    }

    /// Finds the best for some numbers of rows, if so many of them may come from before. As each
    /// further row of the leaf adds no more than the one before, the more rows there are in all,
    /// the more, or as many, come from before.
    fn some(&mut self, numbers: (usize, usize), before: (usize, usize)) {
        let (first, last) = numbers;
        if first > last {
            return;
        }
        let middle = first.midpoint(last);
        let from = before.0.max((middle + 1).saturating_sub(self.sums.len()));
        let to = before.1.min(middle - 1);
        let best = self.best(middle, from, to);
        let (mut low, mut high) = (before.1, before.0);
        if let Some((worth, number, take)) = best {
            (low, high) = (number, number);
            self.offer(middle, worth, middle - number, take);
        }
        self.some((first, middle - 1), (before.0, low));
        self.some((middle + 1, last), (high, before.1));
    }

    /// The best for this number of rows, how many of them come from before, and from where.
    fn best(&self, rows: usize, from: usize, to: usize) -> Option<(W, usize, Option<u32>)> {
        let before = self.before.get(from..=to)?;
        let sums = self.sums.get(rows - to..=rows - from)?;
        let mut best = None;
        let mut most = W::IMPOSSIBLE;
        for ((number, before), sum) in (from..).zip(before).zip(sums.iter().rev()) {
            if before.worth > W::IMPOSSIBLE {
                let worth = before.worth.plus(*sum);
                if worth > most {
                    most = worth;
                    best = Some((number, before.take));
                }
            }
        }
        best.map(|(number, take)| (most, number, take))
    }

    fn offer(&mut self, target: usize, worth: W, rows: usize, before: Option<u32>) {
        let Some(known) = self.using.get_mut(target) else {
            return;
        };
        if known.worth < worth {
            *known = Cell {
                worth,
                take: u32::try_from(self.takes.len()).ok(),
            };
            self.takes.push(Take {
                leaf: self.leaf,
                rows: u32::try_from(rows).unwrap_or(u32::MAX),
                before,
            });
        }
    }
}
