//! Are expressions what CEL says they are, within their limits?

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy allows these in test functions, but not in what they share"
)]

mod hostile;
mod oracle;
mod table;

use fed_core::expression::Expression;
use serde_json::{Value, json};

/// An object to ask of.
fn object() -> Value {
    json!({
        "metadata": {"name": "rating", "generation": 3, "labels": {"app": "rating", "a/b": "c"}},
        "spec": {"replicas": 4, "weight": 2.5, "paused": false, "none": null, "names": ["b", "a"]},
        "status": {
            "readyReplicas": 3,
            "conditions": [
                {"type": "Ready", "status": "True", "reason": "Fine"},
                {"type": "Available", "status": "False", "reason": "Few"},
            ],
        },
    })
}

/// The value of an expression of [`object`], or what is told instead.
fn value(source: &str) -> Result<Value, String> {
    let expression = Expression::parse(source, &["object"]).map_err(|fault| fault.to_string())?;
    let value = expression.evaluate(&[&object()]);
    value.map_err(|failure| failure.to_string())
}
