//! Why does a cluster have this many replicas in Karmada's way, and neither one more nor one
//! fewer?

use std::cmp::Ordering;
use std::fmt;

use super::claim::Claim;
use super::webster::{TieBreak, narrow};
use super::{Contest, Course, Options, capacity, course};
use crate::divide::Candidate;
use crate::identity::ClusterName;
use crate::problem::Problem;

/// One seat of a cluster: its first replica, its second, and so on, without those that stayed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seat {
    /// The cluster.
    pub cluster: ClusterName,
    /// Which of its seats, from 1 on.
    pub number: u64,
    /// The weight with which the cluster claims it: the claim is `weight / (2 * number - 1)`.
    pub weight: u64,
}

impl fmt::Display for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            cluster,
            number,
            weight,
        } = self;
        let divisor = number.saturating_mul(2).saturating_sub(1);
        write!(f, "seat {number} of {cluster} ({weight}/{divisor})")
    }
}

/// What put one seat before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Preference {
    /// The larger claim.
    Claim,
    /// As large a claim, of a cluster that has fewer seats.
    FewerSeats,
    /// Equal in all but the name.
    Name,
}

impl fmt::Display for Preference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Claim => "by its larger claim",
            Self::FewerSeats => "by fewer seats at an equal claim",
            Self::Name => "by its name, all else being equal",
        })
    }
}

/// Why a cluster has the replicas that it has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KarmadaReason {
    /// Every cluster gets the total.
    Duplicated {
        /// The total.
        replicas: i64,
    },
    /// As many run as are wanted, so that nothing changes anywhere.
    Unchanged {
        /// What runs there.
        replicas: i64,
    },
    /// The cluster got none of what was given out: others that come first hold it all.
    NotNeeded {
        /// What stays there.
        kept: i64,
    },
    /// The cluster won as many seats as its claims are worth.
    Seats {
        /// What stays there, beside the seats.
        kept: i64,
        /// The last seat that it won: without it the cluster would have one fewer.
        won: Option<Seat>,
        /// The best seat of another cluster that `won` came before, and why.
        before: Option<(Seat, Preference)>,
        /// The seat that it would need for one more.
        lost: Seat,
        /// The last seat of another cluster that came before `lost`, and why.
        after: Option<(Seat, Preference)>,
    },
}

impl KarmadaReason {
    /// The replicas of the cluster.
    pub fn replicas(&self) -> i64 {
        match self {
            Self::Duplicated { replicas }
            | Self::Unchanged { replicas }
            | Self::NotNeeded { kept: replicas } => *replicas,
            Self::Seats { kept, won, .. } => {
                let seats = won.as_ref().map_or(0, |seat| seat.number);
                kept.saturating_add(i64::try_from(seats).unwrap_or(i64::MAX))
            }
        }
    }
}

impl fmt::Display for KarmadaReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicated { replicas } => {
                write!(f, "has {replicas}, because every cluster gets all of them")
            }
            Self::Unchanged { replicas } => {
                write!(f, "keeps {replicas}, because as many run as are wanted")
            }
            Self::NotNeeded { kept } => write!(
                f,
                "has {kept} and gets no more, because clusters that come before it hold the rest"
            ),
            Self::Seats {
                kept,
                won,
                before,
                lost,
                after,
            } => {
                write!(f, "has {}", self.replicas())?;
                if *kept > 0 {
                    write!(f, ", of which {kept} stay from before")?;
                }
                match (won, before) {
                    (None, _) => {}
                    (Some(won), None) => write!(f, "; no other cluster claims {won}")?,
                    (Some(won), Some((other, by))) => {
                        write!(f, "; {won} comes before {other} {by}")?;
                    }
                }
                match after {
                    None => write!(f, "; nothing is left for {lost}"),
                    Some((other, by)) => {
                        write!(
                            f,
                            "; {other} comes before {lost} {by}, and then none is left"
                        )
                    }
                }
            }
        }
    }
}

/// Why a cluster has the replicas that [`divide`](super::divide) gives it; `None` for a cluster
/// that is not among the candidates.
///
/// ```
/// use fed_core::divide::Candidate;
/// use fed_core::divide::karmada::{Options, Strategy, explain};
///
/// let clusters = [Candidate::new("a", 2), Candidate::new("b", 1)];
/// let reason = explain(8, &clusters, &Options::new(Strategy::StaticWeights), &"b".into())?;
/// assert_eq!(
///     reason.unwrap().to_string(),
///     "has 3; seat 3 of b (1/5) comes before seat 6 of a (2/11) by its larger claim; seat 5 of \
///      a (2/9) comes before seat 4 of b (1/7) by its larger claim, and then none is left"
/// );
/// # Ok::<(), fed_core::Problem>(())
/// ```
pub fn explain(
    total: i64,
    candidates: &[Candidate],
    options: &Options,
    cluster: &ClusterName,
) -> Result<Option<KarmadaReason>, Problem> {
    let course = course(total, candidates, options)?;
    let found = candidates.iter().enumerate();
    let Some((member, candidate)) = found.into_iter().find(|(_, c)| c.name == *cluster) else {
        return Ok(None);
    };
    Ok(Some(match course {
        Course::Duplicated => KarmadaReason::Duplicated { replicas: total },
        Course::Unchanged => KarmadaReason::Unchanged {
            replicas: capacity::assigned(candidate),
        },
        Course::Contested { kept, contests } => {
            let kept = kept.get(member).copied().unwrap_or(0);
            let tie = TieBreak::of_seed(&options.seed);
            contests
                .iter()
                .find_map(|contest| contest.reason(member, kept, candidates, tie))
                .unwrap_or(KarmadaReason::NotNeeded { kept })
        }
    }))
}

impl Contest {
    fn reason(
        &self,
        member: usize,
        kept: i64,
        candidates: &[Candidate],
        tie: TieBreak,
    ) -> Option<KarmadaReason> {
        let own = self.members.iter().position(|&other| other == member)?;
        let own_seats = self.seats.get(own).copied()?;
        let ranks = Self::ranks(candidates, &self.members, tie);
        // Where nobody has a vote, all count the same.
        let no_votes = self.votes.iter().all(|&votes| votes == 0);
        let votes = |party: usize| {
            let votes = self.votes.get(party).copied().unwrap_or(0);
            if no_votes { 1 } else { votes }
        };
        let claim = |party: usize, seats: u64| {
            let rank = ranks.get(party).copied().unwrap_or(0);
            Claim::new(votes(party), seats, rank, narrow(party))
        };
        let seat = |claim: Claim| {
            let party = usize::try_from(claim.party).ok()?;
            let member = self.members.get(party).copied()?;
            Some(Seat {
                cluster: candidates.get(member)?.name.clone(),
                number: claim.seats + 1,
                weight: votes(party),
            })
        };
        let others = || {
            let others = self.seats.iter().copied().enumerate();
            others.filter(move |&(party, _)| party != own)
        };
        let won = own_seats.checked_sub(1).map(|seats| claim(own, seats));
        let lost = claim(own, own_seats);
        let before = others().map(|(party, seats)| claim(party, seats)).max();
        let after = others()
            .filter_map(|(party, seats)| Some(claim(party, seats.checked_sub(1)?)))
            .min();
        Some(KarmadaReason::Seats {
            kept,
            won: won.and_then(seat),
            before: won
                .zip(before)
                .and_then(|(won, before)| Some((seat(before)?, preference(&won, &before)))),
            lost: seat(lost)?,
            after: after.and_then(|after| Some((seat(after)?, preference(&after, &lost)))),
        })
    }
}

fn preference(first: &Claim, second: &Claim) -> Preference {
    if first.priority.total_cmp(&second.priority) != Ordering::Equal {
        Preference::Claim
    } else if first.seats != second.seats {
        Preference::FewerSeats
    } else {
        Preference::Name
    }
}
