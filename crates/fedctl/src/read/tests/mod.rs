//! Does the reader read what kubectl reads, and point at the right bytes?

mod hostile;
mod places;
mod scalars;
mod secrets;
mod structure;

use serde_json::Value;

use super::{Input, read_text};
use fed_core::{Code, Severity};

/// The value of a text with one document and no errors.
fn value(text: &str) -> Value {
    let mut input = read_text("t.yaml", text);
    assert_eq!(errors(&input), [], "{text:?}");
    assert_eq!(input.documents.len(), 1, "{text:?}");
    input.documents.remove(0).into_value()
}

/// Code and line of all errors.
fn errors(input: &Input) -> Vec<(Code, usize)> {
    let errors = input.findings.iter();
    errors
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| (finding.code, finding.line.unwrap_or_default()))
        .collect()
}
