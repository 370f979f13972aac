//! Where among its siblings does a new entry stand? In an object nothing depends on it, so that it
//! is put where people look for it.

use super::page::Page;
use super::piece::Slot;
use super::syntax::{Node, NodeId};

/// How Kubernetes' own examples order the fields they have in common.
const USUAL: [&str; 20] = [
    "apiVersion",
    "kind",
    "metadata",
    "name",
    "generateName",
    "namespace",
    "labels",
    "annotations",
    "spec",
    "replicas",
    "selector",
    "strategy",
    "template",
    "placement",
    "overrides",
    "matchLabels",
    "matchExpressions",
    "containers",
    "data",
    "status",
];

/// Beside which child.
pub(super) enum Position {
    Before(NodeId),
    After(NodeId),
}

/// The position of a new child in a collection that is not empty.
pub(super) fn position(page: &Page, parent: NodeId, slot: Slot<'_>) -> Position {
    let children = &page.node(parent).children;
    let last = children.last().copied().unwrap_or(parent);
    match slot {
        Slot::Index(index) => match children.get(index) {
            Some(child) => Position::Before(*child),
            None => Position::After(last),
        },
        Slot::Key(key) => among(page, children, key).unwrap_or(Position::After(last)),
    }
}

fn among(page: &Page, children: &[NodeId], key: &str) -> Option<Position> {
    // What a merge key brings in wins over what stands above it.
    if children.iter().any(|child| page.node(*child).is_merge()) {
        return None;
    }
    let rank = |name: &str| USUAL.iter().position(|usual| *usual == name);
    let own = rank(key)?;
    let rank_of = |child: &NodeId| page.node(*child).name().and_then(rank);
    let later = children
        .iter()
        .find(|child| rank_of(child).is_some_and(|rank| rank > own));
    let earlier = || {
        children
            .iter()
            .rev()
            .find(|child| rank_of(child).is_some_and(|rank| rank < own))
    };
    later
        .map(|child| Position::Before(*child))
        .or_else(|| earlier().map(|child| Position::After(*child)))
}

/// The child that stands before another.
pub(super) fn previous(page: &Page, parent: NodeId, id: NodeId) -> Option<&Node> {
    let children = &page.node(parent).children;
    let at = children.iter().position(|child| *child == id)?;
    children
        .get(at.checked_sub(1)?)
        .map(|child| page.node(*child))
}
