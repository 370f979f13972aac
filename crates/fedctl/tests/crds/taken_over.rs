//! Can the definitions take the place of KubeFed's, with objects stored?

use std::thread;
use std::time::{Duration, Instant};

use fed_testkit::assets_or_skip;
use fedctl::crds::definitions;
use fedctl::read::Input;
use serde_json::{Value, json};

use crate::server::{DEFINITIONS, establish, federated, path_of, server};

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
    let (crds, _) = definitions(&Input::default(), &["CronJob".to_owned()]);
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

    let change = |path: &str, patch: &Value| {
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
        change(
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
    for (path, with) in changes {
        let answer = change(&path, &with);
        assert_eq!(answer.status, 200, "{with}: {answer:?}");
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
