//! What does a cluster keep of its own when its object is written over?

use fed_core::reconcile::{Conflicts, Dependencies, Options, Write};
use fed_core::status::{Outcome, State};
use fed_core::{Division, Intent, Override, PatchOperation};
use serde_json::{Value, json};

use super::Story;
use crate::worlds::{deployment, desired, id, intent, options};

fn retaining(write: Write) -> Options {
    options(|it| {
        it.write = write;
        it.retain_replicas = true;
    })
}

fn replicas(story: &Story) -> &Value {
    &story.clusters.get("a", &id(deployment(1))).unwrap()["spec"]["replicas"]
}

fn with_image(image: &str) -> Value {
    let mut object = deployment(3);
    object["spec"]["image"] = json!(image);
    object
}

#[test]
fn the_replicas_of_an_autoscaler_stay_however_the_object_is_written() {
    for write in [Write::Apply, Write::Update] {
        let mut story = Story::begin();
        let wanted = |image| [intent(with_image(image), &["a"], retaining(write))];
        story.run(&wanted("one"));
        assert_eq!(*replicas(&story), 3, "{write:?}");
        story.clusters.edit("a", &id(deployment(1)), |object| {
            object["spec"]["replicas"] = json!(7);
        });
        story.run(&wanted("one"));
        assert_eq!(*replicas(&story), 7, "{write:?}: it is no drift");
        story.run(&wanted("two"));
        let object = story.clusters.get("a", &id(deployment(1))).unwrap();
        assert_eq!(
            object["spec"],
            json!({"replicas": 7, "image": "two"}),
            "{write:?}"
        );
    }
}

#[test]
fn what_an_override_or_a_division_sets_wins_over_what_the_cluster_has() {
    let set = Override::new([PatchOperation::replace("/spec/replicas", json!(3))]);
    let ways: [fn(Intent, Override) -> Intent; 2] = [
        |intent, set| intent.customize(&[set]),
        |intent, _| intent.divide(Division::of(3)),
    ];
    for way in ways {
        for write in [Write::Apply, Write::Update] {
            let mut story = Story::begin();
            let wanted = || {
                let intent = intent(deployment(3), &["a"], retaining(write));
                [way(intent, set.clone())]
            };
            story.run(&wanted());
            story.clusters.edit("a", &id(deployment(1)), |object| {
                object["spec"]["replicas"] = json!(7);
            });
            story.run(&wanted());
            assert_eq!(*replicas(&story), 3, "{write:?}");
        }
    }
}

fn service(spec: &Value) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Service",
        "metadata": {"name": "web", "namespace": "shop"}, "spec": spec,
    })
}

#[test]
fn a_service_keeps_the_address_that_its_cluster_gave_it() {
    for write in [Write::Apply, Write::Update] {
        let mut story = Story::begin();
        let planned = |port: u16| {
            let spec = json!({"clusterIP": "10.0.0.1", "ports": [{"port": port}]});
            let by = options(|it| {
                it.write = write;
                it.conflicts = Conflicts::Overwrite;
            });
            [intent(service(&spec), &["a"], by)]
        };
        let id = id(service(&json!({})));
        story.run(&planned(80));
        story.clusters.edit("a", &id, |object| {
            object["spec"]["clusterIP"] = json!("10.9.9.9");
        });
        story.run(&planned(80));
        story.run(&planned(81));
        let spec = &story.clusters.get("a", &id).unwrap()["spec"];
        assert_eq!(
            *spec,
            json!({"clusterIP": "10.9.9.9", "ports": [{"port": 81}]}),
            "{write:?}"
        );
        // An override means what it says.
        let set = PatchOperation::replace("/spec/clusterIP", json!("10.0.0.2"));
        let overridden = planned(81).map(|it| it.customize(&[Override::new([set.clone()])]));
        story.run(&overridden);
        let spec = &story.clusters.get("a", &id).unwrap()["spec"];
        assert_eq!(spec["clusterIP"], "10.0.0.2", "{write:?}");
    }
}

#[test]
fn what_cannot_be_kept_is_told_and_not_written_over() {
    let mut story = Story::begin();
    let by = options(|it| it.write = Write::Update);
    let wanted = |port: u16| {
        let ports = json!({"ports": [{"port": port}]});
        [intent(service(&ports), &["a"], by.clone())]
    };
    let id = id(service(&json!({})));
    story.run(&wanted(80));
    story.clusters.edit("a", &id, |object| {
        object["spec"]["clusterIP"] = json!(7);
    });
    story.run(&wanted(81));
    let outcome = story.outcome(&wanted(81), "a", &id);
    assert_eq!(outcome.state(), State::Failed);
    let told = Outcome::failed(
        fed_core::status::Step::Retain,
        "spec.clusterIP must be text: correct the object, or the controller that writes it",
    );
    assert_eq!(outcome, told);
}

#[test]
fn labels_that_others_take_are_put_back_though_no_generation_tells_of_it() {
    let mut story = Story::begin();
    let mut labelled = deployment(2);
    labelled["metadata"]["labels"] = json!({"team": "shop"});
    let wanted = [intent(labelled, &["a"], Options::default())];
    let id = id(deployment(1));
    story.run(&wanted);
    story.clusters.edit("a", &id, |object| {
        object["metadata"]["labels"]["team"] = json!("other");
    });
    story.run(&wanted);
    let metadata = &story.clusters.get("a", &id).unwrap()["metadata"];
    assert_eq!(metadata["labels"]["team"], "shop");
}

#[test]
fn a_claim_that_follows_a_workload_keeps_the_volume_that_its_cluster_bound() {
    let mut story = Story::begin();
    let mut workload = deployment(1);
    workload["spec"]["template"]["spec"] = json!({
        "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}],
    });
    let by = options(|it| {
        it.write = Write::Update;
        it.dependencies = Dependencies::Follow;
    });
    let wanted = [intent(workload, &["a"], by)];
    let claim = |size: &str| {
        json!({
            "apiVersion": "v1", "kind": "PersistentVolumeClaim",
            "metadata": {"name": "data", "namespace": "shop"},
            "spec": {"resources": {"requests": {"storage": size}}},
        })
    };
    let id = id(claim("1Gi"));
    let with = |size: &str| desired(&wanted).followed_by([(id.clone(), claim(size))]);
    story.run_to(&with("1Gi"));
    story.clusters.edit("a", &id, |object| {
        object["spec"]["volumeName"] = json!("pv-7");
    });
    story.run_to(&with("2Gi"));
    let spec = &story.clusters.get("a", &id).unwrap()["spec"];
    assert_eq!(
        *spec,
        json!({"resources": {"requests": {"storage": "2Gi"}}, "volumeName": "pv-7"})
    );
}
