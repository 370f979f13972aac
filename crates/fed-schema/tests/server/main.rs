//! Do the checks say of an object what a real API server says of it? Thousands of objects, valid
//! ones and ones that are broken in one place, against the answers of a dry-run create.
//!
//! The answers are recorded, so the comparison runs everywhere. Where there are API servers, the
//! record is compared with them; `FED_RECORD=1` makes it anew.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "clippy allows it in test functions, but not in what they share"
)]

mod answers;
mod cases;
mod differences;
mod opinion;

use std::collections::BTreeMap;

use fed_schema::Schemas;
use fed_testkit::apiserver::{ApiServer, Options};
use fed_testkit::assets_or_skip;

use answers::{Answer, ask, read_record, write_record};
use cases::cases;
use differences::LISTED;
use opinion::Opinion;

#[test]
fn the_checks_agree_with_the_server() {
    let schemas = Schemas::builtin();
    let recorded = read_record();
    let mut unused: Vec<_> = LISTED.iter().collect();
    let mut told = Vec::new();
    let mut count = BTreeMap::<_, usize>::new();
    for case in cases() {
        let answer = recorded.get(&case.name).unwrap_or_else(|| {
            panic!(
                "no answer is recorded of {}: run with FED_RECORD=1",
                case.name
            )
        });
        let opinion = Opinion::of(&schemas, &case.object);
        let Some(difference) = opinion.difference(answer) else {
            *count.entry("agreed").or_default() += 1;
            continue;
        };
        if difference.is_missed_rule() {
            *count
                .entry("rejected by rules that are missed")
                .or_default() += 1;
            println!("missed: {}: {answer}", case.name);
            continue;
        }
        unused.retain(|listed| !listed.is_about(&case.name));
        if LISTED.iter().any(|listed| listed.is_about(&case.name)) {
            *count.entry("listed").or_default() += 1;
        } else {
            told.push(format!(
                "{}\n    {difference}\n    server: {answer}\n    {opinion}",
                case.name
            ));
        }
    }
    println!("{count:?}");
    assert!(
        told.is_empty(),
        "{} differences:\n{}",
        told.len(),
        told.join("\n")
    );
    assert!(unused.is_empty(), "no longer different: {unused:?}");
}

#[test]
fn there_are_hundreds_of_objects_of_many_kinds() {
    let cases = cases();
    let mut kinds: Vec<_> = cases.iter().map(cases::Case::kind).collect();
    kinds.sort();
    kinds.dedup();
    assert!(kinds.len() > 50, "{}", kinds.len());
    assert!(cases.len() > 300, "{}", cases.len());
    println!("{} objects of {} kinds", cases.len(), kinds.len());
}

#[test]
fn the_record_is_what_a_server_answers() {
    let assets = assets_or_skip!();
    let server = ApiServer::start(&assets, Options::named("judge")).unwrap();
    let schemas = Schemas::builtin();
    let answers: BTreeMap<String, Answer> = cases()
        .into_iter()
        .map(|case| {
            let answer = ask(server.client(), &schemas, &case.object);
            (case.name, answer)
        })
        .collect();
    if std::env::var_os("FED_RECORD").is_some_and(|value| value == "1") {
        write_record(&answers);
    }
    let recorded = read_record();
    let changed: Vec<_> = answers
        .iter()
        .filter(|(name, answer)| recorded.get(*name) != Some(answer))
        .map(|(name, answer)| format!("{name}: {answer}"))
        .collect();
    assert!(
        changed.is_empty(),
        "{} answers are not those recorded:\n{}",
        changed.len(),
        changed.join("\n")
    );
    assert_eq!(answers.len(), recorded.len(), "of objects that are no more");
}
