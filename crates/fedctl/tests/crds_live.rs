//! Does a real API server take the generated CustomResourceDefinitions, keep what belongs into
//! their objects, and refuse the rest?

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "clippy allows these in test functions, but not in what they share"
)]

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use fed_testkit::apiserver::{ApiServer, Assets, Client, Options, Response};
use fed_testkit::assets_or_skip;
use fedctl::crds::definitions;
use fedctl::read::{Input, read, read_text};
use serde_json::{Value, json};

const DEFINITIONS: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/// A server with all definitions and the namespaces that objects live in.
fn server(assets: &Assets) -> &'static ApiServer {
    static SERVER: OnceLock<ApiServer> = OnceLock::new();
    SERVER.get_or_init(|| {
        let server = ApiServer::start(assets, Options::named("crds")).unwrap();
        for namespace in ["shop", "kube-federation-system"] {
            let object = json!({"metadata": {"name": namespace}});
            let answer = server.client().create("/api/v1/namespaces", &object);
            assert_eq!(answer.unwrap().status, 201);
        }
        let crds = all();
        for crd in &crds {
            let answer = server.client().create(DEFINITIONS, crd).unwrap();
            assert_eq!(
                (answer.status, &answer.warnings),
                (201, &vec![]),
                "{answer:?}"
            );
        }
        for crd in &crds {
            establish(server.client(), crd);
        }
        server
    })
}

fn all() -> Vec<Value> {
    let (crds, problems) = definitions(&Input::default(), &[]);
    assert_eq!(problems, []);
    crds
}

/// Waits until the server serves the kind.
fn establish(client: &Client, crd: &Value) {
    let name = crd["metadata"]["name"].as_str().unwrap();
    let deadline = Instant::now() + Duration::from_mins(1);
    let path = format!("{DEFINITIONS}/{name}");
    loop {
        let stored = client.get(&path).unwrap().body;
        if condition(&stored, "Established") == "True"
            && client.get(&path_of(crd)).unwrap().status == 200
        {
            return;
        }
        assert!(Instant::now() < deadline, "{name}: {}", stored["status"]);
        thread::sleep(Duration::from_millis(50));
    }
}

fn condition(object: &Value, of: &str) -> String {
    let conditions = object["status"]["conditions"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let found = conditions
        .into_iter()
        .find(|one| one["type"] == of)
        .unwrap_or_default();
    found["status"].as_str().unwrap_or("absent").to_owned()
}

/// Where all objects of the kind are listed.
fn path_of(crd: &Value) -> String {
    let spec = &crd["spec"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    format!(
        "/apis/{}/{}/{}",
        text(&spec["group"]),
        text(&spec["versions"][0]["name"]),
        text(&spec["names"]["plural"])
    )
}

/// The definition of an object, and where objects like it are.
fn place_of(object: &Value) -> (Value, String) {
    let crd = all()
        .into_iter()
        .find(|crd| crd["spec"]["names"]["kind"] == object["kind"])
        .unwrap();
    let path = path_of(&crd);
    let Some(namespace) = object["metadata"]["namespace"].as_str() else {
        return (crd, path);
    };
    let (version, plural) = path.rsplit_once('/').unwrap();
    let path = format!("{version}/namespaces/{namespace}/{plural}");
    (crd, path)
}

/// The same object, without what the server alone writes.
fn new(mut object: Value) -> Value {
    let metadata = object["metadata"].as_object_mut().unwrap();
    for field in [
        "generation",
        "uid",
        "resourceVersion",
        "creationTimestamp",
        "managedFields",
    ] {
        metadata.remove(field);
    }
    object
}

/// Creates the object, which may have no field that the server would drop, writes its status where
/// that is apart, and gives back what is stored.
fn store(client: &Client, object: &Value) -> Result<Value, Response> {
    let (crd, path) = place_of(object);
    let answer = client
        .create(&format!("{path}?fieldValidation=Strict"), object)
        .unwrap();
    if answer.status != 201 {
        return Err(answer);
    }
    let mut stored = answer.body;
    let path = format!("{path}/{}", object["metadata"]["name"].as_str().unwrap());
    let is_apart = crd["spec"]["versions"][0].get("subresources").is_some();
    if let (true, Some(status)) = (is_apart, object.get("status")) {
        stored["status"] = status.clone();
        let path = format!("{path}/status?fieldValidation=Strict");
        let text = stored.to_string();
        let answer = client
            .request("PUT", &path, "application/json", text.as_bytes())
            .unwrap();
        if answer.status != 200 {
            return Err(answer);
        }
    }
    Ok(client.get(&path).unwrap().body)
}

fn assert_kept(object: &Value, stored: &Value) {
    for (field, value) in object.as_object().unwrap() {
        if field != "metadata" {
            assert_eq!(&stored[field], value, "{} {field}", object["kind"]);
        }
    }
}

/// The manifests that the core's tests know to the last field.
fn fixtures() -> BTreeMap<String, Value> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fed-core/tests/kubefed_api");
    let input = read(&[folder.to_owned()], &mut std::io::empty());
    let objects = input
        .documents
        .iter()
        .map(|document| document.value().clone());
    let objects = objects.filter(|object| object["kind"] != "EnableTypeDirective");
    objects
        .map(|object| (object["kind"].as_str().unwrap().to_owned(), new(object)))
        .collect()
}

#[test]
fn every_definition_is_established() {
    let assets = assets_or_skip!();
    let client = server(&assets).client();
    for crd in all() {
        let name = crd["metadata"]["name"].as_str().unwrap();
        let stored = client.get(&format!("{DEFINITIONS}/{name}")).unwrap().body;
        assert_eq!(condition(&stored, "NamesAccepted"), "True", "{name}");
        assert_eq!(
            condition(&stored, "NonStructuralSchema"),
            "absent",
            "{name}"
        );
        let names = &stored["status"]["acceptedNames"];
        assert_eq!(
            names["shortNames"], crd["spec"]["names"]["shortNames"],
            "{name}"
        );
        let stored = &stored["spec"]["versions"][0]["schema"];
        assert_eq!(stored, &crd["spec"]["versions"][0]["schema"], "{name}");
    }
}

#[test]
fn real_manifests_are_stored_to_the_last_field() {
    let assets = assets_or_skip!();
    let client = server(&assets).client();
    let fixtures = fixtures();
    assert_eq!(fixtures.len(), 10);
    for object in fixtures.values() {
        let stored = store(client, object).unwrap_or_else(|answer| panic!("{answer:?}"));
        assert_kept(object, &stored);
    }
}

#[test]
fn the_example_is_stored_but_for_clusters_without_an_address() {
    let assets = assets_or_skip!();
    let client = server(&assets).client();
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../examples/propagate/shop.yaml"
    );
    let input = read(&[file.to_owned()], &mut std::io::empty());
    let (mut kept, mut refused) = (0, 0);
    for document in &input.documents {
        let mut object = document.value().clone();
        // Other tests have objects of these names.
        object["metadata"]["labels"]["example"] = "shop".into();
        object["metadata"]["name"] =
            format!("{}-example", object["metadata"]["name"].as_str().unwrap()).into();
        match store(client, &object) {
            Ok(stored) => {
                assert_kept(&object, &stored);
                kept += 1;
            }
            Err(answer) => {
                assert_eq!(object["kind"], "KubeFedCluster");
                assert!(
                    message(&answer).contains("spec: Required value"),
                    "{answer:?}"
                );
                refused += 1;
            }
        }
    }
    assert_eq!((kept, refused), (4, 3));
}

#[test]
fn a_propagation_is_stored_to_the_last_field() {
    let assets = assets_or_skip!();
    let client = server(&assets).client();
    let object = json!({
        "apiVersion": "fed.dev/v1alpha1",
        "kind": "Propagation",
        "metadata": {"name": "all", "namespace": "shop"},
        "spec": {
            "resources": [
                {"apiVersion": "apps/v1", "kind": "Deployment", "name": "rating"},
                {"apiVersion": "apps/v1", "kind": "Deployment", "name": "rating"},
                {"apiVersion": "v1", "kind": "ConfigMap", "labelSelector": {
                    "matchExpressions": [{"key": "a", "operator": "In", "values": ["b", "b"]}],
                }},
            ],
            "placement": {"clusters": [], "clusterSelector": {}},
            "overrides": [
                {"patches": [{"op": "add", "path": "/a", "value": null}]},
                {"clusters": [], "patches": [
                    {"op": "add", "path": "/a", "value": {"deep": [{"er": null}, 1.5]}},
                    {"op": "test", "path": "/a", "value": 1},
                    {"op": "copy", "from": "/a", "path": "/b"},
                ]},
            ],
        },
    });
    let stored = store(client, &object).unwrap_or_else(|answer| panic!("{answer:?}"));
    assert_kept(&object, &stored);
}

fn message(answer: &Response) -> &str {
    answer.body["message"].as_str().unwrap_or_default()
}

/// A kind, a JSON Merge Patch that spoils its manifest, and what the server says of it.
fn spoiled() -> Vec<(&'static str, Value, &'static str)> {
    let placement = |placement: Value| json!({"spec": {"placement": placement}});
    let overrides = |entries: Value| json!({"spec": {"overrides": entries}});
    vec![
        (
            "FederatedDeployment",
            json!({"spec": null}),
            "spec: Required value",
        ),
        (
            "FederatedDeployment",
            json!({"spec": {"template": "x"}}),
            "spec.template",
        ),
        (
            "FederatedDeployment",
            json!({"spec": {"retainReplicas": "yes"}}),
            "spec.retainReplicas",
        ),
        (
            "FederatedDeployment",
            json!({"spec": {"replica": 1}}),
            "unknown field \"spec.replica\"",
        ),
        (
            "FederatedSecret",
            json!({"spec": {"retainReplicas": true}}),
            "unknown field \"spec.retainReplicas\"",
        ),
        (
            "FederatedDeployment",
            placement(json!({"clusters": ["a"]})),
            "spec.placement.clusters[0]",
        ),
        (
            "FederatedDeployment",
            placement(json!({"clusters": [{}]})),
            "clusters[0].name: Required value",
        ),
        (
            "FederatedDeployment",
            placement(json!({"clusters": [{"name": "a", "replicas": "3"}]})),
            "clusters[0].replicas",
        ),
        (
            "FederatedDeployment",
            placement(json!({"clusters": [{"name": "a", "replicas": -1}]})),
            "greater than or equal to 0",
        ),
        (
            "FederatedDeployment",
            placement(json!({"clusters": [{"name": "a", "replicas": 3_000_000_000_u32}]})),
            "clusters[0].replicas",
        ),
        (
            "FederatedDeployment",
            placement(json!({"clusters": {"name": "a"}})),
            "spec.placement.clusters",
        ),
        (
            "FederatedDeployment",
            overrides(json!([{"clusterName": "a"}, {"clusterName": "a"}])),
            "Duplicate value",
        ),
        (
            "FederatedDeployment",
            overrides(json!([{"clusterOverrides": [{"op": "move", "path": "/a"}]}])),
            "should match",
        ),
        (
            "FederatedDeployment",
            overrides(json!([{"clusterOverrides": [{"op": "add"}]}])),
            "path: Required value",
        ),
        (
            "KubeFedCluster",
            json!({"spec": {"apiEndpoint": null}}),
            "spec.apiEndpoint: Required value",
        ),
        (
            "KubeFedCluster",
            json!({"spec": {"secretRef": {"name": null}}}),
            "secretRef.name: Required value",
        ),
        (
            "KubeFedCluster",
            json!({"spec": {"caBundle": "###"}}),
            "spec.caBundle",
        ),
        (
            "KubeFedCluster",
            json!({"spec": {"disabledTLSValidations": ["All"]}}),
            "Unsupported value",
        ),
        (
            "KubeFedConfig",
            json!({"spec": {"scope": "Everywhere"}}),
            "spec.scope: Unsupported value",
        ),
        (
            "KubeFedConfig",
            json!({"spec": {"featureGates": [{"name": "a", "configuration": "Enabled"}, {"name": "a", "configuration": "Disabled"}]}}),
            "Duplicate value",
        ),
        (
            "FederatedTypeConfig",
            json!({"spec": {"propagation": "On"}}),
            "spec.propagation: Unsupported value",
        ),
        (
            "FederatedTypeConfig",
            json!({"spec": {"targetType": {"scope": "namespaced"}}}),
            "targetType.scope: Unsupported value",
        ),
        (
            "ReplicaSchedulingPreference",
            json!({"spec": {"totalReplicas": 3_000_000_000_u32}}),
            "spec.totalReplicas",
        ),
        (
            "ReplicaSchedulingPreference",
            json!({"spec": {"clusters": {"*": {"weight": "1"}}}}),
            "weight",
        ),
    ]
}

fn merge(target: &mut Value, patch: &Value) {
    let (Value::Object(fields), Value::Object(changes)) = (&mut *target, patch) else {
        *target = patch.clone();
        return;
    };
    for (key, change) in changes {
        if change.is_null() {
            fields.remove(key);
        } else {
            merge(fields.entry(key).or_insert(Value::Null), change);
        }
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let assets = assets_or_skip!();
    let client = server(&assets).client();
    let fixtures = fixtures();
    for (kind, patch, expected) in spoiled() {
        let mut object = fixtures[kind].clone();
        object["metadata"]["name"] = "spoiled".into();
        merge(&mut object, &patch);
        let answer = store(client, &object).unwrap_err();
        assert!(
            message(&answer).contains(expected),
            "{kind} {patch}: {answer:?}"
        );
    }
}

fn federated(name: &str, spec: &Value) -> Value {
    json!({
        "apiVersion": "types.kubefed.io/v1beta1",
        "kind": "FederatedConfigMap",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": spec,
    })
}

/// Server-side apply of a FederatedConfigMap by this manager.
fn apply(client: &Client, manager: &str, object: &Value) -> Response {
    let (_, path) = place_of(object);
    let name = object["metadata"]["name"].as_str().unwrap();
    let path = format!("{path}/{name}?fieldManager={manager}");
    let text = object.to_string();
    client
        .request(
            "PATCH",
            &path,
            "application/apply-patch+yaml",
            text.as_bytes(),
        )
        .unwrap()
}

#[test]
fn two_managers_share_the_overrides_and_only_one_has_the_placement() {
    let assets = assets_or_skip!();
    let client = server(&assets).client();
    let change = |cluster: &str| json!({"clusterName": cluster, "clusterOverrides": [{"path": "/data", "value": {"at": cluster}}]});
    let spec = json!({"placement": {"clusters": [{"name": "a"}, {"name": "b"}]}, "overrides": [change("a")]});
    let answer = apply(client, "one", &federated("shared", &spec));
    assert_eq!(answer.status, 201, "{answer:?}");

    let spec = json!({"overrides": [change("b")]});
    let answer = apply(client, "two", &federated("shared", &spec));
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        answer.body["spec"]["overrides"],
        json!([change("a"), change("b")])
    );

    let other = json!({"placement": {"clusters": [{"name": "c"}]}});
    let answer = apply(client, "two", &federated("shared", &other));
    assert_eq!(answer.status, 409, "{answer:?}");
    assert!(
        message(&answer).contains("spec.placement.clusters"),
        "{answer:?}"
    );

    let answer = apply(client, "one", &federated("shared", &json!({})));
    assert_eq!(
        answer.body["spec"],
        json!({"overrides": [change("b")]}),
        "{answer:?}"
    );
}

/// From a list with keys the server would take out the list, and the selector would choose every
/// cluster.
#[test]
fn a_placement_emptied_by_apply_stays_an_empty_list() {
    let assets = assets_or_skip!();
    let client = server(&assets).client();
    let placed =
        |clusters: Value| json!({"placement": {"clusters": clusters, "clusterSelector": {}}});
    for clusters in [json!([{"name": "a"}, {"name": "a"}]), json!([])] {
        let answer = apply(
            client,
            "one",
            &federated("emptied", &placed(clusters.clone())),
        );
        assert_eq!(answer.body["spec"], placed(clusters), "{answer:?}");
    }
    let mut propagation = json!({
        "apiVersion": "fed.dev/v1alpha1",
        "kind": "Propagation",
        "metadata": {"name": "emptied", "namespace": "shop"},
    });
    for clusters in [json!(["a"]), json!([])] {
        let spec = json!({"placement": {"clusters": clusters, "clusterSelector": {}}});
        propagation["spec"] = spec.clone();
        let answer = apply(client, "one", &propagation);
        assert_eq!(answer.body["spec"], spec, "{answer:?}");
    }
}

/// The definition as KubeFed has it: no list has keys, and no field a value that nobody wrote.
fn as_kubefed_has_it(mut crd: Value) -> Value {
    fn strip(schema: &mut Value) {
        match schema {
            Value::Object(fields) => {
                fields.retain(|key, _| !key.starts_with("x-kubernetes-list") && key != "default");
                fields.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut crd["spec"]["versions"][0]["schema"]);
    crd
}

#[test]
fn what_kubefed_stored_stays_writable() {
    let assets = assets_or_skip!();
    let client = server(&assets).client();
    let (crds, _) = definitions(&read_text("none.yaml", ""), &["CronJob".to_owned()]);
    let ours = &crds[0];
    let theirs = as_kubefed_has_it(ours.clone());
    assert_eq!(client.create(DEFINITIONS, &theirs).unwrap().status, 201);
    establish(client, &theirs);

    let mut object = federated(
        "old",
        &json!({
            "placement": {"clusters": [{"name": "a"}, {"name": "a"}]},
            "overrides": [{"clusterName": "a"}, {"clusterName": "a"}, {"clusterOverrides": []}],
        }),
    );
    object["kind"] = "FederatedCronJob".into();
    let path = format!(
        "{}/namespaces/shop/federatedcronjobs",
        path_of(ours).rsplit_once('/').unwrap().0
    );
    let answer = client.create(&path, &object).unwrap();
    assert_eq!(answer.status, 201, "{answer:?}");

    let patch = |path: &str, patch: &Value| {
        let text = patch.to_string();
        client
            .request(
                "PATCH",
                path,
                "application/merge-patch+json",
                text.as_bytes(),
            )
            .unwrap()
    };
    let name = ours["metadata"]["name"].as_str().unwrap();
    assert_eq!(
        patch(
            &format!("{DEFINITIONS}/{name}"),
            &json!({"spec": ours["spec"]})
        )
        .status,
        200
    );
    let path = format!("{path}/old");
    let deadline = Instant::now() + Duration::from_mins(1);
    // The server takes up a definition some time after it took it in.
    while client.get(&path).unwrap().body["spec"]["overrides"][2]["clusterName"] != "" {
        assert!(
            Instant::now() < deadline,
            "the new definition is not taken up"
        );
        thread::sleep(Duration::from_millis(50));
    }

    let changes = [
        (
            path.clone(),
            json!({"metadata": {"finalizers": ["kubefed.io/sync-controller"]}}),
        ),
        (path.clone(), json!({"metadata": {"finalizers": null}})),
        (path.clone(), json!({"spec": {"template": {"spec": {}}}})),
        (
            format!("{path}/status"),
            json!({"status": {"observedGeneration": 1}}),
        ),
    ];
    for (path, change) in changes {
        let answer = patch(&path, &change);
        assert_eq!(answer.status, 200, "{change}: {answer:?}");
    }
    let object = json!({
        "apiVersion": "types.kubefed.io/v1beta1",
        "kind": "FederatedCronJob",
        "metadata": {"name": "old", "namespace": "shop"},
        "spec": {"overrides": [{"clusterName": "b"}]},
    });
    let apply_to = format!("{path}?fieldManager=new");
    let text = object.to_string();
    let answer = client
        .request(
            "PATCH",
            &apply_to,
            "application/apply-patch+yaml",
            text.as_bytes(),
        )
        .unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        answer.body["spec"]["overrides"].as_array().unwrap().len(),
        4
    );
}
