//! What is divided among which candidates? The division of one object, ready to be asked about
//! clusters.

use std::collections::BTreeMap;

use super::decide::Scene;
use crate::capacity::{Capacity, Demand};
use crate::divide::karmada::{Party, TieBreak, webster};
use crate::divide::{self, Candidate, Divided, Why};
use crate::fleet::{Cluster, ClusterIndex, ClusterSet, Column};
use crate::identity::ClusterName;
use crate::intent::{Among, Division, DivisionMethod, Intent, ShareRules};
use crate::kinds::Kind;
use crate::location::Pointer;
use crate::observe::Workload;

/// The division of one object among clusters.
pub(super) struct Sharing<'p> {
    division: &'p Division,
    /// Is it ours, and not one that KubeFed takes as it is?
    is_ours: bool,
    rules: ShareRules<'p>,
    total: i64,
    key: String,
    /// What is known of the clusters that count, by their places.
    known: Vec<Known>,
}

/// What is known of one cluster.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// How many replicas run there now; nothing where the object is not there.
    current: Option<i64>,
    /// How many replicas it can run, where anything is known of that.
    capacity: Option<i64>,
}

impl<'p> Sharing<'p> {
    /// The division of an intent among some of these clusters; nothing where it has none, or its
    /// kind has no replicas.
    pub(super) fn of(
        intent: &'p Intent,
        scene: &Scene<'p>,
        seen: &Column<'_, Workload>,
        clusters: &ClusterSet,
    ) -> Option<Self> {
        let division = intent.division()?;
        let kind = intent.kind()?;
        let path = kind.replicas_path()?;
        Some(Self {
            division,
            is_ours: intent.divided_among() == Among::Placed,
            rules: ShareRules::new(division),
            total: total(intent, division, kind, path)?,
            key: key(intent, division.method),
            known: known(intent, division.method, scene, seen, clusters),
        })
    }

    /// The number of replicas that have to be divided.
    pub(super) fn total(&self) -> i64 {
        self.total
    }

    /// Does a cluster without replicas go without the object too?
    pub(super) fn drops_empty(&self) -> bool {
        self.is_karmada() && self.total > 0
    }

    /// The candidates among these clusters, with their places. What no rule is about is none.
    fn candidates(
        &self,
        scene: &Scene<'_>,
        clusters: &ClusterSet,
    ) -> (Vec<ClusterIndex>, Vec<Candidate>) {
        let most = clusters.len();
        let mut candidates = (Vec::with_capacity(most), Vec::with_capacity(most));
        let known = clusters
            .iter()
            .filter_map(|index| Some((index, self.candidate(scene, index)?)));
        if self.division.method != DivisionMethod::KarmadaAggregated {
            candidates.extend(known);
            return candidates;
        }
        // Karmada hands on what it selected in its own order, which decides among equals.
        let mut ranked: Vec<_> = known.collect();
        let room = |candidate: &Candidate| candidate.capacity.unwrap_or(self.total);
        ranked.sort_by(|(_, one), (_, other)| {
            let by_place = other.current.is_some().cmp(&one.current.is_some());
            by_place.then_with(|| room(other).cmp(&room(one)))
        });
        candidates.extend(ranked);
        candidates
    }

    fn is_karmada(&self) -> bool {
        matches!(
            self.division.method,
            DivisionMethod::KarmadaWeights
                | DivisionMethod::KarmadaDynamic
                | DivisionMethod::KarmadaAggregated
        )
    }

    fn candidate(&self, scene: &Scene<'_>, index: ClusterIndex) -> Option<Candidate> {
        let rule = self.rules.of(scene.fleet.at(index)?)?;
        let known = self.known(index);
        // Negative numbers are told, and count as 0; KubeFed's planner has them as they are.
        let least = if self.is_ours { 0 } else { i64::MIN };
        Some(Candidate {
            name: scene.fleet.name_at(index)?.clone(),
            weight: rule.weight.max(least),
            minimum: rule.min.unwrap_or(0).max(least),
            maximum: rule.max.map(|most| most.max(least)),
            capacity: known.capacity,
            current: known.current,
        })
    }

    fn known(&self, index: ClusterIndex) -> Known {
        self.known.get(index.get()).copied().unwrap_or_default()
    }

    /// How many replicas a cluster can take: what it has, what more fits, and no more than it may
    /// have. Nothing where all of that is unknown.
    pub(super) fn room(&self, cluster: &Cluster, index: ClusterIndex) -> Option<i64> {
        let Some(rule) = self.rules.of(cluster) else {
            return Some(0);
        };
        let looks_at_room = !matches!(
            self.division.method,
            DivisionMethod::Duplicated | DivisionMethod::KarmadaWeights
        );
        let most = match self.division.method {
            // It gets its minimum and no more.
            DivisionMethod::Fair if rule.weight <= 0 => Some(rule.min.unwrap_or(0)),
            DivisionMethod::Fair | DivisionMethod::KubeFed => rule.max,
            _ => None,
        };
        let room = least(most, self.known(index).capacity);
        room.filter(|_| looks_at_room).map(|room| room.max(0))
    }

    /// How many replicas run in a cluster.
    pub(super) fn running(&self, index: ClusterIndex) -> i64 {
        self.known(index).current.unwrap_or(0)
    }

    /// Divides among these clusters. The replicas are theirs, in their order.
    pub(super) fn divide(&self, scene: &Scene<'_>, clusters: &ClusterSet) -> Divided {
        let (places, candidates) = self.candidates(scene, clusters);
        let mut divided = divide::divide(self.total, self.division, &candidates, &self.key);
        let mut given: Vec<_> = places.into_iter().zip(divided.replicas).collect();
        if self.is_karmada() {
            given.sort_unstable_by_key(|(place, _)| *place);
        }
        let mut given = given.into_iter().peekable();
        divided.replicas = clusters
            .iter()
            .map(|index| {
                given
                    .next_if(|(place, _)| *place == index)
                    .map_or(0, |(_, replicas)| replicas)
            })
            .collect();
        divided
    }

    /// What of another number goes with so many replicas each: as many seats as the replicas are
    /// worth, and none where there are none.
    pub(super) fn along(&self, intent: &Intent, replicas: &[i64]) -> Option<Vec<i64>> {
        let path = intent.kind()?.divided_along()?;
        let total = intent.template().get(&Pointer::from_text(path))?.as_i64()?;
        if self.division.method == DivisionMethod::Duplicated || replicas.iter().all(|n| *n <= 0) {
            return None;
        }
        let votes = |replicas: &i64| u64::try_from(*replicas).unwrap_or(0);
        let parties: Vec<_> = replicas.iter().map(|n| Party::new("", votes(n))).collect();
        let seats = webster(
            u32::try_from(total).ok()?,
            &parties,
            TieBreak::NameAscending,
        );
        let seats = seats
            .into_iter()
            .map(|seats| i64::try_from(seats).unwrap_or(i64::MAX));
        Some(seats.collect())
    }

    /// Why each of these clusters has its share.
    pub(super) fn whys(
        &self,
        scene: &Scene<'_>,
        clusters: &ClusterSet,
    ) -> BTreeMap<ClusterIndex, Why> {
        let (places, candidates) = self.candidates(scene, clusters);
        let whys = divide::explain_all(self.total, self.division, &candidates, &self.key);
        let has_no_rule = |index: &ClusterIndex| {
            let cluster = scene.fleet.at(*index);
            cluster.is_some_and(|cluster| self.rules.of(cluster).is_none())
        };
        let left_out = clusters.iter().filter(has_no_rule);
        let left_out = left_out.map(|index| (index, Why::NoRule));
        places.into_iter().zip(whys).chain(left_out).collect()
    }

    /// Why a cluster has its number.
    pub(super) fn why(
        &self,
        scene: &Scene<'_>,
        clusters: &ClusterSet,
        cluster: &ClusterName,
    ) -> Option<Why> {
        let (_, candidates) = self.candidates(scene, clusters);
        if self.rules.of(scene.fleet.get(cluster)?).is_none() {
            return Some(Why::NoRule);
        }
        divide::explain(self.total, self.division, &candidates, &self.key, cluster)
    }
}

/// What is known of these clusters, by their places.
fn known(
    intent: &Intent,
    method: DivisionMethod,
    scene: &Scene<'_>,
    seen: &Column<'_, Workload>,
    clusters: &ClusterSet,
) -> Vec<Known> {
    let fleet = scene.fleet;
    let anywhere = scene.observed.everywhere(intent.target()).is_some();
    let nodes = Column::of(Some(scene.observed.capacities()), fleet);
    let told = &fleet.index().with_capacity;
    let demand = demand(intent);
    let is_planned = scene.observed.is_planned();
    let mut known = vec![Known::default(); fleet.len()];
    for index in clusters.iter() {
        let seen = seen.get(index);
        let nodes = nodes.get(index).or_else(|| {
            let cluster = fleet.at(index).filter(|_| told.contains(index));
            cluster?.facts().capacity.as_ref()
        });
        if let Some(known) = known.get_mut(index.get()) {
            known.current = seen.map(|seen| current(method, seen));
            known.capacity = capacity(method, seen, nodes, demand.as_ref(), is_planned);
            // Nothing new goes to a cluster that is away, once it is known where things are.
            if anywhere && !fleet.index().ready.contains(index) && method != DivisionMethod::KubeFed
            {
                known.capacity = least(known.capacity, Some(known.current.unwrap_or(0)));
            }
        }
    }
    known
}

/// How many replicas a cluster can run, where anything is known of that: no more than find a node
/// now, nor than what runs and what its nodes have room for.
fn capacity(
    method: DivisionMethod,
    seen: Option<&Workload>,
    nodes: Option<&Capacity>,
    demand: Option<&Demand>,
    is_planned: bool,
) -> Option<i64> {
    let waiting = seen.filter(|seen| seen.unschedulable > 0);
    let found = waiting.map(|seen| seen.replicas.saturating_sub(seen.unschedulable));
    let running = seen.map_or(0, |seen| current(method, seen));
    let fitting = nodes.and_then(|nodes| match (method, demand) {
        // KubeFed looks at no node: all it learns from them here is that there is none.
        (DivisionMethod::KubeFed, _) | (_, None) => {
            (!nodes.has_schedulable_node()).then_some(running)
        }
        // What is only planned has taken nothing yet.
        (_, Some(demand)) if is_planned => Some(running.max(nodes.room(demand))),
        (_, Some(demand)) => Some(running.saturating_add(nodes.room(demand))),
    });
    least(found, fitting)
}

/// The smaller one of two limits that need not be known.
fn least(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// How many replicas count as running.
fn current(method: DivisionMethod, seen: &Workload) -> i64 {
    match method {
        DivisionMethod::KubeFed => seen.running,
        // Those that still start count, so that a division that was just carried out stays.
        DivisionMethod::Fair => seen.replicas.saturating_sub(seen.unschedulable).max(0),
        _ => seen.replicas,
    }
}

/// How many replicas there are in all: what the division says, else what the template says, else
/// 1, as Kubernetes takes it. Nothing where the template says what is no number.
fn total(intent: &Intent, division: &Division, kind: &dyn Kind, path: &str) -> Option<i64> {
    let of_template = || {
        let template = intent.template().get(&Pointer::root())?;
        let is_unsaid = || {
            template
                .pointer(path)
                .is_none_or(serde_json::Value::is_null)
        };
        kind.replicas(template).or_else(|| is_unsaid().then_some(1))
    };
    let total = division.replicas.or_else(of_template)?;
    // KubeFed's planner takes whatever it is given.
    let is_preference = intent.divided_among() != Among::Placed;
    Some(if is_preference { total } else { total.max(0) })
}

/// What one replica asks of a node. What of it cannot be read is told by the checks of the
/// manifest.
fn demand(intent: &Intent) -> Option<Demand> {
    let path = intent.kind()?.pod_template_path()?;
    let template = intent.template().get(&Pointer::from_text(path))?;
    Demand::of_pod_template(template).ok()
}

/// What decides among equals.
fn key(intent: &Intent, method: DivisionMethod) -> String {
    let id = intent.target();
    let namespace = id.namespace().unwrap_or_default();
    match method {
        DivisionMethod::KubeFed => format!("{namespace}/{}", id.name()),
        _ => format!("{}/{} {namespace}/{}", id.group(), id.kind(), id.name()),
    }
}
