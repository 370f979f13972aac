//! What can be asked of `fedctl`?

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;

use crate::what_if::WhatIf;

/// Kubernetes federation: what should each cluster hold, and why?
#[derive(Clone, Debug, Parser)]
#[command(
    name = "fedctl",
    bin_name = "fedctl",
    version,
    propagate_version = true
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What `fedctl` can do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Work out what each cluster should hold, and why; needs no cluster.
    Plan(PlanArguments),
    /// Make the repairs that are certain, and leave every other line as it is.
    Fix(FixArguments),
    /// Print the CustomResourceDefinitions that a control plane needs.
    Crds(crate::crds::CrdsArguments),
}

const AFTER_HELP: &str = "\
The files hold clusters (KubeFedCluster) and anything to federate: KubeFed's
kinds, or plain objects and the Propagations that select them. Without any
cluster among them, the clusters that placements name are taken to exist.

--live reads what the clusters hold, in the layout DIR/CLUSTER/**.yaml, and
prints what the plan changes there. Objects that are not marked as ours
(kubefed.io/managed or fed.dev/managed) and not planned are left alone.

--what-if EVENT plans for the clusters as they would be after the event, and
prints what changes against the plan without it. Events:
  lose=NAME                      the cluster is lost for good
  taint=NAME:KEY[=VALUE]:EFFECT  the cluster is tainted, as of now
  label=NAME:KEY=VALUE           the cluster gets a label; label=NAME:KEY- takes
                                 it away
  join=FILE                      the clusters of the file join

-o dir=OUT writes OUT/CLUSTER/NAMESPACE/KIND.GROUP.NAME.yaml, but no manifest
with a fault. What it wrote is listed in OUT/.fedctl: after a plan without
errors, files of that list that are planned no more are removed.

Exit codes:
  0  planned, without errors
  1  planned, with errors: whatever they do not affect is planned and printed
  2  nothing could be read, or wrong usage

Examples:
  fedctl plan -f shop.yaml
  fedctl plan -f clusters/ -f apps/ --explain
  fedctl plan -f clusters/ -f apps/ --live dumps/
  fedctl plan -f clusters/ -f apps/ --what-if lose=us-east
  kustomize build apps | fedctl plan -f clusters/ -f - -o dir=out";

/// The arguments of `fedctl plan`.
#[derive(Clone, Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct PlanArguments {
    /// File, directory or - (stdin), repeatable: YAML or JSON.
    #[arg(short = 'f', long = "filename", value_name = "PATH", required = true)]
    pub files: Vec<String>,
    /// What runs, as kubectl dumps it: DIR/CLUSTER/**.yaml.
    #[arg(long, value_name = "DIR")]
    pub live: Option<PathBuf>,
    /// Plan as if this happened, repeatable; tell what changes.
    #[arg(long = "what-if", value_name = "EVENT")]
    pub what_if: Vec<WhatIf>,
    /// Time that every decision uses [default: the clock].
    #[arg(long, value_name = "RFC3339", value_parser = time)]
    pub now: Option<Timestamp>,
    /// Assume nothing, and take every warning for an error.
    #[arg(long)]
    pub strict: bool,
    /// Say of every cluster why an object is there, or is not.
    #[arg(long)]
    pub explain: bool,
    /// table (default), yaml, json or dir=OUT (files in OUT).
    #[arg(
        short,
        long,
        value_name = "FORM",
        default_value = "table",
        hide_default_value = true
    )]
    pub output: Format,
}

fn time(text: &str) -> Result<Timestamp, String> {
    text.parse()
        .map_err(|_| "write a time of RFC 3339, such as 2026-01-01T00:00:00Z".to_owned())
}

const FIX_EXIT_CODES: &str = "\
Exit codes: 0 nothing is wrong, or all of it was repaired; 1 errors remain, which are listed; \
2 nothing could be read or written, or wrong usage.";

/// The arguments of `fedctl fix`.
#[derive(Clone, Debug, Args)]
#[command(after_help = FIX_EXIT_CODES)]
pub struct FixArguments {
    /// A file, a directory (read with all below it), or `-` for standard input; YAML or JSON.
    #[arg(short = 'f', long = "filename", value_name = "PATH", required = true)]
    pub files: Vec<String>,
    /// Change the files, instead of printing what would change. The repaired text of standard
    /// input goes to standard output.
    #[arg(long)]
    pub write: bool,
}

/// How the answer is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Table,
    /// The whole answer as YAML.
    Yaml,
    /// The whole answer as JSON.
    Json,
    /// The manifests as files below this directory.
    Directory(PathBuf),
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            None if text == "table" => Ok(Self::Table),
            None if text == "yaml" => Ok(Self::Yaml),
            None if text == "json" => Ok(Self::Json),
            Some(("dir", path)) if !path.is_empty() => Ok(Self::Directory(path.into())),
            _ => Err("use table, yaml, json or dir=OUT".to_owned()),
        }
    }
}
