//! How is a new value written, so that it looks like what stands around it?

use serde_json::Value;

use super::page::Page;
use super::syntax::{Node, NodeId, Shape};
use crate::output::yaml::{block, quoted, string};

/// How block style is written in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// How far the entries of a mapping stand behind their key.
    pub(super) step: usize,
    /// How far the dashes of a list stand behind its key.
    pub(super) list: usize,
    /// Can text be written as a block scalar? Not where its last line break would be lost.
    literals: bool,
}

impl Layout {
    /// The way of the lines around `id`; where they do not tell, of the document.
    pub(super) fn around(page: &Page, id: NodeId) -> Self {
        let tree = &page.tree;
        let distance = |node: &Node, mapping: bool| {
            let is_wanted = if mapping {
                node.is_mapping()
            } else {
                node.is_sequence()
            };
            let key = node.key.as_ref().filter(|_| is_wanted && node.is_block())?;
            let first = tree.get(*node.children.first()?).lead();
            page.column(first).checked_sub(page.column(key.start))
        };
        let nearest = |mapping| {
            let mut around = tree.ancestors(id).map(|id| tree.get(id));
            let inner = around.find_map(|node| distance(node, mapping));
            inner.or_else(|| tree.nodes().find_map(|node| distance(node, mapping)))
        };
        Self {
            step: nearest(true).filter(|step| *step > 0).unwrap_or(2),
            list: nearest(false).unwrap_or(0),
            literals: page.text.ends_with('\n'),
        }
    }

    /// One entry in block style, as lines from column 0.
    pub(super) fn entry(self, key: &str, value: &Value) -> Vec<String> {
        match value {
            Value::Object(fields) if !fields.is_empty() => {
                under(format!("{key}:"), &self.lines(value), self.step)
            }
            Value::Array(items) if !items.is_empty() => {
                under(format!("{key}:"), &self.lines(value), self.list)
            }
            _ => {
                let mut lines = self.inline(value).into_iter();
                let first = format!("{key}: {}", lines.next().unwrap_or_default());
                under(first, &lines.collect::<Vec<_>>(), self.step)
            }
        }
    }

    /// One item of a list, as lines from column 0; its text stands so far behind the dash.
    pub(super) fn item(self, value: &Value, behind: usize) -> Vec<String> {
        let lines = self.lines(value);
        let first = lines.first().map(String::as_str).unwrap_or_default();
        let gap = " ".repeat(behind.saturating_sub(1).max(1));
        under(
            format!("-{gap}{first}"),
            lines.get(1..).unwrap_or_default(),
            gap.len() + 1,
        )
    }

    /// A value in block style, as lines from column 0.
    pub(super) fn lines(self, value: &Value) -> Vec<String> {
        match value {
            Value::Object(fields) if !fields.is_empty() => fields
                .iter()
                .flat_map(|(key, value)| self.entry(&string(key), value))
                .collect(),
            Value::Array(items) if !items.is_empty() => {
                items.iter().flat_map(|item| self.item(item, 2)).collect()
            }
            _ => self.inline(value),
        }
    }

    /// What has one line, or is a block scalar.
    fn inline(self, value: &Value) -> Vec<String> {
        match value {
            Value::String(text) => {
                let block = block(text, 0).filter(|_| self.literals);
                let text = block.unwrap_or_else(|| string(text));
                text.split('\n').map(str::to_owned).collect()
            }
            Value::Array(_) => vec!["[]".to_owned()],
            Value::Object(_) => vec!["{}".to_owned()],
            scalar => vec![scalar.to_string()],
        }
    }
}

/// A line, and others below it that are indented more.
fn under(first: String, rest: &[String], indentation: usize) -> Vec<String> {
    let rest = rest.iter().map(|line| indented(line, indentation));
    std::iter::once(first).chain(rest).collect()
}

/// The line further to the right; an empty one stays empty.
pub(super) fn indented(line: &str, by: usize) -> String {
    match line {
        "" => String::new(),
        line => format!("{}{line}", " ".repeat(by)),
    }
}

/// How flow style is written at some place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flow {
    /// Are texts and keys quoted as in JSON?
    json: bool,
    /// What stands behind a colon and behind a comma.
    colon: &'static str,
    comma: &'static str,
    /// A line for each entry, indented by so much: only as JSON is pretty-printed.
    step: Option<usize>,
}

impl Flow {
    /// The way of the collection `id`, of those around it, and of the document.
    pub(super) fn around(page: &Page, id: NodeId) -> Self {
        let tree = &page.tree;
        let around = || {
            tree.ancestors(id)
                .take_while(|id| tree.get(*id).is_flow() || *id != tree.root())
        };
        let mut samples = around()
            .flat_map(|id| tree.children(id))
            .filter(|node| is_flow_entry(page, node));
        let json = page.is_json
            || samples
                .next()
                .is_some_and(|node| is_double_quoted(page, node));
        let everywhere = || {
            let near = around().flat_map(|id| tree.children(id));
            near.chain(tree.nodes())
                .filter(|node| is_flow_entry(page, node))
        };
        let gap = |text: &str| {
            if text.starts_with(char::is_whitespace) {
                " "
            } else {
                ""
            }
        };
        let mut colons = everywhere().filter_map(|node| {
            let colon = node.key.as_ref()?.colon?;
            (node.start > colon).then(|| gap(page.part(colon + 1..node.start)))
        });
        let mut commas = everywhere().filter_map(|node| {
            let end = node.end.max(node.head());
            let rest = page.part(end..page.text.len()).strip_prefix(',')?;
            Some(gap(rest))
        });
        let colon = colons.next().unwrap_or(" ");
        Self {
            json,
            colon: if json { colon } else { " " },
            comma: commas.next().unwrap_or(colon),
            step: json
                .then(|| around().find_map(|id| flow_step(page, id)))
                .flatten(),
        }
    }

    /// A value in flow style; lines below the first are indented by this much and more.
    pub(super) fn value(&self, value: &Value, indentation: usize, newline: &str) -> String {
        let (open, parts, close) = match value {
            Value::Object(fields) if !fields.is_empty() => {
                let inner = self.step.map_or(indentation, |step| indentation + step);
                let entry = |(key, value): (&String, &Value)| {
                    format!("{}{}", self.key(key), self.value(value, inner, newline))
                };
                ('{', fields.iter().map(entry).collect::<Vec<_>>(), '}')
            }
            Value::Array(items) if !items.is_empty() => {
                let inner = self.step.map_or(indentation, |step| indentation + step);
                let item = |item| self.value(item, inner, newline);
                ('[', items.iter().map(item).collect(), ']')
            }
            Value::String(text) => return self.text(text),
            Value::Array(_) => return "[]".to_owned(),
            Value::Object(_) => return "{}".to_owned(),
            scalar => return scalar.to_string(),
        };
        match self.step {
            None => format!("{open}{}{close}", parts.join(&format!(",{}", self.comma))),
            Some(step) => {
                let inner = format!("{newline}{}", " ".repeat(indentation + step));
                let end = format!("{newline}{}", " ".repeat(indentation));
                format!(
                    "{open}{inner}{}{end}{close}",
                    parts.join(&format!(",{inner}"))
                )
            }
        }
    }

    /// A key with its colon.
    pub(super) fn key(&self, key: &str) -> String {
        format!("{}:{}", self.text(key), self.colon)
    }

    pub(super) fn text(&self, text: &str) -> String {
        let written = if self.json { json(text) } else { string(text) };
        let is_plain = !written.starts_with('"');
        if is_plain && written.contains([',', '[', ']', '{', '}']) {
            return json(text);
        }
        written
    }

    /// Does each entry have a line of its own?
    pub(super) fn is_pretty(&self) -> bool {
        self.step.is_some()
    }

    /// What stands behind a comma on the same line.
    pub(super) fn after_comma(&self) -> &'static str {
        self.comma
    }
}

fn json(text: &str) -> String {
    // The parser takes some characters only escaped, that JSON would let stand.
    quoted(text)
}

fn is_flow_entry(page: &Page, node: &Node) -> bool {
    node.parent
        .is_some_and(|parent| page.node(parent).is_flow())
}

/// Its key is; or, in a list, the item itself.
fn is_double_quoted(page: &Page, node: &Node) -> bool {
    let sample = node.key.as_ref().map_or(node.start, |key| key.range.start);
    page.part(sample..page.text.len()).starts_with('"')
}

/// How far the entries of a flow collection are indented, if each has a line of its own.
pub(super) fn flow_step(page: &Page, id: NodeId) -> Option<usize> {
    let node = page.node(id);
    let first = page.node(*node.children.first()?).lead();
    let is_below =
        node.is_flow() && page.is_first_on_line(first) && page.line_start(first) > node.start;
    is_below.then(|| page.column(first).checked_sub(page.indentation(node.start)))?
}

/// A scalar that takes the place of `old`, with the quotes that are there.
pub(super) fn requoted(page: &Page, old: &Node, value: &Value) -> Option<String> {
    let Value::String(text) = value else {
        return None;
    };
    let is_printable = !text.chars().any(char::is_control);
    match old.shape {
        Shape::Scalar(granit_parser::ScalarStyle::DoubleQuoted) => Some(quoted(text)),
        Shape::Scalar(granit_parser::ScalarStyle::SingleQuoted) if is_printable => {
            Some(format!("'{}'", text.replace('\'', "''")))
        }
        _ => None,
    }
    .filter(|_| page.part(old.start..old.end).starts_with(['"', '\'']))
}
