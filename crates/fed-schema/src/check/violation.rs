//! What can be wrong with an object by itself?

/// One thing that is wrong with an object. Values are never told, as they may be secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// Where in the object, as a JSON Pointer.
    pub path: String,
    /// What.
    pub fault: Fault,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The value has another type than the field.
    WrongType {
        /// What it must be, as `a whole number`.
        wanted: &'static str,
        /// What it is, as `a text`.
        found: &'static str,
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
        /// Where, below the object that it stands in, a field of this name would be right: a JSON
        /// Pointer.
        belongs: Option<String>,
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
        /// Which.
        rule: Rule,
        /// What is wrong and what to do, without the place.
        message: String,
    },
}

/// The sorts of rules that no schema holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// A name of an object, a label or a part of one has a form.
    Name,
    /// A selector matches the labels of the pods that stand beside it.
    SelectorMatchesLabels,
    /// A port has a number or a name, and what refers to one finds it.
    Port,
    /// A quantity can be read, and a request is no more than its limit.
    Quantity,
    /// Some fields go together, and some do not.
    Combination,
    /// A value has bounds or a form.
    Value,
    /// A server takes it, but it will hardly work: a probe of a port that nothing names.
    Usable,
}

impl Violation {
    /// This fault at this place.
    pub fn new(path: impl Into<String>, fault: Fault) -> Self {
        Self {
            path: path.into(),
            fault,
        }
    }

    /// A broken rule at this place.
    pub(super) fn rule(path: impl Into<String>, rule: Rule, message: impl Into<String>) -> Self {
        Self::new(
            path,
            Fault::Rule {
                rule,
                message: message.into(),
            },
        )
    }

    /// Would a server refuse the object for it? Unknown fields are dropped, and most doubled items
    /// of lists are taken by a plain create.
    #[must_use]
    pub fn is_grave(&self) -> bool {
        !matches!(
            self.fault,
            Fault::Unknown { .. }
                | Fault::DuplicateItem { .. }
                | Fault::Rule {
                    rule: Rule::Usable,
                    ..
                }
        )
    }
}
