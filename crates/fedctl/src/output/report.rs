//! What is wrong, as people read it: on standard error, with the place and the offending line.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;

use anstyle::{AnsiColor, Style};
use fed_core::Severity;

use super::text::{counted, harmless, width};
use crate::answer::{Answer, Problem};
use crate::cli::Format;

/// Prints the problems to standard error. Notes are for those who read tables; in every other
/// form they stand in the answer, or do not concern the files that are written.
pub fn print(answer: &Answer, format: &Format) {
    let least = if *format == Format::Table {
        Severity::Note
    } else {
        Severity::Warning
    };
    let text = render(answer, least);
    // There is nobody left to tell if this fails.
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

/// The problems that are at least so grave, with colours, and how many there are.
pub fn render(answer: &Answer, least: Severity) -> String {
    let mut text = String::new();
    let mut told = BTreeMap::new();
    for problem in answer
        .problems
        .iter()
        .filter(|problem| problem.severity >= least)
    {
        let key = (problem.severity, problem.code.as_str());
        let count = told.entry(key).or_insert(0_usize);
        *count += 1;
        if *count > most(problem.severity) {
            continue;
        }
        describe(&mut text, problem);
    }
    fold(&mut text, &told);
    let count = |severity| {
        answer
            .problems
            .iter()
            .filter(|problem| problem.severity == severity)
            .count()
    };
    let counts: Vec<_> = [(Severity::Error, "error"), (Severity::Warning, "warning")]
        .into_iter()
        .filter(|(severity, _)| count(*severity) > 0)
        .map(|(severity, name)| counted(count(severity), name))
        .collect();
    if !counts.is_empty() {
        let _ = writeln!(text, "{}", counts.join(", "));
    }
    text
}

/// How many problems of one code are told. A fleet can give a thousand notes, and they would bury
/// the rest. Of errors each is told.
const fn most(severity: Severity) -> usize {
    match severity {
        Severity::Error => usize::MAX,
        Severity::Warning => 20,
        _ => 3,
    }
}

fn fold(text: &mut String, told: &BTreeMap<(Severity, &str), usize>) {
    for ((severity, code), count) in told {
        if let Some(more @ 1..) = count.checked_sub(most(*severity)) {
            let more = counted(more, &format!("more {severity}"));
            let _ = writeln!(text, "{more} [{code}]; `-o json` lists all");
        }
    }
}

fn describe(text: &mut String, problem: &Problem) {
    let style = style(problem.severity);
    let bold = Style::new().bold();
    let place = place(problem).map(|place| format!("{bold}{}:{bold:#} ", harmless(&place)));
    let _ = writeln!(
        text,
        "{}{style}{}{style:#}: {} [{}]",
        place.unwrap_or_default(),
        problem.severity,
        harmless(&problem.message),
        problem.code,
    );
    if let (Some(line), Some(number)) = (&problem.source_line, problem.line) {
        quote(text, line, number, problem.column.unwrap_or(1), style);
    }
}

const fn style(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::Red.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        _ => AnsiColor::Cyan.on_default(),
    }
}

/// `FILE:LINE:COLUMN`, as editors and terminals link it.
fn place(problem: &Problem) -> Option<String> {
    let file = problem.file.as_ref()?;
    Some(match (problem.line, problem.column) {
        (Some(line), Some(column)) => format!("{file}:{line}:{column}"),
        (Some(line), None) => format!("{file}:{line}"),
        _ => file.clone(),
    })
}

/// How many characters of a line are quoted.
const QUOTED: usize = 72;

/// How many of them stand at least before the place that is pointed at.
const BEFORE: usize = 24;

fn quote(text: &mut String, line: &str, number: usize, column: usize, style: Style) {
    // Where nothing is seen at the place, what stands before it is.
    let start = match line.chars().count() {
        0..=QUOTED => 0,
        _ => column.saturating_sub(QUOTED - BEFORE),
    };
    let part = |from: usize, count: usize| -> String {
        let part = line
            .trim_end()
            .chars()
            .skip(from)
            .take(count)
            .collect::<String>();
        harmless(&part.replace('\t', " "))
    };
    let shown = part(start, QUOTED);
    if shown.trim().is_empty() {
        return;
    }
    let (lead, tail) = (cut(start > 0), cut(line.chars().count() > start + QUOTED));
    let gutter = number.to_string();
    let _ = writeln!(text, "  {gutter} | {lead}{shown}{tail}");
    let indent = width(lead) + width(&part(start, column.saturating_sub(start + 1)));
    let _ = writeln!(
        text,
        "  {} | {}{style}^{style:#}",
        " ".repeat(gutter.len()),
        " ".repeat(indent)
    );
}

const fn cut(is_cut: bool) -> &'static str {
    if is_cut { "…" } else { "" }
}
