//! Is this value nested too deeply to be worked with? What passes here may be walked recursively.

use serde_json::Value;

use crate::location::Location;
use crate::problem::{Code, Problem};

/// How many levels of objects and lists a value may have.
pub const MAX_DEPTH: usize = 128;

/// Refuses a value with more than [`MAX_DEPTH`] levels.
pub(crate) fn check(value: &Value, at: &Location) -> Result<(), Problem> {
    if fits(value, MAX_DEPTH) {
        return Ok(());
    }
    let message = format!("nested more than {MAX_DEPTH} levels deep: no Kubernetes object is");
    Err(Problem::error(Code::TooDeep, message).at(at.clone()))
}

fn fits(value: &Value, levels: usize) -> bool {
    match value {
        Value::Object(object) => levels > 0 && object.values().all(|value| fits(value, levels - 1)),
        Value::Array(items) => levels > 0 && items.iter().all(|value| fits(value, levels - 1)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(levels: usize) -> Value {
        (0..levels).fold(Value::Null, |inner, _| Value::Array(vec![inner]))
    }

    #[test]
    fn the_limit_is_exact() {
        assert!(check(&nested(MAX_DEPTH), &Location::in_code()).is_ok());
        let problem = check(&nested(MAX_DEPTH + 1), &Location::in_code()).unwrap_err();
        assert_eq!(problem.code, Code::TooDeep);
    }
}
