//! Which developer commands are there? `cargo xtask` lists them.

mod apiserver;
mod protobuf;
mod schema;

use std::env;
use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
Developer commands of fed.

    cargo xtask apiserver [--print]          build the API servers that tests run against
    cargo xtask schema --from DIR            pack dumps of an API server's documents
    cargo xtask schema --kubeconfig FILE     fetch them from a live API server, and pack them
    cargo xtask protobuf DIR...              pack the numbers of fields of Kubernetes' Go modules

DIR holds openapi-v2*.json, openapi-v3*.json (one object, keyed by group-version path),
discovery*.json (one object: `api`, `apis`, both aggregated) and table-columns*.json (one object,
keyed by group-version and plural); each may be gzipped (.json.gz). The packed documents replace
crates/fed-schema/data and crates/fed-schema/src/parts.rs. `--to DIR` names another crate folder.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.split_first() {
        Some((command, rest)) if command == "apiserver" => apiserver::run(rest),
        Some((command, rest)) if command == "schema" => tell(schema::run(rest)),
        Some((command, rest)) if command == "protobuf" => tell(protobuf::run(
            rest,
            Path::new("crates/fed-testkit/data/protobuf.json.gz"),
        )),
        Some((help, _)) if help == "--help" || help == "-h" => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn tell<E: Display>(outcome: Result<String, E>) -> ExitCode {
    match outcome {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::from(2)
        }
    }
}
