//! Why does a cluster have this many replicas in Karmada's way, and neither one more nor one
//! fewer?

use std::cmp::Ordering;
use std::collections::BTreeMap;
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
    let position = candidates.iter().position(|it| it.name == *cluster);
    let hearing = Hearing::of(total, candidates, options)?;
    Ok(position.and_then(|member| hearing.reason(member)))
}

/// Why each of the clusters has its replicas, in their order.
///
/// Takes as long as one division, and not as one for each cluster.
pub fn explain_all(
    total: i64,
    candidates: &[Candidate],
    options: &Options,
) -> Result<Vec<KarmadaReason>, Problem> {
    let hearing = Hearing::of(total, candidates, options)?;
    let reasons = (0..candidates.len()).filter_map(|member| hearing.reason(member));
    Ok(reasons.collect())
}

/// How a division went, ready to be asked about each cluster.
enum Hearing<'c> {
    Duplicated(i64),
    Unchanged(&'c [Candidate]),
    Contested {
        kept: Vec<i64>,
        contests: Vec<Contested<'c>>,
    },
}

impl<'c> Hearing<'c> {
    fn of(total: i64, candidates: &'c [Candidate], options: &Options) -> Result<Self, Problem> {
        Ok(match course(total, candidates, options)? {
            Course::Duplicated => Self::Duplicated(total),
            Course::Unchanged => Self::Unchanged(candidates),
            Course::Contested { kept, contests } => {
                let tie = TieBreak::of_seed(&options.seed);
                let contests = contests.into_iter();
                let contests = contests.map(|contest| Contested::of(contest, candidates, tie));
                Self::Contested {
                    kept,
                    contests: contests.collect(),
                }
            }
        })
    }

    fn reason(&self, member: usize) -> Option<KarmadaReason> {
        Some(match self {
            Self::Duplicated(total) => KarmadaReason::Duplicated { replicas: *total },
            Self::Unchanged(candidates) => KarmadaReason::Unchanged {
                replicas: capacity::assigned(candidates.get(member)?),
            },
            Self::Contested { kept, contests } => {
                let kept = kept.get(member).copied().unwrap_or(0);
                let mut reasons = contests.iter();
                reasons
                    .find_map(|contest| contest.reason(member, kept))
                    .unwrap_or(KarmadaReason::NotNeeded { kept })
            }
        })
    }
}

/// One contest that is over.
struct Contested<'c> {
    contest: Contest,
    candidates: &'c [Candidate],
    ranks: Vec<u32>,
    /// Where nobody has a vote, all count the same.
    no_votes: bool,
    /// The party of each member.
    parties: BTreeMap<usize, usize>,
    /// The strongest claims to a seat that nobody got, of two parties.
    before: [Option<(usize, Claim)>; 2],
    /// The weakest claims that got a seat, of two parties.
    after: [Option<(usize, Claim)>; 2],
}

impl<'c> Contested<'c> {
    fn of(contest: Contest, candidates: &'c [Candidate], tie: TieBreak) -> Self {
        let ranks = Contest::ranks(candidates, &contest.members, tie);
        let members = contest.members.iter().enumerate();
        let mut contested = Self {
            no_votes: contest.votes.iter().all(|&votes| votes == 0),
            parties: members.map(|(party, &member)| (member, party)).collect(),
            before: [None; 2],
            after: [None; 2],
            contest,
            candidates,
            ranks,
        };
        for (party, seats) in contested.contest.seats.clone().into_iter().enumerate() {
            let claim = contested.claim(party, seats);
            first_two(&mut contested.before, (party, claim), |one, other| {
                one > other
            });
            if let Some(seats) = seats.checked_sub(1) {
                let claim = contested.claim(party, seats);
                first_two(&mut contested.after, (party, claim), |one, other| {
                    one < other
                });
            }
        }
        contested
    }

    fn votes(&self, party: usize) -> u64 {
        let votes = self.contest.votes.get(party).copied().unwrap_or(0);
        if self.no_votes { 1 } else { votes }
    }

    fn claim(&self, party: usize, seats: u64) -> Claim {
        let rank = self.ranks.get(party).copied().unwrap_or(0);
        Claim::new(self.votes(party), seats, rank, narrow(party))
    }

    fn seat(&self, claim: Claim) -> Option<Seat> {
        let party = usize::try_from(claim.party).ok()?;
        let member = self.contest.members.get(party).copied()?;
        Some(Seat {
            cluster: self.candidates.get(member)?.name.clone(),
            number: claim.seats + 1,
            weight: self.votes(party),
        })
    }

    fn reason(&self, member: usize, kept: i64) -> Option<KarmadaReason> {
        let own = self.parties.get(&member).copied()?;
        let own_seats = self.contest.seats.get(own).copied()?;
        let won = own_seats.checked_sub(1).map(|seats| self.claim(own, seats));
        let lost = self.claim(own, own_seats);
        let of_another = |two: &[Option<(usize, Claim)>; 2]| {
            let mut two = two.iter().flatten();
            two.find(|(party, _)| *party != own)
                .map(|(_, claim)| *claim)
        };
        let (before, after) = (of_another(&self.before), of_another(&self.after));
        Some(KarmadaReason::Seats {
            kept,
            won: won.and_then(|won| self.seat(won)),
            before: won
                .zip(before)
                .and_then(|(won, before)| Some((self.seat(before)?, preference(&won, &before)))),
            lost: self.seat(lost)?,
            after: after.and_then(|after| Some((self.seat(after)?, preference(&after, &lost)))),
        })
    }
}

/// Takes note of a claim, if fewer than two come before it.
fn first_two(
    two: &mut [Option<(usize, Claim)>; 2],
    new: (usize, Claim),
    comes_before: impl Fn(&Claim, &Claim) -> bool,
) {
    let [first, second] = two;
    if first.is_none_or(|(_, claim)| comes_before(&new.1, &claim)) {
        *second = first.replace(new);
    } else if second.is_none_or(|(_, claim)| comes_before(&new.1, &claim)) {
        *second = Some(new);
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
