//! Is an answer as it must be?

use serde_json::{Map, Value};

/// What is not as it must be: where, what was expected and what was found.
#[derive(Debug, PartialEq)]
pub(super) struct Difference {
    pub(super) at: String,
    pub(super) expected: String,
    pub(super) found: String,
}

/// Has the answer all that is expected? Objects may have more, lists may not.
pub(super) fn matches(expected: &Value, found: Option<&Value>, at: &str) -> Result<(), Difference> {
    let differs = || Difference {
        at: if at.is_empty() { "/" } else { at }.to_owned(),
        expected: expected.to_string(),
        found: found.map_or_else(|| "nothing".to_owned(), Value::to_string),
    };
    match (expected, found) {
        (Value::String(text), found) if text.starts_with('$') => {
            special(text, found).then_some(()).ok_or_else(differs)
        }
        (Value::Object(expected), Some(Value::Object(found))) => fields(expected, found, at),
        (Value::Array(expected), Some(Value::Array(items))) => {
            if expected.len() != items.len() {
                return Err(differs());
            }
            let pairs = expected.iter().zip(items).enumerate();
            for (index, (expected, item)) in pairs {
                matches(expected, Some(item), &format!("{at}/{index}"))?;
            }
            Ok(())
        }
        (expected, Some(found)) if expected == found => Ok(()),
        _ => Err(differs()),
    }
}

fn fields(
    expected: &Map<String, Value>,
    found: &Map<String, Value>,
    at: &str,
) -> Result<(), Difference> {
    for (field, expected) in expected {
        let at = format!("{at}/{}", field.replace('~', "~0").replace('/', "~1"));
        matches(expected, found.get(field), &at)?;
    }
    Ok(())
}

/// Is it this and nothing else?
pub(super) fn is_exactly(
    expected: &Value,
    found: Option<&Value>,
    at: &str,
) -> Result<(), Difference> {
    let is_special = expected.as_str().is_some_and(|text| text.starts_with('$'));
    if is_special {
        return matches(expected, found, at);
    }
    (found == Some(expected))
        .then_some(())
        .ok_or_else(|| Difference {
            at: at.to_owned(),
            expected: expected.to_string(),
            found: found.map_or_else(|| "nothing".to_owned(), Value::to_string),
        })
}

fn special(text: &str, found: Option<&Value>) -> bool {
    let is_there = found.is_some_and(|found| !found.is_null());
    let as_text = || match found {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let (word, rest) = text.split_once(':').unwrap_or((text, ""));
    match word {
        "$any" => is_there,
        "$absent" => !is_there,
        "$has" => as_text().is_some_and(|found| found.contains(rest)),
        "$not" => as_text().is_some_and(|found| found != rest),
        "$more" => {
            let number = |text: &str| text.parse::<u64>().ok();
            let found = as_text().as_deref().and_then(number);
            found.is_some_and(|found| number(rest).is_some_and(|than| found > than))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn holds(expected: &Value, found: &Value) -> bool {
        matches(expected, Some(found), "").is_ok()
    }

    #[test]
    fn objects_may_have_more_and_lists_may_not() {
        let found = json!({"a": [{"b": 1, "c": 2}], "version": "17"});
        assert!(holds(&json!({"a": [{"b": 1}]}), &found));
        assert!(!holds(&json!({"a": []}), &found));
        assert!(!holds(&json!({"a": [{"b": "1"}]}), &found));
        assert!(!holds(&json!({"d": null}), &found));
        let at = matches(&json!({"a": [{"b": 2}]}), Some(&found), "").unwrap_err();
        assert_eq!((at.at.as_str(), at.found.as_str()), ("/a/0/b", "1"));
    }

    #[test]
    fn words_stand_for_what_is_not_known_before() {
        let found = json!({"version": "17", "none": null, "text": "not found"});
        for (expected, is_so) in [
            (json!({"version": "$any"}), true),
            (json!({"none": "$any"}), false),
            (json!({"none": "$absent", "other": "$absent"}), true),
            (json!({"version": "$absent"}), false),
            (json!({"version": "$more:16"}), true),
            (json!({"version": "$more:17"}), false),
            (json!({"version": "$not:17"}), false),
            (json!({"text": "$has:found"}), true),
            (json!({"text": "$has:lost"}), false),
            (json!({"text": "$what"}), false),
        ] {
            assert_eq!(holds(&expected, &found), is_so, "{expected}");
        }
        assert!(is_exactly(&json!({"a": 1}), Some(&json!({"a": 1, "b": 2})), "/x").is_err());
    }
}
