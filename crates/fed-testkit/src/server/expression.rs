//! Does an object keep a rule that its CustomResourceDefinition says in CEL?

use std::collections::HashMap;

use cel::objects::{Key, Map};
use cel::{Context, Program};
use serde_json::Value;

/// Longer rules are not looked at: no real one comes near.
const LONGEST: usize = 10_000;

/// Does the value keep the rule? `Err` tells why that cannot be said. A rule about what a value was
/// is kept by one that was not there before.
pub(super) fn holds(rule: &str, value: &Value, old: Option<&Value>) -> Result<bool, String> {
    if rule.len() > LONGEST {
        return Err("the rule is too long".to_owned());
    }
    if rule.contains("oldSelf") && old.is_none() {
        return Ok(true);
    }
    let program =
        Program::compile(rule).map_err(|errors| format!("compilation failed: {errors}"))?;
    let mut context = Context::default();
    context.add_variable_from_value("self", converted(value));
    if let Some(old) = old {
        context.add_variable_from_value("oldSelf", converted(old));
    }
    match program.execute(&context) {
        Ok(cel::Value::Bool(kept)) => Ok(kept),
        Ok(_) => Err("the rule does not say true or false".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Whole numbers are signed in CEL, unless somebody says otherwise.
fn converted(value: &Value) -> cel::Value {
    match value {
        Value::Null => cel::Value::Null,
        Value::Bool(flag) => cel::Value::Bool(*flag),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => cel::Value::Int(whole),
            None => cel::Value::Float(number.as_f64().unwrap_or_default()),
        },
        Value::String(text) => cel::Value::String(text.clone().into()),
        Value::Array(items) => {
            cel::Value::List(items.iter().map(converted).collect::<Vec<_>>().into())
        }
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| (Key::String(name.clone().into()), converted(value)));
            cel::Value::Map(Map {
                map: fields.collect::<HashMap<_, _>>().into(),
            })
        }
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
        for broken in ["(((", "self.missing > 1", "'text'", "", "\u{0}'"] {
            assert!(kept(broken, json!({})).is_err(), "{broken:?}");
        }
    }
}
