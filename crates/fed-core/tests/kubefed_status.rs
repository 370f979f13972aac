//! Is the status of a Federated object the one that KubeFed would write, and is it written when
//! KubeFed would?

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "clippy allows these in test functions, but not in what they share"
)]

mod common;

use common::{Case, Miss, check, same, table};
use fed_core::dialect::kubefed::api::{ClusterStatus, FederatedStatus};
use fed_core::status::{ClusterState, Clusters, Ending, Operation, Outcome, Round, Step, kubefed};
use fed_core::{Code, GroupVersionKind, ObjectId};
use jiff::Timestamp;
use serde_json::{Value, json};

/// What KubeFed gives up on, and what is tried again here: the difference is on purpose.
const TRIED_AGAIN_HERE: &[ClusterStatus] = &[
    ClusterStatus::ClusterNotReady,
    ClusterStatus::ApplyOverridesFailed,
];

#[test]
fn the_table_of_statuses_holds() {
    table!("kubefed_status").run(|case| match case.group {
        "unitUpdateChanged" => changed(case),
        "unitNormalize" => collected(case),
        "derivedRecoverable" => retried(case),
        other => Err(format!("no test runs the group {other}").into()),
    });
}

/// What came of a cluster of which KubeFed writes this.
fn outcome(status: &ClusterStatus) -> Outcome {
    let failed = |step: Step| Outcome::failed(step, "refused");
    match status {
        ClusterStatus::WaitingForRemoval => Outcome::WaitingForRemoval,
        ClusterStatus::ClusterNotReady => Outcome::ClusterNotReady,
        ClusterStatus::CachedRetrievalFailed => failed(Step::ReadCache),
        ClusterStatus::ComputeResourceFailed => Outcome::NotDeliverable(Code::InvalidValue),
        ClusterStatus::ApplyOverridesFailed => Outcome::NotDeliverable(Code::OverrideFailed),
        ClusterStatus::CreationFailed => failed(Operation::Create.into()),
        ClusterStatus::UpdateFailed => failed(Operation::Update.into()),
        ClusterStatus::DeletionFailed => failed(Operation::Delete.into()),
        ClusterStatus::LabelRemovalFailed => failed(Operation::RemoveLabel.into()),
        ClusterStatus::RetrievalFailed => failed(Step::Read),
        ClusterStatus::AlreadyExists => Outcome::AlreadyExists,
        ClusterStatus::FieldRetentionFailed => failed(Step::Retain),
        ClusterStatus::VersionRetrievalFailed => failed(Step::ReadVersion),
        ClusterStatus::ClientRetrievalFailed => failed(Step::Connect),
        ClusterStatus::ManagedLabelFalse => Outcome::ReleasedByLabel,
        ClusterStatus::CreationTimedOut => Outcome::TimedOut(Operation::Create),
        ClusterStatus::UpdateTimedOut => Outcome::TimedOut(Operation::Update),
        ClusterStatus::DeletionTimedOut => Outcome::TimedOut(Operation::Delete),
        ClusterStatus::LabelRemovalTimedOut => Outcome::TimedOut(Operation::RemoveLabel),
        _ => Outcome::Synced,
    }
}

fn object() -> ObjectId {
    let gvk = GroupVersionKind::new("apps", "v1", "Deployment");
    ObjectId::new(gvk, Some("shop"), "rating")
}

fn now() -> Timestamp {
    "2026-01-02T03:04:05.678Z".parse().unwrap()
}

/// What the table says that every object has before.
fn before(remote_status: &Value) -> FederatedStatus {
    let mut cluster = json!({"name": "cluster1", "status": ""});
    if !remote_status.is_null() {
        cluster["remoteStatus"] = remote_status.clone();
    }
    let status = json!({
        "observedGeneration": 0,
        "conditions": [{"type": "Propagation", "status": "True", "reason": ""}],
        "clusters": [cluster],
    });
    serde_json::from_value(status).unwrap()
}

fn ending(reason: &str) -> Result<Ending, Miss> {
    match reason {
        "" => Ok(Ending::Reconciled),
        "ClusterRetrievalFailed" => Ok(Ending::ClustersUnknown),
        "ComputePlacementFailed" => Ok(Ending::PlacementFailed),
        "NamespaceNotFederated" => Ok(Ending::NamespaceNotFederated),
        other => Err(format!("no round ends with {other:?}").into()),
    }
}

fn changed(case: &Case<'_>) -> Result<(), Miss> {
    let statuses = case.get("statusMap").as_object().into_iter().flatten();
    let clusters: Clusters = statuses
        .map(|(name, status)| {
            let status = ClusterStatus::from(status.as_str().unwrap_or_default());
            let mut state = ClusterState::new(outcome(&status));
            if let Some(remote) = case.get("resourceStatusMap").get(name) {
                state = state.remote_status(remote.clone());
            }
            state.written = case.get("resourcesUpdated") == true;
            (name.into(), state)
        })
        .collect();
    let object = object();
    let generation = case.get("generation").as_i64().unwrap_or_default();
    let mut round = Round::new(&object, generation, &clusters, now());
    round = round.ended(ending(case.text("reason"))?);
    round.collects_status = case.get("resourceStatusCollection") == true;
    let before = before(case.get("existingRemoteStatus"));
    let found = kubefed::status(Some(&before), &round);
    same(
        "changed",
        &Some(found.is_some()),
        &case.get("expectedChanged").as_bool(),
    )?;
    let after = found.unwrap_or(before);
    check(kubefed::status(Some(&after), &round).is_none(), || {
        format!("it is written twice: {after:?}")
    })
}

/// What is collected is what is written, and numbers are the same whatever they are written with.
fn collected(case: &Case<'_>) -> Result<(), Miss> {
    let with = |status: &Value| -> Clusters {
        let state = ClusterState::new(Outcome::Synced).remote_status(status.clone());
        [("a".into(), state)].into()
    };
    let object = object();
    let (input, expected) = (with(case.get("input")), with(case.get("expected")));
    let round = |clusters| Round::new(&object, 1, clusters, now());
    let stored = kubefed::status(None, &round(&expected));
    let again = kubefed::status(stored.as_ref(), &round(&input));
    check(again.is_none(), || format!("{again:?}"))?;
    let written = kubefed::status(None, &round(&input)).unwrap_or_default();
    let cluster = written.clusters.into_iter().flatten().next();
    let found = cluster.and_then(|cluster| cluster.remote_status);
    same("written", &found.unwrap_or_default(), case.get("input"))
}

fn retried(case: &Case<'_>) -> Result<(), Miss> {
    let status = ClusterStatus::from(case.text("status"));
    let outcome = outcome(&status);
    same("value", &kubefed::cluster_status(&outcome), &status)?;
    let clusters = [("a".into(), outcome.into())].into();
    let object = object();
    let round = Round::new(&object, 1, &clusters, now());
    let differs = TRIED_AGAIN_HERE.contains(&status);
    let expected = (case.get("recoverable") == true) != differs;
    same("retried", &kubefed::needs_retry(&round), &expected)?;
    let unfederated = round.ended(Ending::NamespaceNotFederated);
    same("retried", &kubefed::needs_retry(&unfederated), &expected)
}

#[test]
fn what_cannot_be_placed_is_tried_again() {
    let (object, nowhere) = (object(), Clusters::new());
    let round = Round::new(&object, 1, &nowhere, now());
    assert!(!kubefed::needs_retry(&round));
    assert!(!kubefed::needs_retry(
        &round.ended(Ending::NamespaceNotFederated)
    ));
    assert!(kubefed::needs_retry(&round.ended(Ending::PlacementFailed)));
    assert!(kubefed::needs_retry(&round.ended(Ending::ClustersUnknown)));
}

#[test]
fn what_kubefed_has_no_word_for_is_an_operation_that_has_not_ended() {
    let fields = || ["/spec".to_owned()].into();
    let awaited = "a window".to_owned();
    let table = [
        (
            Outcome::Suspended(Operation::Delete),
            ClusterStatus::DeletionTimedOut,
        ),
        (
            Outcome::WaitingFor {
                operation: Operation::Create,
                awaited,
            },
            ClusterStatus::CreationTimedOut,
        ),
        (
            Outcome::Drifted { fields: fields() },
            ClusterStatus::UpdateTimedOut,
        ),
        (
            Outcome::Conflict {
                manager: "hpa".to_owned(),
                fields: fields(),
            },
            ClusterStatus::UpdateFailed,
        ),
    ];
    for (outcome, status) in table {
        assert_eq!(kubefed::cluster_status(&outcome), status);
    }
}

/// The status after a round that ended so, from a status as KubeFed wrote it.
fn after(ending: Ending, before: &Value, clusters: &Clusters) -> Value {
    let before: FederatedStatus = serde_json::from_value(before.clone()).unwrap();
    let object = object();
    let round = Round::new(&object, 6, clusters, now()).ended(ending);
    serde_json::to_value(kubefed::status(Some(&before), &round).unwrap()).unwrap()
}

fn stored() -> Value {
    json!({
        "observedGeneration": 5,
        "conditions": [
            {"type": "Audited", "status": "True", "lastUpdateTime": "2021-03-04T11:00:00Z"},
            {
                "type": "Propagation", "status": "False", "reason": "CheckClusters",
                "lastUpdateTime": "2021-03-04T11:00:00Z",
                "lastTransitionTime": "2021-03-04T10:59:00Z",
            },
        ],
        "clusters": [{"name": "us-east", "status": "DeletionFailed"}, {"name": "eu-west"}],
    })
}

fn states<const N: usize>(states: [(&str, Outcome); N]) -> Clusters {
    states
        .map(|(name, outcome)| (name.into(), outcome.into()))
        .into()
}

#[test]
fn a_status_has_its_clusters_by_name_and_keeps_what_others_wrote() {
    let clusters = states([
        ("us-east", Outcome::failed(Operation::Delete, "refused")),
        ("asia", Outcome::Synced),
    ]);
    insta::assert_json_snapshot!(after(Ending::Reconciled, &stored(), &clusters));
}

/// A status that KubeFed wrote is not written again for its order alone.
#[test]
fn the_order_of_clusters_in_a_stored_status_does_not_matter() {
    let clusters = states([
        ("eu-west", Outcome::Synced),
        ("us-east", Outcome::failed(Operation::Delete, "refused")),
    ]);
    let found = after(Ending::Reconciled, &stored(), &clusters);
    let mut expected = stored();
    expected["observedGeneration"] = json!(6);
    assert_eq!(found, expected);
}

#[test]
fn a_namespace_that_is_not_federated_does_not_hide_the_clusters() {
    let clusters = states([
        ("eu-west", Outcome::WaitingForRemoval),
        ("us-east", Outcome::failed(Operation::Delete, "refused")),
    ]);
    let hidden = after(Ending::NamespaceNotFederated, &stored(), &clusters);
    insta::assert_json_snapshot!(hidden);
    let condition = |status: &Value, place: usize| {
        let condition = &status["conditions"][place];
        ["type", "status", "reason"].map(|field| condition[field].as_str().unwrap_or("").to_owned())
    };
    assert_eq!(
        condition(&hidden, 2),
        ["ClustersPropagated", "False", "CheckClusters"]
    );
    let gone = after(Ending::NamespaceNotFederated, &hidden, &Clusters::new());
    assert_eq!(
        condition(&gone, 1),
        ["Propagation", "False", "NamespaceNotFederated"]
    );
    assert_eq!(condition(&gone, 2), ["ClustersPropagated", "True", ""]);
    assert_eq!(gone.get("clusters"), None);
}

#[test]
fn a_type_without_statuses_is_not_written_at_each_round() {
    let clusters = states([("eu-west", Outcome::Synced)]);
    let object = object();
    let mut round = Round::new(&object, 1, &clusters, now()).collecting_status();
    let written = kubefed::status(None, &round).unwrap();
    let told = serde_json::to_value(&written).unwrap();
    assert_eq!(told["conditions"][0]["reason"], "CheckClusters");
    round.now = "2027-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(kubefed::status(Some(&written), &round), None);
}
