//! Does room hold what it promises, however nodes are told?

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "panicking is what tests do"
)]

use fed_core::capacity::{Capacity, Demand, Limit, NodeAffinity, NodeClass, Resources, Survey};
use fed_core::schema::structural_schema;
use fed_core::{Cluster, ClusterFacts, Location, Taint, TaintEffect, Toleration};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

const RESOURCES: [&str; 5] = [
    "cpu",
    "memory",
    "ephemeral-storage",
    "pods",
    "example.com/gpu",
];

fn amounts(most: i64) -> impl Strategy<Value = Resources> {
    vec(0..=most, RESOURCES.len()).prop_map(|amounts| {
        let all = RESOURCES.into_iter().zip(amounts);
        all.fold(Resources::default(), |all, (name, amount)| {
            all.with(name, amount)
        })
    })
}

fn nodes() -> impl Strategy<Value = Vec<Value>> {
    let node = (
        amounts(300),
        select(vec!["", "a", "b"]),
        select(vec!["", "gpu", "batch"]),
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.9),
    );
    vec(node, 0..24).prop_map(|nodes| {
        let nodes = nodes.into_iter().enumerate();
        let nodes = nodes.map(|(index, (free, zone, taint, cordoned, ready))| {
            let name = format!("n{index}");
            let mut node = json!({
                "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name}},
                "spec": {"unschedulable": cordoned},
                "status": {
                    "allocatable": free,
                    "conditions": [{"type": "Ready", "status": if ready {"True"} else {"False"}}],
                },
            });
            if !zone.is_empty() {
                node["metadata"]["labels"]["zone"] = json!(zone);
            }
            if !taint.is_empty() {
                node["spec"]["taints"] = json!([{"key": taint, "effect": "NoSchedule"}]);
            }
            node
        });
        nodes.collect()
    })
}

fn pods() -> impl Strategy<Value = Vec<Value>> {
    let pod = (
        0_usize..45,
        amounts(30),
        select(vec!["Running", "Pending", "Failed"]),
    );
    vec(pod, 0..40).prop_map(|pods| {
        let pods = pods.into_iter().map(|(node, requests, phase)| {
            json!({
                "spec": {
                    "nodeName": format!("n{node}"),
                    "containers": [{"resources": {"requests": requests.with("pods", 0)}}],
                },
                "status": {"phase": phase},
            })
        });
        pods.collect()
    })
}

fn demands() -> impl Strategy<Value = Demand> {
    let selector = select(vec![
        json!(null),
        json!({"key": "zone", "operator": "In", "values": ["a"]}),
        json!({"key": "zone", "operator": "NotIn", "values": ["a"]}),
        json!({"key": "zone", "operator": "DoesNotExist"}),
        json!({"key": "kubernetes.io/hostname", "operator": "In", "values": ["n0", "n1"]}),
        json!({"key": "kubernetes.io/hostname", "operator": "NotIn", "values": ["n0", "n1"]}),
        json!({"key": "kubernetes.io/hostname", "operator": "Exists"}),
    ]);
    let zone = select(vec![None, None, Some("a"), Some("c")]);
    let tolerated = select(vec![None, Some("gpu")]);
    (amounts(40), zone, selector, tolerated).prop_map(|(requests, zone, selector, tolerated)| {
        let mut demand = Demand::new(requests).on_nodes(zone.map(|zone| ("zone", zone)));
        if !selector.is_null() {
            let required = json!({"nodeSelectorTerms": [{"matchExpressions": [selector]}]});
            let affinity = NodeAffinity::of_selector(&required, &Location::in_code());
            demand = demand.with_affinity(affinity.unwrap());
        }
        demand.tolerations.extend(tolerated.map(Toleration::of_key));
        demand
    })
}

/// Room counted on every node by itself, from what was given.
fn node_by_node(nodes: &[Value], pods: &[Value], demand: &Demand) -> i64 {
    let nodes = nodes.iter().map(|node| {
        let on_it = |pod: &&Value| pod["spec"]["nodeName"] == node["metadata"]["name"];
        let pods = pods.iter().filter(on_it);
        let running = pods.filter(|pod| pod["status"]["phase"] != "Failed");
        let list = |list| serde_json::from_value::<Resources>(list).unwrap();
        let mut free = list(node["status"]["allocatable"].clone());
        for pod in running {
            let requests = &pod["spec"]["containers"][0]["resources"]["requests"];
            free = free.without(&list(requests.clone()).with("pods", 1));
        }
        let labels = serde_json::from_value(node["metadata"]["labels"].clone()).unwrap();
        let name = node["metadata"]["name"].as_str().unwrap();
        let affinity = demand.node_affinity.as_ref();
        let selector = demand.node_selector.iter();
        let key = node["spec"]["taints"][0]["key"].as_str();
        let taint = key.map(|key| Taint::new(key, TaintEffect::NoSchedule));
        let takes = node["spec"]["unschedulable"] == false
            && node["status"]["conditions"][0]["status"] == "True"
            && affinity.is_none_or(|affinity| affinity.admits(name, &labels))
            && selector.fold(true, |all, (key, value)| {
                all && labels.get(key) == Some(value)
            })
            && taint.is_none_or(|taint| demand.tolerations.iter().any(|t| t.matches(&taint)));
        if takes {
            free.fits(&demand.requests)
        } else {
            0
        }
    });
    nodes.sum()
}

fn survey(classes: usize, nodes: &[Value], pods: &[Value]) -> Capacity {
    let mut survey = Survey::default();
    survey.classes = classes;
    let (capacity, problems) = survey.take(nodes, pods);
    assert_eq!(problems, []);
    capacity
}

fn sum(classes: &[NodeClass]) -> Resources {
    let all = classes.iter().map(|class| class.free.times(class.count));
    all.fold(Resources::default(), |all, free| all.plus(&free))
}

proptest! {
    #[test]
    fn classes_change_nothing(nodes in nodes(), pods in pods(), demand in demands()) {
        let capacity = survey(64, &nodes, &pods);
        prop_assert_eq!(capacity.room(&demand), node_by_node(&nodes, &pods, &demand));
    }

    #[test]
    fn nodes_that_differ_by_name_alone_are_one_class(
        nodes in nodes(), demand in demands(), count in 65_usize..90,
    ) {
        let Some(node) = nodes.first() else {
            return Ok(());
        };
        let nodes = (0..count).map(|index| {
            let mut node = node.clone();
            node["metadata"]["name"] = json!(format!("n{index}"));
            node["metadata"]["labels"]["kubernetes.io/hostname"] = json!(format!("n{index}"));
            node
        });
        let nodes: Vec<Value> = nodes.collect();
        let capacity = survey(64, &nodes, &[]);
        prop_assert!(capacity.classes.len() <= 1);
        let room = capacity.explain(&demand);
        let is_unknown = |limit: &Limit| matches!(limit, Limit::Unknown(_));
        let expected = if room.limits.keys().any(is_unknown) {
            0
        } else {
            node_by_node(&nodes, &[], &demand)
        };
        prop_assert_eq!(capacity.room(&demand), expected);
    }

    #[test]
    fn fewer_classes_never_promise_more(
        nodes in nodes(), pods in pods(), demand in demands(), most in 0_usize..12,
    ) {
        let exact = survey(64, &nodes, &pods);
        let merged = survey(most, &nodes, &pods);
        prop_assert!(merged.room(&demand) <= exact.room(&demand));
        let count = |capacity: &Capacity| capacity.classes.iter().map(|c| c.count).sum::<i64>();
        prop_assert_eq!(count(&merged), count(&exact));
        prop_assert_eq!(merged.has_schedulable_node(), exact.has_schedulable_node());
        let left = sum(&exact.classes).without(&sum(&merged.classes));
        prop_assert_eq!(sum(&merged.classes).plus(&left), sum(&exact.classes));
    }

    #[test]
    fn half_of_what_is_there_is_still_promised(
        nodes in nodes(), pods in pods(), most in 1_usize..12,
    ) {
        // The coarsest grid keeps one binary digit of every amount.
        let exact = sum(&survey(64, &nodes, &pods).classes);
        let merged = sum(&survey(most, &nodes, &pods).classes);
        for name in RESOURCES {
            prop_assert!(2 * merged.amount(name) >= exact.amount(name));
        }
    }

    #[test]
    fn room_is_never_more_than_what_is_free_in_sum(
        nodes in nodes(), pods in pods(), demand in demands(),
    ) {
        let capacity = survey(64, &nodes, &pods);
        let room = capacity.room(&demand);
        prop_assert!(room <= sum(&capacity.classes).fits(&demand.requests));
    }

    #[test]
    fn the_order_of_nodes_and_pods_does_not_matter(
        nodes in nodes(), pods in pods(), most in 0_usize..64,
    ) {
        let backward = |list: &[Value]| list.iter().rev().cloned().collect::<Vec<_>>();
        let other = survey(most, &backward(&nodes), &backward(&pods));
        prop_assert_eq!(survey(most, &nodes, &pods), other);
    }

    #[test]
    fn every_node_stands_at_one_limit(nodes in nodes(), pods in pods(), demand in demands()) {
        let room = survey(64, &nodes, &pods).explain(&demand);
        prop_assert_eq!(room.replicas, node_by_node(&nodes, &pods, &demand));
        let stand: i64 = room.limits.values().sum();
        prop_assert_eq!(usize::try_from(stand).unwrap(), nodes.len());
    }

    #[test]
    fn a_capacity_is_read_as_it_is_written(nodes in nodes(), pods in pods(), most in 0_usize..64) {
        let mut facts = ClusterFacts::default();
        facts.capacity = Some(survey(most, &nodes, &pods));
        let cluster = Cluster::new("a").with_facts(facts);
        let text = serde_json::to_string(&cluster).unwrap();
        prop_assert_eq!(serde_json::from_str::<Cluster>(&text).unwrap(), cluster);
    }

    #[test]
    fn any_numbers_are_taken_without_overflow(
        amounts in vec(any::<i64>(), 8), counts in vec(any::<i64>(), 3),
    ) {
        let resources = |amounts: &[i64]| {
            let all = RESOURCES.into_iter().zip(amounts);
            all.fold(Resources::default(), |all, (name, amount)| all.with(name, *amount))
        };
        let classes = counts.iter().zip([0, 1, 2]);
        let mut capacity: Capacity = classes
            .map(|(count, first)| NodeClass::new(*count, resources(&amounts[first..first + 5])))
            .collect();
        capacity.cordoned = counts[0];
        let mut demand = Demand::default();
        demand.requests = resources(&amounts[3..]);
        let room = capacity.explain(&demand);
        prop_assert!(room.replicas >= 0);
        prop_assert!(!room.to_string().is_empty());
    }
}

#[test]
fn a_capacity_can_stand_in_a_crd() {
    let schema = structural_schema::<Capacity>();
    let free = &schema["properties"]["classes"]["items"]["properties"]["free"];
    assert_eq!(
        free["additionalProperties"]["x-kubernetes-int-or-string"],
        true
    );
    let facts = r#"{"capacity": {"classes": [{"count": 2, "free": {"cpu": 4, "pods": "10"}}]}}"#;
    let facts: ClusterFacts = serde_json::from_str(facts).unwrap();
    let demand = Demand::new(Resources::new(1000, 0));
    assert_eq!(facts.capacity.unwrap().room(&demand), 8);
}
