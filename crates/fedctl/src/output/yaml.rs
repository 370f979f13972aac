//! YAML that every reader understands alike: what YAML 1.1 or 1.2 would take for something else
//! than text is quoted.

use std::fmt::Write as _;
use std::io::{self, BufWriter, Write as _};

use serde_json::Value;

use super::text::is_deceptive;
use crate::answer::Answer;
use crate::read::reads_as_text;

/// Prints the whole answer to standard output, in the order of `-o json`. One item is made at a
/// time, as an answer can be large.
pub fn print(answer: &Answer) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    let (api_version, kind) = (string(answer.api_version), string(answer.kind));
    let now = string(&answer.now);
    write!(out, "apiVersion: {api_version}\nkind: {kind}\nnow: {now}\n")?;
    list(&mut out, "clusters", &answer.clusters)?;
    list(&mut out, "objects", &answer.objects)?;
    if let Some(changes) = &answer.changes {
        list(&mut out, "changes", changes)?;
    }
    list(&mut out, "problems", &answer.problems)?;
    out.flush()
}

fn list(out: &mut impl io::Write, key: &str, items: &[impl serde::Serialize]) -> io::Result<()> {
    if items.is_empty() {
        return writeln!(out, "{key}: []");
    }
    writeln!(out, "{key}:")?;
    for item in items {
        let item = Value::Array(vec![serde_json::to_value(item)?]);
        out.write_all(render(&item).as_bytes())?;
    }
    Ok(())
}

/// One value as a YAML document.
pub fn render(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Object(fields) if !fields.is_empty() => entries(&mut text, value, 0),
        Value::Array(items) if !items.is_empty() => entries(&mut text, value, 0),
        scalar_or_empty => {
            text.push_str(&inline(scalar_or_empty, 0));
            text.push('\n');
        }
    }
    text
}

/// The entries of a mapping or list, a line each, at this depth.
fn entries(text: &mut String, value: &Value, depth: usize) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                text.push_str(&indent);
                entry(text, key, value, depth);
            }
        }
        Value::Array(items) => {
            for item in items {
                text.push_str(&indent);
                text.push('-');
                item_of_list(text, item, depth);
            }
        }
        _ => {}
    }
}

fn entry(text: &mut String, key: &str, value: &Value, depth: usize) {
    text.push_str(&string(key));
    text.push(':');
    nested(text, value, depth);
}

/// The value of a key.
fn nested(text: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            text.push('\n');
            entries(text, value, depth + 1);
        }
        // The items of a list stand under their key, as Kubernetes' own tools write them.
        Value::Array(items) if !items.is_empty() => {
            text.push('\n');
            entries(text, value, depth);
        }
        other => {
            text.push(' ');
            text.push_str(&inline(other, depth + 1));
            text.push('\n');
        }
    }
}

/// What stands behind a dash: the first entry of a mapping on the same line.
fn item_of_list(text: &mut String, item: &Value, depth: usize) {
    match item {
        Value::Object(fields) if !fields.is_empty() => {
            let indent = "  ".repeat(depth + 1);
            for (rank, (key, value)) in fields.iter().enumerate() {
                text.push_str(if rank == 0 { " " } else { &indent });
                entry(text, key, value, depth + 1);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            text.push('\n');
            entries(text, item, depth + 1);
        }
        other => {
            text.push(' ');
            text.push_str(&inline(other, depth + 1));
            text.push('\n');
        }
    }
}

fn inline(value: &Value, depth: usize) -> String {
    match value {
        Value::String(text) => block(text, depth).unwrap_or_else(|| string(text)),
        Value::Array(_) => "[]".to_owned(),
        Value::Object(_) => "{}".to_owned(),
        scalar => scalar.to_string(),
    }
}

/// Text of several lines as a block, where it can be one.
pub(crate) fn block(text: &str, depth: usize) -> Option<String> {
    let body = text.trim_end_matches('\n');
    let plain = |c: char| c == '\n' || c == '\t' || !needs_escape(c);
    let is_block = body.contains('\n')
        && !body.starts_with([' ', '\n', '\t'])
        && text.chars().all(plain)
        && !body.lines().any(|line| line.ends_with([' ', '\t']));
    if !is_block {
        return None;
    }
    let header = match text.len() - body.len() {
        0 => "|-",
        1 => "|",
        _ => "|+",
    };
    let indent = "  ".repeat(depth);
    let mut block = header.to_owned();
    for line in body.split('\n') {
        block.push('\n');
        if !line.is_empty() {
            block.push_str(&indent);
            block.push_str(line);
        }
    }
    // The caller ends the last line; further ends are part of the text.
    for _ in 1..text.len() - body.len() {
        block.push('\n');
    }
    Some(block)
}

/// Text on one line: as it stands, if every reader takes that for this very text.
pub(crate) fn string(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

fn is_plain(text: &str) -> bool {
    let safe = |c: char| c.is_ascii_alphanumeric() || "-_./:@+,%()$=;^ ".contains(c);
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphanumeric() || "/.$(_^".contains(c));
    starts_well
        && text.chars().all(safe)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.starts_with("...")
        && reads_as_text(text)
        && !may_be_time(text)
}

/// Some readers take dates, and numbers to the base of 60, for more than text.
fn may_be_time(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || ":-+. TtZz_".contains(c))
        && (text.contains(':') || text.get(4..5) == Some("-"))
}

fn needs_escape(character: char) -> bool {
    is_deceptive(character) || matches!(character, '\u{fffe}' | '\u{ffff}')
}

pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            other if needs_escape(other) => {
                // Writing to a string cannot fail.
                let _ = match u32::from(other) {
                    code @ 0x1_0000.. => write!(quoted, "\\U{code:08x}"),
                    code => write!(quoted, "\\u{code:04x}"),
                };
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read_text;
    use proptest::prelude::*;
    use serde_json::json;

    fn read_back(value: &Value) -> Value {
        let text = render(value);
        let input = read_text("test", text.clone());
        assert!(input.findings.is_empty(), "{:?}\n{text}", input.findings);
        input.documents[0].value().clone()
    }

    #[test]
    fn manifests_look_as_people_write_them() {
        let value = json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "a", "labels": {}},
            "data": {"on": "yes", "script": "set -e\nrun\n", "mode": "0644", "image": "nginx:1.27",
                     "day": "2026-01-01", "time": "2026-01-01T00:00:00Z", "ratio": "16:9", "version": "1.2.3"},
            "list": [{"a": 1, "b": [1, 2]}, [], ["x"], "y"],
        });
        insta::assert_snapshot!(render(&value));
        assert_eq!(read_back(&value), value);
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let text = prop_oneof![
            "[ -~]{0,12}",
            "[a-z\\n \\t-]{0,12}",
            any::<String>(),
            proptest::sample::select(vec!["y", "no", "~", "0x1F", "1_0", "1e3", "<<", "", ".inf"])
                .prop_map(str::to_owned),
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-1.0e9f64..1.0e9).prop_map(Value::from),
            text.clone().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map(text.clone(), inner, 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(inner in any_value()) {
            let value = json!({"value": inner});
            prop_assert_eq!(read_back(&value), value);
        }
    }
}
