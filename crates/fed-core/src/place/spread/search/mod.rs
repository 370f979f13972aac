//! Which rows are best where groups overlap? A search of one row after the other, the best first,
//! that leaves out what cannot become better than what is already found.

mod items;

use super::problem::{Limit, Problem};
use super::scarce::Failure;
use super::unsatisfied::Obstacle;
use super::worth::{Order, Worth, Worths};
use items::{Group, Item, Rest, Use, groups, items, rest};

/// How often one search takes or leaves a cluster, or some that are alike, at most.
pub const SEARCH_LIMIT: usize = 100_000;

/// What a search found.
struct Found {
    best: Option<Vec<u32>>,
    /// Has everything been looked at?
    complete: bool,
}

/// The best selection with enough room that is found.
pub(super) fn solve(problem: &Problem) -> Result<Vec<u32>, Failure> {
    let first = find(problem, Order::Score, problem.wanted, None);
    if let Some(best) = first.best {
        return Ok(best);
    }
    let roomy = match problem.wanted {
        Some(_) => find(problem, Order::RoomFirst, None, None),
        None => Found {
            best: None,
            ..first
        },
    };
    match roomy.best {
        Some(best) if problem.suffices(&best) => Ok(best),
        Some(best) if first.complete || roomy.complete => Err(Failure::Short(best)),
        Some(best) => Err(Failure::Limit(Some(best))),
        None if roomy.complete => Err(Failure::None(obstacle(problem))),
        None => Err(Failure::Limit(None)),
    }
}

/// A selection with enough room that is better than this one, or this one.
pub(super) fn better(problem: &Problem, best: Vec<u32>) -> Vec<u32> {
    let found = find(problem, Order::Score, problem.wanted, Some(best));
    found.best.unwrap_or_default()
}

/// The limit that cannot be kept, or all of them where each can be kept alone.
fn obstacle(problem: &Problem) -> Obstacle {
    let impossible = |limit: &&Limit| {
        let alone = Problem {
            limits: vec![(*limit).clone()],
            counts: Vec::new(),
            maximum: problem.rows.len(),
            minimum: 1,
            wanted: None,
            rows: problem.rows.clone(),
        };
        let found = find(&alone, Order::Score, None, None);
        found.complete && found.best.is_none()
    };
    match problem.limits.iter().find(impossible) {
        Some(limit) => Obstacle::Together {
            keys: vec![limit.key.clone()],
        },
        None => problem.together(),
    }
}

fn find(problem: &Problem, order: Order, wanted: Option<i64>, known: Option<Vec<u32>>) -> Found {
    match Worths::of(problem, order) {
        Worths::Packed(worths) => Search::new(problem, &worths, wanted).run(known, &worths),
        Worths::Wide(worths) => Search::new(problem, &worths, wanted).run(known, &worths),
    }
}

enum Step {
    Taken {
        /// Could leaving it be better?
        open: bool,
    },
    Left,
    /// It could have been taken; what was remembered of its class before.
    Passed(Option<i128>),
}

struct Search<W> {
    items: Vec<Item<W>>,
    limits: Vec<Use>,
    groups: Vec<Group>,
    rest: Vec<Rest<W>>,
    /// For each class the most room of an item that was passed by: taking another one with no more
    /// room instead cannot be better.
    passed: Vec<Option<i128>>,
    minimum: usize,
    /// The most rows, where they are limited.
    maximum: Option<usize>,
    wanted: i128,
    path: Vec<Step>,
    rows: usize,
    room: i128,
    worth: W,
    best: Option<(W, Vec<u32>)>,
}

impl<W: Worth> Search<W> {
    fn new(problem: &Problem, worths: &[W], wanted: Option<i64>) -> Self {
        let (items, classes) = items(problem, worths);
        let mut search = Self {
            limits: problem.limits.iter().map(Use::new).collect(),
            groups: groups(&problem.limits, &items),
            rest: rest(&items),
            passed: vec![None; classes],
            minimum: problem.minimum,
            maximum: problem.has_maximum().then_some(problem.maximum),
            wanted: wanted.map_or(0, i128::from),
            path: Vec::new(),
            rows: 0,
            room: 0,
            worth: W::NOTHING,
            best: None,
            items,
        };
        search.measure();
        search
    }

    fn measure(&mut self) {
        for item in &self.items {
            let mut counts = vec![0; self.limits.len()];
            for group in item
                .groups
                .iter()
                .filter_map(|group| self.groups.get(*group as usize))
            {
                if let Some(count) = counts.get_mut(group.limit) {
                    *count += 1;
                }
            }
            for (limit, count) in self.limits.iter_mut().zip(counts) {
                limit.widest = limit.widest.max(count);
            }
        }
    }

    fn run(mut self, known: Option<Vec<u32>>, worths: &[W]) -> Found {
        self.best = known.map(|rows| {
            let worth = rows.iter().filter_map(|row| worths.get(*row as usize));
            (worth.fold(W::NOTHING, |sum, worth| sum.plus(*worth)), rows)
        });
        let mut complete = false;
        for _ in 0..SEARCH_LIMIT {
            let may_go_on = self.is_promising() && !self.arrived();
            if may_go_on {
                self.step();
            } else if !self.turn() {
                complete = true;
                break;
            }
        }
        if !complete {
            self.fill();
        }
        Found {
            best: self.best.map(|(_, rows)| rows),
            complete,
        }
    }

    fn slots(&self) -> usize {
        self.maximum
            .map_or(usize::MAX, |maximum| maximum - self.rows.min(maximum))
    }

    /// Can what is taken still become better than the best?
    fn is_promising(&self) -> bool {
        let Some(rest) = self.rest.get(self.path.len()) else {
            return false;
        };
        let slots = self.slots();
        let rows = self.rows.saturating_add(slots.min(rest.rows));
        let most = i128::try_from(slots)
            .unwrap_or(i128::MAX)
            .saturating_mul(rest.most_room);
        rows >= self.minimum
            && self.room.saturating_add(rest.room.min(most)) >= self.wanted
            && self.limits.iter().all(|limit| {
                let more = limit.widest.saturating_mul(slots);
                limit.reachable.min(limit.used.saturating_add(more)) >= limit.minimum
            })
            && self
                .best
                .as_ref()
                .is_none_or(|(best, _)| self.bound(rest, slots) > *best)
    }

    /// No less than what can be had with the items that are left.
    fn bound(&self, rest: &Rest<W>, slots: usize) -> W {
        let end = self.path.len().saturating_add(slots).min(self.items.len());
        match self.rest.get(end) {
            Some(after) => self.worth.plus(after.before.minus(rest.before)),
            None => self.worth,
        }
    }

    /// Is nothing left to be taken? Then it is kept if it is better.
    fn arrived(&mut self) -> bool {
        if self.path.len() < self.items.len() && self.slots() > 0 {
            return false;
        }
        if self.satisfies()
            && self
                .best
                .as_ref()
                .is_none_or(|(best, _)| self.worth > *best)
        {
            self.best = Some((self.worth, self.taken()));
        }
        true
    }

    fn satisfies(&self) -> bool {
        self.rows >= self.minimum
            && self.room >= self.wanted
            && self.limits.iter().all(|limit| limit.used >= limit.minimum)
    }

    fn taken(&self) -> Vec<u32> {
        let taken = self.items.iter().zip(&self.path);
        taken
            .filter(|(_, step)| matches!(step, Step::Taken { .. }))
            .flat_map(|(item, _)| item.rows.iter().copied())
            .collect()
    }

    fn step(&mut self) {
        let place = self.path.len();
        if self.is_barred(place) || !self.take(place) {
            self.leave(place);
            self.path.push(Step::Left);
        }
    }

    fn is_barred(&self, place: usize) -> bool {
        let Some(item) = self.items.get(place) else {
            return true;
        };
        let passed = self.passed.get(item.class).copied().flatten();
        passed.is_some_and(|room| self.wanted == 0 || item.room <= room)
    }

    /// Takes an item if no maximum forbids it.
    fn take(&mut self, place: usize) -> bool {
        let mut open = self.maximum.is_some();
        let Some(item) = self.items.get(place) else {
            return false;
        };
        for group in &item.groups {
            let Some(group) = self.groups.get_mut(*group as usize) else {
                continue;
            };
            group.uses += 1;
            if let (1, Some(limit)) = (group.uses, self.limits.get_mut(group.limit)) {
                limit.used += 1;
                open |= limit.maximum < usize::MAX;
            }
        }
        self.rows += item.rows.len();
        self.room = self.room.saturating_add(item.room);
        self.worth = self.worth.plus(item.worth);
        self.path.push(Step::Taken { open });
        let fits = self.limits.iter().all(|limit| limit.used <= limit.maximum)
            && self.maximum.is_none_or(|maximum| self.rows <= maximum);
        if !fits {
            self.path.pop();
            self.put_back(place);
        }
        fits
    }

    fn put_back(&mut self, place: usize) {
        let Some(item) = self.items.get(place) else {
            return;
        };
        for group in &item.groups {
            let Some(group) = self.groups.get_mut(*group as usize) else {
                continue;
            };
            group.uses -= 1;
            if let (0, Some(limit)) = (group.uses, self.limits.get_mut(group.limit)) {
                limit.used -= 1;
            }
        }
        self.rows -= item.rows.len();
        self.room = self.room.saturating_sub(item.room);
        self.worth = self.worth.minus(item.worth);
    }

    /// Groups of which this was the last item can no longer be used.
    fn leave(&mut self, place: usize) {
        self.lost(place, |limit| limit.reachable -= 1);
    }

    fn lost(&mut self, place: usize, change: impl Fn(&mut Use)) {
        let Some(item) = self.items.get(place) else {
            return;
        };
        for group in item
            .groups
            .iter()
            .filter_map(|group| self.groups.get(*group as usize))
        {
            if let (true, Some(limit)) = (
                group.uses == 0 && group.last == place,
                self.limits.get_mut(group.limit),
            ) {
                change(limit);
            }
        }
    }

    /// Goes back to the last item that may as well be left, and leaves it; `false` if there is none.
    fn turn(&mut self) -> bool {
        while let Some(step) = self.path.pop() {
            let place = self.path.len();
            match step {
                Step::Taken { open } => {
                    self.put_back(place);
                    if open {
                        self.pass(place);
                        return true;
                    }
                }
                Step::Left => self.lost(place, |limit| limit.reachable += 1),
                Step::Passed(before) => {
                    self.lost(place, |limit| limit.reachable += 1);
                    self.remember(place, before);
                }
            }
        }
        false
    }

    fn pass(&mut self, place: usize) {
        let Some(item) = self.items.get(place) else {
            return;
        };
        let before = self.passed.get(item.class).copied().flatten();
        let room = item.room.max(before.unwrap_or(item.room));
        self.remember(place, Some(room));
        self.leave(place);
        self.path.push(Step::Passed(before));
    }

    fn remember(&mut self, place: usize, room: Option<i128>) {
        if let Some(item) = self.items.get(place)
            && let Some(passed) = self.passed.get_mut(item.class)
        {
            *passed = room;
        }
    }

    /// Adds to the best what still fits, as it may be none that the search would have ended with.
    fn fill(&mut self) {
        let Some((_, best)) = self.best.take() else {
            return;
        };
        while let Some(step) = self.path.pop() {
            if matches!(step, Step::Taken { .. }) {
                self.put_back(self.path.len());
            }
        }
        let mut known = best;
        known.sort_unstable();
        let mut all = Vec::new();
        for known_ones in [true, false] {
            for place in 0..self.items.len() {
                let rows = self.items.get(place).map_or(&[][..], |item| &item.rows);
                let is_known = rows
                    .first()
                    .is_some_and(|row| known.binary_search(row).is_ok());
                if is_known == known_ones && self.take(place) {
                    all.extend(self.items.get(place).iter().flat_map(|item| &item.rows));
                }
            }
        }
        self.best = Some((self.worth, all));
    }
}
