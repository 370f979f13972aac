//! How does Karmada divide replicas by the room that clusters have?

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
    let contests = tiers(wanted, candidates, &room, options, tie)?;
    Ok(Course::Contested { kept, contests })
}

/// A cluster, by its position, and its room.
#[derive(Clone, Copy)]
pub(super) struct Room {
    pub(super) member: usize,
    pub(super) replicas: i64,
}

fn rooms(candidates: &[Candidate], room: impl Fn(&Candidate) -> Option<i64>) -> Vec<Room> {
    let rooms = candidates.iter().enumerate();
    rooms
        .filter_map(|(member, candidate)| room(candidate).map(|replicas| Room { member, replicas }))
        .collect()
}

fn sum(rooms: &[Room]) -> i64 {
    rooms.iter().map(|room| room.replicas).sum()
}

/// Fills one tier after the other.
fn tiers(
    wanted: i64,
    candidates: &[Candidate],
    rooms: &[Room],
    options: &Options,
    tie: TieBreak,
) -> Result<Vec<Contest>, Problem> {
    let all = sum(rooms);
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
    let mut numbers: Vec<u32> = rooms.iter().map(tier).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let mut left = wanted;
    let mut contests = Vec::new();
    for number in numbers {
        let mut members: Vec<Room> = rooms
            .iter()
            .filter(|r| tier(r) == number)
            .copied()
            .collect();
        let share = left.min(sum(&members));
        left -= share;
        if options.strategy == Strategy::Aggregated {
            members = as_few_as_hold(share, candidates, members);
        }
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
fn as_few_as_hold(wanted: i64, candidates: &[Candidate], mut rooms: Vec<Room>) -> Vec<Room> {
    go_sort::sort(&mut rooms, |left, right| left.replicas > right.replicas);
    let runs = |room: &Room| candidates.get(room.member).is_some_and(|c| assigned(c) > 0);
    let (mut front, back): (Vec<Room>, Vec<Room>) = rooms.into_iter().partition(runs);
    front.extend(back);
    let mut held = 0;
    let needed = front.iter().take_while(|room| {
        let needed = held < wanted;
        held += room.replicas;
        needed
    });
    let needed = needed.count();
    front.truncate(needed);
    // The order of names is cheaper to find where the order of the candidates is kept.
    front.sort_unstable_by_key(|room| room.member);
    front
}
