//! How does a server print objects? A `Table` with a row for each.

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
/// The cells of ConfigMaps, Deployments, Secrets and Services are computed as a server does; of every other
/// built-in kind only the name and the age are told, and the rest is empty.
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
        let value = at_path(object, path);
        return match (column.column_type.as_str(), value) {
            ("date", Some(time)) => age(time, now),
            (_, value) => value.cloned().unwrap_or_default(),
        };
    }
    match (column.name.as_str(), kind.origin()) {
        ("Age", _) => age(at(object, "/metadata/creationTimestamp"), now),
        (name, Origin::Builtin) => builtin(kind, name, object),
        _ => Value::Null,
    }
}

/// What a simple JSON path such as `.spec.size` leads to; others lead nowhere.
fn at_path<'v>(object: &'v Value, path: &str) -> Option<&'v Value> {
    let names = path.strip_prefix('.')?.split('.');
    names
        .into_iter()
        .try_fold(object, |here, name| here.get(name))
}

fn builtin(kind: Kind<'_>, column: &str, object: &Value) -> Value {
    match (kind.group(), kind.kind()) {
        ("", "ConfigMap") => config_map(column, object),
        ("apps", "Deployment") => deployment(column, object),
        ("", "Secret") => secret(column, object),
        ("", "Service") => service(column, object),
        _ => Value::Null,
    }
}

fn count(value: &Value) -> usize {
    value.as_object().map_or(0, serde_json::Map::len)
}

fn config_map(column: &str, object: &Value) -> Value {
    match column {
        "Data" => json!(count(at(object, "/data")) + count(at(object, "/binaryData"))),
        _ => Value::Null,
    }
}

fn secret(column: &str, object: &Value) -> Value {
    match column {
        "Type" => json!(at(object, "/type").as_str().unwrap_or_default()),
        "Data" => json!(count(at(object, "/data"))),
        _ => Value::Null,
    }
}

fn deployment(column: &str, object: &Value) -> Value {
    let status = |field: &str| {
        at(object, &format!("/status/{field}"))
            .as_i64()
            .unwrap_or_default()
    };
    let of_containers = |field: &str| {
        let containers = object.pointer("/spec/template/spec/containers");
        let containers = containers.and_then(Value::as_array).into_iter().flatten();
        let texts: Vec<&str> = containers
            .filter_map(|one| one.get(field)?.as_str())
            .collect();
        json!(texts.join(","))
    };
    match column {
        "Ready" => {
            let wanted = at(object, "/spec/replicas").as_i64().unwrap_or_default();
            json!(format!("{}/{wanted}", status("readyReplicas")))
        }
        "Up-to-date" => json!(status("updatedReplicas")),
        "Available" => json!(status("availableReplicas")),
        "Containers" => of_containers("name"),
        "Images" => of_containers("image"),
        "Selector" => json!(labels(at(object, "/spec/selector/matchLabels"))),
        _ => Value::Null,
    }
}

fn service(column: &str, object: &Value) -> Value {
    let spec = at(object, "/spec");
    let list = |field: &str| {
        spec.get(field)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    let text = |field: &str| {
        spec.get(field)
            .and_then(Value::as_str)
            .unwrap_or("<none>")
            .to_owned()
    };
    match column {
        "Type" => json!(text("type")),
        "Cluster-IP" => json!(text("clusterIP")),
        "External-IP" => match spec.get("type").and_then(Value::as_str) {
            Some("ExternalName") => json!(text("externalName")),
            Some("LoadBalancer") => json!("<pending>"),
            _ => {
                let ips = list("externalIPs");
                let ips: Vec<&str> = ips.filter_map(Value::as_str).collect();
                json!(if ips.is_empty() {
                    "<none>".to_owned()
                } else {
                    ips.join(",")
                })
            }
        },
        "Port(s)" => {
            let ports = list("ports").map(|port| {
                let node = at(port, "/nodePort")
                    .as_i64()
                    .map(|node| format!(":{node}"));
                let protocol = at(port, "/protocol").as_str().unwrap_or("TCP");
                format!(
                    "{}{}/{protocol}",
                    at(port, "/port"),
                    node.unwrap_or_default()
                )
            });
            let ports: Vec<String> = ports.collect();
            json!(if ports.is_empty() {
                "<none>".to_owned()
            } else {
                ports.join(",")
            })
        }
        "Selector" => json!(labels(at(object, "/spec/selector"))),
        _ => Value::Null,
    }
}

fn labels(labels: &Value) -> String {
    let pairs = labels.as_object().into_iter().flatten();
    let pairs: Vec<String> = pairs
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
        .collect();
    if pairs.is_empty() {
        "<none>".to_owned()
    } else {
        pairs.join(",")
    }
}

/// How long ago something was, in at most two units.
fn age(time: &Value, now: Timestamp) -> Value {
    let then: Option<Timestamp> = time.as_str().and_then(|text| text.parse().ok());
    let Some(then) = then else {
        return json!("<unknown>");
    };
    let seconds = now.as_second().saturating_sub(then.as_second()).max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    let two = |whole: i64, unit: &str, rest: i64, part: &str| match rest {
        0 => format!("{whole}{unit}"),
        rest => format!("{whole}{unit}{rest}{part}"),
    };
    let text = match () {
        () if seconds < 120 => format!("{seconds}s"),
        () if minutes < 10 => two(minutes, "m", seconds % 60, "s"),
        () if hours < 3 => format!("{minutes}m"),
        () if hours < 8 => two(hours, "h", minutes % 60, "m"),
        () if hours < 48 => format!("{hours}h"),
        () if days < 8 => two(days, "d", hours % 24, "h"),
        () if days < 2 * 365 => format!("{days}d"),
        () if days < 8 * 365 => two(days / 365, "y", days % 365, "d"),
        () => format!("{}y", days / 365),
    };
    json!(text)
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
