//! Would an API server take the CustomResourceDefinitions that are generated?

use std::collections::BTreeSet;

use fed_core::GroupVersionKind;
use fed_core::dialect::kubefed::crds::{TargetType, federated, fixed, usual_targets};
use fed_core::dialect::native;
use fed_core::kinds::{Kinds, Scope};
use serde_json::{Map, Value, json};

use crate::rules::faults;

fn all() -> Vec<Value> {
    let known = Kinds::builtin();
    let known = known.iter().map(|kind| TargetType::of(kind.as_ref()));
    let targets = usual_targets().into_iter().chain(known);
    let federated = targets.map(|target| federated(&target));
    let mut crds: Vec<_> = fixed().into_iter().chain(native::crds()).collect();
    crds.extend(federated);
    crds
}

fn schema(crd: &Value) -> &Value {
    &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
}

fn called<'c>(crds: &'c [Value], name: &str) -> &'c Value {
    let found = crds.iter().find(|crd| crd["metadata"]["name"] == name);
    found.unwrap_or(&Value::Null)
}

/// What an API server demands of lists, in every schema within this one.
fn list_faults(schema: &Value, at: &str, found: &mut Vec<String>) {
    let Value::Object(fields) = schema else {
        return;
    };
    let list_type = fields.get("x-kubernetes-list-type").and_then(Value::as_str);
    if (fields.get("type") == Some(&json!("array"))) != list_type.is_some() {
        found.push(format!("{at}: an array without list type, or the reverse"));
    }
    if list_type == Some("map") {
        let keys = fields["x-kubernetes-list-map-keys"].as_array().unwrap();
        assert!(!keys.is_empty(), "{at}");
        for key in keys.iter().filter_map(Value::as_str) {
            key_faults(&fields["items"], key, at, found);
        }
    }
    if list_type == Some("set") && fields["items"]["type"] != "string" {
        found.push(format!("{at}: a set of something else than texts"));
    }
    let nothing = Map::new();
    let properties = fields.get("properties").and_then(Value::as_object);
    for (name, inner) in properties.unwrap_or(&nothing) {
        list_faults(inner, &format!("{at}/{name}"), found);
    }
    for inner in ["items", "additionalProperties"] {
        if let Some(inner) = fields.get(inner) {
            list_faults(inner, &format!("{at}/*"), found);
        }
    }
}

fn key_faults(items: &Value, key: &str, at: &str, found: &mut Vec<String>) {
    let field = &items["properties"][key];
    let required = items["required"]
        .as_array()
        .is_some_and(|required| required.contains(&json!(key)));
    if field["type"] != "string" {
        found.push(format!("{at}: the key {key} is no text"));
    }
    if !required && field.get("default").is_none() {
        found.push(format!("{at}: the key {key} may be missing"));
    }
}

#[test]
fn every_crd_is_structural() {
    for crd in all() {
        let name = &crd["metadata"]["name"];
        let mut found = faults(schema(&crd));
        list_faults(schema(&crd), "", &mut found);
        assert_eq!(found, Vec::<String>::new(), "{name}");
        assert_eq!(
            schema(&crd)["properties"]["metadata"],
            json!({"type": "object"})
        );
        let text = schema(&crd).to_string();
        assert!(!text.contains("\\n") && !text.contains("title"), "{name}");
    }
}

#[test]
fn every_crd_has_names_that_belong_together() {
    for crd in all() {
        let (spec, name) = (&crd["spec"], crd["metadata"]["name"].as_str().unwrap());
        let text = |field: &str| spec["names"][field].as_str().unwrap();
        assert_eq!(
            name,
            format!("{}.{}", text("plural"), spec["group"].as_str().unwrap())
        );
        assert_eq!(text("listKind"), format!("{}List", text("kind")));
        assert_eq!(text("singular"), text("kind").to_lowercase());
        assert_eq!(spec["versions"].as_array().unwrap().len(), 1);
        let version = &spec["versions"][0];
        assert_eq!(
            (&version["served"], &version["storage"]),
            (&json!(true), &json!(true))
        );
        let has_status = schema(&crd)["properties"].get("status").is_some();
        let subresource = version.get("subresources").is_some();
        let preference = text("kind") == "ReplicaSchedulingPreference";
        assert_eq!(subresource, has_status && !preference, "{name}");
    }
}

#[test]
fn no_name_is_given_twice() {
    let mut crds = fixed();
    crds.extend(native::crds());
    crds.extend(usual_targets().iter().map(federated));
    assert_eq!(crds.len(), 19);
    let mut names = BTreeSet::new();
    for crd in &crds {
        assert!(
            names.insert(crd["metadata"]["name"].to_string()),
            "{names:?}"
        );
        let short_names = crd["spec"]["names"]["shortNames"].as_array();
        for short in short_names.into_iter().flatten() {
            assert!(names.insert(short.to_string()), "{short}");
        }
    }
}

#[test]
fn a_federated_kind_has_what_its_target_has() {
    let gvk = GroupVersionKind::new("zoo.example.com", "v1", "Ox");
    let ox = TargetType::new(gvk, "oxen", Scope::Cluster);
    let crd = federated(&ox.clone().with_short_names(["ox", "o"]));
    assert_eq!(crd["metadata"]["name"], "federatedoxen.types.kubefed.io");
    assert_eq!(crd["spec"]["names"]["shortNames"], json!(["fox", "fo"]));
    assert_eq!(crd["spec"]["scope"], "Cluster");
    let retain = "/properties/spec/properties/retainReplicas";
    assert_eq!(schema(&crd).pointer(retain), None);
    let with_replicas = federated(&ox.with_int32_replicas(true));
    assert_eq!(
        schema(&with_replicas).pointer(retain).unwrap()["type"],
        "boolean"
    );

    let crds = all();
    let namespaces = called(&crds, "federatednamespaces.types.kubefed.io");
    assert_eq!(namespaces["spec"]["scope"], "Namespaced");
    let roles = called(&crds, "federatedclusterroles.types.kubefed.io");
    assert_eq!(roles["spec"]["scope"], "Cluster");
}

#[test]
fn crds_read_well() {
    let crds = all();
    for name in [
        "federateddeployments.types.kubefed.io",
        "kubefedclusters.core.kubefed.io",
        "kinddefinitions.fed.dev",
        "propagations.fed.dev",
    ] {
        let text = serde_json::to_string_pretty(called(&crds, name)).unwrap();
        insta::assert_snapshot!(name, text);
    }
}
