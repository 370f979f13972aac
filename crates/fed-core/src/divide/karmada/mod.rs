//! How does Karmada divide replicas? Its four strategies, to the last replica.
//!
//! Karmada knows no minimum and no maximum; [`Candidate::minimum`] and [`Candidate::maximum`] have
//! no effect here.
//!
//! | strategy | what each cluster gets |
//! |---|---|
//! | [`Duplicated`](Strategy::Duplicated) | all of it |
//! | [`StaticWeights`](Strategy::StaticWeights) | seats by [`Candidate::weight`]; capacity and what runs have no effect |
//! | [`DynamicWeights`](Strategy::DynamicWeights) | seats by the replicas that it can still take |
//! | [`Aggregated`](Strategy::Aggregated) | the same, in as few clusters as hold the total |
//!
//! Seats are given by [`webster`]. Where the numbers decide nothing, names do, in an order that
//! Karmada takes from the UID of the object: [`Options::seed`].
//!
//! Karmada counts in 32 bits and its sums wrap around; the sums here do not. It also computes
//! wrongly from 2^30 replicas in one cluster on, which is not reproduced.

mod capacity;
mod claim;
mod explain;
mod go_sort;
mod webster;

pub use explain::{KarmadaReason, Preference, Seat, explain, explain_all};
pub use webster::{Party, TieBreak, webster};

use super::Candidate;
use crate::problem::{Code, Problem};
use webster::{ranks, seats_of};

/// Which of Karmada's ways to divide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Strategy {
    /// Every cluster gets the total. Karmada's default.
    #[default]
    Duplicated,
    /// By weights that somebody wrote down. A cluster whose weight is not positive gets nothing,
    /// unless no cluster has a positive one: then all weigh the same.
    StaticWeights,
    /// By the replicas that each cluster can still take.
    DynamicWeights,
    /// In as few clusters as hold the total, those with the most room first.
    Aggregated,
}

/// How to divide in Karmada's way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Which way.
    pub strategy: Strategy,
    /// Divide anew, as after a rescheduling somebody asked for. Otherwise what runs stays as far
    /// as it can, and only what is added or taken away is divided. Without effect on static
    /// weights, which are always divided anew.
    pub fresh: bool,
    /// Decides among equals: in Karmada the UID of the object. Empty means by name, ascending.
    pub seed: String,
    /// The overflow tier of each candidate, in their order: tier 1 gets what tier 0 cannot hold,
    /// and so on. A candidate without one is of tier 0. Without effect on the strategies that do
    /// not look at capacity.
    pub tiers: Vec<u32>,
}

impl Options {
    /// To divide by this strategy.
    pub fn new(strategy: Strategy) -> Self {
        Self {
            strategy,
            ..Self::default()
        }
    }

    /// The same, anew.
    #[must_use]
    pub fn fresh(mut self) -> Self {
        self.fresh = true;
        self
    }

    /// The same, with what decides among equals.
    #[must_use]
    pub fn seeded(mut self, seed: impl Into<String>) -> Self {
        self.seed = seed.into();
        self
    }

    /// The same, with the overflow tier of each candidate.
    #[must_use]
    pub fn in_tiers(mut self, tiers: impl IntoIterator<Item = u32>) -> Self {
        self.tiers = tiers.into_iter().collect();
        self
    }
}

/// What Karmada's way of dividing gives.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KarmadaDivision {
    /// The replicas of each candidate, in their order. Karmada leaves a cluster with 0 out of its
    /// result.
    pub replicas: Vec<i64>,
}

/// Seats that were given out among some of the candidates.
struct Contest {
    /// Their positions among the candidates.
    members: Vec<usize>,
    votes: Vec<u64>,
    seats: Vec<u64>,
}

/// How a division came about.
enum Course {
    Duplicated,
    /// As many run as are wanted.
    Unchanged,
    /// `kept` stays where it is, and the rest was given out.
    Contested {
        kept: Vec<i64>,
        contests: Vec<Contest>,
    },
}

/// Divides replicas as Karmada does.
///
/// [`Candidate::capacity`] is what a cluster can hold with what runs there already, and
/// [`Candidate::current`] is Karmada's previous result. Where the capacity is not known, a cluster
/// is taken to have room for all. The order of the candidates has no effect, except among clusters
/// with equal room under [`Strategy::Aggregated`].
///
/// It fails where there is no candidate, where the total is negative or more than 32 bits hold,
/// and where the clusters have not enough room for it: Karmada places all or nothing.
///
/// ```
/// use fed_core::divide::Candidate;
/// use fed_core::divide::karmada::{Options, Strategy, divide};
///
/// let clusters = [Candidate::new("a", 2), Candidate::new("b", 1)];
/// let by_weight = divide(8, &clusters, &Options::new(Strategy::StaticWeights))?;
/// assert_eq!(by_weight.replicas, [5, 3]);
///
/// let clusters = [
///     Candidate::new("a", 1).with_capacity(4),
///     Candidate::new("b", 1).with_capacity(9),
/// ];
/// let together = divide(8, &clusters, &Options::new(Strategy::Aggregated))?;
/// assert_eq!(together.replicas, [0, 8]);
/// # Ok::<(), fed_core::Problem>(())
/// ```
pub fn divide(
    total: i64,
    candidates: &[Candidate],
    options: &Options,
) -> Result<KarmadaDivision, Problem> {
    let replicas = match course(total, candidates, options)? {
        Course::Duplicated => vec![total; candidates.len()],
        Course::Unchanged => candidates.iter().map(capacity::assigned).collect(),
        Course::Contested { mut kept, contests } => {
            for contest in contests {
                for (member, seats) in contest.members.into_iter().zip(contest.seats) {
                    if let Some(replicas) = kept.get_mut(member) {
                        *replicas += i64::try_from(seats).unwrap_or(i64::MAX);
                    }
                }
            }
            kept
        }
    };
    Ok(KarmadaDivision { replicas })
}

fn course(total: i64, candidates: &[Candidate], options: &Options) -> Result<Course, Problem> {
    let wanted = u32::try_from(total)
        .ok()
        .filter(|_| i32::try_from(total).is_ok())
        .ok_or_else(|| out_of_range(total))?;
    if candidates.is_empty() {
        return Err(Problem::error(
            Code::NotEnoughCapacity,
            "there is no cluster to divide replicas among; check what the placement selects",
        ));
    }
    let tie = TieBreak::of_seed(&options.seed);
    match options.strategy {
        Strategy::Duplicated => Ok(Course::Duplicated),
        Strategy::StaticWeights => Ok(Course::Contested {
            kept: vec![0; candidates.len()],
            contests: vec![Contest::of_all(
                wanted,
                candidates,
                static_votes(candidates),
                tie,
            )],
        }),
        Strategy::DynamicWeights | Strategy::Aggregated => {
            capacity::course(wanted, candidates, options, tie)
        }
    }
}

fn static_votes(candidates: &[Candidate]) -> Vec<u64> {
    let weight = |candidate: &Candidate| u64::try_from(candidate.weight).unwrap_or(0);
    let votes: Vec<u64> = candidates.iter().map(weight).collect();
    if votes.iter().all(|&votes| votes == 0) {
        vec![1; candidates.len()]
    } else {
        votes
    }
}

fn out_of_range(total: i64) -> Problem {
    Problem::error(
        Code::InvalidReplicas,
        format!(
            "{total} replicas cannot be divided in Karmada's way, which counts from 0 to {}",
            i32::MAX
        ),
    )
}

impl Contest {
    fn of_all(wanted: u32, candidates: &[Candidate], votes: Vec<u64>, tie: TieBreak) -> Self {
        Self::among(
            wanted,
            candidates,
            (0..candidates.len()).collect(),
            votes,
            tie,
        )
    }

    fn among(
        wanted: u32,
        candidates: &[Candidate],
        members: Vec<usize>,
        votes: Vec<u64>,
        tie: TieBreak,
    ) -> Self {
        let seats = seats_of(wanted, &votes, || Self::ranks(candidates, &members, tie));
        Self {
            members,
            votes,
            seats,
        }
    }

    fn ranks(candidates: &[Candidate], members: &[usize], tie: TieBreak) -> Vec<u32> {
        ranks(members.len(), tie, |party| {
            let member = members
                .get(party)
                .and_then(|&member| candidates.get(member));
            member.map_or("", |candidate| candidate.name.as_str())
        })
    }
}
