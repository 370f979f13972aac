//! What is put into a collection? A new value, or one that stood elsewhere, as it was written.

use std::ops::Range;

use serde_json::Value;

use super::block::Refusal;
use super::page::{Page, shifted};
use super::syntax::{Node, NodeId, Shape};
use super::{flow, rename};

/// Where in a collection.
#[derive(Clone, Copy, Debug)]
pub(super) enum Slot<'s> {
    Key(&'s str),
    Index(usize),
}

/// Lines of a block, and the column in which they stood.
pub(super) struct Lines {
    lines: Vec<String>,
    column: usize,
}

/// How a value was written, as far as a new place can use it.
#[derive(Default)]
pub(super) struct Form {
    /// The whole entry or item of a block, with the comments above it, for a place of its kind.
    pub(super) whole: Option<Lines>,
    /// The entries or items of a block without what leads to them.
    pub(super) body: Option<Lines>,
    /// What is no block, alone.
    pub(super) text: Option<String>,
    /// Means that text the same between commas?
    pub(super) is_safe_in_flow: bool,
}

/// One value on its way into a collection.
pub(super) struct Piece<'v> {
    pub(super) value: &'v Value,
    pub(super) form: Form,
    /// Is there something that its value alone does not tell?
    pub(super) tells_more: bool,
    /// Comments above it, unless they are in its lines.
    pub(super) above: Vec<String>,
    /// The comment behind it, unless it is in its lines.
    pub(super) behind: Option<String>,
    /// How far its first line was indented.
    pub(super) indentation: usize,
}

impl<'v> Piece<'v> {
    pub(super) fn new(value: &'v Value) -> Self {
        Self {
            value,
            form: Form::default(),
            tells_more: false,
            above: Vec::new(),
            behind: None,
            indentation: 0,
        }
    }

    /// The value that stands here, as it is written, for a place where its key is `key`.
    pub(super) fn cut(
        page: &Page,
        id: NodeId,
        key: Option<&str>,
        value: &'v Value,
    ) -> Result<Self, Refusal> {
        let node = page.node(id);
        let parent = node.parent.map(|parent| page.node(parent));
        let is_block = parent.is_some_and(Node::is_block);
        let range = if is_block {
            page.start_with_comments(node)..page.end_with_comments(node)
        } else {
            flow::extent(page, id)
        };
        let mut piece = Self {
            value,
            form: Form::default(),
            tells_more: page.tree.is_more_than_its_value(&range),
            above: page.comments_above(node),
            behind: flow::comment_behind(page, node).map(str::to_owned),
            indentation: page.indentation(node.start),
        };
        if is_block && node.key.is_some() == key.is_some() {
            piece.form.whole = Some(whole(page, id, key, range.clone())?);
        }
        if node.is_block() {
            piece.form.body = body(page, id);
        } else if !node.is_block_scalar() && node.shape != Shape::Absent {
            let text = page.part(node.start..node.end);
            let inside = page.tree.comments_in(&(node.start..node.end));
            let kept = inside + piece.above.len() + usize::from(piece.behind.is_some());
            let is_kept = kept == page.tree.comments_in(&range);
            piece.form.text = Some(text.to_owned()).filter(|_| is_kept);
            piece.form.is_safe_in_flow = !is_block
                || node.is_flow()
                || node.shape == Shape::Alias
                || text.starts_with(['"', '\'']);
        }
        Ok(piece)
    }

    /// The comment behind it, as the end of its line.
    pub(super) fn trailing(&self) -> String {
        self.behind
            .as_ref()
            .map(|comment| format!(" {comment}"))
            .unwrap_or_default()
    }
}

/// The whole lines of a block's entry or item, with its new key.
fn whole(
    page: &Page,
    id: NodeId,
    key: Option<&str>,
    range: Range<usize>,
) -> Result<Lines, Refusal> {
    let node = page.node(id);
    let old = node.key.as_ref();
    let column = page.column(range.start);
    Ok(
        match old
            .zip(key)
            .filter(|(old, new)| old.name.as_deref() != Some(new))
        {
            Some((old, new)) => {
                let new = rename::key_text(page, id, new)?;
                let before = page.part(range.start..old.range.start);
                let after = page.part(old.range.end..range.end);
                Lines::of(&format!("{before}{new}{after}"), column)
            }
            None => Lines::of(page.part(range), column),
        },
    )
}

/// The lines of a block alone, if nothing stands between them and what leads to them.
fn body(page: &Page, id: NodeId) -> Option<Lines> {
    let node = page.node(id);
    let first = page.tree.children(id).next()?;
    let start = page.start_with_comments(first);
    let last = page.tree.children(id).next_back()?;
    let end = page
        .end_with_comments(last)
        .max(page.end_with_comments(node));
    let has_more = page.tree.comments_in(&(node.lead()..start)) > 0;
    let is_alone = node.start == first.lead() && !has_more;
    is_alone.then(|| Lines::of(page.part(start..end), page.column(first.lead())))
}

impl Lines {
    /// Lines whose first stood in this column.
    fn of(text: &str, column: usize) -> Self {
        let lines = text.split('\n').map(|line| line.trim_end_matches('\r'));
        let mut lines: Vec<String> = lines.map(str::to_owned).collect();
        if let Some(first) = lines.first_mut() {
            first.insert_str(0, &" ".repeat(column));
        }
        Self { lines, column }
    }

    /// The same lines in another column.
    pub(super) fn at(&self, column: usize) -> impl Iterator<Item = String> {
        self.lines
            .iter()
            .map(move |line| shifted(line, self.column, column))
    }
}
