//! Do KubeFed's kinds survive being read and written, whatever else stands in them?

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy allows these in test functions, but not in what they share"
)]

use fed_core::Location;
use fed_core::dialect::kubefed::api::{
    ClusterPropagatedVersion, Document, EnableTypeDirective, FederatedObject,
    FederatedServiceStatus, FederatedTypeConfig, KubeFedCluster, KubeFedConfig, PropagatedVersion,
    ReplicaSchedulingPreference, unknown_fields,
};
use fed_core::dialect::parse;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// Runs `$check::<Type>(document)` for the manifest of each kind.
macro_rules! each_kind {
    ($check:ident) => {
        each_kind!($check:
            "kubefed_cluster" KubeFedCluster,
            "kubefed_config" KubeFedConfig,
            "federated_type_config" FederatedTypeConfig,
            "replica_scheduling_preference" ReplicaSchedulingPreference,
            "propagated_version" PropagatedVersion,
            "cluster_propagated_version" ClusterPropagatedVersion,
            "federated_service_status" FederatedServiceStatus,
            "enable_type_directive" EnableTypeDirective,
            "federated_deployment" FederatedObject,
            "federated_secret" FederatedObject,
            "federated_namespace" FederatedObject,
        )
    };
    ($check:ident: $($file:literal $kind:ty,)+) => {
        $({
            let text = include_str!(concat!("kubefed_api/", $file, ".json"));
            let document: Value = serde_json::from_str(text).unwrap();
            $check::<$kind>(&document);
        })+
    };
}

fn read<T: Document>(document: &Value) -> T {
    parse(document, &Location::in_code()).unwrap_or_else(|problem| panic!("{problem}\n{document}"))
}

fn write<T: Document>(parsed: &T) -> Value {
    serde_json::to_value(parsed).unwrap()
}

#[test]
fn real_manifests_are_known_to_the_last_field() {
    fn check<T: Document>(document: &Value) {
        let parsed: T = read(document);
        assert_eq!(&write(&parsed), document);
        assert_eq!(unknown_fields(&parsed, &Location::in_code()), []);
        assert_eq!(parsed.name(), document["metadata"]["name"].as_str());
        assert_eq!(
            parsed.namespace(),
            document["metadata"]["namespace"].as_str()
        );
    }
    each_kind!(check);
}

#[test]
fn kinds_know_what_they_are_called() {
    macro_rules! called {
        ($($kind:ident $file:literal,)+) => {
            $(
                let text = include_str!(concat!("kubefed_api/", $file, ".json"));
                let document: Value = serde_json::from_str(text).unwrap();
                assert_eq!(document["apiVersion"], $kind::API_VERSION);
                assert_eq!(document["kind"], $kind::KIND);
            )+
        };
    }
    called! {
        KubeFedCluster "kubefed_cluster",
        KubeFedConfig "kubefed_config",
        FederatedTypeConfig "federated_type_config",
        ReplicaSchedulingPreference "replica_scheduling_preference",
        PropagatedVersion "propagated_version",
        ClusterPropagatedVersion "cluster_propagated_version",
        FederatedServiceStatus "federated_service_status",
        EnableTypeDirective "enable_type_directive",
    }
}

#[test]
fn nothing_is_lost_between_reading_and_writing() {
    fn check<T: Document + PartialEq>(document: &Value) {
        let config = ProptestConfig {
            cases: 64,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        proptest!(config, |(varied in varied(document, Inside::Object))| {
            let parsed: T = read(&varied);
            let written = write(&parsed);
            prop_assert_eq!(&written, &varied);
            prop_assert!(read::<T>(&written) == parsed);
        });
    }
    each_kind!(check);
}

#[test]
fn every_unknown_field_of_a_spec_is_reported_once() {
    fn check<T: Document>(document: &Value) {
        let Some(spec) = document["spec"].as_object() else {
            return;
        };
        let mut document = document.clone();
        let mut expected = Vec::new();
        for (name, value) in spec {
            if value.is_object() && !["template", "clusters"].contains(&name.as_str()) {
                document["spec"][name]["zzz"] = json!(1);
                expected.push(format!("/spec/{name}/zzz"));
            }
        }
        document["metadata"]["zzz"] = json!(1);
        document["spec"]["zzz"] = json!({"zzz": 1});
        document["zzz"] = json!(1);
        expected.extend(["/spec/zzz".to_owned(), "/zzz".to_owned()]);
        let mut found: Vec<_> = unknown_fields(&read::<T>(&document), &Location::in_code())
            .into_iter()
            .map(|problem| problem.at.unwrap().path.to_string())
            .collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected);
    }
    each_kind!(check);
}

#[test]
fn null_in_a_known_field_is_no_field() {
    let document = json!({"spec": {"apiEndpoint": null, "strange": null}, "status": null});
    let written = write(&read::<KubeFedCluster>(&document));
    assert_eq!(written, json!({"spec": {"strange": null}}));
}

#[test]
fn schemas_have_the_fields_of_the_manifests_and_nothing_for_unknown_ones() {
    fn check<T: Document>(document: &Value) {
        let settings = SchemaSettings::default().with(|settings| settings.inline_subschemas = true);
        let schema = settings.into_generator().into_root_schema_for::<T>();
        described(document, schema.as_value(), "");
        let text = schema.as_value().to_string();
        for trace in ["\"unknown\"", "unevaluated", "$ref"] {
            assert!(!text.contains(trace), "{trace} in {text}");
        }
    }
    each_kind!(check);
}

/// Checks that the schema has a property for each field; metadata holds more than we read.
fn described(document: &Value, schema: &Value, path: &str) {
    let Some(properties) = schema["properties"].as_object() else {
        return;
    };
    assert_eq!(schema.get("additionalProperties"), None, "{path}");
    for (name, value) in document.as_object().unwrap() {
        let path = format!("{path}/{name}");
        if path.starts_with("/metadata/") && !properties.contains_key(name) {
            continue;
        }
        let property = properties.get(name).unwrap_or_else(|| panic!("{path}"));
        match value {
            Value::Array(items) => items
                .iter()
                .for_each(|item| described(item, &property["items"], &path)),
            other => described(other, property, &path),
        }
    }
}

/// What an object's fields may be beside those of the manifest.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    /// Anything.
    Object,
    /// Texts.
    TextMap,
    /// Empty objects.
    ObjectMap,
}

/// The manifest, with fields left out and added at each level, and with other texts and numbers.
fn varied(value: &Value, inside: Inside) -> BoxedStrategy<Value> {
    match value {
        Value::Object(fields) => varied_object(fields, inside),
        Value::Array(items) => items
            .iter()
            .map(|item| prop::option::weighted(0.8, varied(item, Inside::Object)))
            .collect::<Vec<_>>()
            .prop_map(|items| Value::Array(items.into_iter().flatten().collect()))
            .boxed(),
        Value::String(text) => prop_oneof![Just(text.clone()), ".{0,4}"]
            .prop_map(Value::from)
            .boxed(),
        Value::Number(number) if number.is_i64() => any::<i64>().prop_map(Value::from).boxed(),
        Value::Bool(_) => any::<bool>().prop_map(Value::from).boxed(),
        other => Just(other.clone()).boxed(),
    }
}

fn varied_object(fields: &Map<String, Value>, inside: Inside) -> BoxedStrategy<Value> {
    let known: Vec<_> = fields
        .iter()
        .map(|(name, value)| {
            let within = match name.as_str() {
                "labels" | "annotations" | "matchLabels" => Inside::TextMap,
                "clusters" => Inside::ObjectMap,
                _ => Inside::Object,
            };
            let name = name.clone();
            let field = varied(value, within).prop_map(move |value| (name.clone(), value));
            prop::option::weighted(0.8, field)
        })
        .collect();
    let extra = match inside {
        Inside::Object => anything(),
        Inside::TextMap => ".{0,4}".prop_map(Value::from).boxed(),
        Inside::ObjectMap => Just(json!({})).boxed(),
    };
    // No known field has a digit in its name.
    (known, btree_map("[a-z/~.]{0,3}[0-9]", extra, 0..3))
        .prop_map(|(known, extra)| {
            Value::Object(known.into_iter().flatten().chain(extra).collect())
        })
        .boxed()
}

fn anything() -> BoxedStrategy<Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e300..1e300).prop_map(Value::from),
        ".{0,4}".prop_map(Value::from),
    ];
    scalar
        .prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                vec(inner.clone(), 0..3).prop_map(Value::from),
                btree_map(".{0,3}", inner, 0..3)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
        .boxed()
}
