//! Does the server in memory list and watch as a real one does? A conversation of requests
//! (`reading.json`: method, path, what is taken, body) with the answers of kube-apiserver 1.36.3
//! (`reading-answers.json`), and the same asked of a real server where there is one.
//!
//! In requests `{NAME@N}` is the version that the N-th write gave the object NAME, and `{continue}`
//! the last token of a list. `FED_RECORD=1` records the answers anew.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fed_testkit::apiserver::{ApiServer, Options};
use fed_testkit::assets_or_skip;
use fed_testkit::server::{Body, Request, Server};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::compare::difference;

static REQUESTS: &str = include_str!("reading.json");
static ANSWERS: &str = include_str!("reading-answers.json");

/// Who is asked: code and body. The body of a watch is a text of lines.
trait Asked {
    fn ask(&mut self, method: &str, path: &str, accept: &str, body: &Value) -> (u16, Value);
}

struct Ours {
    server: Server,
    now: Timestamp,
}

impl Ours {
    fn new() -> Self {
        Self {
            server: Server::new(3),
            now: "2030-01-01T00:00:00Z".parse().expect("a time"),
        }
    }
}

impl Asked for Ours {
    fn ask(&mut self, method: &str, path: &str, accept: &str, body: &Value) -> (u16, Value) {
        self.now += SignedDuration::from_millis(10);
        let mut request = Request::new(method, path);
        if !body.is_null() {
            request = request.with_json("application/json", body);
        }
        accept.clone_into(&mut request.accept);
        "ureq/3".clone_into(&mut request.user_agent);
        let answer = self.server.handle(&request, self.now);
        let code = answer.code;
        if !matches!(answer.body, Body::Watch(_)) {
            return (code, answer.json());
        }
        let mut watch = answer.into_watch().expect("a watch");
        let mut lines = Vec::new();
        loop {
            let news = watch.next(&self.server, self.now);
            lines.extend(news.lines.concat());
            if news.is_last {
                break;
            }
            self.now = watch.wakes_at();
        }
        (code, json!(String::from_utf8(lines).expect("text")))
    }
}

struct Theirs(ApiServer);

impl Asked for Theirs {
    fn ask(&mut self, method: &str, path: &str, accept: &str, body: &Value) -> (u16, Value) {
        let text = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let accept = if accept.is_empty() {
            "application/json"
        } else {
            accept
        };
        let client = self.0.client().with_accept(accept);
        let answer = client.request(method, path, "application/json", text.as_bytes());
        let answer = answer.expect("an answer");
        (answer.status, answer.body)
    }
}

/// What has been said so far: the versions by name, and names by version.
#[derive(Default)]
struct Talk {
    versions: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
    counts: BTreeMap<String, u32>,
    token: String,
}

impl Talk {
    fn filled(&self, text: &str) -> String {
        let mut text = text.replace("{continue}", &self.token);
        for (name, version) in &self.versions {
            text = text.replace(&format!("{{{name}}}"), version);
        }
        text
    }

    fn heard(&mut self, method: &str, body: &Value) {
        let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str);
        if let Some(token) = text("/metadata/continue").filter(|token| !token.is_empty()) {
            token.clone_into(&mut self.token);
        }
        let named = text("/metadata/name").zip(text("/metadata/resourceVersion"));
        if let (Some((name, version)), "POST" | "PUT") = (named, method) {
            let count = self.counts.entry(name.to_owned()).or_default();
            *count += 1;
            let label = format!("{name}@{count}");
            self.versions.insert(label.clone(), version.to_owned());
            self.names.entry(version.to_owned()).or_insert(label);
        }
    }

    /// An answer without what no two servers choose alike.
    fn comparable(&self, body: Value) -> Value {
        match body {
            Value::String(text) => {
                let lines: Option<Vec<Value>> = text
                    .lines()
                    .map(|line| serde_json::from_str(line).ok())
                    .collect();
                match lines {
                    Some(lines) => lines.into_iter().map(|line| self.masked(line)).collect(),
                    None => json!(text),
                }
            }
            // One line alone is read as JSON.
            Value::Object(event) if event.contains_key("object") => {
                json!([self.masked(Value::Object(event))])
            }
            other => self.masked(other),
        }
    }

    fn masked(&self, value: Value) -> Value {
        match value {
            Value::Object(fields) => {
                let is_object = fields.contains_key("name");
                // A definition is served a little later than it is there.
                let is_definition = fields.get("kind") == Some(&json!("CustomResourceDefinition"));
                let fields = fields.into_iter().filter_map(|(name, value)| {
                    let value = match (name.as_str(), value) {
                        ("managedFields" | "description", _) => return None,
                        ("status", _) if is_definition => return None,
                        ("uid" | "creationTimestamp" | "deletionTimestamp", Value::String(_)) => {
                            json!("#")
                        }
                        ("lastTransitionTime", _) => json!("#"),
                        ("resourceVersion", Value::String(version)) => {
                            let known = self.names.get(&version).filter(|_| is_object);
                            json!(known.map_or("#", |name| name))
                        }
                        ("continue", Value::String(text)) => json!(token(&text)),
                        ("message", Value::String(text)) => {
                            let mut cuts = ["current: ", "in record ("].iter();
                            let cut = cuts.find_map(|cut| text.split_once(cut));
                            json!(cut.map_or(&*text, |(before, _)| before))
                        }
                        ("cells", Value::Array(cells)) => cells.into_iter().map(age).collect(),
                        (_, value) => self.masked(value),
                    };
                    Some((name, value))
                });
                Value::Object(fields.collect::<Map<_, _>>())
            }
            Value::Array(items) => items.into_iter().map(|item| self.masked(item)).collect(),
            other => other,
        }
    }
}

/// What a token says.
fn token(token: &str) -> String {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else {
        return token.to_owned();
    };
    let mut read: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    if read["rv"].as_i64().is_some_and(|version| version > 0) {
        read["rv"] = json!("#");
    }
    read.to_string()
}

/// How old something is depends on when one looks.
fn age(cell: Value) -> Value {
    let is_age = cell.as_str().is_some_and(|text| {
        text.strip_suffix('s')
            .is_some_and(|text| text.parse::<u32>().is_ok())
    });
    if is_age { json!("#s") } else { cell }
}

fn play(asked: &mut impl Asked) -> Vec<(String, Value)> {
    let requests: Vec<Vec<Value>> = serde_json::from_str(REQUESTS).expect("a list");
    let mut talk = Talk::default();
    let mut answers = Vec::new();
    for request in requests {
        let text = |place: usize| {
            let value = request.get(place).and_then(Value::as_str);
            talk.filled(value.unwrap_or_default())
        };
        let (method, path, accept) = (text(0), text(1), text(2));
        if method == "WAIT" {
            while asked.ask("GET", &path, "", &Value::Null).0 != 200 {
                thread::sleep(Duration::from_millis(100));
            }
            continue;
        }
        let body = request.get(3).map(|body| talk.filled(&body.to_string()));
        let body = body.map_or(Value::Null, |text| {
            serde_json::from_str(&text).expect("JSON")
        });
        let (code, answer) = asked.ask(&method, &path, &accept, &body);
        talk.heard(&method, &answer);
        let named = request.iter().take(3).map(Value::to_string);
        let named = named.collect::<Vec<_>>().join(" ");
        answers.push((
            named,
            json!({"code": code, "body": talk.comparable(answer)}),
        ));
    }
    answers
}

/// Where answers differ.
fn differences(ours: &[(String, Value)], theirs: &[Value]) -> Vec<String> {
    assert_eq!(ours.len(), theirs.len(), "record the answers anew");
    let pairs = ours.iter().zip(theirs);
    pairs
        .filter_map(|((name, ours), theirs)| {
            let how = difference("", ours, theirs)?;
            Some(format!("{name}\n    {how}"))
        })
        .collect()
}

fn secret(ours: &mut Ours, name: &str, labels: &Value) -> (u16, Value) {
    let all = "/api/v1/namespaces/default/secrets";
    let object = json!({"metadata": {"name": name, "labels": labels}});
    match ours.ask("POST", all, "", &object) {
        (409, _) => ours.ask("PUT", &format!("{all}/{name}"), "", &object),
        answer => answer,
    }
}

/// What a real server said after its etcd was compacted.
#[test]
fn what_is_forgotten_is_expired_and_a_list_can_be_gone_on_with() {
    let mut ours = Ours::new();
    let all = "/api/v1/namespaces/default/secrets";
    for name in ["a", "b", "c"] {
        assert_eq!(secret(&mut ours, name, &json!({})).0, 201);
    }
    let (_, page) = ours.ask("GET", &format!("{all}?limit=1"), "", &Value::Null);
    let version = page["metadata"]["resourceVersion"].as_str().expect("one");
    let next = page["metadata"]["continue"].as_str().expect("more");
    ours.ask("DELETE", &format!("{all}/b"), "", &Value::Null);
    ours.server.forget_history();

    let (code, said) = ours.ask("GET", &format!("{all}?continue={next}"), "", &Value::Null);
    assert_eq!((code, &said["reason"]), (410, &json!("Expired")));
    let text = said["message"].as_str().expect("words");
    assert!(text.starts_with("The provided continue parameter is too old to display"));
    let fresh = said["metadata"]["continue"].as_str().expect("a token");
    assert_eq!(
        token(fresh),
        json!({"v": "meta.k8s.io/v1", "rv": -1, "start": "a\0"}).to_string()
    );
    let (code, rest) = ours.ask("GET", &format!("{all}?continue={fresh}"), "", &Value::Null);
    assert_eq!(
        (code, &rest["items"][0]["metadata"]["name"]),
        (200, &json!("c"))
    );

    let exact = format!("{all}?resourceVersion={version}&resourceVersionMatch=Exact");
    let (code, said) = ours.ask("GET", &exact, "", &Value::Null);
    let words = "The resourceVersion for the provided list is too old.";
    assert_eq!((code, &said["message"]), (410, &json!(words)));

    let watch = format!("{all}?watch=1&resourceVersion={version}");
    let (code, lines) = ours.ask("GET", &watch, "", &Value::Null);
    let event: Value = serde_json::from_str(lines.as_str().expect("text")).expect("one event");
    assert_eq!((code, &event["type"]), (200, &json!("ERROR")));
    assert_eq!(event["object"]["code"], 410);
    assert_eq!(event["object"]["reason"], "Expired");
}

proptest! {
    /// Whoever lists and watches from there on knows what a list would say.
    #[test]
    fn a_list_and_what_happened_since_is_the_list_of_now(
        writes in prop::collection::vec((0..4_usize, 0..3_usize, any::<bool>()), 1..40),
        listed in 0..40_usize,
        selector in prop::sample::select(vec!["", "app=x", "app!=x", "!app", "app in (x,y)"]),
    ) {
        let mut ours = Ours::new();
        let all = "/api/v1/namespaces/default/secrets";
        let selector: String = selector.replace('=', "%3D").replace(' ', "%20");
        let list = format!("{all}?labelSelector={selector}");
        let mut known = BTreeMap::new();
        let mut watch = None;
        for (place, (name, label, is_deleted)) in writes.iter().enumerate() {
            if place == listed.min(writes.len() - 1) {
                let (_, answer) = ours.ask("GET", &list, "", &Value::Null);
                known = by_name(&answer);
                let version = answer["metadata"]["resourceVersion"].as_str().expect("one");
                let request = format!("{list}&watch=1&resourceVersion={version}");
                let answer = ours.server.handle(&Request::new("GET", &request), ours.now);
                watch = answer.into_watch();
            }
            let name = ["a", "b", "c", "d"][*name];
            if *is_deleted {
                ours.ask("DELETE", &format!("{all}/{name}"), "", &Value::Null);
            } else {
                let labels = [json!({}), json!({"app": "x"}), json!({"app": "y"})][*label].clone();
                secret(&mut ours, name, &labels);
            }
        }
        let mut watch = watch.expect("begun");
        for line in watch.next(&ours.server, ours.now).lines {
            let event: Value = serde_json::from_slice(&line).expect("JSON");
            let object = event["object"]["metadata"].clone();
            let name = object["name"].as_str().expect("a name").to_owned();
            let was = match event["type"].as_str() {
                Some("DELETED") => known.remove(&name).is_some(),
                _ => known.insert(name, object).is_some(),
            };
            prop_assert_eq!(was, event["type"] != "ADDED", "{}", event);
        }
        let (_, now) = ours.ask("GET", &list, "", &Value::Null);
        prop_assert_eq!(known, by_name(&now));
    }
}

fn by_name(list: &Value) -> BTreeMap<String, Value> {
    let items = list["items"].as_array().expect("a list").iter();
    items
        .map(|item| {
            let metadata = item["metadata"].clone();
            (
                metadata["name"].as_str().expect("a name").to_owned(),
                metadata,
            )
        })
        .collect()
}

#[test]
fn lists_and_watches_are_answered_as_the_real_server_did() {
    let answers: Vec<Value> = serde_json::from_str(ANSWERS).expect("a list");
    let found = differences(&play(&mut Ours::new()), &answers);
    assert!(
        found.is_empty(),
        "{} of {} differ:\n{}",
        found.len(),
        answers.len(),
        found.join("\n")
    );
}

#[test]
fn lists_and_watches_are_answered_as_a_real_server_does() {
    let assets = assets_or_skip!();
    let real = ApiServer::start(&assets, Options::named("reading")).expect("it starts");
    let theirs = play(&mut Theirs(real));
    let answers: Vec<Value> = theirs.into_iter().map(|(_, answer)| answer).collect();
    if std::env::var_os("FED_RECORD").is_some() {
        let lines: Vec<String> = answers.iter().map(Value::to_string).collect();
        let text = format!("[\n{}\n]\n", lines.join(",\n"));
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/server/reading-answers.json"
        );
        std::fs::write(path, text).expect("it can be written");
        return;
    }
    let found = differences(&play(&mut Ours::new()), &answers);
    assert!(
        found.is_empty(),
        "{} of {} differ:\n{}",
        found.len(),
        answers.len(),
        found.join("\n")
    );
}
