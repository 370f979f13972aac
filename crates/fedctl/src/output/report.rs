//! What is wrong, as people read it: on standard error, with the place and the offending line.

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
    for problem in answer
        .problems
        .iter()
        .filter(|problem| problem.severity >= least)
    {
        describe(&mut text, problem);
    }
    let count = |severity| {
        answer
            .problems
            .iter()
            .filter(|problem| problem.severity == severity)
            .count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if errors + warnings > 0 {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{}, {}",
            counted(errors, "error"),
            counted(warnings, "warning")
        );
    }
    text
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

/// How much of a line is quoted.
const QUOTED: usize = 72;

fn quote(text: &mut String, line: &str, number: usize, column: usize, style: Style) {
    let before: String = line.chars().take(column - 1).collect();
    let shown: String = line.trim_end().chars().take(QUOTED).collect();
    if shown.trim().is_empty() {
        return;
    }
    let gutter = number.to_string();
    let _ = writeln!(text, "  {gutter} | {}", harmless(&shown));
    if column <= QUOTED {
        let indent = " ".repeat(width(&harmless(&before)));
        let _ = writeln!(
            text,
            "  {} | {indent}{style}^{style:#}",
            " ".repeat(gutter.len())
        );
    }
}
