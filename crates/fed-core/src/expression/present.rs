//! What is an expression, from its text to its value?

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::evaluate::Evaluation;
use super::node::Node;
use super::{Failure, Misspelt, parse};

/// An expression in CEL that was read once, to be evaluated often.
///
/// ```
/// use fed_core::expression::Expression;
/// use serde_json::json;
///
/// let ready = Expression::parse(
///     "object.?status.?readyReplicas.orValue(0) >= object.spec.replicas",
///     &["object"],
/// )?;
/// let object = json!({"spec": {"replicas": 2}, "status": {"readyReplicas": 2}});
/// assert_eq!(ready.evaluate(&[&object])?, json!(true));
/// let failure = ready.evaluate(&[&json!({})]).unwrap_err();
/// assert_eq!(failure.to_string(), "object has no field spec");
///
/// let misspelt = Expression::parse("objekt.spec", &["object"]).unwrap_err();
/// assert_eq!(
///     misspelt.to_string(),
///     "line 1, column 1: there is no variable objekt: did you mean object?"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Expression(Arc<Inner>);

struct Inner {
    source: String,
    root: Node,
}

impl Expression {
    /// Reads an expression that may use these variables.
    pub fn parse(source: &str, variables: &[&str]) -> Result<Self, Misspelt> {
        let root = parse::parse(source, variables)?;
        let source = source.to_owned();
        Ok(Self(Arc::new(Inner { source, root })))
    }

    /// Its value, where the variables have these values, in the order in which they were named.
    pub fn evaluate(&self, variables: &[&Value]) -> Result<Value, Failure> {
        Evaluation::of(variables).run(&self.0.root)
    }

    /// The text it was read from.
    pub fn source(&self) -> &str {
        &self.0.source
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.0.source == other.0.source
    }
}

impl Eq for Expression {}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expression").field(&self.0.source).finish()
    }
}
