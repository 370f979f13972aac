//! `kube`'s own client and controllers, unchanged.

use fed_testkit::cluster::{FakeCluster, RuntimeClock};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{DeleteParams, Patch, PatchParams, PostParams};
use kube::{Api, Client};
use serde_json::json;

fn cluster() -> FakeCluster {
    let start = "2030-01-01T12:00:00Z".parse().expect("a time");
    FakeCluster::new(1, RuntimeClock::starting_at(start))
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
    let map: ConfigMap =
        serde_json::from_value(json!({"metadata": {"name": "a"}, "data": {"b": "1"}}))
            .expect("a map");
    let made = maps
        .create(&PostParams::default(), &map)
        .await
        .expect("made");
    assert!(made.metadata.uid.is_some());
    let again = maps
        .create(&PostParams::default(), &map)
        .await
        .expect_err("there already");
    assert!(matches!(again, kube::Error::Api(status) if status.is_already_exists()));
    let patch = json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"c": "2"}});
    let params = PatchParams::apply("me");
    let applied = maps
        .patch("a", &params, &Patch::Apply(patch))
        .await
        .expect("applied");
    assert_eq!(applied.data.expect("data").len(), 2);
    maps.delete("a", &DeleteParams::default())
        .await
        .expect("removed");
    assert!(maps.get_opt("a").await.expect("an answer").is_none());
}
