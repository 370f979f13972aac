//! Reflectors and watchers: what they hold is what is there, across ends and losses of watches.

use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{DeleteParams, Patch, PatchParams, PostParams};
use kube::runtime::reflector::{self, ObjectRef};
use kube::runtime::{WatchStreamExt, watcher};
use kube::{Api, Client};
use serde_json::json;

use super::{cluster, map, within_a_day};

/// A reflector follows what happens, in both ways of beginning a watch.
#[tokio::test(start_paused = true)]
async fn a_reflector_holds_what_is_there() {
    for config in [
        watcher::Config::default(),
        watcher::Config::default().streaming_lists(),
    ] {
        let client = Client::new(cluster(), "default");
        let maps: Api<ConfigMap> = Api::default_namespaced(client);
        maps.create(&PostParams::default(), &map("first"))
            .await
            .expect("made");
        let (store, writer) = reflector::store();
        let stream = watcher(maps.clone(), config)
            .reflect(writer)
            .applied_objects();
        let task = tokio::spawn(stream.try_for_each(|_| async { Ok(()) }));
        store.wait_until_ready().await.expect("ready");
        assert!(
            store
                .get(&ObjectRef::new("first").within("default"))
                .is_some()
        );

        maps.create(&PostParams::default(), &map("second"))
            .await
            .expect("made");
        let label = json!({"metadata": {"labels": {"is": "labelled"}}});
        maps.patch("first", &PatchParams::default(), &Patch::Merge(label))
            .await
            .expect("patched");
        maps.delete("second", &DeleteParams::default())
            .await
            .expect("removed");
        let is_there = || {
            let held = store.state();
            held.len() == 1 && held[0].metadata.labels.is_some()
        };
        let settled = async {
            while !is_there() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        within_a_day(settled).await;
        task.abort();
    }
}

/// An hour is many watches long; nothing is told twice, and nothing is missed.
#[tokio::test(start_paused = true)]
async fn a_watcher_goes_on_where_a_watch_ended() {
    let cluster = cluster();
    let maps: Api<ConfigMap> = Api::default_namespaced(Client::new(cluster.clone(), "default"));
    let stream = watcher(maps.clone(), watcher::Config::default().timeout(60));
    let mut stream = stream.default_backoff().applied_objects().boxed();
    for hour in 0..3 {
        let name = format!("at-{hour}");
        maps.create(&PostParams::default(), &map(&name))
            .await
            .expect("made");
        let seen = within_a_day(stream.next()).await;
        let seen = seen.expect("an event").expect("no error");
        assert_eq!(seen.metadata.name.as_deref(), Some(name.as_str()));
        let quiet = tokio::time::timeout(Duration::from_hours(1), stream.next()).await;
        assert!(quiet.is_err(), "{quiet:?}");
    }
    assert!(cluster.requests() > 150, "{} watches", cluster.requests());
}

/// Who was away for too long is told so, and reads everything anew.
#[tokio::test(start_paused = true)]
async fn a_watcher_whose_history_is_gone_lists_again() {
    let cluster = cluster();
    let maps: Api<ConfigMap> = Api::default_namespaced(Client::new(cluster.clone(), "default"));
    maps.create(&PostParams::default(), &map("first"))
        .await
        .expect("made");
    let (store, writer) = reflector::store();
    let stream = watcher(maps.clone(), watcher::Config::default().timeout(10)).default_backoff();
    let mut stream = stream.reflect(writer).boxed();
    let mut next = async || stream.next().await;
    while store.state().is_empty() {
        // One of the first events is the list.
        let _ = next().await;
    }
    maps.delete("first", &DeleteParams::default())
        .await
        .expect("removed");
    maps.create(&PostParams::default(), &map("second"))
        .await
        .expect("made");
    cluster.server(|server, _| server.forget_history());
    let names = || -> Vec<_> {
        let held = store.state();
        held.iter()
            .filter_map(|map| map.metadata.name.clone())
            .collect()
    };
    let relisted = async {
        while names() != ["second"] {
            let _ = next().await;
        }
    };
    within_a_day(relisted).await;
}
