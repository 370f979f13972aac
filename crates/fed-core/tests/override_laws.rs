//! Do native overrides keep their promises for any object and any override?

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "clippy allows these in test functions, but not in what they share"
)]

use fed_core::customize::{Override, OverrideSet};
use fed_core::{Cluster, Location, Topology};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// Texts of every kind, of which some tell of the cluster and some are hostile.
const TEXTS: &[&str] = &[
    "",
    "a",
    "v1",
    "shop/web",
    "eu.example.com",
    "localhost:5000/a",
    "$(cluster.name)",
    "$(cluster.region)",
    "x$(cluster.labels['env'])y",
    "$$(cluster.name)",
    "$(cluster.",
    "$(cluster.labels['')",
    "$(POD_IP)",
    DIGEST,
    "a:b@c",
    "/spec",
    "/data/a",
    "~",
];

const DIGEST: &str = "sha256:dbcc1c35ac38df41fd2f5e4130b32ffdb93ebae8b3dbe638c23575912276fc9c";

const NAMES: &[&str] = &["a", "b", "c"];
const KEYS: &[&str] = &["env", "a", "example.com/a", "A"];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => select(TEXTS).prop_map(str::to_owned),
        1 => "[a-z$(){}.'\\[\\]:/@-]{0,12}",
    ]
}

/// An object with some of these fields.
fn some(fields: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    let (names, values): (Vec<_>, Vec<_>) = fields.into_iter().unzip();
    let values: Vec<_> = values.into_iter().map(option::of).collect();
    values
        .prop_map(move |values| {
            let pairs = names.iter().zip(values);
            let given = pairs.filter_map(|(name, value)| Some(((*name).to_owned(), value?)));
            Value::Object(given.collect::<Map<_, _>>())
        })
        .boxed()
}

fn texts() -> BoxedStrategy<Value> {
    vec(text(), 0..3).prop_map(|texts| json!(texts)).boxed()
}

fn one_text() -> BoxedStrategy<Value> {
    text().prop_map(Value::from).boxed()
}

fn names() -> BoxedStrategy<Value> {
    vec(select(NAMES), 0..3)
        .prop_map(|names| json!(names))
        .boxed()
}

fn keys() -> BoxedStrategy<Value> {
    btree_map(select(KEYS), text(), 0..3)
        .prop_map(|keys| json!(keys))
        .boxed()
}

fn list_of(item: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    vec(item, 0..3).prop_map(Value::from).boxed()
}

fn parts(names: &[&'static str]) -> BoxedStrategy<Value> {
    some(names.iter().map(|name| (*name, one_text())).collect())
}

fn image() -> BoxedStrategy<Value> {
    let removable = vec(select(vec!["Registry", "Tag", "Digest"]), 0..3);
    some(vec![
        ("containers", names()),
        ("podSpec", one_text()),
        ("path", one_text()),
        ("set", parts(&["registry", "repository", "tag", "digest"])),
        ("remove", removable.prop_map(|parts| json!(parts)).boxed()),
    ])
}

fn words() -> BoxedStrategy<Value> {
    let changes = some(vec![("set", texts()), ("remove", texts())]);
    (changes, select(NAMES))
        .prop_map(|(mut change, name)| {
            change["container"] = json!(name);
            change
        })
        .boxed()
}

fn env() -> BoxedStrategy<Value> {
    let variable = (text(), option::of(text())).prop_map(|(name, value)| match value {
        Some(value) => json!({"name": name, "value": value}),
        None => json!({"name": name, "valueFrom": {"fieldRef": {"fieldPath": name}}}),
    });
    some(vec![
        ("containers", names()),
        ("set", list_of(variable.boxed())),
        ("remove", texts()),
    ])
}

fn key_changes() -> BoxedStrategy<Value> {
    some(vec![
        ("set", keys()),
        ("replace", keys()),
        ("remove", texts()),
    ])
}

fn patches() -> BoxedStrategy<Value> {
    let patch = (select(vec!["add", "replace"]), text(), text())
        .prop_map(|(op, path, value)| json!({"op": op, "path": path, "value": value}));
    list_of(patch.boxed())
}

fn field() -> BoxedStrategy<Value> {
    (text(), select(vec!["Json", "Yaml"]), patches())
        .prop_map(
            |(path, format, patches)| json!({"path": path, "format": format, "patches": patches}),
        )
        .boxed()
}

fn one_of(texts: &'static [&'static str]) -> BoxedStrategy<Value> {
    select(texts).prop_map(Value::from).boxed()
}

/// Changes of images that mostly can be made.
fn sound_image() -> BoxedStrategy<Value> {
    let removable = vec(select(vec!["Registry", "Tag", "Digest"]), 0..3);
    let set = some(vec![
        (
            "registry",
            one_of(&["eu.example.com", "$(cluster.region):80"]),
        ),
        ("repository", one_of(&["a", "shop/web"])),
        ("tag", one_of(&["v1", "$(cluster.name)-2"])),
        ("digest", one_of(&[DIGEST])),
    ]);
    some(vec![
        ("set", set),
        ("remove", removable.prop_map(|parts| json!(parts)).boxed()),
    ])
}

/// What does the same when it is done again: everything but what is appended or patched.
fn settled(image: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    some(vec![
        ("image", list_of(image)),
        ("command", list_of(words())),
        ("args", list_of(words())),
        ("env", list_of(env())),
        ("labels", key_changes()),
        ("annotations", key_changes()),
    ])
}

fn targets() -> BoxedStrategy<Value> {
    let selector = keys().prop_map(|labels| json!({"matchLabels": labels}));
    some(vec![
        ("clusters", names()),
        ("clusterSelector", selector.boxed()),
        ("exclude", names()),
        ("absent", Just(json!(true)).boxed()),
    ])
}

/// Any override.
fn anything() -> BoxedStrategy<Value> {
    let rest = some(vec![("fields", list_of(field())), ("patches", patches())]);
    (targets(), settled(image()), rest)
        .prop_map(|parts| {
            let parts = [parts.0, parts.1, parts.2];
            let fields = parts.iter().filter_map(Value::as_object).flatten();
            fields.map(|(k, v)| (k.clone(), v.clone())).collect()
        })
        .boxed()
}

fn clusters() -> impl Strategy<Value = Vec<Cluster>> {
    let cluster = (select(NAMES), option::of(text()), select(vec!["", "eu"]));
    let cluster = cluster.prop_map(|(name, env, region)| {
        let cluster = Cluster::new(name).located(Topology::new("acme", region));
        env.into_iter()
            .fold(cluster, |cluster, env| cluster.label("env", env))
    });
    vec(cluster, 2..5)
}

fn pod() -> impl Strategy<Value = Value> {
    let container = some(vec![
        ("name", select(NAMES).prop_map(Value::from).boxed()),
        ("image", one_text()),
        ("command", texts()),
        ("args", one_text()),
        ("env", list_of(parts(&["name", "value"]))),
    ]);
    (list_of(container.clone()), list_of(container), keys()).prop_map(|(init, main, labels)| {
        json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": "a", "labels": labels},
            "spec": {"initContainers": init, "containers": main},
            "data": {"a": "{\"a\": 1}"},
        })
    })
}

fn read(overrides: &[Value]) -> OverrideSet {
    let overrides = overrides.iter().cloned().map(serde_json::from_value);
    let overrides: Vec<Override> = overrides.collect::<Result<_, _>>().unwrap();
    OverrideSet::native(&overrides, &Location::in_code())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn applying_twice_is_applying_once(object in pod(), change in settled(sound_image())) {
        let set = read(&[change]);
        let cluster = Cluster::new("a").label("env", "prod").located(Topology::new("acme", "eu"));
        let mut once = object.clone();
        if set.apply(&cluster, &mut once).is_ok() {
            let mut twice = once.clone();
            prop_assert_eq!(set.apply(&cluster, &mut twice), Ok(()));
            prop_assert_eq!(twice, once);
        } else {
            prop_assert_eq!(once, object);
        }
    }

    #[test]
    fn a_class_stands_for_all_its_clusters(
        object in pod(),
        overrides in vec(anything(), 0..4),
        clusters in clusters(),
    ) {
        let set = read(&overrides);
        let alone = |cluster: &Cluster| {
            let mut changed = object.clone();
            set.apply(cluster, &mut changed).map(|()| changed).map_err(|problem| problem.code)
        };
        for one in &clusters {
            for other in &clusters {
                if set.class(one) == set.class(other) {
                    prop_assert_eq!(alone(one), alone(other));
                }
            }
            if set.is_empty_for(one) {
                prop_assert_eq!(alone(one), Ok(object.clone()));
            }
        }
    }

    #[test]
    fn one_after_the_other_is_all_at_once(
        object in pod(),
        first in vec(anything(), 0..3),
        second in vec(anything(), 0..3),
        clusters in clusters(),
    ) {
        let (first_set, second_set) = (read(&first), read(&second));
        let both = first_set.followed_by(&second_set);
        for cluster in &clusters {
            let mut stepwise = object.clone();
            let result = first_set
                .apply(cluster, &mut stepwise)
                .and_then(|()| second_set.apply(cluster, &mut stepwise));
            let mut at_once = object.clone();
            prop_assert_eq!(both.apply(cluster, &mut at_once).is_ok(), result.is_ok());
            if result.is_ok() {
                prop_assert_eq!(at_once, stepwise);
            }
            let out = first_set.leaves_out(cluster).or(second_set.leaves_out(cluster));
            prop_assert_eq!(both.leaves_out(cluster), out);
        }
    }

    #[test]
    fn what_is_written_is_read_again(change in anything()) {
        let read: Override = serde_json::from_value(change).unwrap();
        let written = serde_json::to_value(&read).unwrap();
        prop_assert_eq!(serde_json::from_value::<Override>(written).unwrap(), read);
    }

    #[test]
    fn any_object_is_changed_or_refused(
        change in anything(),
        object in prop_oneof![Just(json!(null)), Just(json!([])), Just(json!({"metadata": [], "spec": 1})),
            Just(json!({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": {"a": 1}}}))],
    ) {
        let set = read(&[change]);
        let mut changed = object.clone();
        if set.apply(&Cluster::new("a"), &mut changed).is_err() {
            prop_assert_eq!(changed, object);
        }
    }
}
