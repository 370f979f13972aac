//! How does a key get another name in its place?

use super::block::Refusal;
use super::page::{Page, Splice};
use super::syntax::NodeId;
use super::write::Flow;
use crate::output::yaml::{quoted, string};

/// Writes another key, in the style of the old one.
pub(super) fn key_text(page: &Page, id: NodeId, name: &str) -> Result<String, Refusal> {
    let node = page.node(id);
    let key = node.key.as_ref().ok_or("it has no key")?;
    if key.start != key.range.start {
        return Err("its key has an anchor or a tag");
    }
    let old = page.part(key.range.clone());
    let is_printable = !name.chars().any(char::is_control);
    Ok(if old.starts_with('"') {
        quoted(name)
    } else if old.starts_with('\'') && is_printable {
        format!("'{}'", name.replace('\'', "''"))
    } else if page.tree.is_in_flow(id) {
        Flow::around(page, node.parent.unwrap_or(id)).text(name)
    } else {
        string(name)
    })
}

/// Gives an entry another key where it stands.
pub(super) fn rename(page: &Page, id: NodeId, name: &str) -> Result<Vec<Splice>, Refusal> {
    let key = page.node(id).key.as_ref().ok_or("it has no key")?;
    Ok(vec![Splice::new(
        key.range.clone(),
        key_text(page, id, name)?,
    )])
}
