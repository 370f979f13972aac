//! Why is there no selection? Each way of failing, and its sentence.

use std::fmt;

use super::Selection;
use crate::words::{counted, few};

/// Why no selection satisfies what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unsatisfied {
    /// No selection satisfies the constraints.
    NoneExists(Obstacle),
    /// The search ended at its limit before it knew whether there is a selection.
    SearchLimit {
        /// A selection that satisfies the constraints and has too little room, where one was found.
        best: Option<Selection>,
    },
    /// The constraints can be met, and no selection that meets them has room for the replicas.
    TooLittleRoom {
        /// How many replicas there should be room for.
        wanted: i64,
        /// The selection with the most room.
        best: Selection,
    },
}

/// What stands in the way of every selection.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Obstacle {
    /// More are wanted than are allowed.
    Contradiction {
        /// Of what.
        key: String,
        /// The fewest that are wanted.
        minimum: usize,
        /// The most that are allowed.
        maximum: usize,
    },
    /// There are too few clusters.
    TooFewClusters {
        /// How many can be chosen.
        clusters: usize,
        /// How many there are.
        of: usize,
        /// The fewest that are wanted.
        minimum: usize,
    },
    /// No cluster is in any group.
    Missing {
        /// Of what.
        key: String,
    },
    /// There are too few groups.
    TooFewGroups {
        /// Groups of what.
        key: String,
        /// In how many groups the clusters are that can be chosen.
        groups: usize,
        /// How many clusters can be chosen.
        clusters: usize,
        /// How many clusters there are.
        of: usize,
        /// The fewest groups that are wanted.
        minimum: usize,
    },
    /// Each can be met alone, but not all of them together. Where there is only one, it cannot be
    /// met by any set of clusters.
    Together {
        /// Of what numbers are limited.
        keys: Vec<String>,
    },
}

/// Is it a word of which there can be several, and not the key of a label?
fn is_noun(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// `3 regions`, and `3 values of "example.com/row"` where the key is not just a word.
fn groups_of(count: usize, key: &str) -> String {
    if is_noun(key) {
        counted(count, key)
    } else {
        format!("{} of {key:?}", counted(count, "value"))
    }
}

fn are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

fn named(keys: &[String]) -> String {
    few(keys.iter().map(String::as_str))
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contradiction {
                key,
                minimum,
                maximum,
            } => {
                let (wanted, be) = (groups_of(*minimum, key), are(*minimum));
                write!(
                    f,
                    "at least {wanted} {be} wanted, but at most {maximum} allowed: lower the \
                     minimum or raise the maximum"
                )
            }
            Self::TooFewClusters {
                clusters,
                of,
                minimum,
            } => {
                let be = are(*minimum);
                match (clusters, of) {
                    (_, 0) => write!(f, "there is no cluster")?,
                    (few, all) if few == all => {
                        write!(f, "there {} {}", are(*few), counted(*few, "cluster"))?;
                    }
                    (few, all) => write!(f, "{few} of {all} clusters can be chosen")?,
                }
                write!(f, ", and at least {minimum} {be} wanted")
            }
            Self::Missing { key } if is_noun(key) => write!(f, "no cluster has a known {key}"),
            Self::Missing { key } => write!(f, "no cluster has a value of {key:?}"),
            Self::TooFewGroups {
                key,
                groups,
                clusters,
                of,
                minimum,
            } => {
                if clusters == of {
                    write!(f, "the clusters ")?;
                } else {
                    write!(f, "the {clusters} of {of} clusters that can be chosen ")?;
                }
                let have = if is_noun(key) { "are in" } else { "have" };
                let (there, be) = (groups_of(*groups, key), are(*minimum));
                write!(f, "{have} {there}, and at least {minimum} {be} wanted")
            }
            Self::Together { keys } => match keys.as_slice() {
                [key] => write!(
                    f,
                    "no set of clusters has an allowed number of values of {key:?}"
                ),
                keys => write!(
                    f,
                    "no set of clusters keeps to the limits of all of these together: {}",
                    named(keys)
                ),
            },
        }
    }
}

impl fmt::Display for Unsatisfied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoneExists(obstacle) => obstacle.fmt(f),
            Self::SearchLimit { best: None } => write!(
                f,
                "the search for clusters that satisfy the constraints was ended at its limit; \
                 loosen or leave out a constraint"
            ),
            Self::SearchLimit { best: Some(best) } => write!(
                f,
                "the search for clusters with enough room was ended at its limit; what it found \
                 has room for {} only",
                counted_room(best)
            ),
            Self::TooLittleRoom { wanted, best } => write!(
                f,
                "room for {wanted} replicas is wanted, and the clusters that the constraints allow \
                 have room for {} at most",
                counted_room(best)
            ),
        }
    }
}

fn counted_room(selection: &Selection) -> i64 {
    selection.room.unwrap_or(i64::MAX)
}

impl std::error::Error for Obstacle {}

impl std::error::Error for Unsatisfied {}

#[cfg(test)]
mod tests {
    use super::super::{Choice, Constraint, Demand, Groups, select};

    fn groups(groups: &[&[u32]]) -> Groups {
        groups.iter().map(|groups| groups.iter().copied()).collect()
    }

    fn told(clusters: usize, constraints: &[Constraint], demand: &Demand) -> String {
        let clusters = vec![Choice::new(0).with_room(2); clusters];
        select(&clusters, constraints, demand)
            .unwrap_err()
            .to_string()
    }

    fn any() -> Demand {
        Demand::new()
    }

    #[test]
    fn too_few_clusters_are_counted() {
        assert_eq!(
            told(0, &[], &any().at_least(1)),
            "there is no cluster, and at least 1 is wanted"
        );
        assert_eq!(
            told(2, &[], &any().at_least(3)),
            "there are 2 clusters, and at least 3 are wanted"
        );
        let known = Constraint::new("zone", groups(&[&[1], &[]]));
        assert_eq!(
            told(2, &[known], &any().at_least(2)),
            "1 of 2 clusters can be chosen, and at least 2 are wanted"
        );
    }

    #[test]
    fn too_few_groups_are_counted_by_their_key() {
        let three = |key| Constraint::new(key, groups(&[&[1], &[2], &[1]])).at_least(3);
        assert_eq!(
            told(3, &[three("region")], &any()),
            "the clusters are in 2 regions, and at least 3 are wanted"
        );
        assert_eq!(
            told(3, &[three("example.com/row")], &any()),
            r#"the clusters have 2 values of "example.com/row", and at least 3 are wanted"#
        );
        let zone = Constraint::new("zone", groups(&[&[5], &[], &[6]]));
        assert_eq!(
            told(3, &[three("region").at_least(2), zone], &any()),
            "the 2 of 3 clusters that can be chosen are in 1 region, and at least 2 are wanted"
        );
    }

    #[test]
    fn a_property_that_no_cluster_has_is_named() {
        let none = |key| Constraint::new(key, groups(&[&[], &[]])).at_least(1);
        assert_eq!(
            told(2, &[none("provider")], &any()),
            "no cluster has a known provider"
        );
        assert_eq!(
            told(2, &[none("example.com/row")], &any()),
            r#"no cluster has a value of "example.com/row""#
        );
    }

    #[test]
    fn contradictions_are_told_even_without_clusters() {
        let region = Constraint::new("region", groups(&[]))
            .at_least(3)
            .at_most(2);
        assert_eq!(
            told(0, &[region], &any()),
            "at least 3 regions are wanted, but at most 2 allowed: lower the minimum or raise the \
             maximum"
        );
        assert_eq!(
            told(1, &[], &any().at_least(2).at_most(1)),
            "at least 2 clusters are wanted, but at most 1 allowed: lower the minimum or raise the \
             maximum"
        );
    }

    #[test]
    fn what_cannot_be_met_together_is_named() {
        let region = Constraint::new("region", groups(&[&[1], &[2], &[1]])).at_least(2);
        let row = Constraint::new("row", groups(&[&[1], &[2], &[3]])).at_least(2);
        let tier = Constraint::new("tier", groups(&[&[1], &[2], &[1]])).at_most(1);
        assert_eq!(
            told(3, &[region.clone(), tier.clone()], &any()),
            "no set of clusters keeps to the limits of all of these together: region, tier"
        );
        assert_eq!(
            told(3, &[region, row, tier], &any()),
            "no set of clusters keeps to the limits of all of these together: row, region, tier"
        );
        let wide = Constraint::new("zone", groups(&[&[1, 2], &[3, 4]]));
        assert_eq!(
            told(2, &[wide.clone().at_least(1).at_most(1)], &any()),
            r#"no set of clusters has an allowed number of values of "zone""#
        );
        assert_eq!(
            told(2, &[wide.at_least(3).at_most(3)], &any()),
            r#"no set of clusters has an allowed number of values of "zone""#
        );
    }

    #[test]
    fn too_little_room_is_told_with_the_most_there_is() {
        assert_eq!(
            told(3, &[], &any().at_most(2).with_room(5)),
            "room for 5 replicas is wanted, and the clusters that the constraints allow have room \
             for 4 at most"
        );
    }

    /// Clusters each of which is in two zones of its own.
    fn pairs(clusters: u32) -> Groups {
        (0..clusters)
            .map(|cluster| [2 * cluster, 2 * cluster + 1])
            .collect()
    }

    #[test]
    fn a_search_without_end_is_ended() {
        let odd = Constraint::new("zone", pairs(40)).at_least(21).at_most(21);
        assert_eq!(
            told(40, &[odd], &any()),
            "the search for clusters that satisfy the constraints was ended at its limit; loosen \
             or leave out a constraint"
        );
        let half = Constraint::new("zone", pairs(40)).at_most(40);
        assert_eq!(
            told(40, &[half], &any().with_room(41)),
            "the search for clusters with enough room was ended at its limit; what it found has \
             room for 40 only"
        );
    }
}
