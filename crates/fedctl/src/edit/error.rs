//! Why can this edit not be made?

use thiserror::Error;

/// An edit that is refused. The text is left as it is. Never quotes a value.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EditError {
    /// The file has no document of this number.
    #[error("there is no document {0} that could be read in this file")]
    NoSuchDocument(usize),
    /// By RFC 6902 the patch does not apply to the document.
    #[error("operation {operation} of the patch ({op} {path}) does not apply to the document")]
    DoesNotApply {
        /// Which operation of the patch, from 0.
        operation: usize,
        /// What it was to do.
        op: String,
        /// Where.
        path: String,
    },
    /// The place is written elsewhere, behind an anchor, and not here.
    #[error(
        "{path} stands for an alias: it is written where its anchor is, and an edit there would \
         change both; write the value out in the place of the alias"
    )]
    BehindAlias {
        /// The path that leads through the alias.
        path: String,
    },
    /// The entry comes in by a merge key.
    #[error(
        "{path} comes in by a merge key (`<<`) and is not written here; change it where its \
         anchor is, or write it out"
    )]
    Merged {
        /// The path of the entry.
        path: String,
    },
    /// The place is under an anchor, and other parts of the document refer to it.
    #[error(
        "{path} stands under an anchor that the alias in line {line} of the document refers to: an \
         edit there would change both; write the value out in the place of the alias"
    )]
    Shared {
        /// The path to be edited.
        path: String,
        /// The line of one alias, from the first of the document's text.
        line: usize,
    },
    /// Something would be lost that an alias needs.
    #[error(
        "{path} holds an anchor that the alias in line {line} of the document needs; write the \
         value out in the place of the alias"
    )]
    AnchorNeeded {
        /// The path to be removed or moved.
        path: String,
        /// The line of one alias, from the first of the document's text.
        line: usize,
    },
    /// The text is laid out in a way that edits do not know.
    #[error("{path} cannot be edited in place: {why}; make the change by hand")]
    Unsupported {
        /// The path to be edited.
        path: String,
        /// What is in the way.
        why: &'static str,
    },
    /// The safety net: the text would not say what the patch says.
    #[error(
        "the edit of {path} would not leave what it should, so that nothing is changed; make the \
         change by hand"
    )]
    Differs {
        /// The path to be edited.
        path: String,
    },
}
