//! What do native overrides make of an object, and what do they say where they cannot?

#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "clippy allows the first in test functions, but not in what they share; a table is long"
)]

use fed_core::customize::{ImageOverride, ImageParts, Override, OverrideSet};
use fed_core::kinds::{DeclaredKind, Kind, Scope};
use fed_core::{Cluster, Code, DocumentId, Location, PatchOperation, Pointer, Problem, Topology};
use serde_json::{Value, json};

fn at() -> Location {
    Location::new(DocumentId(1), Pointer::from_text("/spec/overrides"))
}

fn set(overrides: &Value) -> OverrideSet {
    let overrides: Vec<Override> = serde_json::from_value(overrides.clone()).unwrap();
    OverrideSet::native(&overrides, &at())
}

/// What one override makes of an object in this cluster.
fn made(change: &Value, cluster: &Cluster, object: &Value) -> Result<Value, Problem> {
    let mut changed = object.clone();
    let result = set(&json!([change])).apply(cluster, &mut changed);
    if result.is_err() {
        assert_eq!(&changed, object, "a failure leaves the object as it was");
    }
    result.map(|()| changed)
}

fn cluster() -> Cluster {
    Cluster::new("eu-west")
        .label("example.com/tier", "gold")
        .label("odd", "$(cluster.name)")
        .located(Topology::new("acme", "eu").in_zones(["eu-1"]))
}

fn deployment() -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "web", "labels": {"app": "web"}},
        "spec": {"template": {"spec": {
            "initContainers": [{"name": "setup", "image": "docker.io/shop/setup:1"}],
            "containers": [
                {
                    "name": "web", "image": "shop/web:1",
                    "command": ["web", "-v", "-t", "-v"],
                    "env": [{"name": "A", "value": "0"}, {"name": "B"}, {"name": "A", "value": "1"}],
                },
                {"name": "side", "image": "shop/side"},
            ],
        }}},
    })
}

#[test]
fn changes_are_made() {
    let table = [
        (
            json!({"image": [{"set": {"registry": "eu.example.com"}}]}),
            vec![
                (
                    "/spec/template/spec/initContainers/0/image",
                    json!("eu.example.com/shop/setup:1"),
                ),
                (
                    "/spec/template/spec/containers/0/image",
                    json!("eu.example.com/shop/web:1"),
                ),
                (
                    "/spec/template/spec/containers/1/image",
                    json!("eu.example.com/shop/side"),
                ),
            ],
        ),
        (
            json!({"image": [
                {"containers": ["setup"], "remove": ["Registry"], "append": {"repository": "-arm", "tag": ".2"}},
                {"path": "/spec/template/spec/containers/1/image", "set": {"tag": "$(cluster.zone)"}},
            ]}),
            vec![
                (
                    "/spec/template/spec/initContainers/0/image",
                    json!("shop/setup-arm:1.2"),
                ),
                (
                    "/spec/template/spec/containers/0/image",
                    json!("shop/web:1"),
                ),
                (
                    "/spec/template/spec/containers/1/image",
                    json!("shop/side:eu-1"),
                ),
            ],
        ),
        (
            json!({
                "command": [{"container": "web", "remove": ["-v"], "append": ["-t", "x"]}],
                "args": [
                    {"container": "web", "append": ["--region=$(cluster.region)", "$(POD_IP)", "$$(POD_IP)"]},
                    {"container": "side", "set": []},
                ],
            }),
            vec![
                (
                    "/spec/template/spec/containers/0/command",
                    json!(["web", "-t", "-t", "x"]),
                ),
                (
                    "/spec/template/spec/containers/0/args",
                    json!(["--region=eu", "$(POD_IP)", "$$(POD_IP)"]),
                ),
                ("/spec/template/spec/containers/1/args", json!([])),
            ],
        ),
        (
            json!({"env": [
                {"containers": ["web"], "set": [
                    {"name": "A", "value": "$(cluster.labels['example.com/tier'])"},
                    {"name": "C", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
                ], "remove": ["B", "Z"]},
                {"set": [{"name": "CLUSTER", "value": "$$(cluster.name) is $(cluster.name)"}]},
            ]}),
            vec![
                (
                    "/spec/template/spec/containers/0/env",
                    json!([
                        {"name": "A", "value": "gold"},
                        {"name": "C", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
                        {"name": "CLUSTER", "value": "$(cluster.name) is eu-west"},
                    ]),
                ),
                (
                    "/spec/template/spec/containers/1/env/0/value",
                    json!("$(cluster.name) is eu-west"),
                ),
                (
                    "/spec/template/spec/initContainers/0/env/0/value",
                    json!("$(cluster.name) is eu-west"),
                ),
            ],
        ),
        (
            json!({
                "labels": {"set": {"new": "1"}, "replace": {"app": "api", "none": "x"}, "remove": ["gone"]},
                "annotations": {"set": {"a/b~c": "$(cluster.labels['odd'])"}},
            }),
            vec![
                ("/metadata/labels", json!({"app": "api", "new": "1"})),
                // What a cluster says of itself is not looked into again.
                ("/metadata/annotations", json!({"a/b~c": "$(cluster.name)"})),
            ],
        ),
        // The fixed order: a patch sees what the fields before it left.
        (
            json!({
                "patches": [
                    {"op": "test", "path": "/metadata/labels/app", "value": "x"},
                    {"op": "replace", "path": "/metadata/labels/app", "value": "$(cluster.provider)"},
                    {"op": "test", "path": "/spec/template/spec/containers/0/image", "value": "a.b/shop/web:1"},
                ],
                "labels": {"set": {"app": "x"}},
                "image": [{"set": {"registry": "a.b"}}],
            }),
            vec![("/metadata/labels/app", json!("acme"))],
        ),
    ];
    for (change, expected) in table {
        let found = made(&change, &cluster(), &deployment()).unwrap();
        for (path, value) in expected {
            assert_eq!(found.pointer(path), Some(&value), "{path} of {change}");
        }
        assert_eq!(set(&json!([change])).warnings(), []);
    }
}

#[test]
fn what_cannot_be_made_says_where_and_why() {
    let nowhere = Cluster::new("eu-west");
    let two_zones = nowhere
        .clone()
        .located(Topology::new("", "").in_zones(["a", "b"]));
    let env = |value: &str| json!({"env": [{"set": [{"name": "A", "value": value}]}]});
    let field = |format: &str| {
        json!({"fields": [{"path": "/metadata/name", "format": format, "patches": [
            {"op": "remove", "path": "/a"},
        ]}]})
    };
    let table = [
        (
            env("$(cluster.region)"),
            &nowhere,
            "/env/0/set/0/value",
            "give the cluster a region",
        ),
        (
            env("$(cluster.zone)"),
            &two_zones,
            "/env/0/set/0/value",
            "is in 2 zones",
        ),
        (
            env("$(cluster.labels['env'])"),
            &nowhere,
            "/env/0/set/0/value",
            "no label \"env\"",
        ),
        (
            env("$(cluster.nam)"),
            &nowhere,
            "/env/0/set/0/value",
            "$(cluster.nam is no variable",
        ),
        (
            env("x$(cluster.labels[env])"),
            &nowhere,
            "/env/0/set/0/value",
            "write $$(cluster.labels",
        ),
        (
            json!({"image": [{"containers": ["web", "wbe"], "set": {"tag": "1"}}]}),
            &nowhere,
            "/image/0/containers/1",
            "no container \"wbe\", only web, side, setup",
        ),
        (
            json!({"image": [{"set": {"registry": "mirror"}}]}),
            &nowhere,
            "/image/0/set/registry",
            "a registry is a name with a dot",
        ),
        (
            json!({"image": [{"set": {"tag": "$(cluster.name) 1"}}]}),
            &nowhere,
            "/image/0/set/tag",
            "a tag has up to 128",
        ),
        (
            json!({"image": [{"set": {"digest": ""}}]}),
            &nowhere,
            "/image/0/set/digest",
            "write `remove: [digest]`",
        ),
        (
            json!({"image": [{"path": "/a", "podSpec": "/b", "remove": ["Tag"]}]}),
            &nowhere,
            "/image/0/path",
            "leave out containers and podSpec",
        ),
        (
            json!({"image": [{"path": "/spec/template/spec", "remove": ["Tag"]}]}),
            &nowhere,
            "/image/0",
            "the image is no text",
        ),
        (
            json!({"image": [{"path": "spec", "remove": ["Tag"]}]}),
            &nowhere,
            "/image/0/path",
            "a path starts with a slash",
        ),
        (
            json!({"command": [{"container": "wbe", "set": []}]}),
            &nowhere,
            "/command/0/container",
            "cannot change the command of container wbe",
        ),
        (
            json!({"args": [{"container": "web", "podSpec": "/spec/pods", "set": []}]}),
            &nowhere,
            "/args/0/podSpec",
            "there is nothing at /spec/pods",
        ),
        (
            json!({"env": [{"set": [{"name": "A", "value": "1"}, {"name": "A", "valueFrom": {}}]}]}),
            &nowhere,
            "/env/0/set/1/name",
            "variable A is set twice",
        ),
        (
            json!({"env": [{"set": [{"name": "A", "value": "1", "valueFrom": {}}]}]}),
            &nowhere,
            "/env/0/set/0/valueFrom",
            "not both",
        ),
        (
            field("Json"),
            &nowhere,
            "/fields/0",
            "the text is not to be read: it is no JSON, at line 1",
        ),
        (
            json!({"fields": [{"path": "metadata", "format": "Json", "patches": []}]}),
            &nowhere,
            "/fields/0/path",
            "without a leading slash",
        ),
        (
            json!({"fields": [{"path": "/spec", "format": "Json", "patches": []}]}),
            &nowhere,
            "/fields/0/path",
            "is no text",
        ),
        (
            json!({"fields": [{"path": "/none", "format": "Json", "patches": []}]}),
            &nowhere,
            "/fields/0",
            "the object has: ",
        ),
        (
            json!({"clusterSelector": {"matchExpressions": [{"key": "a", "operator": "Is"}]}}),
            &nowhere,
            "/clusterSelector/matchExpressions/0/operator",
            "\"Is\" is no operator",
        ),
    ];
    for (change, cluster, place, words) in table {
        let problem = made(&change, cluster, &deployment()).unwrap_err();
        assert!(
            problem.message.contains(words),
            "{change}: {}",
            problem.message
        );
        let at = problem.at.unwrap().path;
        assert_eq!(at.as_str(), format!("/spec/overrides/0{place}"), "{change}");
        assert_eq!(problem.cluster, Some("eu-west".into()));
    }
}

#[test]
fn containers_are_found_where_the_kind_has_them() {
    let registry = ImageOverride::set(ImageParts::registry("a.b"));
    let mut change = Override::default();
    change.image.push(registry);
    let overrides = OverrideSet::native(&[change.clone()], &at());
    let pod = json!({"containers": [{"name": "a", "image": "x"}]});
    for (api_version, kind, path) in [
        ("v1", "Pod", "/spec"),
        (
            "batch/v1",
            "CronJob",
            "/spec/jobTemplate/spec/template/spec",
        ),
        ("batch/v1", "Job", "/spec/template/spec"),
        // Served no more, and still that kind.
        ("extensions/v1beta1", "Deployment", "/spec/template/spec"),
    ] {
        let steps = path
            .split('/')
            .skip(1)
            .collect::<Vec<_>>()
            .into_iter()
            .rev();
        let mut object = steps.fold(pod.clone(), |inner, step| json!({step: inner}));
        object["apiVersion"] = json!(api_version);
        object["kind"] = json!(kind);
        overrides.apply(&Cluster::new("a"), &mut object).unwrap();
        let image = object.pointer(&format!("{path}/containers/0/image"));
        assert_eq!(image, Some(&json!("a.b/x")), "{kind}");
    }

    let mut website = json!({
        "apiVersion": "example.com/v1", "kind": "Website",
        "spec": {"pods": pod, "image": "x"},
    });
    let failure = overrides
        .apply(&Cluster::new("a"), &mut website)
        .unwrap_err();
    assert!(
        failure.message.contains("of a Website are: write podSpec"),
        "{failure}"
    );
    change.image[0].pod_spec = Some("/spec/pods".to_owned());
    let told = OverrideSet::native(&[change], &at());
    told.apply(&Cluster::new("a"), &mut website).unwrap();
    assert_eq!(website["spec"]["pods"]["containers"][0]["image"], "a.b/x");
    assert_eq!(website["spec"]["image"], "x");
}

/// A kind whose pods stand in a place of its own.
#[derive(Debug)]
struct Website;

impl Kind for Website {
    fn group(&self) -> &'static str {
        "example.com"
    }
    fn version(&self) -> &'static str {
        "v1"
    }
    fn kind(&self) -> &'static str {
        "Website"
    }
    fn plural(&self) -> &'static str {
        "websites"
    }
    fn scope(&self) -> Scope {
        Scope::Namespaced
    }
    fn pod_template_path(&self) -> Option<&str> {
        Some("/pods")
    }
}

#[test]
fn a_kind_of_ones_own_says_where_its_pods_are() {
    let overrides = set(&json!([{"image": [{"set": {"tag": "2"}}]}]));
    let mut object = json!({"pods": {"spec": {"containers": [{"name": "a", "image": "x:1"}]}}});
    overrides
        .apply_to(&Cluster::new("a"), &Website, &mut object)
        .unwrap();
    assert_eq!(object["pods"]["spec"]["containers"][0]["image"], "x:2");
    let gvk = fed_core::GroupVersionKind::new("example.com", "v1", "Other");
    let unknown = DeclaredKind::new(gvk, "others", Scope::Namespaced);
    assert!(
        overrides
            .apply_to(&Cluster::new("a"), &unknown, &mut object)
            .is_err()
    );
}

#[test]
fn all_that_is_said_of_the_clusters_must_hold() {
    let overrides = set(&json!([
        {
            "clusters": ["a", "b", "c"],
            "clusterSelector": {"matchLabels": {"env": "prod"}},
            "exclude": ["b"],
            "labels": {"set": {"x": "1"}},
        },
        {"exclude": ["a", "z"], "labels": {"set": {"y": "1"}}},
        {"clusterSelector": {"matchLabels": {"env": "dev"}}, "absent": true},
    ]));
    let labels = |name: &str, env: &str| {
        let mut object = json!({"metadata": {}});
        let cluster = Cluster::new(name).label("env", env);
        overrides.apply(&cluster, &mut object).unwrap();
        object["metadata"]["labels"].to_string()
    };
    assert_eq!(labels("a", "prod"), r#"{"x":"1"}"#);
    assert_eq!(labels("a", "test"), "null");
    assert_eq!(labels("b", "prod"), r#"{"y":"1"}"#);
    assert_eq!(labels("c", "prod"), r#"{"x":"1","y":"1"}"#);
    assert_eq!(labels("z", "prod"), "null");
    let dev = Cluster::new("a").label("env", "dev");
    let place = overrides.leaves_out(&dev).unwrap();
    assert_eq!(place.path.as_str(), "/spec/overrides/2");
    assert_eq!(overrides.leaves_out(&Cluster::new("a")), None);
}

#[test]
fn clusters_share_a_class_where_they_are_told_the_same() {
    let overrides = set(&json!([
        {"env": [{"set": [{"name": "R", "value": "$(cluster.region)"}]}]},
        {"clusters": ["d"], "patches": [
            {"op": "add", "path": "/metadata/labels/c", "value": ["$(cluster.name)"]},
        ]},
        {"clusters": ["e"], "absent": true},
        {"annotations": {"set": {"a": "$$(cluster.name)"}}},
    ]));
    let class = |name: &str, region: &str| {
        overrides.class(&Cluster::new(name).located(Topology::new("", region)))
    };
    assert_eq!(class("a", "eu"), class("b", "eu"));
    assert_ne!(class("a", "eu"), class("c", "us"));
    assert_ne!(class("a", "eu"), class("d", "eu"));
    assert_eq!(class("a", "eu"), class("e", "eu"));
}

#[test]
fn documents_inside_of_texts_are_changed() {
    let object = |text: &str| json!({"data": {"a.json": text}});
    let change = |patches: Value| json!({"fields": [{"path": "/data/a.json", "format": "Json", "patches": patches}]});
    let port = json!([{"op": "replace", "path": "/port", "value": 81}]);
    let text = |found: Result<Value, Problem>| found.unwrap()["data"]["a.json"].clone();
    let made = |change: &Value, text: &str| made(change, &cluster(), &object(text));
    assert_eq!(
        text(made(
            &change(port.clone()),
            "{\"port\": 80, \"host\": \"a\"}"
        )),
        r#"{"host":"a","port":81}"#
    );
    // What stays the same keeps its looks.
    assert_eq!(
        text(made(&change(port), "{ \"port\":  81 }\n")),
        "{ \"port\":  81 }\n"
    );
    let told = json!([{"op": "add", "path": "/cluster", "value": "$(cluster.name)"}]);
    assert_eq!(text(made(&change(told), "{}")), r#"{"cluster":"eu-west"}"#);

    let two = json!([
        {"op": "add", "path": "/a", "value": 1},
        {"op": "remove", "path": "/secret/x"},
    ]);
    let failure = made(&change(two), r#"{"secret": "hunter2"}"#).unwrap_err();
    assert_eq!(
        failure.message,
        "the override for cluster \"eu-west\" cannot edit /data/a.json: patch 1 (/secret/x) fails \
         in it: /secret is a string"
    );
    let at = failure.at.unwrap().path;
    assert_eq!(at.as_str(), "/spec/overrides/0/fields/0/patches/1");
}

#[cfg(feature = "yaml")]
#[test]
fn yaml_inside_of_texts_is_changed() {
    let change = json!({"fields": [{"path": "/data/a", "format": "Yaml", "patches": [
        {"op": "replace", "path": "/key/key1", "value": "yes"},
    ]}]});
    let object = json!({"data": {"a": "\nkey: \n  key1: value # why\n  n: [1, 2]\n"}});
    let found = made(&change, &cluster(), &object).unwrap();
    assert_eq!(
        found["data"]["a"],
        "key:\n  key1: \"yes\"\n  \"n\":\n  - 1\n  - 2\n"
    );
    let same = json!({"data": {"a": "key: {key1: 'yes'} # why\n"}});
    assert_eq!(made(&change, &cluster(), &same).unwrap(), same);
    let broken = json!({"data": {"a": "key: [hunter2"}});
    let failure = made(&change, &cluster(), &broken).unwrap_err();
    assert!(
        failure.message.contains("not one document of YAML"),
        "{failure}"
    );
    assert!(!failure.message.contains("hunter2"), "{failure}");
}

#[cfg(not(feature = "yaml"))]
#[test]
fn without_the_feature_yaml_is_refused() {
    let change = json!({"fields": [{"path": "/data/a", "format": "Yaml", "patches": []}]});
    let failure = made(&change, &cluster(), &json!({"data": {"a": "b: 1"}})).unwrap_err();
    assert_eq!(failure.code, Code::InvalidOverride);
    assert!(failure.message.contains("the feature yaml"), "{failure}");
}

#[test]
fn what_has_no_effect_is_told() {
    let overrides = set(&json!([
        {},
        {"clusters": ["a"], "absent": true, "labels": {"set": {"a": "b"}}},
        {"image": [{"containers": ["web"]}], "env": [{}]},
        {"args": [{"container": "web"}], "fields": [{"path": "/a", "format": "Json", "patches": []}]},
    ]));
    let told: Vec<_> = overrides
        .warnings()
        .iter()
        .map(|warning| {
            assert_eq!(warning.code, Code::SuspiciousOverride);
            warning.at.clone().unwrap().path.as_str().to_owned()
        })
        .collect();
    let at = |rest: &str| format!("/spec/overrides/{rest}");
    assert_eq!(
        told,
        [
            at("0"),
            at("1/absent"),
            at("2/image/0"),
            at("2/env/0"),
            at("3/args/0"),
            at("3/fields/0"),
        ]
    );
}

#[test]
fn nobody_can_make_texts_without_end() {
    let label = "x".repeat(1 << 20);
    let big = Cluster::new("a").label("l", label);
    let value = "$(cluster.labels['l'])".repeat(1 << 10);
    let change = json!({"labels": {"set": {"a": value}}});
    let failure = made(&change, &big, &deployment()).unwrap_err();
    assert!(
        failure.message.contains("more text than an object"),
        "{failure}"
    );

    let containers: Value = (0..256)
        .map(|number| json!({"name": format!("c{number}"), "image": "x"}))
        .collect();
    let mut pod = json!({"apiVersion": "v1", "kind": "Pod", "spec": {}});
    pod["spec"]["containers"] = containers;
    let env = json!({"env": [{"set": [{"name": "A", "value": "x".repeat(1 << 20)}]}]});
    let failure = made(&env, &cluster(), &pod).unwrap_err();
    assert!(failure.message.contains("copy more than"), "{failure}");

    let deep = (0..200).fold(json!("$(cluster.name)"), |inner, _| json!([inner]));
    let patches = [PatchOperation::add("/a", deep)];
    let set = OverrideSet::native(&[Override::new(patches)], &at());
    let failure = set.apply(&cluster(), &mut deployment()).unwrap_err();
    assert_eq!(failure.code, Code::TooDeep);
}

#[test]
fn what_is_shown_has_no_values() {
    let overrides = set(&json!([{
        "image": [{"set": {"tag": "hunter2"}}, {"path": "/a b", "remove": ["Tag"]}],
        "command": [{"container": "web", "append": ["hunter2"]}],
        "env": [{"containers": ["a", "b"], "set": [{"name": "A", "value": "hunter2"}]}],
        "labels": {"set": {"a/b": "hunter2"}, "remove": ["c"]},
        "fields": [{"path": "/data/a", "format": "Json", "patches": [
            {"op": "add", "path": "/a", "value": "hunter2"},
        ]}],
        "patches": [{"op": "add", "path": "/a", "value": "$(cluster.name)hunter2"}],
    }]));
    let shown: Vec<_> = overrides
        .operations_for(&cluster())
        .map(|operation| format!("{} {}", operation.op(), operation.path()))
        .collect();
    assert_eq!(
        shown,
        [
            "change the image of every container",
            "change the image at \"/a b\"",
            "change the command of container web",
            "change the env of containers a, b",
            "set /metadata/labels/a~1b",
            "remove /metadata/labels/c",
            "edit /data/a",
            "add /a",
        ]
    );
    let debug = format!("{overrides:?}");
    assert!(!debug.contains("hunter2"), "{debug}");
    let last = overrides.operations_for(&cluster()).last().unwrap();
    assert_eq!(last.at().path.as_str(), "/spec/overrides/0/patches/0");
}
