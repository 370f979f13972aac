//! How does a patch change the text of one document? Step by step, each on the text that the one
//! before has left, and checked against what the patch makes of the value.

use std::borrow::Cow;

use fed_core::{PatchOperation, Pointer};
use serde_json::Value;

use super::error::EditError;
use super::page::{Page, Splice};
use super::piece::{Piece, Slot};
use super::steps::{Step, steps};
use super::syntax::{Lost, NodeId};
use super::value::{same, too_deep};
use super::write::{Layout, requoted};
use super::{block, flow, rename};
use crate::read;

/// The text with the patch applied, and what it then says.
pub(super) fn apply(
    text: &str,
    value: &Value,
    patch: &[PatchOperation],
    newline: &'static str,
) -> Result<(String, Value), EditError> {
    let (mut text, mut value) = (text.to_owned(), value.clone());
    for (number, operation) in patch.iter().enumerate() {
        let expected = patched(&value, operation, number)?;
        for step in steps(operation, &value) {
            let page = Page::of(text, newline).ok_or_else(|| differs(step.path().as_str()))?;
            text = take(&page, &step, &value, newline)?;
        }
        let says_so = read::value_of(&text).is_some_and(|read| same(&read, &expected));
        if !says_so {
            return Err(differs(&operation.path));
        }
        value = expected;
    }
    Ok((text, value))
}

fn differs(path: &str) -> EditError {
    EditError::Differs {
        path: path.to_owned(),
    }
}

/// What the operation makes of the value.
fn patched(value: &Value, operation: &PatchOperation, number: usize) -> Result<Value, EditError> {
    let does_not_apply = || EditError::DoesNotApply {
        operation: number,
        op: operation.op.to_string(),
        path: operation.path.clone(),
    };
    if operation.value.as_ref().is_some_and(too_deep) {
        return Err(does_not_apply());
    }
    let operation = serde_json::to_value(operation)
        .and_then(serde_json::from_value::<json_patch::PatchOperation>)
        .map_err(|_| does_not_apply())?;
    let mut patched = value.clone();
    json_patch::patch_unsafe(&mut patched, &[operation]).map_err(|_| does_not_apply())?;
    Ok(patched)
}

/// One step's place, for errors.
struct Place<'p> {
    page: &'p Page,
    path: &'p Pointer,
}

impl Place<'_> {
    fn unsupported(&self, why: &'static str) -> EditError {
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

    fn find(&self, path: &Pointer) -> Result<NodeId, EditError> {
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
    fn not_needed(&self, id: NodeId) -> Result<(), EditError> {
        let node = self.page.node(id);
        match self.page.tree.alias_into(&(node.start..node.end)) {
            Some(at) => Err(EditError::AnchorNeeded {
                path: self.path.to_string(),
                line: self.line(at),
            }),
            None => Ok(()),
        }
    }

    fn parent_not_shared(&self, id: NodeId) -> Result<(), EditError> {
        self.page
            .node(id)
            .parent
            .map_or(Ok(()), |parent| self.not_shared(parent))
    }

    fn spliced(&self, splices: Vec<Splice>) -> Result<String, EditError> {
        let text = self.page.spliced(splices);
        text.ok_or_else(|| differs(self.path.as_str()))
    }
}

/// Does the collection, or will it, have flow style?
fn takes_flow(page: &Page, id: NodeId) -> bool {
    let node = page.node(id);
    page.is_json || page.tree.is_in_flow(id) || node.is_flow() && !node.children.is_empty()
}

fn take(
    page: &Page,
    step: &Step,
    value: &Value,
    newline: &'static str,
) -> Result<String, EditError> {
    let path = step.path();
    let place = Place { page, path };
    let splices = match step {
        Step::Set(path, new) => set(&place, path, new)?,
        Step::Remove(path) => {
            let id = place.find(path)?;
            place.parent_not_shared(id)?;
            place.not_needed(id)?;
            remove(&place, id)?
        }
        Step::Insert(path, new) => insert(&place, path, &Piece::new(new))?,
        Step::Rename(path, name) => {
            let id = place.find(path)?;
            place.parent_not_shared(id)?;
            rename::rename(page, id, name).map_err(|why| place.unsupported(why))?
        }
        Step::Move { from, to } => return moved(&place, from, to, value, newline),
    };
    place.spliced(splices)
}

fn set(place: &Place<'_>, path: &Pointer, new: &Value) -> Result<Vec<Splice>, EditError> {
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
    lines
        .iter()
        .map(|line| super::write::indented(line, column))
        .collect()
}

fn remove(place: &Place<'_>, id: NodeId) -> Result<Vec<Splice>, EditError> {
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

fn insert(place: &Place<'_>, path: &Pointer, piece: &Piece<'_>) -> Result<Vec<Splice>, EditError> {
    let page = place.page;
    let parent = path
        .parent()
        .ok_or_else(|| place.unsupported("it is the whole document"))?;
    let id = place.find(&parent)?;
    place.not_shared(id)?;
    let node = page.node(id);
    if node.shape == super::syntax::Shape::Alias {
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
fn moved(
    place: &Place<'_>,
    from: &Pointer,
    to: &Pointer,
    document: &Value,
    newline: &'static str,
) -> Result<String, EditError> {
    let page = place.page;
    let id = place.find(from)?;
    place.parent_not_shared(id)?;
    let value = from.resolve(document).cloned().unwrap_or_default();
    let parent = to.parent().unwrap_or_default();
    let is_key = page
        .node(place.find(&parent).or_else(|_| place.find(from))?)
        .is_mapping();
    let name = to.tokens().last().unwrap_or_default();
    let key = is_key.then_some(name.as_ref());
    let piece = Piece::cut(page, id, key, &value).map_err(|why| place.unsupported(why))?;
    let out = remove(place, id)?;
    let is_list = from
        .parent()
        .and_then(|list| list.resolve(document))
        .is_some_and(Value::is_array);
    let shifts = is_list && from.parent().is_some_and(|list| parent.starts_with(&list));
    if !shifts {
        let there = Place { page, path: to };
        let mut splices = insert(&there, to, &piece)?;
        if !overlap(&splices, &out) {
            splices.extend(out);
            return with_anchors(place, place.spliced(splices)?);
        }
    }
    place.not_needed(id)?;
    let text = place.spliced(out)?;
    let page = Page::of(text, newline).ok_or_else(|| differs(from.as_str()))?;
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
