//! What are the bytes of this value in Go's `encoding/json`? KubeFed's hashes are taken of them.

use std::fmt::Write;

use serde_json::{Number, Value};

/// How KubeFed holds the numbers of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbers {
    /// As in a template: a whole number that fits 64 bits is one, all else is a float.
    Whole,
    /// As in the value of an override: every number is a float.
    Float,
}

/// Writes `value` at the end of `text`: keys sorted, no spaces. No deeper than `value` is nested,
/// which is bounded where documents are read.
pub(super) fn write(text: &mut String, value: &Value, numbers: Numbers) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(flag) => text.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => write_number(text, number, numbers),
        Value::String(string) => write_string(text, string),
        Value::Array(items) => {
            write_list(text, items, |text, item| write(text, item, numbers));
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(key, _)| *key);
            text.push('{');
            for (index, (key, field)) in fields.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_string(text, key);
                text.push(':');
                write(text, field, numbers);
            }
            text.push('}');
        }
    }
}

/// Writes a list, each item by `item`.
pub(super) fn write_list<T>(text: &mut String, items: &[T], item: impl Fn(&mut String, &T)) {
    text.push('[');
    for (index, each) in items.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        item(text, each);
    }
    text.push(']');
}

/// Writes a string, with what HTML gives a meaning escaped.
pub(super) fn write_string(text: &mut String, string: &str) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                // Writing to a string does not fail.
                let _ = write!(text, "\\u{:04x}", u32::from(character));
            }
            other => text.push(other),
        }
    }
    text.push('"');
}

fn write_number(text: &mut String, number: &Number, numbers: Numbers) {
    let whole = number.as_i64().filter(|_| numbers == Numbers::Whole);
    // Writing to a string does not fail.
    let _ = match (whole, number.as_f64()) {
        (Some(whole), _) => write!(text, "{whole}"),
        (None, Some(float)) if float.is_finite() => write_float(text, float),
        (None, _) => write!(text, "{number}"),
    };
}

/// Both Go and Rust write the fewest digits that read back the same; they differ in when and how
/// they write an exponent.
fn write_float(text: &mut String, float: f64) -> std::fmt::Result {
    let size = float.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        return write!(text, "{float}");
    }
    let written = format!("{float:e}");
    match written.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => {
            write!(text, "{digits}e+{exponent}")
        }
        _ => write!(text, "{written}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(value: &Value, numbers: Numbers) -> String {
        let mut text = String::new();
        write(&mut text, value, numbers);
        text
    }

    #[test]
    fn numbers_are_gos() {
        let table = [
            (json!(1), "1", "1"),
            (json!(-7), "-7", "-7"),
            (json!(1.0), "1", "1"),
            (json!(0.1), "0.1", "0.1"),
            (json!(-0.0), "-0", "-0"),
            (
                json!(9_007_199_254_740_993_i64),
                "9007199254740993",
                "9007199254740992",
            ),
            (
                json!(i64::MAX),
                "9223372036854775807",
                "9223372036854775807",
            ),
            (
                json!(u64::MAX),
                "18446744073709552000",
                "18446744073709552000",
            ),
            (
                json!(1e20),
                "100000000000000000000",
                "100000000000000000000",
            ),
            (json!(1e21), "1e+21", "1e+21"),
            (json!(-1.5e300), "-1.5e+300", "-1.5e+300"),
            (json!(0.000_001), "0.000001", "0.000001"),
            (json!(0.000_000_1), "1e-7", "1e-7"),
            (json!(1.25e-9), "1.25e-9", "1.25e-9"),
            (json!(5e-324), "5e-324", "5e-324"),
        ];
        for (number, whole, float) in table {
            assert_eq!(
                written(&number, Numbers::Whole),
                whole,
                "{number} in a template"
            );
            // Whole numbers near the end of i64 have no float of their own.
            if number != json!(i64::MAX) {
                assert_eq!(
                    written(&number, Numbers::Float),
                    float,
                    "{number} in an override"
                );
            }
        }
        assert_eq!(
            written(&json!(i64::MAX), Numbers::Float),
            "9223372036854775807".replace("5807", "6000")
        );
    }

    #[test]
    fn strings_are_escaped_for_html() {
        let text = "<&>\u{2028}\u{2029}\u{8}\u{c}\u{1f}\u{7f}\n\r\t\"\\/é😀";
        assert_eq!(
            written(&json!(text), Numbers::Whole),
            "\"\\u003c\\u0026\\u003e\\u2028\\u2029\\u0008\\u000c\\u001f\u{7f}\\n\\r\\t\\\"\\\\/é😀\""
        );
    }

    #[test]
    fn keys_are_sorted_by_their_bytes_and_escaped() {
        let value = json!({"b": [1, {}], "a": null, "B": true, "é": [], "<": {"x": "y"}});
        assert_eq!(
            written(&value, Numbers::Whole),
            r#"{"\u003c":{"x":"y"},"B":true,"a":null,"b":[1,{}],"é":[]}"#
        );
    }
}
