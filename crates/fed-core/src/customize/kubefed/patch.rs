//! What does one operation of a KubeFed override do? Close to RFC 6902, but not the same: objects
//! rely on the differences, so they are kept.
//!
//! - `replace` creates a key that is missing in a map that exists; parents are never created;
//! - a list's items can be counted from its end (`-1` is the last), and `+1` and `01` are indexes;
//! - what stands before the first slash of a path is dropped;
//! - the empty path replaces the whole object, if the value is a map or a list, and else nothing;
//! - an absent value is null.

use serde_json::{Map, Number, Value};

use crate::customize::failure::{Failure, unescaped};

/// Applies one operation. A failure leaves `object` as it was.
pub(in crate::customize) fn apply(
    object: &mut Value,
    op: &str,
    path: &str,
    value: Option<&Value>,
) -> Result<(), Failure> {
    match op {
        "add" => place(object, path)?.add(value),
        "remove" => place(object, path)?.remove(),
        "replace" if path.is_empty() => replace_all(object, value),
        "replace" => place(object, path)?.replace(value),
        "test" if path.is_empty() => test(Some(object), value),
        "test" => place(object, path)?.test(value),
        "move" | "copy" => Err(Failure::WithoutFrom),
        _ => Err(Failure::UnknownOperation),
    }
}

fn replace_all(object: &mut Value, value: Option<&Value>) -> Result<(), Failure> {
    match value {
        None | Some(Value::Null) => return Err(Failure::WholeObject),
        Some(all @ (Value::Object(_) | Value::Array(_))) => *object = all.clone(),
        Some(_) => {}
    }
    Ok(())
}

/// A key in a map, or an index in a list, that an operation is about.
enum Place<'o> {
    Key(&'o mut Map<String, Value>, String),
    Item(&'o mut Vec<Value>, String),
}

fn place<'o>(object: &'o mut Value, path: &str) -> Result<Place<'o>, Failure> {
    let Some((parents, last)) = path.rsplit_once('/') else {
        return Err(if path.is_empty() {
            Failure::WholeObject
        } else {
            Failure::WithoutSlash
        });
    };
    let mut current = object;
    for step in parents.split('/').skip(1) {
        current = child(current, &unescaped(step)).ok_or(Failure::NoSuchPath)?;
    }
    let last = unescaped(last).into_owned();
    match current {
        Value::Object(fields) => Ok(Place::Key(fields, last)),
        Value::Array(items) => Ok(Place::Item(items, last)),
        _ => Err(Failure::NoSuchPath),
    }
}

fn child<'o>(parent: &'o mut Value, step: &str) -> Option<&'o mut Value> {
    match parent {
        Value::Object(fields) => fields.get_mut(step),
        Value::Array(items) => {
            let index = position(step, items.len())?;
            items.get_mut(index)
        }
        _ => None,
    }
}

/// The index that a step stands for, in a list of this many items.
pub(in crate::customize) fn position(step: &str, count: usize) -> Option<usize> {
    let number: i64 = step.parse().ok()?;
    let size = usize::try_from(number.unsigned_abs()).ok()?;
    let index = if number < 0 {
        count.checked_sub(size)?
    } else {
        size
    };
    (index < count).then_some(index)
}

impl Place<'_> {
    fn add(self, value: Option<&Value>) -> Result<(), Failure> {
        let value = value.cloned().unwrap_or_default();
        match self {
            Self::Key(fields, key) => {
                fields.insert(key, value);
            }
            Self::Item(items, step) if step == "-" => items.push(value),
            Self::Item(items, step) => {
                // One place more than there are items: behind the last.
                let index = position(&step, items.len() + 1).ok_or(Failure::NoSuchPath)?;
                items.insert(index, value);
            }
        }
        Ok(())
    }

    fn remove(self) -> Result<(), Failure> {
        let removed = match self {
            Self::Key(fields, key) => fields.remove(&key),
            Self::Item(items, step) => {
                position(&step, items.len()).map(|index| items.remove(index))
            }
        };
        removed.map(|_| ()).ok_or(Failure::NoSuchPath)
    }

    fn replace(self, value: Option<&Value>) -> Result<(), Failure> {
        let value = value.cloned().unwrap_or_default();
        match self {
            Self::Key(fields, key) => {
                fields.insert(key, value);
            }
            Self::Item(items, step) => {
                let index = position(&step, items.len()).ok_or(Failure::NoSuchPath)?;
                let item = items.get_mut(index).ok_or(Failure::NoSuchPath)?;
                *item = value;
            }
        }
        Ok(())
    }

    fn test(self, value: Option<&Value>) -> Result<(), Failure> {
        match self {
            Self::Key(fields, key) => test(fields.get(&key), value),
            Self::Item(items, step) => {
                let index = position(&step, items.len()).ok_or(Failure::NoSuchPath)?;
                test(items.get(index), value)
            }
        }
    }
}

fn test(there: Option<&Value>, expected: Option<&Value>) -> Result<(), Failure> {
    let there = there.unwrap_or(&Value::Null);
    if same(there, expected.unwrap_or(&Value::Null)) {
        Ok(())
    } else {
        Err(Failure::TestFailed)
    }
}

/// Are these the same, once the numbers of the object are written as KubeFed writes them? No
/// deeper than `expected`, which an override holds and which is bounded.
fn same(there: &Value, expected: &Value) -> bool {
    match (there, expected) {
        (Value::Number(left), Value::Number(right)) => {
            left == right || (!left.is_i64() && through_float(left) == *right)
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, left)| right.get(key).is_some_and(|right| same(left, right)))
        }
        _ => there == expected,
    }
}

/// The value as it arrives in the object: every number has been a 64-bit float on the way.
pub(super) fn rounded(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(through_float(number)),
        Value::Array(items) => items.iter().map(rounded).collect(),
        Value::Object(fields) => {
            let each = fields
                .iter()
                .map(|(key, field)| (key.clone(), rounded(field)));
            Value::Object(each.collect())
        }
        other => other.clone(),
    }
}

/// The number as a float writes it, with the fewest digits that read back the same, and as it is
/// read again: whole where it is and fits.
fn through_float(number: &Number) -> Number {
    const EXACT: u64 = 1 << 53;
    if number
        .as_i64()
        .is_some_and(|whole| whole.unsigned_abs() <= EXACT)
    {
        return number.clone();
    }
    let Some(float) = number.as_f64() else {
        return number.clone();
    };
    let whole = if float.fract() == 0.0 && float.abs() < 1e21 {
        float.to_string().parse::<i64>().ok()
    } else {
        None
    };
    whole
        .map(Number::from)
        .or_else(|| Number::from_f64(float))
        .unwrap_or_else(|| number.clone())
}

/// Does the number arrive as another one?
pub(super) fn loses_precision(number: &Number) -> bool {
    let whole = number.is_i64() || number.is_u64();
    let rounded = |float: f64| float.to_string() != number.to_string();
    whole && number.as_f64().is_some_and(rounded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn applied(
        object: &Value,
        op: &str,
        path: &str,
        value: Option<&Value>,
    ) -> Result<Value, Failure> {
        let mut object = object.clone();
        apply(&mut object, op, path, value).map(|()| object)
    }

    #[test]
    fn what_differs_from_the_standard() {
        let object = json!({"a": {"list": [1, 2]}, "null": null, "text": "x"});
        let table = [
            (
                "replace",
                "/a/new",
                Some(json!(5)),
                Ok(json!({"list": [1, 2], "new": 5})),
            ),
            (
                "replace",
                "/a/list/-1",
                Some(json!(5)),
                Ok(json!({"list": [1, 5]})),
            ),
            (
                "replace",
                "/a/list/+0",
                Some(json!(5)),
                Ok(json!({"list": [5, 2]})),
            ),
            (
                "replace",
                "/a/list/01",
                None,
                Ok(json!({"list": [1, null]})),
            ),
            (
                "replace",
                "/a/list/2",
                Some(json!(5)),
                Err(Failure::NoSuchPath),
            ),
            (
                "replace",
                "/a/list/-",
                Some(json!(5)),
                Err(Failure::NoSuchPath),
            ),
            (
                "add",
                "/a/list/-1",
                Some(json!(5)),
                Ok(json!({"list": [1, 2, 5]})),
            ),
            (
                "add",
                "/a/list/-3",
                Some(json!(5)),
                Ok(json!({"list": [5, 1, 2]})),
            ),
            (
                "add",
                "/a/list/-4",
                Some(json!(5)),
                Err(Failure::NoSuchPath),
            ),
            ("add", "/a/list/3", Some(json!(5)), Err(Failure::NoSuchPath)),
            ("remove", "/a/list/-2", None, Ok(json!({"list": [2]}))),
            ("remove", "/a/nothing", None, Err(Failure::NoSuchPath)),
            ("remove", "", None, Err(Failure::WholeObject)),
            ("add", "", Some(json!({})), Err(Failure::WholeObject)),
            ("replace", "", None, Err(Failure::WholeObject)),
            ("replace", "a", Some(json!(1)), Err(Failure::WithoutSlash)),
            ("add", "/null/x", Some(json!(1)), Err(Failure::NoSuchPath)),
            ("add", "/text/x", Some(json!(1)), Err(Failure::NoSuchPath)),
            ("move", "/a/list", None, Err(Failure::WithoutFrom)),
            ("Replace", "/a/list", None, Err(Failure::UnknownOperation)),
            ("test", "/null", None, Ok(json!({"list": [1, 2]}))),
            ("test", "/missing", None, Ok(json!({"list": [1, 2]}))),
            ("test", "/a/list", None, Err(Failure::TestFailed)),
            (
                "test",
                "/a/list",
                Some(json!([1, 2])),
                Ok(json!({"list": [1, 2]})),
            ),
            (
                "test",
                "/a/list/9",
                Some(json!(1)),
                Err(Failure::NoSuchPath),
            ),
        ];
        for (op, path, value, expected) in table {
            let found =
                applied(&object, op, path, value.as_ref()).map(|object| object["a"].clone());
            assert_eq!(found, expected, "{op} {path}");
        }
    }

    #[test]
    fn the_empty_path_is_the_whole_object() {
        let object = json!({"kind": "A"});
        let whole = json!({"kind": "B"});
        assert_eq!(
            applied(&object, "replace", "", Some(&whole)),
            Ok(whole.clone())
        );
        assert_eq!(
            applied(&object, "replace", "", Some(&json!(4))),
            Ok(object.clone())
        );
        assert_eq!(
            applied(&object, "test", "", Some(&object)),
            Ok(object.clone())
        );
    }

    #[test]
    fn numbers_pass_through_floats() {
        let table = [
            (
                json!(9_007_199_254_740_993_i64),
                json!(9_007_199_254_740_992_i64),
            ),
            (json!(5.0), json!(5)),
            (json!(-0.0), json!(0)),
            (json!(1.5), json!(1.5)),
            (json!(1e21), json!(1e21)),
            (json!(i64::MAX), json!(9_223_372_036_854_775_807.0)),
            // The digits that a float does not need are zeros, so that even this leaves i64.
            (json!(i64::MIN), json!(-9_223_372_036_854_775_808.0)),
            (json!(1_i64 << 60), json!(1_152_921_504_606_847_000_i64)),
            (
                json!([{"a": 9_007_199_254_740_993_i64}]),
                json!([{"a": 9_007_199_254_740_992_i64}]),
            ),
        ];
        for (written, arrives) in table {
            assert_eq!(rounded(&written), arrives, "{written}");
        }
        for (number, lossy) in [
            (Number::from(9_007_199_254_740_993_i64), true),
            (Number::from(9_007_199_254_740_994_i64), false),
            (Number::from(1_i64 << 60), true),
            (Number::from(u64::MAX), true),
            (Number::from(1_i64 << 53), false),
            (Number::from_f64(0.1).unwrap(), false),
        ] {
            assert_eq!(loses_precision(&number), lossy, "{number}");
        }
    }
}
