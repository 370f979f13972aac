//! `fedctl`: plan Kubernetes federation offline, and see why.

use std::process::ExitCode;

use clap::Parser;
use fedctl::cli::{Cli, Command};

fn main() -> ExitCode {
    let Cli { command } = Cli::parse();
    match command {
        Command::Plan(arguments) => fedctl::plan::run(&arguments, &mut std::io::stdin().lock()),
        Command::Crds(arguments) => fedctl::crds::run(&arguments, &mut std::io::stdin().lock()),
    }
}
