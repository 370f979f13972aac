//! What does an expression in CEL say of a value? As rules of CustomResourceDefinitions use it.

use fed_core::expression::Expression as Parsed;
use serde_json::{Map, Value};

/// An expression that can be asked of a value and of what it was before.
pub(super) struct Expression {
    parsed: Parsed,
    is_optional: bool,
    uses_old: bool,
}

/// What an expression is asked about.
pub(super) struct Subject {
    pub(super) new: Value,
    /// What it was before, if it was.
    pub(super) old: Option<Value>,
}

impl Subject {
    /// A value and what it was, as a schema types them.
    pub(super) fn of(schema: &Value, new: &Value, old: Option<&Value>) -> Self {
        Self {
            new: converted(schema, new),
            old: old.map(|old| converted(schema, old)),
        }
    }
}

impl Expression {
    /// Reads an expression. With `is_optional` it takes what was before for something that may be
    /// missing.
    pub(super) fn read(text: &str, is_optional: bool) -> Result<Self, String> {
        let parsed = if is_optional {
            // What was before stands in a list of at most one, and is bound as an optional value.
            let bound = "[before.size() > 0 ? optional.of(before[0]) : optional.none()]";
            let text = format!("{bound}.map(oldSelf, {text})[0]");
            Parsed::parse(&text, &["self", "before"])
        } else {
            Parsed::parse(text, &["self", "oldSelf"])
        };
        Ok(Self {
            parsed: parsed.map_err(|misspelt| misspelt.to_string())?,
            is_optional,
            uses_old: text.contains("oldSelf"),
        })
    }

    pub(super) fn uses_old(&self) -> bool {
        self.uses_old
    }

    /// Is it so? `Err` tells why that cannot be said. What is said of what a value was is so where it
    /// was nothing.
    pub(super) fn holds(&self, subject: &Subject) -> Result<bool, String> {
        match self.evaluate(subject)? {
            Some(Value::Bool(held)) => Ok(held),
            Some(_) => Err("the rule does not say true or false".to_owned()),
            None => Ok(true),
        }
    }

    /// The text that it makes, if it makes one.
    pub(super) fn text(&self, subject: &Subject) -> Option<String> {
        match self.evaluate(subject).ok()?? {
            Value::String(text) => Some(text.trim().to_owned()),
            _ => None,
        }
    }

    fn evaluate(&self, subject: &Subject) -> Result<Option<Value>, String> {
        let before = match (&subject.old, self.is_optional) {
            (Some(old), true) => Value::Array(vec![old.clone()]),
            (None, true) => Value::Array(Vec::new()),
            (None, false) if self.uses_old => return Ok(None),
            (old, false) => old.clone().unwrap_or_default(),
        };
        let value = self.parsed.evaluate(&[&subject.new, &before]);
        value.map(Some).map_err(|failure| failure.to_string())
    }
}

/// A value as a schema types it: fields are named as expressions can name them.
fn converted(schema: &Value, value: &Value) -> Value {
    match value {
        // A number without a point may be one of those that can have one.
        Value::Number(number) if schema.get("type").is_some_and(|sort| sort == "number") => {
            number.as_f64().map_or_else(|| value.clone(), Value::from)
        }
        Value::Array(items) => {
            let schema = schema.get("items").unwrap_or(&Value::Null);
            items.iter().map(|item| converted(schema, item)).collect()
        }
        Value::Object(fields) => {
            let known = schema.get("properties");
            let others = schema.get("additionalProperties").unwrap_or(&Value::Null);
            let fields = fields.iter().map(|(name, value)| {
                let field = known.and_then(|known| known.get(name));
                let name = match field {
                    Some(_) => escaped(name),
                    None => name.clone(),
                };
                (name, converted(field.unwrap_or(others), value))
            });
            Value::Object(fields.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

/// A field's name as expressions write it.
fn escaped(name: &str) -> String {
    const WORDS: [&str; 21] = [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "false",
        "for",
        "function",
        "if",
        "import",
        "in",
        "let",
        "loop",
        "namespace",
        "null",
        "package",
        "return",
        "true",
        "var",
        "void",
        "while",
    ];
    if WORDS.contains(&name) {
        return format!("__{name}__");
    }
    let name = name.replace("__", "__underscores__");
    let name = name.replace('.', "__dot__").replace('-', "__dash__");
    name.replace('/', "__slash__")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn asked(rule: &str, value: &Value, old: Option<&Value>) -> Result<bool, String> {
        let schema = json!({"properties": {"a-b": {}, "in": {}}});
        Expression::read(rule, false)?.holds(&Subject::of(&schema, value, old))
    }

    #[test]
    fn rules_are_kept_broken_or_not_understood() {
        let kept = |rule: &str, value: Value| asked(rule, &value, None);
        let rule = "!has(self.size) || self.size + 1 <= self.limit";
        assert_eq!(kept(rule, json!({"size": 1, "limit": 2})), Ok(true));
        assert_eq!(kept(rule, json!({"size": 2, "limit": 2})), Ok(false));
        assert_eq!(kept(rule, json!({"limit": 2})), Ok(true));
        assert_eq!(
            kept("self.all(one, one != '')", json!(["a", ""])),
            Ok(false)
        );
        let escaped = "self.a__dash__b == self.__in__";
        assert_eq!(kept(escaped, json!({"a-b": 1, "in": 1})), Ok(true));
        assert_eq!(kept("self.?x.orValue('y') == 'y'", json!({})), Ok(true));
        assert_eq!(kept("oldSelf == self", json!(1)), Ok(true));
        let changed = asked("oldSelf == self", &json!(1), Some(&json!(2)));
        assert_eq!(changed, Ok(false));
        let endless = format!("{}1{}", "[".repeat(4_000), "]".repeat(4_000));
        for broken in ["(((", "self.missing > 1", "'text'", "", "\u{0}'", &endless] {
            assert!(kept(broken, json!({})).is_err(), "{broken:?}");
        }
    }

    #[test]
    fn what_was_before_may_be_missing() {
        let rule = "!oldSelf.hasValue() || oldSelf.value() == self";
        let rule = Expression::read(rule, true).expect("an expression");
        let holds = |old: Option<Value>| {
            let subject = Subject::of(&Value::Null, &json!("a"), old.as_ref());
            rule.holds(&subject)
        };
        assert_eq!(holds(None), Ok(true));
        assert_eq!(holds(Some(json!("a"))), Ok(true));
        assert_eq!(holds(Some(json!("b"))), Ok(false));
    }
}
