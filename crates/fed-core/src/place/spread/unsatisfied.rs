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
        /// The fewest that are wanted.
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
                minimum,
            } => {
                let (there, be) = (groups_of(*groups, key), are(*minimum));
                let have = if is_noun(key) { "are in" } else { "have" };
                write!(
                    f,
                    "the clusters {have} {there}, and at least {minimum} {be} wanted"
                )
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
