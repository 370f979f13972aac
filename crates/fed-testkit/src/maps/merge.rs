//! What does an object become when a part of it is applied? Fields that were applied before and are
//! not any more go; the others stay or change. Lists are taken as a whole.

use serde_json::{Map, Value};

/// `live` after `applied` is applied in the place of `before`.
pub(super) fn apply(live: &mut Value, before: Option<&Value>, applied: &Value) {
    match (live, applied) {
        (Value::Object(live), Value::Object(applied)) => {
            if let Some(Value::Object(before)) = before {
                let gone = before.keys().filter(|key| !applied.contains_key(*key));
                for key in gone {
                    remove(live, key, before.get(key));
                }
            }
            for (key, value) in applied {
                let before = before.and_then(|before| before.get(key));
                match live.get_mut(key) {
                    Some(live) => apply(live, before, value),
                    None => {
                        live.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (live, applied) => live.clone_from(applied),
    }
}

/// Takes away what was applied under a key, and leaves what others put there.
fn remove(live: &mut Map<String, Value>, key: &str, before: Option<&Value>) {
    if let (Some(Value::Object(rest)), Some(Value::Object(before))) = (live.get_mut(key), before) {
        for (key, value) in before {
            remove(rest, key, Some(value));
        }
        if !rest.is_empty() {
            return;
        }
    }
    live.remove(key);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_applied_any_more_goes_and_what_others_wrote_stays() {
        let mut live = json!({"spec": {"ours": 1, "gone": {"a": 1, "theirs": 2}, "theirs": 3}});
        let before = json!({"spec": {"ours": 1, "gone": {"a": 1}}});
        apply(
            &mut live,
            Some(&before),
            &json!({"spec": {"ours": 2, "new": [1]}}),
        );
        assert_eq!(
            live,
            json!({"spec": {"ours": 2, "gone": {"theirs": 2}, "theirs": 3, "new": [1]}})
        );
    }
}
