//! Which files did earlier plans write? The file `.fedctl` lists them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use super::paths::is_path;
use super::{Step, inside};

/// Hidden, so that tools that deliver the directory pass it over.
pub(crate) const NAME: &str = ".fedctl";

const HEADER: &str = "\
# Written by `fedctl plan -o dir=...`, which removes the files below once they are planned no more.
# It removes no other file. Keep this file beside them.
";

/// The files that earlier plans wrote. A line that is no such path is passed over: nothing outside
/// of the directory is ever removed.
pub(super) fn read(out: &Path) -> Step<BTreeSet<String>> {
    let file = inside(out, NAME)?;
    match fs::read_to_string(&file) {
        Ok(text) => Ok(text
            .lines()
            .filter(|line| is_path(line))
            .map(str::to_owned)
            .collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err((file, error)),
    }
}

pub(super) fn write(out: &Path, files: &BTreeSet<String>) -> Step {
    let file = inside(out, NAME)?;
    let mut text = HEADER.to_owned();
    for path in files {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{path}");
    }
    fs::write(&file, text).map_err(|error| (file, error))
}
