//! 300 sequences of requests, recorded with the answers of kube-apiserver 1.36.3, played through
//! the server in memory.
//!
//! `#` stands in them for what no two servers choose alike: uids, versions, times, addresses.
//! `SEQUENCES` in the environment names another file of the same form.

use std::collections::BTreeMap;
use std::io::Read;

use fed_testkit::server::{Answer, Request, Server};
use flate2::read::GzDecoder;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::compare::{difference, mask, sort_managers};
use crate::differences::KNOWN;

static RECORDED: &[u8] = include_bytes!("api-sequences-1.36.json.gz");

fn recorded() -> Value {
    let read = std::env::var_os("SEQUENCES").map(|path| std::fs::read(path).expect("a file"));
    let bytes = read.as_deref().unwrap_or(RECORDED);
    let mut text = String::new();
    GzDecoder::new(bytes)
        .read_to_string(&mut text)
        .expect("a gzipped text");
    serde_json::from_str(&text).expect("JSON")
}

/// What has to be there before, with the paths to create it at.
pub(crate) fn setup() -> Vec<(String, Value)> {
    let recorded = recorded();
    let objects = recorded["setup"].as_array().expect("a list").iter();
    let path = |object: &Value| match object["kind"].as_str() {
        Some("Namespace") => "/api/v1/namespaces",
        _ => "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    };
    objects
        .map(|object| (path(object).to_owned(), object.clone()))
        .collect()
}

/// A clock that goes on by a second with every request.
struct Clock(Timestamp);

impl Clock {
    fn tick(&mut self) -> Timestamp {
        self.0 += SignedDuration::from_secs(1);
        self.0
    }
}

fn send(server: &mut Server, clock: &mut Clock, step: &Value) -> Answer {
    let text = |index: usize| step[index].as_str().unwrap_or_default();
    let (path, is_table) = match text(2).strip_suffix("#table") {
        Some(path) => (path, true),
        None => (text(2), false),
    };
    let mut request = Request::new(text(1), path);
    if !step[3].is_null() {
        request = request.with_json(text(4), &step[3]);
    }
    if is_table {
        "application/json;as=Table;v=v1;g=meta.k8s.io".clone_into(&mut request.accept);
    }
    server.handle(&request, clock.tick())
}

/// What of an answer can be compared, with `#` for what cannot.
fn comparable(answer: &Answer, recorded: &Value) -> Value {
    if recorded.get("columns").is_some() {
        return table(&answer.json(), recorded);
    }
    if answer.code < 300 {
        let mut object = answer.json().clone();
        mask(&mut object, &recorded["object"]);
        sort_managers(&mut object);
        return json!({"code": answer.code, "object": object});
    }
    let causes = answer.json().pointer("/details/causes").cloned();
    let mut causes: Vec<Value> = causes
        .as_ref()
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|cause| json!([cause["reason"], cause["field"]]))
        .collect();
    causes.sort_by_key(Value::to_string);
    json!({"code": answer.code, "reason": answer.json()["reason"], "causes": causes})
}

fn expected(recorded: &Value) -> Value {
    let mut expected = recorded.clone();
    if let Some(fields) = expected.as_object_mut() {
        fields.remove("message");
        if let Some(causes) = fields.get_mut("causes").and_then(Value::as_array_mut) {
            causes.sort_by_key(Value::to_string);
        }
        if let Some(object) = fields.get_mut("object") {
            sort_managers(object);
        }
    }
    expected
}

fn table(body: &Value, recorded: &Value) -> Value {
    let definitions = body["columnDefinitions"].as_array().into_iter().flatten();
    let columns: Vec<_> = definitions.map(|column| column["name"].clone()).collect();
    let rows = body["rows"].as_array().into_iter().flatten();
    let mut cells: Value = rows.map(|row| row["cells"].clone()).collect();
    let ports = |text: &str| -> String {
        let parts: Vec<_> = text
            .split(',')
            .map(|port| match port.split_once(':') {
                Some((port, rest)) => match rest.split_once('/') {
                    Some((_, protocol)) => format!("{port}:#/{protocol}"),
                    None => port.to_owned(),
                },
                None => port.to_owned(),
            })
            .collect();
        parts.join(",")
    };
    mask(&mut cells, &recorded["cells"]);
    for cell in cells.as_array_mut().into_iter().flatten() {
        for cell in cell.as_array_mut().into_iter().flatten() {
            if let Some(text) = cell
                .as_str()
                .filter(|text| text.contains(":3") && text.contains('/'))
            {
                *cell = json!(ports(text));
            }
        }
    }
    json!({"code": 200, "columns": columns, "cells": cells})
}

#[test]
fn recorded_sequences_are_answered_as_the_real_server_did() {
    let recorded = recorded();
    let mut server = Server::new(7);
    let mut clock = Clock("2030-01-01T00:00:00Z".parse().expect("a time"));
    for (path, object) in setup() {
        let request = Request::new("POST", &path).with_json("application/json", &object);
        let answer = server.handle(&request, clock.tick());
        assert_eq!(answer.code, 201, "{}", answer.json());
    }
    let is_own = std::env::var_os("SEQUENCES").is_none();
    let mut differing = BTreeMap::new();
    let (mut steps, mut right, mut messages, mut refusals) = (0, 0, 0, 0);
    let sequences = recorded["sequences"].as_array().expect("a list");
    for (place, sequence) in sequences.iter().enumerate() {
        let pairs = sequence["steps"].as_array().expect("a list").iter();
        let pairs = pairs.zip(sequence["answers"].as_array().expect("a list"));
        for (index, (step, answer)) in pairs.enumerate() {
            let got = send(&mut server, &mut clock, step);
            let ours = comparable(&got, answer);
            steps += 1;
            if let Some(message) = answer.get("message") {
                refusals += 1;
                messages += usize::from(got.json()["message"] == *message);
                if std::env::var_os("MESSAGES").is_some() && got.json()["message"] != *message {
                    println!("{place} {index}: {} != {message}", got.json()["message"]);
                }
            }
            match difference("", &ours, &expected(answer)) {
                None => right += 1,
                Some(how) => {
                    let how = format!(
                        "step {index} ({}): {how} {}",
                        step[0],
                        got.json()["message"]
                    );
                    differing.entry(place).or_insert(how);
                }
            }
        }
    }
    let total = sequences.len();
    println!(
        "{} of {total} sequences agree, {right} of {steps} steps",
        total - differing.len()
    );
    println!("{messages} of {refusals} refusals have the same message");
    let known: BTreeMap<_, _> = KNOWN.iter().copied().filter(|_| is_own).collect();
    for (place, how) in &differing {
        let why = known.get(place).copied().unwrap_or("NOT KNOWN");
        println!(
            "sequence {place} [{}] {how}\n    {why}",
            sequences[*place]["kind"]
        );
    }
    let unknown: Vec<_> = differing
        .keys()
        .filter(|place| !known.contains_key(place))
        .collect();
    assert!(
        unknown.is_empty(),
        "sequences that should agree: {unknown:?}"
    );
    let agreeing: Vec<_> = known
        .keys()
        .filter(|place| !differing.contains_key(place))
        .collect();
    assert!(
        agreeing.is_empty(),
        "sequences that agree now: take them off the list: {agreeing:?}"
    );
}
