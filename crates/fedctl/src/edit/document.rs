//! How does a patch change the text of one document? Step by step, each on the text that the one
//! before has left, and checked against what the patch makes of the value.

use fed_core::PatchOperation;
use serde_json::Value;

use super::error::EditError;
use super::page::Page;
use super::piece::Piece;
use super::place::{Place, differs, insert, moved, remove, set};
use super::rename::rename;
use super::steps::{Step, steps};
use super::value::{same, too_deep};
use crate::read;

/// How much a patch may add: copies of copies multiply.
const GROWTH: usize = 16 << 20;

/// The text with the patch applied, and what it then says.
pub(super) fn apply(
    text: &str,
    value: &Value,
    patch: &[PatchOperation],
    newline: &'static str,
) -> Result<(String, Value), EditError> {
    let limit = text.len().saturating_add(GROWTH);
    let (mut text, mut value) = (text.to_owned(), value.clone());
    for (number, operation) in patch.iter().enumerate() {
        let expected = patched(&value, operation, number)?;
        for step in steps(operation, &value) {
            let page = Page::of(text, newline).ok_or_else(|| differs(step.path().as_str()))?;
            text = take(&page, &step, &value)?;
        }
        let says_so = read::value_of(&text).is_some_and(|read| same(&read, &expected));
        if !says_so {
            return Err(differs(&operation.path));
        }
        if text.len() > limit {
            return Err(EditError::Unsupported {
                path: operation.path.clone(),
                why: "it would grow by more than 16 MiB",
            });
        }
        value = expected;
    }
    Ok((text, value))
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

/// The text after one step.
fn take(page: &Page, step: &Step, value: &Value) -> Result<String, EditError> {
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
            rename(page, id, name).map_err(|why| place.unsupported(why))?
        }
        Step::Move { from, to } => return moved(&place, from, to, value),
    };
    place.spliced(splices)
}
