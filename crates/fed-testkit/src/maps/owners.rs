//! Who owns which fields of an object, and what do they become when somebody writes? As a server
//! keeps it, without schemas: lists are taken as a whole.

use std::collections::{BTreeMap, BTreeSet};

use fed_core::reconcile::Failure;
use serde_json::{Map, Value, json};

/// The keys that lead to a field.
type Path = Vec<String>;

/// How a manager wrote: what it applied, and what it updated, are apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Writer {
    pub(super) manager: String,
    pub(super) applies: bool,
}

/// Who owns which fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Owners(BTreeMap<Writer, BTreeSet<Path>>);

impl Writer {
    pub(super) fn applying(manager: &str) -> Self {
        Self {
            manager: manager.to_owned(),
            applies: true,
        }
    }

    pub(super) fn updating(manager: &str) -> Self {
        Self {
            manager: manager.to_owned(),
            applies: false,
        }
    }
}

impl Owners {
    /// Somebody writes the whole object: what changes is theirs.
    pub(super) fn update(&mut self, before: Option<&Value>, after: &Value, writer: Writer) {
        let before = before.map(fields).unwrap_or_default();
        let after = fields(after);
        let changed: BTreeSet<Path> = after
            .iter()
            .filter(|(path, value)| before.get(*path) != Some(value))
            .map(|(path, _)| path.clone())
            .collect();
        for owned in self.0.values_mut() {
            owned.retain(|path| after.contains_key(path) && !changed.contains(path));
        }
        self.0.entry(writer).or_default().extend(changed);
        self.0.retain(|_, owned| !owned.is_empty());
    }

    /// Somebody applies a part of the object, which becomes what is returned.
    pub(super) fn apply(
        &mut self,
        live: &Value,
        applied: &Value,
        writer: Writer,
        force: bool,
    ) -> Result<Value, Failure> {
        let there = fields(live);
        let wanted = fields(applied);
        let changed: BTreeSet<Path> = wanted
            .iter()
            .filter(|(path, value)| there.get(*path) != Some(value))
            .map(|(path, _)| path.clone())
            .collect();
        for (other, owned) in self.0.iter_mut().filter(|(other, _)| **other != writer) {
            let taken: BTreeSet<Path> = owned.intersection(&changed).cloned().collect();
            if !force && !taken.is_empty() {
                return Err(Failure::Conflict {
                    manager: other.manager.clone(),
                    fields: taken.iter().map(|path| pointer(path)).collect(),
                });
            }
            owned.retain(|path| !taken.contains(path));
        }
        let set: BTreeSet<Path> = wanted.keys().cloned().collect();
        let before = self.0.insert(writer, set).unwrap_or_default();
        let is_owned = |path: &Path| self.0.values().any(|owned| owned.contains(path));
        let mut value = live.clone();
        for path in before.iter().filter(|path| !is_owned(path)) {
            remove(&mut value, path);
        }
        for (path, field) in wanted {
            put(&mut value, &path, field);
        }
        self.0.retain(|_, owned| !owned.is_empty());
        Ok(value)
    }

    /// As a server tells it.
    pub(super) fn managed_fields(&self) -> Value {
        let entries = self.0.iter().map(|(writer, owned)| {
            let mut tree = json!({});
            for path in owned {
                let path: Path = path.iter().map(|key| format!("f:{key}")).collect();
                put(&mut tree, &path, json!({}));
            }
            json!({
                "manager": writer.manager,
                "operation": if writer.applies { "Apply" } else { "Update" },
                "apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": tree,
            })
        });
        entries.collect()
    }

    /// What somebody told a server.
    pub(super) fn from_managed_fields(entries: &Value) -> Self {
        let mut owners = Self::default();
        for entry in entries.as_array().into_iter().flatten() {
            let text = |field: &str| entry.get(field).and_then(Value::as_str).unwrap_or_default();
            let writer = Writer {
                manager: text("manager").to_owned(),
                applies: text("operation") == "Apply",
            };
            let mut paths = BTreeSet::new();
            if let Some(tree) = entry.get("fieldsV1") {
                leaves(tree, &mut Vec::new(), &mut |path, _| {
                    let path = path
                        .iter()
                        .map(|key| key.trim_start_matches("f:").to_owned());
                    paths.insert(path.collect());
                });
            }
            owners.0.entry(writer).or_default().extend(paths);
        }
        owners
    }
}

/// What nobody owns.
fn is_owned(path: &[String]) -> bool {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        ["apiVersion" | "kind" | "status", ..] => false,
        ["metadata", field, ..] => {
            matches!(
                *field,
                "labels" | "annotations" | "finalizers" | "ownerReferences"
            )
        }
        _ => true,
    }
}

/// The fields of an object that can be owned.
fn fields(object: &Value) -> BTreeMap<Path, Value> {
    let mut fields = BTreeMap::new();
    leaves(object, &mut Vec::new(), &mut |path, value| {
        if is_owned(path) {
            fields.insert(path.to_vec(), value.clone());
        }
    });
    fields
}

fn leaves(value: &Value, path: &mut Path, tell: &mut impl FnMut(&[String], &Value)) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (key, value) in fields {
                path.push(key.clone());
                leaves(value, path, tell);
                path.pop();
            }
        }
        leaf => tell(path, leaf),
    }
}

fn pointer(path: &[String]) -> String {
    let escaped = path
        .iter()
        .map(|key| key.replace('~', "~0").replace('/', "~1"));
    escaped.fold(String::new(), |pointer, key| pointer + "/" + &key)
}

fn put(value: &mut Value, path: &[String], field: Value) {
    match path {
        [] => *value = field,
        [key, rest @ ..] => {
            if !value.is_object() {
                *value = Map::new().into();
            }
            if let Some(fields) = value.as_object_mut() {
                put(fields.entry(key).or_insert(Value::Null), rest, field);
            }
        }
    }
}

/// Takes a field away, and what is left empty around it.
fn remove(value: &mut Value, path: &[String]) {
    let Some((key, rest)) = path.split_first() else {
        return;
    };
    let Some(fields) = value.as_object_mut() else {
        return;
    };
    if let Some(inner) = fields.get_mut(key) {
        remove(inner, rest);
        if rest.is_empty() || inner.as_object().is_some_and(Map::is_empty) {
            fields.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours() -> Writer {
        Writer::applying("ours")
    }

    #[test]
    fn what_is_not_applied_any_more_goes_and_what_others_wrote_stays() {
        let mut owners = Owners::default();
        let first = json!({"spec": {"ours": 1, "gone": {"a": 1}}});
        let mut live = owners.apply(&json!({}), &first, ours(), false).unwrap();
        let before = live.clone();
        live["spec"]["gone"]["theirs"] = json!(2);
        live["spec"]["theirs"] = json!(3);
        owners.update(Some(&before), &live, Writer::updating("them"));
        let second = json!({"spec": {"ours": 2, "new": [1]}});
        assert_eq!(
            owners.apply(&live, &second, ours(), false),
            Ok(json!({"spec": {"ours": 2, "gone": {"theirs": 2}, "theirs": 3, "new": [1]}}))
        );
    }

    #[test]
    fn a_field_of_somebody_else_is_a_conflict_unless_it_is_the_same_or_taken() {
        let mut owners = Owners::default();
        let live = json!({"data": {"sky": "red"}});
        owners.update(None, &live, Writer::updating("them"));
        let blue = json!({"data": {"sky": "blue"}});
        let conflict = Failure::Conflict {
            manager: "them".to_owned(),
            fields: ["/data/sky".to_owned()].into(),
        };
        assert_eq!(
            owners.clone().apply(&live, &blue, ours(), false),
            Err(conflict)
        );
        assert_eq!(
            owners.clone().apply(&live, &live, ours(), false),
            Ok(live.clone())
        );
        assert_eq!(owners.apply(&live, &blue, ours(), true), Ok(blue));
        assert_eq!(owners.0.len(), 1);
    }

    #[test]
    fn what_is_told_can_be_told_back() {
        let mut owners = Owners::default();
        let live = json!({"metadata": {"labels": {"a/b": "1"}}, "data": {"sky": "red"}});
        owners.update(None, &live, Writer::updating("them"));
        owners
            .apply(&live, &json!({"data": {"sky": "red"}}), ours(), false)
            .unwrap();
        assert_eq!(
            Owners::from_managed_fields(&owners.managed_fields()),
            owners
        );
    }
}
