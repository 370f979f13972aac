//! What differs between two values? The fields that do, on both sides.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

/// What of the side before counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// All of it.
    Everything,
    /// What the side after speaks of.
    WhatIsPlanned,
}

/// Two values that differ: the parts of them that do.
#[derive(Clone)]
pub(super) struct Difference<V = Value> {
    pub(super) before: V,
    pub(super) after: V,
}

/// The parts of an object in which two of its states differ, if they do.
pub(super) fn between(
    before: &Value,
    after: &Value,
    measure: Measure,
) -> Option<Difference<Arc<Value>>> {
    let difference = values(before, after, measure)?;
    Some(Difference {
        before: Arc::new(difference.before),
        after: Arc::new(difference.after),
    })
}

fn values(before: &Value, after: &Value, measure: Measure) -> Option<Difference> {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => objects(before, after, measure),
        (Value::Array(before), Value::Array(after)) => lists(before, after, measure),
        _ if same(before, after) => None,
        _ => Some(whole(before, after)),
    }
}

/// The same scalar: numbers are the same if they are the same number.
fn same(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Number(before), Value::Number(after)) if before.is_f64() != after.is_f64() => {
            before.as_f64() == after.as_f64()
        }
        _ => before == after,
    }
}

fn whole(before: &Value, after: &Value) -> Difference {
    Difference {
        before: before.clone(),
        after: after.clone(),
    }
}

fn objects(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    measure: Measure,
) -> Option<Difference> {
    let mut differing = Difference {
        before: Map::new(),
        after: Map::new(),
    };
    for (key, new) in after {
        match before.get(key) {
            _ if measure == Measure::WhatIsPlanned && new.is_null() => {}
            None if measure == Measure::WhatIsPlanned && says_nothing(new) => {}
            None => {
                differing.after.insert(key.clone(), new.clone());
            }
            Some(old) => {
                if let Some(difference) = nested(old, new, measure) {
                    differing.before.insert(key.clone(), difference.before);
                    differing.after.insert(key.clone(), difference.after);
                }
            }
        }
    }
    if measure == Measure::Everything {
        let gone = before.iter().filter(|(key, _)| !after.contains_key(*key));
        let gone = gone.map(|(key, old)| (key.clone(), old.clone()));
        differing.before.extend(gone);
    }
    let is_none = differing.before.is_empty() && differing.after.is_empty();
    (!is_none).then_some(Difference {
        before: Value::Object(differing.before),
        after: Value::Object(differing.after),
    })
}

/// The difference of what stands inside. Without its kind, nobody could tell that a part of a Secret
/// is one: it is told whole.
fn nested(before: &Value, after: &Value, measure: Measure) -> Option<Difference> {
    let difference = values(before, after, measure)?;
    let is_secret = is_secret(before) || is_secret(after);
    Some(if is_secret {
        whole(before, after)
    } else {
        difference
    })
}

fn is_secret(value: &Value) -> bool {
    const KINDS: [&str; 4] = [
        "Secret",
        "FederatedSecret",
        "SecretList",
        "FederatedSecretList",
    ];
    let kind = value.get("kind").and_then(Value::as_str).map(str::trim);
    kind.is_some_and(|kind| KINDS.iter().any(|secret| kind.eq_ignore_ascii_case(secret)))
}

/// Servers leave out what is as good as absent.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
    }
}

fn lists(before: &[Value], after: &[Value], measure: Measure) -> Option<Difference> {
    if let (Some(old), Some(new)) = (Named::of(before), Named::of(after))
        && new.keeps_the_order_of(&old, measure)
    {
        return by_name(&old, &new, measure);
    }
    if measure == Measure::WhatIsPlanned && before.len() == after.len() {
        return by_index(before, after);
    }
    (before != after).then(|| Difference {
        before: Value::Array(before.to_vec()),
        after: Value::Array(after.to_vec()),
    })
}

/// The whole lists, if any item differs in what is planned of it; of what is there, no more than
/// that.
fn by_index(before: &[Value], after: &[Value]) -> Option<Difference> {
    let pairs = before.iter().zip(after);
    let differs = |(old, new)| nested(old, new, Measure::WhatIsPlanned).is_some();
    if !pairs.clone().any(differs) {
        return None;
    }
    let spoken_of = pairs.map(|(old, new)| part_of(old, new)).collect();
    Some(Difference {
        before: Value::Array(spoken_of),
        after: Value::Array(after.to_vec()),
    })
}

/// What is there of that which is planned.
fn part_of(live: &Value, planned: &Value) -> Value {
    match (live, planned) {
        (Value::Object(live), Value::Object(planned)) => {
            let common = planned
                .iter()
                .filter_map(|(key, planned)| Some((key.clone(), part_of(live.get(key)?, planned))));
            Value::Object(common.collect())
        }
        _ => live.clone(),
    }
}

/// A list of objects that each have a name of their own.
struct Named<'v> {
    items: Vec<(&'v str, &'v Map<String, Value>)>,
    by_name: BTreeMap<&'v str, &'v Map<String, Value>>,
}

impl<'v> Named<'v> {
    fn of(items: &'v [Value]) -> Option<Self> {
        let named = |item: &'v Value| Some((item.get("name")?.as_str()?, item.as_object()?));
        let items: Vec<_> = items.iter().map(named).collect::<Option<_>>()?;
        let by_name: BTreeMap<_, _> = items.iter().copied().collect();
        (by_name.len() == items.len()).then_some(Self { items, by_name })
    }

    fn names(&self) -> impl Iterator<Item = &'v str> {
        self.items.iter().map(|(name, _)| *name)
    }

    /// Do the items that both have stand in the same order, and new ones behind them where it must
    /// be known where they stand?
    fn keeps_the_order_of(&self, old: &Self, measure: Measure) -> bool {
        let kept = old.names().filter(|name| self.by_name.contains_key(name));
        let new: BTreeSet<_> = self
            .names()
            .filter(|name| !old.by_name.contains_key(name))
            .collect();
        let stays = |name: &&str| !new.contains(name);
        match measure {
            Measure::WhatIsPlanned => kept.eq(self.names().filter(stays)),
            Measure::Everything => {
                let added = self.names().filter(|name| new.contains(name));
                kept.chain(added).eq(self.names())
            }
        }
    }
}

fn by_name(old: &Named<'_>, new: &Named<'_>, measure: Measure) -> Option<Difference> {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    let whole = |fields: &Map<String, Value>| Value::Object(fields.clone());
    for (name, planned) in &new.items {
        let Some(live) = old.by_name.get(name) else {
            after.push(whole(planned));
            continue;
        };
        if let Some(difference) = nested(&whole(live), &whole(planned), measure) {
            before.push(with_name(difference.before, name));
            after.push(with_name(difference.after, name));
        }
    }
    if measure == Measure::Everything {
        let gone = old
            .items
            .iter()
            .filter(|(name, _)| !new.by_name.contains_key(name));
        before.extend(gone.map(|(_, fields)| whole(fields)));
    }
    (!before.is_empty() || !after.is_empty()).then_some(Difference {
        before: Value::Array(before),
        after: Value::Array(after),
    })
}

fn with_name(mut part: Value, name: &str) -> Value {
    if let Value::Object(fields) = &mut part {
        fields.insert("name".to_owned(), name.into());
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn differ(before: &Value, after: &Value, measure: Measure) -> Option<[Value; 2]> {
        values(before, after, measure).map(|found| [found.before, found.after])
    }

    #[test]
    fn everything_that_differs_is_told_and_nothing_else() {
        let table = [
            (
                json!({"a": 1, "b": {"c": 2, "d": 3}}),
                json!({"a": 1, "b": {"c": 4, "e": 5}}),
                Some([
                    json!({"b": {"c": 2, "d": 3}}),
                    json!({"b": {"c": 4, "e": 5}}),
                ]),
            ),
            (
                json!({"a": {"b": 1}}),
                json!({"a": {}}),
                Some([json!({"a": {"b": 1}}), json!({"a": {}})]),
            ),
            (
                json!({"a": null}),
                json!({}),
                Some([json!({"a": null}), json!({})]),
            ),
            (
                json!({"a": [1, 2]}),
                json!({"a": [1, 3]}),
                Some([json!({"a": [1, 2]}), json!({"a": [1, 3]})]),
            ),
            (
                json!({"a": 1}),
                json!({"a": "1"}),
                Some([json!({"a": 1}), json!({"a": "1"})]),
            ),
            (
                json!({"a": 1, "b": [{"x": 1}]}),
                json!({"b": [{"x": 1}], "a": 1.0}),
                None,
            ),
        ];
        for (before, after, expected) in table {
            assert_eq!(differ(&before, &after, Measure::Everything), expected);
        }
    }

    #[test]
    fn items_with_names_are_told_one_by_one_while_their_order_stays() {
        let before = json!([{"name": "a", "x": 1}, {"name": "b", "x": 1, "y": 2}, {"name": "c"}]);
        let after = json!([{"name": "b", "x": 3, "y": 2}, {"name": "c"}, {"name": "d"}]);
        assert_eq!(
            differ(&before, &after, Measure::Everything),
            Some([
                json!([{"name": "b", "x": 1}, {"name": "a", "x": 1}]),
                json!([{"name": "b", "x": 3}, {"name": "d"}]),
            ])
        );
        for other in [
            json!([{"name": "b"}, {"name": "a"}]),
            json!([{"name": "d"}, {"name": "a", "x": 1}]),
            json!([{"name": "a"}, {"name": "a"}]),
            json!([{"name": "a"}, 7]),
        ] {
            let whole = Some([before.clone(), other.clone()]);
            assert_eq!(differ(&before, &other, Measure::Everything), whole);
        }
    }

    #[test]
    fn what_a_server_adds_or_leaves_out_is_no_difference() {
        let planned = json!({
            "spec": {
                "replicas": 3, "paused": false, "strategy": {}, "none": null, "text": "",
                "ports": [{"port": 80}, {"port": 90}],
                "containers": [{"name": "a", "image": "a:1"}, {"name": "b", "env": [{"name": "X", "value": ""}]}],
            },
        });
        let live = json!({
            "metadata": {"uid": "1"},
            "spec": {
                "replicas": 3, "none": 5,
                "ports": [{"port": 80, "protocol": "TCP"}, {"port": 90, "protocol": "TCP"}],
                "containers": [
                    {"name": "proxy", "image": "proxy:1"},
                    {"name": "a", "image": "a:1", "imagePullPolicy": "Always"},
                    {"name": "b", "env": [{"name": "X"}, {"name": "ADDED", "value": "1"}]},
                ],
            },
            "status": {"readyReplicas": 3},
        });
        assert_eq!(differ(&live, &planned, Measure::WhatIsPlanned), None);
    }

    #[test]
    fn only_what_is_planned_is_told_of_what_runs() {
        let of = |live: Value, planned: Value| differ(&live, &planned, Measure::WhatIsPlanned);
        assert_eq!(
            of(json!({"a": 1, "added": 2}), json!({"a": 3})),
            Some([json!({"a": 1}), json!({"a": 3})])
        );
        assert_eq!(
            of(
                json!([{"port": 80, "protocol": "TCP"}, {"port": 90, "protocol": "TCP"}]),
                json!([{"port": 80}, {"port": 91, "name": "x"}])
            ),
            Some([
                json!([{"port": 80}, {"port": 90}]),
                json!([{"port": 80}, {"port": 91, "name": "x"}])
            ])
        );
        // Without names, an item more is one that nobody planned.
        assert_eq!(
            of(json!([1, 2]), json!([1])),
            Some([json!([1, 2]), json!([1])])
        );
        assert_eq!(
            of(
                json!([{"name": "a"}]),
                json!([{"name": "b"}, {"name": "a"}])
            ),
            Some([json!([]), json!([{"name": "b"}])])
        );
        let [live, planned] = [
            json!([{"name": "a"}, {"name": "b"}]),
            json!([{"name": "b"}, {"name": "a"}]),
        ];
        assert_eq!(of(live.clone(), planned.clone()), Some([live, planned]));
    }

    #[test]
    fn an_embedded_secret_is_told_whole() {
        let secret =
            |value: &str| json!({"kind": "Secret", "data": {"password": value, "other": "x"}});
        let [before, after] = ["a", "b"].map(|value| json!({"spec": {"template": secret(value)}}));
        assert_eq!(
            differ(&before, &after, Measure::Everything),
            Some([before.clone(), after.clone()])
        );
        assert_eq!(differ(&before, &before, Measure::Everything), None);
    }
}
