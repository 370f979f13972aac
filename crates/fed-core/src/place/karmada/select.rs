//! Which of the clusters that may have the object get it?

use std::cmp::Reverse;

use super::regions::{numbered, numbers, scored, select_in_ranked};
use super::{SpreadBy, SpreadConstraint, constraint};
use crate::divide::karmada::Strategy;
use crate::fleet::Cluster;
use crate::problem::{Code, Problem};
use crate::words::counted;

/// One cluster that may have the object, and what decides whether it gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FeasibleCluster<'c> {
    /// The cluster.
    pub cluster: &'c Cluster,
    /// Its score; the larger the better.
    pub score: i64,
    /// How many replicas it can run, with those that it has already.
    pub capacity: i64,
    /// Its overflow tier: those of a lower one come first.
    pub tier: u32,
}

impl<'c> FeasibleCluster<'c> {
    /// A cluster of which nothing speaks for or against it.
    pub fn new(cluster: &'c Cluster) -> Self {
        Self {
            cluster,
            score: 0,
            capacity: 0,
            tier: 0,
        }
    }

    /// The same, with this score.
    #[must_use]
    pub fn scored(mut self, score: i64) -> Self {
        self.score = score;
        self
    }

    /// The same, with room for this many replicas, with those that it has already.
    #[must_use]
    pub fn with_capacity(mut self, capacity: i64) -> Self {
        self.capacity = capacity;
        self
    }

    /// The same, in this overflow tier.
    #[must_use]
    pub fn in_tier(mut self, tier: u32) -> Self {
        self.tier = tier;
        self
    }

    /// What decides before the name. The smaller the better.
    fn standing(&self) -> impl Ord + use<> {
        (self.tier, Reverse((self.score, self.capacity)))
    }
}

/// The positions of the clusters, the best first: by tier, score, room and name.
pub fn ranked(clusters: &[FeasibleCluster<'_>]) -> Vec<usize> {
    let mut by_name: Vec<usize> = (0..clusters.len()).collect();
    by_name.sort_by_key(|position| clusters.get(*position).map(|of| of.cluster.name()));
    ranked_from(clusters, by_name.into_iter())
}

/// The same of clusters that are given in the order of their names.
fn ranked_by_name(clusters: &[FeasibleCluster<'_>]) -> Vec<usize> {
    ranked_from(clusters, 0..clusters.len())
}

fn ranked_from(
    clusters: &[FeasibleCluster<'_>],
    by_name: impl Iterator<Item = usize>,
) -> Vec<usize> {
    let standing = |position: usize| Some((clusters.get(position)?.standing(), position));
    let mut ranked: Vec<_> = by_name.filter_map(standing).collect();
    ranked.sort_by(|(left, _), (right, _)| left.cmp(right));
    ranked.into_iter().map(|(_, position)| position).collect()
}

/// The positions of the clusters that Karmada selects for an object with so many replicas, in its
/// order.
///
/// Without spread constraints it takes all, and under [`Strategy::StaticWeights`] it takes no
/// notice of them. It spreads by region, or else by cluster, and fails where there is a constraint
/// and neither of the two. Where replicas are divided, only a spread by cluster looks for room;
/// a spread by region can select clusters that cannot hold them.
///
/// It fails where nothing satisfies the constraints, and where finding the best regions takes more
/// than [`STEPS`](super::STEPS) steps.
///
/// ```
/// use fed_core::divide::karmada::Strategy;
/// use fed_core::place::karmada::{FeasibleCluster, SpreadBy, SpreadConstraint, select};
/// use fed_core::{Cluster, Topology};
///
/// let clusters = [("a", "eu"), ("b", "eu"), ("c", "us")]
///     .map(|(name, region)| Cluster::new(name).located(Topology::new("acme", region)));
/// let feasible = clusters.each_ref().map(FeasibleCluster::new);
/// let by_region = [
///     SpreadConstraint::new(SpreadBy::Region, 2, 2),
///     SpreadConstraint::new(SpreadBy::Cluster, 2, 2),
/// ];
/// assert_eq!(select(&feasible, &by_region, Strategy::Duplicated, 1)?, [0, 2]);
/// # Ok::<(), fed_core::Problem>(())
/// ```
pub fn select(
    clusters: &[FeasibleCluster<'_>],
    constraints: &[SpreadConstraint],
    strategy: Strategy,
    replicas: i64,
) -> Result<Vec<usize>, Problem> {
    let numbers = numbers(clusters);
    let number = |position: usize| numbers.get(position).copied().flatten();
    let best_first = ranked(clusters);
    select_ranked(
        clusters,
        best_first,
        number,
        constraints,
        (strategy, replicas),
    )
}

/// The same for clusters that are given in the order of their names, and of whose regions the
/// numbers are known by their positions.
pub(crate) fn select_numbered(
    clusters: &[FeasibleCluster<'_>],
    region: impl Fn(usize) -> Option<u32>,
    constraints: &[SpreadConstraint],
    strategy: Strategy,
    replicas: i64,
) -> Result<Vec<usize>, Problem> {
    let best_first = ranked_by_name(clusters);
    select_ranked(
        clusters,
        best_first,
        region,
        constraints,
        (strategy, replicas),
    )
}

fn select_ranked(
    clusters: &[FeasibleCluster<'_>],
    best_first: Vec<usize>,
    region: impl Fn(usize) -> Option<u32>,
    constraints: &[SpreadConstraint],
    (strategy, replicas): (Strategy, i64),
) -> Result<Vec<usize>, Problem> {
    if constraints.is_empty() || strategy == Strategy::StaticWeights {
        return Ok(best_first);
    }
    if constraint(constraints, &SpreadBy::Region).is_some() {
        let regions = numbered(clusters, &best_first, region);
        let regions = scored(clusters, regions, constraints, strategy, replicas);
        return select_in_ranked(&best_first, &regions, constraints);
    }
    match constraint(constraints, &SpreadBy::Cluster) {
        Some(constraint) => {
            let needed = (strategy != Strategy::Duplicated).then_some(replicas);
            select_by_cluster(clusters, best_first, constraint, needed)
        }
        None => Err(Problem::error(
            Code::NoneExists,
            "Karmada spreads by cluster and by region only; add a spread constraint by one of them",
        )),
    }
}

fn select_by_cluster(
    clusters: &[FeasibleCluster<'_>],
    mut chosen: Vec<usize>,
    constraint: &SpreadConstraint,
    needed: Option<i64>,
) -> Result<Vec<usize>, Problem> {
    if clusters.len() < constraint.minimum {
        return Err(Problem::error(
            Code::NoneExists,
            format!(
                "the object has to be in {} at least, and {} may have it; lower the minimum or \
                 let more clusters have it",
                counted(constraint.minimum, "cluster"),
                clusters.len()
            ),
        ));
    }
    let rest = chosen.split_off(constraint.maximum.min(chosen.len()));
    match needed {
        None => Ok(chosen),
        Some(needed) => with_room(needed, clusters, chosen, rest),
    }
}

/// Exchanges chosen clusters, the worst first, for the ones with the most room among the rest,
/// until they hold what is needed.
fn with_room(
    needed: i64,
    clusters: &[FeasibleCluster<'_>],
    mut chosen: Vec<usize>,
    mut rest: Vec<usize>,
) -> Result<Vec<usize>, Problem> {
    let room = |position: &usize| clusters.get(*position).map_or(0, |of| of.capacity);
    let mut held: i128 = chosen
        .iter()
        .map(|position| i128::from(room(position)))
        .sum();
    for worst in chosen.iter_mut().rev() {
        if held >= i128::from(needed) {
            break;
        }
        let roomiest = rest
            .iter_mut()
            .rev()
            .max_by_key(|position| room(position))
            .filter(|position| room(position) > room(worst));
        if let Some(roomiest) = roomiest {
            held += i128::from(room(roomiest)) - i128::from(room(worst));
            std::mem::swap(worst, roomiest);
        }
    }
    if held >= i128::from(needed) {
        return Ok(chosen);
    }
    let number = counted(chosen.len(), "cluster");
    Err(Problem::error(
        Code::NotEnoughCapacity,
        format!(
            "{needed} replicas have to be placed in at most {number}, and the roomiest hold {held} \
             together; allow more clusters, free capacity or lower the replicas"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::Topology;
    use proptest::prelude::{prop_assert_eq, proptest};

    proptest! {
        #[test]
        fn with_numbers_of_regions_the_same_are_selected(
            clusters in proptest::collection::vec((0..4_u32, 0..2_i64, 0..9_i64, 0..2_u32), 0..12),
            (regions, more) in (0..3_usize, 0..3_usize),
            most in 1..9_usize,
            replicas in 0..30_i64,
        ) {
            let place = |region: u32| match region {
                0 => Topology::default(),
                region => Topology::new("", format!("r{region}")),
            };
            let named: Vec<Cluster> = (10..)
                .zip(&clusters)
                .map(|(number, (region, ..))| Cluster::new(format!("c{number}")).located(place(*region)))
                .collect();
            let feasible: Vec<_> = named
                .iter()
                .zip(&clusters)
                .map(|(cluster, (_, score, room, tier))| {
                    let feasible = FeasibleCluster::new(cluster).scored(*score);
                    feasible.with_capacity(*room).in_tier(*tier)
                })
                .collect();
            let number = |position: usize| clusters.get(position).map(|of| of.0).filter(|of| *of > 0);
            let by_region = SpreadConstraint::new(SpreadBy::Region, regions, regions + more);
            let by_cluster = SpreadConstraint::new(SpreadBy::Cluster, 1, most);
            for constraints in [vec![], vec![by_cluster.clone()], vec![by_region, by_cluster]] {
                let strategy = Strategy::DynamicWeights;
                let found = select_numbered(&feasible, number, &constraints, strategy, replicas);
                prop_assert_eq!(found, select(&feasible, &constraints, strategy, replicas));
            }
        }
    }

    /// Selects at most so many of these clusters, which come in the order of their scores.
    fn at_most(maximum: usize, rooms: &[i64], needed: i64) -> Vec<usize> {
        let clusters: Vec<Cluster> = rooms.iter().map(|_| Cluster::new("c")).collect();
        let feasible: Vec<_> = clusters
            .iter()
            .zip(rooms)
            .zip((0..100).rev())
            .map(|((cluster, &room), score)| {
                FeasibleCluster::new(cluster)
                    .scored(score)
                    .with_capacity(room)
            })
            .collect();
        let constraint = SpreadConstraint::new(SpreadBy::Cluster, 1, maximum);
        select(&feasible, &[constraint], Strategy::Aggregated, needed).unwrap()
    }

    #[test]
    fn clusters_are_exchanged_for_roomier_ones_from_the_last_to_the_first() {
        // Enough as it is; the last one is exchanged; that is enough; both are.
        assert_eq!(at_most(2, &[1, 2, 9, 8], 3), [0, 1]);
        assert_eq!(at_most(2, &[1, 2, 9, 8], 4), [0, 2]);
        assert_eq!(at_most(2, &[1, 2, 9, 8], 10), [0, 2]);
        assert_eq!(at_most(2, &[1, 2, 9, 8], 11), [3, 2]);
        // Of two with the same room the better one comes, and none goes for one with its own room.
        assert_eq!(at_most(1, &[1, 5, 5], 5), [1]);
        assert_eq!(at_most(2, &[1, 5, 5], 10), [2, 1]);
    }

    #[test]
    fn the_last_of_two_constraints_by_the_same_counts() {
        let clusters = ["a", "b", "c"].map(Cluster::new);
        let feasible = clusters.each_ref().map(FeasibleCluster::new);
        let of = |most| SpreadConstraint::new(SpreadBy::Cluster, 1, most);
        let found = select(&feasible, &[of(1), of(2)], Strategy::Duplicated, 1);
        assert_eq!(found, Ok(vec![0, 1]));
        let none = select(&feasible, &[of(0)], Strategy::Duplicated, 1);
        assert_eq!(none, Ok(vec![]));
    }
}
