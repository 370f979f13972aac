//! Does an object keep a rule that its CustomResourceDefinition says in CEL?

use fed_core::expression::Expression;
use serde_json::Value;

/// Does the value keep the rule? `Err` tells why that cannot be said. A rule about what a value was
/// is kept by one that was not there before.
pub(super) fn holds(rule: &str, value: &Value, old: Option<&Value>) -> Result<bool, String> {
    if rule.contains("oldSelf") && old.is_none() {
        return Ok(true);
    }
    let expression = Expression::parse(rule, &["self", "oldSelf"])
        .map_err(|fault| format!("compilation failed: {fault}"))?;
    match expression.evaluate(&[value, old.unwrap_or(&Value::Null)]) {
        Ok(Value::Bool(kept)) => Ok(kept),
        Ok(_) => Err("the rule does not say true or false".to_owned()),
        Err(failure) => Err(failure.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rules_are_kept_broken_or_not_understood() {
        let kept = |rule: &str, value: Value| holds(rule, &value, None);
        let rule = "!has(self.size) || self.size + 1 <= self.limit";
        assert_eq!(kept(rule, json!({"size": 1, "limit": 2})), Ok(true));
        assert_eq!(kept(rule, json!({"size": 2, "limit": 2})), Ok(false));
        assert_eq!(kept(rule, json!({"limit": 2})), Ok(true));
        assert_eq!(
            kept("self.all(one, one != '')", json!(["a", ""])),
            Ok(false)
        );
        assert_eq!(kept("oldSelf == self", json!(1)), Ok(true));
        assert_eq!(
            holds("oldSelf == self", &json!(1), Some(&json!(2))),
            Ok(false)
        );
        let endless = format!("{}1{}", "[".repeat(4_000), "]".repeat(4_000));
        for broken in ["(((", "self.missing > 1", "'text'", "", "\u{0}'", &endless] {
            assert!(kept(broken, json!({})).is_err(), "{broken:?}");
        }
    }
}
