//! Does a real API server answer what is recorded, and does `cargo xtask schema` fetch from it
//! what is packed?
//!
//! `FED_RECORD=1 cargo test -p fed-schema --test live` records the answers anew: the objects of
//! `minimal-objects.json` are created there by dry run.

#![cfg(unix)]

mod common;

use std::env;
use std::fs;
use std::path::Path;

use common::without_server_given;
use fed_schema::{Kind, Schemas, Scope};
use fed_testkit::apiserver::{ApiServer, Options};
use fed_testkit::assets_or_skip;
use serde_json::{Value, json};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");

#[test]
fn the_recorded_answers_are_those_of_a_server() {
    let assets = assets_or_skip!();
    let server = ApiServer::start(&assets, Options::named("schema")).expect("a server");
    let schemas = Schemas::builtin();
    let objects: Vec<Value> =
        serde_json::from_str(include_str!("data/minimal-objects.json")).expect("objects");
    let mut cases = Vec::new();
    for created in objects {
        let text = |field: &str| created[field].as_str().unwrap_or("");
        let kind = schemas
            .kind_of(text("apiVersion"), text("kind"))
            .expect("built in");
        let answer = server
            .client()
            .create(&path(kind), &created)
            .expect("an answer");
        assert_eq!(answer.status, 201, "{created}: {}", answer.body);
        let answered = without_server_given(&schemas, answer.body);
        cases.push(json!({"created": created, "answered": answered}));
    }
    let file = Path::new(DATA).join("recorded-defaults.json");
    if env::var_os("FED_RECORD").is_some() {
        let lines: Vec<String> = cases.iter().map(|case| format!("  {case}")).collect();
        fs::write(&file, format!("[\n{}\n]\n", lines.join(",\n"))).expect("written");
    }
    let recorded: Vec<Value> =
        serde_json::from_str(&fs::read_to_string(&file).expect("recorded")).expect("JSON");
    assert_eq!(cases.len(), recorded.len());
    for (case, recorded) in cases.iter().zip(&recorded) {
        assert_eq!(case, recorded);
    }
}

fn path(kind: Kind<'_>) -> String {
    let root = if kind.group().is_empty() {
        "api"
    } else {
        "apis"
    };
    let place = match kind.scope() {
        Scope::Namespaced => "namespaces/default/",
        Scope::Cluster => "",
    };
    format!(
        "/{root}/{}/{place}{}?dryRun=All",
        kind.api_version(),
        kind.plural()
    )
}
