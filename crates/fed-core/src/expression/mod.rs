//! What does an expression, written in CEL, say of objects? What Kubernetes's users know of CEL holds
//! here, within limits: of the text, of how deep it nests, of how much is done, and of what comes out.
//!
//! The language is CEL with `has`, `all`, `exists`, `exists_one`, `map`, `filter` and `optMap`,
//! optional values (`a.?b`, `a[?0]`, `{?k: v}`, `orValue`), the usual functions of texts, and
//! `sum`, `min` and `max` of lists. What is not known here is refused when it is read, and never
//! misunderstood: times, durations, bytes, messages, and all other functions.
//!
//! The same expression of the same values is always the same: there is no clock in it, and maps are
//! walked in the order of their keys. No message quotes a value.

#[cfg(not(feature = "cel"))]
mod absent;
#[cfg(feature = "cel")]
mod budget;
#[cfg(feature = "cel")]
mod evaluate;
#[cfg(feature = "cel")]
mod functions;
#[cfg(feature = "cel")]
mod literal;
#[cfg(feature = "cel")]
mod node;
#[cfg(feature = "cel")]
mod operators;
#[cfg(feature = "cel")]
mod parse;
#[cfg(feature = "cel")]
mod pattern;
#[cfg(feature = "cel")]
mod present;
#[cfg(feature = "cel")]
mod texts;
#[cfg(feature = "cel")]
mod token;
#[cfg(feature = "cel")]
mod value;

use std::fmt;

#[cfg(not(feature = "cel"))]
pub(crate) use absent::Expression;
#[cfg(feature = "cel")]
pub use present::Expression;

/// How many bytes an expression may have.
pub const LONGEST: usize = 8 * 1024;

/// How many levels an expression may nest.
pub const DEEPEST: usize = 48;

/// How much an evaluation may do: each step into an expression, each element of a list, and each
/// eight bytes of a text that is made or searched count as one.
pub const STEPS: u64 = 1_000_000;

/// How many bytes the result may have, as JSON.
pub const LARGEST: usize = 1024 * 1024;

/// Why a text is no expression.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Misspelt {
    /// Where: the line and the column, from 1.
    pub at: Option<(usize, usize)>,
    /// The sentence for people.
    pub message: String,
}

impl fmt::Display for Misspelt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.at {
            write!(f, "line {line}, column {column}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Misspelt {}

/// Why an expression has no value. It quotes none of the values it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    message: String,
    is_limit: bool,
}

impl Failure {
    /// A sentence for people.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            is_limit: false,
        }
    }

    /// A limit is reached: nothing beside it can make up for that.
    #[cfg(feature = "cel")]
    fn limit(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            is_limit: true,
        }
    }

    /// Did it end at a limit, and not for a fault of the expression?
    pub fn is_limit(&self) -> bool {
        self.is_limit
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
