//! How much is too much? Bounds that keep hostile patches from exhausting stack or memory.

use serde_json::Value;

/// Lists and maps inside one another, and steps in one path.
pub(super) const DEEPEST: usize = 128;

/// What all operations of one render may copy together, from the object or over and over again
/// from an override. An honest object is smaller than a tenth of it; a chain of copies that
/// doubles the object each time is stopped here.
const MOST_COPIED: usize = 16 << 20;

/// Is `value` nested more deeply than we are ready to follow?
pub(super) fn too_deep(value: &Value) -> bool {
    !within(value, DEEPEST)
}

fn within(value: &Value, left: usize) -> bool {
    match value {
        Value::Array(items) => left > 0 && items.iter().all(|item| within(item, left - 1)),
        Value::Object(fields) => left > 0 && fields.values().all(|field| within(field, left - 1)),
        _ => true,
    }
}

/// What may still be copied while one object is rendered for one cluster.
pub(super) struct CopyBudget(usize);

impl Default for CopyBudget {
    fn default() -> Self {
        Self(MOST_COPIED)
    }
}

impl CopyBudget {
    /// Takes the size of `value` off the budget; false when it does not suffice. The value must
    /// not be too deep.
    pub(super) fn take(&mut self, value: &Value) -> bool {
        self.take_bytes(size(value))
    }

    /// Takes so many bytes off the budget; false when it does not suffice.
    pub(super) fn take_bytes(&mut self, bytes: usize) -> bool {
        match self.0.checked_sub(bytes) {
            Some(left) => {
                self.0 = left;
                true
            }
            None => false,
        }
    }
}

/// Roughly the bytes that a copy of `value` occupies.
fn size(value: &Value) -> usize {
    let inside = match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, field)| key.len() + size(field))
            .sum(),
        _ => 0,
    };
    size_of::<Value>() + inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn nested(depth: usize) -> Value {
        (0..depth).fold(json!(1), |inner, _| json!([inner]))
    }

    #[test]
    fn depth_is_counted_in_containers() {
        assert!(!too_deep(&nested(DEEPEST)));
        assert!(too_deep(&nested(DEEPEST + 1)));
    }

    #[test]
    fn the_budget_ends() {
        let mut budget = CopyBudget::default();
        let text = Value::String("x".repeat(MOST_COPIED / 2));
        assert!(budget.take(&text));
        assert!(!budget.take(&text));
        assert!(budget.take(&json!({"a": [1]})));
    }
}
