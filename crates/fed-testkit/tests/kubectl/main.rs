//! Does the real `kubectl` meet in memory what it meets on a real server? The same commands to both:
//! exit code and every line that is printed, but for what servers choose.
//!
//! What a real server brought about is recorded (`recorded.json`), so that the comparison runs
//! wherever there is a `kubectl`; `FED_RECORD=1` records anew, from a real server. Messages change
//! between releases of `kubectl`: with another one than was recorded, only exit codes are compared.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "clippy allows these in test functions, but not in what they share"
)]
#![cfg(unix)]

mod runner;
mod scrub;

use std::collections::BTreeMap;

use fed_testkit::apiserver::{ApiServer, Options};
use fed_testkit::assets_or_skip;
use fed_testkit::cluster::{FakeCluster, RuntimeClock, Security};
use fed_testkit::server::{Server, User};
use serde::{Deserialize, Serialize};

use runner::{Kubectl, Outcome, Step};

const RECORDED: &str = include_str!("recorded.json");

/// Commands that belong together: they run in a namespace of their own.
#[derive(Debug, Deserialize)]
struct Story {
    name: String,
    steps: Vec<Step>,
}

/// What a real server brought about.
#[derive(Debug, Default, PartialEq, Deserialize, Serialize)]
struct Recorded {
    kubectl: String,
    stories: BTreeMap<String, Vec<Outcome>>,
}

fn stories() -> Vec<Story> {
    let files = [
        include_str!("stories/objects.yaml"),
        include_str!("stories/apply.yaml"),
        include_str!("stories/workloads.yaml"),
        include_str!("stories/definitions.yaml"),
        include_str!("stories/access.yaml"),
    ];
    let read = |text: &&str| -> Vec<Story> { serde_saphyr::from_str(text).expect("stories") };
    files.iter().flat_map(read).collect()
}

fn tell(kubectl: &Kubectl, stories: &[Story]) -> BTreeMap<String, Vec<Outcome>> {
    let only = std::env::var("FED_STORY").ok();
    let told = |story: &&Story| only.as_ref().is_none_or(|only| *only == story.name);
    let outcomes = stories.iter().filter(told).map(|story| {
        let outcomes = kubectl.tell(&story.name, &story.steps);
        (story.name.clone(), outcomes)
    });
    outcomes.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn kubectl_meets_what_it_meets_on_a_real_server() {
    if std::env::var_os("FED_RECORD").is_some_and(|value| value == "1") {
        return record();
    }
    let Some(version) = runner::version_or_skip() else {
        return;
    };
    let server = Server::new(1).with_token("secret", User::admin());
    let cluster = FakeCluster::with_server(server, RuntimeClock::real());
    let address = "127.0.0.1:0".parse().expect("an address");
    let serving = cluster.serve(address, Security::Tls).await.expect("served");
    let config = serving.kubeconfig("test", Some("secret"));
    let ours = tokio::task::spawn_blocking(move || tell(&Kubectl::of(&config), &stories()));
    let ours = ours.await.expect("no panic");
    serving.stop().await;
    let theirs: Recorded = serde_json::from_str(RECORDED).expect("a record");
    let is_same = version == theirs.kubectl;
    if !is_same {
        eprintln!(
            "kubectl is {version}, and {} was recorded: only exit codes are compared",
            theirs.kubectl
        );
    }
    let (mut differing, mut count) = (Vec::new(), 0);
    for (story, steps) in stories()
        .iter()
        .filter_map(|story| Some((story, ours.get(&story.name)?)))
    {
        let theirs = theirs
            .stories
            .get(&story.name)
            .map_or(&[][..], Vec::as_slice);
        assert_eq!(
            steps.len(),
            theirs.len(),
            "{}: run with FED_RECORD=1",
            story.name
        );
        for (step, (ours, theirs)) in story.steps.iter().zip(steps.iter().zip(theirs)) {
            count += 1;
            if ours.code != theirs.code || (is_same && ours != theirs) {
                differing.push(format!(
                    "{}: {}\n-- ours\n{ours}\n-- theirs\n{theirs}",
                    story.name, step.run
                ));
            }
        }
    }
    println!("{} of {count} commands differ", differing.len());
    assert!(
        differing.is_empty(),
        "{} of {count} commands differ\n{}",
        differing.len(),
        differing.join("\n\n")
    );
}

fn record() {
    let assets = assets_or_skip!();
    let version = runner::version_or_skip().expect("kubectl");
    let real = ApiServer::start(&assets, Options::named("test")).expect("it starts");
    let config = std::fs::read_to_string(real.kubeconfig()).expect("a kubeconfig");
    let stories = tell(&Kubectl::of(&config), &stories());
    let recorded = Recorded {
        kubectl: version,
        stories,
    };
    let text = serde_json::to_string_pretty(&recorded).expect("JSON") + "\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kubectl/recorded.json");
    std::fs::write(path, text).expect("written");
}
