//! `fedctl plan`: what should each cluster hold, and why? Without any cluster.

use std::io::{Read, Write};
use std::process::ExitCode;

use fed_core::dialect::{self, Document};
use fed_core::kinds::Kinds;
use fed_core::{Assumptions, Code, DocumentId, Severity};
use jiff::Timestamp;

use crate::answer::{self, Answer, Problem, Source, Telling};
use crate::cli::{Format, PlanArguments};
use crate::output::{self, Terminal};
use crate::read::{self, Input};

/// Answers, prints the answer, and tells how it went.
pub fn run(arguments: &PlanArguments, stdin: &mut dyn Read) -> ExitCode {
    let input = read::read(&arguments.files, stdin);
    let now = arguments.now.unwrap_or_else(clock);
    let mut answer = answer(&input, now, arguments);
    let terminal = Terminal::detect();
    let printed = match &arguments.output {
        // Where nothing was read there is nothing to tell but the problems.
        Format::Table if input.documents.is_empty() => Ok(()),
        Format::Table => output::table::print(&answer, arguments.explain, terminal),
        Format::Yaml => output::yaml::print(&answer),
        Format::Json => output::json::print(&answer),
        Format::Directory(path) => {
            answer
                .problems
                .extend(output::directory::write(&answer, path));
            Ok(())
        }
    };
    output::report::print(&answer, &arguments.output);
    if let Err(fault) = printed
        && fault.kind() != std::io::ErrorKind::BrokenPipe
    {
        // There is nobody left to tell if this fails too.
        let _ = writeln!(
            std::io::stderr(),
            "error: the answer cannot be printed: {fault}"
        );
        return ExitCode::from(2);
    }
    exit_code(&input, &answer)
}

/// The clock's time, in whole seconds as Kubernetes writes times.
fn clock() -> Timestamp {
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

/// The answer to what was read.
pub fn answer(input: &Input, now: Timestamp, arguments: &PlanArguments) -> Answer {
    let assumptions = if arguments.strict {
        Assumptions::none()
    } else {
        Assumptions::lenient()
    };
    let source = Source(&input.documents);
    let documents: Vec<_> = (0..)
        .zip(&input.documents)
        .map(|(number, document)| Document::new(DocumentId(number), document.value()))
        .collect();
    let reading = dialect::read(&documents, &Kinds::default(), assumptions);
    let plan = fed_core::plan(&reading.world(assumptions));

    let mut problems = answer::from_findings(&input.findings);
    problems.extend(answer::from_problems(&reading.problems, source));
    problems.extend(nothing_to_plan(input, plan.objects().len()));
    let telling = Telling {
        now: now.to_string(),
        explain: arguments.explain,
        strict: arguments.strict,
    };
    answer::build(&plan, problems, source, &telling)
}

fn nothing_to_plan(input: &Input, objects: usize) -> Option<Problem> {
    let (severity, message) = match (objects, input.documents.is_empty()) {
        (0, true) => (Severity::Error, "nothing could be read"),
        (0, false) => (
            Severity::Warning,
            "there is nothing to plan: no Federated object, and no object that a Propagation \
             selects",
        ),
        _ => return None,
    };
    Some(Problem::anywhere(severity, Code::NothingToPlan, message))
}
