//! What is divided among which candidates? The division of one object, ready to be asked about
//! clusters.

use std::collections::BTreeMap;

use super::decide::Scene;
use crate::capacity::Demand;
use crate::divide::{self, Candidate, Divided, Why};
use crate::fleet::{Cluster, ClusterIndex};
use crate::identity::ClusterName;
use crate::intent::{Division, DivisionMethod, Intent, ShareRules};
use crate::location::Pointer;
use crate::observe::{Observed, Workload};

/// The division of one object among clusters.
pub(super) struct Sharing<'p> {
    division: &'p Division,
    rules: ShareRules<'p>,
    total: i64,
    key: String,
    seen: Option<&'p BTreeMap<ClusterName, Workload>>,
    observed: &'p Observed,
    /// What one replica asks of a node, where that can be read.
    demand: Option<Demand>,
}

impl<'p> Sharing<'p> {
    /// The division of an intent; nothing where it has none, or its kind has no replicas.
    pub(super) fn of(intent: &'p Intent, scene: &Scene<'p>) -> Option<Self> {
        let division = intent.division()?;
        let path = intent.kind()?.replicas_path()?;
        Some(Self {
            division,
            rules: ShareRules::new(division),
            total: total(intent, division, path),
            key: key(intent, division.method),
            seen: scene.observed.everywhere(intent.target()),
            observed: scene.observed,
            demand: demand(intent),
        })
    }

    /// The number of replicas that have to be divided.
    pub(super) fn total(&self) -> i64 {
        self.total
    }

    /// Does a cluster without replicas go without the object too?
    pub(super) fn drops_empty(&self) -> bool {
        let drops = matches!(
            self.division.method,
            DivisionMethod::KarmadaWeights
                | DivisionMethod::KarmadaDynamic
                | DivisionMethod::KarmadaAggregated
        );
        drops && self.total > 0
    }

    /// The candidates among these clusters, with their places. What no rule is about is none.
    fn candidates(
        &self,
        scene: &Scene<'_>,
        clusters: impl Iterator<Item = ClusterIndex>,
    ) -> (Vec<ClusterIndex>, Vec<Candidate>) {
        clusters
            .filter_map(|index| Some((index, self.candidate(scene.fleet.at(index)?)?)))
            .unzip()
    }

    fn candidate(&self, cluster: &Cluster) -> Option<Candidate> {
        let rule = self.rules.of(cluster)?;
        let seen = self.seen.and_then(|seen| seen.get(cluster.name()));
        Some(Candidate {
            name: cluster.name().clone(),
            weight: rule.weight,
            minimum: rule.min.unwrap_or(0),
            maximum: rule.max,
            capacity: self.capacity(cluster, seen),
            current: seen.map(|seen| self.current(seen)),
        })
    }

    /// How many replicas a cluster can run, where anything is known of that: no more than find a
    /// node now, nor than what runs and what its nodes have room for.
    fn capacity(&self, cluster: &Cluster, seen: Option<&Workload>) -> Option<i64> {
        let waiting = seen.filter(|seen| seen.unschedulable > 0);
        let found = waiting.map(|seen| seen.replicas.saturating_sub(seen.unschedulable));
        let nodes = self.observed.capacity(cluster.name());
        let nodes = nodes.or(cluster.facts().capacity.as_ref());
        let running = seen.map_or(0, |seen| self.current(seen));
        let fitting = nodes.and_then(|nodes| match self.division.method {
            // KubeFed looks at no node: all it learns from them here is that there is none.
            DivisionMethod::KubeFed => (!nodes.has_schedulable_node()).then_some(running),
            _ => Some(running.saturating_add(nodes.room(self.demand.as_ref()?))),
        });
        [found, fitting].into_iter().flatten().min()
    }

    /// How many replicas count as running.
    fn current(&self, seen: &Workload) -> i64 {
        match self.division.method {
            DivisionMethod::KubeFed => seen.running,
            // Those that still start count, so that a division that was just carried out stays.
            DivisionMethod::Fair => seen.replicas.saturating_sub(seen.unschedulable).max(0),
            _ => seen.replicas,
        }
    }

    /// How many replicas a cluster can take: what it has, what more fits, and no more than it may
    /// have. Nothing where all of that is unknown.
    pub(super) fn room(&self, cluster: &Cluster) -> Option<i64> {
        let Some(candidate) = self.candidate(cluster) else {
            return Some(0);
        };
        let looks_at_room = !matches!(
            self.division.method,
            DivisionMethod::Duplicated | DivisionMethod::KarmadaWeights
        );
        let bounds = [candidate.maximum, candidate.capacity];
        bounds
            .into_iter()
            .flatten()
            .min()
            .filter(|_| looks_at_room)
            .map(|room| room.max(0))
    }

    /// How many replicas run in a cluster.
    pub(super) fn running(&self, cluster: &Cluster) -> i64 {
        let seen = self.seen.and_then(|seen| seen.get(cluster.name()));
        seen.map_or(0, |seen| self.current(seen))
    }

    /// Divides among these clusters. The replicas are theirs, in their order.
    pub(super) fn divide(
        &self,
        scene: &Scene<'_>,
        clusters: impl Iterator<Item = ClusterIndex> + Clone,
    ) -> Divided {
        let (places, candidates) = self.candidates(scene, clusters.clone());
        let mut divided = divide::divide(self.total, self.division, &candidates, &self.key);
        let mut given = places.into_iter().zip(divided.replicas).peekable();
        divided.replicas = clusters
            .map(|index| {
                given
                    .next_if(|(place, _)| *place == index)
                    .map_or(0, |(_, replicas)| replicas)
            })
            .collect();
        divided
    }

    /// Why a cluster has its number.
    pub(super) fn why(
        &self,
        scene: &Scene<'_>,
        clusters: impl Iterator<Item = ClusterIndex>,
        cluster: &ClusterName,
    ) -> Option<Why> {
        let (_, candidates) = self.candidates(scene, clusters);
        if self.rules.of(scene.fleet.get(cluster)?).is_none() {
            return Some(Why::NoRule);
        }
        divide::explain(self.total, self.division, &candidates, &self.key, cluster)
    }
}

/// How many replicas there are in all: what the division says, else what the template says, else
/// 1, as Kubernetes takes it.
fn total(intent: &Intent, division: &Division, path: &str) -> i64 {
    let of_template = || {
        let value = intent.template().get(&Pointer::from_text(path));
        value.and_then(serde_json::Value::as_i64).unwrap_or(1)
    };
    let total = division.replicas.unwrap_or_else(of_template);
    match division.method {
        // Its planner takes whatever it is given.
        DivisionMethod::KubeFed => total,
        _ => total.max(0),
    }
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
