//! Which of the clusters that could be chosen are chosen? All of them, unless the placement has
//! groups to try, a limit, or wants them spread.

use std::collections::BTreeMap;

use super::decide::Scene;
use super::sharing::Sharing;
use crate::divide::karmada;
use crate::fleet::{Cluster, ClusterIndex, ClusterSet, Column, Fleet};
use crate::intent::{DivisionMethod, Intent, Placement, Spread, SpreadBy};
use crate::observe::Workload;
use crate::place::karmada::{FeasibleCluster, SpreadConstraint, select_numbered};
use crate::place::spread::{self, Choice, Constraint, Demand, Groups, Unsatisfied};
use crate::place::{self, Rule, group};
use crate::problem::{Code, Problem};

/// What a taint that only discourages takes from the score: more than any honest score.
const DISCOURAGED: i64 = 1 << 48;

/// What Karmada adds to the score of a cluster that has the object already.
const HELD_ALREADY: i64 = 100;

/// What was selected.
#[derive(Clone, Debug, Default)]
pub(super) struct Selected {
    pub(super) chosen: ClusterSet,
    /// The group of the affinities that was taken.
    pub(super) group: Option<usize>,
    /// Why nothing could be selected.
    pub(super) unmet: Option<Code>,
}

/// Selects for one intent.
pub(super) struct Selecting<'p> {
    pub(super) scene: Scene<'p>,
    pub(super) intent: &'p Intent,
    pub(super) rule: &'p Rule<'p>,
    pub(super) seen: &'p Column<'p, Workload>,
    pub(super) sharing: Option<&'p Sharing<'p>>,
}

/// What trying one group gave.
enum Tried {
    Holds(ClusterSet),
    /// The best there is, which has too little room.
    Cramped(ClusterSet),
    Fails(Code, String),
}

impl Selecting<'_> {
    /// Selects from these clusters. What could not be done goes to `problems`.
    pub(super) fn select(&self, eligible: &ClusterSet, problems: &mut Vec<Problem>) -> Selected {
        let placement = self.intent.placement();
        if !placement.is_choosy() || eligible.is_empty() {
            return Selected::all(eligible.clone());
        }
        let groups = self.rule.groups();
        let tries: Vec<_> = if groups.is_empty() {
            vec![(None, eligible.clone())]
        } else {
            let members = |group| eligible.clone().and(group);
            let of_group = |(position, group)| (Some(position), members(group));
            groups.iter().enumerate().map(of_group).collect()
        };
        let mut cramped = None;
        let mut failed = None;
        for (group, members) in tries {
            match self.within(&members) {
                Tried::Holds(chosen) => return Selected::of(chosen, group),
                Tried::Cramped(best) => cramped = cramped.or(Some((best, group))),
                Tried::Fails(code, why) => failed = failed.or(Some((code, why))),
            }
        }
        match (cramped, failed) {
            // What fits is placed. That it is not enough is told where replicas are divided.
            (Some((best, group)), _) => Selected::of(best, group),
            (None, Some((code, why))) => {
                problems.push(self.problem(code, &why));
                Selected {
                    unmet: Some(code),
                    ..Selected::default()
                }
            }
            (None, None) => Selected::default(),
        }
    }

    fn within(&self, members: &ClusterSet) -> Tried {
        let placement = self.intent.placement();
        let mut places = Vec::with_capacity(members.len());
        places.extend(members.iter());
        if let Some((strategy, constraints)) = self.as_karmada() {
            return self.within_as_karmada(&places, &constraints, strategy);
        }
        let scores = Scores::new(placement, self.scene.fleet);
        let choice =
            |index: &ClusterIndex| Some(self.choice(*index, self.scene.fleet.at(*index)?, &scores));
        let mut choices = Vec::with_capacity(places.len());
        choices.extend(places.iter().filter_map(choice));
        let grouped = placement
            .spread
            .iter()
            .filter(|spread| spread.by != SpreadBy::Cluster);
        let constraints: Vec<_> = grouped
            .map(|spread| constraint(spread, self.scene.fleet, &places))
            .collect();
        let set_of = |chosen: &[usize]| -> ClusterSet {
            let chosen = chosen.iter();
            chosen
                .filter_map(|place| places.get(*place).copied())
                .collect()
        };
        match spread::select(&choices, &constraints, &self.demand(placement)) {
            Ok(selection) => Tried::Holds(set_of(&selection.chosen)),
            Err(
                Unsatisfied::TooLittleRoom { best, .. }
                | Unsatisfied::SearchLimit { best: Some(best) },
            ) => Tried::Cramped(set_of(&best.chosen)),
            Err(why) => Tried::Fails(code(&why), why.to_string()),
        }
    }

    /// The strategy and the constraints, where Karmada has a way to choose for them.
    fn as_karmada(&self) -> Option<(karmada::Strategy, Vec<SpreadConstraint>)> {
        let placement = self.intent.placement();
        let strategy = match self.intent.division()?.method {
            DivisionMethod::KarmadaWeights => karmada::Strategy::StaticWeights,
            DivisionMethod::KarmadaDynamic => karmada::Strategy::DynamicWeights,
            DivisionMethod::KarmadaAggregated => karmada::Strategy::Aggregated,
            DivisionMethod::Fair | DivisionMethod::KubeFed | DivisionMethod::Duplicated => {
                return None;
            }
        };
        let constraint = |spread: &Spread| {
            let by = match spread.by {
                SpreadBy::Cluster => place::karmada::SpreadBy::Cluster,
                SpreadBy::Region => place::karmada::SpreadBy::Region,
                SpreadBy::Provider | SpreadBy::Zone | SpreadBy::Label => return None,
            };
            let maximum = spread.max.unwrap_or(u32::MAX);
            Some(SpreadConstraint::new(
                by,
                count(spread.min.unwrap_or(1)),
                count(maximum),
            ))
        };
        let constraints: Option<Vec<_>> = placement.spread.iter().map(constraint).collect();
        let knows_more = placement.limit.is_some()
            || !placement.preferred.is_empty()
            || !placement.scores.is_empty();
        let constraints = constraints.filter(|all| !all.is_empty() && !knows_more)?;
        Some((strategy, constraints))
    }

    fn within_as_karmada(
        &self,
        places: &[ClusterIndex],
        constraints: &[SpreadConstraint],
        strategy: karmada::Strategy,
    ) -> Tried {
        let total = self.sharing.map_or(0, Sharing::total);
        let mut feasible = Vec::with_capacity(places.len());
        feasible.extend(places.iter().filter_map(|index| {
            let cluster = self.scene.fleet.at(*index)?;
            let is_there = self.seen.get(*index).is_some();
            let room = self
                .sharing
                .and_then(|sharing| sharing.room(cluster, *index));
            Some(
                FeasibleCluster::new(cluster)
                    .scored(if is_there { HELD_ALREADY } else { 0 })
                    .with_capacity(room.unwrap_or(total)),
            )
        }));
        let region = |place: usize| self.scene.fleet.region_group(*places.get(place)?);
        let room = |place: &usize| feasible.get(*place).map_or(0, |of| of.capacity);
        let looks_at_room = strategy != karmada::Strategy::StaticWeights;
        match select_numbered(&feasible, region, constraints, strategy, total) {
            // It would not be able to divide, and so would go on to the next group.
            Ok(chosen)
                if looks_at_room
                    && chosen.iter().map(room).fold(0, i64::saturating_add) < total =>
            {
                let why = format!("the clusters it would go to have no room for {total} replicas");
                Tried::Fails(Code::NotEnoughCapacity, why)
            }
            Ok(chosen) => {
                let chosen = chosen.iter();
                let chosen = chosen.filter_map(|place| places.get(*place).copied());
                Tried::Holds(chosen.collect())
            }
            Err(problem) => Tried::Fails(problem.code, problem.message),
        }
    }

    fn choice(&self, index: ClusterIndex, cluster: &Cluster, scores: &Scores) -> Choice {
        let running = match self.sharing {
            Some(sharing) => sharing.running(index),
            None => i64::from(self.seen.get(index).is_some()),
        };
        let mut score = scores.of(index);
        let is_away = !cluster.is_ready() && running == 0;
        if is_away || self.rule.is_discouraged(self.scene.fleet, index) {
            score = score.saturating_sub(DISCOURAGED);
        }
        let choice = Choice::new(score).running(running);
        match self
            .sharing
            .and_then(|sharing| sharing.room(cluster, index))
        {
            Some(room) => choice.with_room(room),
            None => choice,
        }
    }

    fn demand(&self, placement: &Placement) -> Demand {
        let mut demand = Demand::new();
        if let Some(sharing) = self.sharing {
            demand = demand.with_room(sharing.total());
        }
        let by_cluster = placement
            .spread
            .iter()
            .filter(|spread| spread.by == SpreadBy::Cluster);
        let limits = by_cluster.clone().filter_map(|spread| spread.max);
        if let Some(most) = limits.chain(placement.limit).min() {
            demand = demand.at_most(count(most));
        }
        let fewest = by_cluster.filter_map(|spread| spread.min).max();
        demand.at_least(fewest.map_or(1, count))
    }

    fn problem(&self, code: Code, why: &str) -> Problem {
        let source = self.intent.source();
        let message = format!("{source} goes to no cluster where it is not yet: {why}");
        Problem::error(code, message)
            .at(self.intent.origin().placement.child("spread"))
            .about(source)
    }
}

impl Selected {
    /// All of these.
    pub(super) fn all(chosen: ClusterSet) -> Self {
        Self::of(chosen, None)
    }

    fn of(chosen: ClusterSet, group: Option<usize>) -> Self {
        Self {
            chosen,
            group,
            unmet: None,
        }
    }
}

fn code(why: &Unsatisfied) -> Code {
    match why {
        Unsatisfied::SearchLimit { .. } => Code::SearchLimit,
        Unsatisfied::NoneExists(_) | Unsatisfied::TooLittleRoom { .. } => Code::NoneExists,
    }
}

fn count(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn constraint(spread: &Spread, fleet: &Fleet, places: &[ClusterIndex]) -> Constraint {
    let (key, groups) = match spread.by {
        SpreadBy::Region => (
            "region",
            places.iter().map(|i| fleet.region_group(*i)).collect(),
        ),
        SpreadBy::Provider => (
            "provider",
            places.iter().map(|i| fleet.provider_group(*i)).collect(),
        ),
        SpreadBy::Zone => (
            "zone",
            places
                .iter()
                .map(|i| fleet.zone_groups(*i).iter().copied())
                .collect(),
        ),
        SpreadBy::Cluster => ("cluster", (0..).take(places.len()).map(Some).collect()),
        SpreadBy::Label => {
            let key = spread.label.as_deref().unwrap_or_default();
            (key, by_label(key, fleet, places))
        }
    };
    let constraint = Constraint::new(key, groups).at_least(spread.min.map_or(1, count));
    match spread.max {
        Some(most) => constraint.at_most(count(most)),
        None => constraint,
    }
}

fn by_label(key: &str, fleet: &Fleet, places: &[ClusterIndex]) -> Groups {
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    places
        .iter()
        .map(|index| {
            let value = fleet.at(*index)?.labels().get(key)?;
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            Some(*numbers.entry(value).or_insert(next))
        })
        .collect()
}

/// What makes some clusters come before others: the sum of it for each, by their places.
struct Scores(Vec<i64>);

impl Scores {
    fn new(placement: &Placement, fleet: &Fleet) -> Self {
        let mut scores = Self(Vec::new());
        for preferred in &placement.preferred {
            let names = preferred.clusters.as_deref();
            let selector = preferred.cluster_selector.as_ref();
            for index in group(names, selector, &[], fleet).iter() {
                scores.add(index, preferred.weight, fleet);
            }
        }
        for score in &placement.scores {
            for (index, value) in fleet.index().with_property(&score.property) {
                scores.add(*index, value.saturating_mul(score.weight), fleet);
            }
        }
        scores
    }

    fn add(&mut self, index: ClusterIndex, worth: i64, fleet: &Fleet) {
        if self.0.is_empty() {
            self.0.resize(fleet.len(), 0);
        }
        if let Some(score) = self.0.get_mut(index.get()) {
            *score = score.saturating_add(worth);
        }
    }

    fn of(&self, index: ClusterIndex) -> i64 {
        self.0.get(index.get()).copied().unwrap_or(0)
    }
}
