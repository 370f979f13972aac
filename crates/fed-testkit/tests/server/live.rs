//! The same random requests to the server in memory and to a real one: do they answer alike?
//!
//! `FED_SEED` and `FED_SEQUENCES` in the environment choose which and how many.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use fed_testkit::apiserver::{ApiServer, Assets, Options};
use fed_testkit::assets_or_skip;
use fed_testkit::server::{Request, Server};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::compare::{difference, sort_managers};
use crate::objects::{self, KINDS, Kind, Random};
use crate::oracle;

type Fields = Map<String, Value>;

/// A request: its name for people, method, path, content type and body.
struct Step {
    name: &'static str,
    method: &'static str,
    path: String,
    media: &'static str,
    body: Option<Value>,
}

fn sequence(random: &mut Random, kind: Kind, name: &str) -> Vec<Step> {
    let length = 3 + random.below(8);
    (0..length)
        .map(|place| step(random, kind, name, place))
        .collect()
}

fn step(random: &mut Random, kind: Kind, name: &str, place: usize) -> Step {
    let sort = sort(random, kind.2, place);
    let query = query(random, sort);
    let mut step = request(random, kind, name, sort);
    if !query.is_empty() {
        step.path = format!("{}?{}", step.path, query.join("&"));
    }
    step
}

fn sort(random: &mut Random, kind: &str, place: usize) -> &'static str {
    let has_status = matches!(kind, "Deployment" | "Gadget");
    let has_scale = matches!(kind, "Deployment" | "StatefulSet" | "Gadget");
    match random.below(if place == 0 { 60 } else { 100 }) {
        0..42 => "apply",
        42..60 if place == 0 => "create",
        42..52 => "update",
        52..62 => "merge",
        62..72 => "strategic",
        72..81 => "json",
        81..87 => "delete",
        87..91 if has_scale => "scale",
        91..94 if has_status => "status-apply",
        94..97 if has_status => "status-merge",
        _ => "get",
    }
}

fn query(random: &mut Random, sort: &str) -> Vec<String> {
    if sort == "get" {
        return Vec::new();
    }
    if sort == "delete" {
        let policies = ["", "Foreground", "Orphan", "Background"];
        return match random.pick(&policies) {
            "" if random.chance(50) => vec!["dryRun=All".to_owned()],
            "" => Vec::new(),
            policy => vec![format!("propagationPolicy={policy}")],
        };
    }
    let mut query = vec![format!(
        "fieldManager={}",
        random.pick(&["one", "two", "three"])
    )];
    if random.chance(8) {
        query.push("dryRun=All".to_owned());
    }
    if random.chance(10) {
        query.push(format!(
            "fieldValidation={}",
            random.pick(&["Strict", "Warn", "Ignore"])
        ));
    }
    if sort == "status-apply" || (sort == "apply" && random.chance(30)) {
        query.push("force=true".to_owned());
    }
    query
}

fn whole(kind: Kind, name: &str, mut fields: Fields, mut metadata: Fields) -> Value {
    metadata.insert("name".to_owned(), json!(name));
    metadata.insert("namespace".to_owned(), json!("diff"));
    fields.insert("apiVersion".to_owned(), json!(kind.1));
    fields.insert("kind".to_owned(), json!(kind.2));
    fields.insert("metadata".to_owned(), Value::Object(metadata));
    Value::Object(fields)
}

fn request(random: &mut Random, kind: Kind, name: &str, sort: &'static str) -> Step {
    const APPLY: &str = "application/apply-patch+yaml";
    const MERGE: &str = "application/merge-patch+json";
    let fields = objects::fields(random, kind.2);
    let metadata = objects::metadata(random);
    let one = format!("{}/{name}", kind.0);
    let status = |random: &mut Random| {
        Fields::from_iter([("status".to_owned(), objects::status(random, kind.2))])
    };
    let (method, path, media, body) = match sort {
        "apply" => (
            "PATCH",
            one,
            APPLY,
            Some(whole(kind, name, fields, metadata)),
        ),
        "create" => {
            let body = whole(kind, name, fields, metadata);
            ("POST", kind.0.to_owned(), "application/json", Some(body))
        }
        "update" => (
            "PUT",
            one,
            "application/json",
            Some(whole(kind, name, fields, metadata)),
        ),
        "merge" => (
            "PATCH",
            one,
            MERGE,
            Some(patch(random, fields, metadata, false)),
        ),
        "strategic" => {
            let body = patch(random, fields, metadata, true);
            (
                "PATCH",
                one,
                "application/strategic-merge-patch+json",
                Some(body),
            )
        }
        "json" => {
            let body = objects::json_patch(random, name);
            ("PATCH", one, "application/json-patch+json", Some(body))
        }
        "delete" => ("DELETE", one, "", None),
        "scale" => {
            let body = json!({"spec": {"replicas": random.pick(&[0, 4, 70])}});
            ("PATCH", format!("{one}/scale"), MERGE, Some(body))
        }
        "status-apply" => {
            let body = whole(kind, name, status(random), Fields::new());
            ("PATCH", format!("{one}/status"), APPLY, Some(body))
        }
        "status-merge" => {
            let mut body = status(random);
            body.insert("metadata".to_owned(), Value::Object(metadata));
            (
                "PATCH",
                format!("{one}/status"),
                MERGE,
                Some(Value::Object(body)),
            )
        }
        _ => ("GET", one, "", None),
    };
    Step {
        name: sort,
        method,
        path,
        media,
        body,
    }
}

fn patch(random: &mut Random, mut fields: Fields, mut metadata: Fields, directs: bool) -> Value {
    if random.chance(20) {
        let labels = if directs && random.chance(50) {
            json!({"a": null, "$patch": "replace"})
        } else {
            json!({"a": null})
        };
        metadata.insert("labels".to_owned(), labels);
    }
    if !metadata.is_empty() {
        fields.insert("metadata".to_owned(), Value::Object(metadata));
    }
    Value::Object(fields)
}

/// An answer with `#` for what no two servers choose alike.
fn comparable(code: u16, mut body: Value) -> Value {
    if code >= 300 {
        let causes = body.pointer("/details/causes").and_then(Value::as_array);
        let mut causes: Vec<_> = causes
            .into_iter()
            .flatten()
            .map(|cause| json!([cause["reason"], cause["field"]]))
            .collect();
        causes.sort_by_key(Value::to_string);
        return json!({"code": code, "reason": body["reason"], "causes": causes});
    }
    chosen(&mut body);
    sort_managers(&mut body);
    json!({"code": code, "object": body})
}

fn chosen(value: &mut Value) {
    const CHOSEN: [&str; 11] = [
        "uid",
        "resourceVersion",
        "creationTimestamp",
        "deletionTimestamp",
        "clusterIP",
        "clusterIPs",
        "nodePort",
        "healthCheckNodePort",
        "time",
        "renewTime",
        "acquireTime",
    ];
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if CHOSEN.contains(&name.as_str())
                    && (value.is_string() || value.is_number() || name == "clusterIPs")
                {
                    *value = json!("#");
                } else {
                    chosen(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(chosen),
        _ => {}
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    let said = std::env::var(name).ok();
    said.map_or(otherwise, |text| text.parse().expect("a number"))
}

/// A real server and one in memory that hold the same.
struct Pair {
    real: ApiServer,
    ours: Server,
    now: Timestamp,
}

impl Pair {
    fn start(assets: &Assets, name: &str) -> Self {
        let real = ApiServer::start(assets, Options::named(name)).expect("it starts");
        let mut pair = Self {
            real,
            ours: Server::new(5),
            now: "2030-01-01T00:00:00Z".parse().expect("a time"),
        };
        for (path, object) in oracle::setup() {
            let text = object.to_string();
            let (ours, theirs) = pair.ask("POST", &path, "application/json", &text, &text);
            assert_eq!((ours.0, theirs.0), (201, 201), "{} {}", ours.1, theirs.1);
        }
        // A definition is served a little later.
        let gadgets = "/apis/demo.example.com/v1/namespaces/diff/gadgets";
        while pair.real.client().get(gadgets).expect("an answer").status != 200 {
            thread::sleep(Duration::from_millis(100));
        }
        pair
    }

    /// What both answer: code and body, ours first.
    fn ask(
        &mut self,
        method: &str,
        path: &str,
        media: &str,
        to_ours: &str,
        to_theirs: &str,
    ) -> ((u16, Value), (u16, Value)) {
        self.now += SignedDuration::from_secs(1);
        let client = self.real.client();
        let theirs = client.request(method, path, media, to_theirs.as_bytes());
        let theirs = theirs.expect("an answer");
        let mut request = Request::new(method, path).with_body(media, to_ours);
        "ureq/3".clone_into(&mut request.user_agent);
        let ours = self.ours.handle(&request, self.now);
        ((ours.code, ours.json()), (theirs.status, theirs.body))
    }
}

#[test]
fn random_sequences_are_answered_as_a_real_server_does() {
    let assets = assets_or_skip!();
    let mut pair = Pair::start(&assets, "differential");
    let (seed, count) = (number("FED_SEED", 1), number("FED_SEQUENCES", 120));
    let only = std::env::var("FED_KIND").ok();
    let mut differing: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut steps, mut right) = (0, 0);
    for place in 0..count {
        let mut random = Random::new(seed * 1_000_003 + place);
        let kind = random.pick(KINDS);
        if only.as_ref().is_some_and(|only| only != kind.2) {
            continue;
        }
        let name = format!("s{place}");
        let mut told = Vec::new();
        for step in sequence(&mut random, kind, &name) {
            let bytes = step.body.as_ref().map(Value::to_string).unwrap_or_default();
            let (ours, theirs) = pair.ask(step.method, &step.path, step.media, &bytes, &bytes);
            let (message, their_message) = (ours.1["message"].clone(), theirs.1["message"].clone());
            steps += 1;
            told.push(format!("{} {} {bytes}", step.method, step.path));
            let (ours, theirs) = (comparable(ours.0, ours.1), comparable(theirs.0, theirs.1));
            if let Some(how) = difference("", &ours, &theirs) {
                let how = format!(
                    "sequence {place} {}: {how}\n    ours {}\n    theirs {}\n    {}",
                    step.name,
                    message,
                    their_message,
                    told.join("\n    ")
                );
                differing.entry(kind.2.to_owned()).or_default().push(how);
                break;
            }
            right += 1;
        }
    }
    for (kind, all) in &differing {
        println!("{kind}: {} sequences differ", all.len());
        for how in all {
            println!("  {how}");
        }
    }
    let bad: usize = differing.values().map(Vec::len).sum();
    println!("{bad} of {count} sequences differ, {right} of {steps} steps agree");
    assert_eq!(
        bad, 0,
        "sequences that are answered otherwise than by a real server"
    );
}

/// Requests that people make by mistake or on purpose, in this order: method, path, content type
/// and body. `{version}` and `{uid}` stand for those that the last answer of the same server had.
static MISTAKES: &str = include_str!("mistakes.json");

#[test]
fn mistakes_are_answered_as_a_real_server_does() {
    let assets = assets_or_skip!();
    let mut pair = Pair::start(&assets, "conversation");
    let mut last = [
        (String::new(), String::new()),
        (String::new(), String::new()),
    ];
    let mut differing = Vec::new();
    let requests: Vec<(String, String, String, Value)> =
        serde_json::from_str(MISTAKES).expect("a list of requests");
    for (method, path, media, body) in requests {
        let text = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let filled = |(version, uid): &(String, String)| {
            text.replace("{version}", version).replace("{uid}", uid)
        };
        let (to_ours, to_theirs) = (filled(&last[0]), filled(&last[1]));
        let (ours, theirs) = pair.ask(&method, &path, &media, &to_ours, &to_theirs);
        for (last, (_, body)) in last.iter_mut().zip([&ours, &theirs]) {
            let text = |field: &str| body["metadata"][field].as_str().map(str::to_owned);
            if let (Some(version), Some(uid)) = (text("resourceVersion"), text("uid")) {
                *last = (version, uid);
            }
        }
        let messages = format!(
            "\n    ours {}\n    theirs {}",
            ours.1["message"], theirs.1["message"]
        );
        let (ours, theirs) = (comparable(ours.0, ours.1), comparable(theirs.0, theirs.1));
        if let Some(how) = difference("", &ours, &theirs) {
            differing.push(format!("{method} {path} {text}\n    {how}{messages}"));
        }
    }
    assert!(
        differing.is_empty(),
        "{} differ:\n{}",
        differing.len(),
        differing.join("\n")
    );
}
