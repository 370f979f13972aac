//! What does a server warn of? The texts of its `Warning` headers (RFC 7234, 5.5).

/// The texts of one header: `299 - "first", 299 - "second"`. What is no warning is passed over.
pub(super) fn texts(header: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut rest = header;
    while let Some((_, quoted)) = rest.split_once('"') {
        let (text, after) = unquote(quoted);
        texts.push(text);
        // A date may follow a text, in quotes of its own.
        rest = after.split_once(',').map_or("", |(_, next)| next);
    }
    texts
}

/// The text up to the closing quote, and what follows that.
fn unquote(quoted: &str) -> (String, &str) {
    let mut text = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (text, quoted.get(at + 1..).unwrap_or_default()),
            '\\' => text.extend(characters.next().map(|(_, escaped)| escaped)),
            plain => text.push(plain),
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::texts;

    #[test]
    fn the_texts_of_warnings() {
        let table: [(&str, &[&str]); 7] = [
            (
                r#"299 - "unknown field \"spec.a\"""#,
                &[r#"unknown field "spec.a""#],
            ),
            (r#"299 - "a, b", 299 - "c""#, &["a, b", "c"]),
            (r#"299 - "back\\slash""#, &[r"back\slash"]),
            (r#"299 - """#, &[""]),
            (r#"299 - "cut"#, &["cut"]),
            ("299 -", &[]),
            ("", &[]),
        ];
        for (header, expected) in table {
            assert_eq!(texts(header), expected, "{header}");
        }
    }
}
