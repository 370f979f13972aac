//! What is a value to field ownership? The schema says which lists and maps are owned piece by piece.

use std::collections::BTreeMap;

use fed_schema::{ListType, Shape, Type};
use serde_json::{Map, Value};

use super::element::{PathElement, is_equal};
use super::set::{FieldSet, Node};

/// How a value is owned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As one.
    Leaf,
    /// By its fields or keys.
    Fields,
    /// By its items.
    Items,
}

/// How a value of this type is owned; what no schema speaks of is owned as it looks.
pub(super) fn form(of: Type<'_>, value: &Value) -> Form {
    match of.shape() {
        Shape::Any => match value {
            Value::Object(_) => Form::Fields,
            _ => Form::Leaf,
        },
        Shape::Object | Shape::Map | Shape::AnyObject if of.is_atomic() => Form::Leaf,
        Shape::Object | Shape::Map | Shape::AnyObject => Form::Fields,
        Shape::List if matches!(of.list_type(), Some(ListType::Set | ListType::Map)) => Form::Items,
        _ => Form::Leaf,
    }
}

/// The type one step down.
pub(super) fn step<'a>(of: Type<'a>, element: &PathElement) -> Option<Type<'a>> {
    match element {
        PathElement::Field(name) => of.child(name),
        _ => of.items().or_else(|| of.child("-")),
    }
}

/// The element under which an item of a list stands; `Err` names the key field that it lacks.
pub(super) fn element_of<'a>(of: Type<'a>, item: &Value) -> Result<PathElement, &'a str> {
    if of.list_type() != Some(ListType::Map) {
        return Ok(PathElement::Value(item.clone()));
    }
    let mut key = Vec::new();
    for name in of.map_keys() {
        let declared = of
            .items()
            .and_then(|item| item.field(name))
            .and_then(Type::default);
        let given = item.get(&**name).filter(|value| !value.is_null());
        let value = given.or(declared);
        match value {
            Some(value) => key.push((name.to_string(), value.clone())),
            // A key that may be absent tells apart by its absence, as long as another is there.
            None if of.items().is_none_or(|item| item.requires(name)) => return Err(name),
            None => {}
        }
    }
    key.sort_by(|(one, _), (other, _)| one.cmp(other));
    if key.is_empty() {
        return Err(of.map_keys().first().map_or("", |name| name));
    }
    Ok(PathElement::Key(key))
}

/// The items of a list with their elements; an item that has none is left out.
pub(super) fn elements<'v>(
    of: Type<'_>,
    value: Option<&'v Value>,
) -> Vec<(PathElement, &'v Value)> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items
        .filter_map(|item| Some((element_of(of, item).ok()?, item)))
        .collect()
}

/// Every path that an object sets.
pub fn owned_by(of: Type<'_>, value: &Value) -> FieldSet {
    set_in(of, value).below
}

fn set_in(of: Type<'_>, value: &Value) -> Node {
    let mut node = Node::default();
    match (form(of, value), value) {
        (Form::Fields, Value::Object(fields)) => {
            for (name, inner) in fields {
                let inner = set_in_field(of, name, inner);
                node.below.put(|| PathElement::field(name), inner);
            }
        }
        (Form::Items, Value::Array(_)) => {
            let items = elements(of, Some(value));
            let mut counts = BTreeMap::<_, usize>::new();
            for (element, _) in &items {
                *counts.entry(element).or_default() += 1;
            }
            for (element, item) in &items {
                // What stands there twice is owned as one.
                let is_once = counts.get(element) == Some(&1);
                let inner = of.items().filter(|_| is_once).map(|of| set_in(of, item));
                let inner = inner.unwrap_or_default().into_member();
                node.below.put(|| element.clone(), inner);
            }
        }
        (Form::Fields | Form::Items, _) => {}
        (Form::Leaf, _) => node.member = true,
    }
    node
}

fn set_in_field(of: Type<'_>, name: &str, value: &Value) -> Node {
    let inner = of.child(name).map(|inner| set_in(inner, value));
    let inner = inner.unwrap_or_default();
    let is_nothing = value.is_null() || value.as_object().is_some_and(Map::is_empty);
    // A key of a map is something of its own; a field of an object is what stands in it.
    if is_nothing || of.field(name).is_none() {
        inner.into_member()
    } else {
        inner
    }
}

/// What differs between two objects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// What only the first has.
    pub removed: FieldSet,
    /// What both have, with other values.
    pub modified: FieldSet,
    /// What only the second has.
    pub added: FieldSet,
}

impl Difference {
    /// Leaves out what stands at these paths and below them.
    pub(super) fn leave_out(&mut self, paths: &FieldSet) {
        for set in [&mut self.removed, &mut self.modified, &mut self.added] {
            set.remove_below(paths);
        }
    }
}

/// What differs between two objects of a type.
pub fn compare(of: Type<'_>, before: &Value, after: &Value) -> Difference {
    let found = differ(of, Some(before), Some(after));
    Difference {
        removed: found.removed.below,
        modified: found.modified.below,
        added: found.added.below,
    }
}

/// What differs at one place and below it.
#[derive(Default)]
struct Found {
    removed: Node,
    modified: Node,
    added: Node,
}

impl Found {
    /// Takes what was found one step down.
    fn put(&mut self, element: impl Fn() -> PathElement, inner: Self) {
        self.removed.below.put(&element, inner.removed);
        self.modified.below.put(&element, inner.modified);
        self.added.below.put(&element, inner.added);
    }
}

pub(super) fn is_empty(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Object(fields)) => fields.is_empty(),
        Some(_) => false,
    }
}

fn differ(of: Type<'_>, before: Option<&Value>, after: Option<&Value>) -> Found {
    let Some(either) = after.or(before) else {
        return Found::default();
    };
    let form = match (before, after) {
        (Some(before), Some(after)) if form(of, before) != form(of, after) => Form::Leaf,
        _ => form(of, either),
    };
    // Two empty things are told apart as wholes, so that null and empty differ.
    let is_leaf = form == Form::Leaf || (is_empty(before) && is_empty(after));
    let mut found = match form {
        _ if is_leaf => Found::default(),
        Form::Fields => differ_fields(of, before, after),
        Form::Items | Form::Leaf => differ_items(of, before, after),
    };
    match (before, after) {
        (None, _) => found.added.member = true,
        (_, None) => found.removed.member = true,
        (Some(before), Some(after)) if is_leaf && !is_equal(before, after) => {
            found.modified.member = true;
        }
        _ => {}
    }
    found
}

fn differ_fields(of: Type<'_>, before: Option<&Value>, after: Option<&Value>) -> Found {
    let (before, after) = (
        before.and_then(Value::as_object),
        after.and_then(Value::as_object),
    );
    let mut found = Found::default();
    let mut visit = |name: &str, before: Option<&Value>, after: Option<&Value>| {
        if let Some(of) = of.child(name) {
            found.put(|| PathElement::field(name), differ(of, before, after));
        }
    };
    for (name, value) in before.into_iter().flatten() {
        visit(name, Some(value), after.and_then(|after| after.get(name)));
    }
    for (name, value) in after.into_iter().flatten() {
        if before.is_none_or(|before| !before.contains_key(name)) {
            visit(name, None, Some(value));
        }
    }
    found
}

fn differ_items(of: Type<'_>, before: Option<&Value>, after: Option<&Value>) -> Found {
    let mut found = Found::default();
    let Some(of_items) = of.items() else {
        return found;
    };
    let (before, after) = (elements(of, before), elements(of, after));
    let mut items = BTreeMap::<&PathElement, [Vec<&Value>; 2]>::new();
    for (side, list) in [&before, &after].into_iter().enumerate() {
        for (element, item) in list {
            let sides = items.entry(element).or_default();
            sides
                .get_mut(side)
                .into_iter()
                .for_each(|all| all.push(item));
        }
    }
    for (element, [before, after]) in items {
        let inner = match (&before[..], &after[..]) {
            (&[], &[one]) => differ(of_items, None, Some(one)),
            (&[one], &[]) => differ(of_items, Some(one), None),
            (&[one], &[other]) => differ(of_items, Some(one), Some(other)),
            // What stands there twice is one thing.
            (one, other) => whole(one, other),
        };
        found.put(|| element.clone(), inner);
    }
    found
}

/// How things differ that are looked at as one.
fn whole(before: &[&Value], after: &[&Value]) -> Found {
    let mut found = Found::default();
    match (before, after) {
        ([], []) => {}
        ([], _) => found.added.member = true,
        (_, []) => found.removed.member = true,
        (one, other) => found.modified.member = one != other,
    }
    found
}
