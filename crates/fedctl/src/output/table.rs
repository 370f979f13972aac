//! The answer for people: where each object goes and why, made for 80 columns.

use std::collections::BTreeSet;
use std::io::{self, Write as _};

use anstyle::{AnsiColor, Style};
use fed_core::{Code, Reason};

use super::Terminal;
use super::changes;
use super::grid::{self, PLAIN, Row};
use super::text::{counted, harmless};
use crate::answer::{Answer, Identity, Object};

const REFUSED: Style = AnsiColor::Yellow.on_default();
pub(super) const FAULTY: Style = AnsiColor::Red.on_default();

/// Prints the answer to standard output, with colours if that is a terminal. Where changes were
/// asked for, they alone are printed.
pub fn print(answer: &Answer, explain: bool, terminal: Terminal) -> io::Result<()> {
    let text = match &answer.changes {
        Some(changes) => changes::render(changes, &answer.now, explain, terminal),
        None => render(answer, explain, terminal),
    };
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// The answer as a table, with colours.
pub fn render(answer: &Answer, explain: bool, terminal: Terminal) -> String {
    let mut text = format!("Plan at {}\n\n", answer.now);
    let rows: Vec<_> = answer
        .objects
        .iter()
        .flat_map(|object| rows_of(object, explain))
        .collect();
    grid::write(&mut text, HEADER, &rows, WIDEST, terminal);
    text.push_str(&summary(answer));
    text
}

const HEADER: [&str; 4] = ["OBJECT", "CLUSTER", "REPLICAS", "WHY"];

/// The widest that the columns of objects and clusters get.
const WIDEST: [usize; 2] = [32, 20];

fn rows_of(object: &Object, explain: bool) -> Vec<Row> {
    let mut rows: Vec<_> = object
        .placed
        .iter()
        .map(|placed| {
            let is_faulty = placed.reasons.iter().any(is_fault);
            let style = if is_faulty { FAULTY } else { PLAIN };
            Row {
                count: placed
                    .replicas
                    .map_or_else(String::new, |count| count.to_string()),
                ..Row::new(&placed.cluster, &sentences(&placed.reasons, explain), style)
            }
        })
        .collect();
    rows.extend(object.refused.iter().map(|refused| {
        let why = format!("not placed: {}", sentences(&refused.reasons, true));
        Row::new(&refused.cluster, &why, REFUSED)
    }));
    if hides_refusals(object) || rows.is_empty() {
        rows.push(Row::new("", &refusals(object), REFUSED));
    }
    if let Some(first) = rows.first_mut() {
        first.first = title(&object.target);
    }
    rows
}

/// Are there clusters that refuse it and are only counted?
fn hides_refusals(object: &Object) -> bool {
    object.refused_counts.values().sum::<usize>() > object.refused.len()
}

/// Is it a reason not to deliver? Its sentence stands among the problems, with its place.
pub(super) fn is_fault(reason: &Reason) -> bool {
    !matches!(
        reason.code,
        Code::Listed
            | Code::SelectorMatch
            | Code::AffinityMatch
            | Code::ReplicasDivided
            | Code::ClusterNotReady
    )
}

pub(super) fn sentences(reasons: &[Reason], explain: bool) -> String {
    let is_told = |reason: &&Reason| explain || !is_fault(reason);
    let told = reasons
        .iter()
        .filter(is_told)
        .map(|reason| reason.message.clone());
    let codes: BTreeSet<_> = reasons
        .iter()
        .filter(|reason| !is_told(reason))
        .map(|reason| reason.code.as_str())
        .collect();
    let codes: Vec<_> = codes.into_iter().collect();
    let faults =
        (!codes.is_empty()).then(|| format!("not delivered: {}, see below", codes.join(", ")));
    told.chain(faults).collect::<Vec<_>>().join("; ")
}

fn refusals(object: &Object) -> String {
    if object.refused_counts.is_empty() {
        return "placed nowhere: there are no clusters".to_owned();
    }
    let counts: Vec<_> = object
        .refused_counts
        .iter()
        .map(|(code, count)| format!("{code} in {}", counted(*count, "cluster")))
        .collect();
    let nowhere = if object.placed.is_empty() {
        "placed nowhere"
    } else {
        "not placed"
    };
    format!("{nowhere}: {}", counts.join(", "))
}

/// `Deployment shop/rating`.
pub(super) fn title(id: &Identity) -> String {
    harmless(&match &id.namespace {
        Some(namespace) => format!("{} {namespace}/{}", id.kind, id.name),
        None => format!("{} {}", id.kind, id.name),
    })
}

fn summary(answer: &Answer) -> String {
    let placements: usize = answer
        .objects
        .iter()
        .map(|object| object.placed.len())
        .sum();
    let hidden = answer.objects.iter().any(hides_refusals);
    let hint = if hidden {
        "With --explain, every cluster that is not placed is listed.\n"
    } else {
        ""
    };
    format!(
        "{}, {}, {}.\n{hint}",
        counted(answer.clusters.len(), "cluster"),
        counted(answer.objects.len(), "object"),
        counted(placements, "placement"),
    )
}
