//! Where in the text does this value stand? One flat table of ranges beside a document's value,
//! and the way from a JSON Pointer to a place.

use std::ops::Range;

use fed_core::Pointer;
use serde_json::Value;

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// It is written here, and so are its parts.
    Here,
    /// An alias stands here; its parts are written elsewhere.
    Alias,
    /// It came in through a merge key, which stands here.
    Merge,
}

/// Ranges of one value: 28 bytes each, as a document can have millions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    start: u32,
    end: u32,
    key_start: u32,
    key_end: u32,
    first_child: u32,
    children: u32,
    pub(super) origin: Origin,
}

const NO_KEY: u32 = u32::MAX;

/// An offset as it is stored. Larger inputs are refused before they are parsed.
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(NO_KEY - 1)
}

impl Node {
    pub(super) fn new(range: Range<usize>, origin: Origin) -> Self {
        Self {
            start: narrow(range.start),
            end: narrow(range.end),
            key_start: NO_KEY,
            key_end: NO_KEY,
            first_child: 0,
            children: 0,
            origin,
        }
    }

    #[must_use]
    pub(super) fn under_key(mut self, key: &Range<usize>) -> Self {
        self.key_start = narrow(key.start);
        self.key_end = narrow(key.end);
        self
    }

    #[must_use]
    pub(super) fn with_children(mut self, first: usize, count: usize) -> Self {
        self.first_child = narrow(first);
        self.children = narrow(count);
        self
    }

    pub(super) fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    pub(super) fn key(&self) -> Option<Range<usize>> {
        (self.key_start != NO_KEY).then_some(self.key_start as usize..self.key_end as usize)
    }

    /// Key and value together.
    pub(super) fn entry(&self) -> Range<usize> {
        let value = self.range();
        match self.key() {
            Some(key) => key.start.min(value.start)..key.end.max(value.end),
            None => value,
        }
    }
}

/// The ranges of all values of a document. Children of one value stand side by side: those of a
/// sequence in its order, those of a mapping by key, as `serde_json::Map` keeps them.
#[derive(Debug)]
pub(super) struct Spans {
    nodes: Vec<Node>,
    root: Node,
}

/// How far a pointer leads.
pub(super) struct Found {
    pub(super) node: Node,
    pub(super) exact: bool,
}

impl Spans {
    pub(super) fn new(mut nodes: Vec<Node>, root: Node) -> Self {
        nodes.shrink_to_fit();
        Self { nodes, root }
    }

    pub(super) fn root(&self) -> Node {
        self.root
    }

    /// The nodes below this one, in the order of the value they belong to.
    pub(super) fn children(&self, node: &Node) -> &[Node] {
        let first = node.first_child as usize;
        let range = first..first.saturating_add(node.children as usize);
        self.nodes.get(range).unwrap_or_default()
    }

    /// The node at `pointer`, or the deepest one on the way to it.
    pub(super) fn find(&self, document: &Value, pointer: &str) -> Found {
        let (mut node, mut value) = (self.root, document);
        for token in Pointer::from_text(pointer).tokens() {
            let child = child_of(value, &token).and_then(|(index, child)| {
                let node = self.children(&node).get(index)?;
                Some((*node, child))
            });
            let Some(child) = child else {
                return Found { node, exact: false };
            };
            (node, value) = child;
        }
        Found {
            exact: node.origin != Origin::Merge,
            node,
        }
    }
}

/// The child a pointer's token names, and its rank among its siblings.
fn child_of<'v>(value: &'v Value, token: &str) -> Option<(usize, &'v Value)> {
    match value {
        Value::Object(map) => {
            let mut entries = map.iter().enumerate();
            let (index, (_, child)) = entries.find(|(_, (key, _))| *key == token)?;
            Some((index, child))
        }
        Value::Array(items) => {
            let index = token.parse().ok()?;
            Some((index, items.get(index)?))
        }
        _ => None,
    }
}
