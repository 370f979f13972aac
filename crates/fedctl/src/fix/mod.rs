//! `fedctl fix`: which repairs are certain? They are made in the text itself, one after the other,
//! each on what the one before has left.

mod repair;

use std::io::{self, IsTerminal as _, Read, Write};
use std::path::Path;
use std::process::ExitCode;

use fed_core::{Code, Severity};

use crate::answer::{Answer, Problem};
use crate::cli::{FixArguments, Format, PlanArguments};
use crate::output::{self, text};
use crate::plan;
use crate::read::{self, Input};

pub use repair::{Repaired, Text, repair};

/// What names standard input.
const STDIN: &str = "-";

/// Repairs, prints or writes what changed, and tells what is still wrong.
pub fn run(arguments: &FixArguments, stdin: &mut dyn Read) -> ExitCode {
    let input = read::read(&arguments.files, stdin);
    let is_empty = input.documents.is_empty();
    let ask = PlanArguments {
        files: arguments.files.clone(),
        live: None,
        what_if: Vec::new(),
        now: None,
        strict: false,
        explain: false,
        output: Format::Table,
    };
    let now = plan::clock();
    let mut repaired = repair(input, &|input: &Input| plan::answer(input, now, &ask));
    let shown = show(&repaired.texts, arguments.write);
    let unwritten = if arguments.write {
        write(&repaired.texts)
    } else {
        Vec::new()
    };
    let is_written = unwritten.is_empty();
    repaired.answer.problems.extend(unwritten);
    report(&repaired, arguments.write);
    match shown {
        Err(fault) if fault.kind() != io::ErrorKind::BrokenPipe => {
            // There is nobody left to tell if this fails too.
            let _ = writeln!(
                io::stderr(),
                "error: the changes cannot be printed: {fault}"
            );
            ExitCode::from(2)
        }
        _ if is_empty || !is_written => ExitCode::from(2),
        _ => ExitCode::from(u8::from(
            repaired.answer.has_errors() || repaired.is_refused,
        )),
    }
}

/// Prints the changes; or, if files are written, the text of standard input.
fn show(texts: &[Text], is_writing: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let is_terminal = out.is_terminal();
    for file in texts {
        if is_writing && file.name == STDIN {
            out.write_all(file.after.as_bytes())?;
        }
        if is_writing {
            continue;
        }
        for line in output::diff::unified(&file.name, &file.before, &file.after).lines() {
            if is_terminal {
                writeln!(out, "{}", text::harmless(line))?;
            } else {
                writeln!(out, "{line}")?;
            }
        }
    }
    out.flush()
}

/// Writes the files that changed. What cannot be written is a problem.
fn write(texts: &[Text]) -> Vec<Problem> {
    let changed = texts
        .iter()
        .filter(|file| file.name != STDIN && file.before != file.after);
    changed
        .filter_map(|file| {
            let path = Path::new(&file.name);
            let fault = output::replace::replace(path, &file.before, &file.after).err()?;
            let message = format!("the repaired file cannot be written: {fault}");
            let code = Code::UnwritableFile;
            Some(Problem::of_file(Severity::Error, code, &file.name, message))
        })
        .collect()
}

/// Tells on standard error what is still wrong, and what was done.
fn report(repaired: &Repaired, is_writing: bool) {
    let mut text = output::report::render(&errors(&repaired.answer), Severity::Note);
    let changed = repaired
        .texts
        .iter()
        .filter(|file| file.before != file.after)
        .count();
    text.push_str(&summary(repaired.repairs, changed, is_writing));
    // There is nobody left to tell if this fails.
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

fn errors(answer: &Answer) -> Answer {
    let mut answer = answer.clone();
    answer
        .problems
        .retain(|problem| problem.severity == Severity::Error || !problem.fix.is_empty());
    answer
}

fn summary(repairs: usize, files: usize, is_writing: bool) -> String {
    let what = format!(
        "{} in {}",
        text::counted(repairs, "repair"),
        text::counted(files, "file")
    );
    match (repairs, is_writing) {
        (0, _) => "nothing to repair\n".to_owned(),
        (_, true) => format!("made {what}\n"),
        (_, false) => format!("{what} can be made; `--write` makes them\n"),
    }
}

#[cfg(test)]
mod tests;
