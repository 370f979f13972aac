//! How is text laid out for people? Widths, wrapping, and nothing that a terminal would obey.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use unicode_width::UnicodeWidthStr;

/// How much of one text is shown: longer than any honest name or sentence of a problem.
const LONGEST: usize = 800;

/// The text without characters that a terminal might obey or that deceive the eye, and no longer
/// than people would read.
pub fn harmless(text: &str) -> String {
    let mut harmless = String::with_capacity(text.len().min(LONGEST));
    for (at, character) in text.chars().enumerate() {
        if at == LONGEST {
            harmless.push('…');
            break;
        }
        if is_deceptive(character) {
            harmless.extend(character.escape_unicode());
        } else {
            harmless.push(character);
        }
    }
    harmless
}

/// What is shown instead of a text that may be a secret: its length and the start of its hash.
pub fn hidden(text: &str) -> String {
    let mut shown = format!("<{} bytes, sha256 ", text.len());
    for byte in Sha256::digest(text.as_bytes()).into_iter().take(4) {
        // Writing to a string cannot fail.
        let _ = write!(shown, "{byte:02x}");
    }
    shown.push_str("...>");
    shown
}

/// Control characters, and those that cannot be seen or that make text read otherwise than it
/// stands.
pub const fn is_deceptive(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
            | '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// How many columns the text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text in lines of at most `columns` columns where its words allow it.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let Some(line) = lines.last_mut() else { break };
        if line.is_empty() {
            line.push_str(word);
        } else if width(line) + 1 + width(word) <= columns {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// The text, with spaces behind it up to so many columns.
pub fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// `1 cluster`, `2 clusters`.
pub fn counted(count: usize, what: &str) -> String {
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{count} {what}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        assert_eq!(harmless("a\u{1b}[31mb\u{202e}"), "a\\u{1b}[31mb\\u{202e}");
        assert_eq!(harmless("é 日本 \u{9b}"), "é 日本 \\u{9b}");
        assert!(
            (0..=0x10_ffff)
                .filter_map(char::from_u32)
                .all(|character| !character.is_control() || is_deceptive(character))
        );
    }

    #[test]
    fn nothing_is_longer_than_people_would_read() {
        assert_eq!(harmless(&"x".repeat(LONGEST)).chars().count(), LONGEST);
        assert!(harmless(&"x".repeat(1 << 20)).ends_with("x…"));
    }

    #[test]
    fn words_are_wrapped_and_never_lost() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("unbreakable", 4), ["unbreakable"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(pad("日本", 5), "日本 ");
    }
}
