//! Which lists are asked for as tables, and what of the answers is kept?

use std::collections::BTreeMap;

use serde_json::{Map, Value};

const KEPT: [&str; 4] = ["format", "name", "priority", "type"];

/// The lists of an aggregated discovery: what a table's columns are kept under, and the path that
/// lists the resource.
pub(super) fn lists(discovery: &Value) -> BTreeMap<String, String> {
    let mut lists = BTreeMap::new();
    for root in ["api", "apis"] {
        for group in array(discovery, &["", root, "items"].join("/")) {
            let group_name = text(group, "/metadata/name");
            for version in array(group, "/versions") {
                let version_name = text(version, "/version");
                let group_version = match group_name {
                    "" => version_name.to_owned(),
                    group_name => format!("{group_name}/{version_name}"),
                };
                for resource in array(version, "/resources") {
                    if array(resource, "/verbs").iter().any(|verb| verb == "list") {
                        let key = format!("{group_version}/{}", text(resource, "/resource"));
                        let path = format!("/{root}/{key}?limit=1");
                        lists.insert(key, path);
                    }
                }
            }
        }
    }
    lists
}

/// The columns of a Table, without prose.
pub(super) fn columns(table: &Value) -> Value {
    array(table, "/columnDefinitions")
        .iter()
        .map(|column| {
            let kept: Map<String, Value> = KEPT
                .iter()
                .filter_map(|key| Some(((*key).to_owned(), column.get(key)?.clone())))
                .collect();
            Value::Object(kept)
        })
        .collect()
}

fn array<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_can_be_listed_is_asked_for() {
        let resource = |name: &str, verb: &str| json!({"resource": name, "verbs": [verb]});
        let discovery = json!({
            "api": {"items": [{"metadata": {}, "versions": [
                {"version": "v1", "resources": [resource("pods", "list"), resource("bindings", "create")]}
            ]}]},
            "apis": {"items": [{"metadata": {"name": "apps"}, "versions": [
                {"version": "v1", "resources": [resource("deployments", "list")]}
            ]}]},
        });
        let lists: Vec<(String, String)> = lists(&discovery).into_iter().collect();
        assert_eq!(
            lists,
            [
                (
                    "apps/v1/deployments".into(),
                    "/apis/apps/v1/deployments?limit=1".into()
                ),
                ("v1/pods".into(), "/api/v1/pods?limit=1".into()),
            ]
        );
    }

    #[test]
    fn a_columns_prose_goes() {
        let table = json!({"columnDefinitions": [
            {"name": "Age", "type": "string", "format": "", "priority": 0, "description": "prose"}
        ]});
        assert_eq!(
            columns(&table),
            json!([{"name": "Age", "type": "string", "format": "", "priority": 0}])
        );
        assert_eq!(columns(&json!({})), json!([]));
    }
}
