//! `fedctl`: plan Kubernetes federation offline, and see why.

use std::process::ExitCode;

use clap::Parser;
use fedctl::cli::{Cli, Command};

fn main() -> ExitCode {
    let Cli { command } = Cli::parse();
    let stdin = &mut std::io::stdin().lock();
    match command {
        Command::Plan(arguments) => fedctl::plan::run(&arguments, stdin),
        Command::Fix(arguments) => fedctl::fix::run(&arguments, stdin),
        Command::Crds(arguments) => fedctl::crds::run(&arguments, stdin),
    }
}
