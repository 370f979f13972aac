//! How does an object come to clusters, change there and leave?

use fed_core::reconcile::{Act, Answer, Failure, Options, Removal};
use fed_core::status::Outcome;
use serde_json::json;

use super::{Story, in_ab};
use crate::worlds::{config, desired, id, intent, options};

#[test]
fn an_object_comes_is_changed_and_goes() {
    let mut story = Story::begin();
    let id = id(config(""));
    assert_eq!(
        story.run(&in_ab("blue")),
        3,
        "remember, create, learn, rest"
    );
    assert_eq!(story.holds(&id), ["a", "b"]);
    story.run(&in_ab("grey"));
    assert_eq!(
        (story.sky("a"), story.sky("b")),
        (&json!("grey"), &json!("grey"))
    );

    let moved = [intent(config("grey"), &["b", "c"], Options::default())];
    story.run(&moved);
    assert_eq!(story.holds(&id), ["b", "c"]);
    assert_eq!(story.outcome(&moved, "b", &id), Outcome::Synced);

    story.run(&[]);
    assert_eq!(
        story.holds(&id),
        ["b", "c"],
        "an intent that is not there is not one deleted"
    );
    story.withdraw(&id);
    story.run(&[]);
    assert_eq!(story.holds(&id), [""; 0]);
    assert!(
        story.driver.withdrawn.is_empty(),
        "and it is told that nothing is left"
    );
}

#[test]
fn a_field_that_is_not_ours_any_more_goes_and_what_others_wrote_stays() {
    let mut story = Story::begin();
    let mut more = config("blue");
    more["data"]["sea"] = json!("green");
    story.run(&[intent(more, &["a"], Options::default())]);
    let id = id(config(""));
    story
        .clusters
        .edit("a", &id, |object| object["data"]["theirs"] = json!(1));
    story.run(&[intent(config("blue"), &["a"], Options::default())]);
    let data = &story.clusters.get("a", &id).unwrap()["data"];
    assert_eq!(*data, json!({"sky": "blue", "theirs": 1}));
}

#[test]
fn a_cluster_that_is_away_keeps_what_it_has_and_is_cleaned_when_it_is_back() {
    let mut story = Story::begin();
    let id = id(config(""));
    story.run(&in_ab("blue"));
    story.clusters.set_away("b", true);
    story.withdraw(&id);
    story.run(&[]);
    assert_eq!(story.holds(&id), ["b"]);
    assert!(story.driver.withdrawn.contains(&id), "it is not forgotten");
    story.clusters.set_away("b", false);
    story.run(&[]);
    assert_eq!(story.holds(&id), [""; 0]);
}

#[test]
fn a_cluster_that_is_gone_for_good_is_not_waited_for() {
    let mut story = Story::begin();
    let id = id(config(""));
    story.run(&in_ab("blue"));
    story.clusters.set_away("b", true);
    story.withdraw(&id);
    story.driver.gone.insert("b".into());
    story.run(&[]);
    assert!(story.driver.withdrawn.is_empty());
}

#[test]
fn an_object_is_left_where_that_is_asked_for() {
    let mut story = Story::begin();
    let id = id(config(""));
    let left = |it: &mut Options| it.removal = Removal::Orphan;
    story.run(&[intent(config("blue"), &["a"], options(left))]);
    story.withdraw(&id);
    story.run(&[]);
    let object = story.clusters.get("a", &id).unwrap();
    assert_eq!(object["metadata"]["labels"], json!({}));
    assert!(story.driver.withdrawn.is_empty());
}

#[test]
fn nothing_is_done_while_it_is_suspended() {
    let mut story = Story::begin();
    story.run(&in_ab("blue"));
    let suspended = [intent(
        config("red"),
        &["c"],
        options(|it| it.suspended = true),
    )];
    story.run(&suspended);
    assert_eq!(story.holds(&id(config(""))), ["a", "b"]);
    assert_eq!(*story.sky("a"), json!("blue"));
}

#[test]
fn a_failure_is_tried_again_later_and_later() {
    let mut story = Story::begin();
    let wanted = desired(&in_ab("blue"));
    let mut at = Vec::new();
    for _ in 0..400 {
        let decision = story.driver.decide(&wanted, &story.clusters);
        story.driver.save(&decision);
        for action in decision
            .actions
            .iter()
            .filter(|action| action.cluster.as_str() == "a")
        {
            at.push(story.driver.now.as_second());
            story.driver.note(Answer::to(action, Err(Failure::Unclear)));
        }
        let next = decision.next_look.unwrap_or(story.driver.now);
        story.driver.now = next.max(story.driver.now);
    }
    let pauses: Vec<_> = at
        .windows(2)
        .take(8)
        .map(|pair| pair[1] - pair[0])
        .collect();
    assert_eq!(pauses, [5, 10, 20, 40, 80, 160, 300, 300]);
}

#[test]
fn a_memory_that_was_only_read_is_not_relied_upon() {
    let mut story = Story::begin();
    story.run(&in_ab("blue"));
    let memory = story.driver.memory.clone();
    story.driver.restart(&memory);
    let wanted = desired(&in_ab("grey"));
    let first = story.driver.decide(&wanted, &story.clusters);
    assert!(first.memory.needs_saving());
    assert!(first.actions.iter().all(|action| action.act == Act::Look));
    // And where nothing is to be done, nothing is saved.
    let quiet = story
        .driver
        .decide(&desired(&in_ab("blue")), &story.clusters);
    assert!(!quiet.memory.needs_saving() && quiet.actions.is_empty());
}
