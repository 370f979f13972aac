//! How does an entry come into a block, or out of it? Whole lines, with the comments that belong to
//! them.

use super::order::{Position, position};
use super::page::{Page, Splice, shifted};
use super::piece::{Piece, Slot};
use super::syntax::{Node, NodeId, Shape};
use super::write::Layout;
use crate::output::yaml::string;

/// What is in the way of an edit.
pub(super) type Refusal = &'static str;

pub(super) const LAYOUT: Refusal = "it shares its line with something else";
const LOSES: Refusal =
    "comments, anchors or aliases in it would be lost in the style of its new place";

/// The text that takes the place of a value.
pub(super) struct Written {
    /// What stands behind the colon or dash.
    pub(super) first: Option<String>,
    /// Whole lines below, indented as they are to stand.
    pub(super) rest: Vec<String>,
}

impl Written {
    pub(super) fn inline(text: impl Into<String>) -> Self {
        Self {
            first: Some(text.into()),
            rest: Vec::new(),
        }
    }

    /// Lines of a block: below their key, or behind their dash.
    pub(super) fn block(node: &Node, lines: Vec<String>) -> Self {
        if node.key.is_some() {
            return Self {
                first: None,
                rest: lines,
            };
        }
        let mut lines = lines.into_iter();
        Self {
            first: lines
                .next()
                .map(|line| line.trim_start_matches(' ').to_owned()),
            rest: lines.collect(),
        }
    }
}

/// Puts text in the place of a value, in block style.
pub(super) fn put(page: &Page, id: NodeId, written: &Written) -> Result<Vec<Splice>, Refusal> {
    let node = page.node(id);
    let (head, end) = (node.head(), page.text_end(node));
    if !node.is_block() && !page.is_last_on_line(end) {
        return Err(LAYOUT);
    }
    let lines = written.rest.iter();
    let rest: String = lines.flat_map(|line| [page.newline, line]).collect();
    let space = if node.parent.is_none() { "" } else { " " };
    let first = written.first.as_ref();
    let spaced = first.map_or(String::new(), |first| format!("{space}{first}"));
    let line_end = page.line_end(head);
    let is_on_line = node.start <= line_end;
    Ok(match (node.shape, first) {
        (Shape::Absent, _) => vec![Splice::insert(head, spaced), Splice::insert(line_end, rest)],
        _ if is_on_line && node.is_block() => {
            let end = page.end_with_comments(node);
            let comment = head_comment(page, node);
            vec![Splice::new(head..end, spaced + &comment + &rest)]
        }
        (_, Some(first)) if !node.is_block() && (is_on_line || rest.is_empty()) => vec![
            Splice::new(
                node.start..end,
                format!("{first}{}", header_comment(page, node)),
            ),
            Splice::insert(page.line_end(end), rest),
        ],
        _ if is_on_line => vec![
            Splice::new(head..end, header_comment(page, node)),
            Splice::insert(page.line_end(end), rest),
        ],
        _ => vec![
            Splice::insert(head, spaced),
            Splice::new(line_end..page.end_with_comments(node), rest),
        ],
    })
}

/// The comment behind the anchor of a block that starts on the next line, as the end of a line.
fn head_comment(page: &Page, node: &Node) -> String {
    let line = node.head()..page.line_end(node.head());
    let first = node.children.first().map(|first| page.node(*first).lead());
    let comment = page
        .tree
        .comment_in(&line)
        .filter(|_| first > Some(line.end));
    let text = comment.map(|comment| page.part(comment.clone()).trim_end());
    text.map(|text| format!(" {text}")).unwrap_or_default()
}

/// The comment behind the header of a block scalar, as the end of a line.
fn header_comment(page: &Page, node: &Node) -> String {
    let header = node.start..page.line_end(node.start);
    let comment = page
        .tree
        .comment_in(&header)
        .filter(|_| node.is_block_scalar());
    let text = comment.map(|comment| page.part(comment.clone()).trim_end());
    text.map(|text| format!(" {text}")).unwrap_or_default()
}

/// The column in which the entries of this collection stand, or would stand.
fn column_of_entries(page: &Page, id: NodeId, is_mapping: bool) -> usize {
    match page.tree.children(id).next() {
        Some(first) => page.column(first.lead()),
        None => column_below(page, id, is_mapping),
    }
}

/// The column in which entries of a new collection would stand in the place of this value.
pub(super) fn column_below(page: &Page, id: NodeId, is_mapping: bool) -> usize {
    let node = page.node(id);
    let layout = Layout::around(page, id);
    match (&node.key, node.parent) {
        (Some(key), _) if is_mapping => page.column(key.start) + layout.step,
        (Some(key), _) => page.column(key.start) + layout.list,
        (None, None) => 0,
        (None, Some(_)) => page.column(node.lead()) + 2,
    }
}

/// Adds an entry or item to a collection in block style, or to an empty one.
pub(super) fn insert(
    page: &Page,
    parent: NodeId,
    slot: Slot<'_>,
    piece: &Piece<'_>,
) -> Result<Vec<Splice>, Refusal> {
    let node = page.node(parent);
    let column = column_of_entries(page, parent, matches!(slot, Slot::Key(_)));
    let lines = lines(page, parent, slot, piece, column)?;
    if node.children.is_empty() {
        return put(page, parent, &Written::block(node, lines));
    }
    Ok(vec![match position(page, parent, slot) {
        Position::Before(id) => {
            let at = page.start_with_comments(page.node(id));
            let text = page.joined(&lines);
            let text = text.trim_start_matches(' ');
            Splice::insert(at, format!("{text}{}{}", page.newline, " ".repeat(column)))
        }
        Position::After(id) => {
            let sibling = page.node(id);
            if !sibling.is_block() && !page.is_last_on_line(page.text_end(sibling)) {
                return Err(LAYOUT);
            }
            let at = page.end_with_comments(sibling);
            Splice::insert(at, format!("{}{}", page.newline, page.joined(&lines)))
        }
    }])
}

/// The lines of a new entry or item, as they are to stand.
fn lines(
    page: &Page,
    parent: NodeId,
    slot: Slot<'_>,
    piece: &Piece<'_>,
    column: usize,
) -> Result<Vec<String>, Refusal> {
    let layout = Layout::around(page, parent);
    let form = &piece.form;
    if let Some(whole) = &form.whole {
        return Ok(whole.at(column).collect());
    }
    let behind = behind_dash(page, parent);
    let text = form.text.as_ref().filter(|text| !text.contains('\n'));
    let written = match (text, &form.body, slot) {
        (Some(text), _, Slot::Key(key)) => {
            vec![format!("{}: {text}{}", string(key), piece.trailing())]
        }
        (Some(text), _, Slot::Index(_)) => vec![format!("- {text}{}", piece.trailing())],
        (None, Some(body), Slot::Key(key)) => {
            let is_mapping = piece.value.is_object();
            let inner = if is_mapping { layout.step } else { layout.list };
            let head = std::iter::once(format!("{}:", string(key)));
            head.chain(body.at(inner)).collect()
        }
        (None, Some(body), Slot::Index(_)) => {
            let mut lines: Vec<_> = body.at(behind).collect();
            if let Some(first) = lines.first_mut() {
                first.replace_range(..1, "-");
            }
            lines
        }
        _ if piece.tells_more => return Err(LOSES),
        (None, None, Slot::Key(key)) => layout.entry(&string(key), piece.value),
        (None, None, Slot::Index(_)) => layout.item(piece.value, behind),
    };
    let written = piece.above.iter().chain(&written);
    Ok(written.map(|line| shifted(line, 0, column)).collect())
}

/// How far behind its dash the first item starts.
fn behind_dash(page: &Page, parent: NodeId) -> usize {
    let first = page.tree.children(parent).next();
    let distance = first
        .filter(|first| first.start <= page.line_end(first.lead()))
        .and_then(|first| {
            page.column(first.start)
                .checked_sub(page.column(first.lead()))
        });
    distance
        .filter(|distance| (2..=8).contains(distance))
        .unwrap_or(2)
}

/// Takes an entry or item out of a block.
pub(super) fn remove(page: &Page, id: NodeId) -> Result<Vec<Splice>, Refusal> {
    let node = page.node(id);
    let parent = node.parent.ok_or("it is the whole document")?;
    if page.node(parent).children.len() == 1 {
        let empty = if page.node(parent).is_mapping() {
            "{}"
        } else {
            "[]"
        };
        return put(page, parent, &Written::inline(empty));
    }
    if !node.is_block() && !page.is_last_on_line(page.text_end(node)) {
        return Err(LAYOUT);
    }
    let start = page.start_with_comments(node);
    let end = page.end_with_comments(node);
    if !page.is_first_on_line(start) {
        // The first entry behind a dash: the next one takes its place.
        let next = page.tree.children(parent).nth(1).ok_or(LAYOUT)?;
        let prefix = page.part(page.line_start(start)..start);
        let is_plain = prefix.bytes().all(|byte| matches!(byte, b' ' | b'-'));
        let next = page.start_with_comments(next);
        return if is_plain && next > start {
            Ok(vec![Splice::delete(start..next)])
        } else {
            Err(LAYOUT)
        };
    }
    let line = page.line_start(start);
    let previous = page.part(0..line);
    let range = match previous.strip_suffix('\n') {
        Some(previous) => previous.strip_suffix('\r').unwrap_or(previous).len()..end,
        None => line..page.next_line(end).unwrap_or(end),
    };
    Ok(vec![Splice::delete(range)])
}
