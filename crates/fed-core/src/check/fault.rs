//! What can be wrong with an object by itself?

use crate::location::Pointer;
use crate::problem::{Code, Severity};

/// One thing that is wrong with an object.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// Where in the object.
    pub path: Pointer,
    /// What.
    pub fault: Fault,
}

impl Violation {
    /// This fault at this place.
    pub fn new(path: Pointer, fault: Fault) -> Self {
        Self { path, fault }
    }
}

/// What is wrong with a value. The value itself is never told, as it may be secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The value has another type than the field.
    WrongType {
        /// What it must be, as `an integer`.
        wanted: String,
        /// What it is, as `a string`.
        found: String,
    },
    /// A field is missing in the object at this place.
    Missing {
        /// The name of the field.
        field: String,
    },
    /// The value is none of those that the field may have.
    NotAllowed {
        /// The values that it may have.
        allowed: Vec<String>,
    },
    /// The field is not known.
    Unknown {
        /// A field beside it whose name is so near that it was probably meant, and that could
        /// have this value.
        meant: Option<String>,
        /// Where, below the object that it stands in, a field of this name would be right.
        belongs: Option<Pointer>,
    },
    /// An item of a list has the same key as an earlier one.
    DuplicateItem {
        /// The fields that make the key.
        keys: Vec<String>,
        /// The index of the earlier one.
        first: usize,
    },
    /// A rule that no schema holds is broken.
    Rule {
        /// How grave that is.
        severity: Severity,
        /// The kind of problem.
        code: Code,
        /// What is wrong and what to do, without the place.
        message: String,
    },
}
