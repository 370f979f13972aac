//! How does Karmada divide replicas by the room that clusters have?

use std::borrow::Cow;

use super::go_sort;
use super::{Contest, Course, Options, Strategy, TieBreak};
use crate::divide::Candidate;
use crate::problem::{Code, Problem};

/// The most that Karmada's estimators answer.
const MOST: i64 = i32::MAX as i64;

/// What Karmada assigned to a cluster the last time.
pub(super) fn assigned(candidate: &Candidate) -> i64 {
    candidate.current.unwrap_or(0).clamp(0, MOST)
}

/// What a cluster can take beside what it has.
fn free(total: u32, candidate: &Candidate) -> i64 {
    let free = candidate.capacity.map_or(i64::from(total), |capacity| {
        capacity.saturating_sub(assigned(candidate))
    });
    free.clamp(0, MOST)
}

pub(super) fn course(
    total: u32,
    candidates: &[Candidate],
    options: &Options,
    tie: TieBreak,
) -> Result<Course, Problem> {
    let wanted = i64::from(total);
    let running: i64 = candidates.iter().map(assigned).sum();
    let (kept, room, wanted) = if options.fresh {
        (
            false,
            rooms(candidates, |c| Some(free(total, c) + assigned(c))),
            wanted,
        )
    } else if running > wanted {
        // What runs is the only measure when there is too much of it; room does not count.
        (
            false,
            rooms(candidates, |c| c.current.map(|_| assigned(c))),
            wanted,
        )
    } else if running < wanted {
        (
            true,
            rooms(candidates, |c| Some(free(total, c))),
            wanted - running,
        )
    } else {
        return Ok(Course::Unchanged);
    };
    let kept = if kept {
        candidates.iter().map(assigned).collect()
    } else {
        vec![0; candidates.len()]
    };
    let contests = tiers(wanted, candidates, room, options, tie)?;
    Ok(Course::Contested { kept, contests })
}

/// A cluster, by its position, and its room.
#[derive(Clone, Copy)]
struct Room {
    member: usize,
    /// Has it replicas already?
    runs: bool,
    replicas: i64,
}

fn rooms(candidates: &[Candidate], room: impl Fn(&Candidate) -> Option<i64>) -> Vec<Room> {
    let rooms = candidates.iter().enumerate();
    let room = |(member, candidate)| {
        Some(Room {
            member,
            replicas: room(candidate)?,
            runs: assigned(candidate) > 0,
        })
    };
    rooms.filter_map(room).collect()
}

fn sum(rooms: &[Room]) -> i64 {
    rooms.iter().map(|room| room.replicas).sum()
}

/// Fills one tier after the other.
fn tiers(
    wanted: i64,
    candidates: &[Candidate],
    mut rooms: Vec<Room>,
    options: &Options,
    tie: TieBreak,
) -> Result<Vec<Contest>, Problem> {
    let all = sum(&rooms);
    if all < wanted {
        return Err(Problem::error(
            Code::NotEnoughCapacity,
            format!(
                "{wanted} replicas have to be placed and the clusters have room for {all}, so \
                 Karmada places none; free capacity, add clusters or lower the replicas"
            ),
        ));
    }
    let tier = |room: &Room| options.tiers.get(room.member).copied().unwrap_or(0);
    rooms.sort_by_key(tier);
    let mut left = wanted;
    let mut contests = Vec::new();
    for members in rooms.chunk_by_mut(|one, next| tier(one) == tier(next)) {
        let share = left.min(sum(members));
        left -= share;
        let members = if options.strategy == Strategy::Aggregated {
            Cow::Owned(as_few_as_hold(share, members))
        } else {
            Cow::Borrowed(&*members)
        };
        let votes = members
            .iter()
            .map(|room| u64::try_from(room.replicas).unwrap_or(0));
        contests.push(Contest::among(
            u32::try_from(share).unwrap_or(u32::MAX),
            candidates,
            members.iter().map(|room| room.member).collect(),
            votes.collect(),
            tie,
        ));
        if left == 0 {
            break;
        }
    }
    Ok(contests)
}

/// The clusters that have replicas first, then those with the most room, and no more of them than
/// it takes.
fn as_few_as_hold(wanted: i64, rooms: &mut [Room]) -> Vec<Room> {
    let held = |rooms: &[Room], runs| -> i64 {
        let rooms = rooms.iter().filter(|room| room.runs == runs);
        rooms.map(|room| room.replicas).sum()
    };
    let of_running = held(rooms, true);
    // It takes some of the running ones, or all of them and some of the others.
    let (divided, wanted) = if of_running < wanted {
        (false, wanted - of_running)
    } else {
        (true, wanted)
    };
    let more_room = |left: &Room, right: &Room| left.replicas > right.replicas;
    go_sort::sort(rooms, more_room, wanted, |wanted, front| {
        let rest = wanted - held(front, divided);
        if rest > 0 {
            [None, Some(rest)]
        } else {
            [Some(wanted), None]
        }
    });
    let mut left = wanted;
    let needed = rooms.iter().filter(|room| {
        if room.runs != divided {
            return room.runs;
        }
        let is_needed = left > 0;
        left -= room.replicas;
        is_needed
    });
    let mut needed: Vec<Room> = needed.copied().collect();
    // The order of names is cheaper to find where the order of the candidates is kept.
    needed.sort_unstable_by_key(|room| room.member);
    needed
}
