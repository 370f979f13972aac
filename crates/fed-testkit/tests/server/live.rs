//! The same random requests to the server in memory and to a real one: do they answer alike?
//!
//! `FED_SEED` and `FED_SEQUENCES` in the environment choose which and how many.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use fed_testkit::apiserver::{ApiServer, Options};
use fed_testkit::assets_or_skip;
use fed_testkit::server::{Request, Server};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::compare::{difference, sort_managers};
use crate::objects::{self, KINDS, Kind, Random};
use crate::oracle;

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

fn step(random: &mut Random, (all, version, kind): Kind, name: &str, place: usize) -> Step {
    let has_status = matches!(kind, "Deployment" | "Gadget");
    let has_scale = matches!(kind, "Deployment" | "StatefulSet" | "Gadget");
    let sort = match random.below(if place == 0 { 60 } else { 100 }) {
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
    };
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
    let mut object = objects::fields(random, kind);
    let mut metadata = objects::metadata(random);
    let one = format!("{all}/{name}");
    let whole = |mut object: serde_json::Map<String, Value>,
                 metadata: &serde_json::Map<String, Value>| {
        let mut metadata = metadata.clone();
        metadata.insert("name".to_owned(), json!(name));
        metadata.insert("namespace".to_owned(), json!("diff"));
        object.insert("apiVersion".to_owned(), json!(version));
        object.insert("kind".to_owned(), json!(kind));
        object.insert("metadata".to_owned(), Value::Object(metadata));
        Value::Object(object)
    };
    let (method, path, media, body) = match sort {
        "apply" => (
            "PATCH",
            one,
            "application/apply-patch+yaml",
            Some(whole(object, &metadata)),
        ),
        "create" => (
            "POST",
            all.to_owned(),
            "application/json",
            Some(whole(object, &metadata)),
        ),
        "update" => (
            "PUT",
            one,
            "application/json",
            Some(whole(object, &metadata)),
        ),
        "merge" | "strategic" => {
            if random.chance(20) {
                metadata.insert("labels".to_owned(), json!({"a": null}));
                if sort == "strategic" && random.chance(50) {
                    metadata.insert("labels".to_owned(), json!({"a": null, "$patch": "replace"}));
                }
            }
            if !metadata.is_empty() {
                object.insert("metadata".to_owned(), Value::Object(metadata));
            }
            let media = match sort {
                "merge" => "application/merge-patch+json",
                _ => "application/strategic-merge-patch+json",
            };
            ("PATCH", one, media, Some(Value::Object(object)))
        }
        "json" => (
            "PATCH",
            one,
            "application/json-patch+json",
            Some(objects::json_patch(random, name)),
        ),
        "delete" => {
            query = random.pick(&[
                vec![],
                vec!["propagationPolicy=Foreground".to_owned()],
                vec!["propagationPolicy=Orphan".to_owned()],
                vec!["propagationPolicy=Background".to_owned()],
                vec!["dryRun=All".to_owned()],
            ]);
            ("DELETE", one, "", None)
        }
        "scale" => {
            let body = json!({"spec": {"replicas": random.pick(&[0, 4, 70])}});
            (
                "PATCH",
                format!("{one}/scale"),
                "application/merge-patch+json",
                Some(body),
            )
        }
        "status-apply" => {
            let mut body = serde_json::Map::new();
            body.insert("status".to_owned(), objects::status(random, kind));
            let body = whole(body, &serde_json::Map::new());
            (
                "PATCH",
                format!("{one}/status"),
                "application/apply-patch+yaml",
                Some(body),
            )
        }
        "status-merge" => {
            let body = json!({"status": objects::status(random, kind), "metadata": metadata});
            (
                "PATCH",
                format!("{one}/status"),
                "application/merge-patch+json",
                Some(body),
            )
        }
        _ => {
            query.clear();
            ("GET", one, "", None)
        }
    };
    let path = if query.is_empty() {
        path
    } else {
        format!("{path}?{}", query.join("&"))
    };
    Step {
        name: sort,
        method,
        path,
        media,
        body,
    }
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

#[test]
fn random_sequences_are_answered_as_a_real_server_does() {
    let assets = assets_or_skip!();
    let real = ApiServer::start(&assets, Options::named("differential")).expect("it starts");
    let mut ours = Server::new(5);
    let mut now: Timestamp = "2030-01-01T00:00:00Z".parse().expect("a time");
    for (path, object) in oracle::setup() {
        assert_eq!(
            real.client()
                .create(&path, &object)
                .expect("an answer")
                .status,
            201
        );
        let request = Request::new("POST", &path).with_json("application/json", &object);
        assert_eq!(ours.handle(&request, now).code, 201);
    }
    // A definition is served a little later.
    let gadgets = "/apis/demo.example.com/v1/namespaces/diff/gadgets";
    while real.client().get(gadgets).expect("an answer").status != 200 {
        thread::sleep(Duration::from_millis(100));
    }
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
            now += SignedDuration::from_secs(1);
            let bytes = step.body.as_ref().map(Value::to_string).unwrap_or_default();
            let theirs = real
                .client()
                .request(step.method, &step.path, step.media, bytes.as_bytes())
                .expect("an answer");
            let request =
                Request::new(step.method, &step.path).with_body(step.media, bytes.clone());
            let answer = ours.handle(&request, now);
            steps += 1;
            told.push(format!("{} {} {bytes}", step.method, step.path));
            let (left, right_side) = (
                comparable(answer.code, answer.body.clone()),
                comparable(theirs.status, theirs.body.clone()),
            );
            if let Some(how) = difference("", &left, &right_side) {
                let how = format!(
                    "sequence {place} {}: {how}\n    ours {}\n    theirs {}\n    {}",
                    step.name,
                    answer.body["message"],
                    theirs.body["message"],
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
