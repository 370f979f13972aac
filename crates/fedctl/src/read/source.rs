//! Which line and column is this byte? The text of one input, and positions in it.

use std::sync::OnceLock;

/// One input: a file, or standard input.
pub struct SourceFile {
    /// What people call it: the path as it was given, joined with what was found below it, or `-`
    /// for standard input.
    pub name: String,
    /// Its text, byte for byte.
    pub text: String,
    lines: OnceLock<Vec<usize>>,
    characters: OnceLock<Vec<usize>>,
}

/// Characters are counted ahead for blocks of this many bytes.
const BLOCK: usize = 1024;

fn count_characters(bytes: &[u8]) -> usize {
    let is_first = |byte: &&u8| (**byte & 0b1100_0000) != 0b1000_0000;
    bytes.iter().filter(is_first).count()
}

impl SourceFile {
    /// An input of this name and text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            lines: OnceLock::new(),
            characters: OnceLock::new(),
        }
    }

    /// Line and column of a byte, both from 1; the column counts characters. A byte beyond the
    /// end counts as the end.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let line = self.lines().partition_point(|start| *start <= offset);
        let start = self.line_start(line);
        let is_marked = self
            .text
            .get(start..)
            .is_some_and(|line| line.starts_with('\u{feff}'));
        let column = self.characters_before(offset) - self.characters_before(start);
        let column = column.saturating_sub(usize::from(is_marked));
        (line, column + 1)
    }

    /// The text of a line, from 1, without its line break.
    pub fn line(&self, line: usize) -> &str {
        let Some(start) = self.lines().get(line.saturating_sub(1)).copied() else {
            return "";
        };
        let end = self.lines().get(line).copied();
        let text = self.text.get(start..end.unwrap_or(self.text.len()));
        text.unwrap_or_default().trim_end_matches(['\n', '\r'])
    }

    /// The first byte of a line, from 1.
    pub fn line_start(&self, line: usize) -> usize {
        let index = line.saturating_sub(1);
        self.lines().get(index).copied().unwrap_or_default()
    }

    /// How many characters come before a byte. Looks at few bytes only, as one line can hold a
    /// whole file and thousands of problems.
    fn characters_before(&self, offset: usize) -> usize {
        let bytes = self.text.as_bytes();
        let offset = offset.min(bytes.len());
        let counts = self.characters.get_or_init(|| {
            let blocks = bytes.chunks(BLOCK).map(count_characters);
            blocks
                .scan(0, |sum, count| Some(std::mem::replace(sum, *sum + count)))
                .collect()
        });
        let block = offset / BLOCK;
        let rest = bytes.get(block * BLOCK..offset).unwrap_or_default();
        match counts.get(block) {
            Some(count) => count + count_characters(rest),
            None => self.text.chars().count(),
        }
    }

    /// Where each line starts. Filled on first use: a plan without problems needs no positions.
    fn lines(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let bytes = self.text.as_bytes();
            let breaks = bytes.iter().enumerate().filter(|(at, byte)| match byte {
                b'\n' => true,
                b'\r' => bytes.get(at + 1) != Some(&b'\n'),
                _ => false,
            });
            std::iter::once(0)
                .chain(breaks.map(|(at, _)| at + 1))
                .collect()
        })
    }
}

impl std::fmt::Debug for SourceFile {
    /// The name alone: the text may hold secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SourceFile")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_know_every_line_break() {
        let file = SourceFile::new("-", "\u{feff}aé: x\r\nb\rc\n");
        let at = |text: &str| file.position(file.text.find(text).unwrap());
        assert_eq!(at("a"), (1, 1));
        assert_eq!(at("x"), (1, 5));
        assert_eq!(at("b"), (2, 1));
        assert_eq!(at("c"), (3, 1));
        assert_eq!(file.position(1000), (4, 1));
        assert_eq!(file.line(1), "\u{feff}aé: x");
        assert_eq!(file.line(3), "c");
        assert_eq!(file.line(9), "");
        let long = SourceFile::new("-", "é".repeat(3 * BLOCK));
        assert_eq!(long.position(4 * BLOCK), (1, 2 * BLOCK + 1));
        assert_eq!(long.position(6 * BLOCK), (1, 3 * BLOCK + 1));
    }
}
