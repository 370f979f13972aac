//! How is JSON in a text read and written again?

use serde_json::Value;

/// Reads a document. What is wrong is told without a word of its content.
pub(super) fn read(text: &str) -> Result<Value, String> {
    let document = serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        format!("it is no JSON, at line {line}, column {column}")
    })?;
    if has_imprecise_number(text) {
        return Err("it has a number of more than 64 bits, which would lose digits".to_owned());
    }
    Ok(document)
}

/// Writes a document in the looks of what it replaces: on one line or on many.
pub(super) fn write(document: &Value, before: &str) -> Result<String, String> {
    let written = if before.trim_end().contains('\n') {
        serde_json::to_string_pretty(document)
    } else {
        serde_json::to_string(document)
    };
    let mut written = written.map_err(|error| error.to_string())?;
    if before.ends_with('\n') {
        written.push('\n');
    }
    Ok(written)
}

/// Is there a whole number that neither `i64` nor `u64` holds? The text is valid JSON.
fn has_imprecise_number(text: &str) -> bool {
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_digit()) {
        let here = rest.get(start..).unwrap_or_default();
        let end = if here.starts_with('"') {
            end_of_string(here)
        } else {
            let is_number = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
            let end = here.find(|c| !is_number(c)).unwrap_or(here.len());
            let number = here.get(..end).unwrap_or_default();
            let is_whole = !number.contains(['.', 'e', 'E']);
            if is_whole && number.parse::<i64>().is_err() && number.parse::<u64>().is_err() {
                return true;
            }
            end
        };
        rest = here.get(end..).unwrap_or_default();
    }
    false
}

/// Where a string that starts here ends.
fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    for (index, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return index + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn looks_are_kept() {
        let document = json!({"a": [1]});
        let write = |before| write(&document, before).unwrap();
        assert_eq!(write("{}"), r#"{"a":[1]}"#);
        assert_eq!(write("{}\n"), "{\"a\":[1]}\n");
        assert_eq!(write("{\n}\n"), "{\n  \"a\": [\n    1\n  ]\n}\n");
    }

    #[test]
    fn numbers_that_would_change_are_refused() {
        for text in [
            r#"{"a": 123456789012345678901}"#,
            r#"["\"", -123456789012345678901]"#,
        ] {
            assert!(read(text).unwrap_err().contains("64 bits"), "{text}");
        }
        for text in [
            r#"{"a": "123456789012345678901", "b\\": 1.5e3}"#,
            "[18446744073709551615, -9223372036854775808]",
        ] {
            assert!(read(text).is_ok(), "{text}");
        }
    }
}
