//! The whole answer as JSON.

use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};

use super::text::is_deceptive;
use crate::answer::Answer;

/// Prints the answer to standard output.
pub fn print(answer: &Answer) -> io::Result<()> {
    write(answer, BufWriter::new(io::stdout().lock()))
}

fn write(answer: &impl serde::Serialize, out: impl Write) -> io::Result<()> {
    let mut out = Escaping(out);
    serde_json::to_writer_pretty(&mut out, answer)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Escapes what a terminal would obey and JSON allows: such characters stand in strings only, so
/// the value stays the same.
struct Escaping<W>(W);

impl<W: Write> Write for Escaping<W> {
    /// Takes all of `bytes`. The serializer hands over whole characters.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match std::str::from_utf8(bytes) {
            Ok(text) if text.contains(must_escape) => self.0.write_all(escaped(text).as_bytes())?,
            _ => self.0.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Line breaks are the printer's own; in strings they are escaped already.
const fn must_escape(character: char) -> bool {
    character != '\n' && is_deceptive(character)
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if must_escape(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn nothing_that_a_terminal_obeys_is_printed_and_nothing_is_lost() {
        let value =
            json!({"a\u{202e}": "\u{1b}[31m\u{9b}1m\u{7f}", "é": ["日本", "\u{e0041}", "\n"]});
        let mut out = Vec::new();
        super::write(&value, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains(must_escape), "{text}");
        assert!(text.contains("日本"), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
