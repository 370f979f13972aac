//! How is one value set, added, taken away or moved, whatever the style of its place?

use std::borrow::Cow;

use fed_core::Pointer;
use serde_json::Value;

use super::error::EditError;
use super::page::{Page, Splice};
use super::piece::{Piece, Slot};
use super::steps::without_item;
use super::syntax::{Lost, NodeId, Shape};
use super::write::{Layout, indented, requoted};
use super::{block, flow};

pub(super) fn differs(path: &str) -> EditError {
    EditError::Differs {
        path: path.to_owned(),
    }
}

/// One step's place, for errors.
pub(super) struct Place<'p> {
    pub(super) page: &'p Page,
    pub(super) path: &'p Pointer,
}

impl Place<'_> {
    pub(super) fn unsupported(&self, why: &'static str) -> EditError {
        EditError::Unsupported {
            path: self.path.to_string(),
            why,
        }
    }

    fn lost(&self, lost: Lost) -> EditError {
        let path = self.path.to_string();
        match lost {
            Lost::Alias => EditError::BehindAlias { path },
            Lost::Merged => EditError::Merged { path },
            Lost::Missing => EditError::Differs { path },
        }
    }

    pub(super) fn find(&self, path: &Pointer) -> Result<NodeId, EditError> {
        let tokens: Vec<Cow<'_, str>> = path.tokens().collect();
        let found = self.page.tree.find(tokens.iter().map(AsRef::as_ref));
        found.map_err(|lost| self.lost(lost))
    }

    fn line(&self, at: usize) -> usize {
        self.page.part(0..at).matches('\n').count() + 1
    }

    /// Refuses what would change the values of aliases elsewhere.
    fn not_shared(&self, id: NodeId) -> Result<(), EditError> {
        let tree = &self.page.tree;
        let alias = tree
            .ancestors(id)
            .find_map(|around| tree.aliases_of(around).next());
        match alias {
            Some(at) => Err(EditError::Shared {
                path: self.path.to_string(),
                line: self.line(at),
            }),
            None => Ok(()),
        }
    }

    /// Refuses what would take away anchors that are needed elsewhere.
    pub(super) fn not_needed(&self, id: NodeId) -> Result<(), EditError> {
        let node = self.page.node(id);
        match self.page.tree.alias_into(&(node.start..node.end)) {
            Some(at) => Err(EditError::AnchorNeeded {
                path: self.path.to_string(),
                line: self.line(at),
            }),
            None => Ok(()),
        }
    }

    pub(super) fn parent_not_shared(&self, id: NodeId) -> Result<(), EditError> {
        self.page
            .node(id)
            .parent
            .map_or(Ok(()), |parent| self.not_shared(parent))
    }

    pub(super) fn spliced(&self, splices: Vec<Splice>) -> Result<String, EditError> {
        let text = self.page.spliced(splices);
        text.ok_or_else(|| differs(self.path.as_str()))
    }
}

/// Does the collection, or will it, have flow style?
fn takes_flow(page: &Page, id: NodeId) -> bool {
    let node = page.node(id);
    page.is_json || page.tree.is_in_flow(id) || node.is_flow() && !node.children.is_empty()
}

pub(super) fn set(
    place: &Place<'_>,
    path: &Pointer,
    new: &Value,
) -> Result<Vec<Splice>, EditError> {
    let page = place.page;
    let id = match place.find(path) {
        // An entry of its own, below the merge key, wins over what that brings in.
        Err(EditError::Merged { .. }) => return insert(place, path, &Piece::new(new)),
        found => found?,
    };
    place.not_shared(id)?;
    place.not_needed(id)?;
    let node = page.node(id);
    if page.is_json || page.tree.is_in_flow(id) {
        return Ok(flow::put(page, id, new));
    }
    let layout = Layout::around(page, id);
    let is_block = match new {
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    let written = match new {
        _ if is_block => {
            let column = block::column_below(page, id, new.is_object());
            block::Written::block(node, lines_at(&layout.lines(new), column))
        }
        _ => match requoted(page, node, new) {
            Some(text) => block::Written::inline(text),
            None => {
                let column = block::column_below(page, id, true);
                let mut lines = layout.lines(new).into_iter();
                block::Written {
                    first: lines.next(),
                    rest: lines_at(&lines.collect::<Vec<_>>(), column),
                }
            }
        },
    };
    block::put(page, id, &written).map_err(|why| place.unsupported(why))
}

fn lines_at(lines: &[String], column: usize) -> Vec<String> {
    lines.iter().map(|line| indented(line, column)).collect()
}

pub(super) fn remove(place: &Place<'_>, id: NodeId) -> Result<Vec<Splice>, EditError> {
    let page = place.page;
    let is_flow = page
        .node(id)
        .parent
        .is_some_and(|parent| page.node(parent).is_flow());
    let splices = if is_flow {
        flow::remove(page, id)
    } else {
        block::remove(page, id)
    };
    splices.map_err(|why| place.unsupported(why))
}

pub(super) fn insert(
    place: &Place<'_>,
    path: &Pointer,
    piece: &Piece<'_>,
) -> Result<Vec<Splice>, EditError> {
    let page = place.page;
    let parent = path
        .parent()
        .ok_or_else(|| place.unsupported("it is the whole document"))?;
    let id = place.find(&parent)?;
    place.not_shared(id)?;
    let node = page.node(id);
    if node.shape == Shape::Alias {
        return Err(place.lost(Lost::Alias));
    }
    let token = path.tokens().last().unwrap_or_default();
    let slot = if node.is_mapping() {
        Slot::Key(&token)
    } else {
        Slot::Index(token.parse().unwrap_or(usize::MAX))
    };
    let splices = if takes_flow(page, id) {
        flow::insert(page, id, slot, piece)
    } else {
        block::insert(page, id, slot, piece)
    };
    splices.map_err(|why| place.unsupported(why))
}

/// Takes out and puts in at once where that is possible, so that anchors and their aliases need
/// not be apart in between.
pub(super) fn moved(
    place: &Place<'_>,
    from: &Pointer,
    to: &Pointer,
    document: &Value,
) -> Result<String, EditError> {
    let page = place.page;
    let id = place.find(from)?;
    place.parent_not_shared(id)?;
    let value = from.resolve(document).cloned().unwrap_or_default();
    let parent = to.parent().unwrap_or_default();
    let without = without_item(from, to, document);
    let is_key = parent.resolve(without.as_ref().unwrap_or(document));
    let is_key = is_key.is_some_and(Value::is_object);
    let name = to.tokens().last().unwrap_or_default();
    let key = is_key.then_some(name.as_ref());
    let piece = Piece::cut(page, id, key, &value).map_err(|why| place.unsupported(why))?;
    let out = remove(place, id)?;
    let is_one_list = page.node(id).name().is_none() && from.parent().as_ref() == Some(&parent);
    if without.is_none() && !is_one_list {
        let there = Place { page, path: to };
        let mut splices = insert(&there, to, &piece)?;
        if !overlap(&splices, &out) {
            splices.extend(out);
            return with_anchors(place, place.spliced(splices)?);
        }
    }
    place.not_needed(id)?;
    let text = place.spliced(out)?;
    let page = Page::of(text, page.newline).ok_or_else(|| differs(from.as_str()))?;
    let there = Place {
        page: &page,
        path: to,
    };
    let splices = insert(&there, to, &piece)?;
    with_anchors(&there, there.spliced(splices)?)
}

/// The text, unless an alias in it has lost its anchor.
fn with_anchors(place: &Place<'_>, text: String) -> Result<String, EditError> {
    match Page::of(text, place.page.newline) {
        Some(page) => Ok(page.text),
        None => Err(place.unsupported("an alias would stand before its anchor")),
    }
}

fn overlap(left: &[Splice], right: &[Splice]) -> bool {
    let crosses =
        |a: &Splice, b: &Splice| a.range.start < b.range.end && b.range.start < a.range.end;
    left.iter().any(|a| right.iter().any(|b| crosses(a, b)))
}
