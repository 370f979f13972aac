//! What can be asked of `fedctl`?

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;

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
    /// Work out, without any cluster, what each cluster should hold.
    Plan(PlanArguments),
    /// Print the CustomResourceDefinitions that a control plane needs.
    Crds(crate::crds::CrdsArguments),
}

const EXIT_CODES: &str = "\
Exit codes: 0 planned, no errors; 1 planned, with errors: what is not affected is planned \
and printed; 2 nothing could be read, or wrong usage.";

/// The arguments of `fedctl plan`.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct PlanArguments {
    /// A file, a directory (read with all below it), or `-` for standard input; YAML or JSON.
    #[arg(short = 'f', long = "filename", value_name = "PATH", required = true)]
    pub files: Vec<String>,
    /// The time that every decision uses; by default the clock's.
    #[arg(long, value_name = "RFC3339")]
    pub now: Option<Timestamp>,
    /// Assume nothing: what is missing is an error, and so is every warning.
    #[arg(long)]
    pub strict: bool,
    /// Say of every cluster why an object is there, or is not.
    #[arg(long)]
    pub explain: bool,
    /// How to print: `table`, `yaml`, `json`, or `dir=OUT` for a directory tree with a folder for
    /// each cluster.
    #[arg(short, long, value_name = "FORMAT", default_value = "table")]
    pub output: Format,
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
