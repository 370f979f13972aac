//! What does one document say? The parser's events, built into a value and the table of its
//! ranges. Nothing here recurses, so no nesting can exhaust the stack.

mod leaf;

use std::ops::Range;

use fed_core::{Code, Pointer, Severity};
use granit_parser::{ErrorKind, Event, Parser, ScanError, Span, StructureStyle};
use serde_json::Value;

use self::leaf::Scalar;
use super::anchors::{Anchored, Anchors, TooMany};
use super::blocks;
use super::fault::{Fault, Faults, hint};
use super::mapping::{self, Clash, Entry, Key, KeyRole};
use super::spans::{Node, Origin, Spans};
use super::split::Chunk;
use super::tags;

/// How deep values may be nested.
pub(super) const DEPTH_LIMIT: usize = 128;

/// About what a value needs in memory, whatever it holds.
const VALUE_WEIGHT: usize = 64;

/// What a chunk of text turned out to hold.
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
        faults,
        finished,
        nodes,
        has_duplicates,
        ..
    } = builder;
    let mut faults = faults.into_list();
    let is_at_fault = has_duplicates || outcome.is_err();
    faults.extend(outcome.err());
    let document = finished
        .filter(|(value, _)| !is_at_fault && !value.is_null())
        .map(|(value, root)| (value, Spans::new(nodes, root)));
    Parsed {
        is_document: is_at_fault || document.is_some(),
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

struct Builder<'t> {
    /// The file's text up to the end of the chunk.
    source: &'t str,
    chunk: &'t Chunk,
    frames: Vec<Frame>,
    entries: Vec<Entry>,
    nodes: Vec<Node>,
    anchors: Anchors,
    /// Where the last event that has text ended.
    last_end: usize,
    faults: Faults,
    finished: Option<(Value, Node)>,
    has_duplicates: bool,
}

impl<'t> Builder<'t> {
    fn new(source: &'t str, chunk: &'t Chunk) -> Self {
        let text = source.get(chunk.range.start..).unwrap_or_default();
        Self {
            source,
            chunk,
            frames: Vec::new(),
            entries: Vec::new(),
            nodes: Vec::new(),
            anchors: Anchors::of(text),
            last_end: chunk.range.start,
            faults: Faults::default(),
            finished: None,
            has_duplicates: false,
        }
    }

    fn run(&mut self) -> Step {
        let mut options = granit_parser::options! {};
        options.set_emit_comments(false);
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
                self.faults.add(Severity::Error, || {
                    let message = "kubectl reads nothing behind a line `...`; start the next \
                                   document with a line `---`";
                    Fault::error(Code::InvalidYaml, at..at, message)
                });
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
                self.clash(clash);
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
            self.remember(frame.anchor, &value, None, frame.weight, frame.height + 1)?;
        }
        self.finish(Finished {
            value,
            node,
            weight: frame.weight,
            height: frame.height + 1,
        })
    }

    /// Reports a key that stands twice. Reading goes on, to find them all.
    fn clash(&mut self, clash: Clash) {
        let (kind, path) = (clash.kind, self.path().child(&clash.key));
        self.has_duplicates |= kind.severity() == Severity::Error;
        self.faults.add(kind.severity(), || Fault {
            severity: kind.severity(),
            code: kind.code(),
            message: kind.message().to_owned(),
            quoting: Some(kind.quoting(&clash.key)),
            range: clash.second,
            path,
            related: vec![clash.first.start],
        });
    }

    fn remember(
        &mut self,
        anchor: usize,
        value: &Value,
        key: Option<(String, KeyRole)>,
        weight: usize,
        height: usize,
    ) -> Step {
        let at = self.last_end;
        let make = || Anchored {
            value: value.clone(),
            key,
            weight,
            height,
        };
        let outcome = self.anchors.remember(anchor, weight, make);
        outcome.map_err(|error| self.too_many_aliases(&error, at..at))
    }

    fn alias(&mut self, id: usize, range: &Range<usize>) -> Step {
        let Some(anchored) = self.anchors.get(id) else {
            return Err(self.fault(
                Code::InvalidYaml,
                range.clone(),
                "this alias stands inside of the value it refers to, which would never end",
            ));
        };
        if self.awaits_key() {
            let (key, role) = anchored.key.clone().unzip();
            return self.key(key, role.unwrap_or(KeyRole::Name), range.clone());
        }
        let (weight, height) = (anchored.weight, anchored.height);
        if self.frames.len() + height > DEPTH_LIMIT {
            return Err(self.too_deep(range.clone()));
        }
        self.anchors
            .spend(weight)
            .map_err(|error| self.too_many_aliases(&error, range.clone()))?;
        let value = self.anchors.get(id).map(|anchored| anchored.value.clone());
        self.finish(Finished {
            value: value.unwrap_or_default(),
            node: Node::new(range.clone(), Origin::Alias),
            weight,
            height,
        })
    }

    fn too_many_aliases(&self, _: &TooMany, range: Range<usize>) -> Fault {
        self.fault(
            Code::TooManyAliases,
            range,
            "the anchors and aliases of this document stand for more than 16 MiB; write the \
             values out, or split the document",
        )
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
        Fault::error(code, range, message).at(self.path())
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
            kind @ (ErrorKind::UnexpectedCharacter { .. } | ErrorKind::Custom(_)) => self
                .fault(Code::InvalidYaml, at..at, "not valid YAML")
                .quoting(format!("not valid YAML: {kind}")),
            kind => {
                let text = self.source.get(self.chunk.range.start..);
                let hint = hint(kind, text.unwrap_or_default());
                self.fault(
                    Code::InvalidYaml,
                    at..at,
                    &format!("not valid YAML: {kind}{hint}"),
                )
            }
        }
    }
}
