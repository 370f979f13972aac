//! Why has a cluster this many replicas, and not one more or less? Found by dividing once more and
//! watching one cluster; nothing of it is kept by a division.

use std::fmt;

use super::{Dealt, KubeFedDivision, Turn, Watch, run};
use crate::divide::Candidate;
use crate::identity::ClusterName;

/// Why a cluster has its number of replicas.
///
/// ```
/// use fed_core::divide::Candidate;
/// use fed_core::divide::kubefed::{Explanation, Limit};
///
/// let candidates = [
///     Candidate::new("a", 2).at_least(1).at_most(4),
///     Candidate::new("b", 1),
/// ];
/// let why = Explanation::of(9, true, &candidates, "", &"a".into()).unwrap();
/// assert_eq!(why.limit, Limit::Maximum { maximum: 4 });
/// assert_eq!(
///     why.to_string(),
///     "it has 4 replicas: 1 as its minimum; 3 of its share of 6, by weight 2/3 of 8, rounded \
///      up; not more, because its maximum is 4",
/// );
/// let why = Explanation::of(9, true, &candidates, "", &"b".into()).unwrap();
/// assert_eq!(why.replicas, 5);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// The cluster.
    pub cluster: ClusterName,
    /// How many replicas it has.
    pub replicas: i64,
    /// How many more it was due than it has capacity for.
    pub overflow: i64,
    /// Where they come from, and so why there are not fewer: what the steps give sums up to
    /// `replicas`.
    pub steps: Vec<Step>,
    /// Why there are not more.
    pub limit: Limit,
}

/// One thing that gave a cluster replicas, or took them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Its minimum was given.
    Minimum {
        /// The minimum.
        minimum: i64,
        /// What it was given: less, if less was left or its capacity is smaller.
        given: i64,
    },
    /// Replicas beyond the minimum were kept where they run.
    Kept {
        /// How many run there.
        running: i64,
        /// How many of them, beyond the minimum, were kept.
        kept: i64,
    },
    /// It had its share of what was left, rounded up.
    Share {
        /// Its weight.
        weight: i64,
        /// The sum of the weights of all that took part.
        weights: i128,
        /// What was divided by weight.
        shared: i64,
        /// Its part of that, rounded up.
        due: i64,
        /// In how many rounds; what was shared, and so the part, is that of the first one.
        rounds: i64,
        /// How much was not given, because it was kept before.
        counted: i64,
        /// How much was given. Less than none where the minimum is above the maximum.
        given: i64,
        /// Had clusters that come before it taken some of its share?
        cut: bool,
    },
}

impl Step {
    /// How many replicas the step gives.
    pub fn given(self) -> i64 {
        match self {
            Self::Minimum { given, .. } | Self::Share { given, .. } => given,
            Self::Kept { kept, .. } => kept,
        }
    }
}

/// Why a cluster has not more replicas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// All replicas are divided.
    NothingLeft,
    /// It has as many as it may have.
    Maximum {
        /// The maximum.
        maximum: i64,
    },
    /// It has as many as it can run.
    Capacity {
        /// The capacity.
        capacity: i64,
    },
    /// It has no weight, and so no share.
    NoWeight,
    /// The weights of the clusters that are left do not sum up to more than 0.
    NoWeights,
}

impl Explanation {
    /// Why a candidate has its number of replicas; `None` if it is not among them.
    ///
    /// Takes as long as a division.
    pub fn of(
        total: i64,
        rebalance: bool,
        candidates: &[Candidate],
        key: &str,
        cluster: &ClusterName,
    ) -> Option<Self> {
        let named = |candidate: &Candidate| candidate.name == *cluster;
        let position = candidates.iter().position(named)?;
        let mut trace = Trace::of(candidates, |index| index == position);
        let dealt = run(total, rebalance, candidates, key, &mut trace);
        trace.explain(dealt).into_iter().next()
    }

    /// Why each of the candidates has its number of replicas, in their order.
    ///
    /// Takes as long as one division, and not as one for each candidate.
    pub fn of_all(total: i64, rebalance: bool, candidates: &[Candidate], key: &str) -> Vec<Self> {
        let mut trace = Trace::of(candidates, |_| true);
        let dealt = run(total, rebalance, candidates, key, &mut trace);
        trace.explain(dealt)
    }
}

fn limit(candidate: &Candidate, replicas: i64, remaining: i64) -> Limit {
    let reached = |bound: Option<i64>| bound.filter(|bound| replicas >= *bound);
    let capacity = reached(candidate.capacity);
    match (reached(candidate.maximum), capacity) {
        (Some(maximum), None) => Limit::Maximum { maximum },
        (Some(maximum), Some(capacity)) if maximum <= capacity => Limit::Maximum { maximum },
        (_, Some(capacity)) => Limit::Capacity { capacity },
        (None, None) if remaining <= 0 => Limit::NothingLeft,
        (None, None) if candidate.weight <= 0 => Limit::NoWeight,
        (None, None) => Limit::NoWeights,
    }
}

/// Notes what happens to some of the candidates.
struct Trace<'c> {
    candidates: &'c [Candidate],
    /// The steps of those that are watched.
    steps: Vec<Option<Vec<Step>>>,
}

impl<'c> Trace<'c> {
    fn of(candidates: &'c [Candidate], is_watched: impl Fn(usize) -> bool) -> Self {
        let steps = (0..candidates.len()).map(|index| is_watched(index).then(Vec::new));
        Self {
            candidates,
            steps: steps.collect(),
        }
    }

    /// The candidate at a place and its steps, if it is watched.
    fn watched(&mut self, index: u32) -> Option<(&'c Candidate, &mut Vec<Step>)> {
        let index = usize::try_from(index).ok()?;
        let steps = self.steps.get_mut(index)?.as_mut()?;
        Some((self.candidates.get(index)?, steps))
    }

    fn explain(self, dealt: Dealt) -> Vec<Explanation> {
        let remaining = dealt.remaining;
        let division = KubeFedDivision::of(dealt);
        let given = division.replicas.iter().zip(&division.overflow);
        let all = self.candidates.iter().zip(self.steps).zip(given);
        let explained = all.filter_map(|((candidate, steps), (replicas, overflow))| {
            Some(Explanation {
                cluster: candidate.name.clone(),
                replicas: *replicas,
                overflow: *overflow,
                steps: steps?,
                limit: limit(candidate, *replicas, remaining),
            })
        });
        explained.collect()
    }
}

impl Watch for Trace<'_> {
    fn minimum(&mut self, index: u32, given: i64, _: i64) {
        if let Some((candidate, steps)) = self.watched(index)
            && (given != 0 || candidate.minimum != 0)
        {
            let minimum = candidate.minimum;
            steps.push(Step::Minimum { minimum, given });
        }
    }

    fn kept(&mut self, index: u32, kept: i64, _: i64) {
        if let Some((candidate, steps)) = self.watched(index)
            && kept > 0
        {
            let running = candidate.current.unwrap_or(0);
            steps.push(Step::Kept { running, kept });
        }
    }

    fn turn(&mut self, turn: Turn) {
        if let Some((candidate, steps)) = self.watched(turn.index)
            && (turn.counted != 0 || turn.given != 0)
        {
            steps.push(Step::Share {
                weight: candidate.weight,
                weights: turn.weights,
                shared: turn.shared,
                due: turn.due,
                rounds: turn.rounds,
                counted: turn.counted,
                given: turn.given,
                cut: turn.left < turn.due,
            });
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = if self.replicas == 1 {
            "replica"
        } else {
            "replicas"
        };
        write!(f, "it has {} {noun}: ", self.replicas)?;
        for step in self.told() {
            write!(f, "{step}; ")?;
        }
        write!(f, "not more, because {}", self.limit)?;
        match self.overflow {
            0 => Ok(()),
            overflow => write!(f, "; {overflow} beyond that are asked for nevertheless"),
        }
    }
}

impl Explanation {
    /// The steps that a sentence tells: the first share, and the others as one.
    fn told(&self) -> impl Iterator<Item = Told> {
        let is_share = |step: &&Step| matches!(step, Step::Share { .. });
        let first = self.steps.iter().position(|step| is_share(&step));
        let (before, shares) = self.steps.split_at(first.unwrap_or(self.steps.len()));
        let later = shares.iter().skip(1).map(|step| step.given());
        let later: i64 = later.fold(0, i64::saturating_add);
        let single = before.iter().chain(shares.first()).copied().map(Told::Step);
        single.chain((later != 0).then_some(Told::Later(later)))
    }
}

enum Told {
    Step(Step),
    /// What all rounds but the first gave.
    Later(i64),
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Step(step) => step.fmt(f),
            Self::Later(given) => write!(f, "{given} of what others could not take"),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Minimum { minimum, given } if minimum == given => {
                write!(f, "{given} as its minimum")
            }
            Self::Minimum { minimum, given } => {
                write!(f, "{given} of its minimum of {minimum}")
            }
            Self::Kept { running, kept } => {
                write!(f, "{kept} kept of the {running} that run there")
            }
            Self::Share {
                weight,
                weights,
                shared,
                due,
                rounds,
                counted,
                given,
                cut,
            } => {
                if given < 0 {
                    return write!(f, "{given}, because its maximum is smaller");
                }
                write!(
                    f,
                    "{given} of its share of {due}, by weight {weight}/{weights} of {shared}, rounded up"
                )?;
                match counted {
                    0 => {}
                    counted if rounds > 1 => {
                        write!(f, ", where {counted} kept ones count in {rounds} rounds")?;
                    }
                    counted => write!(f, ", where {counted} kept ones count")?,
                }
                f.write_str(if cut { ", and less was left" } else { "" })
            }
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingLeft => f.write_str("no replica is left"),
            Self::Maximum { maximum } => write!(f, "its maximum is {maximum}"),
            Self::Capacity { capacity } => write!(f, "it has capacity for {capacity}"),
            Self::NoWeight => f.write_str("it has no weight"),
            Self::NoWeights => f.write_str("no weight is left to divide by"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Candidates, total, rebalance, and the sentence for cluster `a`.
    fn told(total: i64, rebalance: bool, candidates: &[Candidate]) -> String {
        let why = Explanation::of(total, rebalance, candidates, "", &"a".into()).unwrap();
        why.to_string()
    }

    #[test]
    fn each_reason_has_its_sentence() {
        let a = || Candidate::new("a", 1);
        let b = || Candidate::new("b", 1);
        for (sentence, total, rebalance, candidates) in [
            (
                "it has 5 replicas: 5 of its share of 5, by weight 1/2 of 10, rounded up; \
                 not more, because no replica is left",
                10,
                true,
                vec![a(), b()],
            ),
            (
                "it has 2 replicas: 2 of its minimum of 3; not more, because no replica is left",
                2,
                true,
                vec![a().at_least(3)],
            ),
            (
                "it has 8 replicas: 8 kept of the 8 that run there; 0 of its share of 1, by \
                 weight 1/2 of 2, rounded up, where 1 kept ones count; not more, because no \
                 replica is left",
                10,
                false,
                vec![a().running(8), b()],
            ),
            (
                "it has 2 replicas: 2 of its share of 5, by weight 1/2 of 10, rounded up; not \
                 more, because it has capacity for 2; 3 beyond that are asked for nevertheless",
                10,
                true,
                vec![a().with_capacity(2), b()],
            ),
            (
                "it has 0 replicas: not more, because it has no weight",
                10,
                true,
                vec![Candidate::new("a", 0)],
            ),
            (
                "it has 3 replicas: 5 as its minimum; -2, because its maximum is smaller; not \
                 more, because its maximum is 3",
                10,
                true,
                vec![a().at_least(5).at_most(3)],
            ),
            (
                "it has 8 replicas: 5 of its share of 5, by weight 1/2 of 10, rounded up; 3 of \
                 what others could not take; not more, because no replica is left",
                10,
                true,
                vec![a(), b().at_most(2)],
            ),
        ] {
            assert_eq!(told(total, rebalance, &candidates), sentence);
        }
    }

    #[test]
    fn who_is_no_candidate_has_no_explanation() {
        assert_eq!(Explanation::of(1, true, &[], "", &"a".into()), None);
    }
}
