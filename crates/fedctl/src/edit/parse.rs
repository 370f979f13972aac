//! How do a parser's events become the tree of what is written?

use std::ops::Range;

use granit_parser::{Event, ScalarStyle, Span, StructureStyle};

use super::syntax::{Key, Node, NodeId, Shape};
use crate::read::{blocks, plain_key};

/// A collection that is still open.
struct Open {
    id: NodeId,
    is_mapping: bool,
    key: Option<Key>,
}

pub(super) struct Builder<'t> {
    text: &'t str,
    pub(super) nodes: Vec<Node>,
    open: Vec<Open>,
    pub(super) root: Option<NodeId>,
    pub(super) comments: Vec<Range<usize>>,
    pub(super) aliases: Vec<(usize, usize)>,
    /// Where the last event that has text ended.
    last_end: usize,
    /// What an anchor that comes behind its node belongs to.
    last: Last,
}

#[derive(Clone, Copy)]
enum Last {
    Nothing,
    Key,
    Node(NodeId),
}

impl<'t> Builder<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            nodes: Vec::new(),
            open: Vec::new(),
            root: None,
            comments: Vec::new(),
            aliases: Vec::new(),
            last_end: 0,
            last: Last::Nothing,
        }
    }

    pub(super) fn take(&mut self, event: &Event<'_>, span: &Span) {
        let range = span.byte_range().unwrap_or_default();
        let range = range.start..range.end.max(range.start);
        let tag = span.tag_start().and_then(|mark| mark.byte_offset());
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let range = self.scalar_range(range, *style);
                let name = match style {
                    _ if tag.is_some() => None,
                    ScalarStyle::Plain => plain_key(text),
                    _ => Some(text.to_string()),
                };
                let is_merge = *style == ScalarStyle::Plain && text == "<<";
                if !self.key(name, is_merge, &range, tag) {
                    let is_absent = range.is_empty() && *style == ScalarStyle::Plain;
                    let shape = if is_absent {
                        Shape::Absent
                    } else {
                        Shape::Scalar(*style)
                    };
                    self.add(shape, &range, tag, *anchor);
                }
                self.last_end = self.last_end.max(range.end);
            }
            Event::Alias(anchor) => {
                self.aliases.push((*anchor, range.start));
                if !self.key(None, false, &range, None) {
                    self.add(Shape::Alias, &range, None, 0);
                }
                self.last_end = range.end;
            }
            Event::Anchor(..) => self.anchored(range.start),
            Event::MappingStart(style, anchor, _) => self.start(true, *style, &range, tag, *anchor),
            Event::SequenceStart(style, anchor, _) => {
                self.start(false, *style, &range, tag, *anchor);
            }
            Event::MappingEnd | Event::SequenceEnd => self.close(&range),
            Event::Comment(..) => self.comments.push(range),
            _ => {}
        }
    }

    fn scalar_range(&self, range: Range<usize>, style: ScalarStyle) -> Range<usize> {
        match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                blocks::scalar_range(self.text, range, self.last_end)
            }
            ScalarStyle::Plain if range.is_empty() => {
                let key = self.open.last().and_then(|open| open.key.as_ref());
                let colon = key.and_then(|key| key.colon).map(|colon| colon + 1);
                let at = colon.unwrap_or(range.start);
                at..at
            }
            _ => range,
        }
    }

    /// Takes a scalar as a key, if a key is awaited.
    fn key(
        &mut self,
        name: Option<String>,
        is_merge: bool,
        range: &Range<usize>,
        tag: Option<usize>,
    ) -> bool {
        let colon = self.colon(range.end);
        let Some(open) = self
            .open
            .last_mut()
            .filter(|open| open.is_mapping && open.key.is_none())
        else {
            return false;
        };
        open.key = Some(Key {
            name,
            start: tag.map_or(range.start, |tag| tag.min(range.start)),
            range: range.clone(),
            is_merge,
            colon,
        });
        self.last = Last::Key;
        true
    }

    /// The colon behind a key: nothing but white space and comments may stand between.
    fn colon(&self, from: usize) -> Option<usize> {
        let mut rest = self.text.get(from..)?;
        loop {
            rest = rest.trim_start();
            if !rest.starts_with('#') {
                break;
            }
            rest = rest.get(rest.find('\n')?..)?;
        }
        rest.starts_with(':')
            .then_some(self.text.len() - rest.len())
    }

    fn add(
        &mut self,
        shape: Shape,
        range: &Range<usize>,
        tag: Option<usize>,
        anchor: usize,
    ) -> NodeId {
        let id = NodeId(self.nodes.len());
        let parent = self.open.last_mut();
        let key = parent.and_then(|open| open.key.take());
        let parent = self.open.last().map(|open| open.id);
        self.nodes.push(Node {
            start: tag.map_or(range.start, |tag| tag.min(range.start)),
            end: range.end,
            shape,
            anchor,
            parent,
            key,
            dash: None,
            children: Vec::new(),
        });
        match parent.and_then(|parent| self.nodes.get_mut(parent.0)) {
            Some(parent) => parent.children.push(id),
            None => self.root = Some(id),
        }
        self.last = Last::Node(id);
        id
    }

    /// An anchor starts here, which belongs to what came last.
    fn anchored(&mut self, at: usize) {
        match self.last {
            Last::Nothing => {}
            Last::Key => {
                if let Some(key) = self.open.last_mut().and_then(|open| open.key.as_mut()) {
                    key.start = key.start.min(at);
                }
            }
            Last::Node(id) => {
                if let Some(node) = self.nodes.get_mut(id.0) {
                    node.start = node.start.min(at);
                }
            }
        }
    }

    fn start(
        &mut self,
        is_mapping: bool,
        style: StructureStyle,
        range: &Range<usize>,
        tag: Option<usize>,
        anchor: usize,
    ) {
        let flow = style == StructureStyle::Flow;
        let mut range = range.clone();
        if !is_mapping && !flow && self.open.last().is_some_and(|open| open.key.is_some()) {
            range.start = blocks::first_dash(self.text, range.start, self.last_end);
        }
        let shape = if is_mapping {
            Shape::Mapping { flow }
        } else {
            Shape::Sequence { flow }
        };
        let id = self.add(shape, &range, tag, anchor);
        self.last_end = self.last_end.max(range.end);
        self.open.push(Open {
            id,
            is_mapping,
            key: None,
        });
    }

    fn close(&mut self, range: &Range<usize>) {
        let Some(Open { id, .. }) = self.open.pop() else {
            return;
        };
        let children = self.nodes.get(id.0).map(|node| node.children.clone());
        let children = children.unwrap_or_default();
        let ends = children.iter().filter_map(|child| {
            let node = self.nodes.get(child.0)?;
            Some(node.end.max(node.head()))
        });
        let written_end = ends.max();
        let Some(shape) = self.nodes.get(id.0).map(|node| node.shape) else {
            return;
        };
        if shape == (Shape::Sequence { flow: false }) {
            self.find_dashes(&children);
        }
        let Some(node) = self.nodes.get_mut(id.0) else {
            return;
        };
        node.end = match written_end {
            Some(end) if !node.is_flow() || range.is_empty() => end,
            _ => range.end,
        };
        self.last_end = self.last_end.max(node.end);
    }

    /// Every item of a block sequence stands behind a dash.
    fn find_dashes(&mut self, items: &[NodeId]) {
        for id in items {
            let start = self.nodes.get(id.0).map(|node| node.start);
            let dash = start.and_then(|start| self.dash_before(start));
            if let (Some(node), Some(dash)) = (self.nodes.get_mut(id.0), dash) {
                node.dash = Some(dash);
                if node.shape == Shape::Absent {
                    (node.start, node.end) = (dash + 1, dash + 1);
                }
            }
        }
    }

    fn dash_before(&self, at: usize) -> Option<usize> {
        let mut end = at;
        loop {
            let before = self.text.get(..end)?.trim_end();
            let last = before.len().checked_sub(1)?;
            let before_it = self
                .comments
                .partition_point(|comment| comment.start <= last);
            let comment = self.comments.get(before_it.wrapping_sub(1));
            let comment = comment.filter(|comment| comment.contains(&last));
            match comment {
                Some(comment) => end = comment.start,
                None => return before.ends_with('-').then_some(last),
            }
        }
    }
}
