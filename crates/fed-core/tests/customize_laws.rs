//! Does customizing keep its promises for any document and any patch?

use fed_core::customize::kubefed::{PlacedReplicas, lowered_list, override_set};
use fed_core::customize::{Override, OverrideSet, PatchOp, PatchOperation};
use fed_core::dialect::kubefed::versions::{overrides_version_with, template_version};
use fed_core::{Cluster, Location};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// Few keys, so that paths meet them.
const KEYS: &[&str] = &["a", "b", "a/b", "~", "", "kind", "0"];
const STEPS: &[&str] = &[
    "a",
    "b",
    "a~1b",
    "~0",
    "",
    "kind",
    "0",
    "1",
    "2",
    "-1",
    "-2",
    "-9",
    "+1",
    "01",
    "-",
    "~2",
    "99999999999999999999",
];

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..3_i64).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        select(KEYS).prop_map(Value::from),
        "[\\PC]{0,4}".prop_map(Value::from),
    ]
}

fn document() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((select(KEYS), inner), 0..4)
                .prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

fn path() -> impl Strategy<Value = String> {
    let steps = prop::collection::vec(select(STEPS), 0..4);
    (steps, prop::bool::weighted(0.95)).prop_map(|(steps, slash)| {
        let path: String = steps.iter().flat_map(|step| ["/", *step]).collect();
        if slash {
            path
        } else {
            path.chars().skip(1).collect()
        }
    })
}

fn operation() -> impl Strategy<Value = PatchOperation> {
    let value = prop::option::weighted(0.9, document());
    let from = prop::option::weighted(0.9, path());
    (select(PatchOp::ALL.to_vec()), path(), from, value).prop_map(|(op, path, from, value)| {
        let mut operation = PatchOperation::remove(path);
        operation.op = op;
        operation.from = from;
        operation.value = value;
        operation
    })
}

/// A KubeFed operation: mostly as it should be.
fn kubefed_operation() -> impl Strategy<Value = Value> {
    let op = select(vec!["add", "remove", "replace", "", "test", "move", "Add"]);
    let sound = (op, path(), document())
        .prop_map(|(op, path, value)| json!({"op": op, "path": path, "value": value}));
    prop_oneof![9 => sound, 1 => document()]
}

fn kubefed_overrides() -> impl Strategy<Value = Value> {
    let operations = prop::collection::vec(kubefed_operation(), 0..4);
    let entry = (select(vec!["a", "b", ""]), operations).prop_map(
        |(name, operations)| json!({"clusterName": name, "clusterOverrides": operations}),
    );
    let entries = prop::collection::vec(prop_oneof![9 => entry, 1 => document()], 0..3);
    prop_oneof![9 => entries.prop_map(Value::from), 1 => document()]
}

fn native(patches: Vec<PatchOperation>) -> OverrideSet {
    OverrideSet::native(&[Override::new(patches)], &Location::in_code())
}

/// What the patch crate makes of the same patch; `None` where it fails.
fn reference(object: &Value, patches: &[PatchOperation]) -> Option<Value> {
    let patch = serde_json::to_value(patches).ok()?;
    let patch: json_patch::Patch = serde_json::from_value(patch).ok()?;
    let mut changed = object.clone();
    json_patch::patch_unsafe(&mut changed, &patch)
        .ok()
        .map(|()| changed)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn native_overrides_are_rfc_6902_and_all_or_nothing(
        object in document(),
        patches in prop::collection::vec(operation(), 0..5),
    ) {
        let set = native(patches.clone());
        let mut changed = object.clone();
        let result = set.apply(&Cluster::new("a"), &mut changed);
        let expected = reference(&object, &patches);
        prop_assert_eq!(result.is_ok(), expected.is_some(), "{:?}", result);
        prop_assert_eq!(changed, expected.unwrap_or(object));
    }

    #[test]
    fn kubefed_overrides_never_panic_and_are_all_or_nothing(
        object in document(),
        overrides in kubefed_overrides(),
        replicas in any::<i64>(),
    ) {
        let placed = [PlacedReplicas::new("a", replicas, Location::in_code())];
        let set = override_set(Some(&overrides), &Location::in_code(), "/a", &placed);
        let _ = set.warnings();
        for name in ["a", "b", "c"] {
            let cluster = Cluster::new(name);
            let mut changed = object.clone();
            if set.apply(&cluster, &mut changed).is_err() {
                prop_assert_eq!(&changed, &object);
            }
            if set.is_empty_for(&cluster) {
                prop_assert_eq!(&changed, &object);
            }
        }
    }

    #[test]
    fn clusters_of_one_class_get_the_same(
        object in document(),
        lists in prop::collection::vec(prop::collection::vec(operation(), 0..2), 3),
        names in prop::collection::vec(prop::collection::vec(select(vec!["a", "b"]), 0..3), 3),
    ) {
        let overrides: Vec<_> = lists
            .into_iter()
            .zip(names)
            .map(|(patches, names)| Override::new(patches).in_clusters(names))
            .collect();
        let set = OverrideSet::native(&overrides, &Location::in_code());
        let (a, b) = (Cluster::new("a"), Cluster::new("b"));
        if set.class(&a) == set.class(&b) {
            let (mut left, mut right) = (object.clone(), object);
            let (first, second) = (set.apply(&a, &mut left), set.apply(&b, &mut right));
            prop_assert_eq!(first.is_ok(), second.is_ok());
            prop_assert_eq!(left, right);
        }
    }

    #[test]
    fn overrides_survive_being_written_and_read(
        patches in prop::collection::vec(operation(), 0..4),
        clusters in prop::option::of(prop::collection::vec("[a-z]{1,3}", 0..3)),
    ) {
        let mut source = Override::new(patches);
        if let Some(clusters) = clusters {
            source = source.in_clusters(clusters);
        }
        let written = serde_json::to_value(&source).unwrap();
        prop_assert_eq!(serde_json::from_value::<Override>(written).unwrap(), source);
    }

    #[test]
    fn lowered_replicas_do_what_their_written_form_does(
        overrides in kubefed_overrides(),
        replicas in prop::collection::vec((select(vec!["a", "b", "c"]), 0..9_i64), 0..3),
    ) {
        let placed: Vec<_> = replicas
            .into_iter()
            .map(|(cluster, replicas)| PlacedReplicas::new(cluster, replicas, Location::in_code()))
            .collect();
        let written = lowered_list(Some(&overrides), "/spec/replicas", &placed);
        let at = Location::in_code();
        let lowered = override_set(Some(&overrides), &at, "/spec/replicas", &placed);
        let plain = override_set(written.as_ref(), &at, "/spec/replicas", &[]);
        for name in ["a", "b", "c"] {
            let render = |set: &OverrideSet| {
                let mut object = json!({"kind": "x", "spec": {}, "a": [1, {"b": 2}]});
                let result = set.apply(&Cluster::new(name), &mut object);
                (object, result.map_err(|problem| problem.code))
            };
            prop_assert_eq!(render(&lowered), render(&plain));
        }
    }

    #[test]
    fn versions_are_hashes_of_any_document(spec in document(), replicas in 0..9_i64) {
        let federated = json!({"spec": {"template": spec, "overrides": spec}});
        let placed = [PlacedReplicas::new("a", replicas, Location::in_code())];
        let template = template_version(&federated);
        let overrides = overrides_version_with(&federated, "/spec/replicas", &placed);
        prop_assert!(template.len() == 32 || spec.is_null());
        prop_assert_eq!(overrides.len(), 32);
    }
}
