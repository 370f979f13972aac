//! Do the kinds keep their laws, whatever objects they are shown?

use fed_core::kinds::{
    ClusterStatus, HealthState, Kind, Kinds, KnativeService, Manners, Retention,
};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

const MANNERS: [Manners; 3] = [Manners::Native, Manners::KubeFed, Manners::Karmada];

fn cases(cases: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    let told = std::env::var_os("PROPTEST_CASES").is_some();
    ProptestConfig {
        cases: if told { default.cases } else { cases },
        failure_persistence: None,
        ..default
    }
}

/// The names of fields that some kind looks at, so that random objects meet the rules.
const FIELDS: &[&str] = &[
    "active",
    "availableReplicas",
    "clusterIP",
    "clusterIPs",
    "completions",
    "conditions",
    "containers",
    "containerStatuses",
    "data",
    "desiredHealthy",
    "disruptedPods",
    "env",
    "failed",
    "finalizers",
    "generation",
    "healthCheckNodePort",
    "imagePullSecrets",
    "ingress",
    "ip",
    "kind",
    "labels",
    "loadBalancer",
    "matchLabels",
    "message",
    "name",
    "namespace",
    "nodeName",
    "nodePort",
    "observedGeneration",
    "ownerReferences",
    "parallelism",
    "parents",
    "phase",
    "port",
    "ports",
    "protocol",
    "reason",
    "replicas",
    "resourceVersion",
    "secretName",
    "secretRef",
    "secrets",
    "selector",
    "startTime",
    "status",
    "template",
    "tls",
    "type",
    "updatedReplicas",
    "volumeClaimTemplates",
    "volumeMounts",
    "volumeName",
    "volumes",
];

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        select(vec![0, 1, 2, 3, -1, i64::MAX, i64::MIN]).prop_map(Value::from),
        Just(json!(1.5)),
        select(vec![
            "",
            "a",
            "b",
            "True",
            "False",
            "Ready",
            "Failed",
            "LoadBalancer",
            "Bound",
            "kubernetes.io/service-account-token",
            "2026-01-01T00:00:00Z",
            "default"
        ])
        .prop_map(Value::from),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(5, 48, 5, |inner| {
        let fields = btree_map(select(FIELDS), inner.clone(), 0..6);
        prop_oneof![
            2 => fields.prop_map(|fields| {
                fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            }),
            1 => vec(inner, 0..4).prop_map(Value::from),
        ]
    })
}

fn texts(texts: &'static [&'static str]) -> impl Strategy<Value = Value> {
    select(texts).prop_map(Value::from)
}

fn condition() -> impl Strategy<Value = Value> {
    let kinds = texts(&["Ready", "Available", "Complete", "Failed", "Stalled"]);
    let statuses = texts(&["True", "False", "Unknown"]);
    let words = || texts(&["one", "other"]);
    (kinds, statuses, words(), words()).prop_map(|(kind, status, reason, message)| {
        json!({"type": kind, "status": status, "reason": reason, "message": message})
    })
}

/// What controllers write, of every kind at once: each rule finds what it looks for.
fn status() -> impl Strategy<Value = Value> {
    const TIMES: &[&str] = &["2026-01-01T00:00:00Z", "2026-01-01T01:00:00+02:00", "never"];
    let named = || texts(&["a", "b", "c"]).prop_map(|name| json!([{"name": name, "ready": name}]));
    let fields: Vec<(&'static str, BoxedStrategy<Value>)> = vec![
        (
            "conditions",
            vec(condition(), 0..3).prop_map(Value::from).boxed(),
        ),
        ("replicas", (0..9).prop_map(Value::from).boxed()),
        (
            "active",
            prop_oneof![named(), (0..9).prop_map(Value::from)].boxed(),
        ),
        ("parents", named().boxed()),
        ("addresses", named().boxed()),
        ("containerStatuses", named().boxed()),
        (
            "phase",
            texts(&["Running", "Pending", "Bound", "Lost", "odd", "strange"]).boxed(),
        ),
        ("startTime", texts(TIMES).boxed()),
        ("completionTime", texts(TIMES).boxed()),
        ("lastScheduleTime", texts(TIMES).boxed()),
        ("lastAppliedRevision", texts(&["", "v1", "v2"]).boxed()),
        (
            "disruptedPods",
            texts(TIMES).prop_map(|time| json!({"pod": time})).boxed(),
        ),
        (
            "loadBalancer",
            texts(&["1.1.1.1", "2.2.2.2"])
                .prop_map(|ip| json!({"ingress": [{"ip": ip}]}))
                .boxed(),
        ),
    ];
    let fields = fields.into_iter().map(|(name, value)| {
        let field = prop_oneof![1 => Just(None), 4 => value.prop_map(Some)];
        field.prop_map(move |value| value.map(|value| (name.to_owned(), value)))
    });
    fields
        .collect::<Vec<_>>()
        .prop_map(|fields| Value::Object(fields.into_iter().flatten().collect()))
}

/// Something that looks like an object, or like nothing at all.
fn object() -> impl Strategy<Value = Value> {
    let parts = (value(), value(), value(), value());
    let shaped = parts.prop_map(|(metadata, spec, status, other)| {
        let mut object = json!({
            "apiVersion": "v1", "kind": "Thing", "metadata": metadata, "spec": spec,
            "status": status, "secrets": other, "data": other, "type": "LoadBalancer",
        });
        if let Value::Object(fields) = &mut object["metadata"] {
            fields.insert("name".to_owned(), "thing".into());
            fields.insert("uid".to_owned(), "1234".into());
        }
        object
    });
    prop_oneof![4 => shaped, 1 => value()]
}

fn kind() -> impl Strategy<Value = std::sync::Arc<dyn Kind>> {
    let kinds = Kinds::builtin().with(KnativeService);
    #[cfg(feature = "cel")]
    let kinds = kinds.with(super::computed::everything());
    select(kinds.iter().cloned().collect::<Vec<_>>())
}

fn identity(object: &Value) -> Vec<Option<&Value>> {
    let paths = [
        "/apiVersion",
        "/kind",
        "/metadata/name",
        "/metadata/namespace",
        "/metadata/uid",
    ];
    paths.map(|path| object.pointer(path)).to_vec()
}

proptest! {
    #![proptest_config(cases(2048))]

    #[test]
    fn to_keep_twice_is_to_keep_once_and_keeps_the_identity(
        kind in kind(), desired in object(), live in object(),
        manners in select(MANNERS.to_vec()), keeps_replicas: bool,
    ) {
        let how = Retention::by(manners).keeping_replicas(keeps_replicas);
        let mut once = desired.clone();
        if kind.retain(&mut once, &live, &how).is_err() {
            prop_assert_eq!(once, desired);
            return Ok(());
        }
        prop_assert_eq!(identity(&once), identity(&desired));
        let mut twice = once.clone();
        prop_assert!(kind.retain(&mut twice, &live, &how).is_ok());
        prop_assert_eq!(twice, once);
    }

    #[test]
    fn nothing_that_is_shown_panics(kind in kind(), object in object(), other in object()) {
        for manners in MANNERS {
            let health = kind.health(&object, manners);
            prop_assert!(!health.reason.is_empty() && !health.message.is_empty());
            let _ = kind.reflect_status(&object, manners);
            let _ = kind.set_replicas(&mut object.clone(), 3, manners);
        }
        let is_healthy = kind.health(&object, Manners::Native).state == HealthState::Healthy;
        prop_assert_eq!(kind.is_ready_for_rollout(&object), is_healthy);
        let _ = kind.replicas(&object);
        for reference in kind.references(&object) {
            prop_assert!(reference.path.resolve(&object).is_some());
        }
        prop_assert_eq!(kind.needs_replace(&object, &object), None);
        let _ = kind.needs_replace(&object, &other);
    }

    #[test]
    fn the_order_of_clusters_does_not_matter(
        kind in kind(), manners in select(MANNERS.to_vec()),
        template in prop_oneof![
            1 => object(),
            2 => Just(json!({"metadata": {"generation": 3}, "spec": {"type": "LoadBalancer"}})),
        ],
        told in vec((
            select(vec!["east", "west", "north"]), prop_oneof![4 => status(), 1 => value()], 0..3,
        ), 0..5)
            .prop_flat_map(|told| (Just(told.clone()), Just(told).prop_shuffle())),
    ) {
        let (one, other) = told;
        let aggregated = |told: &[(&'static str, Value, i32)]| {
            let members: Vec<_> = told
                .iter()
                .map(|(cluster, status, how)| match how {
                    0 => ClusterStatus::current(cluster, status),
                    1 => ClusterStatus::stale(cluster, status),
                    _ => ClusterStatus::silent(cluster),
                })
                .collect();
            kind.aggregate_status(&template, &members, manners)
        };
        prop_assert_eq!(aggregated(&one), aggregated(&other));
    }

    #[test]
    fn one_cluster_adds_up_to_its_own_numbers(
        kind in kind(), numbers in btree_map(select(FIELDS), 0..1000_i64, 0..8),
        manners in select(vec![Manners::Native, Manners::Karmada]),
    ) {
        let status: Value = numbers
            .iter()
            .map(|(field, number)| ((*field).to_owned(), Value::from(*number)))
            .collect();
        let members = [ClusterStatus::current("east", &status)];
        let whole = kind.aggregate_status(&json!({}), &members, manners).unwrap_or_default();
        let counted = whole.as_object().into_iter().flatten();
        for (field, number) in counted.filter(|(_, value)| value.is_i64()) {
            prop_assert_eq!(Some(number), status.get(field));
        }
    }
}

/// The sums of a kind are all there: without this, the law above would hold of nothing.
#[test]
fn the_counts_of_a_deployment_are_all_told() {
    let kinds = Kinds::builtin();
    let deployment = kinds.find("apps", "Deployment").unwrap();
    let status = json!({
        "replicas": 3, "updatedReplicas": 3, "readyReplicas": 2, "availableReplicas": 2,
        "unavailableReplicas": 1,
    });
    let template = json!({"metadata": {"generation": 7}, "status": {"observedGeneration": 6}});
    let members = [ClusterStatus::current("east", &status)];
    let whole = deployment
        .aggregate_status(&template, &members, Manners::Native)
        .unwrap();
    let mut expected = status.clone();
    expected["observedGeneration"] = json!(7);
    assert_eq!(whole, expected);
    let members = [
        ClusterStatus::current("east", &status),
        ClusterStatus::stale("west", &status),
    ];
    let whole = deployment
        .aggregate_status(&template, &members, Manners::Native)
        .unwrap();
    assert_eq!(whole["observedGeneration"], 6);
    assert_eq!(whole["replicas"], 6);
}

/// No error, reason or sentence quotes what a Secret holds.
#[test]
fn nothing_of_a_secret_is_told() {
    let kinds = Kinds::builtin();
    let secret = kinds.find("", "Secret").unwrap();
    let with = |value: &str| {
        json!({
            "type": "kubernetes.io/service-account-token", "immutable": true,
            "metadata": {"annotations": value, "resourceVersion": "7"}, "data": {"token": value}, "status": value,
        })
    };
    let (before, after) = (with("hunter2"), with("hunter3"));
    let replacement = secret.needs_replace(&before, &after).unwrap();
    let mut told = vec![format!("{replacement:?}")];
    for manners in MANNERS {
        told.push(format!("{:?}", secret.health(&before, manners)));
        told.push(
            secret
                .reflect_status(&before, manners)
                .unwrap_err()
                .to_string(),
        );
        let mut desired = json!({"metadata": "hunter4"});
        let kept = secret.retain(&mut desired, &before, &Retention::by(manners));
        told.push(kept.unwrap_err().to_string());
    }
    let told = told.concat();
    assert!(!told.contains("hunter"), "{told}");
}
