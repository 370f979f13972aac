//! Can the native types stand in anybody's CRD? Kubernetes takes structural schemas only; the
//! rules are written out here, and held against schemas that break them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "clippy allows these in test functions, but not in what they share"
)]

mod crds;
mod rules;

use std::collections::{BTreeMap, BTreeSet};

use fed_core::customize::{
    EnvOverride, EnvVar, FieldFormat, FieldOverride, ImageOverride, ImageParts, KeysOverride,
    WordsOverride,
};
use fed_core::dialect::native::{Propagation, PropagationSpec};
use fed_core::schema::structural_schema;
use fed_core::status::native::{self as own, Status};
use fed_core::status::{ClusterState, HealthState, Operation, Outcome, Replicas, Round};
use fed_core::{Cluster, GroupVersionKind, LabelSelector, ObjectId, Override, Placement};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;
use serde_json::{Value, json};

use rules::{faults, fits};

/// What somebody's own kind may look like: all native types, in every way they can be held.
#[derive(JsonSchema, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "only its schema is wanted")]
struct WebsiteSpec {
    placement: Placement,
    #[serde(default)]
    fallback: Option<Placement>,
    #[serde(default)]
    selector: Option<LabelSelector>,
    #[serde(default)]
    overrides: Vec<Override>,
    more_overrides: Option<Vec<Override>>,
    by_team: BTreeMap<String, PropagationSpec>,
    cluster: Option<Cluster>,
    told: Option<Status>,
}

/// What an embedder's own fields may add, of which schemars alone makes no structural schema.
#[derive(JsonSchema, Deserialize)]
#[allow(dead_code, reason = "only its schema is wanted")]
struct Difficult {
    mode: Mode,
    maybe: Option<Mode>,
    tags: BTreeSet<String>,
    port: Option<Port>,
    count: Option<u32>,
}

/// An enum whose variants have descriptions.
#[derive(JsonSchema, Deserialize)]
#[allow(dead_code, reason = "only its schema is wanted")]
enum Mode {
    /// Quickly.
    Fast,
    /// Slowly.
    Slow,
}

/// A value of one of two types, as Kubernetes has them.
#[derive(Deserialize)]
struct Port;

impl JsonSchema for Port {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Port".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"x-kubernetes-int-or-string": true})
    }
}

/// A status with something in every field.
fn told() -> Status {
    let object = ObjectId::new(
        GroupVersionKind::new("", "v1", "Pod"),
        Some("shop"),
        "rating",
    );
    let refused = Outcome::failed(Operation::Create, "no room");
    let state = ClusterState::new(refused).health(HealthState::Degraded, "");
    let state = state.replicas(Replicas::new(2, 1));
    let names = (0..=own::MOST_CLUSTERS).map(|number| format!("cluster-{number}"));
    let clusters = names.map(|name| (name.into(), state.clone())).collect();
    let aggregated = json!({"replicas": 2});
    let round = Round::new(&object, 1, &clusters, jiff::Timestamp::UNIX_EPOCH);
    let round = round.aggregated(aggregated.as_object().unwrap());
    own::status(None, &round).unwrap()
}

#[test]
fn native_types_have_structural_schemas() {
    for (name, schema) in [
        ("Placement", structural_schema::<Placement>()),
        ("LabelSelector", structural_schema::<LabelSelector>()),
        ("list of Override", structural_schema::<Vec<Override>>()),
        ("PropagationSpec", structural_schema::<PropagationSpec>()),
        ("Propagation", structural_schema::<Propagation>()),
        ("Cluster", structural_schema::<Cluster>()),
        ("Status", structural_schema::<Status>()),
        (
            "a kind with all of them",
            structural_schema::<WebsiteSpec>(),
        ),
        ("a kind with other types", structural_schema::<Difficult>()),
    ] {
        assert_eq!(faults(&schema), Vec::<String>::new(), "{name}: {schema:#}");
        assert!(
            !schema.to_string().contains("\"title\""),
            "{name}: {schema:#}"
        );
    }
}

/// kube's derive makes schemas with these settings, and then changes enums whose variants hold
/// values, which are none of ours.
#[test]
fn native_types_have_structural_schemas_by_the_settings_of_kube() {
    let mut settings = SchemaSettings::openapi3();
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    let schema = settings
        .into_generator()
        .into_root_schema_for::<WebsiteSpec>()
        .to_value();
    assert_eq!(faults(&schema), Vec::<String>::new(), "{schema:#}");
    for junctor in ["oneOf", "anyOf", "allOf"] {
        assert!(!schema.to_string().contains(junctor), "{schema:#}");
    }
}

#[test]
fn a_schema_keeps_what_is_optional_required_and_allowed() {
    let placement = structural_schema::<Placement>();
    let at = |pointer: &str| placement.pointer(pointer).cloned().unwrap_or_default();
    assert_eq!(at("/properties/clusters/nullable"), json!(true));
    assert_eq!(at("/properties/clusters/items/minLength"), json!(1));
    assert_eq!(at("/properties/clusterSelector/nullable"), json!(true));
    let operator =
        "/properties/clusterSelector/properties/matchExpressions/items/properties/operator";
    assert_eq!(
        at(operator)["enum"],
        json!(["In", "NotIn", "Exists", "DoesNotExist"])
    );

    let difficult = structural_schema::<Difficult>();
    let property = |name: &str| difficult["properties"][name].clone();
    assert_eq!(property("mode")["enum"], json!(["Fast", "Slow"]));
    assert_eq!(property("maybe")["enum"], json!(["Fast", "Slow"]));
    assert_eq!(property("maybe")["nullable"], json!(true));
    assert_eq!(property("mode").get("nullable"), None);
    assert_eq!(
        property("port"),
        json!({"x-kubernetes-int-or-string": true, "nullable": true})
    );
    assert_eq!(difficult["required"], json!(["mode", "tags"]));
}

#[test]
fn every_value_of_a_native_type_fits_its_schema() {
    let fits_schema = |value: Value, schema: Value| {
        let mut found = Vec::new();
        fits(&value, schema.as_object().unwrap(), "", &mut found);
        assert_eq!(found, Vec::<String>::new(), "{value}");
    };
    let selector = LabelSelector::labels([("env", "prod")]);
    for placement in [
        Placement::nowhere(),
        Placement::everywhere(),
        Placement::selector(selector),
    ] {
        fits_schema(
            serde_json::to_value(placement).unwrap(),
            structural_schema::<Placement>(),
        );
    }
    let mut change = Override::absence()
        .in_clusters(["a"])
        .where_labels(LabelSelector::labels([("env", "prod")]))
        .except(["b"]);
    change.image = vec![ImageOverride::set(ImageParts::registry("a.b")).in_containers(["web"])];
    change.args = vec![WordsOverride::of("web").remove(["-v"]).append(["-q"])];
    change.env = vec![EnvOverride::set([EnvVar::new("A", "1")])];
    change.labels = KeysOverride::set([("a", "b")]).remove(["c"]);
    change.fields = vec![FieldOverride::new("/data/a", FieldFormat::Yaml, [])];
    fits_schema(
        serde_json::to_value(change).unwrap(),
        structural_schema::<Override>(),
    );
    for readiness in ["Ready", "NotReady", "Unknown"] {
        let cluster = json!({"name": "a", "labels": {}, "readiness": readiness});
        let read: Cluster = serde_json::from_value(cluster.clone()).unwrap();
        assert_eq!(format!("{:?}", read.readiness()), readiness);
        fits_schema(cluster, structural_schema::<Cluster>());
    }
    fits_schema(
        serde_json::to_value(told()).unwrap(),
        structural_schema::<Status>(),
    );
}
