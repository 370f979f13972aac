//! Which regions together satisfy the constraints, and which of all such choices is the best?

use std::cmp::Reverse;

use super::Region;
use crate::problem::{Code, Problem};
use crate::words::counted;

/// How many choices are looked at before the search for the best one is given up.
pub const STEPS: u32 = 1_000_000;

/// The positions of the regions that Karmada chooses: between `minimum` and `maximum` of them, with
/// `clusters` clusters together, those with the highest score first.
///
/// Karmada goes through the choices from small regions to large ones, and adds no region to a
/// choice that satisfies the constraints. Of those it takes the one with the highest sum of scores,
/// then the one with the most clusters, then the first that it came to. Where the best few regions
/// of that are a choice that it came to as well, it takes only them.
///
/// Karmada looks at every choice. Here those are passed over of which it is plain that they are no
/// better than one already found, so that the answer is the same, and comes sooner.
///
/// ```
/// use fed_core::place::karmada::{Region, choose_regions};
///
/// let regions = [
///     Region::new("eu", 60, vec![0]),
///     Region::new("us", 50, vec![1, 2]),
///     Region::new("ap", 20, vec![3, 4, 5]),
/// ];
/// assert_eq!(choose_regions(&regions, 1, 2, 3)?, [0, 1]);
/// assert_eq!(choose_regions(&regions, 1, 2, 5)?, [1, 2]);
/// assert!(choose_regions(&regions, 1, 2, 6).is_err());
/// # Ok::<(), fed_core::Problem>(())
/// ```
pub fn choose_regions(
    regions: &[Region],
    minimum: usize,
    maximum: usize,
    clusters: usize,
) -> Result<Vec<usize>, Problem> {
    let search = Search::new(regions, minimum, maximum, clusters);
    match search.best()? {
        Some(best) if !best.is_empty() => Ok(search.shortest(best)),
        _ => Err(search.nothing()),
    }
}

struct Search<'r> {
    regions: &'r [Region],
    /// The regions in the order in which choices are made.
    groups: Vec<Group>,
    minimum: usize,
    maximum: usize,
    clusters: usize,
    /// What is left from each group on, and after the last one.
    left: Vec<Left>,
}

/// A region in the order of the search.
#[derive(Clone, Copy)]
struct Group {
    region: usize,
    clusters: usize,
    score: i128,
}

/// What the groups from some position on add up to. Negative scores count as none, so that nothing
/// can be better than this.
#[derive(Clone, Copy, Default)]
struct Left {
    clusters: usize,
    score: i128,
    highest: i128,
}

/// Some of the groups, and what they add up to.
#[derive(Clone, Default)]
struct Choice {
    groups: Vec<usize>,
    clusters: usize,
    score: i128,
}

impl Choice {
    fn worth(&self) -> (i128, usize) {
        (self.score, self.clusters)
    }
}

impl<'r> Search<'r> {
    fn new(regions: &'r [Region], minimum: usize, maximum: usize, clusters: usize) -> Self {
        let mut sorted: Vec<(usize, &Region)> = regions.iter().enumerate().collect();
        sorted.sort_by_key(|(_, region)| {
            (region.clusters.len(), Reverse(region.score), &region.name)
        });
        let groups: Vec<Group> = sorted
            .into_iter()
            .map(|(index, region)| Group {
                region: index,
                clusters: region.clusters.len(),
                score: region.score.into(),
            })
            .collect();
        let mut left = vec![Left::default()];
        for group in groups.iter().rev() {
            let last = left.last().copied().unwrap_or_default();
            left.push(Left {
                clusters: last.clusters.saturating_add(group.clusters),
                score: last.score + group.score.max(0),
                highest: last.highest.max(group.score),
            });
        }
        left.reverse();
        Self {
            regions,
            groups,
            minimum,
            maximum,
            clusters,
            left,
        }
    }

    /// The best choice, as positions of groups in ascending order.
    fn best(&self) -> Result<Option<Vec<usize>>, Problem> {
        let mut best: Option<Choice> = None;
        let mut choice = Choice::default();
        let (mut next, mut steps) = (0, 0);
        if self.is_satisfied(0, 0) {
            return Ok(Some(Vec::new()));
        }
        loop {
            let group = self.groups.get(next).copied();
            let Some(group) =
                group.filter(|group| self.may_win(&choice, next, *group, best.as_ref()))
            else {
                match self.step_back(&mut choice) {
                    Some(last) => next = last + 1,
                    None => return Ok(best.map(|best| best.groups)),
                }
                continue;
            };
            steps += 1;
            if steps > STEPS {
                return Err(self.too_long());
            }
            choice.groups.push(next);
            choice.clusters += group.clusters;
            choice.score += group.score;
            if self.is_satisfied(choice.groups.len(), choice.clusters) {
                if best
                    .as_ref()
                    .is_none_or(|best| choice.worth() > best.worth())
                {
                    best = Some(choice.clone());
                }
                self.step_back(&mut choice);
            }
            next += 1;
        }
    }

    fn step_back(&self, choice: &mut Choice) -> Option<usize> {
        let last = choice.groups.pop()?;
        if let Some(group) = self.groups.get(last) {
            choice.clusters -= group.clusters;
            choice.score -= group.score;
        }
        Some(last)
    }

    fn is_satisfied(&self, groups: usize, clusters: usize) -> bool {
        (self.minimum..=self.maximum).contains(&groups) && clusters >= self.clusters
    }

    /// Can groups from `next` on, which is `group`, make of this choice one that is better than the
    /// best? If not, then no groups from any later one on can.
    fn may_win(&self, choice: &Choice, next: usize, group: Group, best: Option<&Choice>) -> bool {
        let groups_left = self.groups.len() - next;
        let few = choice.groups.len();
        let missing = self.clusters.saturating_sub(choice.clusters);
        // A choice is extended only until it satisfies, and no group to come is smaller.
        let until_enough = match group.clusters {
            0 => groups_left,
            smallest => missing.div_ceil(smallest),
        };
        let more = until_enough
            .max(self.minimum.saturating_sub(few))
            .min(self.maximum.saturating_sub(few))
            .min(groups_left);
        // The last groups are the largest.
        let clusters = self.left_from(self.groups.len() - more).clusters;
        let left = self.left_from(next);
        let highest = i128::try_from(more)
            .unwrap_or(i128::MAX)
            .saturating_mul(left.highest);
        let bound = Choice {
            groups: Vec::new(),
            clusters: choice.clusters + clusters,
            score: choice.score + left.score.min(highest),
        };
        let is_better = best.is_none_or(|best| bound.worth() > best.worth());
        more > 0 && few + more >= self.minimum && clusters >= missing && is_better
    }

    fn left_from(&self, group: usize) -> Left {
        self.left.get(group).copied().unwrap_or_default()
    }

    /// The regions of the best choice by their scores, and no more of the first than satisfy.
    ///
    /// The search has come to these as well: if they could do without their last group, so could
    /// the best choice without its own, and the search would have stopped before it.
    fn shortest(&self, best: Vec<usize>) -> Vec<usize> {
        let groups = best.into_iter().filter_map(|at| self.groups.get(at));
        let mut groups: Vec<&Group> = groups.collect();
        groups.sort_by_key(|group| {
            let name = self.regions.get(group.region).map(|region| &region.name);
            (Reverse(group.score), name)
        });
        let (mut number, mut clusters) = (0, 0);
        let needed = groups.iter().take_while(|group| {
            let is_needed = !self.is_satisfied(number, clusters);
            number += 1;
            clusters += group.clusters;
            is_needed
        });
        needed.map(|group| group.region).collect()
    }

    fn nothing(&self) -> Problem {
        let (minimum, maximum) = (self.minimum, counted(self.maximum, "region"));
        Problem::error(
            Code::NoneExists,
            format!(
                "no {minimum} to {maximum} of {} have {} together; allow more regions, ask for fewer \
                 clusters or let more clusters have the object",
                self.regions.len(),
                counted(self.clusters, "cluster")
            ),
        )
    }

    fn too_long(&self) -> Problem {
        Problem::error(
            Code::SearchLimit,
            format!(
                "the best choice among {} was not found in {STEPS} steps; allow fewer regions, or \
                 let clusters of fewer regions have the object",
                counted(self.regions.len(), "region")
            ),
        )
    }
}
