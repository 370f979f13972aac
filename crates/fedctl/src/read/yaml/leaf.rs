//! What does one scalar say? Its range, its meaning by style and tag, and the notes on it.

use std::borrow::Cow;
use std::ops::Range;

use fed_core::{Code, Severity};
use granit_parser::{ScalarStyle, Tag};

use super::super::blocks;
use super::super::fault::Fault;
use super::super::mapping::KeyRole;
use super::super::scalar::{Plain, kubernetes, versions_differ, yaml_1_2};
use super::super::spans::{Node, Origin};
use super::super::tags::{self, TagError};
use super::{Builder, Finished, Step, VALUE_WEIGHT};

/// A scalar as the parser gives it.
pub(super) struct Scalar<'s> {
    pub(super) text: &'s str,
    pub(super) style: ScalarStyle,
    pub(super) anchor: usize,
    pub(super) tag: Option<&'s Tag>,
}

impl Builder<'_> {
    /// Where a scalar is written, with its tag and, in block style, its header.
    pub(super) fn scalar_range(
        &self,
        range: Range<usize>,
        style: ScalarStyle,
        tag_start: Option<usize>,
    ) -> Range<usize> {
        let range = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                blocks::scalar_range(self.source, range, self.last_end)
            }
            ScalarStyle::Plain if range.is_empty() && self.awaits_value() => {
                let at = blocks::after_colon(self.source, range.start, self.last_end);
                at..at
            }
            _ => range,
        };
        let tag_start = tag_start.map(|start| self.chunk.range.start + start);
        tag_start.map_or(range.start, |start| start.min(range.start))..range.end
    }

    pub(super) fn scalar(&mut self, scalar: &Scalar<'_>, range: &Range<usize>) -> Step {
        let is_plain = scalar.style == ScalarStyle::Plain;
        // An empty value comes as a `~` that stands nowhere.
        let is_absent = is_plain && range.is_empty();
        let text = if is_absent { "" } else { scalar.text };
        let (plain, text) = self.resolve(scalar, text, range)?;
        let is_key = self.awaits_key();
        if is_plain && scalar.tag.is_none() {
            self.note_versions(&text, plain, range, is_key);
        }
        let key = plain.key(&text, plain.is_written_as_float(&text));
        let role = match scalar.tag {
            None if is_plain && text == "<<" => KeyRole::Merge,
            Some(tag) if tag.suffix_in_namespace(tags::YAML).as_deref() == Some("merge") => {
                KeyRole::Merge
            }
            _ => KeyRole::Name,
        };
        if is_key {
            if scalar.anchor != 0 {
                let value = plain.value(&text).unwrap_or_default();
                let key = key.clone().map(|key| (key, role));
                self.remember(scalar.anchor, &value, key, VALUE_WEIGHT + text.len(), 0)?;
            }
            return self.key(key, role, range.clone());
        }
        let Some(value) = plain.value(&text) else {
            return Err(self.fault(
                Code::InvalidValue,
                range.clone(),
                "JSON, and so Kubernetes, has no infinity and no not-a-number; quote the value \
                 if text is meant",
            ));
        };
        let weight = VALUE_WEIGHT + text.len();
        if scalar.anchor != 0 {
            let key = key.map(|key| (key, role));
            self.remember(scalar.anchor, &value, key, weight, 0)?;
        }
        self.finish(Finished {
            value,
            node: Node::new(range.clone(), Origin::Here),
            weight,
            height: 0,
        })
    }

    /// What a scalar means, by its style and tag.
    fn resolve<'s>(
        &mut self,
        scalar: &Scalar<'_>,
        text: &'s str,
        range: &Range<usize>,
    ) -> Step<(Plain, Cow<'s, str>)> {
        let Some(tag) = scalar.tag else {
            let plain = match scalar.style {
                ScalarStyle::Plain => kubernetes(text),
                _ => Plain::Text,
            };
            if self.chunk.json && plain == Plain::Text && scalar.style == ScalarStyle::Plain {
                return Err(self.fault(
                    Code::InvalidValue,
                    range.clone(),
                    "this number is too large for a floating-point number",
                ));
            }
            return Ok((plain, text.into()));
        };
        match tags::resolve(tag, text) {
            Ok(resolved) => Ok(resolved),
            Err(TagError::Mismatch(message)) => {
                Err(self.fault(Code::InvalidValue, range.clone(), &message))
            }
            Err(TagError::Unknown) => {
                self.warn_unknown_tag(&tag.original(), range);
                Ok((Plain::Text, text.into()))
            }
        }
    }

    pub(super) fn warn_unknown_tag(&mut self, tag: &str, range: &Range<usize>) {
        let path = self.path();
        self.faults.add(Severity::Warning, || {
            let message = |tag: &str| {
                format!(
                    "Kubernetes does not know {tag}: it is left out, and a scalar under it is text"
                )
            };
            Fault::error(Code::InvalidValue, range.clone(), message("this tag"))
                .graded(Severity::Warning)
                .quoting(message(&format!("the tag `{tag}`")))
                .at(path)
        });
    }

    fn note_versions(&mut self, text: &str, plain: Plain, range: &Range<usize>, is_key: bool) {
        if !versions_differ(text) {
            return;
        }
        let mut path = self.path();
        if is_key {
            let key = plain.key(text, plain.is_written_as_float(text));
            path = path.child(key.unwrap_or_default());
        }
        self.faults.add(Severity::Note, || {
            let read = plain.describe(text);
            let other = yaml_1_2(text).describe(text);
            let place = if is_key { "the key " } else { "" };
            let message = "Kubernetes (YAML 1.1) and YAML 1.2 read this value differently; write \
                           it in a way that both read alike, or quote it";
            Fault::error(Code::YamlVersionsDiffer, range.clone(), message)
                .graded(Severity::Note)
                .quoting(format!(
                    "{place}`{text}` is read as {read}, as Kubernetes (YAML 1.1) does; YAML 1.2 \
                     reads {other}; write {read}, or quote it (\"{text}\") if text is meant"
                ))
                .at(path)
        });
    }
}
