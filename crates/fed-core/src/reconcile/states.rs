//! How does it stand with one object in each cluster, and with all of it together?

use std::sync::Arc;

use serde_json::{Map, Value};

use super::cell::Cell;
use super::sight::View;
use crate::identity::ClusterName;
use crate::kinds::{ClusterStatus, Kind, Manners};
use crate::status::{self, ClusterState, Replicas};

/// How it stands with one object in each cluster, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct States(Vec<(ClusterName, ClusterState)>);

impl States {
    pub(super) fn of(states: Vec<(ClusterName, ClusterState)>) -> Self {
        Self(states)
    }

    /// How it stands in this cluster, if there is anything to say.
    pub fn get(&self, cluster: &ClusterName) -> Option<&ClusterState> {
        let found = self
            .0
            .binary_search_by(|(name, _)| name.cmp(cluster))
            .ok()?;
        self.0.get(found).map(|(_, state)| state)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&ClusterName, &ClusterState)> {
        self.0.iter().map(|(name, state)| (name, state))
    }

    /// What a [`status::Round`] is made from.
    pub fn into_clusters(self) -> status::Clusters {
        self.0.into_iter().collect()
    }

    /// What the statuses add up to, by the rules of the object's kind: one status for all clusters
    /// that are to hold it, for [`Round::aggregated`](status::Round::aggregated). `template` is the
    /// object that was asked for. Nothing where the kind has no rules for it.
    ///
    /// ```
    /// use fed_core::kinds::{Kinds, Manners};
    /// use fed_core::reconcile::{Desired, Memory, Options, Sight, Sights, Step, reconcile};
    /// use fed_core::{Cluster, Fleet, Intent, NamespaceRule, Placement, World, plan};
    /// use serde_json::json;
    ///
    /// let rating = json!({
    ///     "apiVersion": "apps/v1", "kind": "Deployment",
    ///     "metadata": {"name": "rating", "namespace": "shop"}, "spec": {"replicas": 2},
    /// });
    /// let mut options = Options::default();
    /// options.collect_status = true;
    /// let intent = Intent::of(rating.clone())?
    ///     .place(Placement::everywhere())
    ///     .with_namespace_rule(NamespaceRule::Independent)
    ///     .with_options(options);
    /// let fleet: Fleet = ["east", "west"].map(Cluster::new).into_iter().collect();
    /// let plan = plan(&World::of(intent, &fleet));
    /// let desired = Desired::of(&plan);
    ///
    /// let kinds = Kinds::builtin();
    /// let kind = kinds.find("apps", "Deployment").expect("built in");
    /// let id = plan.objects().next().expect("one object").target();
    /// let mut seen = Sights::default();
    /// for cluster in ["east", "west"] {
    ///     let mut object = rating.clone();
    ///     object["metadata"]["labels"] = json!({"fed.dev/managed": "true"});
    ///     object["status"] = json!({"replicas": 2, "readyReplicas": 2});
    ///     let sight = Sight::of(&object, Some(&**kind), Manners::Native)
    ///         .collecting_status(&object, Some(&**kind), Manners::Native);
    ///     seen = seen.with(cluster, id, sight);
    /// }
    /// let now = "2026-01-01T00:00:00Z".parse().unwrap();
    /// let decision = reconcile(&Step::new(&desired, &seen, &Memory::default(), now));
    /// let states = &decision.states[&id.versionless()];
    /// let whole = states.aggregated(&**kind, &rating, Manners::Native).expect("it adds up");
    /// assert_eq!(whole["readyReplicas"], 4);
    /// # Ok::<(), fed_core::Problem>(())
    /// ```
    pub fn aggregated(
        &self,
        kind: &dyn Kind,
        template: &Value,
        manners: Manners,
    ) -> Option<Map<String, Value>> {
        let wanted = self.iter().filter(|(_, state)| !state.outcome.is_leaving());
        let members: Vec<_> = wanted
            .map(|(cluster, state)| member(cluster, state))
            .collect();
        match kind.aggregate_status(template, &members, manners)? {
            Value::Object(whole) => Some(whole),
            _ => None,
        }
    }
}

/// What one cluster tells. A status of what is not as it must be speaks of something else.
fn member<'s>(cluster: &'s ClusterName, state: &'s ClusterState) -> ClusterStatus<'s> {
    let cluster = cluster.as_str();
    match state.collected() {
        None => ClusterStatus::silent(cluster),
        Some(status) if state.is_current && state.outcome.is_synced() => {
            ClusterStatus::current(cluster, status)
        }
        Some(status) => ClusterStatus::stale(cluster, status),
    }
}

/// How it stands with one object in one cluster.
pub(super) fn state(cell: &Cell<'_>, outcome: status::Outcome) -> ClusterState {
    let mut state = ClusterState::new(outcome);
    if let View::Present(sight) = cell.view {
        state.health = sight.health;
        state.health_message.clone_from(&sight.health_message);
        state.is_current = sight.is_current;
        if let Some(status) = &sight.status {
            state = state.remote_status(Arc::clone(status));
        }
        state.replicas = sight
            .workload
            .map(|workload| Replicas::new(workload.replicas, workload.running));
    }
    state.written = cell.was_written();
    state
}
