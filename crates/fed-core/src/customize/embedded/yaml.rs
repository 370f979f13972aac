//! How is YAML in a text read and written again? The one door to the crate that does it.
//!
//! It is read as YAML 1.2: one document, without duplicate keys, and within bounds of depth and
//! size. Texts that another version of YAML would read as something else are written in quotes.

use serde_json::Value;

/// Reads a document. What is wrong is told without a word of its content.
#[cfg(feature = "yaml")]
pub(super) fn read(text: &str) -> Result<Value, String> {
    serde_saphyr::from_str(text).map_err(|error| match error.location() {
        Some(place) => format!(
            "it is not one document of YAML that JSON could hold, at line {}, column {}",
            place.line(),
            place.column()
        ),
        None => "it is not one document of YAML that JSON could hold".to_owned(),
    })
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
        for text in ["a: 1\na: 2", "a: 1\n---\nb: 2", "a: [", "@", &deep, &bomb] {
            let why = read(text).unwrap_err();
            assert!(why.contains("not one document of YAML"), "{why}");
        }
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
