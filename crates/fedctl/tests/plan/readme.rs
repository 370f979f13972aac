//! Is what the README shows what is printed?

use std::path::Path;
use std::process::Command;

use crate::run::run;

/// Every `fedctl plan` of the README, with what it is said to print.
fn shown(readme: &str) -> Vec<(String, String)> {
    let blocks = readme.split("```console\n").skip(1);
    let blocks = blocks.filter_map(|block| block.split("```").next());
    let commands = blocks.flat_map(|block| block.split("$ ").skip(1));
    let plans = commands.filter_map(|text| {
        let text = text.strip_prefix("cargo run -p fedctl -- ")?;
        let text = text.replace("\\\n", "");
        let (command, output) = text.split_once('\n')?;
        Some((command.to_owned(), output.to_owned()))
    });
    plans.collect()
}

#[test]
fn every_plan_of_the_readme_is_what_is_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let shown = shown(&readme);
    assert_eq!(shown.len(), 4);
    for (command, expected) in shown {
        let mut process = Command::new(env!("CARGO_BIN_EXE_fedctl"));
        process.current_dir(&root).args(command.split_whitespace());
        let printed = run(&mut process, "").stdout;
        match expected.strip_suffix("...\n") {
            Some(beginning) => assert!(printed.starts_with(beginning), "{command}:\n{printed}"),
            None => assert_eq!(printed.trim_end(), expected.trim_end(), "{command}"),
        }
    }
}
