//! What becomes of what others wrote, or write?

use fed_core::Mark;
use fed_core::reconcile::{Adoption, Conflicts, Drift, Options, Write};
use fed_core::status::Outcome;
use serde_json::{Value, json};

use super::{Story, in_ab};
use crate::worlds::{config, id, intent, options};

#[test]
fn drift_is_corrected_reported_or_left() {
    let drifted = Outcome::Drifted {
        fields: ["/data/sky".to_owned()].into(),
    };
    for (drift, sky, outcome) in [
        (Drift::Correct, "blue", Outcome::Synced),
        (Drift::Report, "red", drifted),
        (Drift::Ignore, "red", Outcome::Synced),
    ] {
        let mut story = Story::begin();
        let intents = [intent(
            config("blue"),
            &["a"],
            options(|it| it.drift = drift),
        )];
        story.run(&intents);
        let id = id(config(""));
        story
            .clusters
            .edit("a", &id, |object| object["data"]["sky"] = json!("red"));
        story.run(&intents);
        assert_eq!(story.outcome(&intents, "a", &id), outcome);
        assert_eq!(*story.sky("a"), json!(sky), "{drift:?}");
    }
}

#[test]
fn what_is_there_already_becomes_ours_only_if_it_may() {
    let id = id(config(""));
    for (adoption, there, adopted) in [
        (Adoption::Never, "blue", false),
        (Adoption::IfIdentical, "blue", true),
        (Adoption::IfIdentical, "red", false),
        (Adoption::IfUnowned, "red", true),
        (Adoption::Always, "red", true),
    ] {
        let mut story = Story::begin();
        story.clusters.put("a", &id, config(there));
        let intents = [intent(
            config("blue"),
            &["a"],
            options(|it| it.adoption = adoption),
        )];
        story.run(&intents);
        let is_ours = story.clusters.get("a", &id).unwrap()["metadata"]["labels"]["fed.dev/managed"]
            == json!("true");
        assert_eq!(is_ours, adopted, "{adoption:?} of {there}");
        story.withdraw(&id);
        story.run(&[]);
        let is_left = story.clusters.get("a", &id).is_some();
        assert_eq!(is_left, !adopted, "what is not ours is never deleted");
    }
}

#[test]
fn what_must_be_left_alone_is() {
    let mut story = Story::begin();
    let id = id(config(""));
    story.run(&in_ab("blue"));
    story.clusters.edit("a", &id, |object| {
        object["metadata"]["labels"]["fed.dev/managed"] = json!("false");
    });
    story.run(&in_ab("grey"));
    assert_eq!(
        (story.sky("a"), story.sky("b")),
        (&json!("blue"), &json!("grey"))
    );
    assert_eq!(
        story.outcome(&in_ab("grey"), "a", &id),
        Outcome::ReleasedByLabel
    );
    story.withdraw(&id);
    story.run(&[]);
    assert_eq!(story.holds(&id), ["a"]);
}

#[test]
fn a_conflict_is_reported_and_not_overwritten_unless_asked_for() {
    let named = |it: &mut Options| it.take_over = ["/data/sky".to_owned()].into();
    let other = |it: &mut Options| it.take_over = ["/data/sea".to_owned()].into();
    let force = |it: &mut Options| it.conflicts = Conflicts::Overwrite;
    for (asked, is_taken) in [
        (Options::default(), false),
        (options(other), false),
        (options(named), true),
        (options(force), true),
    ] {
        let mut story = Story::begin();
        let id = id(config(""));
        let mut before = config("blue");
        before["data"] = json!({"land": "green"});
        story.run(&[intent(before.clone(), &["a"], asked.clone())]);
        // Somebody writes a field that is not ours yet, and then we want it.
        story
            .clusters
            .edit("a", &id, |object| object["data"]["sky"] = json!("red"));
        story.run(&[intent(before, &["a"], asked.clone())]);
        let mut more = config("blue");
        more["data"]["land"] = json!("green");
        let more = [intent(more, &["a"], asked)];
        story.run(&more);
        let conflict = Outcome::Conflict {
            manager: "kubectl".to_owned(),
            fields: ["/data/sky".to_owned()].into(),
        };
        let (sky, outcome) = if is_taken {
            ("blue", Outcome::Synced)
        } else {
            ("red", conflict)
        };
        assert_eq!(*story.sky("a"), json!(sky));
        assert_eq!(story.outcome(&more, "a", &id), outcome);
    }
}

/// What a managed object says of its managers.
fn managers(object: &Value) -> Vec<(&str, &str)> {
    let entries = object["metadata"]["managedFields"].as_array().unwrap();
    entries
        .iter()
        .map(|it| {
            (
                it["manager"].as_str().unwrap(),
                it["operation"].as_str().unwrap(),
            )
        })
        .collect()
}

#[test]
fn what_was_updated_goes_away_when_it_is_not_applied_and_the_other_way_round() {
    let id = id(config(""));
    let mut two = config("blue");
    two["data"]["sea"] = json!("green");
    let ways = [Write::Apply, Write::Update];
    for (before, after) in ways
        .map(|way| (way, ways))
        .into_iter()
        .flat_map(|(before, ways)| ways.map(|after| (before, after)))
    {
        let mut story = Story::begin();
        let by = |way| options(|it| it.write = way);
        for sky in ["grey", "blue"] {
            two["data"]["sky"] = json!(sky);
            story.run(&[intent(two.clone(), &["a"], by(before))]);
        }
        story.run(&[intent(config("red"), &["a"], by(after))]);
        let object = story.clusters.whole("a", &id).unwrap();
        assert_eq!(
            object["data"],
            json!({"sky": "red"}),
            "{before:?} {after:?}"
        );
        let way = if after == Write::Apply {
            "Apply"
        } else {
            "Update"
        };
        assert_eq!(managers(&object), [("fed.dev", way)]);
    }
}

#[test]
fn what_kubefed_wrote_is_taken_over_whole() {
    let mut story = Story::begin();
    let id = id(config(""));
    let mut wrote = config("blue");
    wrote["data"]["sea"] = json!("green");
    wrote["metadata"]["labels"] = json!({"kubefed.io/managed": "true"});
    story.clusters.put_as("a", &id, wrote, "controller-manager");
    let wanted = [intent(config("grey"), &["a"], Options::default()).with_mark(Mark::KubeFed)];
    story.run(&wanted);
    let object = story.clusters.whole("a", &id).unwrap();
    assert_eq!(object["data"], json!({"sky": "grey"}));
    assert_eq!(managers(&object), [("fed.dev", "Apply")]);
}

#[test]
fn a_full_update_takes_labels_away_and_leaves_annotations() {
    let mut story = Story::begin();
    let id = id(config(""));
    let wanted = [intent(
        config("blue"),
        &["a"],
        options(|it| it.write = Write::Update),
    )];
    story.run(&wanted);
    story.clusters.edit("a", &id, |object| {
        object["metadata"]["labels"]["theirs"] = json!("yes");
        object["metadata"]["annotations"] = json!({"theirs": "yes"});
    });
    story.run(&wanted);
    let metadata = &story.clusters.get("a", &id).unwrap()["metadata"];
    assert_eq!(metadata["labels"], json!({"fed.dev/managed": "true"}));
    assert_eq!(metadata["annotations"], json!({"theirs": "yes"}));
}
