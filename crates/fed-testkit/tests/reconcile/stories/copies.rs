//! What must be there before something goes, and what goes along?

use fed_core::Intent;
use fed_core::reconcile::{Dependencies, Moves, Replacement};
use fed_core::status::State;
use serde_json::json;

use super::Story;
use crate::worlds::{config, deployment, desired, divided, id, intent, options};

#[test]
fn replicas_go_only_when_others_are_there_in_their_stead() {
    let mut story = Story::begin();
    let id = id(deployment(1));
    story.run(&[divided(&["a", "b"])]);
    let ready = |story: &Story| -> i64 {
        let all = story.clusters.iter();
        all.filter_map(|(_, _, value)| value["status"]["readyReplicas"].as_i64())
            .sum()
    };
    assert_eq!(ready(&story), 6);
    let moved = desired(&[divided(&["b", "c"])]);
    for _ in 0..12 {
        let decision = story.driver.decide(&moved, &story.clusters);
        story.driver.save(&decision);
        for action in &decision.actions {
            let outcome = story.clusters.perform(action);
            story.driver.note(outcome);
            assert!(ready(&story) >= 6, "after {action}");
        }
    }
    assert_eq!(story.holds(&id), ["b", "c"]);
    assert_eq!(ready(&story), 6);

    let mut directly = divided(&["a"]);
    directly = directly.with_options(options(|it| it.moves = Moves::Directly));
    story.run(&[directly]);
    assert_eq!(story.holds(&id), ["a"]);
}

#[test]
fn what_cannot_change_is_replaced_only_where_that_is_asked_for() {
    for replacement in [Replacement::Never, Replacement::Recreate] {
        let mut story = Story::begin();
        let id = id(config(""));
        let fixed = |sky| {
            let mut fixed = config(sky);
            fixed["immutable"] = json!(true);
            [intent(
                fixed,
                &["a", "b"],
                options(|it| it.replacement = replacement),
            )]
        };
        story.run(&fixed("blue"));
        story.run(&fixed("grey"));
        let state = story.outcome(&fixed("grey"), "a", &id).state();
        if replacement == Replacement::Recreate {
            assert_eq!(
                (story.sky("a"), story.sky("b")),
                (&json!("grey"), &json!("grey"))
            );
            assert_eq!(state, State::Synced);
        } else {
            assert_eq!(
                (story.sky("a"), story.sky("b")),
                (&json!("blue"), &json!("blue"))
            );
            assert_eq!(state, State::Failed);
        }
    }
}

#[test]
fn what_a_workload_names_follows_it_and_leaves_with_it() {
    let follow = options(|it| it.dependencies = Dependencies::Follow);
    let workload = |secret: &str, clusters: &[&str]| {
        let mut object = deployment(1);
        object["spec"]["template"]["spec"] = json!({
            "containers": [{"name": "rating", "envFrom": [{"secretRef": {"name": secret}}]}],
        });
        intent(object, clusters, follow.clone())
    };
    let secret = |name: &str| {
        json!({
            "apiVersion": "v1", "kind": "Secret",
            "metadata": {"name": name, "namespace": "shop", "uid": "host"}, "data": {"a": "MQ=="},
        })
    };
    let (first, second) = (id(secret("first")), id(secret("second")));
    let host = || {
        [
            (first.clone(), secret("first")),
            (second.clone(), secret("second")),
        ]
    };
    let with = |intents: &[Intent]| desired(intents).followed_by(host());

    let mut story = Story::begin();
    story.run_to(&with(&[workload("first", &["a", "b"])]));
    assert_eq!(story.holds(&first), ["a", "b"]);
    assert_eq!(story.holds(&second), [""; 0]);
    assert_ne!(
        story.clusters.get("a", &first).unwrap()["metadata"]["uid"],
        "host"
    );
    story.run_to(&with(&[workload("first", &["b", "c"])]));
    assert_eq!(story.holds(&first), ["b", "c"]);
    story.run_to(&with(&[workload("second", &["b"])]));
    assert_eq!(story.holds(&first), [""; 0]);
    assert_eq!(story.holds(&second), ["b"]);

    // A workload that cannot be read, or a host that cannot be looked at, takes nothing away.
    story.run(&[]);
    story.run(&[workload("second", &["b"])]);
    assert_eq!(story.holds(&second), ["b"]);

    // And the workload does not end while what follows it is not told, wherever that is.
    let workload = workload("second", &["b"]).target().clone();
    story.clusters.set_away("b", true);
    story.withdraw(&workload);
    story.run(&[]);
    story.clusters.set_away("b", false);
    story.run(&[]);
    assert_eq!(story.clusters.count(), 0);
    assert!(story.driver.withdrawn.is_empty());
}
