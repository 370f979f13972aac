//! `fedctl crds`: which CustomResourceDefinitions does a control plane need?

mod targets;

use std::fs;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;

use clap::Args;
use fed_core::dialect::kubefed::crds;
use fed_core::dialect::native;
use fed_core::{Code, Severity};
use serde_json::{Value, json};

use crate::answer::{self, Problem, Source};
use crate::output::{text::harmless, yaml};
use crate::read::{self, Input};
use targets::Targets;

const EXIT_CODES: &str = "\
Exit codes: 0 all are printed; 1 there are errors: what is not affected is printed; 2 nothing could \
be read, or wrong usage.";

/// The arguments of `fedctl crds`.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct CrdsArguments {
    /// A file, a directory (read with all below it), or `-` for standard input: the kinds that its
    /// FederatedTypeConfigs and CustomResourceDefinitions declare are federated too.
    #[arg(short = 'f', long = "filename", value_name = "PATH")]
    pub files: Vec<String>,
    /// Print only the Federated kind of this kind; a plural or short name will do as well.
    #[arg(long = "kind", value_name = "KIND[.GROUP]")]
    pub kinds: Vec<String>,
    /// How to print: `yaml`, `json`, or `dir=OUT` for a file for each definition.
    #[arg(short, long, value_name = "FORMAT", default_value = "yaml")]
    pub output: Form,
}

/// How definitions are printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// A YAML document for each.
    Yaml,
    /// One JSON list.
    Json,
    /// A file for each, named `<name>.yaml`, in this directory.
    Directory(PathBuf),
}

impl FromStr for Form {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            None if text == "yaml" => Ok(Self::Yaml),
            None if text == "json" => Ok(Self::Json),
            Some(("dir", path)) if !path.is_empty() => Ok(Self::Directory(path.into())),
            _ => Err("use yaml, json or dir=OUT".to_owned()),
        }
    }
}

/// Prints the definitions, and tells how it went.
pub fn run(arguments: &CrdsArguments, stdin: &mut dyn Read) -> ExitCode {
    let input = read::read(&arguments.files, stdin);
    let is_unread = !arguments.files.is_empty() && input.documents.is_empty();
    let (definitions, mut problems) = definitions(&input, &arguments.kinds);
    if is_unread {
        let message = "nothing could be read";
        problems.push(Problem::anywhere(
            Severity::Error,
            Code::NothingToPlan,
            message,
        ));
    } else {
        problems.extend(print(&definitions, &arguments.output));
    }
    report(&problems);
    let has_errors = problems.iter().any(|one| one.severity == Severity::Error);
    ExitCode::from(match (is_unread, has_errors) {
        (true, _) => 2,
        (false, true) => 1,
        (false, false) => 0,
    })
}

/// The definitions: those of these kinds alone, if any are given, else all; and what is wrong.
pub fn definitions(input: &Input, kinds: &[String]) -> (Vec<Value>, Vec<Problem>) {
    let mut found = Vec::new();
    let targets = Targets::read(&input.documents, &mut found);
    let mut problems = answer::from_findings(&input.findings);
    problems.extend(answer::from_problems(&found, Source::of(&input.documents)));
    let definitions = if kinds.is_empty() {
        let mut all = crds::fixed();
        all.extend(native::crds());
        all.extend(targets.all().iter().map(crds::FederatedKind::crd));
        all
    } else {
        let mut named = Vec::new();
        for kind in kinds {
            match targets.named(kind) {
                Ok(federated) => named.push(federated.crd()),
                Err(message) => {
                    problems.push(Problem::anywhere(
                        Severity::Error,
                        Code::UnknownKind,
                        message,
                    ));
                }
            }
        }
        named
    };
    (once_each(definitions, &mut problems), problems)
}

/// The definitions in the order of their names, of which each stands for one kind.
fn once_each(mut definitions: Vec<Value>, problems: &mut Vec<Problem>) -> Vec<Value> {
    definitions.sort_by(|one, other| name(one).cmp(name(other)));
    definitions.dedup();
    definitions.dedup_by(|one, other| {
        let is_same = name(one) == name(other);
        if is_same {
            let message = format!("{} is declared twice, for different kinds", name(one));
            problems.push(Problem::anywhere(
                Severity::Error,
                Code::ConflictingObjects,
                message,
            ));
        }
        is_same
    });
    definitions
}

fn name(definition: &Value) -> &str {
    let name = definition.pointer("/metadata/name");
    name.and_then(Value::as_str).unwrap_or_default()
}

/// Prints the definitions; what cannot be written is a problem.
fn print(definitions: &[Value], form: &Form) -> Vec<Problem> {
    let printed = match form {
        Form::Yaml => to_stdout(&yaml_documents(definitions)),
        Form::Json => to_stdout(&json_list(definitions)),
        Form::Directory(folder) => return write(definitions, folder),
    };
    let is_wanted = |fault: &io::Error| fault.kind() != io::ErrorKind::BrokenPipe;
    let fault = printed.err().filter(is_wanted);
    fault
        .map(|fault| unwritable(format!("the definitions cannot be printed: {fault}")))
        .into_iter()
        .collect()
}

/// A document for each definition.
fn yaml_documents(definitions: &[Value]) -> String {
    let documents = definitions.iter().map(yaml::render);
    documents.collect::<Vec<_>>().join("---\n")
}

/// One list, as `kubectl` takes it.
fn json_list(definitions: &[Value]) -> String {
    let list = json!({"apiVersion": "v1", "kind": "List", "items": definitions});
    format!("{list:#}\n")
}

fn to_stdout(text: &str) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn write(definitions: &[Value], folder: &Path) -> Vec<Problem> {
    if let Err(fault) = fs::create_dir_all(folder) {
        let message = format!("cannot make {}: {fault}", folder.display());
        return vec![unwritable(message)];
    }
    let faults = definitions.iter().filter_map(|definition| {
        let name = name(definition);
        // The names of a FederatedTypeConfig may be anything; no file is written elsewhere.
        if name.contains(['/', '\\']) {
            return Some(unwritable(format!("{name:?} cannot be the name of a file")));
        }
        let file = folder.join(format!("{name}.yaml"));
        let fault = fs::write(&file, yaml::render(definition)).err()?;
        Some(unwritable(format!(
            "cannot write {}: {fault}",
            file.display()
        )))
    });
    faults.collect()
}

fn unwritable(message: String) -> Problem {
    Problem::anywhere(Severity::Error, Code::UnwritableFile, message)
}

/// Tells on standard error what is wrong.
fn report(problems: &[Problem]) {
    let mut out = anstream::stderr().lock();
    for problem in problems {
        let place = match (&problem.file, problem.line) {
            (Some(file), Some(line)) => format!("{file}:{line}: "),
            (Some(file), None) => format!("{file}: "),
            _ => String::new(),
        };
        // There is nobody left to tell if this fails.
        let _ = writeln!(
            out,
            "{}{}: {} [{}]",
            harmless(&place),
            problem.severity,
            harmless(&problem.message),
            problem.code
        );
    }
}

#[cfg(test)]
mod tests;
