//! What do checks say, and where? Of people's slips, of Secrets, of third-party kinds, of anything.

#![allow(
    clippy::unwrap_used,
    reason = "clippy allows it in test functions, but not in what they share"
)]

use fed_schema::{Fault, Rule, Schemas, Violation};
use proptest::prelude::*;
use serde_json::{Value, json};

fn deployment() -> Value {
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {
            "selector": {"matchLabels": {"app": "web"}},
            "template": {
                "metadata": {"labels": {"app": "web"}},
                "spec": {"containers": [{
                    "name": "web",
                    "image": "nginx",
                    "ports": [{"name": "http", "containerPort": 80}],
                }]},
            },
        },
    })
}

fn with(mut object: Value, pointer: &str, value: Value) -> Value {
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    object.pointer_mut(parent).unwrap()[last] = value;
    object
}

fn rules_of(object: &Value) -> Vec<(String, Rule, String)> {
    let violations = Schemas::builtin().check(object).unwrap();
    let rule = |violation: Violation| match violation.fault {
        Fault::Rule { rule, message } => Some((violation.path, rule, message)),
        _ => None,
    };
    violations.into_iter().filter_map(rule).collect()
}

#[test]
fn slips_are_told_at_their_places() {
    let container = "/spec/template/spec/containers/0";
    let table = [
        (
            "/spec/selector/matchLabels/app".to_owned(),
            json!("other"),
            "/spec/template/metadata/labels".to_owned(),
            Rule::SelectorMatchesLabels,
            "must have the labels that the selector asks for",
        ),
        (
            "/metadata/name".to_owned(),
            json!("Web"),
            "/metadata/name".to_owned(),
            Rule::Name,
            "must be lower-case letters, digits, '-' and '.', at most 253, with a letter or digit at both ends of each part",
        ),
        (
            format!("{container}/resources"),
            json!({"requests": {"memory": "2Gi"}, "limits": {"memory": "1Gi"}}),
            format!("{container}/resources/requests/memory"),
            Rule::Quantity,
            "is more than the limit: lower it, or raise the limit",
        ),
        (
            format!("{container}/livenessProbe"),
            json!({"httpGet": {"port": "web"}}),
            format!("{container}/livenessProbe/httpGet/port"),
            Rule::Usable,
            "no port of this container is named web: name one, or use its number",
        ),
        (
            format!("{container}/volumeMounts"),
            json!([{"name": "data", "mountPath": "/data"}]),
            format!("{container}/volumeMounts/0/name"),
            Rule::Combination,
            "no volume of this pod is named data: add it to volumes",
        ),
        (
            "/spec/template/spec/restartPolicy".to_owned(),
            json!("Never"),
            "/spec/template/spec/restartPolicy".to_owned(),
            Rule::Value,
            "must be Always, or not be there: these pods run on; a Job's end",
        ),
    ];
    assert_eq!(rules_of(&deployment()), []);
    for (pointer, value, path, rule, message) in table {
        let broken = with(deployment(), &pointer, value);
        assert_eq!(
            rules_of(&broken),
            [(path, rule, message.to_owned())],
            "{pointer}"
        );
    }
}

#[test]
fn what_cannot_work_is_no_reason_to_refuse() {
    let broken = with(
        deployment(),
        "/spec/template/spec/containers/0/livenessProbe",
        json!({"httpGet": {"port": "web"}}),
    );
    let violations = Schemas::builtin().check(&broken).unwrap();
    assert_eq!(violations.len(), 1);
    assert!(!violations.iter().any(Violation::is_grave));
}

#[test]
fn a_doubled_item_is_told_once() {
    let containers = "/spec/template/spec/containers";
    let mut broken = deployment();
    let list = broken
        .pointer_mut(containers)
        .unwrap()
        .as_array_mut()
        .unwrap();
    list.push(list[0].clone());
    let violations = Schemas::builtin().check(&broken).unwrap();
    let paths: Vec<_> = violations.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(paths, [format!("{containers}/1/name")]);
}

#[test]
fn a_missing_spec_is_told_as_one_fault() {
    let object =
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}});
    let violations = Schemas::builtin().check(&object).unwrap();
    let spec = Fault::Missing {
        field: "spec".to_owned(),
    };
    assert_eq!(violations, [Violation::new("", spec)]);
}

#[test]
fn values_of_secrets_are_never_told() {
    let secret = json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "keys"},
        "type": "kubernetes.io/dockerconfigjson",
        "data": {"a": "hunter2!", "b": 12345, "c": ["hunter2"], ".dockerconfigjson": "hunter2!"},
        "stringData": {"d": {"hunter2": "hunter2"}, ".dockerconfigjson": "hunter2", "e f": "hunter2"},
    });
    let violations = Schemas::builtin().check(&secret).unwrap();
    assert!(violations.len() >= 6, "{violations:?}");
    let told = format!("{violations:?}");
    // A field that is not known is named, and this one is no field but a key of the user's.
    assert!(
        !told.contains("hunter2") && !told.contains("12345"),
        "{told}"
    );
}

#[test]
fn null_is_no_value_of_a_third_party_kind() {
    let definition = json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"plural": "widgets", "kind": "Widget"},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {
                "type": "object",
                "properties": {"spec": {
                    "type": "object",
                    "required": ["a", "d"],
                    "properties": {
                        "a": {"type": "string"},
                        "b": {"type": "string", "nullable": true},
                        "c": {"type": "string", "default": "x"},
                        "d": {"type": "string", "default": "x"},
                    },
                }},
            }}}],
        },
    });
    let schemas = Schemas::builtin().with_crd(&definition).unwrap();
    let widget = |spec| {
        let object = json!({
            "apiVersion": "example.com/v1",
            "kind": "Widget",
            "metadata": {"name": "a", "labels": {"b": null}, "creationTimestamp": null},
            "spec": spec,
        });
        let violations = schemas.check(&object).unwrap();
        violations
            .into_iter()
            .map(|one| one.path)
            .collect::<Vec<_>>()
    };
    assert_eq!(widget(json!({"a": "", "b": null, "c": null})), [""; 0]);
    assert_eq!(widget(json!({"a": null})), ["/spec/a"]);
    assert_eq!(widget(json!({})), ["/spec"]);
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[-0-9./%@*: a-zA-Zµé]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec(("[a-z]{1,6}", inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// The places of all values in an object.
fn places(value: &Value, path: &str, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.replace('~', "~0").replace('/', "~1"), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| (index.to_string(), item))
            .collect(),
        _ => Vec::new(),
    };
    for (name, value) in children {
        let path = format!("{path}/{name}");
        places(value, &path, found);
        found.push(path);
    }
}

proptest! {
    #[test]
    fn no_value_anywhere_makes_a_check_panic(base in 0_usize..1000, place in 0_usize..10_000, value in anything()) {
        let bases: serde_json::Map<String, Value> = serde_json::from_str(include_str!("server/objects.json")).unwrap();
        let base = bases.values().nth(base % bases.len()).unwrap();
        let mut object = base["object"].clone();
        let mut found = Vec::new();
        places(&object, "", &mut found);
        let place = &found[place % found.len()];
        *object.pointer_mut(place).unwrap() = value;
        let violations = Schemas::builtin().check(&object).unwrap_or_default();
        for violation in violations {
            prop_assert!(violation.path.is_empty() || violation.path.starts_with('/'));
        }
    }
}
