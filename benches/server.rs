//! What does the API server in memory cost? A create, a watched change and the room that an object
//! takes, each beside a calibration in the same run.
//!
//! `cargo bench -p fed-benches --bench server`

use std::hint::black_box;

use fed_benches::measure::{Run, medians};
use fed_testkit::server::{Request, Server, Watch};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::broadcast;

const ROUNDS: usize = 31;

/// The most that a create may cost, in readings and writings of its object by serde_json.
const MOST_FOR_CREATE: f64 = 20.0;

/// How many watchers see how many changes, and the most that this may cost, in broadcasts of the
/// same bytes to as many receivers.
const WATCHERS: usize = 1_000;
const EVENTS: usize = 1_000;
const MOST_FOR_WATCH: f64 = 2.0;

/// How many objects are held, and the most room that each may take, in lengths of its JSON.
const OBJECTS: usize = 100_000;
const MOST_FOR_ROOM: f64 = 2.0;

const PATH: &str = "/api/v1/namespaces/default/configmaps?fieldManager=bench";

fn main() {
    room();
    create();
    watch();
}

fn told(what: &str, ratio: f64, most: f64) {
    let word = if ratio <= most { "ok" } else { "TOO MUCH" };
    println!("{what}, ratio {ratio:.2}, most {most}: {word}");
}

/// A ConfigMap of about 500 bytes; its name ends with a number.
fn config_map(number: usize) -> Value {
    json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {
            "name": format!("settings-{number:08}"), "namespace": "default",
            "labels": {"app": "checkout", "team": "payments"},
            "annotations": {"example.com/owner": "payments@example.com"},
        },
        "data": {
            "database.host": "orders-primary.payments.svc.cluster.local",
            "database.port": "5432",
            "features": "checkout-v2,express-pay,gift-cards,saved-baskets",
            "log.level": "info",
            "queue.url": "amqp://queue.payments.svc.cluster.local:5672/orders",
            "timeout.seconds": "30",
        },
    })
}

fn create_request(number: usize) -> Request {
    Request::new("POST", PATH).with_json("application/json", &config_map(number))
}

fn create() {
    let body = config_map(0).to_string();
    let mut server = Server::new(1);
    let mut count = 0;
    let mut runs: [Run<'_>; 3] = [
        Box::new(|| {
            let read: Option<Value> = serde_json::from_slice(black_box(body.as_bytes())).ok();
            let _ = black_box(serde_json::to_vec(&read));
        }),
        Box::new(|| {
            count += 1;
            let answer = server.handle(&create_request(count), Timestamp::UNIX_EPOCH);
            assert_eq!(answer.code, 201);
            black_box(answer.body.into_bytes());
        }),
        // What of the create is the making of the request.
        Box::new(|| {
            black_box(create_request(black_box(1)));
        }),
    ];
    let medians = medians(ROUNDS, &mut runs);
    let [calibration, create, request] = medians.as_slice() else {
        return;
    };
    let what = format!(
        "a create of {} bytes: {:.0} ns, serde_json {:.0} ns",
        body.len(),
        create.nanoseconds - request.nanoseconds,
        calibration.nanoseconds
    );
    told(&what, create.ratio - request.ratio, MOST_FOR_CREATE);
}

fn watch() {
    let mut server = Server::new(1);
    let watching = Request::new("GET", &format!("{PATH}&watch=true&resourceVersion=1"));
    let start = server.handle(&watching, Timestamp::UNIX_EPOCH).into_watch();
    let start: Vec<Watch> = start.into_iter().cycle().take(WATCHERS).collect();
    for number in 0..EVENTS {
        server.handle(&create_request(number), Timestamp::UNIX_EPOCH);
    }
    let lines = start
        .first()
        .cloned()
        .map(|mut watch| watch.next(&server, Timestamp::UNIX_EPOCH));
    let lines = lines.unwrap_or_default().lines;
    assert_eq!((start.len(), lines.len()), (WATCHERS, EVENTS));
    let mut runs: [Run<'_>; 2] = [
        Box::new(|| {
            let (sender, receiver) = broadcast::channel(EVENTS);
            let mut receivers: Vec<_> = (1..WATCHERS).map(|_| sender.subscribe()).collect();
            receivers.push(receiver);
            for line in &lines {
                let _ = sender.send(line.clone());
            }
            for receiver in &mut receivers {
                while let Ok(line) = receiver.try_recv() {
                    black_box(line);
                }
            }
        }),
        Box::new(|| {
            for mut watch in start.clone() {
                for line in watch.next(&server, Timestamp::UNIX_EPOCH).lines {
                    black_box(line);
                }
            }
        }),
    ];
    let medians = medians(ROUNDS, &mut runs);
    let [broadcast, watch] = medians.as_slice() else {
        return;
    };
    let what = format!(
        "{EVENTS} changes for {WATCHERS} watchers: {:.1} ms, broadcast {:.1} ms",
        watch.nanoseconds / 1e6,
        broadcast.nanoseconds / 1e6
    );
    told(&what, watch.ratio, MOST_FOR_WATCH);
}

fn room() {
    let mut server = Server::new(1);
    let Some(before) = resident() else {
        println!("room: this system does not tell");
        return;
    };
    let mut bytes = 0;
    for number in 0..OBJECTS {
        let answer = server.handle(&create_request(number), Timestamp::UNIX_EPOCH);
        bytes += answer.body.into_bytes().len();
    }
    let taken = resident().unwrap_or_default().saturating_sub(before);
    #[expect(clippy::cast_precision_loss, reason = "far less than 2^52 bytes")]
    let ratio = taken as f64 / bytes as f64;
    let what = format!(
        "{OBJECTS} objects of {} bytes: {} bytes each",
        bytes / OBJECTS,
        taken / OBJECTS
    );
    told(&what, ratio, MOST_FOR_ROOM);
    drop(server);
}

/// How much memory this process has, in bytes.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
