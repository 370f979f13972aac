//! What does a strategic merge patch make of an object? As a merge patch, but lists whose items have
//! a key are merged item by item, and directives say what else is wanted.

use fed_schema::Type;
use serde_json::{Map, Value};

const PATCH: &str = "$patch";
const RETAIN_KEYS: &str = "$retainKeys";
const DELETE_FROM: &str = "$deleteFromPrimitiveList/";
const ORDER: &str = "$setElementOrder/";

/// The object as the patch makes it. What is wrong with a patch that cannot be read.
pub(super) fn patched(of: Type<'_>, object: &Value, patch: &Value) -> Result<Value, String> {
    let Some(patch) = patch.as_object() else {
        return Err("the patch must be an object".to_owned());
    };
    let object = object.as_object().cloned().unwrap_or_default();
    merge_fields(Some(of), object, patch).map(Value::Object)
}

fn merge_fields(
    of: Option<Type<'_>>,
    mut fields: Map<String, Value>,
    patch: &Map<String, Value>,
) -> Result<Map<String, Value>, String> {
    match patch.get(PATCH).map(|directive| directive.as_str()) {
        // Nothing is there to delete, and so null stays null.
        Some(Some("replace")) => {
            let fields = patch.iter().filter(|(name, _)| *name != PATCH);
            return Ok(fields
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect());
        }
        Some(Some("delete")) => return Ok(Map::new()),
        None | Some(Some("merge")) => {}
        Some(other) => {
            let (other, patch) = (other.unwrap_or_default(), as_go(&patch.clone().into()));
            return Err(format!("unknown patch type: {other} in map: {patch}"));
        }
    }
    if let Some(kept) = patch.get(RETAIN_KEYS).and_then(Value::as_array) {
        fields.retain(|name, _| kept.iter().any(|kept| kept == name));
    }
    for (directive, values) in patch {
        if let Some(name) = directive.strip_prefix(DELETE_FROM)
            && let (Some(values), Some(list)) = (
                values.as_array(),
                fields.get_mut(name).and_then(Value::as_array_mut),
            )
        {
            list.retain(|item| !values.contains(item));
        }
    }
    for (name, value) in patch.iter().filter(|(name, _)| !name.starts_with('$')) {
        let inner = of.and_then(|of| of.child(name));
        let order = patch.get(&format!("{ORDER}{name}"));
        match merged(inner, fields.remove(name), value, order)? {
            Value::Null => {}
            merged => {
                fields.insert(name.clone(), merged);
            }
        }
    }
    for (directive, order) in patch {
        let name = directive.strip_prefix(ORDER).unwrap_or_default();
        // What the patch has itself is in order already.
        if patch.contains_key(name) || !fields.get(name).is_some_and(Value::is_array) {
            continue;
        }
        let inner = of.and_then(|of| of.child(name));
        let sorted = merged(
            inner,
            fields.remove(name),
            &Value::Array(Vec::new()),
            Some(order),
        )?;
        fields.insert(name.to_owned(), sorted);
    }
    Ok(fields)
}

fn merged(
    of: Option<Type<'_>>,
    before: Option<Value>,
    patch: &Value,
    order: Option<&Value>,
) -> Result<Value, String> {
    let strategy = of.map(Type::patch_strategy).unwrap_or_default();
    match (before, patch) {
        (Some(Value::Object(fields)), Value::Object(patch)) if !strategy.replace => {
            merge_fields(of, fields, patch).map(Value::Object)
        }
        (before, Value::Array(items)) if strategy.merge => {
            let before = match before {
                Some(Value::Array(items)) => items,
                _ => Vec::new(),
            };
            merge_items(of, before, items, order).map(Value::Array)
        }
        (_, Value::Array(items)) => {
            let items = items.iter().map(cleaned);
            Ok(Value::Array(items.collect()))
        }
        (_, patch) => Ok(cleaned(patch)),
    }
}

/// A value as Go writes it for people.
fn as_go(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(as_go).collect();
            format!("[{}]", items.join(" "))
        }
        Value::Object(fields) => {
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| format!("{name}:{}", as_go(value)))
                .collect();
            format!("map[{}]", fields.join(" "))
        }
        other => other.to_string(),
    }
}

fn merge_items(
    of: Option<Type<'_>>,
    before: Vec<Value>,
    patch: &[Value],
    order: Option<&Value>,
) -> Result<Vec<Value>, String> {
    let is_directive = |item: &&Value| item.get(PATCH).and_then(Value::as_str) == Some("replace");
    if patch.iter().any(|item| is_directive(&item)) {
        let kept = patch.iter().filter(|item| !is_directive(item));
        return Ok(kept.map(cleaned).collect());
    }
    let Some(key) = of.and_then(Type::merge_key) else {
        let mut items = before.clone();
        for item in patch {
            if !items.contains(item) {
                items.push(item.clone());
            }
        }
        return Ok(ordered(items, &before, |item| Some(item), patch, order));
    };
    let original = before.clone();
    let mut items = before;
    for item in patch {
        let Some(name) = item.get(key) else {
            return Err(format!(
                "map: {} does not contain declared merge key: {key}",
                as_go(item)
            ));
        };
        let place = items.iter().position(|other| other.get(key) == Some(name));
        if item.get(PATCH).and_then(Value::as_str) == Some("delete") {
            items.retain(|other| other.get(key) != Some(name));
            continue;
        }
        let fields = item.as_object().cloned().unwrap_or_default();
        match place.and_then(|place| items.get_mut(place)) {
            Some(other) => {
                let before = other.as_object().cloned().unwrap_or_default();
                let inner = of.and_then(Type::items);
                *other = Value::Object(merge_fields(inner, before, &fields)?);
            }
            None => items.push(cleaned(item)),
        }
    }
    Ok(ordered(
        items,
        &original,
        |item| item.get(key),
        patch,
        order,
    ))
}

/// Items that the patch names stand in its order, or in the one that it asks for; the others keep
/// their places before those that they stood before.
fn ordered(
    items: Vec<Value>,
    original: &[Value],
    name: impl Fn(&Value) -> Option<&Value>,
    patch: &[Value],
    order: Option<&Value>,
) -> Vec<Value> {
    let wanted = order.and_then(Value::as_array).map_or(patch, Vec::as_slice);
    let place = |among: &[Value], item: &Value| {
        let wanted = name(item)?;
        among.iter().position(|other| name(other) == Some(wanted))
    };
    let (mut named, others): (Vec<_>, Vec<_>) = items
        .into_iter()
        .partition(|item| place(wanted, item).is_some());
    named.sort_by_key(|item| place(wanted, item));
    let (mut named, mut others) = (named.into_iter().peekable(), others.into_iter().peekable());
    let mut out = Vec::new();
    while let Some(next) = named.peek() {
        let stood = place(original, next);
        let before =
            |other: &Value| stood.is_some_and(|stood| place(original, other) < Some(stood));
        out.extend(others.next_if(before).or_else(|| named.next()));
    }
    out.extend(others);
    out
}

fn without_directives(patch: &Map<String, Value>) -> Map<String, Value> {
    let fields = patch.iter().filter(|(name, _)| !name.starts_with('$'));
    let fields = fields.map(|(name, value)| (name.clone(), cleaned(value)));
    fields.filter(|(_, value)| !value.is_null()).collect()
}

/// What a patch adds where nothing was: without directives, and without what it would delete.
fn cleaned(patch: &Value) -> Value {
    match patch {
        Value::Object(fields) => Value::Object(without_directives(fields)),
        Value::Array(items) => Value::Array(items.iter().map(cleaned).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fed_schema::Schemas;
    use serde_json::json;

    fn deployment(object: &Value, patch: &Value) -> Value {
        let schemas = Schemas::builtin();
        let root = schemas
            .kind("apps", "v1", "Deployment")
            .expect("built in")
            .root();
        patched(root, object, patch).expect("a patch that can be read")
    }

    fn containers(containers: &Value) -> Value {
        json!({"spec": {"template": {"spec": {"containers": containers}}}})
    }

    #[test]
    fn items_with_a_key_are_merged_and_deleted_by_it() {
        let before =
            containers(&json!([{"name": "web", "image": "a", "args": ["x"]}, {"name": "log"}]));
        let after = deployment(
            &before,
            &containers(
                &json!([{"name": "web", "image": "b"}, {"name": "log", "$patch": "delete"}]),
            ),
        );
        assert_eq!(
            after,
            containers(&json!([{"name": "web", "image": "b", "args": ["x"]}]))
        );
    }

    #[test]
    fn a_field_is_deleted_by_null_and_a_map_replaced_by_a_directive() {
        let before = json!({"metadata": {"labels": {"a": "1", "b": "2"}}});
        let after = deployment(&before, &json!({"metadata": {"labels": {"a": null}}}));
        assert_eq!(after, json!({"metadata": {"labels": {"b": "2"}}}));
        let replaced = json!({"metadata": {"labels": {"c": "3", "$patch": "replace"}}});
        let after = deployment(&before, &replaced);
        assert_eq!(after, json!({"metadata": {"labels": {"c": "3"}}}));
    }
}
