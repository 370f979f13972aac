//! What is filled in for namespaces, secrets, access rules, priorities, and the kinds that extend
//! the API?

use serde_json::{Value, json};

use super::Filling::{Change, Empty, Json, Null, Number, Perhaps, Text};
use super::{Object, Rule, Stage, requests, text};

// A table: one line a rule.
#[rustfmt::skip]
pub(super) static RULES: &[Rule] = &[
    Rule::new("api.core.v1.Namespace", "/metadata/labels", Change(name_label)),
    Rule::new("api.core.v1.Namespace", "/spec/finalizers", Json(r#"["kubernetes"]"#)).at(Stage::Creation),
    Rule::new("api.core.v1.Namespace", "/status/phase", Text("Active")),
    Rule::new("api.core.v1.Secret", "/type", Text("Opaque")),
    Rule::new("api.core.v1.LimitRangeItem", "/default", Change(requests::of_limit_range)),
    Rule::new("api.core.v1.Event", "/eventTime", Null),
    Rule::new("api.core.v1.Event", "/firstTimestamp", Null),
    Rule::new("api.core.v1.Event", "/lastTimestamp", Null),
    Rule::new("api.events.v1.Event", "/deprecatedFirstTimestamp", Null),
    Rule::new("api.events.v1.Event", "/deprecatedLastTimestamp", Null),
    Rule::new("api.rbac.v1.ClusterRole", "/rules", Null),
    Rule::new("api.rbac.v1.Role", "/rules", Null),
    Rule::new("api.rbac.v1.RoleRef", "/apiGroup", Text("rbac.authorization.k8s.io")),
    Rule::new("api.rbac.v1.Subject", "/apiGroup", Perhaps(subject_group)),
    Rule::new("api.scheduling.v1.PriorityClass", "/preemptionPolicy", Text("PreemptLowerPriority")),
    Rule::new("api.flowcontrol.v1.FlowSchemaSpec", "/matchingPrecedence", Number(1000)),
    Rule::new(EXEMPT, "/lendablePercent", Number(0)).known(),
    Rule::new(EXEMPT, "/nominalConcurrencyShares", Number(0)).known(),
    Rule::new(LIMITED, "/lendablePercent", Number(0)),
    Rule::new(LIMITED, "/nominalConcurrencyShares", Number(30)),
    Rule::new("api.flowcontrol.v1.QueuingConfiguration", "/queues", Number(64)),
    Rule::new("api.flowcontrol.v1.QueuingConfiguration", "/handSize", Number(8)),
    Rule::new("api.flowcontrol.v1.QueuingConfiguration", "/queueLengthLimit", Number(50)),
    Rule::new("api.resource.v1.DeviceClaim", "/requests", Null),
    Rule::new("api.resource.v1.ExactDeviceRequest", "/allocationMode", Text("ExactCount")),
    Rule::new("api.resource.v1.ExactDeviceRequest", "/count", Perhaps(device_count)),
    Rule::new("api.resource.v1.DeviceSubRequest", "/allocationMode", Text("ExactCount")),
    Rule::new("api.resource.v1.DeviceSubRequest", "/count", Perhaps(device_count)),
    Rule::new("api.admissionregistration.v1.MutatingWebhook", "/failurePolicy", Text("Fail")),
    Rule::new("api.admissionregistration.v1.MutatingWebhook", "/matchPolicy", Text("Equivalent")),
    Rule::new("api.admissionregistration.v1.MutatingWebhook", "/namespaceSelector", Empty),
    Rule::new("api.admissionregistration.v1.MutatingWebhook", "/objectSelector", Empty),
    Rule::new("api.admissionregistration.v1.MutatingWebhook", "/reinvocationPolicy", Text("Never")),
    Rule::new("api.admissionregistration.v1.MutatingWebhook", "/timeoutSeconds", Number(10)),
    Rule::new("api.admissionregistration.v1.ValidatingWebhook", "/failurePolicy", Text("Fail")),
    Rule::new("api.admissionregistration.v1.ValidatingWebhook", "/matchPolicy", Text("Equivalent")),
    Rule::new("api.admissionregistration.v1.ValidatingWebhook", "/namespaceSelector", Empty),
    Rule::new("api.admissionregistration.v1.ValidatingWebhook", "/objectSelector", Empty),
    Rule::new("api.admissionregistration.v1.ValidatingWebhook", "/timeoutSeconds", Number(10)),
    Rule::new("api.admissionregistration.v1.RuleWithOperations", "/scope", Text("*")),
    Rule::new("api.admissionregistration.v1.NamedRuleWithOperations", "/scope", Text("*")),
    Rule::new("api.admissionregistration.v1.MatchResources", "/matchPolicy", Text("Equivalent")),
    Rule::new("api.admissionregistration.v1.MatchResources", "/namespaceSelector", Empty),
    Rule::new("api.admissionregistration.v1.MatchResources", "/objectSelector", Empty),
    Rule::new("api.admissionregistration.v1.MutatingAdmissionPolicySpec", "/failurePolicy", Text("Fail")),
    Rule::new("api.admissionregistration.v1.ValidatingAdmissionPolicySpec", "/failurePolicy", Text("Fail")),
    Rule::new("api.admissionregistration.v1.ServiceReference", "/port", Number(443)),
    Rule::new("kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference", "/port", Number(443)),
    Rule::new(CRD_SPEC, "/conversion", Json(r#"{"strategy": "None"}"#)),
    Rule::new(CRD_SPEC, "/names/singular", Perhaps(singular)),
    Rule::new(CRD_SPEC, "/names/listKind", Perhaps(list_kind)),
    Rule::new(CRD_STATUS, "/conditions", Null),
    Rule::new(CRD, "/status/storedVersions", Perhaps(stored_versions)).at(Stage::Creation),
    Rule::new("apiextensions-apiserver.pkg.apis.apiextensions.v1.ServiceReference", "/port", Number(443)),
];

const CRD: &str = "apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition";
const CRD_SPEC: &str =
    "apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec";
const CRD_STATUS: &str =
    "apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus";
const EXEMPT: &str = "api.flowcontrol.v1.ExemptPriorityLevelConfiguration";
const LIMITED: &str = "api.flowcontrol.v1.LimitedPriorityLevelConfiguration";

/// Every namespace has its name as a label, whatever it says itself.
fn name_label(namespace: &mut Object) {
    let Some(metadata) = namespace.get_mut("metadata").and_then(Value::as_object_mut) else {
        return;
    };
    let Some(name) = text(metadata, "name").filter(|name| !name.is_empty()) else {
        return;
    };
    let name = Value::from(name);
    let labels = metadata.entry("labels").or_insert_with(|| json!({}));
    if labels.is_null() {
        *labels = json!({});
    }
    if let Some(labels) = labels.as_object_mut() {
        labels.insert("kubernetes.io/metadata.name".to_owned(), name);
    }
}

/// Users and groups belong to a group of the API, service accounts to the core group.
fn subject_group(subject: &Object) -> Option<Value> {
    let named = matches!(text(subject, "kind"), Some("User" | "Group"));
    named.then(|| "rbac.authorization.k8s.io".into())
}

fn device_count(request: &Object) -> Option<Value> {
    (text(request, "allocationMode") == Some("ExactCount")).then(|| 1.into())
}

fn crd_kind(spec: &Object) -> Option<&str> {
    spec.get("names")?.get("kind")?.as_str()
}

fn singular(spec: &Object) -> Option<Value> {
    Some(crd_kind(spec)?.to_lowercase().into())
}

fn list_kind(spec: &Object) -> Option<Value> {
    Some(format!("{}List", crd_kind(spec)?).into())
}

fn stored_versions(definition: &Object) -> Option<Value> {
    let versions = definition.get("spec")?.get("versions")?.as_array()?;
    let stored = versions
        .iter()
        .filter(|version| version.get("storage") == Some(&Value::Bool(true)));
    Some(
        stored
            .filter_map(|version| version.get("name").cloned())
            .collect(),
    )
}
