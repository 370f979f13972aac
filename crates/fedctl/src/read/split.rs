//! Where does one document end and the next begin? Text cut into documents before any of it is
//! parsed, so that a fault in one never hides another.

use std::ops::Range;

use serde::de::IgnoredAny;

/// A line break, then the separator: the only place where a document can begin.
const SEPARATOR: &str = "---";

/// How many lines are tried when looking for the next object after a broken one. Each try may
/// read all the rest.
const RECOVERY_TRIES: usize = 16;

/// One part of the text that is parsed by itself. It may turn out to hold no document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    /// Which bytes of the text.
    pub(super) range: Range<usize>,
    /// Is it one object in strict JSON?
    pub(super) json: bool,
}

/// Cuts at lines that start with `---` and have white space, a comment or nothing behind it; and
/// between JSON objects that follow each other without any separator.
pub(super) fn split(text: &str) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut start = 0;
    for separator in separators(text) {
        if is_directives(text.get(start..separator.at).unwrap_or_default()) {
            continue; // They belong to the document whose `---` this is.
        }
        split_objects(text, start..separator.at, &mut chunks);
        start = separator.content;
    }
    split_objects(text, start..text.len(), &mut chunks);
    chunks
}

struct Separator {
    /// Where its line starts.
    at: usize,
    /// Where the document behind it starts.
    content: usize,
}

fn separators(text: &str) -> impl Iterator<Item = Separator> {
    let line_starts = text
        .match_indices("\n---")
        .map(|(newline, _)| newline + 1)
        .filter(|at| *at != 0);
    let first = text.len() - text.trim_start_matches('\u{feff}').len();
    std::iter::once(first)
        .chain(line_starts)
        .filter_map(|at| separator(text, at))
}

fn separator(text: &str, at: usize) -> Option<Separator> {
    let after = text.get(at..)?.strip_prefix(SEPARATOR)?;
    let line = after.split_inclusive('\n').next().unwrap_or_default();
    let is_separator = line.is_empty() || line.starts_with([' ', '\t', '\r', '\n', '#']);
    let rest = line.trim_start();
    // What stands behind the mark is the document's; a tag there needs the mark to be valid.
    let content = if rest.is_empty() || rest.starts_with('#') {
        at + SEPARATOR.len() + line.len()
    } else {
        at
    };
    is_separator.then_some(Separator { at, content })
}

/// Is there at least one `%` directive, and else nothing but comments and blank lines?
fn is_directives(text: &str) -> bool {
    let lines = || {
        text.trim_start_matches('\u{feff}')
            .lines()
            .filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
    };
    lines().next().is_some() && lines().all(|line| line.starts_with('%'))
}

/// Cuts a stream of JSON objects; anything else stays in one piece.
fn split_objects(text: &str, range: Range<usize>, chunks: &mut Vec<Chunk>) {
    let mut at = range.start;
    while let Some(rest) = text.get(at..range.end) {
        let rest = without_blank(rest);
        at = range.end - rest.len();
        if rest.is_empty() || !rest.starts_with('{') && is_directives(rest) {
            return;
        }
        let object = object_length(rest);
        let length = object
            .filter(|length| is_end_or_object(rest, *length))
            .or_else(|| next_object(rest))
            .unwrap_or(rest.len());
        chunks.push(Chunk {
            range: at..at + length,
            json: object == Some(length),
        });
        at += length;
    }
}

/// The text from its first line that is not blank. Indentation is kept where it has a meaning.
fn without_blank(text: &str) -> &str {
    let content = text.trim_start_matches(is_blank);
    if content.is_empty() || content.starts_with('{') {
        return content;
    }
    let blank = text.len() - content.len();
    let indentation = text.get(..blank).map_or(0, |blank| {
        blank.bytes().rev().take_while(|byte| *byte == b' ').count()
    });
    text.get(blank - indentation..).unwrap_or(content)
}

fn is_blank(character: char) -> bool {
    character.is_ascii_whitespace() || character == '\u{feff}'
}

/// The length of the JSON object at the start of `text`. Needs no recursion.
fn object_length(text: &str) -> Option<usize> {
    if !text.starts_with('{') {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    Some(values.byte_offset())
}

fn is_end_or_object(text: &str, length: usize) -> bool {
    let rest = text.get(length..).unwrap_or_default();
    let rest = rest.trim_start_matches(is_blank);
    rest.is_empty() || rest.starts_with('{')
}

/// Where, after a broken object, a line starts the next whole one.
fn next_object(text: &str) -> Option<usize> {
    if !text.starts_with('{') {
        return None;
    }
    text.match_indices("\n{")
        .map(|(newline, _)| newline + 1)
        .take(RECOVERY_TRIES)
        .find(|at| {
            let rest = text.get(*at..).unwrap_or_default();
            object_length(rest).is_some_and(|length| is_end_or_object(rest, length))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<&str> {
        split(text)
            .iter()
            .map(|chunk| text[chunk.range.clone()].trim_end())
            .collect()
    }

    #[test]
    fn documents_are_cut_where_kubectl_cuts_them() {
        for (text, expected) in [
            ("", &[][..]),
            ("---\n---\n \n", &[]),
            ("a: 1\n---\nb: 2\n", &["a: 1", "b: 2"]),
            ("a: 1\r\n---\r\nb: 2\r\n", &["a: 1", "b: 2"]),
            ("---\na: 1\n--- # next\nb: 2", &["a: 1", "b: 2"]),
            ("a: 1\n---\t\nb: 2", &["a: 1", "b: 2"]),
            ("a: 1\n---#next\nb: 2", &["a: 1", "b: 2"]),
            ("a: 1\n--- {b: 2}\n", &["a: 1", "--- {b: 2}"]),
            ("a: |\n  ---\n  b\n", &["a: |\n  ---\n  b"]),
            ("k: x\n-----BEGIN\n", &["k: x\n-----BEGIN"]),
            ("%YAML 1.1\n---\na: 1\n", &["%YAML 1.1\n---\na: 1"]),
            ("a: 1\n---\n%YAML 1.1\n", &["a: 1"]),
            ("\u{feff}---\na: 1\n---\n\u{feff}b: 2", &["a: 1", "b: 2"]),
            ("{\"a\":1}{\"b\":2}", &["{\"a\":1}", "{\"b\":2}"]),
            ("{\"a\":1}\n\t{\"b\":2}\n", &["{\"a\":1}", "{\"b\":2}"]),
            ("{\"a\":1}\n---\nb: 2\n", &["{\"a\":1}", "b: 2"]),
            ("{\"a\":1}\n# end\n", &["{\"a\":1}\n# end"]),
            ("{a: 1}\n", &["{a: 1}"]),
            ("\n  a: 1\n  b: 2\n", &["  a: 1\n  b: 2"]),
            ("{a: [\n{b: 1}\n]}\n", &["{a: [\n{b: 1}\n]}"]),
            ("{\"a\":]}\n{\"b\":2}\n", &["{\"a\":]}", "{\"b\":2}"]),
        ] {
            assert_eq!(pieces(text), expected, "{text:?}");
        }
    }

    #[test]
    fn looking_for_the_next_object_is_bounded() {
        let hostile = "{\"a\":\n".repeat(200_000);
        assert_eq!(split(&hostile).len(), 1);
    }
}
