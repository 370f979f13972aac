//! A controller with owned objects and a finalizer, as the documentation of `kube` writes one.

use std::sync::Arc;
use std::time::Duration;

use fed_testkit::server::Controllers;
use futures::StreamExt;
use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::api::{DeleteParams, Patch, PatchParams, PostParams};
use kube::runtime::controller::{Action, Controller};
use kube::runtime::finalizer::{Event, finalizer};
use kube::runtime::{wait, watcher};
use kube::{Api, Client, CustomResource, CustomResourceExt, Resource, ResourceExt};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{cluster, within_a_day};

/// A plant that has a label, which is a ConfigMap.
#[derive(CustomResource, Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[kube(
    group = "garden.example.com",
    version = "v1",
    kind = "Plant",
    namespaced,
    status = "PlantStatus"
)]
struct PlantSpec {
    colour: String,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct PlantStatus {
    labelled_as: Option<String>,
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0}")]
    Kube(#[from] kube::Error),
    #[error("{0}")]
    Finalizer(#[from] Box<kube::runtime::finalizer::Error<kube::Error>>),
}

const FINALIZER: &str = "garden.example.com/dig";

async fn reconcile(plant: Arc<Plant>, client: Arc<Client>) -> Result<Action, Failure> {
    let client = (*client).clone();
    let plants: Api<Plant> = Api::default_namespaced(client.clone());
    let done = finalizer(&plants, FINALIZER, plant, async |event| match event {
        Event::Apply(plant) => label(client.clone(), &plant).await,
        Event::Cleanup(plant) => {
            // What is left behind is for others to find.
            let maps: Api<ConfigMap> = Api::default_namespaced(client.clone());
            let note: ConfigMap = serde_json::from_value(json!({
                "metadata": {"name": format!("was-{}", plant.name_any())},
            }))
            .expect("a map");
            maps.create(&PostParams::default(), &note).await?;
            Ok(Action::await_change())
        }
    });
    Ok(done.await.map_err(Box::new)?)
}

async fn label(client: Client, plant: &Plant) -> Result<Action, kube::Error> {
    let maps: Api<ConfigMap> = Api::default_namespaced(client.clone());
    let plants: Api<Plant> = Api::default_namespaced(client);
    let name = plant.name_any();
    let params = PatchParams::apply("gardener").force();
    let map = json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": name, "ownerReferences": [plant.controller_owner_ref(&())]},
        "data": {"colour": plant.spec.colour},
    });
    maps.patch(&name, &params, &Patch::Apply(map)).await?;
    let status = json!({
        "apiVersion": "garden.example.com/v1", "kind": "Plant",
        "status": {"labelledAs": plant.spec.colour},
    });
    plants
        .patch_status(&name, &params, &Patch::Apply(status))
        .await?;
    Ok(Action::requeue(Duration::from_hours(1)))
}

#[tokio::test(start_paused = true)]
async fn a_controller_keeps_what_it_owns_and_clears_up() {
    within_a_day(story()).await;
}

async fn story() {
    let cluster = cluster().with_controllers(Controllers::all());
    let client = Client::new(cluster.clone(), "default");
    let definitions: Api<CustomResourceDefinition> = Api::all(client.clone());
    definitions
        .create(&PostParams::default(), &Plant::crd())
        .await
        .expect("defined");
    let name = Plant::crd().name_any();
    let established =
        wait::await_condition(definitions, &name, wait::conditions::is_crd_established());
    established.await.expect("established");

    let plants: Api<Plant> = Api::default_namespaced(client.clone());
    let maps: Api<ConfigMap> = Api::default_namespaced(client.clone());
    let controller = Controller::new(plants.clone(), watcher::Config::default())
        .owns(maps.clone(), watcher::Config::default())
        .run(
            reconcile,
            |_, error, _| panic!("{error}"),
            Arc::new(client.clone()),
        )
        .for_each(|_| async {});
    let controller = tokio::spawn(controller);

    let rose = Plant::new(
        "rose",
        PlantSpec {
            colour: "red".to_owned(),
        },
    );
    plants
        .create(&PostParams::default(), &rose)
        .await
        .expect("planted");
    let is_labelled = |colour: &'static str| {
        move |map: Option<&ConfigMap>| {
            let data = map.and_then(|map| map.data.as_ref());
            data.is_some_and(|data| data.get("colour").is_some_and(|told| told == colour))
        }
    };
    let labelled = wait::await_condition(maps.clone(), "rose", is_labelled("red"));
    labelled.await.expect("labelled");
    // What somebody else changes is put right, as it is owned.
    let wrong = json!({"data": {"colour": "grey"}});
    maps.patch("rose", &PatchParams::default(), &Patch::Merge(wrong))
        .await
        .expect("changed");
    let labelled = wait::await_condition(maps.clone(), "rose", is_labelled("red"));
    labelled.await.expect("labelled again");
    let is_told = |plant: Option<&Plant>| {
        let status = plant.and_then(|plant| plant.status.as_ref());
        status.is_some_and(|status| status.labelled_as.as_deref() == Some("red"))
    };
    wait::await_condition(plants.clone(), "rose", is_told)
        .await
        .expect("told");

    // Once all is as it should be, nothing more is written.
    tokio::time::sleep(Duration::from_mins(10)).await;
    let before = cluster.server(|server, _| server.version());
    tokio::time::sleep(Duration::from_hours(5)).await;
    assert_eq!(cluster.server(|server, _| server.version()), before);

    let planted = plants.get("rose").await.expect("there");
    assert!(planted.finalizers().contains(&FINALIZER.to_owned()));
    let uid = planted.uid().expect("a uid");
    plants
        .delete("rose", &DeleteParams::default())
        .await
        .expect("dug out");
    let gone = wait::await_condition(plants, "rose", wait::conditions::is_deleted(&uid));
    gone.await.expect("gone");
    assert!(maps.get_opt("was-rose").await.expect("an answer").is_some());
    // What it owned is garbage.
    assert!(maps.get_opt("rose").await.expect("an answer").is_none());
    controller.abort();
}
