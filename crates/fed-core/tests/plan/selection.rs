//! Which clusters are taken where not all may be, or where they have to be spread?

use crate::common::show;
use fed_core::{
    Affinity, Cluster, ClusterFacts, Division, Fleet, Intent, LabelSelector, Observed, Placement,
    Plan, Preferred, PropertyScore, Readiness, ShareRule, Spread, SpreadBy, Taint, TaintEffect,
    Topology, Workload, World, plan,
};
use insta::assert_snapshot;
use serde_json::json;

fn intent(placement: Placement) -> Intent {
    let object = json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "rating", "namespace": "shop"}, "spec": {"replicas": 6},
    });
    Intent::of(object).unwrap().place(placement)
}

/// Clusters `a` to `f`: two in each of the regions `east`, `north` and `west`.
fn fleet() -> Fleet {
    let places = ["east", "north", "west"];
    let named = ["a", "b", "c", "d", "e", "f"].into_iter().enumerate();
    named
        .map(|(i, name)| {
            let region = places[i / 2];
            let zone = format!("{region}-{}", i % 2);
            Cluster::new(name).located(Topology::new("aws", region).in_zones([zone]))
        })
        .collect()
}

fn chosen(plan: &Plan) -> String {
    let object = plan.objects().next().unwrap();
    let told = object.placed().map(|placed| match placed.share() {
        Some(share) => format!("{}={share}", placed.cluster().name()),
        None => placed.cluster().name().to_string(),
    });
    told.collect::<Vec<_>>().join(" ")
}

fn of(placement: Placement) -> String {
    chosen(&plan(&World::of(intent(placement), &fleet())))
}

#[test]
fn a_limit_takes_the_best() {
    assert_eq!(of(Placement::everywhere().at_most(2)), "a b");
    let mut placement = Placement::everywhere().at_most(3);
    let preferred = |names: &[&str], weight| -> Preferred {
        serde_json::from_value(json!({"clusters": names, "weight": weight})).unwrap()
    };
    placement.preferred = vec![preferred(&["e", "f"], 10), preferred(&["a"], -1)];
    assert_eq!(of(placement), "b e f");
}

#[test]
fn properties_score() {
    let cost = |name: &str, cost: i64| {
        let mut facts = ClusterFacts::default();
        facts.properties.insert("cost".into(), cost);
        Cluster::new(name).with_facts(facts)
    };
    let fleet: Fleet = [cost("a", 30), cost("b", 10), cost("c", 20)]
        .into_iter()
        .collect();
    let mut placement = Placement::everywhere().at_most(2);
    let score: PropertyScore =
        serde_json::from_value(json!({"property": "cost", "weight": -1})).unwrap();
    placement.scores = vec![score];
    let plan = plan(&World::of(intent(placement), &fleet));
    assert_eq!(chosen(&plan), "b c");
    let why = plan.objects().next().unwrap().explain(&"a".into());
    assert_eq!(why.reasons[0].code.as_str(), "NotPreferred");
}

#[test]
fn a_discouraged_cluster_comes_last() {
    let fleet: Fleet = [
        Cluster::new("a").taint(Taint::new("old", TaintEffect::PreferNoSchedule)),
        Cluster::new("b"),
    ]
    .into_iter()
    .collect();
    let one = plan(&World::of(
        intent(Placement::everywhere().at_most(1)),
        &fleet,
    ));
    assert_eq!(chosen(&one), "b");
    let both = plan(&World::of(intent(Placement::everywhere()), &fleet));
    assert_eq!(chosen(&both), "a b");
}

#[test]
fn clusters_are_spread_over_groups() {
    let regions = |min, max| Spread::by(SpreadBy::Region).at_least(min).at_most(max);
    let everywhere = Placement::everywhere;
    assert_eq!(of(everywhere().spread([regions(1, 1)])), "a b");
    assert_eq!(of(everywhere().spread([regions(3, 3)]).at_most(3)), "a c e");
    let clusters = Spread::by(SpreadBy::Cluster).at_most(2);
    assert_eq!(of(everywhere().spread([regions(2, 3), clusters])), "a c");
    let zones = Spread::by(SpreadBy::Zone).at_most(1);
    assert_eq!(of(everywhere().spread([zones])), "a");
}

#[test]
fn a_spread_that_cannot_be_places_nothing_and_says_why() {
    let four = Spread::by(SpreadBy::Region).at_least(4);
    let plan = plan(&World::of(
        intent(Placement::everywhere().spread([four])),
        &fleet(),
    ));
    assert_snapshot!(show::answer(&[], &plan, &show::by_number));
}

#[test]
fn a_cluster_that_is_in_no_group_is_not_taken() {
    for (spread, message) in [
        (
            Spread::by(SpreadBy::Region),
            "it has no region, by which clusters are spread",
        ),
        (
            Spread::by_label("rack"),
            "it has no label rack, by which clusters are spread",
        ),
    ] {
        let fleet: Fleet = [Cluster::new("a")].into_iter().collect();
        let placement = Placement::everywhere().spread([spread]);
        let plan = plan(&World::of(intent(placement), &fleet));
        let why = plan.objects().next().unwrap().explain(&"a".into());
        assert_eq!(why.reasons[0].message, message);
    }
}

fn groups() -> Placement {
    Placement::nowhere().within([
        Affinity::clusters(["a", "b"]).named("home"),
        Affinity::clusters(["c", "d", "e"]),
    ])
}

#[test]
fn the_first_group_that_can_hold_the_object_is_taken() {
    let with = |a: Readiness, b: Readiness, division: Division| {
        let fleet: Fleet = fleet()
            .iter()
            .map(|cluster| match cluster.name().as_str() {
                "a" => cluster.clone().with_readiness(a),
                "b" => cluster.clone().with_readiness(b),
                _ => cluster.clone(),
            })
            .collect();
        plan(&World::of(intent(groups()).divide(division), &fleet))
    };
    let (ready, lost) = (Readiness::Ready, Readiness::Lost);
    let division = Division::default;
    assert_eq!(chosen(&with(ready, ready, division())), "a=3 b=3");
    assert_eq!(chosen(&with(ready, lost, division())), "a=6");
    assert_eq!(chosen(&with(lost, lost, division())), "c=2 d=2 e=2");
    let few = || division().weigh([ShareRule::of_every_other(1).at_most(2)]);
    let third = with(ready, ready, few());
    assert_eq!(chosen(&third), "c=2 d=2 e=2", "a and b may have 4 together");
    assert_snapshot!(show::answer(&[], &third, &show::by_number));
    let cramped = with(
        ready,
        ready,
        Division::of(7).weigh([ShareRule::of_every_other(1).at_most(2)]),
    );
    assert_eq!(
        chosen(&cramped),
        "a=2 b=2",
        "no group holds 7: what fits in the first one"
    );
}

#[test]
fn what_runs_is_kept_where_it_is_and_comes_home_when_it_can() {
    let intent = intent(groups()).divide(Division::default());
    let away = ["c", "d", "e"]
        .into_iter()
        .fold(Observed::default(), |seen, name| {
            seen.with(name, intent.target(), Workload::running(2))
        });
    let world = World::of(intent, &fleet()).observing(&away);
    assert_eq!(chosen(&plan(&world)), "a=3 b=3", "groups are ordered");

    let limited = Placement::everywhere().at_most(2);
    let intent = self::intent(limited).divide(Division::default());
    let seen = Observed::default()
        .with("d", intent.target(), Workload::running(3))
        .with("f", intent.target(), Workload::running(3));
    let world = World::of(intent, &fleet()).observing(&seen);
    assert_eq!(chosen(&plan(&world)), "d=3 f=3");
}

#[test]
fn groups_can_be_selected_by_labels() {
    let labelled = Affinity::selector(LabelSelector::labels([("tier", "gold")]));
    let fleet: Fleet = [Cluster::new("a"), Cluster::new("b").label("tier", "gold")]
        .into_iter()
        .collect();
    let placement = Placement::everywhere().within([labelled]);
    let plan = plan(&World::of(intent(placement), &fleet));
    assert_eq!(chosen(&plan), "b");
    let why = plan.objects().next().unwrap().explain(&"a".into());
    assert_eq!(why.reasons[0].code.as_str(), "AffinityMismatch");
}
