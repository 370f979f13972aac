//! Are replicas divided as by KubeFed's planner, and written where it writes them?

mod common;

use std::collections::BTreeMap;

use common::{Case, Miss, same, table};
use fed_core::dialect::kubefed::api::{
    ClusterPreferences, FederatedSpec, ReplicaSchedulingPreferenceSpec,
};
use fed_core::divide::kubefed;
use fed_core::{Cluster, ClusterName, Fleet, Intent, LabelSelector, Placement, World, plan};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

type Numbers = BTreeMap<ClusterName, i64>;

#[test]
fn the_table_of_the_planner_holds() {
    table!("kubefed_planner").run(divides);
}

#[test]
fn the_derived_table_of_the_planner_holds() {
    table!("kubefed_planner_derived").run(|case| match case.group {
        "derived" => divides(case),
        "hash" => {
            let hash = kubefed::hash(case.text("cluster"), case.text("key"));
            same(
                "hash",
                &Some(u64::from(hash)),
                &case.get("fnv1_32").as_u64(),
            )
        }
        other => Err(Miss::Wrong(format!("no test runs the group {other}"))),
    });
}

#[test]
fn the_end_to_end_table_holds() {
    table!("kubefed_e2e_scheduling").run(|case| {
        let spec = ReplicaSchedulingPreferenceSpec {
            clusters: Some(read(case.get("clusters"))?),
            ..ReplicaSchedulingPreferenceSpec::default()
        };
        let available = available(case)?;
        let none = Numbers::new();
        let wanted = kubefed::preferences(&spec);
        let candidates = kubefed::candidates(&wanted, &available, &none, &none);
        let total = read(case.get("total"))?;
        let division = kubefed::divide(total, false, &candidates, "test-ns/test-deployment");
        let scheduled = kubefed::scheduled(&division, &candidates, &available, &none);
        let mut written = FederatedSpec::default();
        same("changed", &kubefed::write(&mut written, &scheduled), &true)?;
        let expected: Numbers = read(case.get("expected"))?;
        same(
            "placement",
            &placed(&written),
            &expected.keys().cloned().collect::<Vec<_>>(),
        )?;
        same("replicas", &replicas(&written), &expected)
    });
}

#[test]
fn replicas_are_merged_into_overrides_as_by_the_table() {
    table!("kubefed_overrides").run(|case| match case.group {
        "unitReplicaOverrideMap" => merges(case),
        _ => Err(Miss::LeftOut("is not about replicas")),
    });
}

#[test]
fn overrides_of_one_cluster_in_two_entries_are_set_once() {
    let mut spec: FederatedSpec = serde_json::from_value(json!({
        "placement": {"clusters": [{"name": "b"}, {"name": "a"}]},
        "overrides": [
            {"clusterName": "a", "clusterOverrides": [{"path": "/spec/replicas", "value": 1}]},
            {"clusterName": "a", "clusterOverrides": [{"path": "/spec/paused", "value": true}]},
        ],
    }))
    .unwrap();
    let before = spec.clone();
    let scheduled = Numbers::from([("a".into(), 1), ("b".into(), 2)]);
    assert!(kubefed::write(&mut spec, &scheduled));
    assert_eq!(spec.placement, before.placement);
    assert_eq!(replicas(&spec), scheduled);
    assert_eq!(spec.overrides.unwrap()[..2], before.overrides.unwrap());
}

fn divides(case: &Case<'_>) -> Result<(), Miss> {
    let input = case.get("input");
    let wanted: BTreeMap<String, ClusterPreferences> = read(&input["clusters"])?;
    let available: Vec<ClusterName> = read(&input["availableClusters"])?;
    let current: Numbers = read(&input["currentReplicas"])?;
    let capacity: Numbers = read(&input["estimatedCapacity"])?;
    let (total, rebalance) = (read(&input["totalReplicas"])?, read(&input["rebalance"])?);
    let key: String = read(&input["key"])?;

    let candidates = kubefed::candidates(&wanted, &available, &current, &capacity);
    let division = kubefed::divide(total, rebalance, &candidates, &key);
    let mut replicas: Numbers = available.iter().map(|name| (name.clone(), 0)).collect();
    replicas.extend(division.replicas_by_name(&candidates));
    let expected = case.get("expected");
    same("plan", &replicas, &read::<Numbers>(&expected["plan"])?)?;
    let overflow = division.overflow_by_name(&candidates);
    same(
        "overflow",
        &overflow,
        &read::<Numbers>(&expected["overflow"])?,
    )?;
    if let Some(asked) = expected.get("scheduled") {
        let scheduled = kubefed::scheduled(&division, &candidates, &available, &current);
        same("scheduled", &scheduled, &read::<Numbers>(asked)?)?;
    }
    for cluster in available {
        let why = kubefed::Explanation::of(total, rebalance, &candidates, &key, &cluster);
        let sum = why.map(|why| why.steps.iter().map(|step| step.given()).sum::<i64>());
        let of_one = candidates.iter().filter(|one| one.name == cluster).count() == 1;
        if of_one {
            same("sum of the steps", &sum, &replicas.get(&cluster).copied())?;
        }
    }
    Ok(())
}

/// The clusters that are available: both, or those of them that the object's selector chooses.
fn available(case: &Case<'_>) -> Result<Vec<ClusterName>, Miss> {
    let labelled: Vec<String> = match case.get("labelled") {
        Value::Null => Vec::new(),
        labelled => read(labelled)?,
    };
    let fleet: Fleet = ["cluster1", "cluster2"]
        .into_iter()
        .map(|name| {
            let labels = labelled.iter().filter(|one| *one == name);
            labels.fold(Cluster::new(name), |cluster, _| cluster.label("foo", "bar"))
        })
        .collect();
    let selector = case.get("fedObject").get("clusterSelector");
    let labels: BTreeMap<String, String> = selector.map_or(Ok(BTreeMap::new()), read)?;
    let object = json!({
        "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "test-ns"},
    });
    let selected = Placement::selector(LabelSelector::labels(labels));
    let intent = Intent::of(object).map_err(|problem| problem.to_string())?;
    let intent = intent.place(selected);
    let plan = plan(&World::of(intent, &fleet));
    let placed = plan.objects().flat_map(|object| object.placed());
    Ok(placed
        .map(|placed| placed.cluster().name().clone())
        .collect())
}

fn merges(case: &Case<'_>) -> Result<(), Miss> {
    let before: BTreeMap<String, Value> = read(case.get("overrides"))?;
    let entries = before
        .into_iter()
        .map(|(name, overrides)| json!({"clusterName": name, "clusterOverrides": overrides}));
    let mut spec: FederatedSpec = read(&json!({"overrides": entries.collect::<Vec<_>>()}))?;
    let scheduled: Numbers = read(case.get("replicas"))?;
    let was = spec.clone();
    let changed = kubefed::write(&mut spec, &scheduled);
    same("changed", &changed, &(spec.overrides != was.overrides))?;
    let found: BTreeMap<String, Value> = spec
        .overrides
        .into_iter()
        .flatten()
        .filter(|entry| entry.cluster_name.as_deref() == Some("cluster1"))
        .flat_map(|entry| entry.cluster_overrides.unwrap_or_default())
        .map(|one| (one.path.unwrap_or_default(), one.value.unwrap_or_default()))
        .collect();
    same("overrides", &found, &read(case.get("expected"))?)
}

fn placed(spec: &FederatedSpec) -> Vec<ClusterName> {
    let clusters = spec.placement.iter().flat_map(|one| one.clusters.iter());
    let names = clusters.flatten().map(|cluster| cluster.name.as_deref());
    names.map(|name| name.unwrap_or_default().into()).collect()
}

/// The overrides of the number of replicas.
fn replicas(spec: &FederatedSpec) -> Numbers {
    let mut replicas = Numbers::new();
    for entry in spec.overrides.iter().flatten() {
        for one in entry.cluster_overrides.iter().flatten() {
            if one.path.as_deref() == Some(kubefed::REPLICAS_PATH) {
                let name = entry.cluster_name.as_deref().unwrap_or_default();
                let number = one.value.as_ref().and_then(Value::as_i64).unwrap_or(-1);
                assert_eq!(replicas.insert(name.into(), number), None);
            }
        }
    }
    replicas
}

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Miss> {
    T::deserialize(value).map_err(|error| Miss::Wrong(format!("{error} in {value}")))
}
