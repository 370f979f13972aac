//! Do webhooks, admission policies and definitions of kinds say all that a server needs?

use serde_json::Value;

use super::Row;
use super::spot::Spot;
use crate::check::violation::Rule;

pub(super) const RULES: &[Row] = &[
    ("api.admissionregistration.v1.MutatingWebhook", webhook),
    ("api.admissionregistration.v1.ParamRef", parameters),
    (
        "api.admissionregistration.v1.ValidatingAdmissionPolicySpec",
        policy,
    ),
    ("api.admissionregistration.v1.ValidatingWebhook", webhook),
    ("api.admissionregistration.v1.WebhookClientConfig", client),
    (
        "apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition",
        definition,
    ),
    (
        "apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps",
        schema,
    ),
    (
        "kube-aggregator.pkg.apis.apiregistration.v1.APIService",
        service,
    ),
];

fn client(spot: &mut Spot<'_>) {
    spot.exactly_one(&["service", "url"]);
    let url = spot.text("url");
    if !url.is_empty() && !url.starts_with("https://") {
        spot.say("url", Rule::Value, "must begin with https://");
    }
}

fn webhook(spot: &mut Spot<'_>) {
    let name = spot.text("name");
    if !name.is_empty() && (name.matches('.').count() < 2 || !super::forms::is_subdomain(name)) {
        let message = "must be a domain of at least three parts, such as check.example.com";
        spot.say("name", Rule::Name, message);
    }
    if matches!(spot.text("sideEffects"), "Some" | "Unknown") {
        spot.say("sideEffects", Rule::Value, "must be None or NoneOnDryRun");
    }
    let versions = spot.list("admissionReviewVersions");
    let is_known = |version: &Value| matches!(version.as_str(), Some("v1" | "v1beta1"));
    if !versions.is_empty() && !versions.iter().any(is_known) {
        spot.say(
            "admissionReviewVersions",
            Rule::Value,
            "must hold v1 or v1beta1",
        );
    }
}

fn parameters(spot: &mut Spot<'_>) {
    let has_name = !spot.text("name").is_empty();
    match (has_name, spot.has("selector")) {
        (true, true) => spot.refuse("selector", "cannot stand beside name: keep one of them"),
        (false, false) => spot.refuse("", "must have a name or a selector"),
        _ => {}
    }
}

fn policy(spot: &mut Spot<'_>) {
    if spot.list("validations").is_empty() && spot.list("auditAnnotations").is_empty() {
        spot.refuse(
            "validations",
            "must not be empty unless there are auditAnnotations",
        );
    }
    let rules = spot
        .object("matchConstraints")
        .map(|matches| super::spot::list(matches, "resourceRules"));
    if rules.is_some_and(<[Value]>::is_empty) {
        spot.refuse(
            "matchConstraints/resourceRules",
            "must not be empty: what the policy is about",
        );
    }
}

/// The name of a definition is made of its plural and group.
fn definition(spot: &mut Spot<'_>) {
    let part = |pointer: &str| {
        let spec = spot.fields.get("spec")?;
        spec.pointer(pointer)?.as_str()
    };
    let (Some(plural), Some(group)) = (part("/names/plural"), part("/group")) else {
        return;
    };
    named(spot, &format!("{plural}.{group}"));
    let versions = spot
        .object("spec")
        .map_or(&[][..], |spec| super::spot::list(spec, "versions"));
    let stored = versions
        .iter()
        .filter(|version| version.get("storage") == Some(&Value::Bool(true)));
    if !versions.is_empty() && stored.count() != 1 {
        spot.refuse("spec/versions", "must have exactly one that is stored");
    }
}

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Where schemas say more of values that have been given a type already.
const JUNCTORS: [&str; 4] = ["/allOf/", "/anyOf/", "/oneOf/", "/not/"];

fn schema(spot: &mut Spot<'_>) {
    let below = format!("{}/", spot.path);
    if JUNCTORS.iter().any(|junctor| below.contains(junctor)) {
        return;
    }
    let flag = |name: &str| spot.get(name) == Some(&Value::Bool(true));
    let any = flag("x-kubernetes-int-or-string") || flag("x-kubernetes-preserve-unknown-fields");
    match spot.text("type") {
        "" if !any && !spot.has("$ref") => {
            spot.refuse(
                "type",
                format!("must be there: one of {}", TYPES.join(", ")),
            );
        }
        "array" if spot.object("items").is_none() => {
            spot.refuse("items", "must be there as one schema, as type is array");
        }
        kind if !kind.is_empty() && !TYPES.contains(&kind) => {
            spot.say(
                "type",
                Rule::Value,
                format!("must be one of: {}", TYPES.join(", ")),
            );
        }
        _ => {}
    }
    default(spot);
}

fn default(spot: &mut Spot<'_>) {
    let Some(default) = spot.get("default") else {
        return;
    };
    let fits = match spot.text("type") {
        "array" => default.is_array(),
        "boolean" => default.is_boolean(),
        "integer" => default.is_i64(),
        "number" => default.is_number(),
        "object" => default.is_object(),
        "string" => default.is_string(),
        _ => true,
    };
    let allowed = spot.list("enum");
    if !fits {
        spot.say(
            "default",
            Rule::Value,
            "must be of the type that it is the default of",
        );
    } else if !allowed.is_empty() && !allowed.contains(default) {
        spot.say("default", Rule::Value, "must be one of the values in enum");
    } else if let (Some(text), Some(most)) = (default.as_str(), spot.number("maxLength"))
        && i64::try_from(text.chars().count()).is_ok_and(|length| length > most)
    {
        spot.say("default", Rule::Value, "must be no longer than maxLength");
    }
}

fn service(spot: &mut Spot<'_>) {
    let spec = spot.object("spec");
    if spec.is_some_and(|spec| {
        !spec.contains_key("service")
            && spec.get("insecureSkipTLSVerify") == Some(&Value::Bool(true))
    }) {
        spot.refuse(
            "spec/insecureSkipTLSVerify",
            "must not be there without service",
        );
    }
    let part = |field: &str| spot.fields.get("spec")?.get(field)?.as_str();
    let name = format!(
        "{}.{}",
        part("version").unwrap_or_default(),
        part("group").unwrap_or_default()
    );
    named(spot, &name);
}

fn named(spot: &mut Spot<'_>, wanted: &str) {
    let name = spot
        .object("metadata")
        .map_or("", |metadata| super::spot::text(metadata, "name"));
    if !name.is_empty() && name != wanted {
        spot.say("metadata/name", Rule::Name, format!("must be {wanted}"));
    }
}
