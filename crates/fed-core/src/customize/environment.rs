//! How does an override change the environment of one container?

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
    let mut list = match container.get_mut("env") {
        None | Some(Value::Null) => None,
        Some(Value::Array(list)) => Some(std::mem::take(list)),
        Some(_) => return Err(Failure::because("its env is no list")),
    };
    for variable in &change.set {
        let item = written(variable);
        if !copies.take(&item) {
            return Err(Failure::TooLarge);
        }
        put(list.get_or_insert_default(), &variable.name, item);
    }
    if let Some(mut list) = list {
        list.retain(|item| !change.remove.iter().any(|name| is_named(item, name)));
        container.insert("env".to_owned(), Value::Array(list));
    }
    Ok(())
}

/// Of several variables of one name the last one counts; one of them is left.
fn put(list: &mut Vec<Value>, name: &str, item: Value) {
    match list.iter().rposition(|other| is_named(other, name)) {
        Some(last) => {
            if let Some(old) = list.get_mut(last) {
                *old = item;
            }
            let mut index = 0;
            list.retain(|other| {
                let is_last = index == last;
                index += 1;
                is_last || !is_named(other, name)
            });
        }
        None => list.push(item),
    }
}

fn is_named(item: &Value, name: &str) -> bool {
    item.get("name").and_then(Value::as_str) == Some(name)
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
