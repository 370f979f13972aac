//! How does an override change the environment of one container?

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::failure::Failure;
use super::limits::CopyBudget;
use super::native::{EnvOverride, EnvVar};

/// Sets variables, each in the place of those of its name, and takes others away.
pub(super) fn change(
    container: &mut Map<String, Value>,
    change: &EnvOverride,
    copies: &mut CopyBudget,
) -> Result<(), Failure> {
    let list = match container.get_mut("env") {
        None | Some(Value::Null) => None,
        Some(Value::Array(list)) => Some(std::mem::take(list)),
        Some(_) => return Err(Failure::because("its env is no list")),
    };
    if list.is_none() && change.set.is_empty() {
        return Ok(());
    }
    let mut list = list.unwrap_or_default();
    put(&mut list, &change.set, copies)?;
    let removed: BTreeSet<&str> = change.remove.iter().map(String::as_str).collect();
    list.retain(|item| !removed.contains(name_of(item)));
    container.insert("env".to_owned(), Value::Array(list));
    Ok(())
}

/// Of several variables of one name the last one counts; of those that are set one is left.
fn put(list: &mut Vec<Value>, set: &[EnvVar], copies: &mut CopyBudget) -> Result<(), Failure> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (index, item) in list.iter().enumerate() {
        places.insert(name_of(item).to_owned(), index);
    }
    let mut kept = BTreeMap::new();
    for variable in set {
        let item = written(variable);
        if !copies.take(&item) {
            return Err(Failure::TooLarge);
        }
        let end = list.len();
        let place = *places.entry(variable.name.clone()).or_insert(end);
        match list.get_mut(place) {
            Some(old) => *old = item,
            None => list.push(item),
        }
        kept.insert(variable.name.as_str(), place);
    }
    let mut index = 0;
    list.retain(|item| {
        let is_kept = kept.get(name_of(item)).is_none_or(|place| *place == index);
        index += 1;
        is_kept
    });
    Ok(())
}

fn name_of(item: &Value) -> &str {
    let name = item.get("name").and_then(Value::as_str);
    name.unwrap_or_default()
}

fn written(variable: &EnvVar) -> Value {
    let mut fields = Map::new();
    fields.insert("name".to_owned(), variable.name.as_str().into());
    if let Some(value) = &variable.value {
        fields.insert("value".to_owned(), value.as_str().into());
    }
    if let Some(from) = &variable.value_from {
        fields.insert("valueFrom".to_owned(), from.clone());
    }
    Value::Object(fields)
}
