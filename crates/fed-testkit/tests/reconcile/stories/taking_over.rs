//! What happens to what KubeFed left, when its federated objects are taken over?

use fed_core::dialect::kubefed::versions::{Hashes, object_version};
use fed_core::reconcile::{Options, Recorded, Removal};
use fed_core::status::State;
use fed_core::{Intent, Mark, Override, PatchOperation};
use serde_json::{Value, json};

use super::Story;
use crate::worlds::{config, deployment, desired, id, intent};

/// What a cluster holds of an object that KubeFed brought there.
fn left(mut object: Value) -> Value {
    object["metadata"]["labels"] = json!({"kubefed.io/managed": "true"});
    object
}

fn wanted(object: Value) -> [Intent; 1] {
    [intent(object, &["a"], Options::kubefed()).with_mark(Mark::KubeFed)]
}

/// A cluster with an object of KubeFed's, and the record of it.
fn taken_over(object: &Value, federated: &Value) -> Story {
    let mut story = Story::begin();
    let id = id(object.clone());
    let manager = "controller-manager";
    story
        .clusters
        .put_as("a", &id, left(object.clone()), manager);
    let version = object_version(story.clusters.get("a", &id).unwrap());
    let hashes = Hashes::of(federated);
    let status = hashes.propagated(None, [("a", &*version)]).unwrap();
    story.driver.recorded = Recorded::default().with(&id, hashes.recorded(&status));
    story
}

fn federated(object: &Value) -> Value {
    json!({"spec": {"template": object}})
}

fn version(story: &Story, object: &Value) -> Value {
    let object = story.clusters.get("a", &id(object.clone())).unwrap();
    object["metadata"]["resourceVersion"].clone()
}

#[test]
fn what_kubefed_wrote_last_is_not_written_again() {
    for object in [config("blue"), deployment(2)] {
        let mut story = taken_over(&object, &federated(&object));
        let before = version(&story, &object);
        story.run(&wanted(object.clone()));
        assert_eq!(version(&story, &object), before);
        // What was learnt is recorded as KubeFed does it.
        let desired = desired(&wanted(object.clone()));
        let id = id(object.clone());
        let written = desired.versions_written(&story.driver.memory, &id);
        let written: Vec<_> = written.collect();
        let live = object_version(story.clusters.get("a", &id).unwrap());
        assert_eq!(written, [("a", &*live)]);
        // And from then on no record is needed.
        story.driver.recorded = Recorded::default();
        story.run(&wanted(object.clone()));
        assert_eq!(version(&story, &object), before);
    }
}

#[test]
fn what_was_changed_in_the_meantime_is_written() {
    // The template of then had more.
    let mut more = config("blue");
    more["data"]["sea"] = json!("green");
    let mut story = taken_over(&more, &federated(&more));
    let hashes = Hashes::of(&federated(&config("blue")));
    let status = Hashes::of(&federated(&more))
        .propagated(None, [("a", "rv:#1")])
        .unwrap();
    let recorded = hashes.recorded(&status);
    story.driver.recorded = Recorded::default().with(&id(config("")), recorded);
    story.run(&wanted(config("blue")));
    let object = story.clusters.get("a", &id(config(""))).unwrap();
    assert_eq!(object["data"], json!({"sky": "blue"}));

    // Somebody changed what is there: its labels, of which no generation tells.
    let object = deployment(2);
    let mut story = taken_over(&object, &federated(&object));
    let id = id(object.clone());
    story.clusters.edit("a", &id, |object| {
        object["metadata"]["labels"]["theirs"] = json!("yes");
    });
    story.run(&wanted(object));
    let labels = &story.clusters.get("a", &id).unwrap()["metadata"]["labels"];
    assert_eq!(*labels, json!({"kubefed.io/managed": "true"}));
}

#[test]
fn a_bad_patch_holds_up_one_cluster_until_it_is_mended() {
    let mut story = Story::begin();
    let id = id(config(""));
    let patched = |sky: &str, path: &str| {
        let patch = Override::new([PatchOperation::replace(path, json!("red"))]);
        let intent = intent(config(sky), &["a", "b"], Options::kubefed());
        [intent.customize(&[patch.in_clusters(["b"])])]
    };
    story.run(&patched("blue", "/data/sky"));
    story.run(&patched("grey", "/data/none/at/all"));
    assert_eq!(
        (story.sky("a"), story.sky("b")),
        (&json!("grey"), &json!("red"))
    );
    let outcome = story.outcome(&patched("grey", "/data/none/at/all"), "b", &id);
    assert_eq!(outcome.state(), State::NotDeliverable);
    story.run(&patched("grey", "/data/sky"));
    assert_eq!(*story.sky("b"), json!("red"));
}

#[test]
fn options_of_deletion_count_where_a_cluster_is_unselected_and_all_are_cleaned() {
    let asked = || {
        let mut options = Options::kubefed();
        options.removal = Removal::Foreground;
        options
    };
    let mut story = Story::begin();
    let id = id(config(""));
    story.run(&[intent(config("blue"), &["a", "b"], asked())]);
    let fewer = desired(&[intent(config("blue"), &["a"], asked())]);
    let decision = story.driver.decide(&fewer, &story.clusters);
    let told = format!("{:?}", decision.actions[0].act);
    assert_eq!(told, "delete (Foreground)");
    // Before that is done, the object is deleted: cluster b is not forgotten.
    story.withdraw(&id);
    story.run(&[]);
    assert_eq!(story.holds(&id), Vec::<&str>::new());
}
