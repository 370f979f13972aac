//! How much more than the floor does a division or a whole decision take, and how does it grow with
//! clusters and replicas?
//!
//! `cargo run --release -p fed-benches --bin ratios [-- [--json] [--rounds N] [PART OF A NAME ..]]`

use std::process::ExitCode;

use fed_benches::instructions::{ONLY_DIVIDE, only_divide};
use fed_benches::ratios::{Choice, Report};

const USAGE: &str = "usage: ratios [--json] [--rounds N] [PART OF A NAME ..]";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}\n{USAGE}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, rest @ ..] = arguments.as_slice()
        && first == ONLY_DIVIDE
    {
        return only_divide(rest);
    }
    let mut as_json = false;
    let mut choice = Choice {
        filters: Vec::new(),
        rounds: 61,
    };
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--json" => as_json = true,
            "--rounds" => {
                let rounds = arguments.next().and_then(|rounds| rounds.parse().ok());
                choice.rounds = rounds.ok_or("--rounds needs a number")?;
            }
            option if option.starts_with('-') => return Err(format!("there is no {option}")),
            _ => choice.filters.push(argument),
        }
    }
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let report = Report::measured(&choice, &program);
    if as_json {
        println!("{:#}", report.to_json());
    } else {
        println!("{report}");
    }
    Ok(())
}
