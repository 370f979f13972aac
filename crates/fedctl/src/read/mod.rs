//! What do these files say? YAML and JSON read as kubectl reads them, each value with its place.
//!
//! Files are cut into documents first, at lines `---` and between JSON objects, and each document
//! is parsed by itself: a fault in one hides no other. Scalars are read by YAML 1.1 as kubectl
//! has it, and a note says so wherever YAML 1.2 would read something else.
//!
//! Where this reads otherwise than kubectl, nothing is lost by it: a key that stands twice is an
//! error, content behind `--- ` on its line belongs to the document it begins, directives and
//! YAML in flow style may open a file, what stands behind `...` is an error, and integers above
//! the signed 64 bits keep all their digits as far as 64 bits reach.
//!
//! ```
//! use fedctl::read::read;
//!
//! let mut stdin = "kind: ConfigMap\ndata: {mode: 0644}\n".as_bytes();
//! let input = read(&["-".to_owned()], &mut stdin);
//! let document = &input.documents[0];
//! assert_eq!(document.value()["data"]["mode"], 420);
//!
//! let place = document.place("/data/mode");
//! assert_eq!((place.line, place.column), (2, 14));
//! assert_eq!(&document.file.text[place.value], "0644");
//! assert!(input.findings[0].message.contains("YAML 1.2 reads 644"));
//! ```

mod anchors;
pub(crate) mod blocks;
mod document;
mod fault;
mod files;
mod finding;
mod mapping;
mod scalar;
mod secrets;
mod source;
mod spans;
mod split;
mod tags;
mod yaml;

#[cfg(test)]
mod tests;

use std::io::Read;
use std::sync::Arc;

pub(crate) use document::may_show_line;
pub use document::{Place, SourceDocument};
pub(crate) use files::{is_hidden, is_manifest};
pub use finding::Finding;
pub(crate) use scalar::plain_key;
pub use scalar::reads_as_text;
pub use source::SourceFile;

/// All that was read, and all that was found on the way.
#[derive(Debug, Default)]
pub struct Input {
    /// The documents: by path as they were asked for, then in the order of each file.
    pub documents: Vec<SourceDocument>,
    /// Problems and notes: first what could not be read at all, then in the order of the
    /// documents.
    pub findings: Vec<Finding>,
}

/// Reads files, directories with all `*.yaml`, `*.yml` and `*.json` below them, and standard
/// input for `-`.
///
/// Directories are read in the order of their paths; what is hidden (`.git`) is left out. What is
/// named twice, or reached by several ways, is read once, where it comes first.
pub fn read(paths: &[String], stdin: &mut dyn Read) -> Input {
    let texts = files::read_texts(paths, stdin);
    let mut input = Input {
        documents: Vec::new(),
        findings: texts.findings,
    };
    for file in texts.files {
        document::read_documents(&Arc::new(file), &mut input.documents, &mut input.findings);
    }
    input
}

/// The value of a text that holds one document and no error.
pub(crate) fn value_of(text: &str) -> Option<serde_json::Value> {
    let mut input = read_text("", text);
    let is_whole = input.documents.len() == 1
        && !input
            .findings
            .iter()
            .any(|finding| finding.severity == fed_core::Severity::Error);
    let document = input.documents.pop().filter(|_| is_whole);
    document.map(SourceDocument::into_value)
}

/// Reads text that is at hand already, under this name.
pub fn read_text(name: &str, text: impl Into<String>) -> Input {
    let file = Arc::new(SourceFile::new(name, text));
    let mut input = Input::default();
    document::read_documents(&file, &mut input.documents, &mut input.findings);
    input
}
