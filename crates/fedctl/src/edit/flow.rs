//! How does an entry come into a flow collection (`{..}`, `[..]`, JSON), or out of it? Commas, and
//! lines where each entry has its own.

use std::ops::Range;

use serde_json::Value;

use super::block::Refusal;
use super::order::{Position, position, previous};
use super::page::{Page, Splice, shifted};
use super::piece::{Piece, Slot};
use super::syntax::{Node, NodeId, Shape};
use super::write::{Flow, flow_step, requoted};

const LOSES: Refusal =
    "comments, anchors or aliases in it would be lost in the style of its new place";

/// Where the entry ends, without what stands behind it.
fn end(node: &Node) -> usize {
    let key_end = node.key.as_ref().map_or(0, |key| key.range.end);
    node.end
        .max(key_end)
        .max(match node.key.as_ref().and_then(|key| key.colon) {
            Some(colon) if node.shape == Shape::Absent => colon + 1,
            _ => 0,
        })
}

/// The comma behind an entry.
fn comma(page: &Page, node: &Node) -> Option<usize> {
    let mut at = end(node);
    loop {
        let rest = page.part(at..page.text.len());
        at += rest.len() - rest.trim_start().len();
        match page.tree.comment_at(at) {
            Some(comment) => at = comment.end,
            None => {
                return page
                    .part(at..page.text.len())
                    .starts_with(',')
                    .then_some(at);
            }
        }
    }
}

/// The comment on the line on which the entry ends, behind its comma if it has one.
pub(super) fn comment_behind<'p>(page: &'p Page, node: &Node) -> Option<&'p str> {
    comment_after(page, node).map(|range| page.part(range).trim_end())
}

fn comment_after(page: &Page, node: &Node) -> Option<Range<usize>> {
    let end = end(node);
    let line_end = page.line_end(end);
    let from = comma(page, node)
        .filter(|comma| *comma < line_end)
        .map_or(end, |comma| comma + 1);
    let rest = page.part(from..line_end);
    let at = from + rest.len() - rest.trim_start().len();
    page.tree
        .comment_at(at)
        .map(|comment| comment.start..comment.end.min(line_end))
}

/// The part of the text that goes away with an entry, but for commas before it.
pub(super) fn extent(page: &Page, id: NodeId) -> Range<usize> {
    let node = page.node(id);
    let start = page.start_with_comments(node);
    let end = comma(page, node).map_or(end(node), |comma| comma + 1);
    let end = comment_after(page, node).map_or(end, |comment| comment.end.max(end));
    start..end
}

/// Between the brackets.
fn inside(page: &Page, node: &Node) -> Range<usize> {
    let text = page.part(node.start..node.end);
    // An anchor or a tag may stand before the bracket.
    let open = text.find(['{', '[']).unwrap_or_default();
    node.start + open + 1..node.end.saturating_sub(1)
}

/// Takes an entry or item out.
pub(super) fn remove(page: &Page, id: NodeId) -> Result<Vec<Splice>, Refusal> {
    let node = page.node(id);
    let parent = node.parent.ok_or("it is the whole document")?;
    let children = &page.node(parent).children;
    if !has_brackets(page, parent) {
        return Err("it stands in a list as an entry without brackets");
    }
    if children.len() == 1 {
        return Ok(vec![Splice::delete(inside(page, page.node(parent)))]);
    }
    let Range {
        start,
        end: extent_end,
    } = extent(page, id);
    let mut splices = Vec::new();
    let comma = comma(page, node);
    let has_own_line = page.is_first_on_line(start) && start > page.node(parent).start;
    let is_line_over = page
        .part(extent_end..page.line_end(extent_end))
        .trim()
        .is_empty();
    if comma.is_none()
        && let Some(previous) = previous(page, parent, id)
    {
        let comma = self::comma(page, previous).ok_or("there is no comma before it")?;
        if !has_own_line && page.tree.comment_in(&(comma..start)).is_none() {
            return Ok(vec![Splice::delete(self::end(previous)..extent_end)]);
        }
        splices.push(Splice::delete(comma..comma + 1));
    }
    let range = match (has_own_line && is_line_over, is_line_over) {
        (true, _) => {
            let before = page.part(0..page.line_start(start));
            before
                .trim_end_matches(['\n', '\r'])
                .len()
                .max(before.len().saturating_sub(2))..extent_end
        }
        (false, true) => page.part(0..start).trim_end_matches([' ', '\t']).len()..extent_end,
        (false, false) => {
            let rest = page.part(extent_end..page.text.len());
            start..extent_end + rest.len() - rest.trim_start_matches([' ', '\t']).len()
        }
    };
    splices.push(Splice::delete(range));
    Ok(splices)
}

/// `[a: 1]` holds a mapping without brackets.
fn has_brackets(page: &Page, id: NodeId) -> bool {
    let node = page.node(id);
    page.part(node.start..node.end).ends_with(['}', ']'])
}

/// Puts a value in the place of another.
pub(super) fn put(page: &Page, id: NodeId, value: &Value) -> Vec<Splice> {
    let node = page.node(id);
    let style = Flow::around(page, node.parent.unwrap_or(id));
    let indentation = page.indentation(node.lead());
    let text = requoted(page, node, value)
        .unwrap_or_else(|| style.value(value, indentation, page.newline));
    if node.shape != Shape::Absent {
        return vec![Splice::new(node.start..node.end, text)];
    }
    let key = node.key.as_ref();
    vec![match key.and_then(|key| key.colon) {
        Some(colon) => Splice::insert(colon + 1, format!(" {text}")),
        None => Splice::insert(
            key.map_or(node.start, |key| key.range.end),
            format!(": {text}"),
        ),
    }]
}

/// Adds an entry or item.
pub(super) fn insert(
    page: &Page,
    parent: NodeId,
    slot: Slot<'_>,
    piece: &Piece<'_>,
) -> Result<Vec<Splice>, Refusal> {
    let node = page.node(parent);
    if !has_brackets(page, parent) {
        return Err("it stands in a list as an entry without brackets");
    }
    let style = Flow::around(page, parent);
    if node.children.is_empty() {
        return insert_first(page, parent, slot, piece, &style);
    }
    let place = position(page, parent, slot);
    let (Position::Before(id) | Position::After(id)) = place;
    let sibling = page.node(id);
    let has_own_line =
        page.is_first_on_line(sibling.lead()) && page.line_start(sibling.lead()) > node.start;
    let indentation = page.indentation(sibling.lead());
    let entry = entry(page, slot, piece, &style, indentation)?;
    if !has_own_line {
        if !piece.above.is_empty() || piece.behind.is_some() {
            return Err(LOSES);
        }
        let space = style.after_comma();
        return Ok(vec![match place {
            Position::Before(_) => Splice::insert(sibling.lead(), format!("{entry},{space}")),
            Position::After(_) => Splice::insert(end(sibling), format!(",{space}{entry}")),
        }]);
    }
    let indent = " ".repeat(page.column(sibling.lead()));
    let newline = format!("{}{indent}", page.newline);
    let lines = piece.above.iter();
    let above: String = lines.flat_map(|line| [line, newline.as_str()]).collect();
    let behind = piece.trailing();
    if let Position::Before(_) = place {
        let at = page.start_with_comments(sibling);
        return Ok(vec![Splice::insert(
            at,
            format!("{above}{entry},{behind}{newline}"),
        )]);
    }
    let comma = comma(page, sibling);
    let at = extent(page, id).end;
    let own_comma = if comma.is_some() { "," } else { "" };
    let mut splices = vec![Splice::insert(
        at,
        format!("{newline}{above}{entry}{own_comma}{behind}"),
    )];
    if comma.is_none() {
        splices.insert(0, Splice::insert(end(sibling), ","));
    }
    Ok(splices)
}

/// Adds the first entry, on a line of its own where the collections around have such lines.
fn insert_first(
    page: &Page,
    parent: NodeId,
    slot: Slot<'_>,
    piece: &Piece<'_>,
    style: &Flow,
) -> Result<Vec<Splice>, Refusal> {
    let node = page.node(parent);
    let indentation = page.indentation(node.lead());
    let has_comments = !piece.above.is_empty() || piece.behind.is_some();
    let mut around = page.tree.ancestors(parent).skip(1);
    let step = if has_comments {
        around.find_map(|around| flow_step(page, around))
    } else {
        let next = around.next().filter(|_| style.is_pretty());
        next.and_then(|around| flow_step(page, around))
    };
    let Some(step) = step else {
        if has_comments {
            return Err(LOSES);
        }
        let entry = entry(page, slot, piece, style, indentation)?;
        return Ok(vec![Splice::new(inside(page, node), entry)]);
    };
    let indent = format!("{}{}", page.newline, " ".repeat(indentation + step));
    let entry = entry(page, slot, piece, style, indentation + step)?;
    let lines = piece.above.iter();
    let mut text: String = lines.flat_map(|line| [indent.as_str(), line]).collect();
    text += &[&indent, entry.as_str(), &piece.trailing(), page.newline].concat();
    text += &" ".repeat(indentation);
    Ok(vec![Splice::new(inside(page, node), text)])
}

/// The text of an entry or item whose line is indented so much.
fn entry(
    page: &Page,
    slot: Slot<'_>,
    piece: &Piece<'_>,
    style: &Flow,
    indentation: usize,
) -> Result<String, Refusal> {
    let form = &piece.form;
    let value = match form.text.as_ref().filter(|_| form.is_safe_in_flow) {
        Some(text) => {
            let mut lines = text.split('\n').map(|line| line.trim_end_matches('\r'));
            let first = lines.next().unwrap_or_default().to_owned();
            let rest = lines.map(|line| shifted(line, piece.indentation, indentation));
            let lines: Vec<_> = std::iter::once(first).chain(rest).collect();
            page.joined(&lines)
        }
        _ if piece.tells_more => return Err(LOSES),
        _ => style.value(piece.value, indentation, page.newline),
    };
    Ok(match slot {
        Slot::Key(key) => format!("{}{value}", style.key(key)),
        Slot::Index(_) => value,
    })
}
