//! How much room is there for replicas? Nodes and their pods, as they were dumped from clusters.

use fed_core::dialect::Document;
use fed_core::kinds::Kinds;
use fed_core::observe::Live;
use fed_core::{
    Affinity, Cluster, Division, DivisionMethod, DocumentId, Fleet, Intent, Observed, Placement,
    Plan, World, plan,
};
use serde_json::{Value, json};

/// A node with this much CPU.
fn node(name: &str, cpu: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Node", "metadata": {"name": name},
        "status": {
            "allocatable": {"cpu": cpu, "memory": "64Gi", "pods": "110"},
            "conditions": [{"type": "Ready", "status": "True"}],
        },
    })
}

/// A pod that takes this much of it.
fn pod(name: &str, node: &str, cpu: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "other"},
        "spec": {
            "nodeName": node,
            "containers": [{"name": "c", "resources": {"requests": {"cpu": cpu}}}],
        },
        "status": {"phase": "Running"},
    })
}

fn observed(clusters: &[(&str, Vec<Value>)]) -> Observed {
    let (mut live, kinds) = (Live::default(), Kinds::default());
    for (cluster, objects) in clusters {
        let list = json!({"apiVersion": "v1", "kind": "List", "items": objects});
        let documents = [Document::new(DocumentId(0), &list)];
        assert_eq!(live.read(&(*cluster).into(), &documents, &kinds), []);
    }
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    let (observed, problems) = Observed::of_live(&live, &kinds, now);
    assert_eq!(problems, []);
    observed
}

/// Eight replicas of one CPU each.
fn intent(placement: Placement, division: Division) -> Intent {
    let object = json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "rating", "namespace": "shop"},
        "spec": {"replicas": 8, "template": {"spec": {"containers": [
            {"name": "c", "resources": {"requests": {"cpu": "1"}}},
        ]}}},
    });
    Intent::of(object)
        .unwrap()
        .place(placement)
        .divide(division)
}

fn told(plan: &Plan) -> String {
    let object = plan.objects().next().unwrap();
    let shares = object
        .placed()
        .map(|placed| format!("{}={}", placed.cluster().name(), placed.share().unwrap()));
    shares.collect::<Vec<_>>().join(" ")
}

fn planned(placement: Placement, division: Division, seen: &Observed) -> Plan {
    let fleet: Fleet = ["a", "b", "c"].map(Cluster::new).into_iter().collect();
    plan(&World::of(intent(placement, division), &fleet).observing(seen))
}

#[test]
fn no_more_are_placed_than_fit() {
    let seen = observed(&[
        ("a", vec![node("n", "4"), pod("p", "n", "2500m")]),
        ("b", vec![node("n", "2"), node("m", "1500m")]),
    ]);
    let by = |method| {
        planned(
            Placement::everywhere(),
            Division::default().by(method),
            &seen,
        )
    };
    assert_eq!(told(&by(DivisionMethod::Fair)), "a=1 b=3 c=4");
    assert_eq!(told(&by(DivisionMethod::KarmadaAggregated)), "c=8");
    let full = planned(Placement::clusters(["a", "b"]), Division::default(), &seen);
    assert_eq!(told(&full), "a=1 b=3");
    let short = full
        .problems()
        .iter()
        .find(|one| one.code.as_str() == "NotEnoughCapacity");
    assert!(
        short
            .unwrap()
            .message
            .starts_with("4 of 8 replicas have no place")
    );
}

#[test]
fn a_group_that_cannot_hold_all_is_passed_over() {
    let seen = observed(&[("a", vec![node("n", "4")])]);
    let groups =
        Placement::nowhere().within([Affinity::clusters(["a"]), Affinity::clusters(["b"])]);
    assert_eq!(told(&planned(groups, Division::default(), &seen)), "b=8");
}

#[test]
fn a_cluster_without_a_node_for_pods_is_full_at_once() {
    let mut cordoned = node("n", "64");
    cordoned["spec"] = json!({"unschedulable": true});
    let seen = observed(&[("a", vec![cordoned])]);
    for method in [DivisionMethod::Fair, DivisionMethod::KubeFed] {
        let division = Division::default().by(method).steady();
        let plan = planned(Placement::clusters(["a", "b"]), division, &seen);
        assert_eq!(told(&plan), "a=0 b=8", "{method:?}");
    }
}
