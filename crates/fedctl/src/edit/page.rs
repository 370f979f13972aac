//! What stands on this line? The text of one document with its tree: lines, columns, and which
//! comments belong to which entry.

use std::ops::Range;

use super::syntax::{Node, NodeId, Tree};

/// A document's text beside its tree.
pub(super) struct Page {
    pub(super) text: String,
    pub(super) tree: Tree,
    /// How lines end here.
    pub(super) newline: &'static str,
    /// Is the whole of it JSON?
    pub(super) is_json: bool,
}

/// A part of the text, and what takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Splice {
    pub(super) range: Range<usize>,
    pub(super) with: String,
}

impl Splice {
    pub(super) fn new(range: Range<usize>, with: impl Into<String>) -> Self {
        Self {
            range,
            with: with.into(),
        }
    }

    pub(super) fn insert(at: usize, with: impl Into<String>) -> Self {
        Self::new(at..at, with)
    }

    pub(super) fn delete(range: Range<usize>) -> Self {
        Self::new(range, "")
    }
}

impl Page {
    /// `None` if the text cannot be parsed.
    pub(super) fn of(text: String, newline: &'static str) -> Option<Self> {
        let is_json =
            text.starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
        Some(Self {
            tree: Tree::of(&text)?,
            newline,
            is_json,
            text,
        })
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        self.tree.get(id)
    }

    pub(super) fn part(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    /// The first byte of the line, behind a byte order mark.
    pub(super) fn line_start(&self, at: usize) -> usize {
        let before = self.part(0..at);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let mark = before.get(start..).unwrap_or_default();
        start + (mark.len() - mark.trim_start_matches('\u{feff}').len())
    }

    /// The end of the line, before its line break.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let rest = self.part(at..self.text.len());
        let line = rest.split('\n').next().unwrap_or_default();
        let has_break = line.len() < rest.len();
        let length = line.strip_suffix('\r').filter(|_| has_break);
        at + length.unwrap_or(line).len()
    }

    /// The first byte of the next line.
    pub(super) fn next_line(&self, at: usize) -> Option<usize> {
        let rest = self.part(at..self.text.len());
        rest.find('\n').map(|newline| at + newline + 1)
    }

    /// How many characters stand before it on its line.
    pub(super) fn column(&self, at: usize) -> usize {
        self.part(self.line_start(at)..at).chars().count()
    }

    /// How far the line of this byte is indented.
    pub(super) fn indentation(&self, at: usize) -> usize {
        let start = self.line_start(at);
        let line = self.part(start..self.line_end(start));
        line.len() - line.trim_start_matches(' ').len()
    }

    /// Does nothing but indentation stand before it on its line?
    pub(super) fn is_first_on_line(&self, at: usize) -> bool {
        self.part(self.line_start(at)..at)
            .bytes()
            .all(|byte| byte == b' ')
    }

    /// The comment that is all that its line holds.
    fn comment_line(&self, line_start: usize) -> Option<&Range<usize>> {
        let at = line_start + self.indentation(line_start);
        self.tree.comment_at(at)
    }

    /// Where an entry starts with the comments directly above it, which stand in its column. What
    /// stands above the first entry of all is about the whole document.
    pub(super) fn start_with_comments(&self, node: &Node) -> usize {
        let mut start = node.lead();
        let is_first = node.parent == Some(self.tree.root())
            && self.tree.children(self.tree.root()).next().map(Node::lead) == Some(start);
        if is_first || !self.is_first_on_line(start) {
            return start;
        }
        let column = self.column(start);
        while let Some(end_of_previous) = self.line_start(start).checked_sub(1) {
            let line = self.line_start(end_of_previous);
            match self.comment_line(line) {
                Some(comment) if self.column(comment.start) == column => start = comment.start,
                _ => break,
            }
        }
        start
    }

    /// The comments that [`Page::start_with_comments`] takes along.
    pub(super) fn comments_above(&self, node: &Node) -> Vec<String> {
        let range = self.start_with_comments(node)..node.lead();
        self.part(range)
            .lines()
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect()
    }

    /// The end of a value without the last line break of a block scalar.
    pub(super) fn text_end(&self, node: &Node) -> usize {
        let end = node.end.max(node.head());
        let text = self.part(0..end);
        let without = text
            .strip_suffix('\n')
            .map(|text| text.strip_suffix('\r').unwrap_or(text));
        without.unwrap_or(text).len()
    }

    /// The end of the last line of an entry: with the comment on it, and with comment lines below
    /// that are indented more than the entry itself. Items that are commented out belong to their
    /// list, also where the dashes stand in the column of the key.
    pub(super) fn end_with_comments(&self, node: &Node) -> usize {
        let column = self.column(node.lead());
        let dashes = node
            .children
            .first()
            .map(|first| self.column(self.node(*first).lead()));
        let is_flat = node.is_sequence() && node.is_block() && dashes == Some(column);
        let mut is_item = false;
        let mut end = self.line_end(self.text_end(node));
        let mut line = self.next_line(end);
        while let Some(start) = line {
            let comment = self.comment_line(start);
            let text = comment.map(|comment| self.part(comment.clone()));
            is_item = match text.map(|text| text.trim_start_matches(['#', ' '])) {
                Some(text) => is_flat && (is_item || text.starts_with('-')),
                None => false,
            };
            let is_blank = self.part(start..self.line_end(start)).trim().is_empty();
            let is_below = |at| at > column || is_item && at == column;
            match comment {
                Some(comment) if is_below(self.column(comment.start)) => end = comment.end,
                None if is_blank => {}
                _ => break,
            }
            line = self.next_line(start);
        }
        // A comment's range may hold the `\r` before a line break.
        self.part(0..end).trim_end_matches('\r').len()
    }

    /// Does nothing but a comment follow on the line?
    pub(super) fn is_last_on_line(&self, at: usize) -> bool {
        let rest = self.part(at..self.line_end(at));
        let blank = rest.len() - rest.trim_start().len();
        blank == rest.len() || self.tree.comment_at(at + blank).is_some()
    }

    /// The text with all of these splices, which may touch but not overlap; `None` if they do.
    pub(super) fn spliced(&self, mut splices: Vec<Splice>) -> Option<String> {
        splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
        let mut text = String::with_capacity(self.text.len());
        let mut at = 0;
        for splice in splices {
            text.push_str(self.text.get(at..splice.range.start)?);
            text.push_str(&splice.with);
            at = splice.range.end;
        }
        text.push_str(self.text.get(at..)?);
        Some(text)
    }

    /// Lines as they stand in the text, the first where the text already is.
    pub(super) fn joined(&self, lines: &[String]) -> String {
        lines.join(self.newline)
    }
}

/// Lines moved to the right or, as far as there is room, to the left. Empty lines stay empty.
pub(super) fn shifted(line: &str, from: usize, to: usize) -> String {
    let indentation = line.len() - line.trim_start_matches(' ').len();
    if line.is_empty() {
        String::new()
    } else if to >= from {
        format!("{}{line}", " ".repeat(to - from))
    } else {
        line.get(indentation.min(from - to)..)
            .unwrap_or_default()
            .to_owned()
    }
}
