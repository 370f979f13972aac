//! What happens in the cases that people ask about?

use fed_core::kinds::{DeclaredKind, Kinds, Scope};
use fed_core::reconcile::{
    Act, Adoption, Answer, Conflicts, Dependencies, Desired, Drift, Failure, Moves, Options,
    Removal, Replacement, Write,
};
use fed_core::status::{Operation, Outcome, State};
use fed_core::{GroupVersionKind, Intent, Mark, ObjectId};
use fed_testkit::maps::{Driver, MapClusters};
use serde_json::{Value, json};

use crate::worlds::{
    CLUSTERS, config, deployment, desired, divided, id, intent, namespace, options,
};

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

    fn outcome(&mut self, intents: &[Intent], cluster: &str, id: &ObjectId) -> Outcome {
        let decision = self.driver.decide(&desired(intents), &self.clusters);
        decision.states[&id.versionless()]
            .get(&cluster.into())
            .unwrap()
            .outcome
            .clone()
    }

    fn withdraw(&mut self, id: &ObjectId) {
        self.driver.withdraw(id, None);
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
    story.withdraw(&space);
    story.withdraw(&object);
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

#[test]
fn the_hosts_own_namespace_is_marked_and_left_and_never_deleted() {
    let mut story = Story::begin();
    let id = id(namespace());
    let mut own = namespace();
    own["metadata"]["uid"] = json!("own");
    own["metadata"]["labels"] = json!({"theirs": "yes"});
    story.clusters.put("a", &id, own);
    story.driver.host_namespaces.insert("own".into());
    let never = options(|it| it.adoption = Adoption::Never);
    story.run(&[intent(namespace(), &["a", "b"], never)]);
    let labels =
        |story: &Story| story.clusters.get("a", &id).unwrap()["metadata"]["labels"].clone();
    assert_eq!(
        labels(&story),
        json!({"theirs": "yes", "fed.dev/managed": "true"})
    );
    story.withdraw(&id);
    story.run(&[]);
    assert_eq!(story.holds(&id), ["a"]);
    assert_eq!(labels(&story), json!({"theirs": "yes"}));
}

#[test]
fn a_namespace_waits_for_what_is_in_it_whosever_it_is() {
    let mut story = Story::begin();
    let (space, theirs) = (id(namespace()), id(config("")));
    let spaces = [intent(namespace(), &["a"], Options::default())];
    story.run(&spaces);
    story.clusters.put("a", &theirs, config("red"));
    story.withdraw(&space);
    story.run(&[]);
    assert_eq!(story.holds(&space), ["a"]);
    assert_eq!(
        story.outcome(&[], "a", &space),
        Outcome::WaitingFor {
            operation: Operation::Delete,
            awaited: "ConfigMap shop/colours to be gone".to_owned(),
        }
    );
    story.clusters.delete("a", &theirs);
    story.run(&[]);
    assert_eq!(story.holds(&space), [""; 0]);
}

#[test]
fn a_definition_comes_before_its_objects_and_goes_after_them() {
    let mut story = Story::begin();
    let definition = json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "runs.example.com"},
        "spec": {"group": "example.com", "names": {"kind": "Run"}},
    });
    let kinds = Kinds::builtin().with(DeclaredKind::new(
        GroupVersionKind::new("example.com", "v1", "Run"),
        "runs",
        Scope::Namespaced,
    ));
    let run = json!({
        "apiVersion": "example.com/v1", "kind": "Run",
        "metadata": {"name": "one", "namespace": "shop"}, "spec": {},
    });
    let run = Intent::of_kind(run, &kinds)
        .unwrap()
        .place(fed_core::Placement::clusters(["a"]))
        .with_namespace_rule(fed_core::NamespaceRule::Independent);
    let both = [
        intent(definition.clone(), &["a"], Options::default()),
        run.clone(),
    ];
    let (definition, run) = (id(definition), run.target().clone());
    story.run(&both);
    assert_eq!(
        story.holds(&run),
        [""; 0],
        "the definition is not established yet"
    );
    story.clusters.edit("a", &definition, |object| {
        object["status"] = json!({"conditions": [{"type": "Established", "status": "True"}]});
    });
    story.run(&both);
    assert_eq!(story.holds(&run), ["a"]);

    story.clusters.edit("a", &run, |object| {
        object["metadata"]["finalizers"] = json!(["example.com/busy"]);
    });
    story.withdraw(&definition);
    story.withdraw(&run);
    story.run(&[]);
    assert_eq!(story.outcome(&[], "a", &run), Outcome::WaitingForRemoval);
    assert_eq!(story.holds(&definition), ["a"]);
    story.clusters.edit("a", &run, |object| {
        object["metadata"]["finalizers"] = json!([]);
    });
    story.run(&[]);
    assert_eq!(story.clusters.count(), 0);
    assert!(story.driver.withdrawn.is_empty());
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
