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
struct Node {
    member: bool,
    below: FieldSet,
}

impl Node {
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
        let mut all = self.clone();
        all.extend(other);
        all
    }

    fn extend(&mut self, other: &Self) {
        for (element, node) in &other.nodes {
            let mine = self.nodes.entry(element.clone()).or_default();
            mine.member |= node.member;
            mine.below.extend(&node.below);
        }
    }

    /// The paths of both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        self.combined(|element, node| {
            let that = other.nodes.get(element)?;
            Some(Node {
                member: node.member && that.member,
                below: node.below.intersection(&that.below),
            })
        })
    }

    /// The paths that the other set does not have.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        self.combined(|element, node| {
            let Some(that) = other.nodes.get(element) else {
                return Some(node.clone());
            };
            Some(Node {
                member: node.member && !that.member,
                below: node.below.difference(&that.below),
            })
        })
    }

    /// The paths that the other set does not have, nor a path above them.
    #[must_use]
    pub fn difference_below(&self, other: &Self) -> Self {
        self.combined(|element, node| match other.nodes.get(element) {
            None => Some(node.clone()),
            Some(that) if that.member => None,
            Some(that) => Some(Node {
                member: node.member,
                below: node.below.difference_below(&that.below),
            }),
        })
    }

    fn combined(&self, keep: impl Fn(&PathElement, &Node) -> Option<Node>) -> Self {
        let kept = self.nodes.iter().filter_map(|(element, node)| {
            let node = keep(element, node).filter(|node| !node.is_empty())?;
            Some((element.clone(), node))
        });
        Self {
            nodes: kept.collect(),
        }
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
