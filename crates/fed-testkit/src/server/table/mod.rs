//! How does a server print objects? A `Table` with a row for each.

mod cells;
mod network;
mod own;
mod path;
mod pods;
mod workloads;

use fed_schema::{Column, Kind, Origin};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::form::{Beside, MetaVersion, metadata_of};

/// The columns of a kind, as a table defines them.
pub(super) fn columns(kind: Kind<'_>) -> Value {
    kind.columns().iter().map(definition).collect()
}

/// A table of objects of one kind.
///
/// The cells of the built-in kinds are told as a server tells them (`cells`); those of an APIService, of
/// which there are none, are empty.
pub(super) fn of_objects(
    kind: Kind<'_>,
    objects: impl IntoIterator<Item = Value>,
    now: Timestamp,
    meta: &Value,
    columns: &Value,
    (version, beside): (MetaVersion, Beside),
) -> Value {
    let row = |mut object: Value| {
        let cells = kind.columns().iter();
        let cells: Vec<Value> = cells
            .map(|column| cell(kind, column, &object, now))
            .collect();
        let object = match beside {
            Beside::Nothing => Value::Null,
            Beside::Metadata => metadata_of(&mut object, version),
            Beside::Object => object,
        };
        json!({"cells": cells, "object": object})
    };
    let rows: Vec<Value> = objects.into_iter().map(row).collect();
    json!({
        "kind": "Table", "apiVersion": version.as_str(), "metadata": meta,
        "columnDefinitions": columns, "rows": rows,
    })
}

/// The value at a JSON Pointer; null where there is none.
fn at<'v>(value: &'v Value, pointer: &str) -> &'v Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

fn definition(column: &Column) -> Value {
    json!({
        "name": column.name, "type": column.column_type, "format": column.format,
        "description": "", "priority": column.priority,
    })
}

fn cell(kind: Kind<'_>, column: &Column, object: &Value, now: Timestamp) -> Value {
    if column.name == "Name" {
        return json!(at(object, "/metadata/name").as_str().unwrap_or_default());
    }
    if let Some(path) = &column.json_path {
        let value = path::first(object, path);
        return value.map_or(Value::Null, |value| shown(&column.column_type, value, now));
    }
    match (column.name.as_str(), kind.origin()) {
        ("Age", _) => age(at(object, "/metadata/creationTimestamp"), now),
        (name, Origin::Builtin) => cells::of(kind, name, object, now),
        _ => Value::Null,
    }
}

/// A value as a column of this type shows it; nothing where it is of another.
fn shown(sort: &str, value: &Value, now: Timestamp) -> Value {
    match (sort, value) {
        (_, Value::Null) => Value::Null,
        ("string", value) => json!(words(value)),
        ("date", Value::String(_)) => age(value, now),
        ("integer", Value::Number(number)) => json!(number.as_i64()),
        ("number", Value::Number(_)) | ("boolean", Value::Bool(_)) => value.clone(),
        _ => Value::Null,
    }
}

/// How long ago something was, in at most two units.
fn age(time: &Value, now: Timestamp) -> Value {
    json!(since(time, now))
}

fn since(time: &Value, now: Timestamp) -> String {
    let then: Option<Timestamp> = time.as_str().and_then(|text| text.parse().ok());
    match then {
        Some(then) => duration(now.as_second().saturating_sub(then.as_second())),
        None => "<unknown>".to_owned(),
    }
}

/// A number of seconds, in at most two units.
fn duration(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    let two = |whole: i64, unit: &str, rest: i64, part: &str| match rest {
        0 => format!("{whole}{unit}"),
        rest => format!("{whole}{unit}{rest}{part}"),
    };
    match () {
        () if seconds < 120 => format!("{seconds}s"),
        () if minutes < 10 => two(minutes, "m", seconds % 60, "s"),
        () if hours < 3 => format!("{minutes}m"),
        () if hours < 8 => two(hours, "h", minutes % 60, "m"),
        () if hours < 48 => format!("{hours}h"),
        () if days < 8 => two(days, "d", hours % 24, "h"),
        () if days < 2 * 365 => format!("{days}d"),
        () if days < 8 * 365 => two(days / 365, "y", days % 365, "d"),
        () => format!("{}y", days / 365),
    }
}

/// The items of a list at a JSON Pointer.
fn items<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    at(value, pointer).as_array().map_or(&[], Vec::as_slice)
}

/// The text at a JSON Pointer, if there is one.
fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    at(value, pointer).as_str().unwrap_or_default()
}

/// The number at a JSON Pointer, or 0.
fn number(value: &Value, pointer: &str) -> i64 {
    at(value, pointer).as_i64().unwrap_or_default()
}

/// What a value is in words: texts without quotes.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Some texts with what stands between them, or a word for none.
fn joined<'t>(texts: impl IntoIterator<Item = &'t str>, between: &str, none: &str) -> String {
    let texts: Vec<&str> = texts.into_iter().collect();
    if texts.is_empty() {
        none.to_owned()
    } else {
        texts.join(between)
    }
}

/// The first few of some texts, and how many more there are.
fn first_few(texts: &[String], most: usize, none: &str) -> String {
    let shown = joined(texts.iter().take(most).map(String::as_str), ",", none);
    match texts.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} + {more} more..."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_in_at_most_two_units() {
        let table = [
            (0, "0s"),
            (119, "119s"),
            (120, "2m"),
            (125, "2m5s"),
            (660, "11m"),
            (3 * 3_600, "3h"),
            (3 * 3_600 + 60, "3h1m"),
            (50 * 3_600, "2d2h"),
            (9 * 86_400, "9d"),
            (800 * 86_400, "2y70d"),
            (3_000 * 86_400, "8y"),
        ];
        let start = Timestamp::UNIX_EPOCH;
        for (seconds, expected) in table {
            let now = Timestamp::from_second(seconds).expect("in reach");
            assert_eq!(age(&json!(start.to_string()), now), expected, "{seconds}");
        }
    }
}
