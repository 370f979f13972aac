//! Which objects are compared? The valid ones of `objects.json`, what its cases make of them, and
//! each of their fields broken in every way that its value allows.

use std::collections::{BTreeMap, BTreeSet};

use fed_schema::{Schemas, Type};
use serde_json::{Value, json};

/// One object, and what it is called.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) object: Value,
}

impl Case {
    /// The type that the object names.
    pub(crate) fn kind(&self) -> (String, String) {
        let text = |field: &str| self.object[field].as_str().unwrap_or_default().to_owned();
        (text("apiVersion"), text("kind"))
    }
}

/// A valid object, and cases: a name, then pointers with the values that are put there; one
/// without a value is taken out.
#[derive(serde::Deserialize)]
struct Base {
    object: Value,
    #[serde(default)]
    cases: Vec<(String, BTreeMap<String, Value>)>,
}

/// All objects, in the order of their names' bases.
pub(crate) fn cases() -> Vec<Case> {
    let bases: BTreeMap<String, Base> = serde_json::from_str(include_str!("objects.json")).unwrap();
    let schemas = Schemas::builtin();
    let mut seen = BTreeSet::new();
    let mut cases = Vec::new();
    for (name, base) in &bases {
        let mut add = |case: &str, object| {
            let name = format!("{name}: {case}");
            cases.push(Case { name, object });
        };
        add("valid", base.object.clone());
        for (case, edits) in &base.cases {
            let mut object = base.object.clone();
            for (pointer, value) in edits {
                put(&mut object, pointer, value.clone());
            }
            add(case, object);
        }
        let text = |field: &str| base.object[field].as_str().unwrap();
        let kind = schemas.kind_of(text("apiVersion"), text("kind")).unwrap();
        let mut places = Vec::new();
        collect(kind.root(), &base.object, "", &mut seen, &mut places);
        for pointer in places {
            for (manner, broken) in broken(base.object.pointer(&pointer).unwrap()) {
                let mut object = base.object.clone();
                put(&mut object, &pointer, broken);
                add(&format!("{pointer} {manner}"), object);
            }
        }
    }
    cases
}

/// What stands for a value to be taken out.
const REMOVED: &str = "(removed)";

/// The ways to break a value, with their names.
fn broken(value: &Value) -> Vec<(&'static str, Value)> {
    let mut ways = vec![("is missing", json!(REMOVED)), ("is null", Value::Null)];
    match value {
        Value::String(_) => ways.extend([
            ("is a number", json!(7)),
            ("is a list", json!(["a"])),
            ("is empty", json!("")),
            ("is strange", json!("Strange value!")),
        ]),
        Value::Number(_) => ways.extend([
            ("is a text", json!("7x")),
            ("has a fraction", json!(1.5)),
            ("is a whole fraction", json!(2.0)),
            ("is negative", json!(-1)),
            ("is zero", json!(0)),
            ("is huge", json!(10_000_000_000_i64)),
            ("is true", json!(true)),
        ]),
        Value::Bool(_) => ways.extend([("is a text", json!("true")), ("is a number", json!(1))]),
        Value::Array(items) => {
            let with = |item: Value| items.iter().cloned().chain([item]).collect::<Value>();
            ways.extend([
                ("is an object", json!({})),
                ("is a text", json!("a")),
                ("is empty", json!([])),
                ("holds null", with(Value::Null)),
                ("holds a list", with(json!([]))),
                ("doubles its first", with(items[0].clone())),
            ]);
        }
        Value::Object(fields) => {
            let mut more = fields.clone();
            more.insert("unheardOf".to_owned(), json!({"inner": 1}));
            ways.extend([
                ("is a list", json!([])),
                ("is a text", json!("a")),
                ("is empty", json!({})),
                ("has one field more", more.into()),
            ]);
        }
        Value::Null => {}
    }
    ways
}

/// The places in an object whose fields no object before it has.
fn collect(
    of: Type<'_>,
    value: &Value,
    pointer: &str,
    seen: &mut BTreeSet<(String, String)>,
    places: &mut Vec<String>,
) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), value))
            .collect(),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items
                .map(|(index, item)| (index.to_string(), item))
                .collect()
        }
        _ => Vec::new(),
    };
    let children: BTreeMap<_, _> = children.into_iter().collect();
    for (name, value) in children {
        if pointer.is_empty() && ["apiVersion", "kind"].contains(&name.as_str()) {
            continue;
        }
        let inner = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
        let owner = of
            .definition()
            .map_or_else(|| pointer.to_owned(), str::to_owned);
        if seen.insert((owner, name.clone())) {
            places.push(inner.clone());
        }
        let Some(of) = of.child(&name) else { continue };
        collect(of, value, &inner, seen, places);
    }
}

/// Puts a value at a pointer, makes the objects above it, and appends to lists at `-`.
fn put(object: &mut Value, pointer: &str, value: Value) {
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    let last = last.replace("~1", "/").replace("~0", "~");
    if object.pointer(parent).is_none() {
        put(object, parent, json!({}));
    }
    let removed = value == REMOVED;
    match object.pointer_mut(parent).unwrap() {
        Value::Object(fields) if removed => drop(fields.remove(&last)),
        Value::Object(fields) => drop(fields.insert(last, value)),
        Value::Array(items) if last == "-" => items.push(value),
        Value::Array(items) if removed => drop(items.remove(last.parse().unwrap())),
        Value::Array(items) => items[last.parse::<usize>().unwrap()] = value,
        other => panic!("nothing can be put into {other} at {pointer}"),
    }
}
