//! What is left to be decided? The choices that can be chosen at all, and the limits that bind
//! them; and what stands in the way before any search.

use super::groups::{Groups, Numbering};
use super::unsatisfied::{Obstacle, Unsatisfied};
use super::{Choice, Constraint, Demand, Selection};

/// A choice that satisfies every constraint by itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Its place among the choices that were given.
    pub(super) choice: usize,
    pub(super) kept: i64,
    pub(super) score: i64,
    /// Never more than what is wanted, so that one that is unlimited is as good as it can be.
    pub(super) room: i128,
}

/// A constraint that can be broken by some selection.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    pub(super) key: String,
    /// 0 where any selection has enough.
    pub(super) minimum: usize,
    /// The number of groups where there is no other maximum.
    pub(super) maximum: usize,
    /// How many groups there are.
    pub(super) count: usize,
    /// The groups of each row, numbered from 0 on as they are seen.
    pub(super) groups: Groups,
}

impl Limit {
    pub(super) fn has_maximum(&self) -> bool {
        self.maximum < self.count
    }
}

#[derive(Clone, Debug)]
pub(super) struct Problem {
    pub(super) rows: Vec<Row>,
    pub(super) limits: Vec<Limit>,
    /// By what their number is limited.
    pub(super) counts: Vec<String>,
    /// The fewest rows that are to be chosen.
    pub(super) minimum: usize,
    /// The most rows that may be chosen: all of them where there is no other maximum.
    pub(super) maximum: usize,
    /// For how many replicas there must be room, where that is not certain anyway.
    pub(super) wanted: Option<i64>,
}

impl Problem {
    pub(super) fn new(
        choices: &[Choice],
        constraints: &[Constraint],
        demand: &Demand,
    ) -> Result<Self, Unsatisfied> {
        // The order of the constraints must not decide which of two obstacles is told.
        let mut sorted: Vec<&Constraint> = constraints.iter().collect();
        sorted.sort_by_key(|constraint| (&constraint.key, constraint.minimum, constraint.maximum));
        contradiction(&sorted, demand).map_or(Ok(()), none)?;
        let minimum = match demand.minimum {
            0 => usize::from(sorted.iter().any(|constraint| constraint.minimum > 0)),
            minimum => minimum,
        };
        let wanted = demand.replicas.filter(|wanted| *wanted > 0);
        let rows = rows(choices, &sorted, wanted);
        if rows.len() < minimum {
            return none(too_few(choices, &sorted, rows.len(), minimum));
        }
        let mut problem = Self {
            minimum,
            maximum: demand.maximum.unwrap_or(usize::MAX).min(rows.len()),
            rows,
            limits: Vec::new(),
            counts: Vec::new(),
            wanted,
        };
        if problem.minimum > 1 || problem.has_maximum() {
            problem.counts.push(CLUSTER.to_owned());
        }
        for constraint in sorted {
            problem.limit(constraint, choices.len())?;
        }
        if problem.maximum < problem.minimum {
            return none(Obstacle::Contradiction {
                key: CLUSTER.to_owned(),
                minimum: problem.minimum,
                maximum: problem.maximum,
            });
        }
        Ok(problem)
    }

    fn limit(&mut self, constraint: &Constraint, choices: usize) -> Result<(), Unsatisfied> {
        let limit = Limit::new(&self.rows, constraint);
        if limit.count < limit.minimum {
            return none(Obstacle::TooFewGroups {
                key: limit.key,
                groups: limit.count,
                clusters: self.rows.len(),
                of: choices,
                minimum: limit.minimum,
            });
        }
        let of_clusters = limit.count == self.rows.len() && limit.groups.alone().is_some();
        if of_clusters {
            self.minimum = self.minimum.max(limit.minimum);
            self.maximum = self.maximum.min(limit.maximum);
            self.counts.push(limit.key);
        } else if limit.minimum > 1 || limit.has_maximum() {
            self.limits.push(limit);
        }
        Ok(())
    }

    /// Can no more than some of the rows be chosen because of their number?
    pub(super) fn has_maximum(&self) -> bool {
        self.maximum < self.rows.len()
    }

    /// Do these rows satisfy all limits but the room?
    pub(super) fn allows(&self, rows: &[u32]) -> bool {
        let mut seen = Vec::new();
        rows.len() >= self.minimum
            && rows.len() <= self.maximum
            && self.limits.iter().all(|limit| {
                seen.clear();
                seen.resize(limit.count, false);
                let mut used = 0;
                for group in rows.iter().flat_map(|row| limit.groups.of(*row as usize)) {
                    if let Some(seen @ false) = seen.get_mut(*group as usize) {
                        *seen = true;
                        used += 1;
                    }
                }
                used >= limit.minimum && used <= limit.maximum
            })
    }

    pub(super) fn room(&self, rows: &[u32]) -> i128 {
        self.all(rows).map(|row| row.room).sum()
    }

    pub(super) fn kept(&self, rows: &[u32]) -> i128 {
        self.all(rows).map(|row| i128::from(row.kept)).sum()
    }

    /// Have these rows room for what is wanted?
    pub(super) fn suffices(&self, rows: &[u32]) -> bool {
        self.wanted
            .is_none_or(|wanted| self.room(rows) >= i128::from(wanted))
    }

    fn all(&self, rows: &[u32]) -> impl Iterator<Item = &Row> {
        rows.iter().filter_map(|row| self.rows.get(*row as usize))
    }

    /// What is told of these rows.
    pub(super) fn selection(&self, choices: &[Choice], rows: &[u32]) -> Selection {
        let mut chosen: Vec<usize> = self.all(rows).map(|row| row.choice).collect();
        chosen.sort_unstable();
        let room = chosen
            .iter()
            .filter_map(|choice| choices.get(*choice))
            .try_fold(0_i64, |sum, choice| {
                Some(sum.saturating_add(choice.room?.max(0)))
            });
        Selection { chosen, room }
    }

    /// That the limits cannot be kept together.
    pub(super) fn together(&self) -> Obstacle {
        let limits = self.limits.iter().map(|limit| &limit.key);
        let keys = self.counts.iter().chain(limits).cloned().collect();
        Obstacle::Together { keys }
    }
}

const CLUSTER: &str = "cluster";

fn none<T>(obstacle: Obstacle) -> Result<T, Unsatisfied> {
    Err(Unsatisfied::NoneExists(obstacle))
}

fn contradiction(constraints: &[&Constraint], demand: &Demand) -> Option<Obstacle> {
    let clusters = (CLUSTER, demand.minimum, demand.maximum);
    let others = constraints
        .iter()
        .map(|constraint| (&*constraint.key, constraint.minimum, constraint.maximum));
    std::iter::once(clusters)
        .chain(others)
        .find_map(|(key, minimum, maximum)| {
            maximum
                .filter(|maximum| *maximum < minimum)
                .map(|maximum| Obstacle::Contradiction {
                    key: key.to_owned(),
                    minimum,
                    maximum,
                })
        })
}

/// The choices that are in some group, and in not too many, by every constraint.
fn rows(choices: &[Choice], constraints: &[&Constraint], wanted: Option<i64>) -> Vec<Row> {
    let unlimited = match wanted {
        Some(wanted) => i128::from(wanted),
        None => {
            let rooms = choices.iter().filter_map(|choice| choice.room);
            rooms.map(|room| i128::from(room.max(0))).sum::<i128>() + 1
        }
    };
    let room = |room: i64| i128::from(room.max(0)).min(unlimited);
    choices
        .iter()
        .enumerate()
        .filter(|(place, _)| {
            constraints
                .iter()
                .all(|constraint| constraint.admits(*place))
        })
        .map(|(place, choice)| Row {
            choice: place,
            kept: choice.running.max(0),
            score: choice.score,
            room: choice.room.map_or(unlimited, room),
        })
        .collect()
}

fn too_few(
    choices: &[Choice],
    constraints: &[&Constraint],
    clusters: usize,
    minimum: usize,
) -> Obstacle {
    if clusters == 0 && !choices.is_empty() && !constraints.is_empty() {
        let missing = |constraint: &&&Constraint| {
            (0..choices.len()).all(|choice| constraint.groups.of(choice).is_empty())
        };
        return match constraints.iter().find(missing) {
            Some(constraint) => Obstacle::Missing {
                key: constraint.key.clone(),
            },
            None => Obstacle::Together {
                keys: constraints
                    .iter()
                    .map(|constraint| constraint.key.clone())
                    .collect(),
            },
        };
    }
    Obstacle::TooFewClusters {
        clusters,
        of: choices.len(),
        minimum,
    }
}

impl Constraint {
    /// Can this choice be chosen at all?
    fn admits(&self, choice: usize) -> bool {
        let maximum = self.maximum.unwrap_or(usize::MAX);
        match self.groups.of(choice) {
            [] => false,
            [_] => maximum > 0,
            groups if groups.len() <= maximum => true,
            groups => {
                let mut groups = groups.to_vec();
                groups.sort_unstable();
                groups.dedup();
                groups.len() <= maximum
            }
        }
    }
}

impl Limit {
    fn new(rows: &[Row], constraint: &Constraint) -> Self {
        let mut numbering = Numbering::new(rows.len());
        let mut groups = Groups::default();
        for row in rows {
            match constraint.groups.of(row.choice) {
                [group] => groups.push([numbering.number(*group)]),
                several => {
                    let mut several: Vec<u32> = several
                        .iter()
                        .map(|group| numbering.number(*group))
                        .collect();
                    several.sort_unstable();
                    several.dedup();
                    groups.push(several);
                }
            }
        }
        let count = numbering.count();
        Self {
            key: constraint.key.clone(),
            minimum: if constraint.minimum > 1 {
                constraint.minimum
            } else {
                0
            },
            maximum: constraint.maximum.unwrap_or(count).min(count),
            count,
            groups,
        }
    }
}
