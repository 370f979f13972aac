//! `kube`'s own client, watchers and controllers, unchanged.

mod controller;
mod lease;
mod watching;

use std::time::Duration;

use fed_testkit::cluster::{FakeCluster, RuntimeClock};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{DeleteParams, ListParams, Patch, PatchParams, PostParams};
use kube::{Api, Client, Discovery};
use serde_json::json;

fn cluster() -> FakeCluster {
    let start = "2030-01-01T12:00:00Z".parse().expect("a time");
    FakeCluster::new(1, RuntimeClock::starting_at(start))
}

/// What has not happened after a day of the cluster's time never happens.
async fn within_a_day<F: Future>(future: F) -> F::Output {
    let outcome = tokio::time::timeout(Duration::from_hours(24), future).await;
    outcome.expect("it does not happen")
}

fn map(name: &str) -> ConfigMap {
    serde_json::from_value(json!({"metadata": {"name": name}, "data": {"b": "1"}})).expect("a map")
}

#[tokio::test]
async fn objects_are_made_read_patched_and_removed() {
    let client = Client::new(cluster(), "default");
    let version = client.apiserver_version().await.expect("a version");
    assert_eq!(
        (version.major.as_str(), version.minor.as_str()),
        ("1", "36")
    );
    let maps: Api<ConfigMap> = Api::default_namespaced(client);
    let made = maps.create(&PostParams::default(), &map("a")).await;
    assert!(made.expect("made").metadata.uid.is_some());
    let again = maps.create(&PostParams::default(), &map("a")).await;
    let again = again.expect_err("there already");
    assert!(matches!(again, kube::Error::Api(status) if status.is_already_exists()));
    let patch = json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"c": "2"}});
    let params = PatchParams::apply("me");
    let applied = maps.patch("a", &params, &Patch::Apply(patch)).await;
    assert_eq!(applied.expect("applied").data.expect("data").len(), 2);
    let all = maps.list(&ListParams::default()).await.expect("a list");
    assert_eq!(all.items.len(), 1);
    let gone = maps.delete("a", &DeleteParams::default()).await;
    gone.expect("removed");
    assert!(maps.get_opt("a").await.expect("an answer").is_none());
}

#[tokio::test]
async fn kinds_are_discovered_in_both_ways() {
    let client = Client::new(cluster(), "default");
    for discovery in [
        Discovery::new(client.clone()).run_aggregated().await,
        Discovery::new(client.clone()).run().await,
    ] {
        let discovery = discovery.expect("discovered");
        let apps = discovery.get("apps").expect("a group");
        let (kind, capabilities) = apps.recommended_kind("Deployment").expect("a kind");
        assert_eq!(
            (kind.version.as_str(), kind.plural.as_str()),
            ("v1", "deployments")
        );
        assert!(capabilities.supports_operation("watch"));
    }
}
