//! What changes in this file? A unified diff that shows no value of a Secret.

use similar::TextDiff;

use super::text::hidden as hidden_text;
use crate::read::{SourceFile, may_show_line, read_text};

/// How many lines that stay are shown around those that change.
const CONTEXT: usize = 3;

/// The unified diff of a file's text, empty if nothing changes. A line that may hold a value of a
/// Secret is told by its length and the start of its hash.
pub fn unified(name: &str, before: &str, after: &str) -> String {
    if before == after {
        return String::new();
    }
    let (before, after) = (masked(name, before), masked(name, after));
    let diff = TextDiff::from_lines(&before, &after);
    diff.unified_diff()
        .context_radius(CONTEXT)
        .header(name, name)
        .to_string()
}

fn masked(name: &str, text: &str) -> String {
    let file = SourceFile::new(name, text);
    let documents = read_text(name, text).documents;
    let mut masked = String::with_capacity(text.len());
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let content = line.trim_end_matches(['\n', '\r']);
        if content.trim().is_empty() || may_show_line(&file, &documents, number) {
            masked.push_str(line);
            continue;
        }
        let shown = content.len() - content.trim_start().len();
        let (indentation, hidden) = content.split_at_checked(shown).unwrap_or(("", content));
        let end = line.get(content.len()..).unwrap_or_default();
        masked.push_str(indentation);
        masked.push_str(&hidden_text(hidden));
        masked.push_str(end);
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_shows_lines_around_a_change_and_the_end_of_the_file() {
        insta::assert_snapshot!(unified("a.yaml", "a: 1\nb: 2\nc: 3", "a: 1\nb: 4\nc: 3"));
        assert_eq!(unified("a.yaml", "a: 1\n", "a: 1\n"), "");
    }

    #[test]
    fn values_of_secrets_are_not_shown() {
        let before = "\
kind: Secret
apiVersion: v1
metadata: {name: a}
stringData:
  password: hunter2
  more: |
    swordfish
---
kind: Secret
data: [
";
        let after = before
            .replace("hunter2", "correcthorse")
            .replace("apiVersion: v1", "apiVersion: v2");
        let diff = unified("a.yaml", before, &after);
        assert!(diff.contains("+apiVersion: v2"), "{diff}");
        for secret in ["hunter2", "correcthorse", "swordfish"] {
            assert!(!diff.contains(secret), "{diff}");
        }
        insta::assert_snapshot!(diff);
    }
}
