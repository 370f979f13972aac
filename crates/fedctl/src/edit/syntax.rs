//! Which bytes of a document are keys, dashes, values, anchors and comments? The document as it is
//! written, unlike the reader's table, which tells where each part of its meaning comes from.

use std::ops::Range;

use granit_parser::{Parser, ScalarStyle};

use super::parse::Builder;

/// A value as it is written, by its number in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeId(pub(super) usize);

/// How a value is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Shape {
    /// Nothing is written where the value would be.
    #[default]
    Absent,
    Scalar(ScalarStyle),
    Mapping {
        flow: bool,
    },
    Sequence {
        flow: bool,
    },
    Alias,
}

/// The key of an entry, and the colon behind it where there is one.
#[derive(Clone, Debug)]
pub(super) struct Key {
    /// What it says; `None` for what cannot be named, such as an alias.
    pub(super) name: Option<String>,
    /// With its anchor and tag.
    pub(super) start: usize,
    pub(super) range: Range<usize>,
    pub(super) is_merge: bool,
    pub(super) colon: Option<usize>,
}

/// One value, with what leads to it.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    /// Where the value starts, with its anchor and tag.
    pub(super) start: usize,
    /// Where the value ends; behind the last line break of a block scalar.
    pub(super) end: usize,
    pub(super) shape: Shape,
    /// The anchor's number; 0 for none.
    pub(super) anchor: usize,
    pub(super) parent: Option<NodeId>,
    pub(super) key: Option<Key>,
    /// The dash of an item of a block sequence.
    pub(super) dash: Option<usize>,
    pub(super) children: Vec<NodeId>,
}

impl Node {
    /// Where the entry or item starts: its dash, its key, or the value itself.
    pub(super) fn lead(&self) -> usize {
        let key = self.key.as_ref().map(|key| key.start);
        self.dash.or(key).unwrap_or(self.start)
    }

    /// Behind the dash or colon: where the value could start.
    pub(super) fn head(&self) -> usize {
        let colon = self.key.as_ref().and_then(|key| key.colon);
        let mark = self.dash.or(colon).map(|mark| mark + 1);
        mark.unwrap_or(self.start)
    }

    pub(super) fn name(&self) -> Option<&str> {
        self.key.as_ref()?.name.as_deref()
    }

    pub(super) fn is_merge(&self) -> bool {
        self.key.as_ref().is_some_and(|key| key.is_merge)
    }

    pub(super) fn is_flow(&self) -> bool {
        matches!(
            self.shape,
            Shape::Mapping { flow: true } | Shape::Sequence { flow: true }
        )
    }

    pub(super) fn is_mapping(&self) -> bool {
        matches!(self.shape, Shape::Mapping { .. })
    }

    pub(super) fn is_sequence(&self) -> bool {
        matches!(self.shape, Shape::Sequence { .. })
    }

    pub(super) fn is_block(&self) -> bool {
        matches!(
            self.shape,
            Shape::Mapping { flow: false } | Shape::Sequence { flow: false }
        )
    }

    pub(super) fn is_block_scalar(&self) -> bool {
        matches!(
            self.shape,
            Shape::Scalar(ScalarStyle::Literal | ScalarStyle::Folded)
        )
    }
}

/// Why a path leads to nothing that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// An alias stands on the way.
    Alias,
    /// The entry may come in by a merge key.
    Merged,
    Missing,
}

/// All that is written in one document.
pub(super) struct Tree {
    nodes: Vec<Node>,
    nothing: Node,
    root: NodeId,
    pub(super) comments: Vec<Range<usize>>,
    /// Number of the anchor and place of the alias.
    aliases: Vec<(usize, usize)>,
}

impl Tree {
    /// The tree of a text with one document; `None` if it cannot be parsed.
    pub(super) fn of(text: &str) -> Option<Self> {
        let options = granit_parser::options! { emit_comments: true, emit_anchor_events: true };
        let mut builder = Builder::new(text);
        for event in Parser::new_from_str_with_options(text, options) {
            let (event, span) = event.ok()?;
            builder.take(&event, &span);
        }
        builder.comments.sort_by_key(|comment| comment.start);
        Some(Self {
            root: builder.root?,
            nodes: builder.nodes,
            nothing: Node::default(),
            comments: builder.comments,
            aliases: builder.aliases,
        })
    }

    pub(super) fn root(&self) -> NodeId {
        self.root
    }

    pub(super) fn get(&self, id: NodeId) -> &Node {
        self.nodes.get(id.0).unwrap_or(&self.nothing)
    }

    /// Every value, in no order that matters.
    pub(super) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }

    /// The children of a node, in the order they are written.
    pub(super) fn children(&self, id: NodeId) -> impl DoubleEndedIterator<Item = &Node> {
        self.get(id).children.iter().map(|child| self.get(*child))
    }

    /// The node and all around it, from the inside out.
    pub(super) fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(Some(id), |id| self.get(*id).parent)
    }

    pub(super) fn is_in_flow(&self, id: NodeId) -> bool {
        self.ancestors(id)
            .skip(1)
            .any(|around| self.get(around).is_flow())
    }

    /// The value at these steps.
    pub(super) fn find<'s>(
        &self,
        steps: impl IntoIterator<Item = &'s str>,
    ) -> Result<NodeId, Lost> {
        steps
            .into_iter()
            .try_fold(self.root, |id, step| self.child(id, step))
    }

    /// The child that one step of a pointer names.
    pub(super) fn child(&self, id: NodeId, step: &str) -> Result<NodeId, Lost> {
        let node = self.get(id);
        if node.shape == Shape::Alias {
            return Err(Lost::Alias);
        }
        if node.is_sequence() {
            let index = step.parse::<usize>().map_err(|_| Lost::Missing)?;
            return node.children.get(index).copied().ok_or(Lost::Missing);
        }
        let mut children = node.children.iter().rev();
        let found = children.find(|child| {
            let child = self.get(**child);
            !child.is_merge() && child.name() == Some(step)
        });
        let lost = if self.children(id).any(Node::is_merge) {
            Lost::Merged
        } else {
            Lost::Missing
        };
        found.copied().ok_or(lost)
    }

    /// The places of aliases that refer to this very node's anchor.
    pub(super) fn aliases_of(&self, id: NodeId) -> impl Iterator<Item = usize> {
        let anchor = self.get(id).anchor;
        let refers = move |alias: &&(usize, usize)| anchor != 0 && alias.0 == anchor;
        self.aliases.iter().filter(refers).map(|alias| alias.1)
    }

    /// The first alias outside of `range` that refers to an anchor inside of it.
    pub(super) fn alias_into(&self, range: &Range<usize>) -> Option<usize> {
        let is_inside = |node: &&Node| node.anchor != 0 && range.contains(&node.start);
        let anchors: Vec<_> = self.nodes.iter().filter(is_inside).collect();
        let refers = |alias: &&(usize, usize)| {
            !range.contains(&alias.1) && anchors.iter().any(|node| node.anchor == alias.0)
        };
        self.aliases.iter().find(refers).map(|alias| alias.1)
    }

    /// Is there anything in this range that its value alone does not tell: comments, anchors or
    /// aliases?
    pub(super) fn is_more_than_its_value(&self, range: &Range<usize>) -> bool {
        let anchored = |node: &Node| node.anchor != 0 && range.contains(&node.start);
        self.comment_in(range).is_some()
            || self.nodes.iter().any(anchored)
            || self.aliases.iter().any(|alias| range.contains(&alias.1))
    }

    /// The first comment that starts in this range.
    pub(super) fn comment_in(&self, range: &Range<usize>) -> Option<&Range<usize>> {
        let mut comments = self.comments.iter();
        comments.find(|comment| range.contains(&comment.start))
    }

    /// How many comments start in this range.
    pub(super) fn comments_in(&self, range: &Range<usize>) -> usize {
        let comments = self.comments.iter();
        comments
            .filter(|comment| range.contains(&comment.start))
            .count()
    }

    /// The comment that starts here.
    pub(super) fn comment_at(&self, at: usize) -> Option<&Range<usize>> {
        let found = self
            .comments
            .binary_search_by_key(&at, |comment| comment.start);
        self.comments.get(found.ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# top
spec: &s # why
  list:
  - &a !!str x # one
  -
  # two
  - name: y
    \"on\": {a: [1, *a], b}
  text: |
    body
  <<: *s
  gone:
";

    fn shown(text: &str) -> String {
        let tree = Tree::of(text).unwrap();
        let describe = |node: &Node| {
            let lead = &text[node.lead()..node.end.max(node.lead())];
            let lead = lead.lines().next().unwrap_or_default();
            format!(
                "{:?} {lead:?} {:?}\n",
                node.shape,
                &text[node.head()..node.end]
            )
        };
        tree.nodes().map(describe).collect()
    }

    #[test]
    fn every_part_is_found_where_it_is_written() {
        let text = TEXT.replace("<<: *s", "<<: {k: v}");
        insta::assert_snapshot!(shown(&text));
        let tree = Tree::of(&text).unwrap();
        let comments: Vec<_> = tree.comments.iter().map(|at| &text[at.clone()]).collect();
        assert_eq!(comments, ["# top", "# why", "# one", "# two"]);
        let a = tree.find(["spec", "list", "0"]).unwrap();
        assert_eq!(tree.aliases_of(a).count(), 1);
        assert_eq!(tree.find(["spec", "k"]), Err(Lost::Merged));
        assert_eq!(
            tree.find(["spec", "list", "2", "on", "a", "1", "x"]),
            Err(Lost::Alias)
        );
        assert_eq!(tree.find(["spec", "list", "7"]), Err(Lost::Missing));
    }
}
