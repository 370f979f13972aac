//! What does one document say? The parser's events, built into a value and the table of its
//! ranges. Nothing here recurses, so no nesting can exhaust the stack.

use std::collections::BTreeMap;
use std::ops::Range;

use fed_core::{Code, Pointer, Severity};
use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span, StructureStyle};
use serde_json::Value;

use super::blocks;
use super::mapping::{self, Clash, Entry, Key, KeyRole};
use super::scalar::{Plain, kubernetes, versions_differ, yaml_1_2};
use super::spans::{Node, Origin, Spans};
use super::split::Chunk;
use super::tags::{self, TagError};

/// How deep values may be nested.
pub(super) const DEPTH_LIMIT: usize = 128;

/// How many bytes, about, all aliases of a document may expand to.
pub(super) const ALIAS_BUDGET: usize = 32 << 20;

/// About what a value needs in memory, whatever it holds.
const VALUE_WEIGHT: usize = 64;

/// Something wrong or worth knowing, at a byte of the text.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) severity: Severity,
    pub(super) code: Code,
    /// Without a word from the text.
    pub(super) message: String,
    /// The same, quoting the text; for where it may be shown.
    pub(super) quoting: Option<String>,
    pub(super) range: Range<usize>,
    pub(super) path: Pointer,
    pub(super) related: Vec<usize>,
}

/// What a chunk of text turned out to hold.
#[derive(Debug)]
pub(super) struct Parsed {
    /// The document; `None` if it is empty or at fault.
    pub(super) document: Option<(Value, Spans)>,
    /// Everything found on the way. An error here does not always mean there is no document.
    pub(super) faults: Vec<Fault>,
    /// Is there anything but comments, blank lines and `null`?
    pub(super) is_document: bool,
}

/// Reads one chunk of `text`.
pub(super) fn parse(text: &str, chunk: &Chunk) -> Parsed {
    let source = text.get(..chunk.range.end).unwrap_or_default();
    let mut builder = Builder::new(source, chunk);
    let outcome = builder.run();
    let Builder {
        mut faults,
        finished,
        nodes,
        has_content,
        is_broken,
        ..
    } = builder;
    let document = match outcome {
        Ok(()) => finished
            .filter(|(value, _)| !is_broken && !value.is_null())
            .map(|(value, root)| (value, Spans::new(nodes, root))),
        Err(fault) => {
            faults.push(fault);
            None
        }
    };
    let is_document = document.is_some() || has_content && !faults.is_empty();
    Parsed {
        is_document: is_document || faults.iter().any(|fault| fault.severity == Severity::Error),
        document,
        faults,
    }
}

pub(super) type Step<T = ()> = Result<T, Fault>;

/// A collection that is still open.
struct Frame {
    is_mapping: bool,
    is_flow: bool,
    start: usize,
    /// The first of its children in `Builder::entries`.
    first: usize,
    key: Option<Key>,
    anchor: usize,
    weight: usize,
    height: usize,
}

/// A finished value on its way into its parent.
struct Finished {
    value: Value,
    node: Node,
    weight: usize,
    height: usize,
}

/// A value that aliases can refer to; `key` is what it says where it stands for a key.
struct Anchored {
    value: Value,
    key: Option<(String, KeyRole)>,
    weight: usize,
    height: usize,
}

struct Builder<'t> {
    /// The file's text up to the end of the chunk.
    source: &'t str,
    chunk: &'t Chunk,
    has_aliases: bool,
    frames: Vec<Frame>,
    entries: Vec<Entry>,
    nodes: Vec<Node>,
    anchors: BTreeMap<usize, Anchored>,
    budget: usize,
    /// Where the last event that has text ended.
    last_end: usize,
    faults: Vec<Fault>,
    finished: Option<(Value, Node)>,
    has_content: bool,
    is_broken: bool,
}

impl<'t> Builder<'t> {
    fn new(source: &'t str, chunk: &'t Chunk) -> Self {
        let text = source.get(chunk.range.start..).unwrap_or_default();
        Self {
            source,
            chunk,
            has_aliases: text.contains('*'),
            frames: Vec::new(),
            entries: Vec::new(),
            nodes: Vec::new(),
            anchors: BTreeMap::new(),
            budget: ALIAS_BUDGET,
            last_end: chunk.range.start,
            faults: Vec::new(),
            finished: None,
            has_content: false,
            is_broken: false,
        }
    }

    fn run(&mut self) -> Step {
        let mut options = granit_parser::options! {};
        options.set_emit_comments(false);
        if self.chunk.json {
            options.simple_key_max_lookahead = usize::MAX;
        }
        let source = self.source;
        let text = source.get(self.chunk.range.start..).unwrap_or_default();
        let mut documents = 0;
        for event in Parser::new_from_str_with_options(text, options) {
            let (event, span) = event.map_err(|error| self.syntax_error(&error))?;
            if matches!(event, Event::DocumentStart(..)) {
                documents += 1;
            }
            if documents > 1 {
                let at = self.range(&span).start;
                self.faults.push(self.fault(
                    Code::InvalidYaml,
                    at..at,
                    "kubectl reads nothing behind a line `...`; start the next document with \
                     a line `---`",
                ));
                break;
            }
            self.take(event, &span)?;
        }
        Ok(())
    }

    fn take(&mut self, event: Event<'_>, span: &Span) -> Step {
        let range = self.range(span);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.has_content = true;
                let tag_start = span.tag_start().and_then(|mark| mark.byte_offset());
                let range = self.scalar_range(range, style, tag_start);
                let tag = tag.as_deref();
                self.scalar(
                    &Scalar {
                        text: &text,
                        style,
                        anchor,
                        tag,
                    },
                    &range,
                )?;
                self.last_end = range.end;
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.open(false, style, anchor, tag.as_deref(), range)?;
            }
            Event::MappingStart(style, anchor, tag) => {
                self.open(true, style, anchor, tag.as_deref(), range)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(&range)?,
            Event::Alias(id) => {
                self.alias(id, &range)?;
                self.last_end = range.end;
            }
            _ => {}
        }
        Ok(())
    }

    /// The event's range in the file. The parser counts from the chunk's start.
    fn range(&self, span: &Span) -> Range<usize> {
        let base = self.chunk.range.start;
        let range = span.byte_range().unwrap_or_default();
        base + range.start..base + range.end.max(range.start)
    }

    /// Where a scalar is written, with its tag and, in block style, its header.
    fn scalar_range(
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

    fn awaits_value(&self) -> bool {
        self.frames
            .last()
            .is_some_and(|frame| frame.is_mapping && frame.key.is_some())
    }

    fn awaits_key(&self) -> bool {
        self.frames
            .last()
            .is_some_and(|frame| frame.is_mapping && frame.key.is_none())
    }

    fn scalar(&mut self, scalar: &Scalar<'_>, range: &Range<usize>) -> Step {
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
    ) -> Step<(Plain, std::borrow::Cow<'s, str>)> {
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

    fn warn_unknown_tag(&mut self, tag: &str, range: &Range<usize>) {
        let mut fault = self.fault(
            Code::InvalidValue,
            range.clone(),
            "Kubernetes does not know this tag: it is left out, and a scalar under it is text",
        );
        fault.severity = Severity::Warning;
        fault.quoting = Some(format!(
            "Kubernetes does not know the tag `{tag}`: it is left out, and a scalar under it is \
             text"
        ));
        self.faults.push(fault);
    }

    fn note_versions(&mut self, text: &str, plain: Plain, range: &Range<usize>, is_key: bool) {
        if !versions_differ(text) {
            return;
        }
        let mut fault = self.fault(
            Code::YamlVersionsDiffer,
            range.clone(),
            "Kubernetes (YAML 1.1) and YAML 1.2 read this value differently; write it in a way \
             that both read alike, or quote it",
        );
        fault.severity = Severity::Note;
        let read = plain.describe(text);
        let other = yaml_1_2(text).describe(text);
        let place = if is_key { "the key `" } else { "`" };
        fault.quoting = Some(format!(
            "{place}{text}` is read as {read}, as Kubernetes (YAML 1.1) does; YAML 1.2 reads \
             {other}; write {read}, or quote it (\"{text}\") if text is meant"
        ));
        if is_key {
            let key = plain.key(text, plain.is_written_as_float(text));
            fault.path = fault.path.child(key.unwrap_or_default());
        }
        self.faults.push(fault);
    }

    fn key(&mut self, key: Option<String>, role: KeyRole, range: Range<usize>) -> Step {
        let Some(name) = key else {
            return Err(self.fault(
                Code::InvalidValue,
                range,
                "the key of a mapping must be text; quote it",
            ));
        };
        if let Some(frame) = self.frames.last_mut() {
            frame.key = Some(Key { name, role, range });
        }
        Ok(())
    }

    fn open(
        &mut self,
        is_mapping: bool,
        style: StructureStyle,
        anchor: usize,
        tag: Option<&granit_parser::Tag>,
        range: Range<usize>,
    ) -> Step {
        self.has_content = true;
        if self.awaits_key() {
            return Err(self.fault(
                Code::InvalidYaml,
                range,
                "the key of a mapping must be a single value, not a list or a mapping; render \
                 templates with `{{` before they are read",
            ));
        }
        if self.frames.len() >= DEPTH_LIMIT {
            return Err(self.too_deep(range));
        }
        if let Some(tag) = tag.filter(|tag| tags::is_unknown(tag)) {
            self.warn_unknown_tag(&tag.original(), &range);
        }
        let mut start = range.start;
        if !is_mapping && style == StructureStyle::Block && self.awaits_value() {
            start = blocks::first_dash(self.source, start, self.last_end);
        }
        // `[a: 1]` opens a mapping in flow style that has no bracket.
        let is_flow = style == StructureStyle::Flow && !range.is_empty();
        self.last_end = range.end.max(self.last_end);
        self.frames.push(Frame {
            is_mapping,
            is_flow,
            start,
            first: self.entries.len(),
            key: None,
            anchor,
            weight: VALUE_WEIGHT,
            height: 0,
        });
        Ok(())
    }

    fn close(&mut self, range: &Range<usize>) -> Step {
        let Some(frame) = self.frames.pop() else {
            return Ok(());
        };
        let written_end = self.entries.get(frame.first..).unwrap_or_default();
        let written_end = written_end.iter().map(|entry| entry.node.entry().end).max();
        let end = if frame.is_flow {
            range.end
        } else {
            written_end.unwrap_or(frame.start)
        };
        self.last_end = end.max(self.last_end);
        let mut entries: Vec<Entry> = self.entries.drain(frame.first..).collect();
        if frame.is_mapping {
            let settled = mapping::settle(entries);
            entries = settled.entries;
            for clash in settled.clashes {
                self.clash(&clash);
            }
        }
        let first_child = self.nodes.len();
        self.nodes.extend(entries.iter().map(|entry| entry.node));
        let node =
            Node::new(frame.start..end, Origin::Here).with_children(first_child, entries.len());
        let value = if frame.is_mapping {
            let pairs = entries.into_iter().map(|entry| (entry.key, entry.value));
            Value::Object(pairs.collect())
        } else {
            Value::Array(entries.into_iter().map(|entry| entry.value).collect())
        };
        if frame.anchor != 0 {
            self.remember(frame.anchor, &value, None, frame.weight, frame.height)?;
        }
        self.finish(Finished {
            value,
            node,
            weight: frame.weight,
            height: frame.height + 1,
        })
    }

    /// Reports a key that stands twice. Reading goes on, to find them all.
    fn clash(&mut self, clash: &Clash) {
        let key = &clash.key;
        let mut fault = self.fault(
            clash.kind.code(),
            clash.second.clone(),
            clash.kind.message(),
        );
        fault.severity = clash.kind.severity();
        fault.quoting = Some(clash.kind.quoting(key));
        fault.path = fault.path.child(key);
        fault.related = vec![clash.first.start];
        self.is_broken |= fault.severity == Severity::Error;
        self.faults.push(fault);
    }

    fn remember(
        &mut self,
        anchor: usize,
        value: &Value,
        key: Option<(String, KeyRole)>,
        weight: usize,
        height: usize,
    ) -> Step {
        if self.has_aliases {
            self.spend(weight, self.last_end..self.last_end)?;
            let height = height + usize::from(value.is_object() || value.is_array());
            let value = value.clone();
            let anchored = Anchored {
                value,
                key,
                weight,
                height,
            };
            self.anchors.insert(anchor, anchored);
        }
        Ok(())
    }

    fn alias(&mut self, id: usize, range: &Range<usize>) -> Step {
        self.has_content = true;
        let Some(anchored) = self.anchors.get(&id) else {
            return Err(self.fault(
                Code::InvalidYaml,
                range.clone(),
                "this alias stands inside of the value it refers to, which would never end",
            ));
        };
        let (weight, height) = (anchored.weight, anchored.height);
        if self.awaits_key() {
            let (key, role) = anchored.key.clone().unzip();
            return self.key(key, role.unwrap_or(KeyRole::Name), range.clone());
        }
        self.spend(weight, range.clone())?;
        if self.frames.len() + height > DEPTH_LIMIT {
            return Err(self.too_deep(range.clone()));
        }
        let value = self.anchors.get(&id).map(|anchored| anchored.value.clone());
        self.finish(Finished {
            value: value.unwrap_or_default(),
            node: Node::new(range.clone(), Origin::Alias),
            weight,
            height,
        })
    }

    fn spend(&mut self, weight: usize, range: Range<usize>) -> Step {
        match self.budget.checked_sub(weight) {
            Some(rest) => {
                self.budget = rest;
                Ok(())
            }
            None => Err(self.fault(
                Code::TooManyAliases,
                range,
                "the aliases of this document expand to more than 32 MiB; write the values out, \
                 or split the document",
            )),
        }
    }

    /// Hands a finished value to the collection it stands in.
    fn finish(&mut self, finished: Finished) -> Step {
        let Some(frame) = self.frames.last_mut() else {
            self.finished = Some((finished.value, finished.node));
            return Ok(());
        };
        frame.weight = frame.weight.saturating_add(finished.weight);
        frame.height = frame.height.max(finished.height);
        let Some(key) = frame.key.take().filter(|_| frame.is_mapping) else {
            self.entries
                .push(Entry::item(finished.value, finished.node));
            return Ok(());
        };
        if key.role == KeyRole::Name {
            frame.weight = frame.weight.saturating_add(key.name.len());
            let entry = Entry::written(key, finished.value, finished.node);
            self.entries.push(entry);
            return Ok(());
        }
        let range = finished.node.range();
        match mapping::merged(&key, finished.value, &finished.node) {
            Some(merged) => self.entries.extend(merged),
            None => {
                return Err(self.fault(
                    Code::InvalidValue,
                    range,
                    "the merge key `<<` takes a mapping or a list of mappings, mostly as aliases",
                ));
            }
        }
        Ok(())
    }

    /// The path to the value that is being read.
    fn path(&self) -> Pointer {
        let ends = self.frames.iter().skip(1).map(|frame| frame.first);
        let ends = ends.chain(std::iter::once(self.entries.len()));
        self.frames
            .iter()
            .zip(ends)
            .fold(Pointer::root(), |path, (frame, end)| match &frame.key {
                Some(key) => path.child(&key.name),
                None if frame.is_mapping => path,
                None => path.child(end - frame.first),
            })
    }

    fn too_deep(&self, range: Range<usize>) -> Fault {
        let message = format!("values are nested more than {DEPTH_LIMIT} levels deep");
        self.fault(Code::TooDeep, range, &message)
    }

    fn fault(&self, code: Code, range: Range<usize>, message: &str) -> Fault {
        Fault {
            severity: Severity::Error,
            code,
            message: message.to_owned(),
            quoting: None,
            range,
            path: self.path(),
            related: Vec::new(),
        }
    }

    fn syntax_error(&self, error: &ScanError) -> Fault {
        let at = self.chunk.range.start + error.marker().byte_offset().unwrap_or_default();
        let at = at.min(self.source.len());
        match error.kind() {
            ErrorKind::RecursionLimitExceeded => self.too_deep(at..at),
            ErrorKind::TabInPlainScalar
            | ErrorKind::TabNotAllowed
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInBlockIndentation => {
                let at = blocks::indenting_tab(self.source, at);
                let message = "a tab indents this line; YAML is indented with spaces";
                self.fault(Code::InvalidYaml, at..at, message)
            }
            kind @ (ErrorKind::UnexpectedCharacter { .. } | ErrorKind::Custom(_)) => {
                let mut fault = self.fault(Code::InvalidYaml, at..at, "not valid YAML");
                fault.quoting = Some(format!("not valid YAML: {kind}"));
                fault
            }
            kind => {
                let is_template = self.source.get(self.chunk.range.start..);
                let is_template = is_template.is_some_and(|text| text.contains("{{"));
                let hint = if is_template {
                    TEMPLATE_HINT
                } else {
                    hint(kind)
                };
                let message = format!("not valid YAML: {kind}{hint}");
                self.fault(Code::InvalidYaml, at..at, &message)
            }
        }
    }
}

const TEMPLATE_HINT: &str = "; render templates with `{{` before they are read";

/// What to do about a syntax error, for those that people make most.
fn hint(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::MappingValueNotAllowed => {
            "; quote a value that contains `: `, and check the indentation"
        }
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::InvalidIndentation
        | ErrorKind::SimpleKeyExpected => "; check the indentation and the quotes above this line",
        ErrorKind::UnknownAnchor => {
            "; an alias can only refer to an anchor earlier in its document"
        }
        _ => "",
    }
}

/// A scalar as the parser gives it.
struct Scalar<'s> {
    text: &'s str,
    style: ScalarStyle,
    anchor: usize,
    tag: Option<&'s granit_parser::Tag>,
}
