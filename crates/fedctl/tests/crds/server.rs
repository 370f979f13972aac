//! A real API server with all definitions, and how objects get into it.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use fed_testkit::apiserver::{ApiServer, Assets, Client, Options, Response};
use fedctl::crds::definitions;
use fedctl::read::{Input, read};
use serde_json::{Value, json};

pub(crate) const DEFINITIONS: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/// A server with all definitions and the namespaces that objects live in.
pub(crate) fn server(assets: &Assets) -> &'static ApiServer {
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

pub(crate) fn all() -> Vec<Value> {
    let (crds, problems) = definitions(&Input::default(), &[]);
    assert_eq!(problems, []);
    crds
}

/// Waits until the server serves the kind.
pub(crate) fn establish(client: &Client, crd: &Value) {
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

pub(crate) fn condition(object: &Value, of: &str) -> String {
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
pub(crate) fn path_of(crd: &Value) -> String {
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
pub(crate) fn place_of(object: &Value) -> (Value, String) {
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
pub(crate) fn new(mut object: Value) -> Value {
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
pub(crate) fn store(client: &Client, object: &Value) -> Result<Value, Response> {
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

/// The manifests that the core's tests know to the last field.
pub(crate) fn fixtures() -> BTreeMap<String, Value> {
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

pub(crate) fn message(answer: &Response) -> &str {
    answer.body["message"].as_str().unwrap_or_default()
}

pub(crate) fn federated(name: &str, spec: &Value) -> Value {
    json!({
        "apiVersion": "types.kubefed.io/v1beta1",
        "kind": "FederatedConfigMap",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": spec,
    })
}

/// Server-side apply of a FederatedConfigMap by this manager.
pub(crate) fn apply(client: &Client, manager: &str, object: &Value) -> Response {
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
