//! What is a value while an expression is evaluated? It borrows what it can of what it was given.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::rc::Rc;

use serde_json::Value;

use super::budget::Budget;
use super::node::Constant;
use super::{Failure, LARGEST};

/// A value. What is lent lives as long as the variables and the expression.
#[derive(Clone, Debug)]
pub(super) enum Val<'v> {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(Text<'v>),
    List(List<'v>),
    Map(Map<'v>),
    Optional(Option<Rc<Val<'v>>>),
    Type(&'static str),
}

#[derive(Clone, Debug)]
pub(super) enum Text<'v> {
    Lent(&'v str),
    Made(Rc<str>),
}

#[derive(Clone, Debug)]
pub(super) enum List<'v> {
    Lent(&'v [Value]),
    Made(Rc<Vec<Val<'v>>>),
}

#[derive(Clone, Debug)]
pub(super) enum Map<'v> {
    Lent(&'v serde_json::Map<String, Value>),
    Made(Rc<BTreeMap<Key, Val<'v>>>),
}

/// What a map has its values under. Whole numbers are the same whatever their type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Bool(bool),
    Whole(i128),
    Text(String),
}

/// Values never nest deeper: objects nest to [`MAX_DEPTH`](crate::MAX_DEPTH), and expressions little.
pub(super) const DEEPEST: usize = 200;

impl<'v> Val<'v> {
    pub(super) fn of(value: &'v Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bool(*flag),
            Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(whole), _) => Self::Int(whole),
                (None, Some(whole)) => Self::Uint(whole),
                (None, None) => Self::Double(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => Self::Text(Text::Lent(text)),
            Value::Array(items) => Self::List(List::Lent(items)),
            Value::Object(fields) => Self::Map(Map::Lent(fields)),
        }
    }

    pub(super) fn of_constant(constant: &'v Constant) -> Self {
        match constant {
            Constant::Null => Self::Null,
            Constant::Bool(flag) => Self::Bool(*flag),
            Constant::Int(whole) => Self::Int(*whole),
            Constant::Uint(whole) => Self::Uint(*whole),
            Constant::Double(double) => Self::Double(*double),
            Constant::Text(text) => Self::Text(Text::Lent(text)),
            Constant::Type(of) => Self::Type(of),
        }
    }

    pub(super) fn text(made: impl Into<Rc<str>>) -> Self {
        Self::Text(Text::Made(made.into()))
    }

    pub(super) fn list(made: Vec<Self>) -> Self {
        Self::List(List::Made(Rc::new(made)))
    }

    pub(super) fn some(value: Self) -> Self {
        Self::Optional(Some(Rc::new(value)))
    }

    /// What CEL calls its type.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null_type",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Uint(_) => "uint",
            Self::Double(_) => "double",
            Self::Text(_) => "string",
            Self::List(_) => "list",
            Self::Map(_) => "map",
            Self::Optional(_) => "optional_type",
            Self::Type(_) => "type",
        }
    }

    /// The value as JSON, if it can be that and is not too large.
    pub(super) fn into_json(self, budget: &Budget) -> Result<Value, Failure> {
        let mut left = LARGEST;
        self.json(budget, &mut left, DEEPEST)
    }

    fn json(&self, budget: &Budget, left: &mut usize, levels: usize) -> Result<Value, Failure> {
        budget.step()?;
        // What a number takes, about.
        takes(left, 3)?;
        let levels = levels.checked_sub(1).ok_or_else(too_deep)?;
        Ok(match self {
            Self::Null => Value::Null,
            Self::Bool(flag) => Value::Bool(*flag),
            Self::Int(whole) => (*whole).into(),
            Self::Uint(whole) => (*whole).into(),
            Self::Double(double) => {
                let number = serde_json::Number::from_f64(*double);
                let fault = || Failure::new("the result holds a number that JSON does not have");
                Value::Number(number.ok_or_else(fault)?)
            }
            Self::Text(text) => {
                takes(left, text.len())?;
                Value::String(text.to_string())
            }
            Self::List(list) => {
                let items = list.iter().map(|item| item.json(budget, left, levels));
                Value::Array(items.collect::<Result<_, _>>()?)
            }
            Self::Map(map) => {
                let mut fields = serde_json::Map::new();
                for (key, value) in map.entries() {
                    let Key::Text(name) = key else {
                        return Err(Failure::new(
                            "the result holds a map whose keys are no texts",
                        ));
                    };
                    takes(left, name.len() + 1)?;
                    fields.insert(name, value.json(budget, left, levels)?);
                }
                Value::Object(fields)
            }
            Self::Optional(_) => {
                let message = "the result holds an optional value: end it with .orValue(..)";
                return Err(Failure::new(message));
            }
            Self::Type(_) => {
                return Err(Failure::new("the result holds a type, which is no value"));
            }
        })
    }
}

fn takes(left: &mut usize, bytes: usize) -> Result<(), Failure> {
    *left = left
        .checked_sub(bytes.saturating_add(1))
        .ok_or_else(|| Failure::limit(format!("the result has more than {LARGEST} bytes")))?;
    Ok(())
}

pub(super) fn too_deep() -> Failure {
    Failure::limit(format!("values nest more than {DEEPEST} levels"))
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Lent(text) => text,
            Self::Made(text) => text,
        }
    }
}

impl<'v> List<'v> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Lent(items) => items.len(),
            Self::Made(items) => items.len(),
        }
    }

    pub(super) fn get(&self, at: usize) -> Option<Val<'v>> {
        match self {
            Self::Lent(items) => items.get(at).map(Val::of),
            Self::Made(items) => items.get(at).cloned(),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Val<'v>> {
        (0..self.len()).filter_map(|at| self.get(at))
    }
}

impl<'v> Map<'v> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Lent(fields) => fields.len(),
            Self::Made(entries) => entries.len(),
        }
    }

    pub(super) fn get(&self, key: &Key) -> Option<Val<'v>> {
        match (self, key) {
            (Self::Lent(fields), Key::Text(name)) => fields.get(name).map(Val::of),
            (Self::Lent(_), _) => None,
            (Self::Made(entries), key) => entries.get(key).cloned(),
        }
    }

    pub(super) fn field(&self, name: &str) -> Option<Val<'v>> {
        match self {
            Self::Lent(fields) => fields.get(name).map(Val::of),
            Self::Made(_) => self.get(&Key::Text(name.to_owned())),
        }
    }

    /// The entries, in the order of their keys.
    pub(super) fn entries(&self) -> Vec<(Key, Val<'v>)> {
        let mut entries: Vec<_> = match self {
            Self::Lent(fields) => {
                let fields = fields.iter();
                fields
                    .map(|(name, value)| (Key::Text(name.clone()), Val::of(value)))
                    .collect()
            }
            Self::Made(entries) => {
                let entries = entries.iter();
                entries
                    .map(|(key, value)| (key.clone(), value.clone()))
                    .collect()
            }
        };
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        entries
    }
}

impl Key {
    /// The key that a value is, if it can be one.
    pub(super) fn of(value: &Val<'_>) -> Option<Self> {
        match value {
            Val::Bool(flag) => Some(Self::Bool(*flag)),
            Val::Int(whole) => Some(Self::Whole((*whole).into())),
            Val::Uint(whole) => Some(Self::Whole((*whole).into())),
            Val::Text(text) => Some(Self::Text(text.to_string())),
            _ => None,
        }
    }

    pub(super) fn into_val<'v>(self) -> Val<'v> {
        match self {
            Self::Bool(flag) => Val::Bool(flag),
            Self::Whole(whole) => match (i64::try_from(whole), u64::try_from(whole)) {
                (Ok(whole), _) => Val::Int(whole),
                (Err(_), Ok(whole)) => Val::Uint(whole),
                (Err(_), Err(_)) => Val::Null,
            },
            Self::Text(text) => Val::text(text),
        }
    }
}
