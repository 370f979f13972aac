//! Which columns does a kind's table have, as `kubectl get` prints it?

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::Value;

use crate::documents;

/// One column of a kind's table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Column {
    /// The heading.
    pub name: String,
    /// The type of its cells, such as `string`.
    #[serde(rename = "type")]
    pub column_type: String,
    /// What the cells mean, such as `name`; mostly empty.
    #[serde(default)]
    pub format: String,
    /// 0 is always printed, higher ones with `-o wide`.
    #[serde(default)]
    pub priority: i32,
    /// Where in an object a CRD's cell is found; built-in kinds compute theirs.
    #[serde(default, rename = "jsonPath")]
    pub json_path: Option<String>,
}

type Published = BTreeMap<String, Vec<Column>>;

/// What the server prints of a built-in resource.
pub(crate) fn published(group: &str, version: &str, plural: &str) -> &'static [Column] {
    // A cache of constant data.
    static PUBLISHED: OnceLock<Published> = OnceLock::new();
    let published = PUBLISHED.get_or_init(|| documents::read("table-columns"));
    let key = match group {
        "" => format!("{version}/{plural}"),
        group => format!("{group}/{version}/{plural}"),
    };
    published.get(&key).map_or(&[], Vec::as_slice)
}

/// What a server prints of a CRD's version: the name, then its own columns, or the age where it
/// has none.
pub(crate) fn of_version(version: &Value) -> Vec<Column> {
    let own: Vec<Column> = version
        .get("additionalPrinterColumns")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|column| Column::deserialize(column).ok())
        .collect();
    let name = column("Name", "string", "name", ".metadata.name");
    let rest = if own.is_empty() {
        vec![column("Age", "date", "", ".metadata.creationTimestamp")]
    } else {
        own
    };
    [vec![name], rest].concat()
}

fn column(name: &str, column_type: &str, format: &str, path: &str) -> Column {
    Column {
        name: name.to_owned(),
        column_type: column_type.to_owned(),
        format: format.to_owned(),
        priority: 0,
        json_path: Some(path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_crd_without_columns_prints_name_and_age() {
        let names = |version: Value| -> Vec<String> {
            of_version(&version)
                .into_iter()
                .map(|column| column.name)
                .collect()
        };
        assert_eq!(names(json!({})), ["Name", "Age"]);
        let size = json!({"name": "Size", "type": "integer", "jsonPath": ".spec.size"});
        assert_eq!(
            names(json!({"additionalPrinterColumns": [size, 3]})),
            ["Name", "Size"]
        );
    }
}
