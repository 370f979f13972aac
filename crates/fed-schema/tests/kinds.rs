//! What do the look-ups say of the built-in kinds?

use fed_schema::{ListType, Origin, Schemas, Scope, Shape, Type};
use serde_json::json;

#[test]
fn every_kind_of_discovery_has_a_type() {
    let schemas = Schemas::builtin();
    assert_eq!(schemas.kinds().count(), 68);
    for kind in schemas.kinds() {
        let root = kind.root();
        assert_eq!(root.shape(), Shape::Object, "{kind}");
        assert!(root.definition().is_some(), "{kind} has no definition");
        assert!(root.field("metadata").is_some(), "{kind}");
        assert!(kind.verbs().len() > 0 && !kind.plural().is_empty() && !kind.singular().is_empty());
        let listed = kind.verbs().any(|verb| verb == "list");
        assert_eq!(listed, !kind.columns().is_empty(), "{kind}");
        let again = schemas
            .kind(kind.group(), kind.version(), kind.kind())
            .expect("itself");
        assert_eq!(again.plural(), kind.plural());
        let named = schemas
            .resource(kind.group(), kind.plural())
            .expect("its resource");
        assert_eq!(named.kind(), kind.kind());
    }
}

#[test]
fn names_are_those_of_discovery() {
    let schemas = Schemas::builtin();
    let deployment = schemas.kind_of("apps/v1", "Deployment").expect("built in");
    assert_eq!(deployment.to_string(), "apps/v1 Deployment");
    assert_eq!(
        (deployment.plural(), deployment.singular()),
        ("deployments", "deployment")
    );
    assert_eq!(deployment.short_names().collect::<Vec<_>>(), ["deploy"]);
    assert_eq!(deployment.categories().collect::<Vec<_>>(), ["all"]);
    assert_eq!(deployment.scope(), Scope::Namespaced);
    assert_eq!(deployment.origin(), Origin::Builtin);
    let subresources = deployment
        .subresources()
        .iter()
        .map(|found| found.name.as_str());
    assert_eq!(subresources.collect::<Vec<_>>(), ["scale", "status"]);
    let scale = deployment.subresource("scale").expect("scale");
    assert_eq!(
        scale.answers,
        ("autoscaling".into(), "v1".into(), "Scale".into())
    );
    let columns = deployment
        .columns()
        .iter()
        .map(|column| column.name.as_str());
    assert_eq!(
        columns.take(3).collect::<Vec<_>>(),
        ["Name", "Ready", "Up-to-date"]
    );

    let versions = schemas.versions("autoscaling", "HorizontalPodAutoscaler");
    assert_eq!(
        versions.map(fed_schema::Kind::version).collect::<Vec<_>>(),
        ["v2", "v1"]
    );
    let preferred = schemas.resource("autoscaling", "horizontalpodautoscalers");
    assert_eq!(preferred.map(fed_schema::Kind::version), Some("v2"));

    let events: Vec<String> = schemas.named("ev").map(|kind| kind.to_string()).collect();
    assert_eq!(events, ["v1 Event", "events.k8s.io/v1 Event"]);
    let eviction = schemas
        .kind_of("v1", "Pod")
        .and_then(|pod| pod.subresource("eviction"));
    assert_eq!(
        eviction.map(|found| found.answers.2.as_str()),
        Some("Eviction")
    );

    for (api_version, kind) in [
        ("extensions/v1beta1", "Deployment"),
        ("v1", "Deployment"),
        ("", ""),
    ] {
        assert!(
            schemas.kind_of(api_version, kind).is_none(),
            "{api_version} {kind}"
        );
    }
    assert_eq!(
        schemas
            .kind_of("v1", "Namespace")
            .map(fed_schema::Kind::scope),
        Some(Scope::Cluster)
    );
}

#[test]
fn the_kinds_with_replicas_are_known() {
    let schemas = Schemas::builtin();
    let mut with_replicas: Vec<&str> = Vec::new();
    for kind in schemas.kinds() {
        assert_eq!(
            kind.replicas_path().is_some(),
            kind.has_int32_replicas(),
            "{kind}"
        );
        with_replicas.extend(kind.replicas_path().map(|_| kind.kind()));
    }
    assert_eq!(
        with_replicas,
        [
            "ReplicationController",
            "Deployment",
            "ReplicaSet",
            "StatefulSet"
        ]
    );
}

// A table: one line a case.
#[rustfmt::skip]
const SHAPES: &[(&str, &str, &str, Shape)] = &[
    ("apps/v1", "Deployment", "", Shape::Object),
    ("apps/v1", "Deployment", "/spec/replicas", Shape::Int32),
    ("apps/v1", "Deployment", "/spec/strategy/rollingUpdate/maxSurge", Shape::IntOrString),
    ("apps/v1", "Deployment", "/spec/selector/matchLabels", Shape::Map),
    ("apps/v1", "Deployment", "/spec/selector/matchLabels/any~1key", Shape::String),
    ("apps/v1", "Deployment", "/spec/template/spec/containers", Shape::List),
    ("apps/v1", "Deployment", "/spec/template/spec/containers/-/tty", Shape::Boolean),
    ("apps/v1", "Deployment", "/spec/template/spec/containers/3/resources/limits/cpu", Shape::Quantity),
    ("apps/v1", "Deployment", "/metadata/creationTimestamp", Shape::DateTime),
    ("apps/v1", "Deployment", "/metadata/managedFields/0/fieldsV1", Shape::AnyObject),
    ("apps/v1", "Deployment", "/metadata/managedFields/0/fieldsV1/f:spec/x", Shape::Any),
    ("v1", "Secret", "/data/key", Shape::Bytes),
    ("v1", "Secret", "/stringData/key", Shape::String),
    ("v1", "Service", "/spec/ports/0/targetPort", Shape::IntOrString),
    ("v1", "PersistentVolumeClaim", "/spec/resources/requests/storage", Shape::Quantity),
    ("batch/v1", "CronJob", "/spec/jobTemplate/spec/template/spec/nodeName", Shape::String),
    ("batch/v1", "Job", "/spec/activeDeadlineSeconds", Shape::Int64),
    ("apps/v1", "ControllerRevision", "/data/anything/at/all", Shape::Any),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition", "/spec/versions/0/schema/openAPIV3Schema/properties/a/maximum", Shape::Number),
];

#[test]
fn types_are_found_at_their_paths() {
    let schemas = Schemas::builtin();
    for (api_version, kind, path, shape) in SHAPES {
        let kind = schemas.kind_of(api_version, kind).expect("built in");
        assert_eq!(
            kind.root().at(path).map(Type::shape),
            Some(*shape),
            "{kind} {path}"
        );
    }
    let unknown = [
        "/spec/replica",
        "/spec/replicas/0",
        "/spec/template/spec/containers/web",
        "/spec/containers",
        "spec",
    ];
    let deployment = schemas.kind_of("apps/v1", "Deployment").expect("built in");
    for path in unknown {
        assert!(deployment.root().at(path).is_none(), "{path}");
    }
}

struct Merged {
    kind: (&'static str, &'static str),
    path: &'static str,
    list_type: ListType,
    keys: &'static str,
    merge_key: Option<&'static str>,
}

// A table: one line a case.
#[rustfmt::skip]
const LISTS: &[Merged] = &[
    Merged { kind: ("apps/v1", "Deployment"), path: "/spec/template/spec/containers", list_type: ListType::Map, keys: "name", merge_key: Some("name") },
    Merged { kind: ("v1", "Pod"), path: "/spec/containers/0/ports", list_type: ListType::Map, keys: "containerPort protocol", merge_key: Some("containerPort") },
    Merged { kind: ("v1", "Pod"), path: "/spec/containers/0/args", list_type: ListType::Atomic, keys: "", merge_key: None },
    Merged { kind: ("v1", "Pod"), path: "/spec/tolerations", list_type: ListType::Atomic, keys: "", merge_key: None },
    Merged { kind: ("v1", "Service"), path: "/spec/ports", list_type: ListType::Map, keys: "port protocol", merge_key: Some("port") },
    Merged { kind: ("v1", "Secret"), path: "/metadata/finalizers", list_type: ListType::Set, keys: "", merge_key: None },
    Merged { kind: ("v1", "Secret"), path: "/metadata/ownerReferences", list_type: ListType::Map, keys: "uid", merge_key: Some("uid") },
];

#[test]
fn lists_say_how_they_are_merged() {
    let schemas = Schemas::builtin();
    for case in LISTS {
        let (api_version, kind) = case.kind;
        let root = schemas.kind_of(api_version, kind).expect("built in").root();
        let list = root.at(case.path).expect("a list");
        assert_eq!(list.list_type(), Some(case.list_type), "{}", case.path);
        assert_eq!(list.map_keys().join(" "), case.keys, "{}", case.path);
        assert_eq!(list.merge_key(), case.merge_key, "{}", case.path);
    }
}

#[test]
fn objects_say_how_they_are_merged() {
    let schemas = Schemas::builtin();
    let deployment = schemas
        .kind_of("apps/v1", "Deployment")
        .expect("built in")
        .root();
    let strategy = |path: &str| deployment.at(path).expect("known").patch_strategy();
    assert!(strategy("/spec/strategy").retain_keys && !strategy("/spec/strategy").merge);
    let volumes = strategy("/spec/template/spec/volumes");
    assert!(volumes.retain_keys && volumes.merge && !volumes.replace);
    assert!(strategy("/metadata/finalizers").merge);
    assert!(deployment.at("/spec/selector").is_some_and(Type::is_atomic));
    assert!(!deployment.at("/spec").is_some_and(Type::is_atomic));
}

#[test]
fn fields_say_what_is_required_allowed_and_declared() {
    let schemas = Schemas::builtin();
    let deployment = schemas
        .kind_of("apps/v1", "Deployment")
        .expect("built in")
        .root();
    let at = |path: &str| deployment.at(path).expect("known");
    assert_eq!(
        at("/spec").required().collect::<Vec<_>>(),
        ["selector", "template"]
    );
    assert!(at("/spec/template/spec").requires("containers"));
    let container = at("/spec/template/spec/containers/0");
    assert!(container.requires("name") && !container.requires("image"));
    assert_eq!(container.definition(), Some("io.k8s.api.core.v1.Container"));
    let policy = container.field("imagePullPolicy").expect("known");
    assert_eq!(
        policy.allowed(),
        [json!("Always"), json!("IfNotPresent"), json!("Never")]
    );
    let protocol = container.at("/ports/0/protocol").expect("known");
    assert_eq!(protocol.default(), Some(&json!("TCP")));
    assert_eq!(at("/spec/replicas").format(), Some("int32"));
    let names: Vec<&str> = at("/spec").fields().map(|(name, _)| name).collect();
    assert!(names.is_sorted() && names.contains(&"progressDeadlineSeconds"));
    let immutable = schemas
        .kind_of("apps/v1", "Deployment")
        .expect("built in")
        .immutable();
    assert!(
        immutable
            .map(|field| field.path)
            .any(|path| path == "/spec/selector")
    );
}

#[test]
fn a_schema_that_refers_to_itself_can_be_printed() {
    let schemas = Schemas::builtin();
    let crd = schemas
        .preferred("apiextensions.k8s.io", "CustomResourceDefinition")
        .expect("built in");
    let schema = crd
        .root()
        .at("/spec/versions/0/schema/openAPIV3Schema")
        .expect("known");
    assert!(format!("{schema:?}").contains("JSONSchemaProps"));
    assert!(format!("{schemas:?}").contains("apps/v1 Deployment"));
}
