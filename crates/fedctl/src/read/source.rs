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
}

impl SourceFile {
    /// An input of this name and text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            lines: OnceLock::new(),
        }
    }

    /// Line and column of a byte, both from 1; the column counts characters. A byte beyond the
    /// end counts as the end.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let line = self.lines().partition_point(|start| *start <= offset);
        let start = self.line_start(line);
        let before = self.text.get(start..).unwrap_or_default();
        let column = before
            .char_indices()
            .take_while(|(at, _)| start + at < offset)
            .filter(|(_, character)| *character != '\u{feff}')
            .count();
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
    }
}
