//! What happens in the cases that people ask about?

use fed_core::reconcile::{
    Adoption, Conflicts, Desired, Drift, Failure, Moves, Options, Outcome, Removal, Standing,
};
use fed_core::{Intent, ObjectId};
use fed_testkit::maps::{Driver, MapClusters};
use serde_json::{Value, json};

use crate::worlds::{CLUSTERS, config, deployment, desired, divided, id, intent, namespace};

fn options(change: impl FnOnce(&mut Options)) -> Options {
    let mut options = Options::default();
    change(&mut options);
    options
}

struct Story {
    driver: Driver,
    clusters: MapClusters,
}

impl Story {
    fn begin() -> Self {
        Self {
            driver: Driver::default(),
            clusters: MapClusters::of(CLUSTERS),
        }
    }

    fn run(&mut self, intents: &[Intent]) -> usize {
        self.run_to(&desired(intents))
    }

    fn run_to(&mut self, desired: &Desired) -> usize {
        let rounds = self.driver.run(desired, &mut self.clusters, 30);
        rounds.expect("it comes to rest")
    }

    fn standing(&mut self, intents: &[Intent], cluster: &str, id: &ObjectId) -> Standing {
        let decision = self.driver.decide(&desired(intents), &self.clusters);
        decision.standings[&id.versionless()][cluster].clone()
    }

    fn holds(&self, id: &ObjectId) -> Vec<&'static str> {
        let holds = |name: &&'static str| self.clusters.get(name, id).is_some();
        CLUSTERS.into_iter().filter(holds).collect()
    }

    fn sky(&self, cluster: &str) -> &Value {
        &self.clusters.get(cluster, &id(config(""))).unwrap()["data"]["sky"]
    }
}

fn in_ab(value: &str) -> [Intent; 1] {
    [intent(config(value), &["a", "b"], Options::default())]
}

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
    assert_eq!(story.standing(&moved, "b", &id), Standing::Synced);

    story.run(&[]);
    assert_eq!(
        story.holds(&id),
        ["b", "c"],
        "an intent that is not there is not one deleted"
    );
    story.driver.withdrawn.insert(id.clone());
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
fn drift_is_corrected_reported_or_left() {
    for (drift, sky, standing) in [
        (Drift::Correct, "blue", Standing::Synced),
        (
            Drift::Report,
            "red",
            Standing::Drifted(vec!["/data/sky".to_owned()]),
        ),
        (Drift::Ignore, "red", Standing::Synced),
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
        // Reported drift is looked at again and again, and nothing is done.
        let desired = desired(&intents);
        for _ in 0..6 {
            let decision = story.driver.decide(&desired, &story.clusters);
            story.driver.save(&decision);
            for action in &decision.actions {
                let outcome = story.clusters.perform(action);
                story.driver.note(outcome);
            }
            if let Some(found) = decision.standings[&id.versionless()].get("a")
                && *found == standing
            {
                break;
            }
        }
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
        story.driver.withdrawn.insert(id.clone());
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
    assert_eq!(story.standing(&in_ab("grey"), "a", &id), Standing::Released);
    story.driver.withdrawn.insert(id.clone());
    story.run(&[]);
    assert_eq!(story.holds(&id), ["a"]);
}

#[test]
fn a_cluster_that_is_away_keeps_what_it_has_and_is_cleaned_when_it_is_back() {
    let mut story = Story::begin();
    let id = id(config(""));
    story.run(&in_ab("blue"));
    story.clusters.set_away("b", true);
    story.driver.withdrawn.insert(id.clone());
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
    story.driver.withdrawn.insert(id.clone());
    story.driver.gone.insert("b".into());
    story.run(&[]);
    assert!(story.driver.withdrawn.is_empty());
}

#[test]
fn a_namespace_comes_first_and_goes_last() {
    let mut story = Story::begin();
    let everything = [
        intent(namespace(), &["a"], Options::default()),
        intent(config("blue"), &["a"], Options::default()),
    ];
    let (space, object) = (id(namespace()), id(config("")));
    let wanted = desired(&everything);
    let mut order = Vec::new();
    for _ in 0..6 {
        let decision = story.driver.decide(&wanted, &story.clusters);
        story.driver.save(&decision);
        for action in &decision.actions {
            order.push(action.to_string());
            let outcome = story.clusters.perform(action);
            story.driver.note(outcome);
        }
    }
    assert_eq!(
        order,
        [
            "create Namespace shop in a",
            "create ConfigMap shop/colours in a"
        ]
    );
    story.driver.withdrawn.extend([space, object]);
    let mut order = Vec::new();
    let nothing = desired(&[]);
    for _ in 0..6 {
        let decision = story.driver.decide(&nothing, &story.clusters);
        story.driver.save(&decision);
        for action in &decision.actions {
            order.push(action.to_string());
            let outcome = story.clusters.perform(action);
            story.driver.note(outcome);
        }
    }
    assert_eq!(
        order,
        [
            "delete ConfigMap shop/colours in a",
            "delete Namespace shop in a"
        ]
    );
}

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
fn an_object_is_left_where_that_is_asked_for() {
    let mut story = Story::begin();
    let id = id(config(""));
    let left = |it: &mut Options| it.removal = Removal::Orphan;
    story.run(&[intent(config("blue"), &["a"], options(left))]);
    story.driver.withdrawn.insert(id.clone());
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
            let fails = Err(Failure::Unclear);
            let outcome = Outcome::new("a", action.object.clone(), None, fails);
            story.driver.note(outcome);
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
fn a_conflict_is_reported_and_not_overwritten_unless_asked_for() {
    let mut story = Story::begin();
    let id = id(config(""));
    story.run(&in_ab("blue"));
    let grey = in_ab("grey");
    let decision = story.driver.decide(&desired(&grey), &story.clusters);
    for action in &decision.actions {
        let hash = match &action.act {
            fed_core::reconcile::Act::Apply { hash, .. } => Some(*hash),
            _ => None,
        };
        let failed = Err(Failure::Conflict);
        story.driver.note(Outcome::new(
            action.cluster.clone(),
            id.clone(),
            hash,
            failed,
        ));
    }
    assert_eq!(
        story.standing(&grey, "a", &id),
        Standing::Failed(Failure::Conflict, None)
    );
    let force = options(|it| it.conflicts = Conflicts::Overwrite);
    story.run(&[intent(config("white"), &["a", "b"], force)]);
    assert_eq!(*story.sky("a"), json!("white"));
}
