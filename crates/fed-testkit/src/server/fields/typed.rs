//! What is a value to field ownership? The schema says which lists and maps are owned piece by piece.

use std::collections::BTreeSet;

use fed_schema::{ListType, Shape, Type};
use serde_json::{Map, Value};

use super::element::{PathElement, is_equal};
use super::set::FieldSet;

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
    let mut set = FieldSet::new();
    collect(of, value, &mut Vec::new(), &mut set);
    set
}

fn collect(of: Type<'_>, value: &Value, path: &mut Vec<PathElement>, set: &mut FieldSet) {
    match (form(of, value), value) {
        (Form::Fields, Value::Object(fields)) => {
            for (name, inner) in fields {
                path.push(PathElement::field(name));
                collect_field(of, name, inner, path, set);
                path.pop();
            }
        }
        (Form::Items, Value::Array(_)) => {
            let items = elements(of, Some(value));
            let mut seen = BTreeSet::new();
            let is_doubled = |element: &PathElement| {
                items.iter().filter(|(other, _)| other == element).count() > 1
            };
            for (element, item) in &items {
                if !seen.insert(element) {
                    continue;
                }
                path.push(element.clone());
                // What stands there twice is owned as one.
                if let Some(of) = of.items().filter(|_| !is_doubled(element)) {
                    collect(of, item, path, set);
                }
                set.insert(path);
                path.pop();
            }
        }
        (Form::Fields | Form::Items, _) => {}
        (Form::Leaf, _) => set.insert(path),
    }
}

fn collect_field(
    of: Type<'_>,
    name: &str,
    value: &Value,
    path: &mut Vec<PathElement>,
    set: &mut FieldSet,
) {
    if let Some(inner) = of.child(name) {
        collect(inner, value, path, set);
    }
    let is_nothing = value.is_null() || value.as_object().is_some_and(Map::is_empty);
    // A key of a map is something of its own; a field of an object is what stands in it.
    if is_nothing || of.field(name).is_none() {
        set.insert(path);
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

/// What differs between two objects of a type.
pub fn compare(of: Type<'_>, before: &Value, after: &Value) -> Difference {
    let mut found = Difference::default();
    differ(of, Some(before), Some(after), &mut Vec::new(), &mut found);
    found
}

pub(super) fn is_empty(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Object(fields)) => fields.is_empty(),
        Some(_) => false,
    }
}

fn differ(
    of: Type<'_>,
    before: Option<&Value>,
    after: Option<&Value>,
    path: &mut Vec<PathElement>,
    found: &mut Difference,
) {
    let Some(either) = after.or(before) else {
        return;
    };
    let form = match (before, after) {
        (Some(before), Some(after)) if form(of, before) != form(of, after) => Form::Leaf,
        _ => form(of, either),
    };
    // Two empty things are told apart as wholes, so that null and empty differ.
    let is_leaf = form == Form::Leaf || (is_empty(before) && is_empty(after));
    if !is_leaf && form == Form::Fields {
        differ_fields(of, before, after, path, found);
    } else if !is_leaf {
        differ_items(of, before, after, path, found);
    }
    match (before, after) {
        (None, _) => found.added.insert(path),
        (_, None) => found.removed.insert(path),
        (Some(before), Some(after)) if is_leaf && !is_equal(before, after) => {
            found.modified.insert(path);
        }
        _ => {}
    }
}

fn differ_fields(
    of: Type<'_>,
    before: Option<&Value>,
    after: Option<&Value>,
    path: &mut Vec<PathElement>,
    found: &mut Difference,
) {
    let (before, after) = (
        before.and_then(Value::as_object),
        after.and_then(Value::as_object),
    );
    let mut visit = |name: &str, before: Option<&Value>, after: Option<&Value>| {
        if let Some(of) = of.child(name) {
            path.push(PathElement::field(name));
            differ(of, before, after, path, found);
            path.pop();
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
}

fn differ_items(
    of: Type<'_>,
    before: Option<&Value>,
    after: Option<&Value>,
    path: &mut Vec<PathElement>,
    found: &mut Difference,
) {
    let Some(of_items) = of.items() else { return };
    let (before, after) = (elements(of, before), elements(of, after));
    let mut seen = BTreeSet::new();
    for (element, _) in before.iter().chain(&after) {
        if !seen.insert(element) {
            continue;
        }
        let among = |items: &[(PathElement, &Value)]| -> Vec<Value> {
            let same = items.iter().filter(|(other, _)| other == element);
            same.map(|(_, item)| (*item).clone()).collect()
        };
        path.push(element.clone());
        match (&among(&before)[..], &among(&after)[..]) {
            ([], []) => {}
            ([], [one]) => differ(of_items, None, Some(one), path, found),
            ([one], []) => differ(of_items, Some(one), None, path, found),
            ([one], [other]) => differ(of_items, Some(one), Some(other), path, found),
            // What stands there twice is one thing.
            ([], _) => found.added.insert(path),
            (_, []) => found.removed.insert(path),
            (one, other) if one == other => {}
            _ => found.modified.insert(path),
        }
        path.pop();
    }
}
