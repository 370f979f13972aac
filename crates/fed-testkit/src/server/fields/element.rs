//! What is one step of a path through an object? A field, an item of a list by key, value or place.

use std::cmp::Ordering;
use std::fmt::{self, Write};

use serde_json::{Map, Value};

/// One step of a path to a field that somebody owns.
#[derive(Clone, Debug)]
pub enum PathElement {
    /// A field of an object or a key of a map.
    Field(String),
    /// An item of a list of objects, by the fields that tell its items apart, in order of name.
    Key(Vec<(String, Value)>),
    /// An item of a set, by its value.
    Value(Value),
    /// An item of a list, by its place.
    Index(i64),
}

impl PathElement {
    /// A field of this name.
    pub fn field(name: impl Into<String>) -> Self {
        Self::Field(name.into())
    }

    /// The element as `FieldsV1` writes it: `f:spec`, `k:{"name":"web"}`, `v:"blue"`, `i:3`.
    ///
    /// ```
    /// use fed_testkit::server::fields::PathElement;
    ///
    /// let port = PathElement::decode(r#"k:{"protocol":"TCP","port":80}"#).unwrap();
    /// assert_eq!(port.encode(), r#"k:{"port":80,"protocol":"TCP"}"#);
    /// assert_eq!(port.to_string(), r#"[port=80,protocol="TCP"]"#);
    /// ```
    pub fn encode(&self) -> String {
        match self {
            Self::Field(name) => format!("f:{name}"),
            Self::Key(fields) => {
                let fields: Map<String, Value> = fields.iter().cloned().collect();
                format!("k:{}", Value::Object(fields))
            }
            Self::Value(value) => format!("v:{value}"),
            Self::Index(index) => format!("i:{index}"),
        }
    }

    /// Reads what [`encode`](Self::encode) writes; `None` for what is no element.
    pub fn decode(text: &str) -> Option<Self> {
        let (sort, rest) = text.split_once(':')?;
        match sort {
            "f" => Some(Self::field(rest)),
            "k" => {
                let mut fields: Vec<_> = serde_json::from_str::<Map<String, Value>>(rest)
                    .ok()?
                    .into_iter()
                    .collect();
                fields.sort_by(|(one, _), (other, _)| one.cmp(other));
                Some(Self::Key(fields))
            }
            "v" => serde_json::from_str(rest).ok().map(Self::Value),
            "i" => rest.parse().ok().map(Self::Index),
            _ => None,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Field(_) => 0,
            Self::Key(_) => 1,
            Self::Value(_) => 2,
            Self::Index(_) => 3,
        }
    }
}

/// As the server's messages write it: `.spec`, `[name="web"]`, `[="blue"]`, `[3]`.
impl fmt::Display for PathElement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => write!(f, ".{name}"),
            Self::Key(fields) => {
                f.write_char('[')?;
                for (place, (name, value)) in fields.iter().enumerate() {
                    let comma = if place == 0 { "" } else { "," };
                    write!(f, "{comma}{name}={value}")?;
                }
                f.write_char(']')
            }
            Self::Value(value) => write!(f, "[={value}]"),
            Self::Index(index) => write!(f, "[{index}]"),
        }
    }
}

impl Ord for PathElement {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Field(one), Self::Field(other)) => one.cmp(other),
            (Self::Key(one), Self::Key(other)) => {
                let fields = one
                    .iter()
                    .zip(other)
                    .map(|((name, value), (beside, that))| {
                        name.cmp(beside).then_with(|| compare_values(value, that))
                    });
                first_difference(fields).then(one.len().cmp(&other.len()))
            }
            (Self::Value(one), Self::Value(other)) => compare_values(one, other),
            (Self::Index(one), Self::Index(other)) => one.cmp(other),
            (one, other) => one.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for PathElement {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for PathElement {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for PathElement {}

/// An order of all values in which those are equal that the server takes for equal: `1` and `1.0`.
pub(crate) fn compare_values(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
        (Value::Number(one), Value::Number(other)) => compare_numbers(one, other),
        (Value::String(one), Value::String(other)) => one.cmp(other),
        (Value::Array(one), Value::Array(other)) => {
            let items = one.iter().zip(other);
            first_difference(items.map(|(one, other)| compare_values(one, other)))
                .then(one.len().cmp(&other.len()))
        }
        (Value::Object(one), Value::Object(other)) => {
            let fields = one
                .iter()
                .zip(other)
                .map(|((name, value), (beside, that))| {
                    name.cmp(beside).then_with(|| compare_values(value, that))
                });
            first_difference(fields).then(one.len().cmp(&other.len()))
        }
        (one, other) => rank(one).cmp(&rank(other)),
    }
}

/// Does the server take these values for the same?
pub(crate) fn is_equal(one: &Value, other: &Value) -> bool {
    one == other || compare_values(one, other).is_eq()
}

fn compare_numbers(one: &serde_json::Number, other: &serde_json::Number) -> Ordering {
    match (one.as_i64(), other.as_i64()) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => {
            let float = |number: &serde_json::Number| number.as_f64().unwrap_or_default();
            float(one).total_cmp(&float(other))
        }
    }
}

fn first_difference(mut each: impl Iterator<Item = Ordering>) -> Ordering {
    each.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    }
}
