//! How is YAML in a text read and written again? The one door to the crate that does it.
//!
//! It must be one document, without duplicate keys and within bounds of depth and size, that means
//! the same in YAML 1.1 and 1.2. Texts that one of them would read as something else are written in
//! quotes.

use serde_json::Value;

/// Reads a document. What is wrong is told without a word of its content.
///
/// Who reads the text later may read it as YAML 1.1 or 1.2, so it must mean the same in both.
#[cfg(feature = "yaml")]
pub(super) fn read(text: &str) -> Result<Value, String> {
    let document = read_as(text, false)?;
    if read_as(text, true).as_ref() != Ok(&document) {
        return Err(
            "versions of YAML read it differently: put values such as yes, on, 0644 and \
                    1_000 in quotes, or write true and 420"
                .to_owned(),
        );
    }
    if has_huge_number(&document) {
        return Err("it has a number of more than 64 bits, which would lose digits".to_owned());
    }
    Ok(document)
}

/// Reads a document by the rules of one version.
#[cfg(feature = "yaml")]
fn read_as(text: &str, is_new: bool) -> Result<Value, String> {
    let mut options = serde_saphyr::Options::default();
    options.with_snippet = false;
    options.strict_booleans = is_new;
    options.leading_zero_numbers_as_strings = is_new;
    options.underscored_numbers_as_strings = is_new;
    options.legacy_octal_numbers = !is_new;
    options.reject_unsupported_tags = true;
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let what = "it is not one document of YAML that JSON could hold";
        match error.location() {
            Some(place) => format!(
                "{what}, at line {}, column {}",
                place.line(),
                place.column()
            ),
            None => what.to_owned(),
        }
    })
}

/// Is there a number that was rounded, as no whole number of 64 bits is as large?
#[cfg(feature = "yaml")]
fn has_huge_number(value: &Value) -> bool {
    const BOUND: f64 = 9.0e18;
    match value {
        Value::Number(number) if number.is_f64() => {
            number.as_f64().is_some_and(|number| number.abs() >= BOUND)
        }
        Value::Array(items) => items.iter().any(has_huge_number),
        Value::Object(fields) => fields.values().any(has_huge_number),
        _ => false,
    }
}

/// Writes a document.
#[cfg(feature = "yaml")]
pub(super) fn write(document: &Value) -> Result<String, String> {
    let written = serde_saphyr::to_string(document)
        .map_err(|_| "YAML has no way to write what it would be".to_owned())?;
    // Only what is read back as the same may take the place of the text.
    if read(&written).as_ref() == Ok(document) {
        Ok(written)
    } else {
        Err("YAML has no way to write what it would be".to_owned())
    }
}

/// Nothing can be read.
#[cfg(not(feature = "yaml"))]
pub(super) fn read(_: &str) -> Result<Value, String> {
    Err("this build has no YAML".to_owned())
}

/// Nothing can be written.
#[cfg(not(feature = "yaml"))]
pub(super) fn write(_: &Value) -> Result<String, String> {
    Err("this build has no YAML".to_owned())
}

#[cfg(all(test, feature = "yaml"))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn what_is_not_plain_data_is_refused() {
        let deep = "[".repeat(100_000);
        let doubled = |i: u32| format!("a{i}: &a{i} [*a{0}, *a{0}]\n", i - 1);
        let mut bomb = "a0: &a0 x\n".to_owned();
        bomb.extend((1..30).map(doubled));
        for text in [
            "a: 1\na: 2",
            "a: 1\n---\nb: 2",
            "a: [",
            "@",
            "a: !b c",
            &deep,
            &bomb,
        ] {
            let why = read(text).unwrap_err();
            assert!(why.contains("not one document of YAML"), "{why}");
        }
    }

    #[test]
    fn what_means_two_things_or_cannot_be_held_is_refused() {
        for text in [
            "a: yes",
            "a: on",
            "a: Off",
            "a: 0644",
            "a: 012345678",
            "a: 1_000",
        ] {
            let why = read(text).unwrap_err();
            assert!(why.contains("versions of YAML"), "{text}: {why}");
        }
        for text in ["a: 12345678901234567890123", "- [-9223372036854775809]"] {
            let why = read(text).unwrap_err();
            assert!(why.contains("64 bits"), "{text}: {why}");
        }
        assert!(read("a: .inf").is_err());
        let sound =
            "{a: true, b: 'yes', c: \"0644\", d: 0, e: 18446744073709551615, f: -1.5, g: ~}";
        let expected = json!({
            "a": true, "b": "yes", "c": "0644", "d": 0, "e": u64::MAX, "f": -1.5, "g": null,
        });
        assert_eq!(read(sound).unwrap(), expected);
    }

    #[test]
    fn texts_stay_texts_for_every_reader() {
        let document = json!({"on": "yes", "n": "0644", "t": "1:20", "empty": "", "~": "null"});
        let written = write(&document).unwrap();
        for quoted in ["\"yes\"", "\"0644\"", "\"1:20\"", "\"null\""] {
            assert!(written.contains(quoted), "{written}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[a-c:\\-{}\\[\\],&*!|>'\"#% \n\t0-9]{0,40}") {
            if let Ok(document) = read(&text)
                && let Ok(written) = write(&document)
            {
                prop_assert_eq!(read(&written), Ok(document));
            }
        }
    }
}
