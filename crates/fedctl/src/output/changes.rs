//! The changes for people: what comes to each cluster, what leaves it, what becomes another there,
//! and why.

use super::Terminal;
use super::fields;
use super::grid::{self, PLAIN, Row};
use super::table::{FAULTY, is_fault, sentences, title};
use super::text::{counted, harmless};
use crate::answer::Change;

const HEADER: [&str; 4] = ["CLUSTER", "OBJECT", "REPLICAS", "WHY"];

/// The widest that the columns of clusters and objects get.
const WIDEST: [usize; 2] = [20, 32];

/// The changes as a table, with colours.
pub fn render(changes: &[Change], now: &str, explain: bool, terminal: Terminal) -> String {
    let mut text = format!("Changes at {now}\n\n");
    let mut cluster = "";
    let rows: Vec<_> = changes
        .iter()
        .map(|change| {
            let is_first = change.cluster != cluster;
            cluster = &change.cluster;
            row(change, is_first, explain)
        })
        .collect();
    grid::write(&mut text, HEADER, &rows, WIDEST, terminal);
    text.push_str(&summary(changes));
    text
}

fn row(change: &Change, is_first: bool, explain: bool) -> Row {
    let is_faulty = change.after.is_some() && change.reasons.iter().any(is_fault);
    let style = if is_faulty { FAULTY } else { PLAIN };
    Row {
        first: if is_first {
            harmless(&change.cluster)
        } else {
            String::new()
        },
        count: replicas(change),
        ..Row::new(&title(&change.object), &why(change, explain), style)
    }
}

/// `3 -> 5`, or `3` if they stay.
fn replicas(change: &Change) -> String {
    match (change.replicas_before, change.replicas_after) {
        (None, None) => String::new(),
        (before, after) if before == after => number(after),
        (before, after) => format!("{} -> {}", number(before), number(after)),
    }
}

fn number(replicas: Option<i64>) -> String {
    replicas.map_or_else(|| "?".to_owned(), |replicas| replicas.to_string())
}

fn why(change: &Change, explain: bool) -> String {
    match (&change.before, &change.after) {
        (None, _) => format!("comes: {}", sentences(&change.reasons, explain)),
        (_, None) => format!("leaves: {}", sentences(&change.reasons, true)),
        _ => {
            let reasons = sentences(&change.reasons, explain);
            let told = [fields::of(change), reasons];
            let told: Vec<_> = told.into_iter().filter(|text| !text.is_empty()).collect();
            told.join("; ")
        }
    }
}

fn summary(changes: &[Change]) -> String {
    let count = |is: fn(&Change) -> bool| changes.iter().filter(|change| is(change)).count();
    let told: Vec<_> = [
        (count(|change| change.before.is_none()), "comes", "come"),
        (count(|change| change.after.is_none()), "leaves", "leave"),
        (
            count(|change| change.before.is_some() && change.after.is_some()),
            "changes",
            "change",
        ),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, one, many)| {
        let verb = if count == 1 { one } else { many };
        format!("{} {verb}", counted(count, "object"))
    })
    .collect();
    if told.is_empty() {
        return "Nothing changes.\n".to_owned();
    }
    format!("{}.\n", told.join(", "))
}
