//! What do the look-ups say of CustomResourceDefinitions, lawful and hostile?

use fed_schema::{CrdError, Kind, ListType, Origin, Schemas, Scope, Shape, Type, apply_defaults};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn definition(versions: &Value) -> Value {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "trainings.ml.example.com"},
        "spec": {
            "group": "ml.example.com",
            "scope": "Namespaced",
            "names": {
                "kind": "Training", "plural": "trainings",
                "shortNames": ["tr"], "categories": ["ml"]
            },
            "versions": versions,
        },
    })
}

fn lawful() -> Value {
    let schema = json!({
        "type": "object",
        "required": ["spec"],
        "properties": {
            "metadata": {"type": "object"},
            "spec": {
                "type": "object",
                "required": ["image"],
                "x-kubernetes-validations": [{"rule": "self.workers < 10"}],
                "properties": {
                    "image": {"type": "string", "pattern": "^[a-z]+$"},
                    "workers": {"type": "integer", "format": "int32", "default": 2},
                    "replicas": {"type": "integer"},
                    "port": {"x-kubernetes-int-or-string": true},
                    "mode": {"type": "string", "enum": ["fast", "slow"], "nullable": true},
                    "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true,
                             "properties": {"known": {"type": "boolean"}}},
                    "pod": {"type": "object", "x-kubernetes-embedded-resource": true,
                            "x-kubernetes-preserve-unknown-fields": true},
                    "steps": {"type": "array", "x-kubernetes-list-type": "map",
                              "x-kubernetes-list-map-keys": ["name"],
                              "items": {"type": "object", "required": ["name"], "properties": {
                                  "name": {"type": "string"},
                                  "tries": {"type": "integer", "default": 3}}}},
                    "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                    "point": {"type": "object", "x-kubernetes-map-type": "atomic",
                              "default": {}, "properties": {"x": {"type": "number", "default": 0}}},
                },
            },
        },
    });
    definition(&json!([
        {"name": "v1alpha1", "served": true, "storage": false, "deprecated": true,
         "schema": {"openAPIV3Schema": {"type": "object"}}},
        {"name": "v1", "served": true, "storage": true,
         "schema": {"openAPIV3Schema": schema},
         "subresources": {"status": {}, "scale": {
             "specReplicasPath": ".spec.workers", "statusReplicasPath": ".status.workers"}},
         "additionalPrinterColumns": [
             {"name": "Workers", "type": "integer", "jsonPath": ".spec.workers"}]},
        {"name": "v0", "served": false, "storage": false},
    ]))
}

#[test]
fn a_definitions_kinds_are_found_as_the_built_in_ones() {
    let schemas = Schemas::builtin().with_crd(&lawful()).expect("lawful");
    let versions = schemas.versions("ml.example.com", "Training");
    assert_eq!(
        versions.map(Kind::version).collect::<Vec<_>>(),
        ["v1", "v1alpha1"]
    );
    let training = schemas
        .resource("ml.example.com", "trainings")
        .expect("found");
    assert_eq!(training.api_version(), "ml.example.com/v1");
    assert_eq!(
        (training.singular(), training.scope()),
        ("training", Scope::Namespaced)
    );
    assert_eq!(training.origin(), Origin::Custom);
    assert!(
        schemas
            .named("tr")
            .map(Kind::kind)
            .eq(["Training", "Training"])
    );
    let columns: Vec<_> = training
        .columns()
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(columns, ["Name", "Workers"]);
    assert_eq!(training.replicas_path(), Some("/spec/workers"));
    assert!(
        !training.has_int32_replicas(),
        "spec.replicas has no format"
    );
    assert!(training.subresource("status").is_some() && training.deprecation().is_none());
    let old = schemas
        .kind("ml.example.com", "v1alpha1", "Training")
        .expect("served");
    assert_eq!(
        old.deprecation(),
        Some("ml.example.com/v1alpha1 Training is deprecated")
    );
    assert!(old.subresources().is_empty() && old.scale().is_none());
    let unchecked: Vec<String> = schemas
        .unchecked()
        .map(|(kind, demand)| format!("{kind}: {demand}"))
        .collect();
    assert_eq!(
        unchecked,
        [
            "ml.example.com/v1 Training: x-kubernetes-validations of /spec",
            "ml.example.com/v1 Training: pattern of /spec/image",
        ]
    );
    assert_eq!(
        Schemas::builtin()
            .versions("ml.example.com", "Training")
            .len(),
        0
    );
}

#[test]
fn a_definitions_types_are_found_at_their_paths() {
    let schemas = Schemas::builtin().with_crd(&lawful()).expect("lawful");
    let root = schemas
        .preferred("ml.example.com", "Training")
        .expect("found")
        .root();
    let cases = [
        ("/apiVersion", Some(Shape::String)),
        ("/metadata/labels/a", Some(Shape::String)),
        ("/metadata/ownerReferences/0/uid", Some(Shape::String)),
        ("/metadata/colour", None),
        ("/spec/workers", Some(Shape::Int32)),
        ("/spec/replicas", Some(Shape::Integer)),
        ("/spec/port", Some(Shape::IntOrString)),
        ("/spec/free/known", Some(Shape::Boolean)),
        ("/spec/free/unknown/deep", Some(Shape::Any)),
        ("/spec/pod/kind", Some(Shape::String)),
        ("/spec/pod/metadata/name", Some(Shape::String)),
        ("/spec/pod/spec/whatever", Some(Shape::Any)),
        ("/spec/steps/0/tries", Some(Shape::Integer)),
        ("/spec/labels", Some(Shape::Map)),
        ("/spec/labels/x", Some(Shape::String)),
        ("/spec/unknown", None),
        ("/status", None),
    ];
    for (path, shape) in cases {
        assert_eq!(root.at(path).map(Type::shape), shape, "{path}");
    }
    let at = |path: &str| root.at(path).expect("known");
    assert_eq!(at("/spec/steps").list_type(), Some(ListType::Map));
    assert_eq!(at("/spec/mode").allowed(), [json!("fast"), json!("slow")]);
    assert!(at("/spec/mode").is_nullable() && at("/spec/point").is_atomic());
    assert!(at("/spec/pod").is_embedded_resource());
    assert!(root.requires("spec") && !root.preserves_unknown_fields());
    let lists = at("/metadata/finalizers").list_type();
    assert_eq!(lists, Some(ListType::Set));
}

#[test]
fn a_definitions_defaults_are_filled_in() {
    let schemas = Schemas::builtin().with_crd(&lawful()).expect("lawful");
    let mut object = json!({
        "apiVersion": "ml.example.com/v1", "kind": "Training", "metadata": {"name": "a"},
        "spec": {"image": "a", "workers": null, "mode": null, "steps": [{"name": "x"}, 3]},
    });
    assert!(apply_defaults(&schemas, &mut object));
    let expected = json!({
        "image": "a", "workers": 2, "mode": null, "point": {"x": 0},
        "steps": [{"name": "x", "tries": 3}, 3],
    });
    assert_eq!(object["spec"], expected);
    assert_eq!(object["metadata"], json!({"name": "a"}));
}

#[test]
fn a_later_definition_replaces_an_earlier_one() {
    let version = |name: &str| json!([{"name": name, "served": true, "storage": true}]);
    let schemas = Schemas::builtin()
        .with_crd(&definition(&version("v1")))
        .and_then(|schemas| schemas.with_crd(&definition(&version("v2"))))
        .expect("lawful");
    let versions = schemas
        .versions("ml.example.com", "Training")
        .map(Kind::version);
    assert_eq!(versions.collect::<Vec<_>>(), ["v2"]);
}

#[test]
fn a_fault_is_named_with_its_place() {
    let broken = |path: &str, value: Value| {
        let mut definition = lawful();
        *definition.pointer_mut(path).expect("there") = value;
        Schemas::builtin()
            .with_crd(&definition)
            .expect_err("broken")
            .to_string()
    };
    let cases = [
        (
            broken("/kind", json!("Deployment")),
            "this is apiextensions.k8s.io/v1 Deployment",
        ),
        (
            broken("/apiVersion", json!("apiextensions.k8s.io/v1beta1")),
            "this is apiextensions.k8s.io/v1beta1",
        ),
        (broken("/spec/group", json!(3)), "/spec/group must be"),
        (
            broken("/spec/names/plural", json!("")),
            "/spec/names/plural must be",
        ),
        (
            broken("/spec/scope", json!("Galaxy")),
            "/spec/scope must be Namespaced or Cluster",
        ),
        (
            broken("/spec/versions", json!([])),
            "serves no version of Training",
        ),
    ];
    for (fault, expected) in cases {
        assert!(fault.contains(expected), "{fault}");
    }
    let mut builtin = lawful();
    builtin["spec"]["group"] = json!("apps");
    builtin["spec"]["names"]["kind"] = json!("Deployment");
    let fault = Schemas::builtin().with_crd(&builtin).expect_err("built in");
    assert!(matches!(fault, CrdError::Builtin { .. }));
}

#[test]
fn depth_is_bounded() {
    let nested = |levels: usize| {
        (0..levels).fold(
            json!({"type": "string"}),
            |inner, _| json!({"type": "array", "items": inner}),
        )
    };
    let with = |schema: Value| {
        let versions =
            json!([{"name": "v1", "served": true, "schema": {"openAPIV3Schema": schema}}]);
        Schemas::builtin().with_crd(&definition(&versions))
    };
    assert!(with(nested(60)).is_ok());
    assert_eq!(with(nested(300)).err(), Some(CrdError::TooDeep));
}

/// Any JSON, mostly made of the words that schemas use.
fn any_schema() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "type",
        "object",
        "array",
        "string",
        "integer",
        "int32",
        "properties",
        "items",
        "required",
        "additionalProperties",
        "enum",
        "default",
        "format",
        "$ref",
        "allOf",
        "nullable",
        "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
        "metadata",
        "x-kubernetes-list-type",
        "map",
        "x-kubernetes-list-map-keys",
        "x-kubernetes-map-type",
        "x-kubernetes-preserve-unknown-fields",
        "x-kubernetes-embedded-resource",
        "a/b~c",
        "",
        "x-kubernetes-int-or-string",
        "x-kubernetes-validations",
        "pattern",
        "spec",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        let key = word.clone().prop_map(str::to_owned);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #[test]
    fn no_definition_makes_the_look_ups_panic(
        schema in any_schema(),
        versions in any_schema(),
        object in any_schema(),
        path in "(/(spec|metadata|items|0|-|a~1b|[a-z]{0,3})){0,5}",
    ) {
        // As a whole, as the versions, and as a schema.
        let _ = Schemas::builtin().with_crd(&schema);
        let _ = Schemas::builtin().with_crd(&definition(&versions));
        let version = json!([{"name": "v1", "served": true, "schema": {"openAPIV3Schema": schema}}]);
        let schemas = Schemas::builtin().with_crd(&definition(&version)).expect("names are lawful");
        let kind = schemas.preferred("ml.example.com", "Training").expect("it was given");
        let root = kind.root();
        prop_assert_eq!(root.at("/metadata/name").map(Type::shape), Some(Shape::String));
        let _ = (root.at(&path), kind.unchecked().len(), kind.columns().len());
        let mut object = json!({
            "apiVersion": "ml.example.com/v1", "kind": "Training", "spec": object, "items": object,
        });
        prop_assert!(apply_defaults(&schemas, &mut object));
        let first = object.clone();
        prop_assert!(apply_defaults(&schemas, &mut object));
        prop_assert_eq!(first, object, "filling in twice changes nothing");
    }

    #[test]
    fn a_given_value_is_never_changed(image in "[a-z:@/0-9.]{0,20}", replicas in any::<i32>()) {
        let mut object = json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "spec": {"replicas": replicas, "template": {"spec": {"containers": [{"image": image}]}}},
        });
        prop_assert!(apply_defaults(&Schemas::builtin(), &mut object));
        prop_assert_eq!(&object["spec"]["replicas"], &json!(replicas));
        let container = &object["spec"]["template"]["spec"]["containers"][0];
        prop_assert_eq!(&container["image"], &json!(image));
        prop_assert!(container.get("name").is_none(), "what is missing stays missing");
    }
}
