//! Which rows are worth the most where groups nest? A table for each group of what the best of its
//! rows are worth, for each number of rows and groups that may be used in it.

use super::nest::Nest;
use super::worth::Worth;

/// How many combinations are looked at for one selection at most.
pub const TABLE_LIMIT: usize = 4_000_000;

/// From how many rows on it pays to look for the best of them by halves.
const WIDE: usize = 8;

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

    fn sum(self, one: usize, other: usize) -> Option<usize> {
        let sum = one + other;
        if self.open {
            Some(sum.min(self.cap))
        } else {
            (sum <= self.cap).then_some(sum)
        }
    }

    /// How many numbers there are from 0 on, of sums of two that have so many.
    fn joined(self, one: usize, other: usize) -> usize {
        (one + other - 1).min(self.cap.saturating_add(1))
    }
}

/// What the best rows are worth, for each combination of numbers. Rows are counted innermost; each
/// line of the table is about one combination of numbers of groups.
struct Table<W> {
    /// How many numbers there are along each axis.
    shape: Vec<usize>,
    cells: Vec<W>,
}

/// From which cells of the two tables that were joined a cell comes. The second is `None` where
/// the group that was added is not used.
type Origin = (u32, Option<u32>);

/// A group with its table, and how that came about.
struct Node<W> {
    table: Table<W>,
    /// For each group in it, the origins of the cells when it was added.
    joins: Vec<Vec<Origin>>,
    /// Of one of the finest groups, its rows, the best first.
    rows: Vec<u32>,
}

/// The rows that are worth the most. None at all are only good where there may be none.
pub(super) fn best<W: Worth>(nest: &Nest, worths: &[W], some: bool) -> Option<Vec<u32>> {
    let mut levels = vec![leaves(nest, worths)];
    for held in &nest.levels {
        let inner = levels.last()?;
        let outer = held
            .iter()
            .map(|groups| node(nest, inner, groups))
            .collect();
        levels.push(outer);
    }
    let table = &levels.last()?.first()?.table;
    let mut best: Option<(W, usize)> = None;
    for (cell, worth) in table.cells.iter().enumerate() {
        if best.is_none_or(|(best, _)| best < *worth)
            && *worth != W::IMPOSSIBLE
            && enough(nest, &table.shape, cell)
        {
            best = Some((*worth, cell));
        }
    }
    let (worth, cell) = best?;
    if some && worth == W::NOTHING {
        return None;
    }
    let mut rows = Vec::new();
    trace(nest, &levels, 0, cell, &mut rows);
    Some(rows)
}

fn enough(nest: &Nest, shape: &[usize], mut cell: usize) -> bool {
    nest.axes.iter().zip(shape).all(|(axis, length)| {
        let number = cell % length;
        cell /= length;
        number >= axis.minimum
    })
}

fn leaves<W: Worth>(nest: &Nest, worths: &[W]) -> Vec<Node<W>> {
    let Some(axis) = nest.axes.first() else {
        return Vec::new();
    };
    nest.leaves
        .iter()
        .map(|rows| leaf(*axis, rows, worths))
        .collect()
}

fn leaf<W: Worth>(axis: Axis, rows: &[u32], worths: &[W]) -> Node<W> {
    let worth = |row: &u32| worths.get(*row as usize).copied();
    let length = rows.len().min(axis.cap);
    if axis.open {
        // Nothing limits their number, and each is worth something, so all are taken.
        let all = rows.iter().filter_map(worth).fold(W::NOTHING, W::plus);
        let mut cells = vec![W::IMPOSSIBLE; length];
        cells.push(all);
        return Node::leaf(cells, rows.to_vec());
    }
    let mut sorted: Vec<(W, u32)> = rows
        .iter()
        .filter_map(|row| Some((worth(row)?, *row)))
        .collect();
    if length > 0 && length < sorted.len() {
        sorted.select_nth_unstable_by(length - 1, |one, other| other.cmp(one));
    }
    sorted.truncate(length);
    sorted.sort_unstable_by(|one, other| other.cmp(one));
    let mut sum = W::NOTHING;
    let mut cells = vec![W::IMPOSSIBLE];
    for (worth, _) in &sorted {
        sum = sum.plus(*worth);
        cells.push(sum);
    }
    Node::leaf(cells, sorted.into_iter().map(|(_, row)| row).collect())
}

impl<W> Node<W> {
    fn leaf(cells: Vec<W>, rows: Vec<u32>) -> Self {
        Self {
            table: Table {
                shape: vec![cells.len()],
                cells,
            },
            joins: Vec::new(),
            rows,
        }
    }
}

fn node<W: Worth>(nest: &Nest, inner: &[Node<W>], groups: &[u32]) -> Node<W> {
    let axes = inner.first().map_or(0, |node| node.table.shape.len()) + 1;
    let mut table = Table {
        shape: vec![1; axes],
        cells: vec![W::NOTHING],
    };
    let mut joins = Vec::with_capacity(groups.len());
    for group in groups.iter().filter_map(|group| inner.get(*group as usize)) {
        let (joined, origins) = Join::of(&nest.axes, &table, &group.table).made();
        table = joined;
        joins.push(origins);
    }
    Node {
        table,
        joins,
        rows: Vec::new(),
    }
}

/// One group is added to what is known of the groups before it.
struct Join<'j, W> {
    axes: &'j [Axis],
    before: &'j Table<W>,
    added: &'j Table<W>,
    table: Table<W>,
    origins: Vec<Origin>,
}

impl<'j, W: Worth> Join<'j, W> {
    fn of(axes: &'j [Axis], before: &'j Table<W>, added: &'j Table<W>) -> Self {
        let shape = joined(axes, &before.shape, &added.shape);
        let size = shape.iter().product();
        Self {
            axes,
            before,
            added,
            table: Table {
                shape,
                cells: vec![W::IMPOSSIBLE; size],
            },
            origins: vec![(0, None); size],
        }
    }

    fn made(mut self) -> (Table<W>, Vec<Origin>) {
        let (before, added) = (self.before.lines(), self.added.lines());
        for line in 0..before {
            if let Some(target) = self.target(line, 0, 0) {
                self.keep(line, target);
            }
            for other in 0..added {
                if let Some(target) = self.target(line, other, 1) {
                    self.add(line, other, target);
                }
            }
        }
        (self.table, self.origins)
    }

    /// The line about the sums of what two lines are about, with so many groups more.
    fn target(&self, mut line: usize, mut other: usize, used: usize) -> Option<usize> {
        let (mut target, mut stride) = (0, 1);
        for (place, axis) in self.axes.iter().enumerate().skip(1) {
            let Some(length) = self.before.shape.get(place) else {
                break;
            };
            let number = match self.added.shape.get(place) {
                Some(length) => {
                    let number = other % length;
                    other /= length;
                    number
                }
                None => used,
            };
            target += stride * axis.sum(line % length, number)?;
            line /= length;
            stride *= self.table.shape.get(place)?;
        }
        Some(target)
    }

    /// The group is not used.
    fn keep(&mut self, line: usize, target: usize) {
        let from = line * self.before.width();
        let into = target * self.table.width();
        for (number, worth) in self.before.line(line).iter().enumerate() {
            self.offer(into + number, *worth, (from + number, None));
        }
    }

    fn add(&mut self, line: usize, other: usize, target: usize) {
        let Some(axis) = self.axes.first().copied() else {
            return;
        };
        let sums = Sums {
            before: self.before.line(line),
            added: self.added.line(other),
            from: line * self.before.width(),
            with: other * self.added.width(),
            into: target * self.table.width(),
        };
        if by_halves(axis, &self.added.shape) {
            let widest = self.table.width() - 1;
            self.halve(&sums, (1, widest), (0, sums.before.len() - 1));
        } else {
            self.all(&sums, axis);
        }
    }

    fn all(&mut self, sums: &Sums<'_, W>, axis: Axis) {
        for (one, before) in sums.before.iter().enumerate() {
            if *before == W::IMPOSSIBLE {
                continue;
            }
            for (other, added) in sums.added.iter().enumerate() {
                let Some(number) = axis.sum(one, other) else {
                    break;
                };
                // Of a group that is used there is something.
                if *added > W::NOTHING {
                    let origin = (sums.from + one, Some(sums.with + other));
                    self.offer(sums.into + number, before.plus(*added), origin);
                }
            }
        }
    }

    /// The same, where each further row of the group adds no more than the one before: then the
    /// more rows there are in all, the more, or as many, come from the groups before.
    fn halve(&mut self, sums: &Sums<'_, W>, numbers: (usize, usize), ones: (usize, usize)) {
        let (first, last) = numbers;
        if first > last {
            return;
        }
        let middle = first.midpoint(last);
        let from = ones.0.max(middle.saturating_sub(sums.added.len() - 1));
        let to = ones.1.min(middle - 1);
        let mut best: Option<(W, usize)> = None;
        for (one, before) in sums.before.iter().enumerate().take(to + 1).skip(from) {
            let Some(added) = sums.added.get(middle - one) else {
                continue;
            };
            if *before != W::IMPOSSIBLE {
                let worth = before.plus(*added);
                if best.is_none_or(|(best, _)| best < worth) {
                    best = Some((worth, one));
                }
            }
        }
        let (mut low, mut high) = (ones.1, ones.0);
        if let Some((worth, one)) = best {
            (low, high) = (one, one);
            let origin = (sums.from + one, Some(sums.with + middle - one));
            self.offer(sums.into + middle, worth, origin);
        }
        self.halve(sums, (first, middle - 1), (ones.0, low));
        self.halve(sums, (middle + 1, last), (high, ones.1));
    }

    fn offer(&mut self, cell: usize, worth: W, origin: (usize, Option<usize>)) {
        if let (Some(known), Some(known_origin)) =
            (self.table.cells.get_mut(cell), self.origins.get_mut(cell))
            && *known < worth
        {
            *known = worth;
            *known_origin = (small(origin.0), origin.1.map(small));
        }
    }
}

/// Two lines whose sums make a third, and where all of them begin.
struct Sums<'s, W> {
    before: &'s [W],
    added: &'s [W],
    from: usize,
    with: usize,
    into: usize,
}

impl<W> Table<W> {
    fn width(&self) -> usize {
        self.shape.first().copied().unwrap_or(1)
    }

    fn lines(&self) -> usize {
        lines(&self.shape)
    }

    fn line(&self, line: usize) -> &[W] {
        let (start, width) = (line * self.width(), self.width());
        self.cells.get(start..start + width).unwrap_or_default()
    }
}

/// Tables are smaller than their limit.
fn small(cell: usize) -> u32 {
    u32::try_from(cell).unwrap_or(u32::MAX)
}

fn lines(shape: &[usize]) -> usize {
    shape.iter().skip(1).product()
}

/// Only the finest groups have one axis, and only there each further row adds no more than the one
/// before.
fn by_halves(axis: Axis, added: &[usize]) -> bool {
    !axis.open && added.len() == 1 && added.first().is_some_and(|width| *width > WIDE)
}

fn joined(axes: &[Axis], before: &[usize], added: &[usize]) -> Vec<usize> {
    let added = added.iter().chain(std::iter::repeat(&2));
    axes.iter()
        .zip(before.iter().zip(added))
        .map(|(axis, (one, other))| axis.joined(*one, *other))
        .collect()
}

fn trace<W>(nest: &Nest, levels: &[Vec<Node<W>>], group: usize, cell: usize, rows: &mut Vec<u32>) {
    let Some((nodes, inner)) = levels.split_last() else {
        return;
    };
    let Some(node) = nodes.get(group) else {
        return;
    };
    if inner.is_empty() {
        let open = nest.axes.first().is_some_and(|axis| axis.open);
        let count = if open { node.rows.len() } else { cell };
        rows.extend(node.rows.iter().take(count));
        return;
    }
    let held = nest
        .levels
        .get(inner.len() - 1)
        .and_then(|level| level.get(group));
    let mut cell = cell;
    for (origins, group) in node
        .joins
        .iter()
        .zip(held.map_or(&[][..], Vec::as_slice))
        .rev()
    {
        let Some((before, added)) = origins.get(cell) else {
            return;
        };
        if let Some(added) = added {
            trace(nest, inner, *group as usize, *added as usize, rows);
        }
        cell = *before as usize;
    }
}

/// How many combinations are looked at, and cells written, to make all tables.
pub(super) fn steps(nest: &Nest) -> usize {
    let Some(axis) = nest.axes.first() else {
        return 0;
    };
    let mut shapes: Vec<Vec<usize>> = nest
        .leaves
        .iter()
        .map(|rows| vec![rows.len().min(axis.cap) + 1])
        .collect();
    let mut steps = 0_usize;
    for (level, held) in nest.levels.iter().enumerate() {
        let mut outer = Vec::with_capacity(held.len());
        for groups in held {
            let mut before = vec![1; level + 2];
            for added in groups
                .iter()
                .filter_map(|group| shapes.get(*group as usize))
            {
                let shape = joined(&nest.axes, &before, added);
                steps = steps.saturating_add(join_steps(*axis, &before, added, &shape));
                if steps > TABLE_LIMIT {
                    return steps;
                }
                before = shape;
            }
            outer.push(before);
        }
        shapes = outer;
    }
    steps
}

fn join_steps(axis: Axis, before: &[usize], added: &[usize], shape: &[usize]) -> usize {
    let width = |shape: &[usize]| shape.first().copied().unwrap_or(1);
    let line = if by_halves(axis, added) {
        let halvings = usize::BITS - width(shape).leading_zeros();
        (width(before) + width(shape)).saturating_mul(halvings as usize)
    } else {
        width(before).saturating_mul(width(added))
    };
    let lines = lines(before).saturating_mul(lines(added));
    let cells = shape
        .iter()
        .fold(1_usize, |cells, length| cells.saturating_mul(*length));
    lines.saturating_mul(line).saturating_add(cells)
}
