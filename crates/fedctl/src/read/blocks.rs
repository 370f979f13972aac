//! Where exactly does this scalar stand? The parser's ranges, moved to what a person would select
//! in an editor.

use std::ops::Range;

/// The range of a `|` or `>` scalar, from its header to the end of its last line. The parser's
/// begins at the content, and ends where the next token begins. Nothing before `floor` belongs
/// to it.
pub(crate) fn scalar_range(source: &str, content: Range<usize>, floor: usize) -> Range<usize> {
    let Some(header) = header(source, content.start.max(floor), floor) else {
        return content;
    };
    let indicators: String = source
        .get(header..)
        .unwrap_or_default()
        .chars()
        .take_while(|character| !character.is_whitespace())
        .collect();
    let text = source.get(header..content.end).unwrap_or_default();
    let end = if indicators.contains('+') {
        text.rfind(['\n', '\r']).map_or(text.len(), |at| at + 1)
    } else {
        let trimmed = text.trim_end().len();
        trimmed + line_break_length(text.get(trimmed..).unwrap_or_default())
    };
    header..header + end
}

/// The bytes up to and with the first line break.
fn line_break_length(text: &str) -> usize {
    match text.find(['\n', '\r']) {
        Some(at) if text.get(at..).is_some_and(|rest| rest.starts_with("\r\n")) => at + 2,
        Some(at) => at + 1,
        None => 0,
    }
}

/// The header is on the last line before the content that is neither blank nor a comment.
fn header(source: &str, content: usize, floor: usize) -> Option<usize> {
    let before = source.get(floor..content)?;
    let mut end = before.len();
    loop {
        let start = before
            .get(..end)?
            .rfind(['\n', '\r'])
            .map_or(0, |at| at + 1);
        let line = before.get(start..end)?;
        let text = line.trim_start();
        if !text.is_empty() && !text.starts_with('#') {
            return indicator(line).map(|at| floor + start + at);
        }
        end = start.checked_sub(1)?;
    }
}

/// The word of a line that begins with `|` or `>`, behind dashes, colons, tags and anchors.
fn indicator(line: &str) -> Option<usize> {
    let mut at = 0;
    for word in line.split_inclusive([' ', '\t']) {
        if word.starts_with(['|', '>']) {
            return Some(at);
        }
        at += word.len();
    }
    None
}

/// Where the value of an entry would stand whose value is missing: behind the colon. The parser
/// puts it before.
pub(super) fn after_colon(source: &str, at: usize, key_end: usize) -> usize {
    if at != key_end {
        return at;
    }
    let rest = source.get(at..).unwrap_or_default();
    let mut skipped = 0;
    for line in rest.split_inclusive('\n') {
        let text = line.trim_start();
        if text.starts_with(':') {
            return at + skipped + (line.len() - text.len()) + 1;
        }
        if !text.is_empty() && !text.starts_with('#') {
            return at;
        }
        skipped += line.len();
    }
    at
}

/// Where the first dash of a block sequence stands. The parser's range begins behind it if the
/// dashes are not indented. The sequence is the value of the key that ends at `key_end`.
pub(crate) fn first_dash(source: &str, start: usize, key_end: usize) -> usize {
    let after_key = source.get(key_end..start).unwrap_or_default();
    let mut at = key_end;
    for line in after_key.split_inclusive('\n') {
        let text = line.trim_start();
        let is_first_line = at == key_end;
        if !is_first_line && text.starts_with('-') {
            return at + line.len() - text.len();
        }
        at += line.len();
    }
    start
}

/// The first tab from this line on that stands in a line's indentation; else the place itself.
pub(super) fn indenting_tab(source: &str, at: usize) -> usize {
    let before = source.get(..at).unwrap_or_default();
    let mut line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    for line in source
        .get(line_start..)
        .unwrap_or_default()
        .split_inclusive('\n')
    {
        let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
        let tab = line.find('\t').filter(|tab| *tab < indentation);
        match tab {
            Some(tab) if !line.trim().is_empty() => return line_start + tab,
            _ => line_start += line.len(),
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_scalar_begins_at_its_header() {
        for (text, expected) in [
            ("a: |\n  x\nb: 1\n", "|\n  x\n"),
            ("a: >- # | no\n  x\n\n\nb: 1\n", ">- # | no\n  x\n"),
            ("a: |+\n  x\n\n\nb: 1\n", "|+\n  x\n\n\n"),
            ("a: &n !t |\r\n  x\r\nb: 1\n", "|\r\n  x\r\n"),
            ("a: |\n\n\n  x", "|\n\n\n  x"),
        ] {
            let content = text.find('x').unwrap();
            let end = text.find("b:").unwrap_or(text.len());
            assert_eq!(&text[scalar_range(text, content..end, 1)], expected);
        }
    }

    #[test]
    fn a_missing_value_stands_behind_the_colon() {
        for (text, expected) in [
            ("a:\n", 2),
            ("a :\n", 3),
            ("a\n# why\n: \n", 9),
            ("a, b: 1", 1),
            ("a\n", 1),
        ] {
            assert_eq!(after_colon(text, 1, 1), expected, "{text:?}");
        }
    }
}
