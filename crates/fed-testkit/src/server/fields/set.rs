//! Which fields does somebody own? A tree of path elements, with the operations of sets.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use fed_schema::Type;
use serde_json::{Map, Value};

use super::element::PathElement;
use super::typed;

/// A set of paths to fields.
///
/// ```
/// use fed_testkit::server::fields::FieldSet;
/// use serde_json::json;
///
/// let mine = FieldSet::decode(&json!({"f:data": {".": {}, "f:sky": {}}})).unwrap();
/// let yours = FieldSet::decode(&json!({"f:data": {"f:sky": {}, "f:sea": {}}})).unwrap();
/// let paths: Vec<String> = mine.intersection(&yours).paths();
/// assert_eq!(paths, [".data.sky"]);
/// assert_eq!(mine.difference(&yours).encode(), json!({"f:data": {}}));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSet {
    nodes: BTreeMap<PathElement, Node>,
}

/// One place of the tree: is it in the set itself, and what below it is? One of both it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) member: bool,
    pub(super) below: FieldSet,
}

impl Node {
    pub(super) fn into_member(self) -> Self {
        Self {
            member: true,
            ..self
        }
    }

    fn is_empty(&self) -> bool {
        !self.member && self.below.is_empty()
    }
}

impl FieldSet {
    /// The set of no paths.
    pub const fn new() -> Self {
        Self {
            nodes: BTreeMap::new(),
        }
    }

    /// The set of one path of field names.
    pub fn of_fields(names: &[&str]) -> Self {
        let mut set = Self::new();
        let path: Vec<_> = names.iter().map(|name| PathElement::field(*name)).collect();
        set.insert(&path);
        set
    }

    /// Is no path in it?
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Puts a path into the set; the empty path is none.
    pub fn insert(&mut self, path: &[PathElement]) {
        let Some((first, rest)) = path.split_first() else {
            return;
        };
        let node = match self.nodes.entry(first.clone()) {
            Entry::Occupied(node) => node.into_mut(),
            Entry::Vacant(place) => place.insert(Node::default()),
        };
        if rest.is_empty() {
            node.member = true;
        } else {
            node.below.insert(rest);
        }
    }

    /// Puts what is known of one step down into the set, if anything is.
    pub(super) fn put(&mut self, element: impl FnOnce() -> PathElement, node: Node) {
        if !node.is_empty() {
            self.nodes.insert(element(), node);
        }
    }

    /// Is this path in the set?
    pub fn contains(&self, path: &[PathElement]) -> bool {
        match path {
            [] => false,
            [last] => self.has(last),
            [first, rest @ ..] => self.below(first).is_some_and(|below| below.contains(rest)),
        }
    }

    /// Is the path of this one element in the set?
    pub(super) fn has(&self, element: &PathElement) -> bool {
        self.nodes.get(element).is_some_and(|node| node.member)
    }

    /// What is in the set below an element, if anything is.
    pub(super) fn below(&self, element: &PathElement) -> Option<&FieldSet> {
        let below = &self.nodes.get(element)?.below;
        (!below.is_empty()).then_some(below)
    }

    /// The paths of either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.clone().and(other.clone())
    }

    /// The paths of either set, which are used up.
    #[must_use]
    pub(super) fn and(mut self, other: Self) -> Self {
        if self.is_empty() {
            return other;
        }
        for (element, node) in other.nodes {
            match self.nodes.entry(element) {
                Entry::Vacant(place) => {
                    place.insert(node);
                }
                Entry::Occupied(mut place) => {
                    let mine = place.get_mut();
                    mine.member |= node.member;
                    let below = std::mem::take(&mut mine.below);
                    mine.below = below.and(node.below);
                }
            }
        }
        self
    }

    /// Takes the paths of another set out of this one.
    pub(super) fn remove(&mut self, other: &Self) {
        for (element, that) in &other.nodes {
            let Some(node) = self.nodes.get_mut(element) else {
                continue;
            };
            node.member &= !that.member;
            node.below.remove(&that.below);
            if node.is_empty() {
                self.nodes.remove(element);
            }
        }
    }

    /// Takes the paths of another set out of this one, and all below them.
    pub(super) fn remove_below(&mut self, other: &Self) {
        for (element, that) in &other.nodes {
            let Some(node) = self.nodes.get_mut(element) else {
                continue;
            };
            node.below.remove_below(&that.below);
            if that.member || node.is_empty() {
                self.nodes.remove(element);
            }
        }
    }

    /// The paths of both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let shared = self.nodes.iter().filter_map(|(element, node)| {
            let that = other.nodes.get(element)?;
            let node = Node {
                member: node.member && that.member,
                below: node.below.intersection(&that.below),
            };
            (!node.is_empty()).then(|| (element.clone(), node))
        });
        Self {
            nodes: shared.collect(),
        }
    }

    /// The paths that the other set does not have.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let mut left = self.clone();
        left.remove(other);
        left
    }

    /// The paths that the other set does not have, nor a path above them.
    #[must_use]
    pub fn difference_below(&self, other: &Self) -> Self {
        let mut left = self.clone();
        left.remove_below(other);
        left
    }

    /// This set and every field of a known name that leads to a path of it: fields of objects are
    /// not owned for being led through, but they go when all below them goes.
    #[must_use]
    pub(super) fn with_named_fields(&self, of: Option<Type<'_>>) -> Self {
        let nodes = self.nodes.iter().map(|(element, node)| {
            let inner = of.and_then(|of| typed::step(of, element));
            let is_named = matches!(element, PathElement::Field(name)
                if of.is_some_and(|of| of.field(name).is_some()));
            let node = Node {
                member: node.member || (is_named && !node.below.is_empty()),
                below: node.below.with_named_fields(inner),
            };
            (element.clone(), node)
        });
        Self {
            nodes: nodes.collect(),
        }
    }

    /// Every path, as messages write it, those of few steps before what is below them.
    pub fn paths(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.write_paths("", &mut found);
        found
    }

    fn write_paths(&self, above: &str, found: &mut Vec<String>) {
        let members = self.nodes.iter().filter(|(_, node)| node.member);
        found.extend(members.map(|(element, _)| format!("{above}{element}")));
        for (element, node) in self.nodes.iter().filter(|(_, node)| !node.below.is_empty()) {
            node.below.write_paths(&format!("{above}{element}"), found);
        }
    }

    /// The set as `FieldsV1`.
    pub fn encode(&self) -> Value {
        let fields = self.nodes.iter().map(|(element, node)| {
            let mut below = node.below.encode();
            if let (true, false, Value::Object(fields)) =
                (node.member, node.below.is_empty(), &mut below)
            {
                fields.insert(".".to_owned(), Value::Object(Map::new()));
            }
            (element.encode(), below)
        });
        Value::Object(fields.collect())
    }

    /// Reads `FieldsV1`; `None` for what is none. Elements of an unknown sort are left out, as a
    /// server does.
    pub fn decode(fields: &Value) -> Option<Self> {
        let mut nodes = BTreeMap::new();
        for (name, below) in fields.as_object()?.iter().filter(|(name, _)| *name != ".") {
            let node = Node {
                member: below.get(".").is_some() || below.as_object()?.is_empty(),
                below: Self::decode(below)?,
            };
            let element = PathElement::decode(name);
            if element.is_none() && matches!(name.get(..2), Some("f:" | "k:" | "v:" | "i:")) {
                return None;
            }
            if let Some(element) = element.filter(|_| !node.is_empty()) {
                nodes.insert(element, node);
            }
        }
        Some(Self { nodes })
    }
}
