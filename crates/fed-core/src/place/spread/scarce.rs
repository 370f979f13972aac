//! What is chosen where room may be scarce? Room moves forward in the order of what counts, until
//! there is enough of it.

use super::nest::Nest;
use super::problem::Problem;
use super::unsatisfied::{Obstacle, Unsatisfied};
use super::worth::{Order, Worth, Worths};
use super::{Choice, search, table};

/// How many balances of running replicas and room are tried.
const BALANCES: usize = 16;

/// How often at most it is tried to take back one row for another.
const EXCHANGES: usize = 5_000;

/// Among so few rows every possibility is looked at.
const FEW: usize = 24;

/// Why there is no selection, in terms of rows.
#[derive(Debug)]
pub(super) enum Failure {
    None(Obstacle),
    Limit(Option<Vec<u32>>),
    Short(Vec<u32>),
}

impl Failure {
    pub(super) fn told(self, problem: &Problem, choices: &[Choice]) -> Unsatisfied {
        match self {
            Self::None(obstacle) => Unsatisfied::NoneExists(obstacle),
            Self::Limit(best) => Unsatisfied::SearchLimit {
                best: best.map(|rows| problem.selection(choices, &rows)),
            },
            Self::Short(rows) => Unsatisfied::TooLittleRoom {
                wanted: problem.wanted.unwrap_or(0),
                best: problem.selection(choices, &rows),
            },
        }
    }
}

/// What finds the rows of the greatest worth, whatever their room.
pub(super) enum Solver {
    /// Where only their number is limited.
    Any,
    Nested(Nest),
}

impl Solver {
    fn best(&self, problem: &Problem, order: Order) -> Option<Vec<u32>> {
        if matches!(self, Self::Any) && !problem.has_maximum() {
            return Some((0_u32..).zip(&problem.rows).map(|(row, _)| row).collect());
        }
        match Worths::of(problem, order) {
            Worths::Packed(worths) => self.best_by(problem, &worths),
            Worths::Wide(worths) => self.best_by(problem, &worths),
        }
    }

    fn best_by<W: Worth>(&self, problem: &Problem, worths: &[W]) -> Option<Vec<u32>> {
        match self {
            Self::Any => Some(top(worths, problem.maximum)),
            Self::Nested(nest) => table::best(nest, worths, problem.minimum > 0),
        }
    }
}

/// So many of all rows, those of the greatest worth.
fn top<W: Worth>(worths: &[W], maximum: usize) -> Vec<u32> {
    let mut sorted: Vec<(W, u32)> = worths.iter().copied().zip(0..).collect();
    if maximum > 0 && maximum < sorted.len() {
        sorted.select_nth_unstable_by(maximum - 1, |one, other| other.cmp(one));
    }
    sorted
        .into_iter()
        .take(maximum)
        .map(|(_, row)| row)
        .collect()
}

/// What is best where nothing but the number is limited, if it happens to satisfy everything.
pub(super) fn unspread(problem: &Problem) -> Option<Vec<u32>> {
    let best = Solver::Any.best(problem, Order::Score)?;
    (problem.allows(&best) && problem.suffices(&best)).then_some(best)
}

/// The best selection with enough room.
pub(super) fn solve(problem: &Problem, solver: &Solver) -> Result<Vec<u32>, Failure> {
    let mut short = Vec::new();
    for order in [
        Order::Score,
        Order::RoomBeforeScore,
        Order::RoomBeforeNumber,
    ] {
        match solver.best(problem, order) {
            None => return Err(Failure::None(problem.together())),
            Some(best) if problem.suffices(&best) => return Ok(best),
            Some(best) => short = best,
        }
    }
    let roomy = solver.best(problem, Order::RoomFirst).unwrap_or_default();
    if !problem.suffices(&roomy) {
        return Err(Failure::Short(roomy));
    }
    let (short, roomy) = balanced(problem, solver, short, roomy);
    let best = filled(problem, solver, exchanged(problem, &short, roomy));
    Ok(if problem.rows.len() <= FEW {
        search::better(problem, best)
    } else {
        best
    })
}

/// Between one that keeps more replicas and has too little room and one that has enough, the one
/// with enough that keeps the most replicas, of those that are best for some balance of the two;
/// and before it the next one that has too little.
fn balanced(
    problem: &Problem,
    solver: &Solver,
    mut short: Vec<u32>,
    mut roomy: Vec<u32>,
) -> (Vec<u32>, Vec<u32>) {
    for _ in 0..BALANCES {
        let kept = problem.room(&roomy) - problem.room(&short);
        let room = problem.kept(&short) - problem.kept(&roomy);
        let Some((kept, room)) = small(kept, room) else {
            break;
        };
        let worth = |rows: &[u32]| kept * problem.kept(rows) + room * problem.room(rows);
        let Some(next) = solver.best(problem, Order::Blend { kept, room }) else {
            break;
        };
        if worth(&next) <= worth(&short).max(worth(&roomy)) {
            break;
        }
        if problem.suffices(&next) {
            roomy = next;
        } else {
            short = next;
        }
    }
    (short, roomy)
}

/// As many running replicas as the room allows are taken back, row by row: where rows are alike,
/// any number of them is as good a balance, and only the ends are found.
fn exchanged(problem: &Problem, short: &[u32], mut roomy: Vec<u32>) -> Vec<u32> {
    let of = |row: u32| problem.rows.get(row as usize);
    let kept = |row: u32| of(row).map_or(0, |row| row.kept);
    let room = |row: u32| of(row).map_or(0, |row| row.room);
    let mut back = without(short, &roomy);
    back.sort_by_key(|row| std::cmp::Reverse((kept(*row), room(*row))));
    let mut out = without(&roomy, short);
    out.sort_by_key(|row| (kept(*row), room(*row)));
    let mut spare = problem.room(&roomy) - i128::from(problem.wanted.unwrap_or(0));
    let mut exchanges = 0;
    for row in back {
        let fewer = |other: &u32| kept(*other) < kept(row);
        let found = out.iter().copied().take_while(fewer).find(|other| {
            exchanges += 1;
            exchanges <= EXCHANGES
                && spare >= room(*other) - room(row)
                && exchange(problem, &mut roomy, *other, row)
        });
        if let Some(found) = found {
            spare -= room(found) - room(row);
            out.retain(|other| *other != found);
        }
    }
    roomy
}

fn without(rows: &[u32], others: &[u32]) -> Vec<u32> {
    let mut others = others.to_vec();
    others.sort_unstable();
    let is_new = |row: &u32| others.binary_search(row).is_err();
    rows.iter().copied().filter(is_new).collect()
}

/// Takes one row for another, if that is allowed.
fn exchange(problem: &Problem, rows: &mut [u32], from: u32, to: u32) -> bool {
    let Some(place) = rows.iter().position(|row| *row == from) else {
        return false;
    };
    let put = |rows: &mut [u32], row: u32| {
        if let Some(slot) = rows.get_mut(place) {
            *slot = row;
        }
    };
    put(rows, to);
    let allowed = problem.allows(rows);
    if !allowed {
        put(rows, from);
    }
    allowed
}

/// With all that can be added: what would be selected if just these rows ran.
fn filled(problem: &Problem, solver: &Solver, rows: Vec<u32>) -> Vec<u32> {
    let mut running = problem.clone();
    for row in &mut running.rows {
        row.kept = 0;
    }
    for row in &rows {
        if let Some(row) = running.rows.get_mut(*row as usize) {
            row.kept = 1;
        }
    }
    solver.best(&running, Order::Score).unwrap_or(rows)
}

/// Two positive numbers in about the same relation, so small that no sum of products overflows.
fn small(one: i128, other: i128) -> Option<(i128, i128)> {
    const BITS: u32 = 28;
    let bits = i128::BITS - one.max(other).leading_zeros();
    let shift = bits.saturating_sub(BITS);
    (one > 0 && other > 0).then(|| ((one >> shift).max(1), (other >> shift).max(1)))
}
