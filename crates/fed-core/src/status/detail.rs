//! What did somebody else say? Text that is not ours is quoted briefly, and never logged.

use std::fmt;

/// Words of somebody else, such as those with which an API server refuses an object.
///
/// They may quote the object, so `Debug` does not show them, and a status quotes them only where
/// the object is no Secret.
///
/// ```
/// use fed_core::status::Detail;
///
/// let detail = Detail::new("data[token]: Invalid value: \"hunter2\"");
/// assert_eq!(format!("{detail:?}"), "Detail(..)");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Detail(String);

impl Detail {
    /// These words.
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }

    /// The words, on one line and as many as a status takes.
    pub(super) fn quoted(&self) -> String {
        let words: Vec<_> = self.0.split_whitespace().collect();
        shortened(words.join(" "), QUOTED)
    }
}

impl fmt::Debug for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Detail(..)")
    }
}

/// How many bytes of somebody else's words a status quotes.
const QUOTED: usize = 512;

/// The text, cut where it is longer than `bytes`.
pub(super) fn shortened(mut text: String, bytes: usize) -> String {
    if text.len() > bytes {
        text.truncate(text.floor_char_boundary(bytes));
        text.push_str("...");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_are_cut_between_characters() {
        assert_eq!(shortened("grün".to_owned(), 3), "gr...");
        assert_eq!(shortened("grün".to_owned(), 5), "grün");
        let detail = Detail::new(format!("a\n\t b{}", "x".repeat(600)));
        let quoted = detail.quoted();
        assert!(quoted.starts_with("a bx") && quoted.ends_with("x..."));
        assert_eq!(quoted.len(), QUOTED + 3);
    }
}
