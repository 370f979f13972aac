//! Why does a cluster have this many replicas in our own way, and neither one more nor one fewer?

use std::cmp::Reverse;
use std::fmt;

use super::rule::{Claimant, Key, Merit, Need, Rule, limit};
use super::share::Lambda;
use super::{Options, signed, unsigned};
use crate::divide::Candidate;
use crate::identity::ClusterName;

/// What a cluster's weight is worth, whatever its bounds: a whole number and a part of the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Share {
    /// The whole number.
    pub whole: u128,
    /// What is left, in parts of `divisor`.
    pub remainder: u128,
    /// One divisor for all clusters.
    pub divisor: u128,
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            whole,
            remainder,
            divisor,
        } = self;
        match remainder {
            0 => write!(f, "{whole}"),
            _ => write!(f, "{whole} + {remainder}/{divisor}"),
        }
    }
}

/// What made one of two clusters round up and not the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Advantage {
    /// The replica runs there already.
    Running,
    /// Its share is closer to the next whole number.
    Remainder,
    /// It has the higher weight.
    Weight,
    /// It comes first by a hash of its name; all else is equal.
    Hash,
}

impl fmt::Display for Advantage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Running => "where it runs already",
            Self::Remainder => "whose share is closer to the next whole number",
            Self::Weight => "whose weight is higher",
            Self::Hash => "which is equal in all else and comes first by the hash of its name",
        })
    }
}

/// Why a cluster does not have one replica more.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotMore {
    /// It has its maximum.
    Maximum(i64),
    /// It has no more room.
    Capacity(i64),
    /// Its weight is 0: it gets its minimum and no more.
    NoWeight,
    /// It would be more than its share, rounded up.
    Share,
    /// Its share was rounded down; the replica went to another cluster.
    LostTo(ClusterName, Advantage),
    /// More run than are wanted, so that, steadily, no cluster gains any.
    Steady,
}

/// Why a cluster does not have one replica fewer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotFewer {
    /// It has none.
    Zero,
    /// It has its minimum.
    Minimum(i64),
    /// It would be less than its share, rounded down.
    Share,
    /// Its share was rounded up; the replica would have gone to another cluster.
    WonFrom(ClusterName, Advantage),
    /// All that fits is wanted.
    AllFull,
    /// No more run than are wanted, so that, steadily, no cluster loses any.
    Steady,
}

/// Why a cluster has the replicas that it has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NativeReason {
    /// Its replicas.
    pub replicas: i64,
    /// What its weight is worth; `None` where all that fits is placed, so that weights do not
    /// matter.
    pub share: Option<Share>,
    /// The minimums add up to more than the total, so that they took the place of the weights.
    pub minimums_as_weights: bool,
    /// Why not one more.
    pub not_more: NotMore,
    /// Why not one fewer.
    pub not_fewer: NotFewer,
}

impl fmt::Display for NativeReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "has {}", self.replicas)?;
        if let Some(share) = &self.share {
            let of = if self.minimums_as_weights {
                "its minimum is worth"
            } else {
                "its weight is worth"
            };
            write!(f, "; {of} {share}")?;
        }
        match &self.not_more {
            NotMore::Maximum(maximum) => write!(f, "; no more, since its maximum is {maximum}")?,
            NotMore::Capacity(room) => write!(f, "; no more, since it has room for {room}")?,
            NotMore::NoWeight => write!(f, "; no more, since its weight is 0")?,
            NotMore::Share => write!(f, "; no more, since that would be above its share")?,
            NotMore::LostTo(other, by) => write!(f, "; one more went to {other}, {by}")?,
            NotMore::Steady => write!(f, "; no more, since replicas are only taken away")?,
        }
        match &self.not_fewer {
            NotFewer::Zero => Ok(()),
            NotFewer::Minimum(minimum) => write!(f, "; no fewer, since its minimum is {minimum}"),
            NotFewer::Share => write!(f, "; no fewer, since that would be below its share"),
            NotFewer::WonFrom(other, by) => {
                write!(f, "; no fewer: it comes before {other}, being one {by}")
            }
            NotFewer::AllFull => write!(f, "; no fewer, since all that fits is wanted"),
            NotFewer::Steady => write!(f, "; no fewer, since what runs stays"),
        }
    }
}

/// Why a cluster has the replicas that [`divide`](super::divide) gives it; `None` for a cluster
/// that is not among the candidates.
///
/// ```
/// use fed_core::divide::Candidate;
/// use fed_core::divide::native::{Options, explain};
///
/// let clusters = [
///     Candidate::new("a", 3),
///     Candidate::new("b", 2).at_most(2),
///     Candidate::new("c", 1),
/// ];
/// let reason = |name: &str| {
///     let reason = explain(9, &clusters, &Options::default(), &name.into());
///     reason.unwrap().to_string()
/// };
/// assert_eq!(
///     reason("a"),
///     "has 5; its weight is worth 5 + 1/4; one more went to c, whose share is closer to the next \
///      whole number; no fewer, since that would be below its share"
/// );
/// assert_eq!(
///     reason("b"),
///     "has 2; its weight is worth 3 + 2/4; no more, since its maximum is 2; no fewer, since that \
///      would be below its share"
/// );
/// ```
pub fn explain(
    total: i64,
    candidates: &[Candidate],
    options: &Options,
    cluster: &ClusterName,
) -> Option<NativeReason> {
    let index = candidates.iter().position(|c| c.name == *cluster)?;
    Course::of(total, candidates, options).reason(index)
}

/// Why each of the clusters has its replicas, in their order.
///
/// Takes as long as one division, and not as one for each cluster.
pub fn explain_all(total: i64, candidates: &[Candidate], options: &Options) -> Vec<NativeReason> {
    let course = Course::of(total, candidates, options);
    let reasons = (0..candidates.len()).filter_map(|index| course.reason(index));
    reasons.collect()
}

/// How a division went.
struct Course<'c> {
    candidates: &'c [Candidate],
    rule: Rule,
    lambda: Lambda,
    replicas: Vec<u64>,
    /// Those who could have been rounded the other way, with what spoke for them.
    rivals: Vec<Option<Rival<'c>>>,
    /// Of those that were rounded up, the one that came in last.
    last: Option<usize>,
    /// Of those that were rounded down, the one that came closest.
    best: Option<usize>,
}

impl<'c> Course<'c> {
    fn of(total: i64, candidates: &'c [Candidate], options: &Options) -> Self {
        let rule = Rule::of(total, candidates, options.steady);
        let lambda = rule.lambda();
        let replicas = rule.rounded(lambda, candidates, &options.key);
        let key = Key::new(&options.key);
        let rival = |index: usize| {
            let claimant = rule.claimants.get(index)?;
            let ideal = lambda.ideal(claimant);
            Some(Rival {
                need: Need::of(claimant, &ideal)?,
                merit: rule.merit(index, candidates, key)?,
                name: &candidates.get(index)?.name,
                up: *replicas.get(index)? > ideal.whole,
            })
        };
        let rivals: Vec<_> = (0..candidates.len()).map(rival).collect();
        let those = |up: bool| {
            let rivals = rivals.iter().enumerate();
            rivals
                .filter_map(move |(index, rival)| Some((index, rival.as_ref()?)))
                .filter(move |(_, rival)| rival.up == up)
        };
        let last = those(true).min_by_key(|(_, rival)| rival.key());
        let best = those(false).max_by_key(|(_, rival)| rival.key());
        Self {
            last: last.map(|(index, _)| index),
            best: best.map(|(index, _)| index),
            candidates,
            rule,
            lambda,
            replicas,
            rivals,
        }
    }

    fn reason(&self, index: usize) -> Option<NativeReason> {
        let own = Own {
            replicas: *self.replicas.get(index)?,
            claimant: *self.rule.claimants.get(index)?,
            candidate: self.candidates.get(index)?,
            share: share(&self.rule, self.lambda, index),
            scarce: self.rule.scarce,
            rival: self.rival(Some(index)),
        };
        Some(NativeReason {
            replicas: signed(own.replicas),
            share: own.share,
            minimums_as_weights: self.rule.scarce,
            not_more: own.not_more(self.rival(self.last)),
            not_fewer: own.not_fewer(self.rival(self.best)),
        })
    }

    fn rival(&self, index: Option<usize>) -> Option<&Rival<'c>> {
        self.rivals.get(index?)?.as_ref()
    }
}

fn share(rule: &Rule, lambda: Lambda, index: usize) -> Option<Share> {
    let (whole, remainder) = lambda.share(rule.claimants.get(index)?.weight)?;
    Some(Share {
        whole,
        remainder,
        divisor: lambda.divisor(),
    })
}

struct Rival<'c> {
    need: Need,
    merit: Merit,
    name: &'c ClusterName,
    up: bool,
}

impl Rival<'_> {
    fn key(&self) -> (Need, Merit, Reverse<&ClusterName>) {
        (self.need, self.merit, Reverse(self.name))
    }

    fn advantage_over(&self, other: &Self) -> Advantage {
        let weights = |rival: &Self| (rival.merit.weight, rival.merit.own_weight);
        if self.need.keeps_running() != other.need.keeps_running() {
            Advantage::Running
        } else if self.need != other.need {
            Advantage::Remainder
        } else if weights(self) != weights(other) {
            Advantage::Weight
        } else {
            Advantage::Hash
        }
    }
}

struct Own<'c> {
    replicas: u64,
    claimant: Claimant,
    candidate: &'c Candidate,
    share: Option<Share>,
    scarce: bool,
    rival: Option<&'c Rival<'c>>,
}

impl Own<'_> {
    fn not_more(&self, last: Option<&Rival<'_>>) -> NotMore {
        if self.claimant.weight == 0 && !self.scarce {
            return NotMore::NoWeight;
        }
        let below_share = self
            .share
            .is_none_or(|share| (share.whole, share.remainder) > (self.replicas.into(), 0));
        if !below_share {
            return NotMore::Share;
        }
        if self.replicas >= self.claimant.upper {
            return self.upper_bound();
        }
        // Rounded down.
        match self.rival.zip(last) {
            Some((own, last)) => NotMore::LostTo(last.name.clone(), last.advantage_over(own)),
            None => NotMore::Share,
        }
    }

    fn upper_bound(&self) -> NotMore {
        let Candidate {
            maximum, capacity, ..
        } = self.candidate;
        let bound = |bound: &Option<i64>| bound.map(|bound| bound.max(0));
        match (bound(maximum), bound(capacity)) {
            _ if self.claimant.upper < limit(self.candidate) => NotMore::Steady,
            (Some(maximum), Some(capacity)) if capacity < maximum => NotMore::Capacity(capacity),
            (Some(maximum), _) => NotMore::Maximum(maximum),
            (None, Some(capacity)) => NotMore::Capacity(capacity),
            (None, None) => NotMore::Share,
        }
    }

    fn not_fewer(&self, best: Option<&Rival<'_>>) -> NotFewer {
        let Some(fewer) = self.replicas.checked_sub(1) else {
            return NotFewer::Zero;
        };
        let Some(share) = self.share else {
            return NotFewer::AllFull;
        };
        if share.whole > fewer.into() {
            return NotFewer::Share;
        }
        if self.claimant.lower > fewer {
            let minimum = unsigned(self.candidate.minimum).min(limit(self.candidate));
            return if self.scarce || self.claimant.lower > minimum {
                NotFewer::Steady
            } else {
                NotFewer::Minimum(signed(minimum))
            };
        }
        // Rounded up.
        match self.rival.zip(best) {
            Some((own, best)) => NotFewer::WonFrom(best.name.clone(), own.advantage_over(best)),
            None => NotFewer::Share,
        }
    }
}
