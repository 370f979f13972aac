//! Does what runs stay where it runs, when nothing better can be decided?

use crate::common::docs::{cluster_in, deployment, federated, names, plain, propagation, shop};
use crate::common::show::read;
use fed_core::{
    Affinity, Assumptions, Cluster, Division, DivisionMethod, Fleet, GroupVersionKind, Intent,
    NamespaceRule, ObjectId, Observed, Placement, Plan, Readiness, ShareRule, Spread, SpreadBy,
    Taint, TaintEffect, Workload, World, plan,
};
use serde_json::{Value, json};

fn web(replicas: Value) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "rating", "namespace": "shop"}, "spec": {"replicas": replicas},
    })
}

fn id() -> ObjectId {
    let gvk = GroupVersionKind::new("apps", "v1", "Deployment");
    ObjectId::new(gvk, Some("shop"), "rating")
}

fn intent(placement: Placement, division: Division) -> Intent {
    Intent::of(web(json!(7)))
        .unwrap()
        .place(placement)
        .divide(division)
}

fn seen(running: &[(&str, i64)]) -> Observed {
    running
        .iter()
        .fold(Observed::default(), |seen, (name, replicas)| {
            seen.with(*name, &id(), Workload::running(*replicas))
        })
}

fn fleet(clusters: impl IntoIterator<Item = Cluster>) -> Fleet {
    clusters.into_iter().collect()
}

fn told(plan: &Plan) -> String {
    let object = plan
        .objects()
        .find(|object| object.target().same_object(&id()))
        .unwrap();
    let placed = object.placed().map(|placed| {
        let replicas = placed.render().manifest().replicas();
        format!("{}={}", placed.cluster().name(), replicas.unwrap_or(-1))
    });
    placed.collect::<Vec<_>>().join(" ")
}

#[test]
fn where_no_selection_is_possible() {
    let waiting = |replicas, stuck| {
        Workload::running(replicas - stuck)
            .asking_for(replicas)
            .unschedulable(stuck)
    };
    let fleet = fleet(["a", "b"].map(Cluster::new));
    let two = Spread::by(SpreadBy::Cluster).at_most(2);
    let placement = Placement::everywhere().spread([two]);
    let division = Division::of(100).by(DivisionMethod::KarmadaDynamic);
    let full = ["a", "b"]
        .into_iter()
        .fold(Observed::default(), |seen, name| {
            seen.with(name, &id(), waiting(6, 1))
        });
    let plan = plan(&World::of(intent(placement, division), &fleet).observing(&full));
    assert_eq!(told(&plan), "a=6 b=6");
    assert!(plan.objects().all(|object| !object.is_decided()));
    let codes: Vec<_> = plan
        .problems()
        .iter()
        .map(|one| one.code.as_str())
        .collect();
    assert_eq!(codes, ["NotEnoughCapacity"]);
}

#[test]
fn where_a_spread_cannot_be() {
    let fleet = fleet(["a", "b"].map(Cluster::new));
    let seven = Spread::by(SpreadBy::Cluster).at_least(7);
    let placement = Placement::everywhere().spread([seven]);
    let world = World::of(intent(placement, Division::default()), &fleet);
    assert_eq!(told(&plan(&world.observing(&seen(&[("b", 5)])))), "b=5");
}

fn with_preference(preference: &[Value], ready: &str, running: &[(&str, i64)]) -> String {
    let mut documents: Vec<_> = ["a", "b", "c"]
        .map(|name| cluster_in(name, json!({}), Some(ready)))
        .to_vec();
    documents.push(shop());
    documents.push(federated(
        "FederatedDeployment",
        "rating",
        json!({"template": deployment(3), "placement": names(["a", "b"])}),
    ));
    for spec in preference {
        let api_version = "scheduling.kubefed.io/v1alpha1";
        let mut preference = plain(api_version, "ReplicaSchedulingPreference", "rating");
        preference["spec"] = spec.clone();
        documents.push(preference);
    }
    let reading = read(&documents, Assumptions::none());
    let observed = seen(running);
    let world = reading.world(Assumptions::none()).observing(&observed);
    told(&plan(&world))
}

#[test]
fn where_a_preference_cannot_be_used() {
    let running = [("a", 30), ("b", 30), ("c", 30)];
    let kept = "a=30 b=30 c=30";
    let of = |total: Value| json!({"targetKind": "FederatedDeployment", "totalReplicas": total});
    for unusable in [
        vec![of(json!("ninety"))],
        vec![of(json!(null))],
        vec![of(json!(60)), of(json!(90))],
    ] {
        assert_eq!(
            with_preference(&unusable, "True", &running),
            kept,
            "{unusable:?}"
        );
    }
    let mut good = [of(json!(60))];
    good[0]["rebalance"] = json!(true);
    assert_eq!(with_preference(&good, "True", &running), "a=20 b=20 c=20");
    assert_eq!(
        with_preference(&good, "False", &running),
        kept,
        "no cluster is ready"
    );
    assert_eq!(with_preference(&good, "False", &[]), "a=3 b=3");
}

#[test]
fn karmada_goes_on_to_the_group_that_has_room() {
    let fleet = fleet(
        ["a", "c"].map(|name| Cluster::new(name).located(fed_core::Topology::new("x", "eu"))),
    );
    let groups = [Affinity::clusters(["a"]), Affinity::clusters(["c"])];
    let region = Spread::by(SpreadBy::Region);
    let placement = Placement::everywhere().within(groups).spread([region]);
    let division = Division::of(8).by(DivisionMethod::KarmadaDynamic);
    let full = Workload::running(5).asking_for(6).unschedulable(1);
    let seen = seen(&[("c", 2)]).with("a", &id(), full);
    let world = World::of(intent(placement, division), &fleet).observing(&seen);
    assert_eq!(told(&plan(&world)), "c=8");
}

#[test]
fn nothing_new_goes_to_a_cluster_that_is_away() {
    let away = Cluster::new("a").with_readiness(Readiness::NotReady);
    let fleet = fleet([away, Cluster::new("b")]);
    let everywhere = || intent(Placement::everywhere(), Division::of(8));
    let world = World::of(everywhere(), &fleet).observing(&seen(&[("b", 5)]));
    assert_eq!(told(&plan(&world)), "a=0 b=8");
    let world = World::of(everywhere(), &fleet).observing(&seen(&[("a", 3), ("b", 5)]));
    assert_eq!(told(&plan(&world)), "a=3 b=5");
    let one = intent(Placement::everywhere().at_most(1), Division::of(8));
    assert_eq!(told(&plan(&World::of(one, &fleet))), "b=8");
}

#[test]
fn an_object_goes_only_where_its_namespace_is_selected() {
    let fleet = fleet(["a", "b"].map(Cluster::new));
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}});
    let namespace = Intent::of(namespace)
        .unwrap()
        .place(Placement::everywhere().at_most(1))
        .with_namespace_rule(NamespaceRule::Governs);
    let object = intent(Placement::everywhere(), Division::default())
        .with_namespace_rule(NamespaceRule::Follows);
    let plan = plan(&World::new(&[namespace, object], &fleet));
    assert_eq!(told(&plan), "a=7");
}

#[test]
fn a_weight_of_nothing_is_no_room() {
    let fleet = fleet(["a", "b"].map(Cluster::new));
    let rules = [ShareRule::of("a", 0), ShareRule::of("b", 1)];
    let division = Division::default().weigh(rules);
    let world = World::of(intent(Placement::everywhere().at_most(1), division), &fleet);
    assert_eq!(told(&plan(&world)), "b=7");
}

#[test]
fn a_number_that_is_none_is_not_divided() {
    let intent = Intent::of(web(json!("12"))).unwrap();
    let intent = intent
        .place(Placement::everywhere())
        .divide(Division::default());
    let plan = plan(&World::of(intent, &fleet(["a", "b"].map(Cluster::new))));
    assert_eq!(told(&plan), "a=-1 b=-1");
    assert_eq!(plan.problems()[0].code.as_str(), "InvalidReplicas");
}

#[test]
fn what_has_no_replicas_stays_in_spite_of_a_new_taint() {
    let config = plain("v1", "ConfigMap", "colours");
    let intent = Intent::of(config).unwrap().place(Placement::everywhere());
    let tainted = |name| Cluster::new(name).taint(Taint::new("full", TaintEffect::NoSchedule));
    let fleet = fleet(["a", "b"].map(tainted));
    let seen = Observed::default().with("a", intent.target(), Workload::default());
    let plan = plan(&World::of(intent, &fleet).observing(&seen));
    let object = plan.objects().next().unwrap();
    assert!(
        object
            .placed()
            .map(|placed| placed.cluster().name().as_str())
            .eq(["a"])
    );
}

#[test]
fn a_preference_keeps_to_what_a_propagation_excludes() {
    let mut documents: Vec<_> = ["a", "b", "c"]
        .map(|name| cluster_in(name, json!({}), Some("True")))
        .to_vec();
    let api_version = "scheduling.kubefed.io/v1alpha1";
    let mut preference = plain(api_version, "ReplicaSchedulingPreference", "rating");
    preference["spec"] = json!({"targetKind": "FederatedDeployment", "totalReplicas": 9});
    documents.extend([
        shop(),
        federated(
            "FederatedDeployment",
            "rating",
            json!({"template": deployment(3)}),
        ),
        preference,
        propagation(
            "rating",
            json!({
                "resources": [{
                    "apiVersion": "types.kubefed.io/v1beta1", "kind": "FederatedDeployment",
                    "name": "rating",
                }],
                "placement": {"clusterSelector": {}, "exclude": ["a"], "limit": 1},
            }),
        ),
    ]);
    let reading = read(&documents, Assumptions::none());
    let plan = plan(&reading.world(Assumptions::none()));
    assert_eq!(told(&plan), "b=4 c=5");
    let ignored = plan
        .problems()
        .iter()
        .find(|one| one.code.as_str() == "FieldIgnored");
    assert!(
        ignored
            .unwrap()
            .message
            .contains("only exclude and tolerations have an effect")
    );
}
