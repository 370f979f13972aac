//! What did the reader find wrong? Problems with places in files, as people and machines get them.

use fed_core::{Code, Severity};

/// A problem the reader found. Its words never come from a Secret's values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How grave it is.
    pub severity: Severity,
    /// What kind of problem it is.
    pub code: Code,
    /// What is wrong and what to do about it.
    pub message: String,
    /// The file, as [`SourceFile::name`](super::SourceFile::name).
    pub file: String,
    /// The number of the document in its file, as [`SourceDocument::number`](super::SourceDocument::number).
    pub document: Option<usize>,
    /// The line in the file, from 1.
    pub line: Option<usize>,
    /// The column in that line, in characters, from 1.
    pub column: Option<usize>,
    /// JSON Pointer into the document; empty for the whole of it.
    pub path: String,
    /// The text of that line, for people to see, where it may be shown and is no longer than 1000
    /// bytes.
    pub source_line: Option<String>,
    /// Other places that have a part in it: file and line.
    pub related: Vec<(String, usize)>,
}

impl Finding {
    /// A problem with a file as a whole.
    pub(super) fn about_file(code: Code, file: &str, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            file: file.to_owned(),
            document: None,
            line: None,
            column: None,
            path: String::new(),
            source_line: None,
            related: Vec::new(),
        }
    }
}
