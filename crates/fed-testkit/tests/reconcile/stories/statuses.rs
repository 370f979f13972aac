//! What is told of an object that runs in many clusters?

use fed_core::kinds::{Kinds, Manners};
use fed_core::reconcile::Options;
use fed_core::status::{HealthState, Round, native};
use serde_json::{Value, json};

use super::Story;
use crate::worlds::{desired, id, intent};

fn ingress() -> Value {
    json!({
        "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
        "metadata": {"name": "web", "namespace": "shop"}, "spec": {},
    })
}

#[test]
fn health_and_statuses_of_all_clusters_become_one_status() {
    let mut story = Story::begin();
    let wanted = [intent(ingress(), &["a", "b"], Options::default())];
    let id = id(ingress());
    story.run(&wanted);
    story.clusters.edit("a", &id, |object| {
        object["status"] = json!({"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}});
    });
    let decision = story.driver.decide(&desired(&wanted), &story.clusters);
    let states = &decision.states[&id.versionless()];
    let health = |cluster: &str| states.get(&cluster.into()).unwrap().health;
    assert_eq!(health("a"), HealthState::Healthy);
    assert_eq!(health("b"), HealthState::Progressing);

    let kinds = Kinds::builtin();
    let kind = kinds.find("networking.k8s.io", "Ingress").unwrap();
    let whole = states.aggregated(&**kind, &ingress(), Manners::Native);
    let whole = whole.expect("addresses add up");
    let clusters = states.clone().into_clusters();
    let round = Round::new(&id, 1, &clusters, story.driver.now).aggregated(&whole);
    insta::assert_json_snapshot!(native::status(None, &round).unwrap());
}

#[test]
fn an_ingress_goes_only_when_another_has_an_address() {
    let mut story = Story::begin();
    let in_cluster = |cluster: &str| [intent(ingress(), &[cluster], Options::default())];
    let id = id(ingress());
    let reached = |story: &mut Story, cluster: &str| {
        story.clusters.edit(cluster, &id, |object| {
            object["status"] = json!({"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}});
        });
    };
    story.run(&in_cluster("a"));
    reached(&mut story, "a");
    story.run(&in_cluster("b"));
    assert_eq!(story.holds(&id), ["a", "b"]);
    reached(&mut story, "b");
    story.run(&in_cluster("b"));
    assert_eq!(story.holds(&id), ["b"]);
}
