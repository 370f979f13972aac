//! What is an expression, where nothing can read one? There is none.

use serde_json::Value;

use super::{Failure, Misspelt};

/// There is no value of it without the feature `cel`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expression {}

impl Expression {
    /// Tells that the feature is missing.
    pub(crate) fn parse(_source: &str, _variables: &[&str]) -> Result<Self, Misspelt> {
        let message = "expressions cannot be read here: fed-core was built without its feature cel";
        Err(Misspelt {
            at: None,
            message: message.to_owned(),
        })
    }

    pub(crate) fn evaluate(&self, _variables: &[&Value]) -> Result<Value, Failure> {
        match *self {}
    }
}
