//! What comes before what, and goes after it?

use fed_core::kinds::{DeclaredKind, Kinds, Scope};
use fed_core::reconcile::{Adoption, Options};
use fed_core::status::{Operation, Outcome};
use fed_core::{GroupVersionKind, Intent};
use serde_json::json;

use super::Story;
use crate::worlds::{config, desired, id, intent, namespace, options};

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
