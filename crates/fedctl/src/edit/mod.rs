//! How is a document changed without rewriting it? JSON Patches applied to text: what they do not
//! name keeps its bytes, with its comments, order and style.
//!
//! Every edit is read back. If the text does not say what the patch makes of the value, or any
//! other document of the file says anything else than before, the edit is refused.
//!
//! ```
//! use fed_core::PatchOperation;
//! use fedctl::edit;
//!
//! let text = "spec:\n  replica: 3 # for now\n";
//! let patch = vec![PatchOperation::move_to("/spec/replica", "/spec/replicas")];
//! let edited = edit::apply("web.yaml", text, &[(1, patch)])?;
//! assert_eq!(edited, "spec:\n  replicas: 3 # for now\n");
//! # Ok::<(), edit::EditError>(())
//! ```

mod block;
mod document;
mod error;
mod flow;
mod order;
mod page;
mod parse;
mod piece;
mod place;
mod rename;
mod steps;
mod syntax;
mod value;
mod write;

#[cfg(test)]
mod tests;

use fed_core::PatchOperation;
use serde_json::Value;

pub use error::EditError;

use crate::read::{self, SourceDocument};

/// The text of a file with patches applied to its documents, which are named by their numbers
/// ([`SourceDocument::number`]). All of it, or an error and nothing.
pub fn apply(
    name: &str,
    text: &str,
    edits: &[(usize, Vec<PatchOperation>)],
) -> Result<String, EditError> {
    let mut text = text.to_owned();
    for (number, patch) in edits {
        let input = read::read_text(name, text.as_str());
        let document = input
            .documents
            .iter()
            .find(|document| document.number == *number);
        let document = document.ok_or(EditError::NoSuchDocument(*number))?;
        let part = text.get(document.extent()).unwrap_or_default();
        let newline = newline(part).or_else(|| newline(&text)).unwrap_or("\n");
        let (part, value) = document::apply(part, document.value(), patch, newline)?;
        let mut edited = text.clone();
        edited.replace_range(document.extent(), &part);
        check(name, &edited, &input.documents, *number, &value)?;
        text = edited;
    }
    Ok(text)
}

/// How the first line ends.
fn newline(text: &str) -> Option<&'static str> {
    let before = text.split_once('\n').map(|(before, _)| before)?;
    Some(if before.ends_with('\r') { "\r\n" } else { "\n" })
}

/// Does one document say `value`, and every other what it said before?
fn check(
    name: &str,
    edited: &str,
    before: &[SourceDocument],
    number: usize,
    value: &Value,
) -> Result<(), EditError> {
    let after = read::read_text(name, edited).documents;
    let is_same = |(old, new): (&SourceDocument, &SourceDocument)| {
        let expected = if old.number == number {
            value
        } else {
            old.value()
        };
        old.number == new.number && value::same(expected, new.value())
    };
    if before.len() == after.len() && before.iter().zip(&after).all(is_same) {
        return Ok(());
    }
    Err(EditError::Differs {
        path: String::new(),
    })
}
