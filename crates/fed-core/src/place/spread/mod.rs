//! Which of the clusters that could be chosen are chosen, where only so many may be, or where they
//! have to be spread over regions, zones or anything else by which they fall into groups?
//!
//! A group is used where at least one chosen cluster is in it. A selection satisfies a
//! [`Constraint`] where the number of used groups is neither below its minimum nor above its
//! maximum. A cluster without any group of some constraint, such as one that is in no known region,
//! is never chosen. Among the selections that satisfy all constraints and the [`Demand`], the one is
//! taken that
//!
//! 1. keeps the most running replicas; then
//! 2. has the most clusters, so that a maximum is filled, and all are chosen where there is none;
//!    then
//! 3. has the greatest sum of scores; then
//! 4. has the most room, of no cluster more than what is wanted; then
//! 5. has the clusters that come first: the smallest sum of their places.
//!
//! Moves are precious: selecting again among the same clusters, with what was selected running and
//! nothing else, gives the same selection, whatever the scores are by then.
//!
//! # Where room is scarce
//!
//! If the selection that is best by this order has too little room for [`Demand::replicas`], room
//! moves forward: before the score, then before the number of clusters. The first of these with
//! enough room is taken. Only if that is not enough are running replicas given up for room: a good
//! balance of the two is taken, and among few clusters the best one. A selection with enough room is
//! found wherever there is one, and [`Unsatisfied::TooLittleRoom`] gives the one with the most.
//!
//! # How sure that is
//!
//! Keys nest where each group of one lies in one group of the next, as zones lie in regions. It does
//! not matter what they are called. For keys that nest the answer is exact, within the limits above.
//! For others, such as zones where a cluster is in several of them, selections are searched for, best
//! ones first, in no more than [`SEARCH_LIMIT`] steps: what is found may then be not the best, and
//! [`Unsatisfied::SearchLimit`] tells that nothing was found. The same search is made for keys that
//! nest where the tables of all that can be combined took more than [`TABLE_LIMIT`] cells.

mod groups;
mod nest;
mod problem;
mod scarce;
mod search;
mod table;
mod unsatisfied;
mod worth;

#[cfg(test)]
mod laws;

pub use groups::Groups;
pub use search::SEARCH_LIMIT;
pub use table::TABLE_LIMIT;
pub use unsatisfied::{Obstacle, Unsatisfied};

use nest::Nest;
use problem::Problem;
use scarce::Solver;

/// A cluster that may be chosen, and what is known of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Choice {
    /// How much it is preferred.
    pub score: i64,
    /// How many replicas run there now. For an object without replicas, 1 where it is there.
    pub running: i64,
    /// How many replicas it can run, with those that run there now; `None` if there is no limit or
    /// none is known.
    pub room: Option<i64>,
}

impl Choice {
    /// A cluster of which nothing else is known.
    pub fn new(score: i64) -> Self {
        Self {
            score,
            ..Self::default()
        }
    }

    /// The same, where this many replicas run now.
    #[must_use]
    pub fn running(mut self, running: i64) -> Self {
        self.running = running;
        self
    }

    /// The same, with room for this many replicas.
    #[must_use]
    pub fn with_room(mut self, room: i64) -> Self {
        self.room = Some(room);
        self
    }
}

/// Over how many groups the chosen clusters are spread.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Constraint {
    /// By what clusters are grouped, for sentences: `region`, or the key of a label.
    pub key: String,
    /// In how many groups they must be at least.
    pub minimum: usize,
    /// In how many groups they may be at most.
    pub maximum: Option<usize>,
    /// The groups of each choice.
    pub groups: Groups,
}

impl Constraint {
    /// In any number of these groups.
    pub fn new(key: impl Into<String>, groups: Groups) -> Self {
        Self {
            key: key.into(),
            minimum: 0,
            maximum: None,
            groups,
        }
    }

    /// The same, in no fewer groups than this.
    #[must_use]
    pub fn at_least(mut self, minimum: usize) -> Self {
        self.minimum = minimum;
        self
    }

    /// The same, in no more groups than this.
    #[must_use]
    pub fn at_most(mut self, maximum: usize) -> Self {
        self.maximum = Some(maximum);
        self
    }
}

/// What is demanded of a selection as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Demand {
    /// For how many replicas there must be room in all clusters together.
    pub replicas: Option<i64>,
    /// How many clusters there must be at least.
    pub minimum: usize,
    /// How many clusters there may be at most.
    pub maximum: Option<usize>,
}

impl Demand {
    /// Any number of clusters, whatever their room.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, with room for this many replicas.
    #[must_use]
    pub fn with_room(mut self, replicas: i64) -> Self {
        self.replicas = Some(replicas);
        self
    }

    /// The same, of no fewer clusters than this.
    #[must_use]
    pub fn at_least(mut self, minimum: usize) -> Self {
        self.minimum = minimum;
        self
    }

    /// The same, of no more clusters than this.
    #[must_use]
    pub fn at_most(mut self, maximum: usize) -> Self {
        self.maximum = Some(maximum);
        self
    }
}

/// The clusters that are chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Selection {
    /// Their places among the choices, ascending.
    pub chosen: Vec<usize>,
    /// How many replicas they can run together; `None` where one of them has no limit.
    pub room: Option<i64>,
}

/// Selects clusters.
///
/// The choices come in the order of their names: of clusters that are equal otherwise, the earlier
/// ones are chosen. The order of the constraints has no effect.
///
/// ```
/// use fed_core::place::spread::{Choice, Constraint, Demand, select};
///
/// let clusters = [
///     Choice::new(10),
///     Choice::new(80),
///     Choice::new(70),
///     Choice::new(20).running(3),
/// ];
/// let regions = [0, 1, 1, 0].into_iter().map(|region| [region]).collect();
/// let two_regions = Constraint::new("region", regions).at_least(2);
/// let selection = select(&clusters, &[two_regions], &Demand::new().at_most(2))?;
/// assert_eq!(selection.chosen, [1, 3]);
/// # Ok::<(), fed_core::place::spread::Unsatisfied>(())
/// ```
pub fn select(
    choices: &[Choice],
    constraints: &[Constraint],
    demand: &Demand,
) -> Result<Selection, Unsatisfied> {
    let problem = Problem::new(choices, constraints, demand)?;
    let found = if problem.limits.is_empty() {
        scarce::solve(&problem, &Solver::Any)
    } else if let Some(best) = scarce::unspread(&problem) {
        Ok(best)
    } else if let Some(nest) = Nest::of(&problem) {
        scarce::solve(&problem, &Solver::Nested(nest))
    } else {
        search::solve(&problem)
    };
    found
        .map(|rows| problem.selection(choices, &rows))
        .map_err(|failure| failure.told(&problem, choices))
}
