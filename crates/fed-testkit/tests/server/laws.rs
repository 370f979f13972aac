//! What holds whatever is sent?

use fed_schema::{Schemas, Type};
use fed_testkit::server::fields::{
    FieldSet, Managers, PathElement, Writer, compare, merge, owned_by, without,
};
use fed_testkit::server::{Request, Server};
use jiff::Timestamp;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};

fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

fn element() -> impl Strategy<Value = PathElement> {
    let scalar = prop_oneof![
        any::<i64>().prop_map(|number| json!(number)),
        any::<bool>().prop_map(|flag| json!(flag)),
        ".{0,5}".prop_map(|text| json!(text)),
    ];
    prop_oneof![
        ".{0,6}".prop_map(PathElement::Field),
        btree_map("[a-z]{1,3}", scalar.clone(), 1..3)
            .prop_map(|fields| PathElement::Key(fields.into_iter().collect())),
        scalar.prop_map(PathElement::Value),
        any::<i64>().prop_map(PathElement::Index),
    ]
}

fn set() -> impl Strategy<Value = FieldSet> {
    vec(vec(element(), 1..4), 0..8).prop_map(|paths| {
        let mut set = FieldSet::new();
        for path in &paths {
            set.insert(path);
        }
        set
    })
}

/// Any JSON.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(|flag| json!(flag)),
        any::<i32>().prop_map(|number| json!(number)),
        "[a-z0-9.%]{0,6}".prop_map(|text| json!(text)),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::Array),
            btree_map("[a-z$]{1,6}", inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// The part of a Deployment that people change. Nothing in it is empty: a server forgets what is
/// empty, and whoever applies that again adds it again.
fn deployment() -> impl Strategy<Value = Value> {
    let names = prop::sample::subsequence(vec!["web", "log", "side"], 1..3);
    let labels = btree_map("[ab]", "[xy]", 1..3);
    let env = prop::sample::subsequence(vec!["A", "B", "C"], 1..3);
    (names.prop_shuffle(), labels, env, prop::option::of(0..5)).prop_map(
        |(names, labels, env, replicas)| {
            let env: Vec<Value> = env
                .iter()
                .map(|name| json!({"name": name, "value": "1"}))
                .collect();
            let containers: Vec<Value> = names
                .iter()
                .map(|name| json!({"name": name, "image": "nginx", "env": env}))
                .collect();
            let mut object = json!({
                "apiVersion": "apps/v1", "kind": "Deployment",
                "metadata": {"name": "shop", "labels": labels},
                "spec": {
                    "selector": {"matchLabels": {"app": "web"}},
                    "template": {
                        "metadata": {"labels": {"app": "web"}},
                        "spec": {"containers": containers},
                    },
                },
            });
            if let Some(replicas) = replicas {
                object["spec"]["replicas"] = json!(replicas);
            }
            object
        },
    )
}

fn root(schemas: &Schemas) -> Type<'_> {
    let kind = schemas
        .kind("apps", "v1", "Deployment")
        .expect("a built-in kind");
    kind.root()
}

fn writer<'a>(name: &'a str, nothing: &'a FieldSet) -> Writer<'a> {
    Writer {
        name,
        api_version: "apps/v1",
        subresource: "",
        now: "2030-01-01T00:00:00Z",
        reset: nothing,
    }
}

const PATH: &str = "/apis/apps/v1/namespaces/default/deployments/shop";

fn apply(manager: &str, object: &Value) -> Request {
    Request::new(
        "PATCH",
        &format!("{PATH}?fieldManager={manager}&force=true"),
    )
    .with_json("application/apply-patch+yaml", object)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn elements_and_sets_are_read_as_they_were_written(set in set(), element in element()) {
        prop_assert_eq!(PathElement::decode(&element.encode()), Some(element));
        prop_assert_eq!(FieldSet::decode(&set.encode()), Some(set));
    }

    #[test]
    fn sets_are_sets(one in set(), other in set()) {
        let both = one.union(&other);
        prop_assert_eq!(&both, &other.union(&one));
        prop_assert_eq!(&both.intersection(&one), &one);
        let only = one.difference(&other);
        prop_assert!(only.intersection(&other).is_empty());
        prop_assert_eq!(only.union(&one.intersection(&other)), one);
    }

    #[test]
    fn what_differs_is_what_was_taken_out(object in deployment(), other in deployment()) {
        let schemas = Schemas::builtin();
        let of = root(&schemas);
        prop_assert_eq!(compare(of, &object, &object), fed_testkit::server::fields::Difference::default());
        prop_assert_eq!(merge(of, &object, &object), object.clone());
        let all = owned_by(of, &object);
        prop_assert_eq!(without(of, &object, &FieldSet::new()), Some(object.clone()));
        let merged = merge(of, &other, &object);
        prop_assert!(all.difference(&owned_by(of, &merged)).is_empty(), "all that is applied is there");
    }

    #[test]
    fn whoever_applies_owns_what_was_applied(first in deployment(), second in deployment()) {
        let schemas = Schemas::builtin();
        let (of, nothing) = (root(&schemas), FieldSet::new());
        let by = |name| writer(name, &nothing);
        let one = Managers::default()
            .apply(of, &json!({}), &first, &by("one"), false)
            .expect("nobody else is there");
        let live = one.object.expect("it is new");
        let two = one.managers.apply(of, &live, &second, &by("two"), true).expect("by force");
        let live = two.object.unwrap_or(live);
        let owned = two.managers.iter().fold(FieldSet::new(), |all, (_, owned)| all.union(&owned.fields));
        let named = FieldSet::of_fields(&["metadata", "name"])
            .union(&FieldSet::of_fields(&["apiVersion"]))
            .union(&FieldSet::of_fields(&["kind"]));
        let left = owned_by(of, &second).difference(&owned).difference(&named);
        prop_assert!(left.is_empty(), "{:?}", left.paths());
        let again = two.managers.apply(of, &live, &second, &by("two"), false).expect("no conflict");
        prop_assert_eq!(again.object, None);
        prop_assert_eq!(again.managers, two.managers);
    }

    #[test]
    fn applying_twice_changes_nothing(objects in vec(deployment(), 1..4)) {
        let mut server = Server::new(1);
        for (place, object) in objects.iter().enumerate() {
            let manager = ["one", "two"][place % 2];
            let first = server.handle(&apply(manager, object), now());
            prop_assert!(matches!(first.code, 200 | 201), "{}", first.json());
            let version = server.store().version();
            let second = server.handle(&apply(manager, object), now());
            prop_assert_eq!(second.json(), first.json());
            prop_assert_eq!(server.store().version(), version, "no write, no event");
        }
    }

    #[test]
    fn no_body_makes_the_server_panic(
        body in json_value(),
        bytes in vec(any::<u8>(), 0..64),
        method in prop::sample::select(vec!["POST", "PUT", "PATCH", "DELETE", "GET"]),
        media in prop::sample::select(vec![
            "application/json",
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/strategic-merge-patch+json",
            "application/apply-patch+yaml",
            "",
        ]),
        end in prop::sample::select(vec!["", "/status", "/scale"]),
    ) {
        let mut server = Server::new(1);
        let object = json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop"},
            "spec": {
                "selector": {"matchLabels": {"app": "web"}},
                "template": {
                    "metadata": {"labels": {"app": "web"}},
                    "spec": {"containers": [{"name": "web", "image": "nginx"}]},
                },
            },
        });
        server.handle(&apply("one", &object), now());
        let path = match method {
            "POST" => "/apis/apps/v1/namespaces/default/deployments".to_owned(),
            _ => format!("{PATH}{end}?fieldManager=two"),
        };
        // An object with anything for its parts, and anything at all.
        let mut broken = object;
        for field in ["metadata", "spec", "status"] {
            broken[field] = body.clone();
        }
        let bodies = [bytes, body.to_string().into_bytes(), broken.to_string().into_bytes()];
        for body in bodies {
            let answer = server.handle(&Request::new(method, &path).with_body(media, body), now());
            prop_assert!(answer.code >= 200);
        }
    }

    #[test]
    fn no_patch_makes_the_server_panic(
        steps in vec((
            prop::sample::select(vec!["add", "remove", "replace", "move", "copy", "test"]),
            prop::sample::select(vec!["", "/", "/spec", "/spec/x", "/metadata", "/spec/template/spec/containers/-", "/a/b", "/spec/replicas"]),
            prop::sample::select(vec!["", "/spec", "/metadata", "/spec/template"]),
            json_value(),
        ), 0..6),
    ) {
        let mut server = Server::new(1);
        let steps: Vec<Value> = steps
            .iter()
            .map(|(op, path, from, value)| json!({"op": op, "path": path, "from": from, "value": value}))
            .collect();
        let object = json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "shop"}, "data": {"a": "b"},
        });
        let all = "/api/v1/namespaces/default/configmaps";
        server.handle(&Request::new("POST", all).with_json("application/json", &object), now());
        let request = Request::new("PATCH", &format!("{all}/shop"))
            .with_json("application/json-patch+json", &Value::Array(steps));
        prop_assert!(server.handle(&request, now()).code >= 200);
    }
}

#[test]
fn a_patch_that_nests_or_copies_without_end_is_refused() {
    let mut server = Server::new(1);
    let object = json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "shop"}, "data": {"a": "b"},
    });
    let all = "/api/v1/namespaces/default/configmaps";
    let created = Request::new("POST", all).with_json("application/json", &object);
    assert_eq!(server.handle(&created, now()).code, 201);
    let patch = |steps: Vec<Value>| {
        Request::new("PATCH", &format!("{all}/shop"))
            .with_json("application/json-patch+json", &Value::Array(steps))
    };
    let nested =
        (1..500).map(|depth| json!({"op": "add", "path": "/a".repeat(depth), "value": {}}));
    let answer = server.handle(&patch(nested.collect()), now());
    assert_eq!(answer.code, 422, "{}", answer.json());
    let copied = (0..40)
        .map(|step| json!({"op": "copy", "from": "/data", "path": format!("/data/m{step}")}));
    assert_eq!(server.handle(&patch(copied.collect()), now()).code, 422);
    let many = vec![json!({"op": "test", "path": "/kind", "value": "ConfigMap"}); 10_001];
    assert_eq!(server.handle(&patch(many), now()).code, 413);
}

#[test]
fn no_more_than_ten_updaters_are_kept() {
    let mut server = Server::new(1);
    let all = "/api/v1/namespaces/default/configmaps";
    let object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "shop"}, "data": {"k0": "v"}});
    let created = Request::new("POST", &format!("{all}?fieldManager=m0"))
        .with_json("application/json", &object);
    assert_eq!(server.handle(&created, now()).code, 201);
    for number in 1..15 {
        let second = Timestamp::from_second(number).expect("in reach");
        let patch = json!({"data": {format!("k{number}"): "v"}});
        let request = Request::new("PATCH", &format!("{all}/shop?fieldManager=m{number}"))
            .with_json("application/merge-patch+json", &patch);
        assert_eq!(server.handle(&request, second).code, 200);
    }
    let held = server
        .handle(&Request::new("GET", &format!("{all}/shop")), now())
        .json();
    let managers = Managers::decode(&held["metadata"]["managedFields"]).expect("they can be read");
    let names: Vec<&str> = managers
        .iter()
        .map(|(manager, _)| manager.name.as_str())
        .collect();
    assert_eq!(names.len(), 10);
    assert!(names.contains(&"ancient-changes") && names.contains(&"m14") && !names.contains(&"m3"));
    let owned = managers
        .iter()
        .fold(FieldSet::new(), |all, (_, owned)| all.union(&owned.fields));
    assert_eq!(
        owned.paths().len(),
        16,
        "nothing is lost: fifteen keys and the data itself"
    );
}

#[test]
fn what_is_not_known_is_refused() {
    let mut server = Server::new(1);
    let binding = json!({"apiVersion": "v1", "kind": "Binding", "target": {"name": "node"}});
    let requests = [
        Request::new("GET", "/api/v1/componentstatuses"),
        Request::new("GET", "/api/v1/namespaces/default/pods/web/log"),
        Request::new("GET", "/api/v1/namespaces/default/pods/web/proxy"),
        Request::new("POST", "/api/v1/namespaces/default/bindings")
            .with_json("application/json", &binding),
        Request::new("PATCH", "/api/v1/componentstatuses/etcd"),
        Request::new("OPTIONS", PATH),
    ];
    let scalers = "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers";
    let target = json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"});
    let scaler = json!({
        "metadata": {"name": "web"}, "spec": {"maxReplicas": 3, "scaleTargetRef": target},
    });
    let made = server.handle(
        &Request::new("POST", scalers).with_json("application/json", &scaler),
        now(),
    );
    assert_eq!(made.code, 201, "{}", made.json());
    let others = scalers.replace("/v2/", "/v1/");
    let of_another_version = [
        Request::new("GET", &others),
        Request::new("GET", &format!("{others}/web")),
        Request::new("DELETE", &format!("{others}/web")),
    ];
    for request in requests.into_iter().chain(of_another_version) {
        let answer = server.handle(&request, now());
        assert!(
            matches!(answer.code, 404 | 405 | 501),
            "{} {}",
            request.path,
            answer.json()
        );
        assert_eq!(answer.json()["kind"], "Status");
    }
}
