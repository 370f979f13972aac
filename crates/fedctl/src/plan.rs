//! `fedctl plan`: what should each cluster hold, and why? Without any cluster.

use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use fed_core::{Code, Severity};
use jiff::Timestamp;

use crate::answer::{Answer, Problem};
use crate::cli::{Format, PlanArguments};
use crate::output::text::harmless;
use crate::output::{self, Terminal};
use crate::question::{Beside, Question};
use crate::read::{self, Input};

/// Answers, prints the answer, and tells how it went.
pub fn run(arguments: &PlanArguments, stdin: &mut dyn Read) -> ExitCode {
    let beside = match Beside::read(arguments) {
        Ok(beside) => beside,
        Err(fault) => return no_answer(&fault),
    };
    let input = read::read(&arguments.files, stdin);
    let now = arguments.now.unwrap_or_else(clock);
    let question = Question::new(&input, &beside, now, arguments);
    let answer = match question.answer() {
        Ok(answer) => answer,
        Err(fault) => {
            // A cluster may be missing because its document cannot be read.
            let answer = with_remarks(question.answer_without_events(), &input, arguments);
            output::report::print(&answer, &arguments.output);
            return no_answer(&fault);
        }
    };
    let mut answer = with_remarks(answer, &input, arguments);
    let printed = print(&input, &mut answer, arguments);
    output::report::print(&answer, &arguments.output);
    if let Err(fault) = printed
        && fault.kind() != io::ErrorKind::BrokenPipe
    {
        return no_answer(&format!("the answer cannot be printed: {fault}"));
    }
    exit_code(&input, &answer)
}

/// Tells why there is no answer.
fn no_answer(fault: &str) -> ExitCode {
    // There is nobody left to tell if this fails too.
    let _ = writeln!(io::stderr(), "error: {}", harmless(fault));
    ExitCode::from(2)
}

/// Prints to standard output, or to files, in the form that is asked for.
fn print(input: &Input, answer: &mut Answer, arguments: &PlanArguments) -> io::Result<()> {
    match &arguments.output {
        Format::Json => output::json::print(answer),
        Format::Yaml => output::yaml::print(answer),
        // Where nothing was read there is nothing for people but the problems, and no reason to
        // take any file for outdated.
        _ if input.documents.is_empty() => Ok(()),
        Format::Table => output::table::print(answer, arguments.explain, Terminal::detect()),
        Format::Directory(out) => {
            let mut written = output::directory::write(answer, out);
            answer.add_problems(std::mem::take(&mut written.problems), arguments.strict);
            let summary = output::directory::summary(&written, answer, out);
            io::stdout().lock().write_all(summary.as_bytes())
        }
    }
}

/// The clock's time, in whole seconds as Kubernetes writes times.
pub(crate) fn clock() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// Nothing read is 2, an error is 1.
fn exit_code(input: &Input, answer: &Answer) -> ExitCode {
    ExitCode::from(match (input.documents.is_empty(), answer.has_errors()) {
        (true, _) => 2,
        (false, true) => 1,
        (false, false) => 0,
    })
}

/// The answer to what was read, whatever runs and whatever may happen.
pub fn answer(input: &Input, now: Timestamp, arguments: &PlanArguments) -> Answer {
    let beside = Beside::default();
    let answer = Question::new(input, &beside, now, arguments).answer_without_events();
    with_remarks(answer, input, arguments)
}

/// The answer, with what there is to say of the input as a whole.
fn with_remarks(mut answer: Answer, input: &Input, arguments: &PlanArguments) -> Answer {
    let mut problems = empty_paths(input, &arguments.files);
    problems.extend(nothing_to_plan(input, answer.objects.len()));
    answer.add_problems(problems, arguments.strict);
    answer
}

/// A warning for each path that was asked for and holds nothing.
fn empty_paths(input: &Input, paths: &[String]) -> Vec<Problem> {
    let documents = input.documents.iter().map(|document| &document.file.name);
    let findings = input.findings.iter().map(|finding| &finding.file);
    let heard: BTreeSet<_> = documents.chain(findings).collect();
    let places: Vec<_> = heard.into_iter().map(|name| place_of(name)).collect();
    paths
        .iter()
        .filter(|path| {
            let place = place_of(path);
            !places.iter().any(|heard| heard.starts_with(&place))
        })
        .map(|path| {
            let message = if path == "-" {
                "standard input holds no document"
            } else if Path::new(path).is_dir() {
                "there is no document in this directory: files are read whose names end in \
                 .yaml, .yml or .json and do not start with a dot"
            } else {
                "this file holds no document"
            };
            Problem::of_file(Severity::Warning, Code::NothingToPlan, path, message)
        })
        .collect()
}

/// One name for each file, however it was named.
fn place_of(name: &str) -> PathBuf {
    Path::new(name)
        .canonicalize()
        .unwrap_or_else(|_| name.into())
}

fn nothing_to_plan(input: &Input, objects: usize) -> Option<Problem> {
    let (severity, message) = match (objects, input.documents.is_empty()) {
        (0, true) => (Severity::Error, "nothing could be read"),
        (0, false) => (
            Severity::Warning,
            "there is nothing to plan: no Federated object, and no object that a Propagation \
             selects, could be used",
        ),
        _ => return None,
    };
    Some(Problem::anywhere(severity, Code::NothingToPlan, message))
}
