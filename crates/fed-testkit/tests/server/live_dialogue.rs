//! The dialogues with a real server: does it still say what is written down?

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use fed_testkit::apiserver::{ApiServer, Assets, Options, Response};
use fed_testkit::assets_or_skip;
use serde_json::Value;

use crate::dialogue::{Asked, Dialogue, Kept, differing};

/// How long controllers may take.
const PATIENCE: Duration = Duration::from_mins(1);

fn start(assets: &Assets, dialogue: &Dialogue, folder: &Path) -> ApiServer {
    let mut tokens = "fed-testkit,fed-testkit,fed-testkit,system:masters\n".to_owned();
    for (name, groups) in dialogue.users() {
        let groups = match &groups[..] {
            [] => String::new(),
            groups => format!(",\"{}\"", groups.join(",")),
        };
        tokens.extend([&name, ",", &name, ",", &name, &groups, "\n"]);
    }
    let file = folder.join("tokens.csv");
    fs::write(&file, tokens).expect("a folder to write to");
    let mut options = Options::named(dialogue.name);
    options.controller_manager = dialogue.has_controllers();
    options.apiserver_arguments = vec![format!("--token-auth-file={}", file.display())];
    ApiServer::start(assets, options).expect("it starts")
}

fn ask(server: &ApiServer, asked: &Asked) -> Response {
    let token = asked.token.as_deref().unwrap_or(server.token());
    let client = match token {
        "nobody" => server.client().without_token(),
        token => server.client().with_token(token),
    };
    let body = asked.body.as_bytes();
    let answer = client.request(&asked.method, &asked.path, &asked.media, body);
    answer.expect("an answer")
}

/// What a real server says to a step, in time.
fn answer(server: &ApiServer, kept: &mut Kept, step: &Value, records: bool) -> Value {
    let asked = kept.asked(step);
    let waits = step["wait"].as_u64();
    if let Some(seconds) = waits.filter(|_| records) {
        thread::sleep(Duration::from_secs(seconds));
    }
    let end = Instant::now() + PATIENCE;
    loop {
        let said = ask(server, &asked);
        // A server learns of new roles and definitions a moment later. What was only read, or
        // refused, can be asked again.
        let is_repeatable = asked.method == "GET" || said.status == 403;
        let theirs = kept.comparable(step, said.status, said.body, &said.warnings);
        let is_done = records || !is_repeatable || differing(step, &theirs).is_none();
        if is_done || Instant::now() > end {
            return theirs;
        }
        thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn a_real_server_says_in_dialogues_what_is_written_down() {
    let assets = assets_or_skip!();
    let records = std::env::var_os("FED_RECORD").is_some();
    let only = std::env::var("FED_DIALOGUE").ok();
    let folder = tempfile::tempdir().expect("a folder");
    let mut faults = Vec::new();
    for dialogue in Dialogue::all() {
        let name = dialogue.name;
        if only.as_ref().is_some_and(|only| only != name) {
            continue;
        }
        let server = start(&assets, &dialogue, folder.path());
        let mut kept = Kept::default();
        let steps = dialogue.steps().iter();
        let answers: Vec<Value> = steps
            .map(|step| answer(&server, &mut kept, step, records))
            .collect();
        if records {
            let file = format!("tests/server/cases/{name}.json");
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
            fs::write(file, dialogue.with_answers(&answers)).expect("the case is written");
            continue;
        }
        let pairs = dialogue.steps().iter().zip(&answers);
        let differing = pairs.filter_map(|(step, theirs)| differing(step, theirs));
        faults.extend(differing.map(|how| format!("{name}: {how}")));
    }
    assert!(
        faults.is_empty(),
        "{} answers are not what is written down:\n{}",
        faults.len(),
        faults.join("\n")
    );
}
