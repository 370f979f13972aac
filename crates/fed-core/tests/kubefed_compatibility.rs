//! Does every promise in `docs/kubefed-compatibility.md` name a test that exists?

use std::fs;
use std::path::{Path, PathBuf};

/// All Rust files below a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_row_names_a_test_or_a_later_release() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(package.join("../../docs/kubefed-compatibility.md")).unwrap();
    let mut files = Vec::new();
    sources(&package.join("tests"), &mut files);
    sources(&package.join("src"), &mut files);
    sources(&package.join("../fedctl/tests"), &mut files);
    sources(&package.join("../fed-testkit/tests"), &mut files);
    let code: String = files
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();

    let rows: Vec<_> = page
        .lines()
        .filter(|line| line.starts_with("| D") || line.starts_with("| S"))
        .collect();
    assert!(rows.len() > 20, "the page has its rows: {}", rows.len());
    for row in rows {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let pinned_by = cells[cells.len() - 2];
        let tests: Vec<_> = pinned_by.split('`').skip(1).step_by(2).collect();
        assert!(
            !tests.is_empty() || row.to_lowercase().contains("with a later release"),
            "{row}"
        );
        for test in tests {
            let name = test.rsplit([':', ' ']).next().unwrap();
            assert!(
                code.contains(&format!("fn {name}()")),
                "no test is called {name}: {row}"
            );
        }
    }
}
