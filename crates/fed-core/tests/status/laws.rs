//! Do statuses keep their laws, whatever came of whatever clusters?

use std::collections::BTreeMap;

use fed_core::dialect::kubefed::api::{FederatedCondition, FederatedStatus};
use fed_core::status::{
    ClusterState, Clusters, ConditionStatus, Ending, HealthState, Operation, Outcome, Replicas,
    Round, Step, kubefed, native,
};
use fed_core::{Code, GroupVersionKind, ObjectId};
use jiff::Timestamp;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

fn cases(fallback: u32) -> ProptestConfig {
    let told = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig {
        cases: told
            .and_then(|cases| cases.parse().ok())
            .unwrap_or(fallback),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

const WORDS: &str = "hunter2 is the password";

fn operation() -> impl Strategy<Value = Operation> {
    select(vec![
        Operation::Create,
        Operation::Update,
        Operation::Delete,
        Operation::RemoveLabel,
    ])
}

fn step() -> impl Strategy<Value = Step> {
    let others = vec![
        Step::Connect,
        Step::Read,
        Step::ReadCache,
        Step::ReadVersion,
        Step::Retain,
    ];
    prop_oneof![select(others), operation().prop_map(Step::from)]
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let fields = || ["/spec/replicas".to_owned()].into();
    prop_oneof![
        3 => Just(Outcome::Synced),
        1 => Just(Outcome::WaitingForRemoval),
        1 => Just(Outcome::ClusterNotReady),
        1 => Just(Outcome::AlreadyExists),
        1 => Just(Outcome::ReleasedByLabel),
        1 => step().prop_map(|step| Outcome::failed(step, WORDS)),
        1 => operation().prop_map(Outcome::TimedOut),
        1 => operation().prop_map(Outcome::Suspended),
        1 => select(Code::ALL).prop_map(Outcome::NotDeliverable),
        1 => Just(Outcome::Drifted { fields: fields() }),
        1 => Just(Outcome::Conflict { manager: "other".to_owned(), fields: fields() }),
        1 => operation().prop_map(|operation| Outcome::WaitingFor {
            operation,
            awaited: "its turn".to_owned(),
        }),
    ]
}

fn state() -> impl Strategy<Value = ClusterState> {
    let health = select(vec![
        HealthState::Healthy,
        HealthState::Progressing,
        HealthState::Degraded,
        HealthState::Unknown,
    ]);
    let remote = select(vec![
        json!(null),
        json!({}),
        json!({"ready": 1}),
        json!({"ready": 1.5}),
    ]);
    let replicas = proptest::option::of((any::<i64>(), any::<i64>()));
    (outcome(), health, remote, replicas, any::<bool>()).prop_map(
        |(outcome, health, remote, replicas, written)| {
            let mut state = ClusterState::new(outcome).health(health, "so it is");
            state = state.remote_status(remote);
            state.replicas = replicas.map(|(wanted, ready)| Replicas::new(wanted, ready));
            state.written = written;
            state
        },
    )
}

fn clusters() -> impl Strategy<Value = Clusters> {
    prop_oneof![
        9 => btree_map("[a-d]".prop_map(Into::into), state(), 0..4),
        1 => btree_map("[a-z]{2}".prop_map(Into::into), state(), 90..120),
    ]
}

/// All that a round knows, as a value of its own.
#[derive(Clone, Debug)]
struct Facts {
    object: ObjectId,
    generation: i64,
    clusters: Clusters,
    ending: Ending,
    aggregated: Option<serde_json::Map<String, Value>>,
    collects_status: bool,
}

impl Facts {
    fn round(&self, now: Timestamp) -> Round<'_> {
        let mut round = Round::new(&self.object, self.generation, &self.clusters, now);
        round.ending = self.ending;
        round.aggregated = self.aggregated.as_ref();
        round.collects_status = self.collects_status;
        round
    }

    /// The same, a while later, with nothing written in between.
    fn at_rest(mut self) -> Self {
        self.clusters
            .values_mut()
            .for_each(|state| state.written = false);
        self
    }
}

fn facts() -> impl Strategy<Value = Facts> {
    let endings = vec![
        Ending::Reconciled,
        Ending::Reconciled,
        Ending::NamespaceNotFederated,
        Ending::PlacementFailed,
        Ending::ClustersUnknown,
    ];
    let aggregated = select(vec![
        None,
        Some(json!({"ready": 1})),
        Some(json!({"ready": 2.5})),
    ]);
    (
        select(vec!["Secret", "ConfigMap"]),
        0..3_i64,
        clusters(),
        select(endings),
        aggregated,
        any::<bool>(),
    )
        .prop_map(
            |(kind, generation, clusters, ending, aggregated, collects_status)| {
                let gvk = GroupVersionKind::new("", "v1", kind);
                Facts {
                    object: ObjectId::new(gvk, Some("shop"), "rating"),
                    generation,
                    clusters,
                    ending,
                    aggregated: aggregated.and_then(|value| value.as_object().cloned()),
                    collects_status,
                }
            },
        )
}

/// A time on no whole second, so many minutes after the first.
fn minute(number: usize) -> Timestamp {
    let seconds = i64::try_from(number).unwrap() * 60;
    Timestamp::new(1_767_323_045 + seconds, 678_000_000).unwrap()
}

fn text(minute_number: usize) -> String {
    let time = minute(minute_number);
    Timestamp::from_second(time.as_second())
        .unwrap()
        .to_string()
}

/// As it comes back from an API server.
fn stored<T: serde::Serialize + serde::de::DeserializeOwned>(status: &T) -> T {
    serde_json::from_str(&serde_json::to_string(status).unwrap()).unwrap()
}

fn by_type(status: Option<&FederatedStatus>) -> BTreeMap<String, FederatedCondition> {
    let conditions = status.and_then(|status| status.conditions.clone());
    let conditions = conditions.into_iter().flatten();
    conditions
        .map(|one| (one.condition_type.clone().unwrap(), one))
        .collect()
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn a_status_is_written_once(rounds in vec(facts(), 1..5)) {
        let (mut federated, mut own) = (None, None);
        for (number, facts) in rounds.into_iter().enumerate() {
            let facts = facts.at_rest();
            let round = facts.round(minute(2 * number));
            federated = kubefed::status(federated.as_ref(), &round).or(federated);
            own = native::status(own.as_ref(), &round).or(own);
            federated = federated.as_ref().map(stored);
            own = own.as_ref().map(stored);
            let later = facts.round(minute(2 * number + 1));
            prop_assert_eq!(kubefed::status(federated.as_ref(), &later), None);
            prop_assert_eq!(native::status(own.as_ref(), &later), None);
        }
    }

    #[test]
    fn the_order_of_what_is_stored_does_not_matter(
        before in facts(),
        after in facts(),
        keys in vec(any::<u32>(), 120),
    ) {
        let stored = kubefed::status(None, &before.round(minute(0))).unwrap();
        let mut shuffled = stored.clone();
        if let Some(clusters) = &mut shuffled.clusters {
            let mut keys = keys.iter();
            clusters.sort_by_cached_key(|_| keys.next());
        }
        let same = before.clone().at_rest();
        prop_assert_eq!(kubefed::status(Some(&shuffled), &same.round(minute(1))), None);
        let first = kubefed::status(Some(&stored), &after.round(minute(1)));
        let second = kubefed::status(Some(&shuffled), &after.round(minute(1)));
        prop_assert_eq!(first.is_some(), second.is_some());
        if let (Some(first), Some(mut second)) = (first, second) {
            if let Some(clusters) = &mut second.clusters {
                clusters.sort_by_key(|cluster| cluster.name.clone());
            }
            prop_assert_eq!(first, second);
        }
    }

    #[test]
    fn times_change_when_kubefeds_conditions_do(rounds in vec(facts(), 1..6)) {
        let mut status = None;
        for (number, facts) in rounds.iter().enumerate() {
            let before = by_type(status.as_ref());
            let round = facts.round(minute(number));
            let clusters = |status: Option<&FederatedStatus>| {
                status.and_then(|status| status.clusters.clone()).unwrap_or_default()
            };
            let clusters_before = clusters(status.as_ref());
            status = kubefed::status(status.as_ref(), &round).or(status);
            let clusters_changed = clusters_before != clusters(status.as_ref());
            for (kind, condition) in by_type(status.as_ref()) {
                let unchanged = before.get(&kind).filter(|old| {
                    old.status == condition.status && old.reason == condition.reason
                });
                let transition = unchanged.map_or(Some(text(number)), |old| old.last_transition_time.clone());
                prop_assert_eq!(&condition.last_transition_time, &transition);
                let any = |holds: fn(&ClusterState) -> bool| facts.clusters.values().any(holds);
                let written = any(|state| state.written) && any(|state| state.collected().is_some());
                let update = match unchanged {
                    Some(old) if !clusters_changed && !written => old.last_update_time.clone(),
                    _ => Some(text(number)),
                };
                prop_assert_eq!(&condition.last_update_time, &update);
                prop_assert_eq!(condition.reason.is_none(), condition.status.as_deref() == Some("True"));
            }
        }
    }

    #[test]
    fn times_change_when_our_conditions_do(rounds in vec(facts(), 1..6)) {
        let mut status: Option<native::Status> = None;
        for (number, facts) in rounds.iter().enumerate() {
            let before = status.clone().unwrap_or_default().conditions;
            let round = facts.round(minute(number));
            status = native::status(status.as_ref(), &round).or(status);
            for condition in &status.as_ref().unwrap().conditions {
                let old = before.iter().find(|old| old.kind == condition.kind);
                let unchanged = old.filter(|old| old.status == condition.status);
                let expected = unchanged.map_or(text(number), |old| old.last_transition_time.to_string());
                prop_assert_eq!(condition.last_transition_time.to_string(), expected);
                prop_assert_eq!(condition.observed_generation, facts.generation);
            }
        }
    }

    #[test]
    fn a_status_agrees_with_its_clusters(facts in facts()) {
        let round = facts.round(minute(0));
        let own = native::status(None, &round).unwrap();
        let federated = kubefed::status(None, &round).unwrap();
        let synced = facts.clusters.values().filter(|state| state.outcome.is_synced()).count();
        prop_assert_eq!(own.counts.synced, i64::try_from(synced).unwrap());
        let total: i64 = own.counts.by_state.values().sum();
        prop_assert_eq!(total, own.counts.clusters);
        let listed = i64::try_from(own.clusters.len()).unwrap();
        prop_assert_eq!(listed + own.clusters_not_listed, own.counts.clusters);
        prop_assert!(own.clusters.len() <= native::MOST_CLUSTERS);
        prop_assert!(own.clusters.is_sorted_by_key(|report| report.name.clone()));
        prop_assert!(federated.clusters.unwrap_or_default().is_sorted_by_key(|one| one.name.clone()));
        for condition in &own.conditions {
            prop_assert!(condition.reason.chars().all(|c| c.is_ascii_alphanumeric()));
            prop_assert!(!condition.reason.is_empty() && !condition.message.is_empty());
        }
        let holds = |kind: &str| own.conditions.iter().any(|one| {
            one.kind == kind && one.status == ConditionStatus::True
        });
        prop_assert_eq!(holds("Ready"), holds("Synced") && holds("Healthy"));
        let reached = matches!(facts.ending, Ending::Reconciled | Ending::NamespaceNotFederated);
        prop_assert_eq!(holds("Synced"), reached && synced == facts.clusters.len());
        let text = format!("{}{own:?}{round:?}", serde_json::to_string(&own).unwrap());
        prop_assert!(facts.object.gvk().kind() != "Secret" || !text.contains(WORDS));
    }
}
