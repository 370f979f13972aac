//! What does a status in our own words say to people?

use fed_core::status::native::{self, MOST_CLUSTERS, Status};
use fed_core::status::{
    ClusterState, Clusters, Ending, HealthState, Operation, Outcome, Replicas, Round, Step,
};
use fed_core::{Cluster, Code, Fleet, GroupVersionKind, Intent, ObjectId, Placement, World, plan};
use insta::assert_json_snapshot;
use serde_json::{Value, json};

fn object(kind: &str) -> ObjectId {
    ObjectId::new(
        GroupVersionKind::new("", "v1", kind),
        Some("shop"),
        "rating",
    )
}

fn states<const N: usize>(states: [(&str, ClusterState); N]) -> Clusters {
    states.map(|(name, state)| (name.into(), state)).into()
}

fn time(second: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(1_767_323_045 + second).unwrap()
}

fn status_of(clusters: &Clusters) -> Status {
    let object = object("ConfigMap");
    native::status(None, &Round::new(&object, 3, clusters, time(0))).unwrap()
}

fn running(replicas: i64, ready: i64) -> ClusterState {
    let health = if ready < replicas {
        HealthState::Progressing
    } else {
        HealthState::Healthy
    };
    ClusterState::new(Outcome::Synced)
        .health(health, format!("{ready} of {replicas} replicas are ready"))
        .replicas(Replicas::new(replicas, ready))
}

/// `Synced`, `Healthy` and `Ready`, each as `status reason: message`.
fn told(status: &Status) -> Vec<String> {
    let told = status.conditions.iter().map(|condition| {
        format!(
            "{} {:?} {}: {}",
            condition.kind, condition.status, condition.reason, condition.message
        )
    });
    told.collect()
}

#[test]
fn a_rollout_in_three_clusters() {
    let clusters = states([
        ("us-east", running(3, 3)),
        ("eu-west", running(3, 1)),
        ("asia", ClusterState::new(Outcome::ClusterNotReady)),
    ]);
    let aggregated = json!({"replicas": 6, "readyReplicas": 4});
    let aggregated = aggregated.as_object().unwrap();
    let object = object("ConfigMap");
    let round = Round::new(&object, 3, &clusters, time(0)).aggregated(aggregated);
    assert_json_snapshot!(native::status(None, &round).unwrap());
}

#[test]
fn what_a_plan_says_stands_first_and_counts() {
    let fleet: Fleet = [Cluster::new("us-east")].into_iter().collect();
    let config = json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "rating", "namespace": "shop"},
    });
    let intent = Intent::of(config).unwrap().place(Placement::nowhere());
    let plan = plan(&World::of(intent, &fleet));
    let planned = plan.objects().next().unwrap().conditions();
    let (object, nowhere) = (object("ConfigMap"), Clusters::new());
    let round = Round::new(&object, 3, &nowhere, time(0)).planned(&planned);
    assert_json_snapshot!(native::status(None, &round).unwrap());
}

#[test]
fn every_outcome_is_told() {
    let fields = || ["/spec/replicas".to_owned()].into();
    let outcomes = [
        Outcome::Synced,
        Outcome::WaitingForRemoval,
        Outcome::ClusterNotReady,
        Outcome::failed(Operation::Update, "admission webhook denied the request"),
        Outcome::failed(Step::Connect, "connection refused"),
        Outcome::TimedOut(Operation::Create),
        Outcome::AlreadyExists,
        Outcome::ReleasedByLabel,
        Outcome::NotDeliverable(Code::OverrideFailed),
        Outcome::Suspended(Operation::Update),
        Outcome::Conflict {
            manager: "autoscaler".to_owned(),
            fields: fields(),
        },
        Outcome::Drifted { fields: fields() },
        Outcome::WaitingFor {
            operation: Operation::Update,
            awaited: "cluster-00 to be healthy".to_owned(),
        },
    ];
    let named = outcomes.into_iter().enumerate();
    let clusters: Clusters = named
        .map(|(number, outcome)| (format!("cluster-{number:02}").into(), outcome.into()))
        .collect();
    assert_json_snapshot!(status_of(&clusters));
}

#[test]
fn health_decides_where_everything_is_in_sync() {
    let of = |health| ClusterState::new(Outcome::Synced).health(health, "");
    let table = [
        (
            HealthState::Healthy,
            "True Ready: every cluster holds it as it must be, and it is healthy there",
        ),
        (
            HealthState::Unknown,
            "Unknown HealthUnknown: 1 of 2 healthy; Unknown: b",
        ),
        (
            HealthState::Progressing,
            "False Progressing: 1 of 2 healthy; Progressing: b",
        ),
        (
            HealthState::Degraded,
            "False Degraded: 1 of 2 healthy; Degraded: b",
        ),
    ];
    for (health, expected) in table {
        let status = status_of(&states([
            ("a", of(HealthState::Healthy)),
            ("b", of(health)),
        ]));
        assert_eq!(told(&status)[2], format!("Ready {expected}"));
    }
}

#[test]
fn a_cluster_that_is_being_cleaned_does_not_count_for_health() {
    let leaving = ClusterState::new(Outcome::WaitingForRemoval).health(HealthState::Degraded, "");
    let status = status_of(&states([("a", running(1, 1)), ("b", leaving.clone())]));
    assert_eq!(
        told(&status),
        [
            "Synced False WaitingForRemoval: 1 of 2 in sync; WaitingForRemoval: b",
            "Healthy True Healthy: 1 of 1 healthy",
            "Ready False WaitingForRemoval: 1 of 2 in sync; WaitingForRemoval: b",
        ]
    );
    let status = status_of(&states([("b", leaving)]));
    assert_eq!(
        told(&status)[1],
        "Healthy Unknown NoClusters: no cluster is to hold it"
    );
}

#[test]
fn a_round_that_did_not_reach_the_clusters_says_so() {
    let (object, nowhere) = (object("ConfigMap"), Clusters::new());
    let round = Round::new(&object, 3, &nowhere, time(0));
    let synced = |ending| told(&native::status(None, &round.ended(ending)).unwrap()).remove(0);
    assert_eq!(
        synced(Ending::PlacementFailed),
        "Synced Unknown PlacementFailed: where it is to be could not be worked out"
    );
    assert_eq!(
        synced(Ending::ClustersUnknown),
        "Synced Unknown ClustersUnknown: which clusters there are could not be found out"
    );
    assert_eq!(
        synced(Ending::NamespaceNotFederated),
        "Synced True Synced: no cluster is to hold it, and none does"
    );
}

#[test]
fn of_thousands_of_clusters_the_worst_are_listed() {
    let name = |number: usize| format!("cluster-{number:04}").into();
    let mut clusters: Clusters = (0..3000)
        .map(|number| (name(number), running(2, 2)))
        .collect();
    for number in 1000..1200 {
        clusters.insert(name(number), running(2, 1));
    }
    for number in 2990..3000 {
        clusters.insert(
            name(number),
            Outcome::failed(Operation::Update, "no room").into(),
        );
    }
    let status = status_of(&clusters);
    assert_eq!(status.clusters.len(), MOST_CLUSTERS);
    assert_eq!(status.clusters_not_listed, 2900);
    assert!(
        status
            .clusters
            .is_sorted_by_key(|report| report.name.clone())
    );
    assert_eq!(status.clusters[0].name, "cluster-1000".into());
    assert_eq!(status.clusters[90].name, "cluster-2990".into());
    assert_eq!(status.counts.by_state["Failed"], 10);
    assert_json_snapshot!((&status.counts, told(&status)));
    let size = serde_json::to_string(&status).unwrap().len();
    assert!(size < 20_000, "{size}");
}

#[test]
fn up_to_a_hundred_clusters_all_are_listed() {
    let well = |count: usize| -> Clusters {
        let names = (0..count).map(|number| format!("cluster-{number:04}"));
        names.map(|name| (name.into(), running(1, 1))).collect()
    };
    let (most, more) = (status_of(&well(100)), status_of(&well(101)));
    assert_eq!((most.clusters.len(), most.clusters_not_listed), (100, 0));
    assert_eq!((more.clusters.len(), more.clusters_not_listed), (0, 101));
}

#[test]
fn no_value_of_a_secret_is_told() {
    let detail = "data[token]: Invalid value: \"hunter2\"";
    let outcome = || Outcome::failed(Operation::Create, detail);
    let clusters = states([("a", outcome().into())]);
    let text = |kind| {
        let object = object(kind);
        let status = native::status(None, &Round::new(&object, 1, &clusters, time(0))).unwrap();
        let written = serde_json::to_string(&status).unwrap();
        (
            status.clusters[0].message.clone(),
            format!("{written}{status:?}{clusters:?}"),
        )
    };
    let (message, all) = text("Secret");
    assert_eq!(
        message,
        "creating it failed; why is not told here, as it may quote the Secret"
    );
    assert!(!all.contains("hunter2"), "{all}");
    assert!(text("ConfigMap").0.ends_with(detail));
}

#[test]
fn times_change_with_the_status_of_a_condition_and_in_whole_seconds() {
    let object = object("ConfigMap");
    let well = states([("a", running(1, 1))]);
    let half = "2026-01-02T03:04:05.5Z".parse().unwrap();
    let first = native::status(None, &Round::new(&object, 1, &well, half)).unwrap();
    let written = serde_json::to_value(&first).unwrap();
    assert_eq!(
        written["conditions"][0]["lastTransitionTime"],
        "2026-01-02T03:04:05Z"
    );

    let later = native::status(Some(&first), &Round::new(&object, 1, &well, time(60)));
    assert_eq!(later, None);

    let newer = native::status(Some(&first), &Round::new(&object, 2, &well, time(60))).unwrap();
    let times = |status: &Status| -> Vec<_> {
        let conditions = status.conditions.iter();
        conditions
            .map(|one| (one.observed_generation, one.last_transition_time))
            .collect()
    };
    assert_eq!(times(&newer), [(2, time(0)); 3]);

    let unwell = states([("a", running(1, 0))]);
    let unwell = native::status(Some(&newer), &Round::new(&object, 2, &unwell, time(90))).unwrap();
    assert_eq!(times(&unwell), [(2, time(0)), (2, time(90)), (2, time(90))]);
}

#[test]
fn conditions_of_others_are_kept_and_our_own_that_hold_no_more_are_not() {
    let condition = |kind: &str| {
        json!({
            "type": kind, "status": "True", "reason": "Seen", "message": "",
            "observedGeneration": 1, "lastTransitionTime": "2020-01-01T00:00:00Z",
        })
    };
    let before = json!({"conditions": [condition("Placed"), condition("Audited")]});
    let before: Status = serde_json::from_value(before).unwrap();
    let (object, clusters) = (object("ConfigMap"), states([("a", running(1, 1))]));
    let round = Round::new(&object, 3, &clusters, time(0));
    let after = native::status(Some(&before), &round).unwrap();
    let kinds: Vec<_> = after
        .conditions
        .iter()
        .map(|one| one.kind.as_str())
        .collect();
    assert_eq!(kinds, ["Synced", "Healthy", "Ready", "Audited"]);
    assert_eq!(after.conditions[3], before.conditions[1]);
}

#[test]
fn what_a_server_gives_back_is_not_written_again() {
    let (object, clusters) = (object("ConfigMap"), states([("a", running(1, 1))]));
    let aggregated = json!({"share": 1.0, "replicas": 1});
    let round = Round::new(&object, 3, &clusters, time(0));
    let round = round.aggregated(aggregated.as_object().unwrap());
    let written = native::status(None, &round).unwrap();
    let mut stored: Value = serde_json::to_value(written).unwrap();
    stored["aggregated"]["share"] = json!(1);
    let stored: Status = serde_json::from_value(stored).unwrap();
    assert_eq!(native::status(Some(&stored), &round), None);
    let changed = json!({"share": 0.5, "replicas": 1});
    let round = round.aggregated(changed.as_object().unwrap());
    assert!(native::status(Some(&stored), &round).is_some());
}
