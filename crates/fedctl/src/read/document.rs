//! What was read, and where does each part of it stand? A document's value beside its text.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use fed_core::{Code, Severity};
use serde_json::Value;

use super::fault::Fault;
use super::finding::Finding;
use super::secrets::{Hidden, mentions_secret};
use super::source::SourceFile;
use super::spans::{Node, Spans};
use super::split::split;
use super::yaml::parse;

/// One document: its value, and where in which file each part of it is written.
pub struct SourceDocument {
    /// The file it stands in.
    pub file: Arc<SourceFile>,
    /// Its number in the file, from 1. Only documents with content count: a part of the file
    /// with nothing but comments, or with `null`, is no document. One that cannot be parsed is.
    pub number: usize,
    /// The part of the text that is this document's.
    extent: Range<usize>,
    value: Value,
    spans: Spans,
    hidden: Hidden,
}

/// A place in a file. Ranges are of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The key, if the value is an entry of a mapping; for one that came in through a merge key,
    /// that merge key.
    pub key: Option<Range<usize>>,
    /// The value: with its tag but without its anchor; with the quotes; from the header of a
    /// block scalar to its last line's end. Empty where a value is left out. An alias is its own
    /// range.
    pub value: Range<usize>,
    /// The line to point at, from 1.
    pub line: usize,
    /// The column to point at, in characters, from 1.
    pub column: usize,
    /// Does the pointer lead exactly here? If not, what it names is missing, or is written
    /// elsewhere and came in by an alias or merge key that stands here.
    pub exact: bool,
}

impl SourceDocument {
    /// What the document says.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// What the document says, without the rest.
    pub fn into_value(self) -> Value {
        self.value
    }

    /// The part of the file's text that is this document's.
    pub(crate) fn extent(&self) -> Range<usize> {
        self.extent.clone()
    }

    /// Where the value at this JSON Pointer is written; where nothing is written there, the place
    /// of the innermost value around it.
    pub fn place(&self, pointer: &str) -> Place {
        let found = self.spans.find(&self.value, pointer);
        let (key, value) = (found.node.key(), found.node.range());
        let (line, column) = self.file.position(self.anchor(&found.node, found.exact));
        Place {
            key,
            value,
            line,
            column,
            exact: found.exact,
        }
    }

    /// The byte to point at: the value, or its key if there is nothing to see on the key's line.
    fn anchor(&self, node: &Node, exact: bool) -> usize {
        let value = node.range();
        let Some(key) = node.key() else {
            return value.start;
        };
        let between = self.file.text.get(key.end..value.start);
        let is_apart = between.is_none_or(|text| text.contains(['\n', '\r']));
        if !exact || is_apart || value.is_empty() {
            key.start
        } else {
            value.start
        }
    }

    /// May the source text at this pointer, and the lines it stands on, be shown? No for whatever
    /// may hold a value of a Secret.
    pub fn may_quote(&self, pointer: &str) -> bool {
        let found = self.spans.find(&self.value, pointer);
        let start = self.anchor(&found.node, found.exact);
        // Of a long value people see the first line; but the value itself must be harmless too.
        let value = found.node.range();
        let is_harmless = !found.exact || value.is_empty() || self.hidden.may_show(&value);
        is_harmless && self.may_show(start..start)
    }

    /// The line of source text to show for this pointer, if it may be shown and is not longer
    /// than anyone would read.
    pub fn source_line(&self, pointer: &str) -> Option<&str> {
        self.may_quote(pointer)
            .then(|| self.file.line(self.place(pointer).line))
            .filter(|text| text.len() <= LINE_LIMIT)
    }

    /// May the whole lines of this range be shown?
    fn may_show(&self, range: Range<usize>) -> bool {
        let lines = lines_around(&self.file, range);
        is_alone(&self.file, &lines, &self.extent) && self.hidden.may_show(&lines)
    }
}

/// May a line of a file, from 1, be shown? These are all the documents that were read of it.
pub(crate) fn may_show_line(file: &SourceFile, documents: &[SourceDocument], line: usize) -> bool {
    let start = file.line_start(line);
    let range = start..start + file.line(line).len();
    let is_here = |document: &&SourceDocument| {
        document.extent.start <= range.end && range.start < document.extent.end
    };
    let mut here = documents.iter().filter(is_here).peekable();
    if here.peek().is_none() {
        // Perhaps of a document that could not be read.
        return file.line(line).starts_with("---") || !mentions_secret(&file.text);
    }
    here.all(|document| document.hidden.may_show(&range))
}

/// Longer lines, of minified JSON mostly, are not shown with a problem.
const LINE_LIMIT: usize = 1000;

/// The whole lines a range stands on.
fn lines_around(file: &SourceFile, range: Range<usize>) -> Range<usize> {
    let (first, _) = file.position(range.start);
    let (last, _) = file.position(range.end);
    let end = file.line_start(last) + file.line(last).len();
    file.line_start(first)..end
}

/// Does nothing but this document stand on these lines? Objects of a JSON stream can share one,
/// and each knows of its own secrets only.
fn is_alone(file: &SourceFile, lines: &Range<usize>, extent: &Range<usize>) -> bool {
    let before = file.text.get(lines.start..extent.start);
    let after = file.text.get(extent.end..lines.end);
    [before, after]
        .into_iter()
        .flatten()
        .all(|text| text.trim().is_empty())
}

impl fmt::Debug for SourceDocument {
    /// The place alone: the value may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceDocument")
            .field("file", &self.file.name)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

/// Reads the documents of one file.
pub(super) fn read_documents(
    file: &Arc<SourceFile>,
    documents: &mut Vec<SourceDocument>,
    findings: &mut Vec<Finding>,
) {
    let mut number = 1;
    let mut previous_start = 0;
    for chunk in split(&file.text) {
        let parsed = parse(&file.text, &chunk);
        let in_document = parsed.is_document.then_some(number);
        let document = parsed.document.map(|(value, spans)| SourceDocument {
            file: Arc::clone(file),
            number,
            extent: chunk.range.clone(),
            hidden: Hidden::of(&value, &spans),
            value,
            spans,
        });
        if !parsed.faults.is_empty() {
            // Without a value, the text alone must tell whether this is a Secret. A stray
            // separator may have cut one in two, so the part before counts as well.
            let text = file.text.get(previous_start..chunk.range.end);
            let is_open = document.is_some() || !text.is_some_and(mentions_secret);
            for fault in parsed.faults {
                let may_show = match &document {
                    Some(document) => document.may_show(fault.range.clone()),
                    None => {
                        is_open && {
                            let lines = lines_around(file, fault.range.clone());
                            is_alone(file, &lines, &chunk.range)
                        }
                    }
                };
                findings.push(finding(file, in_document, fault, may_show));
            }
        }
        documents.extend(document);
        number += usize::from(parsed.is_document);
        previous_start = chunk.range.start;
    }
}

fn finding(file: &SourceFile, document: Option<usize>, fault: Fault, may_show: bool) -> Finding {
    let (line, column) = file.position(fault.range.start);
    Finding {
        severity: fault.severity,
        code: fault.code,
        message: fault.quoting.filter(|_| may_show).unwrap_or(fault.message),
        file: file.name.clone(),
        document,
        line: Some(line),
        column: Some(column),
        path: fault.path.as_str().to_owned(),
        source_line: Some(file.line(line))
            .filter(|text| may_show && text.len() <= LINE_LIMIT)
            .map(ToOwned::to_owned),
        related: fault
            .related
            .into_iter()
            .map(|at| (file.name.clone(), file.position(at).0))
            .collect(),
    }
}

/// A file whose bytes are not text that can be read.
pub(super) fn undecodable(name: &str, line: usize, message: impl Into<String>) -> Finding {
    Finding {
        line: Some(line),
        column: None,
        severity: Severity::Error,
        ..Finding::about_file(Code::UnreadableFile, name, message)
    }
}
