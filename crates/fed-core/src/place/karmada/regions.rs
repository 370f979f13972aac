//! Which regions are there, how good is each, and which clusters are taken where the object is
//! spread by region?

use std::collections::BTreeMap;

use super::{
    FeasibleCluster, SpreadBy, SpreadConstraint, choose_regions, maximum, minimum, ranked,
};
use crate::divide::karmada::Strategy;
use crate::problem::{Code, Problem};
use crate::words::counted;

/// What a region gets for each cluster, or each replica, that counts; the scores of clusters only
/// decide among regions that are equal in this.
const PLENTY: i128 = 1000;

/// The clusters of one region.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Region {
    /// The name of the region.
    pub name: String,
    /// How good it is; the larger the better.
    pub score: i64,
    /// The positions of its clusters, the best first.
    pub clusters: Vec<usize>,
}

impl Region {
    /// A region with this score and these clusters, the best first.
    pub fn new(name: impl Into<String>, score: i64, clusters: Vec<usize>) -> Self {
        Self {
            name: name.into(),
            score,
            clusters,
        }
    }
}

/// The regions of these clusters by name, with their scores for an object with so many replicas.
/// Clusters without a region are in none of them.
///
/// Where every cluster gets all replicas, a region is as good as it has clusters that can hold
/// them. Where they are divided, it is as good as it can hold its share of them.
pub fn regions(
    clusters: &[FeasibleCluster<'_>],
    constraints: &[SpreadConstraint],
    strategy: Strategy,
    replicas: i64,
) -> Vec<Region> {
    let numbers = numbers(clusters);
    let number = |position: usize| numbers.get(position).copied().flatten();
    let regions = numbered(clusters, &ranked(clusters), number);
    scored(clusters, regions, constraints, strategy, replicas)
}

/// A number for the region of each cluster that has one.
pub(super) fn numbers(clusters: &[FeasibleCluster<'_>]) -> Vec<Option<u32>> {
    let mut known: BTreeMap<&str, u32> = BTreeMap::new();
    let names = clusters
        .iter()
        .map(|of| of.cluster.topology().region.as_str());
    names
        .map(|name| {
            let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
            (!name.is_empty()).then(|| *known.entry(name).or_insert(next))
        })
        .collect()
}

/// The regions by name, without their scores.
pub(super) fn numbered(
    clusters: &[FeasibleCluster<'_>],
    best_first: &[usize],
    number: impl Fn(usize) -> Option<u32>,
) -> Vec<Region> {
    let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for position in best_first {
        if let Some(number) = number(*position) {
            members.entry(number).or_default().push(*position);
        }
    }
    let region = |members: Vec<usize>| {
        let first = members.first().and_then(|first| clusters.get(*first));
        let name = first.map_or("", |first| &first.cluster.topology().region);
        Region::new(name, 0, members)
    };
    let mut regions: Vec<_> = members.into_values().map(region).collect();
    regions.sort_by(|left, right| left.name.cmp(&right.name));
    regions
}

/// The same regions with their scores.
pub(super) fn scored(
    clusters: &[FeasibleCluster<'_>],
    mut regions: Vec<Region>,
    constraints: &[SpreadConstraint],
    strategy: Strategy,
    replicas: i64,
) -> Vec<Region> {
    for region in &mut regions {
        let members = region.clusters.iter();
        let members = members.filter_map(|position| clusters.get(*position));
        region.score = if strategy == Strategy::Duplicated {
            duplicated(members, replicas)
        } else {
            divided(members, constraints, replicas)
        };
    }
    regions
}

fn duplicated<'f>(clusters: impl Iterator<Item = &'f FeasibleCluster<'f>>, replicas: i64) -> i64 {
    let mut able = Tally::default();
    clusters
        .filter(|of| of.capacity >= replicas)
        .for_each(|of| able.add(of));
    able.score(able.clusters)
}

fn divided<'f>(
    clusters: impl Iterator<Item = &'f FeasibleCluster<'f>>,
    constraints: &[SpreadConstraint],
    replicas: i64,
) -> i64 {
    let fewest = minimum(constraints, &SpreadBy::Region);
    let enough = fewest.max(minimum(constraints, &SpreadBy::Cluster));
    let parts = i128::try_from(fewest).unwrap_or(i128::MAX).max(1);
    let share = (i128::from(replicas) + parts - 1).div_euclid(parts);
    let mut tally = Tally::default();
    for cluster in clusters {
        tally.add(cluster);
        let is_enough = usize::try_from(tally.clusters).is_ok_and(|clusters| clusters >= enough);
        if is_enough && tally.capacity >= share {
            break;
        }
    }
    tally.score(tally.capacity.min(share))
}

/// What some clusters add up to.
#[derive(Clone, Copy, Default)]
struct Tally {
    clusters: i128,
    capacity: i128,
    score: i128,
}

impl Tally {
    fn add(&mut self, cluster: &FeasibleCluster<'_>) {
        self.clusters += 1;
        self.capacity += i128::from(cluster.capacity);
        self.score += i128::from(cluster.score);
    }

    /// The score of a region in which so much counts.
    fn score(&self, counting: i128) -> i64 {
        let average = self.score.checked_div(self.clusters).unwrap_or(0);
        let score = counting.saturating_mul(PLENTY).saturating_add(average);
        i64::try_from(score).unwrap_or(if score < 0 { i64::MIN } else { i64::MAX })
    }
}

/// The positions of the clusters that Karmada selects from these regions: of every region that is
/// chosen the best, then the best of the rest as long as more clusters are allowed.
///
/// Without a constraint by cluster, no more are allowed.
pub fn select_in_regions(
    clusters: &[FeasibleCluster<'_>],
    regions: &[Region],
    constraints: &[SpreadConstraint],
) -> Result<Vec<usize>, Problem> {
    select_in_ranked(&ranked(clusters), regions, constraints)
}

/// The same, with the positions of all clusters, the best first.
pub(super) fn select_in_ranked(
    best_first: &[usize],
    regions: &[Region],
    constraints: &[SpreadConstraint],
) -> Result<Vec<usize>, Problem> {
    let fewest = minimum(constraints, &SpreadBy::Region);
    if regions.len() < fewest {
        return Err(Problem::error(
            Code::NoneExists,
            format!(
                "the object has to be in {} at least, and clusters that may have it are in {}; \
                 lower the minimum or let more clusters have it",
                counted(fewest, "region"),
                regions.len()
            ),
        ));
    }
    let chosen = choose_regions(
        regions,
        fewest,
        maximum(constraints, &SpreadBy::Region),
        minimum(constraints, &SpreadBy::Cluster),
    )?;
    let mut selected = Vec::new();
    let mut may_be_more = vec![false; best_first.len()];
    for region in chosen.into_iter().filter_map(|index| regions.get(index)) {
        if let Some((best, others)) = region.clusters.split_first() {
            selected.push(*best);
            for other in others {
                if let Some(may_be) = may_be_more.get_mut(*other) {
                    *may_be = true;
                }
            }
        }
    }
    let most = maximum(constraints, &SpreadBy::Cluster);
    let more = most.saturating_sub(selected.len());
    let rest = best_first.iter().copied();
    let rest = rest.filter(|position| may_be_more.get(*position) == Some(&true));
    selected.extend(rest.take(more));
    Ok(selected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::{Cluster, Topology};

    /// The score of a region of three clusters with room for 3 replicas each, one of them with a
    /// score of 100.
    fn score(fewest: (usize, usize), strategy: Strategy, replicas: i64) -> i64 {
        let clusters = ["a", "b", "c"].map(|name| {
            let eu = Topology::new("acme", "eu");
            Cluster::new(name).located(eu)
        });
        let mut feasible = clusters
            .each_ref()
            .map(|cluster| FeasibleCluster::new(cluster).with_capacity(3));
        feasible[2].score = 100;
        let constraints = [
            SpreadConstraint::new(SpreadBy::Region, fewest.0, 9),
            SpreadConstraint::new(SpreadBy::Cluster, fewest.1, 9),
        ];
        let found = regions(&feasible, &constraints, strategy, replicas);
        assert_eq!(found[0].clusters, [2, 0, 1]);
        found[0].score
    }

    #[test]
    fn a_region_is_as_good_as_clusters_in_it_hold_everything() {
        assert_eq!(score((1, 1), Strategy::Duplicated, 3), 3033);
        assert_eq!(score((1, 1), Strategy::Duplicated, 4), 0);
    }

    #[test]
    fn a_region_is_as_good_as_it_holds_its_share() {
        // Shares of 5, 3 and 20; and as many clusters as there have to be.
        assert_eq!(score((1, 1), Strategy::Aggregated, 5), 5050);
        assert_eq!(score((1, 3), Strategy::Aggregated, 5), 5033);
        assert_eq!(score((2, 0), Strategy::Aggregated, 5), 3050);
        assert_eq!(score((0, 1), Strategy::Aggregated, 3), 3100);
        assert_eq!(score((2, 1), Strategy::Aggregated, 40), 9033);
    }
}
