//! How do the documents of an API server get into fed-schema? Read or fetched, prose taken out,
//! cut, packed.

mod cut;
mod dumps;
mod fetch;
mod pack;
mod prose;
mod tables;

use std::error::Error;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

/// The four documents that an API server publishes of itself.
struct Documents {
    openapi_v2: Value,
    openapi_v3: Map<String, Value>,
    discovery: Value,
    table_columns: Value,
}

enum Source {
    Dumps(PathBuf),
    Server(PathBuf),
}

/// Runs `cargo xtask schema`; the answer is what to print.
pub(crate) fn run(arguments: &[String]) -> Result<String, Box<dyn Error>> {
    let (source, folder) = read_arguments(arguments)?;
    let mut documents = match source {
        Source::Dumps(folder) => dumps::read(&folder)?,
        Source::Server(kubeconfig) => fetch::fetch(&kubeconfig)?,
    };
    prose::strip(&mut documents.openapi_v2);
    documents.openapi_v3.values_mut().for_each(prose::strip);
    let bytes = pack::write(&folder, &documents)?;
    Ok(format!(
        "{bytes} bytes packed into {}/data; now run: cargo test -p fed-schema",
        folder.display()
    ))
}

fn read_arguments(arguments: &[String]) -> Result<(Source, PathBuf), Box<dyn Error>> {
    let mut source = None;
    let mut folder = default_folder();
    let mut rest = arguments.iter();
    while let Some(option) = rest.next() {
        let value = rest
            .next()
            .ok_or_else(|| format!("{option} needs a value; see `cargo xtask`"))?;
        match option.as_str() {
            "--from" => source = Some(Source::Dumps(value.into())),
            "--kubeconfig" => source = Some(Source::Server(value.into())),
            "--to" => folder = value.into(),
            other => return Err(format!("unknown option {other}; see `cargo xtask`").into()),
        }
    }
    let source = source.ok_or("schema needs --from DIR or --kubeconfig FILE; see `cargo xtask`")?;
    Ok((source, folder))
}

fn default_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."))
        .join("crates/fed-schema")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_needed_and_unknown_options_are_named() {
        let words = |line: &str| -> Vec<String> { line.split(' ').map(Into::into).collect() };
        assert!(read_arguments(&[]).is_err());
        assert!(read_arguments(&words("--from")).is_err());
        let fault = read_arguments(&words("--form x")).err().expect("unknown");
        assert!(fault.to_string().contains("--form"));
        let (source, folder) = read_arguments(&words("--kubeconfig k --to there")).expect("right");
        assert!(matches!(source, Source::Server(path) if path == Path::new("k")));
        assert_eq!(folder, Path::new("there"));
    }
}
