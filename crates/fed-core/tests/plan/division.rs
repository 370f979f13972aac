//! How are clusters filtered, and replicas divided, for what a Propagation selects?

use crate::common::docs::{
    cluster, clusters, deployment, federated, names, plain, propagation, shop,
};
use crate::common::show::{self, answer, by_number, read, strict};
use fed_core::{
    Assumptions, Cluster, ClusterFacts, Division, DivisionMethod, Fleet, Intent, ObjectId,
    Observed, Placement, Plan, Readiness, Taint, TaintEffect, Toleration, Workload, World, plan,
};
use insta::assert_snapshot;
use serde_json::{Value, json};

fn rating(replicas: Option<i64>) -> Value {
    let mut rating = plain("apps/v1", "Deployment", "rating");
    rating["spec"] = deployment(1)["spec"].clone();
    rating["spec"]["replicas"] = json!(replicas);
    rating
}

fn documents(spec: Value) -> Vec<Value> {
    let mut whole = json!({
        "resources": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "rating"}],
    });
    for (key, value) in spec.as_object().unwrap() {
        whole[key] = value.clone();
    }
    let mut documents = clusters(["a", "b", "c"]);
    documents.extend([rating(Some(7)), propagation("rating", whole)]);
    documents
}

#[test]
fn replicas_are_divided_by_the_most_precise_rule() {
    assert_snapshot!(strict(&documents(json!({
        "placement": {"clusterSelector": {}},
        "division": {"weights": [{"weight": 1}, {"cluster": "a", "weight": 3, "max": 3}]},
    }))));
}

#[test]
fn a_cluster_without_a_rule_gets_no_replicas() {
    assert_snapshot!(strict(&documents(json!({
        "placement": {"clusterSelector": {}},
        "division": {"replicas": 5, "weights": [{"cluster": "a"}, {"cluster": "b"}]},
    }))));
}

#[test]
fn bounds_that_contradict_each_other_are_told_and_the_rest_is_divided() {
    assert_snapshot!(strict(&documents(json!({
        "placement": {"clusterSelector": {}},
        "division": {"weights": [
            {"cluster": "a", "min": 5, "max": 2}, {"cluster": "b", "weight": -1}, {"max": 3},
        ]},
    }))));
}

#[test]
fn a_division_adds_to_a_federated_object() {
    let mut documents = clusters(["a", "b"]);
    documents.extend([
        shop(),
        federated(
            "FederatedDeployment",
            "rating",
            json!({"template": deployment(3), "placement": names(["a", "b"])}),
        ),
        propagation(
            "rating",
            json!({
                "resources": [{
                    "apiVersion": "types.kubefed.io/v1beta1", "kind": "FederatedDeployment",
                    "name": "rating",
                }],
                "division": {"weights": [{"cluster": "a", "weight": 2}, {"cluster": "b"}]},
            }),
        ),
    ]);
    assert_snapshot!(strict(&documents));
}

#[test]
fn a_kind_without_replicas_is_not_divided() {
    let mut documents = clusters(["a"]);
    documents.extend([
        plain("v1", "ConfigMap", "colours"),
        propagation(
            "colours",
            json!({
                "resources": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "colours"}],
                "placement": {"clusters": ["a"]},
                "division": {"replicas": 3},
            }),
        ),
    ]);
    assert_snapshot!(strict(&documents));
}

#[test]
fn what_a_placement_says_wrongly_is_told_at_its_place() {
    assert_snapshot!(strict(&documents(json!({
        "placement": {
            "clusterSelector": {},
            "affinities": [{"clusterSelector": {"matchLabels": {"not a key": "x"}}}],
            "tolerations": [{"operator": "Equal"}, {"key": "a", "operator": "Like"}],
            "spread": [{"by": "Label"}, {"by": "Zone", "min": 3, "max": 2}],
            "preferred": [{"weight": 1, "clusterSelector": {"matchLabels": {"a": "not a value"}}}],
            "limit": 0,
        },
    }))));
}

#[test]
fn what_a_cluster_tells_of_itself_counts() {
    let mut documents = documents(json!({
        "placement": {
            "clusterSelector": {}, "exclude": ["b"],
            "tolerations": [{"key": "tolerated", "operator": "Exists"}],
        },
    }));
    let facts = |name: &str, facts: Value| {
        let mut cluster = cluster(name, json!({}));
        cluster["metadata"]["annotations"] = json!({"fed.dev/cluster": facts.to_string()});
        cluster
    };
    let tainted = |key: &str| json!({"taints": [{"key": key, "effect": "NoSchedule"}]});
    documents.extend([
        facts("d", tainted("tolerated")),
        facts("e", tainted("other")),
        facts("f", json!({"served": ["v1/ConfigMap"]})),
        facts("g", json!({"served": ["apps/v1/Deployment"]})),
        facts("h", json!({"taints": 7})),
        facts("i", json!({"tains": []})),
    ]);
    assert_snapshot!(strict(&documents));
}

/// A Deployment with 6 replicas, as code makes it.
fn intent() -> Intent {
    let mut rating = rating(Some(6));
    rating["apiVersion"] = json!("apps/v1");
    Intent::of(rating).unwrap().place(Placement::everywhere())
}

fn numbers(plan: &Plan) -> Vec<(&str, Option<i64>)> {
    let object = plan.objects().next().unwrap();
    let numbers = object
        .placed()
        .map(|placed| (placed.cluster().name().as_str(), placed.share()));
    numbers.collect()
}

fn observed(target: &ObjectId, seen: [(&str, Workload); 2]) -> Observed {
    seen.into_iter()
        .fold(Observed::default(), |observed, (cluster, workload)| {
            observed.with(cluster, target, workload)
        })
}

#[test]
fn what_runs_stays_where_it_runs() {
    let fleet: Fleet = ["a", "b", "c"].map(Cluster::new).into_iter().collect();
    let intent = intent().divide(Division::of(4));
    let target = intent.target().clone();
    let world = World::of(intent, &fleet);
    assert_eq!(
        numbers(&plan(&world)),
        [("a", Some(1)), ("b", Some(1)), ("c", Some(2))],
        "by hash, where nothing runs"
    );
    let seen = [("a", Workload::running(2)), ("c", Workload::running(1))];
    let world = world.observing(&observed(&target, seen));
    assert_eq!(
        numbers(&plan(&world)),
        [("a", Some(2)), ("b", Some(1)), ("c", Some(1))]
    );
}

#[test]
fn replicas_that_find_no_node_go_elsewhere() {
    let fleet: Fleet = ["a", "b"].map(Cluster::new).into_iter().collect();
    for (method, expected) in [
        (DivisionMethod::Fair, [("a", Some(1)), ("b", Some(5))]),
        // KubeFed asks for what is over capacity only as far as others cannot take it.
        (DivisionMethod::KubeFed, [("a", Some(1)), ("b", Some(5))]),
    ] {
        let mut division = Division::of(6).by(method);
        division.steady = true;
        let intent = intent().divide(division);
        let target = intent.target().clone();
        let waiting = Workload::running(1).asking_for(3).unschedulable(2);
        let seen = [("a", waiting), ("b", Workload::running(3))];
        let world = World::of(intent, &fleet).observing(&observed(&target, seen));
        assert_eq!(numbers(&plan(&world)), expected, "{method:?}");
    }
}

#[test]
fn a_lost_cluster_gives_its_replicas_to_others_and_one_that_is_away_does_not() {
    let in_state = |state| -> Fleet {
        let fleet = [Cluster::new("a").with_readiness(state), Cluster::new("b")];
        fleet.into_iter().collect()
    };
    let planned = |state| {
        let intent = intent().divide(Division::default());
        show::object(
            &plan(&World::of(intent, &in_state(state)))
                .objects()
                .next()
                .unwrap(),
        )
    };
    assert_snapshot!(
        [Readiness::NotReady, Readiness::Lost]
            .map(planned)
            .join("\n")
    );
}

#[test]
fn a_taint_that_evicts_is_tolerated_for_its_time() {
    let added = "2026-01-01T00:00:00Z".parse().unwrap();
    let taint = Taint::new("unreachable", TaintEffect::NoExecute).added(added);
    let fleet: Fleet = [Cluster::new("a").taint(taint), Cluster::new("b")]
        .into_iter()
        .collect();
    let tolerated = [Toleration::of_key("unreachable").for_seconds(300)];
    let intent = intent()
        .place(Placement::everywhere().tolerating(tolerated))
        .divide(Division::default());
    let at = |time: &str| {
        let world = World::of(intent.clone(), &fleet).at(time.parse().unwrap());
        plan(&world)
    };
    assert_eq!(
        numbers(&at("2026-01-01T00:04:59Z")),
        [("a", Some(3)), ("b", Some(3))]
    );
    let later = at("2026-01-01T00:05:00Z");
    assert_eq!(numbers(&later), [("b", Some(6))]);
    let why = later.objects().next().unwrap().explain(&"a".into());
    assert_eq!(
        why.reasons[0].message,
        "its taint unreachable:NoExecute was tolerated until 2026-01-01T00:05:00Z"
    );
}

#[test]
fn a_taint_that_keeps_off_keeps_nothing_off_that_is_there() {
    let fleet: Fleet = [
        Cluster::new("a").taint(Taint::new("full", TaintEffect::NoSchedule)),
        Cluster::new("b").taint(Taint::new("full", TaintEffect::NoSchedule)),
        Cluster::new("c").taint(Taint::new("full", TaintEffect::PreferNoSchedule)),
    ]
    .into_iter()
    .collect();
    let intent = intent().divide(Division::default());
    let seen = Observed::default().with("a", intent.target(), Workload::running(6));
    let world = World::of(intent, &fleet).observing(&seen);
    assert_eq!(numbers(&plan(&world)), [("a", Some(3)), ("c", Some(3))]);
}

#[test]
fn karmadas_ways_leave_out_who_gets_nothing() {
    let fleet: Fleet = ["a", "b", "c"].map(Cluster::new).into_iter().collect();
    let of = |method, replicas| {
        let intent = intent().divide(Division::of(replicas).by(method));
        plan(&World::of(intent, &fleet))
    };
    let weights = of(DivisionMethod::KarmadaWeights, 2);
    assert_eq!(numbers(&weights), [("a", Some(1)), ("b", Some(1))]);
    let object = weights.objects().next().unwrap();
    assert_eq!(
        object.explain(&"c".into()).reasons[0].code.as_str(),
        "NoReplicas"
    );
    let none = of(DivisionMethod::KarmadaWeights, 0);
    assert_eq!(numbers(&none).len(), 3, "scaled to zero, it stays");
    let all = of(DivisionMethod::Duplicated, 2);
    assert_eq!(numbers(&all), ["a", "b", "c"].map(|name| (name, Some(2))));
}

#[test]
fn the_number_is_written_over_what_overrides_make_of_it() {
    let reading = read(
        &documents(json!({
            "placement": {"clusters": ["a", "b"]},
            "division": {"replicas": 5},
            "overrides": [
                {"clusters": ["a"], "patches": [{"op": "replace", "path": "/spec/replicas", "value": 9}]},
                {"clusters": ["b"], "patches": [{"op": "remove", "path": "/spec/replicas"}]},
            ],
        })),
        Assumptions::none(),
    );
    let plan = plan(&reading.world(Assumptions::none()));
    assert_snapshot!(answer(&reading.problems, &plan, &by_number));
}

#[test]
fn facts_can_be_told_in_code() {
    let mut facts = ClusterFacts::default();
    facts.served = Some(["v1/ConfigMap".to_owned()].into());
    let fleet: Fleet = [Cluster::new("a").with_facts(facts)].into_iter().collect();
    let plan = plan(&World::of(intent(), &fleet));
    let why = plan.objects().next().unwrap().explain(&"a".into());
    assert_eq!(
        why.reasons[0].message,
        "the cluster does not serve apps/v1/Deployment"
    );
}

#[test]
fn the_completions_of_a_job_are_divided_as_its_pods_are() {
    let job = json!({
        "apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "count", "namespace": "shop"},
        "spec": {"parallelism": 6, "completions": 13},
    });
    let rules = [
        fed_core::ShareRule::of("a", 2),
        fed_core::ShareRule::of("b", 1),
        fed_core::ShareRule::of("c", 0),
    ];
    let intent = Intent::of(job).unwrap().place(Placement::everywhere());
    let fleet: Fleet = ["a", "b", "c"].map(Cluster::new).into_iter().collect();
    let of = |division: Division| -> Vec<(i64, i64)> {
        let plan = plan(&World::of(intent.clone().divide(division), &fleet));
        let object = plan.objects().next().unwrap();
        let manifests = object.render().map(|(_, rendered)| {
            let spec = &rendered.manifest().value()["spec"];
            (
                spec["parallelism"].as_i64().unwrap(),
                spec["completions"].as_i64().unwrap(),
            )
        });
        manifests.collect()
    };
    let divided = Division::default().weigh(rules);
    assert_eq!(of(divided), [(4, 9), (2, 4), (0, 0)]);
    let all = Division::default().by(DivisionMethod::Duplicated);
    assert_eq!(of(all), [(6, 13); 3]);
}
