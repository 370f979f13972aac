//! Do the real API servers start, answer, pause and go away?

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "clippy allows it in test functions, but not in what they share"
)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use fed_testkit::apiserver::{ApiServer, Assets, Client, Options, RequestError, StartError};
use fed_testkit::assets_or_skip;
use serde_json::{Value, json};

const CONFIG_MAPS: &str = "/api/v1/namespaces/default/configmaps";

/// Set for the process that `a_killed_test_leaves_nothing` starts.
const TO_BE_KILLED: &str = "FED_TESTKIT_TO_BE_KILLED";

/// One server for the tests that change nothing another would see.
fn shared(assets: &Assets) -> &'static ApiServer {
    static SERVER: OnceLock<ApiServer> = OnceLock::new();
    SERVER.get_or_init(|| ApiServer::start(assets, Options::named("shared")).unwrap())
}

fn config_map(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"a": "b"}})
}

fn deployment(name: &str) -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"containers": [{"name": "web", "image": "nginx"}]},
            },
        },
    })
}

fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !holds() {
        assert!(Instant::now() < deadline, "not within a minute: {what}");
        thread::sleep(Duration::from_millis(100));
    }
}

/// Whether no program runs under this id: what is dead and waits for its parent runs no more.
fn is_gone(id: u32) -> bool {
    if !Path::new("/proc/self/stat").exists() {
        let id = rustix::process::Pid::from_raw(i32::try_from(id).unwrap()).unwrap();
        return rustix::process::test_kill_process(id).is_err();
    }
    std::fs::read_to_string(format!("/proc/{id}/stat")).map_or(true, |stat| {
        stat.rsplit_once(')')
            .unwrap()
            .1
            .trim_start()
            .starts_with('Z')
    })
}

fn status_of(answer: Result<fed_testkit::apiserver::Response, RequestError>) -> u16 {
    answer.unwrap().status
}

#[test]
fn servers_hold_their_own_objects() {
    let assets = assets_or_skip!();
    let names = ["us", "eu"];
    let servers = ApiServer::start_all(&assets, names.map(Options::named)).unwrap();
    let [us, eu] = servers.as_slice() else {
        panic!("two servers were asked for")
    };
    assert_ne!(us.endpoint(), eu.endpoint());
    let space = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}});
    assert_eq!(
        status_of(us.client().create("/api/v1/namespaces", &space)),
        201
    );
    let maps = "/api/v1/namespaces/shop/configmaps";
    assert_eq!(
        status_of(us.client().create(maps, &config_map("colours"))),
        201
    );
    let stored = us.client().get(&format!("{maps}/colours")).unwrap();
    assert_eq!(stored.body["data"], json!({"a": "b"}));
    assert_eq!(status_of(eu.client().get(&format!("{maps}/colours"))), 404);

    let stranger = us.client().with_token("somebody");
    assert_eq!(status_of(stranger.get(maps)), 401);
    let misled = Client::new(
        us.endpoint(),
        eu.ca_pem(),
        us.token(),
        Duration::from_secs(5),
    );
    let refused = misled.unwrap().get(maps).unwrap_err();
    assert!(
        !refused.is_timeout() && refused.to_string().contains("certificate"),
        "{refused}"
    );
}

#[test]
fn kubectl_reads_the_kubeconfig() {
    let assets = assets_or_skip!();
    let kubectl = assets.kubectl().expect("on PATH, or among the assets");
    let server = shared(&assets);
    let run = |arguments: &[&str]| {
        let kubectl = Command::new(&kubectl)
            .env("KUBECONFIG", server.kubeconfig())
            .args(arguments)
            .output()
            .unwrap();
        assert!(
            kubectl.status.success(),
            "{}",
            String::from_utf8_lossy(&kubectl.stderr)
        );
        String::from_utf8(kubectl.stdout).unwrap()
    };
    assert_eq!(run(&["config", "get-contexts", "-o", "name"]), "shared\n");
    assert_eq!(
        run(&["get", "namespace", "default", "-o", "name"]),
        "namespace/default\n"
    );
    assert_eq!(run(&["auth", "can-i", "*", "*"]), "yes\n");
}

#[test]
fn a_dry_run_warns_of_unknown_fields() {
    let assets = assets_or_skip!();
    let client = shared(&assets).client();
    let path = "/apis/apps/v1/namespaces/default/deployments?dryRun=All&fieldValidation=Warn";

    let valid = client.create(path, &deployment("valid")).unwrap();
    assert_eq!((valid.status, valid.warnings), (201, vec![]));
    assert_eq!(
        valid.body["spec"]["template"]["spec"]["dnsPolicy"],
        "ClusterFirst"
    );

    let mut misspelt = deployment("misspelt");
    misspelt["spec"]["replica"] = json!(3);
    let misspelt = client.create(path, &misspelt).unwrap();
    assert_eq!(misspelt.status, 201);
    assert_eq!(misspelt.warnings, [r#"unknown field "spec.replica""#]);

    let mut unlabelled = deployment("unlabelled");
    unlabelled["spec"]["template"]["metadata"] = json!({});
    let unlabelled = client.create(path, &unlabelled).unwrap();
    assert_eq!(unlabelled.status, 422);
    assert_eq!(unlabelled.body["reason"], "Invalid");

    let nothing = client
        .get("/apis/apps/v1/namespaces/default/deployments")
        .unwrap();
    assert_eq!(nothing.body["items"], json!([]), "a dry run stores nothing");
}

#[test]
fn every_method_is_sent() {
    let assets = assets_or_skip!();
    let server = shared(&assets);
    let path = format!("{CONFIG_MAPS}/methods");
    let apply = "application/apply-patch+yaml";
    let applied = b"{apiVersion: v1, kind: ConfigMap, metadata: {name: methods}, data: {a: b}}";
    let query = format!("{path}?fieldManager=test");
    assert_eq!(
        status_of(server.request("PATCH", &query, apply, applied)),
        201
    );
    let merge = "application/merge-patch+json";
    assert_eq!(
        status_of(server.request("PATCH", &path, merge, br#"{"data":{"a":"c"}}"#)),
        200
    );
    let mut stored = server.client().get(&path).unwrap().body;
    assert_eq!(stored["data"]["a"], "c");
    stored["data"]["a"] = json!("d");
    let stored = stored.to_string();
    assert_eq!(
        status_of(server.request("PUT", &path, "application/json", stored.as_bytes())),
        200
    );
    let options = br#"{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"uid":"other"}}"#;
    assert_eq!(
        status_of(server.request("DELETE", &path, "application/json", options)),
        409
    );
    assert_eq!(status_of(server.client().delete(&path)), 200);
    assert_eq!(status_of(server.client().get(&path)), 404);
    assert_eq!(server.client().get("/readyz").unwrap().body, "ok");
}

#[test]
fn a_paused_server_is_silent_until_it_resumes() {
    let assets = assets_or_skip!();
    let server = ApiServer::start(&assets, Options::named("away")).unwrap();
    let hasty = server.client().with_timeout(Duration::from_secs(1));
    assert_eq!(status_of(server.client().get(CONFIG_MAPS)), 200);
    server.pause().unwrap();
    let silent = hasty.get(CONFIG_MAPS).unwrap_err();
    assert!(silent.is_timeout(), "{silent}");
    let silent = hasty.create(CONFIG_MAPS, &config_map("late")).unwrap_err();
    assert!(silent.is_timeout(), "{silent}");
    server.resume().unwrap();
    assert_eq!(status_of(server.client().get(CONFIG_MAPS)), 200);
    server.pause().unwrap();
    let ids: Vec<u32> = server.process_ids().map(|(_, id)| id).collect();
    drop(server);
    assert!(
        ids.into_iter().all(is_gone),
        "a paused server is stopped too"
    );
}

#[test]
fn a_dropped_server_leaves_nothing() {
    let assets = assets_or_skip!();
    let server = ApiServer::start(&assets, Options::named("short")).unwrap();
    let ids: Vec<u32> = server.process_ids().map(|(_, id)| id).collect();
    let folder = server.kubeconfig().parent().unwrap().to_owned();
    assert_eq!(ids.len(), 2);
    assert!(!ids.iter().copied().any(is_gone));
    assert!(folder.is_dir());
    drop(server);
    assert!(ids.into_iter().all(is_gone));
    assert!(!folder.exists());
}

#[test]
fn a_killed_test_leaves_nothing() {
    if std::env::var_os(TO_BE_KILLED).is_some() {
        return be_killed();
    }
    let _assets = assets_or_skip!();
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_killed_test_leaves_nothing", "--nocapture"])
        .env(TO_BE_KILLED, "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut ids: Vec<u32> = Vec::new();
    let mut folder = PathBuf::new();
    for line in BufReader::new(victim.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        // The harness may have written before it, on the same line.
        if let Some((_, id)) = line.split_once("process ") {
            ids.push(id.parse().unwrap());
        }
        if let Some((_, path)) = line.split_once("folder ") {
            folder = path.into();
            break;
        }
    }
    assert_eq!(ids.len(), 2);
    assert!(folder.is_dir());
    assert!(!ids.iter().copied().any(is_gone));
    victim.kill().unwrap();
    victim.wait().unwrap();
    eventually("the servers of a killed process are stopped", || {
        ids.iter().copied().all(is_gone)
    });
    eventually("the folder of a killed process is removed", || {
        !folder.exists()
    });
}

/// The process that the test above starts and kills: the same test, told by the environment.
fn be_killed() {
    let assets = assets_or_skip!();
    let server = ApiServer::start(&assets, Options::named("killed")).unwrap();
    for (_, id) in server.process_ids() {
        println!("\nprocess {id}");
    }
    println!("folder {}", server.kubeconfig().parent().unwrap().display());
    thread::sleep(Duration::from_mins(5));
}

#[test]
fn the_controller_manager_keeps_what_kubernetes_promises() {
    let assets = assets_or_skip!(controller_manager);
    let options = Options::named("managed").with_controller_manager();
    let server = ApiServer::start(&assets, options).unwrap();
    let client = server.client();
    let space = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}});
    assert_eq!(status_of(client.create("/api/v1/namespaces", &space)), 201);
    let deployments = "/apis/apps/v1/namespaces/shop/deployments";
    assert_eq!(
        status_of(client.create(deployments, &deployment("web"))),
        201
    );
    let pods = "/api/v1/namespaces/shop/pods";
    eventually("a Deployment's pods are made", || {
        client.get(pods).unwrap().body["items"]
            .as_array()
            .unwrap()
            .len()
            == 2
    });
    assert_eq!(status_of(client.delete("/api/v1/namespaces/shop")), 200);
    eventually("a deleted namespace goes", || {
        status_of(client.get("/api/v1/namespaces/shop")) == 404
    });
    assert_eq!(client.get(pods).unwrap().body["items"], json!([]));
}

#[test]
fn a_server_that_cannot_start_says_why() {
    let assets = assets_or_skip!();
    let mut options = Options::named("broken");
    options.apiserver_arguments = vec!["--no-such-flag".to_owned()];
    match ApiServer::start(&assets, options).unwrap_err() {
        StartError::Stopped { program, log, .. } => {
            assert_eq!(program, "kube-apiserver");
            assert!(log.contains("unknown flag: --no-such-flag"), "{log}");
        }
        other => panic!("{other}"),
    }
}

#[test]
fn a_server_that_is_not_ready_in_time_says_so() {
    let assets = assets_or_skip!();
    let mut options = Options::named("slow");
    options.ready_within = Duration::ZERO;
    let error = ApiServer::start(&assets, options).unwrap_err();
    assert!(
        matches!(
            error,
            StartError::NotReady {
                program: "kube-apiserver",
                ..
            }
        ),
        "{error}"
    );
}
