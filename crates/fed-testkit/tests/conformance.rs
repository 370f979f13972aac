//! Does the server in memory behave as a real one does? The same behaviours are checked on both.

#![allow(
    clippy::panic,
    clippy::expect_used,
    reason = "clippy allows these in test functions, but not in what they share"
)]

use std::env;
use std::path::PathBuf;

use fed_testkit::apiserver::{ApiServer, Options};
use fed_testkit::assets_or_skip;
use fed_testkit::cluster::{FakeCluster, RuntimeClock};
use fed_testkit::conformance::{Behaviour, Need};
use fed_testkit::server::{Controller, Controllers};
use futures::StreamExt;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};

/// How many behaviours are checked at once.
const AT_ONCE: usize = 8;

/// Only rules with this in their subject or words are checked.
const ONLY: &str = "FED_CONFORMANCE_ONLY";

/// Where further rules stand, as YAML.
const MORE: &str = "FED_CONFORMANCE";

fn behaviours() -> Vec<Behaviour> {
    let mut behaviours = Behaviour::all();
    let folder = env::var_os(MORE).map(PathBuf::from);
    let files = folder
        .iter()
        .flat_map(|it| it.read_dir().expect("a folder"));
    for file in files.map(|file| file.expect("a file").path()) {
        if file.extension().is_some_and(|it| it == "yaml") {
            let subject = file.file_stem().unwrap_or_default().to_string_lossy();
            let text = std::fs::read_to_string(&file).expect("text");
            let read = Behaviour::read(&subject, &text).unwrap_or_else(|error| panic!("{error}"));
            behaviours.extend(read);
        }
    }
    behaviours
}

async fn all_hold(client: &Client, has_controllers: bool) {
    let only = env::var(ONLY).unwrap_or_default();
    let mut chosen: Vec<_> = behaviours()
        .into_iter()
        .filter(|it| has_controllers || !it.needs().contains(&Need::Controllers))
        .filter(|it| it.subject().contains(&only) || it.rule().contains(&only))
        .collect();
    // First those that wait for controllers, which later have the namespaces of all to empty.
    chosen.sort_by_key(|it| it.needs().is_empty());
    let count = chosen.len();
    let checked = futures::stream::iter(chosen)
        .map(|behaviour| async move { behaviour.check(client).await.err() })
        .buffer_unordered(AT_ONCE);
    let broken: Vec<_> = checked.filter_map(|it| async { it }).collect().await;
    let told: Vec<_> = broken.iter().map(ToString::to_string).collect();
    assert!(
        told.is_empty(),
        "{} of {count} rules do not hold:\n{}",
        told.len(),
        told.join("\n")
    );
    assert!(count > 0, "nothing was checked");
    println!("{count} rules hold");
}

#[test]
fn rules_are_named_once() {
    let mut names: Vec<_> = behaviours().iter().map(|it| it.rule().to_owned()).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[tokio::test]
async fn the_server_in_memory_behaves() {
    // Those that run beside the real server, too.
    let controllers = Controllers::only([
        Controller::GarbageCollection,
        Controller::Namespaces,
        Controller::RootCertificates,
        Controller::ServiceAccounts,
    ]);
    let cluster = FakeCluster::new(1, RuntimeClock::real()).with_controllers(controllers);
    let client = Client::new(cluster, "default");
    all_hold(&client, true).await;
}

#[tokio::test]
async fn a_real_server_behaves() {
    if let Some(path) = env::var_os("FED_TEST_KUBECONFIG") {
        let kubeconfig = Kubeconfig::read_from(PathBuf::from(path)).expect("a kubeconfig");
        return all_hold(&client(kubeconfig).await, true).await;
    }
    let assets = assets_or_skip!(controller_manager);
    let options = Options::named("conformance").with_controller_manager();
    let server = ApiServer::start(&assets, options).expect("a server");
    let kubeconfig = Kubeconfig::read_from(server.kubeconfig()).expect("a kubeconfig");
    all_hold(&client(kubeconfig).await, true).await;
}

async fn client(kubeconfig: Kubeconfig) -> Client {
    let options = KubeConfigOptions::default();
    let config = Config::from_custom_kubeconfig(kubeconfig, &options).await;
    let mut config = config.expect("a cluster");
    // Answers are what is checked, those too that a client would rather ask for again.
    config.default_retry = false;
    Client::try_from(config).expect("a client")
}
