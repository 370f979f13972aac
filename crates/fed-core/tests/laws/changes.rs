//! Do changes tell all that moves, and nothing else?

use std::collections::BTreeMap;
use std::sync::Arc;

use fed_core::kinds::Kinds;
use fed_core::{
    Change, Cluster, ClusterName, Fleet, Intent, Live, ObjectId, Placement, Plan, World, plan,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::cases;
use crate::worlds::{clusters, intents};

type State = BTreeMap<(ClusterName, ObjectId), Value>;

/// What clusters hold once they hold what is planned.
fn state(plan: &Plan) -> State {
    let objects = plan.objects();
    let manifests = objects.flat_map(|object| object.render().collect::<Vec<_>>());
    manifests
        .map(|(placed, rendered)| {
            let manifest = rendered.manifest();
            let place = (placed.cluster().name().clone(), manifest.id().clone());
            (place, manifest.value().clone())
        })
        .collect()
}

/// Makes the changes, whose sides are whole where an object comes or leaves.
fn apply(state: &mut State, changes: &[Change]) {
    let mut places: Vec<_> = state.keys().cloned().collect();
    for change in changes {
        let mut here = places.extract_if(.., |(cluster, object)| {
            *cluster == change.cluster && object.same_object(&change.object)
        });
        let known = here.next();
        drop(here);
        let old = known.and_then(|place| state.remove(&place));
        let new = match (old, change.before.as_deref(), change.after.as_deref()) {
            (None, None, Some(after)) => after.clone(),
            (Some(old), Some(before), None) => {
                assert_eq!(old, *before);
                continue;
            }
            (Some(old), Some(before), Some(after)) => applied(&old, before, after),
            _ => panic!("{change:?}"),
        };
        state.insert((change.cluster.clone(), change.object.clone()), new);
    }
}

/// The value with what stands in one part instead of what stands in the other.
fn applied(value: &Value, before: &Value, after: &Value) -> Value {
    match (value, before, after) {
        (Value::Object(fields), Value::Object(before), Value::Object(after)) => {
            let kept = fields
                .iter()
                .filter(|(key, _)| !before.contains_key(*key) || after.contains_key(*key));
            let mut new: Map<_, _> = kept
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            for (key, value) in after {
                let changed = match (fields.get(key), before.get(key)) {
                    (Some(old), Some(before)) => applied(old, before, value),
                    _ => value.clone(),
                };
                new.insert(key.clone(), changed);
            }
            Value::Object(new)
        }
        // A list that is not whole has items with names.
        (Value::Array(items), Value::Array(before), Value::Array(after)) if items != before => {
            let find = |list: &[Value], name: &Value| {
                list.iter().find(|item| item["name"] == *name).cloned()
            };
            let kept = items.iter().filter_map(|item| {
                let name = &item["name"];
                match (find(before, name), find(after, name)) {
                    (None, None) => Some(item.clone()),
                    (Some(before), Some(after)) => Some(applied(item, &before, &after)),
                    (Some(_), None) => None,
                    (None, Some(_)) => panic!("it is there already"),
                }
            });
            let new = after
                .iter()
                .filter(|item| find(items, &item["name"]).is_none());
            Value::Array(kept.chain(new.cloned()).collect())
        }
        _ => {
            assert_eq!(value, before);
            after.clone()
        }
    }
}

fn planned(intents: &[Intent], clusters: &[Cluster]) -> Plan {
    let fleet: Fleet = clusters.iter().cloned().collect();
    plan(&World::new(intents, &fleet))
}

/// Values of few names, so that they meet: with nulls, lists with names and without.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        select(vec![
            json!(null),
            json!(0),
            json!(1),
            json!(1.5),
            json!("x"),
            json!(true)
        ]),
        Just(json!({})),
        Just(json!([])),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let named = (select(vec!["a", "b", "c"]), inner.clone());
        let named = named.prop_map(|(name, value)| json!({"name": name, "value": value}));
        let key = select(vec!["name", "kind", "x", "y", "z"]);
        let entries = vec((key, inner.clone()), 0..4);
        let object = entries.prop_map(|entries| {
            let entries = entries
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value));
            Value::Object(entries.collect())
        });
        prop_oneof![
            object,
            vec(named, 0..4).prop_map(Value::Array),
            vec(inner, 0..3).prop_map(Value::Array),
        ]
    })
}

/// Items that each have a name of their own, in any order.
fn named() -> impl Strategy<Value = Value> {
    let names = Just(vec!["a", "b", "c", "d"]).prop_shuffle();
    let fields = vec((0..3_i32, option::of(value())), 4);
    (names, fields, 0..5_usize).prop_map(|(names, fields, count)| {
        let items = names.iter().zip(&fields).take(count);
        let item = |(name, (x, y)): (&&str, &(i32, Option<Value>))| match y {
            Some(y) => json!({"name": name, "x": x, "y": y}),
            None => json!({"name": name, "x": x}),
        };
        Value::Array(items.map(item).collect())
    })
}

/// What an object may say.
fn content() -> impl Strategy<Value = Value> {
    prop_oneof![
        value(),
        (value(), named()).prop_map(|(value, named)| json!({"any": value, "items": named})),
    ]
}

/// One object with this content.
fn thing(spec: &Value) -> Intent {
    let object = json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "thing", "namespace": "shop"},
        "spec": spec,
    });
    Intent::of(object).unwrap().place(Placement::everywhere())
}

/// Is it as good as absent?
fn says_nothing(value: &Value) -> bool {
    [
        json!(null),
        json!(0),
        json!(false),
        json!(""),
        json!({}),
        json!([]),
    ]
    .contains(value)
}

/// The value as a server might keep it: with more fields, without those that say nothing, and with
/// more items where items have names.
fn grown(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let told = fields.iter().filter(|(_, value)| !says_nothing(value));
            let grown = told.map(|(key, value)| (key.clone(), grown(value)));
            let added = ("added".to_owned(), json!({"by": ["the", "server"]}));
            Value::Object(grown.chain([added]).collect())
        }
        Value::Array(items) => {
            let mut names: Vec<_> = items.iter().map(|item| item["name"].as_str()).collect();
            names.sort_unstable();
            let count = names.len();
            names.dedup();
            let has_names = names.len() == count && names.iter().all(Option::is_some);
            let injected = has_names.then(|| json!({"name": "injected"}));
            Value::Array(
                injected
                    .into_iter()
                    .chain(items.iter().map(grown))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}

fn running(state: &State, as_found: impl Fn(&Value) -> Value) -> Live {
    let (mut live, kinds) = (Live::default(), Kinds::default());
    for ((cluster, _), value) in state {
        live.insert(cluster, Arc::new(as_found(value)), &kinds)
            .unwrap();
    }
    live
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn a_plan_changes_nothing_of_itself(intents in intents(), clusters in clusters()) {
        let plan = planned(&intents, &clusters);
        prop_assert_eq!(plan.changes_from(&plan), []);
        let again = planned(&intents, &clusters);
        prop_assert_eq!(again.changes_from(&plan), []);
    }

    #[test]
    fn changes_lead_from_one_plan_to_the_other(
        before in (intents(), clusters()),
        after in (intents(), clusters()),
    ) {
        let [before, after] = [before, after].map(|(intents, clusters)| planned(&intents, &clusters));
        let changes = after.changes_from(&before);
        let order = |change: &Change| (change.cluster.clone(), change.object.clone());
        prop_assert!(changes.is_sorted_by_key(order));
        let mut state = state(&before);
        apply(&mut state, &changes);
        // What nobody can tell where it should be stays where it is.
        let undecided: Vec<_> = after
            .objects()
            .filter(|object| !object.is_decided())
            .map(|object| object.target().versionless())
            .collect();
        let planned = self::state(&after);
        state.retain(|(cluster, target), _| {
            planned.contains_key(&(cluster.clone(), target.clone()))
                || !undecided.contains(&target.versionless())
        });
        prop_assert_eq!(state, planned);
        for change in &changes {
            prop_assert!(!change.reasons.is_empty());
            prop_assert_ne!(&change.before, &change.after);
        }
    }

    #[test]
    fn changes_of_any_content_lead_to_the_other(before in content(), after in content()) {
        let cluster = [Cluster::new("a")];
        let [before, after] = [before, after].map(|spec| planned(&[thing(&spec)], &cluster));
        let mut state = state(&before);
        apply(&mut state, &after.changes_from(&before));
        prop_assert_eq!(state, self::state(&after));
    }

    #[test]
    fn a_plan_changes_nothing_where_it_runs(intents in intents(), clusters in clusters()) {
        let plan = planned(&intents, &clusters);
        let state = state(&plan);
        prop_assert_eq!(plan.changes_in(&running(&state, Value::clone)), []);
        prop_assert_eq!(plan.changes_in(&running(&state, grown)), []);
        // And everything where nothing runs.
        prop_assert_eq!(plan.changes_in(&Live::default()).len(), state.len());
    }

    #[test]
    fn whatever_a_server_adds_is_no_change(spec in content()) {
        let plan = planned(&[thing(&spec)], &[Cluster::new("a")]);
        let live = running(&state(&plan), grown);
        prop_assert_eq!(plan.changes_in(&live), []);
    }

    #[test]
    fn whatever_runs_there_is_an_answer(planned_spec in content(), live_spec in content()) {
        let [plan, other] = [planned_spec, live_spec]
            .map(|spec| planned(&[thing(&spec)], &[Cluster::new("a")]));
        let changes = plan.changes_in(&running(&state(&other), Value::clone));
        for change in &changes {
            prop_assert_ne!(&change.before, &change.after);
        }
    }
}
