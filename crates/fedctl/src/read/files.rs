//! Which files are meant, and what text is in them? Paths and directories become texts, each read
//! once.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::{fs, io};

use fed_core::Code;

use super::document::undecodable;
use super::finding::Finding;
use super::source::SourceFile;

/// What names standard input among paths.
const STDIN: &str = "-";

/// How files end that are read when they are found in a directory.
const EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];

/// Texts in the order they were asked for, and what could not be read.
#[derive(Default)]
pub(super) struct Texts {
    pub(super) files: Vec<SourceFile>,
    pub(super) findings: Vec<Finding>,
    /// What was read already, by its true path.
    seen: BTreeSet<PathBuf>,
}

/// Reads all of `paths`.
pub(super) fn read_texts(paths: &[String], stdin: &mut dyn Read) -> Texts {
    let mut texts = Texts::default();
    for path in paths {
        if path == STDIN {
            texts.stdin(stdin);
        } else {
            texts.path(Path::new(path));
        }
    }
    texts
}

impl Texts {
    fn stdin(&mut self, stdin: &mut dyn Read) {
        if self.seen.insert(PathBuf::from(STDIN)) {
            let mut bytes = Vec::new();
            let outcome = stdin.read_to_end(&mut bytes).map(|_| bytes);
            self.add(STDIN, outcome);
        }
    }

    /// Reads a file, or all that is below a directory, without recursion.
    fn path(&mut self, path: &Path) {
        let mut waiting = vec![path.to_owned()];
        while let Some(path) = waiting.pop() {
            let name = path.to_string_lossy();
            let outcome = path.canonicalize().and_then(|canonical| {
                if !self.seen.insert(canonical) {
                    return Ok(()); // Given twice, or a loop of links.
                }
                if path.is_dir() {
                    let entries = entries(&path)?;
                    waiting.extend(entries.into_iter().rev());
                } else {
                    self.add(&name, fs::read(&path));
                }
                Ok(())
            });
            if let Err(error) = outcome {
                self.unreadable(&name, &error);
            }
        }
    }

    fn add(&mut self, name: &str, bytes: io::Result<Vec<u8>>) {
        match bytes.map(|bytes| decode(name, bytes)) {
            Ok(Ok(text)) => self.files.push(SourceFile::new(name, text)),
            Ok(Err(finding)) => self.findings.push(*finding),
            Err(error) => self.unreadable(name, &error),
        }
    }

    fn unreadable(&mut self, name: &str, error: &io::Error) {
        let message = match error.kind() {
            io::ErrorKind::NotFound => "there is no such file or directory".to_owned(),
            _ => format!("cannot be read: {error}"),
        };
        let finding = Finding::about_file(Code::UnreadableFile, name, message);
        self.findings.push(finding);
    }
}

/// What is in a directory and may hold documents, sorted by name.
fn entries(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(directory)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.retain(|path| is_wanted(path) && !is_our_output(path));
    paths.sort();
    Ok(paths)
}

/// Is this a directory that a plan was written into? What we wrote is no input.
fn is_our_output(path: &Path) -> bool {
    path.join(crate::output::directory::INDEX).is_file()
}

/// Directories and manifests; nothing that is hidden, such as `.git`.
fn is_wanted(path: &Path) -> bool {
    let is_pipe = path.exists() && !path.is_file();
    !is_hidden(path) && (path.is_dir() || is_manifest(path) && !is_pipe)
}

/// Is this the name of a file that is read where it is found in a directory?
pub(crate) fn is_manifest(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| EXTENSIONS.contains(&extension))
}

/// Is this something that nobody means who names the directory around it?
pub(crate) fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().starts_with('.')
}

/// The text of these bytes.
fn decode(name: &str, bytes: Vec<u8>) -> Result<String, Box<Finding>> {
    if is_utf_16(&bytes) {
        let message = "the file is UTF-16; save it as UTF-8";
        return Err(Box::new(undecodable(name, 1, message)));
    }
    if u32::try_from(bytes.len()).is_err() {
        let message = "the file is larger than 4 GiB; split it";
        return Err(Box::new(undecodable(name, 1, message)));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = error.as_bytes().iter().take(valid);
        let line = before.filter(|byte| **byte == b'\n').count() + 1;
        let message = format!("line {line} is not valid UTF-8; save the file as UTF-8");
        Box::new(undecodable(name, line, message))
    })
}

/// With a byte order mark, or with an ASCII character as its first.
fn is_utf_16(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, 1..=127, ..] | [1..=127, 0, ..]
    )
}
