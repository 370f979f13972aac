//! What do the expressions of a declared kind change, and what is told where they have no value?

use std::fmt::Write;

use fed_core::kinds::{
    ClusterStatus, DeclaredKind, HealthState, Kind, KindDocument, Manners, Misdeclared, Needed,
    Retention,
};
use serde_json::{Value, json};

fn declare(more: &Value) -> Result<DeclaredKind, Vec<Misdeclared>> {
    let mut document = json!({
        "group": "ml.example.com", "version": "v1", "kind": "TrainingRun",
        "plural": "trainingruns", "scope": "Namespaced",
    });
    let fields = document.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    let document: KindDocument = serde_json::from_value(document).unwrap();
    document.declare()
}

/// A kind of which this is computed.
fn computing(name: &str, expression: &str) -> DeclaredKind {
    declare(&json!({"replicasPath": "/spec/workers", "expressions": {name: expression}})).unwrap()
}

/// A kind of which all is computed, for laws.
pub(crate) fn everything() -> DeclaredKind {
    declare(&json!({
        "replicasPath": "/spec/replicas",
        "expressions": {
            "replicas": "object.spec.replicas + 1",
            "health": "{'state': object.status.phase == 'Bound' ? 'Healthy' : 'Degraded', 'reason': object.status.phase}",
            "retain": "{?'/spec/selector': live.?spec.?selector, '/spec/ports': null, ?'/spec/name': desired.?spec.?name}",
            "dependencies": "object.secrets.map(one, {'kind': 'Secret', 'name': one.name, 'path': '/secrets'})",
            "status": "{?'conditions': object.status.?conditions}",
            "aggregate": "{'told': clusters.filter(one, has(one.status)).map(one, one.name)}",
            "replace": "before.spec.selector == after.spec.selector ? '' : '/spec/selector'",
        },
    }))
    .unwrap()
}

#[test]
fn health_is_a_state_or_a_map_with_one() {
    let health = |expression: &str, object: &Value| {
        let health = computing("health", expression).health(object, Manners::Native);
        (health.state, health.reason.into_owned(), health.message)
    };
    let told = |state, reason: &str, message: &str| (state, reason.to_owned(), message.to_owned());
    let object = json!({"status": {"phase": "Lost"}});
    assert_eq!(
        health("'Healthy'", &object),
        told(HealthState::Healthy, "Healthy", "it is Healthy")
    );
    assert_eq!(
        health(
            "{'state': 'Degraded', 'reason': object.status.phase, 'message': 'no disk'}",
            &object
        ),
        told(HealthState::Degraded, "Lost", "no disk")
    );
    let leaving = json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}});
    assert_eq!(health("'Healthy'", &leaving).1, "Terminating");
    for (expression, why) in [
        ("object.spec.x", "object has no field spec"),
        ("'Fine'", "it is neither Healthy"),
        (
            "{'state': 'Healthy', 'reson': 'a'}",
            "it is neither Healthy",
        ),
        ("{'state': 'Healthy', 'reason': 'a b'}", "not one word"),
        ("true", "it is neither Healthy"),
    ] {
        let (state, reason, message) = health(expression, &object);
        assert_eq!(
            (state, reason.as_str()),
            (HealthState::Unknown, "ExpressionFailed")
        );
        assert!(message.contains(why), "{expression}: {message}");
    }
}

#[test]
fn a_rollout_goes_on_by_the_expression_or_by_health() {
    let healthy = json!({"status": {"phase": "Up"}});
    let by_health = computing(
        "health",
        "object.status.phase == 'Up' ? 'Healthy' : 'Degraded'",
    );
    assert!(by_health.is_ready_for_rollout(&healthy));
    assert!(!by_health.is_ready_for_rollout(&json!({"status": {"phase": "Down"}})));
    let by_expression = computing("ready", "object.status.warm");
    assert!(!by_expression.is_ready_for_rollout(&healthy));
    assert!(by_expression.is_ready_for_rollout(&json!({"status": {"warm": true}})));
}

#[test]
fn replicas_are_computed_and_where_they_cannot_be_read_at_their_path() {
    let kind = computing("replicas", "[object.spec.workers, object.spec.most].min()");
    assert_eq!(
        kind.replicas(&json!({"spec": {"workers": 5, "most": 3}})),
        Some(3)
    );
    let without = json!({"spec": {"workers": 5}});
    assert_eq!(kind.replicas(&without), Some(5));
    let remarks = kind.remarks(&without);
    assert_eq!(
        remarks[0].message,
        "the expression replicas has no value: object.spec has no field most"
    );
    assert!(
        kind.remarks(&json!({"spec": {"workers": 5, "most": 3}}))
            .is_empty()
    );
}

#[test]
fn what_is_kept_is_written_and_taken_away_as_computed() {
    let live = json!({"spec": {"slot": 4, "tuned": {"a": 1}}});
    let kept = |expression: &str| {
        let mut desired = json!({"spec": {"slot": 1, "old": true}});
        let kind = computing("retain", expression);
        assert!(kind.depends_on_cluster(&desired, Manners::Native));
        let told = kind.retain(&mut desired, &live, &Retention::default());
        told.map(|()| desired).map_err(|fault| fault.to_string())
    };
    assert_eq!(
        kept("{'/spec/slot': live.spec.slot, '/spec/old': null, ?'/spec/tuned': live.spec.?tuned}"),
        Ok(json!({"spec": {"slot": 4, "tuned": {"a": 1}}}))
    );
    let mut told = String::new();
    for expression in [
        "{'/spec/slot': live.spec.other}",
        "{'/spec/slot': desired.spec.slot + 1}",
        "{'/metadata/name': 'other'}",
        "{'spec.slot': 1}",
        "{'/spec/slot/deeper': 1}",
        "live.spec.slot",
    ] {
        writeln!(told, "{expression}\n    {}", kept(expression).unwrap_err()).unwrap();
    }
    insta::assert_snapshot!(told);
}

#[test]
fn dependencies_are_computed_beside_those_at_paths() {
    let kind = declare(&json!({
        "dependencies": [{"kind": "ConfigMap", "path": "/spec/settings"}],
        "expressions": {"dependencies": "object.spec.volumes.map(one, {
            'kind': 'PersistentVolumeClaim', 'name': one.claim, 'optional': one.?optional.orValue(false),
            'path': '/spec/volumes',
        })"},
    }))
    .unwrap();
    let object = json!({"spec": {"settings": "a", "volumes": [{"claim": "b"}, {"claim": "c", "optional": true}]}});
    let found: Vec<_> = kind
        .references(&object)
        .into_iter()
        .map(|one| match one.needed {
            Needed::Object { kind, name, .. } => (
                kind.into_owned(),
                name,
                one.is_optional,
                one.path.as_str().to_owned(),
            ),
            other => panic!("{other:?}"),
        })
        .collect();
    let of = |kind: &str, name: &str, is_optional, path: &str| {
        (
            kind.to_owned(),
            name.to_owned(),
            is_optional,
            path.to_owned(),
        )
    };
    assert_eq!(
        found,
        [
            of("ConfigMap", "a", false, "/spec/settings"),
            of("PersistentVolumeClaim", "b", false, "/spec/volumes"),
            of("PersistentVolumeClaim", "c", true, "/spec/volumes"),
        ]
    );
    for expression in [
        "[{'kind': 'A'}]",
        "'a'",
        "[{'kind': '', 'name': 'a'}]",
        "object.x",
    ] {
        let kind = computing("dependencies", expression);
        assert!(kind.references(&object).is_empty());
        assert_eq!(kind.remarks(&object).len(), 1, "{expression}");
    }
}

#[test]
fn a_status_is_collected_as_computed() {
    let kind = computing(
        "status",
        "has(object.status) ? {'epochs': object.status.epochs} : null",
    );
    let of = |object: &Value| kind.reflect_status(object, Manners::Native);
    assert_eq!(
        of(&json!({"status": {"epochs": 3, "more": 1}})),
        Ok(Some(json!({"epochs": 3})))
    );
    assert_eq!(of(&json!({})), Ok(None));
    let fault = of(&json!({"status": {}})).unwrap_err();
    assert_eq!(fault.path.as_str(), "/expressions/status");
    assert_eq!(
        fault.to_string(),
        "the expression status has no value: object.status has no field epochs: correct it, or the object"
    );
}

#[test]
fn statuses_add_up_as_computed_over_what_adds_up_anyway() {
    let (east, west) = (
        json!({"epochs": 3, "phase": "A"}),
        json!({"epochs": 4, "phase": "B"}),
    );
    // The order in which they are given does not matter.
    let members = [
        ClusterStatus::stale("west", &west),
        ClusterStatus::current("east", &east),
        ClusterStatus::silent("north"),
    ];
    let whole = |expression: &str| {
        let kind = declare(&json!({"sums": ["epochs"], "expressions": {"aggregate": expression}}));
        let template = json!({"metadata": {"generation": 2}, "status": {"observedGeneration": 1}});
        kind.unwrap()
            .aggregate_status(&template, &members, Manners::Native)
    };
    assert_eq!(
        whole(
            "{'phase': clusters.filter(c, has(c.status)).map(c, c.name + c.status.phase).join(),
              'current': clusters.filter(c, c.current).size(), 'observedGeneration': null}"
        ),
        Some(json!({"epochs": 7, "phase": "eastAwestB", "current": 1}))
    );
    let failed = whole("{'phase': clusters[7].name}").unwrap();
    assert_eq!(failed["epochs"], 7);
    assert_eq!(
        failed["conditions"][0]["message"],
        "the expression aggregate has no value: clusters has nothing at this index"
    );
}

#[test]
fn what_hinders_an_update_is_computed() {
    let kind = computing(
        "replace",
        "int(after.spec.size) < int(before.spec.size) ? '/spec/size' : ''",
    );
    let of = |size: &str| json!({"spec": {"size": size}});
    assert_eq!(kind.needs_replace(&of("2"), &of("3")), None);
    let found = kind.needs_replace(&of("3"), &of("2")).unwrap();
    assert_eq!(found.path.as_str(), "/spec/size");
    // Nothing is deleted for an expression that fails.
    assert_eq!(kind.needs_replace(&of("3"), &of("large")), None);
    assert_eq!(kind.remarks(&of("large")).len(), 1);
}

#[test]
fn every_fault_of_a_document_is_told_with_its_place() {
    let documents = [
        json!({"expressions": {
            "replicas": "object.spec.size",
            "health": "object.status.phase ==",
            "retain": "object.spec",
            "dependencies": "live",
            "status": "now()",
            "aggregate": "clusters.map(c, d)",
        }}),
        json!({"readyCondition": "Ready", "expressions": {"health": "'Healthy'"}}),
        json!({"group": "", "kind": "Secret", "expressions": {"health": "'Healthy'"}}),
        json!({"version": "", "expressions": {"health": "(".repeat(100)}}),
    ];
    let mut told = String::new();
    for document in documents {
        for fault in declare(&document).unwrap_err() {
            writeln!(told, "{}\n    {fault}", fault.path.as_str()).unwrap();
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn nothing_of_an_object_is_quoted_where_an_expression_fails() {
    let secret = json!({"spec": {"password": "hunter2", "list": ["hunter2"]}, "status": "hunter2"});
    for expression in [
        "object.spec.password + 1",
        "object.spec.password.x",
        "object.spec[object.spec.password]",
        "int(object.spec.password)",
        "object.spec.list[7]",
        "object.spec.password",
        "{object.spec.password: 1, object.spec.password: 2}",
        "object.status.phase",
        "{'state': object.spec.password}",
        "[{'kind': object.spec.password}]",
    ] {
        let mut told = Vec::new();
        let of = |name: &str| computing(name, expression);
        told.push(of("health").health(&secret, Manners::Native).message);
        for name in ["replicas", "dependencies"] {
            told.extend(of(name).remarks(&secret).into_iter().map(|one| one.message));
        }
        let status = of("status").reflect_status(&secret, Manners::Native);
        told.extend(status.err().map(|fault| fault.to_string()));
        let whole = of("aggregate")
            .aggregate_status(&secret, &[], Manners::Native)
            .unwrap();
        told.extend(whole.get("conditions").map(Value::to_string));
        assert!(told.len() >= 3, "{expression} has a value");
        for message in told {
            assert!(!message.contains("hunter2"), "{message}");
        }
    }
}
