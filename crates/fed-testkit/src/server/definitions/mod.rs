//! Would a server take this CustomResourceDefinition? Its names, its versions, and what they show of
//! objects; their schemas are looked at apart.

mod schema;
pub(super) mod status;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::status::{FieldFault, Sort};
use super::write::text;

const LABEL: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const APPROVED: &str = "api-approved.kubernetes.io";

/// What is wrong with a definition, new or changed.
pub(super) fn faults(definition: &Value, is_new: bool) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    if is_new {
        of_identity(definition, &mut faults);
    }
    of_names(definition, &mut faults);
    of_versions(definition, &mut faults);
    of_conversion(definition, &mut faults);
    if definition.pointer("/spec/preserveUnknownFields") == Some(&Value::Bool(true)) {
        let message = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead";
        let fault = FieldFault::new("spec.preserveUnknownFields", Sort::Invalid, message);
        faults.push(fault.of(json!(true)));
    }
    let versions = versions(definition);
    let spec = |_: usize| "spec".to_owned();
    let own = |place: usize| format!("spec.versions[{place}]");
    for (place, version) in versions.iter().enumerate() {
        // What all versions have alike is told once, and of none of them.
        let once = |field: &str| {
            let is_same = |other: &&Value| other.get(field) == version.get(field);
            versions.iter().all(|other| is_same(&other))
        };
        let at = |field: &str| match (once(field), place) {
            (true, 0) => Some(spec(place)),
            (true, _) => None,
            (false, _) => Some(own(place)),
        };
        if let Some(at) = at("subresources") {
            of_scale(version, &at, &mut faults);
        }
        if let Some(at) = at("additionalPrinterColumns") {
            of_columns(version, &at, &mut faults);
        }
        let Some(schema) = version.pointer("/schema/openAPIV3Schema") else {
            continue;
        };
        let at = at("schema").map(|at| match at.as_str() {
            "spec" => "spec.validation.openAPIV3Schema".to_owned(),
            at => format!("{at}.schema.openAPIV3Schema"),
        });
        if let Some(at) = at {
            schema::check(schema, &at, &mut faults);
        }
    }
    faults
}

/// Is a field that cannot be changed one that cannot be changed now? What a definition is stored by
/// is settled once it is established.
pub(super) fn is_kept(field: &str, old: &Value) -> bool {
    let conditions = old.pointer("/status/conditions").and_then(Value::as_array);
    let mut conditions = conditions.into_iter().flatten();
    let is_established =
        conditions.any(|one| text(one, "/type") == "Established" && text(one, "/status") == "True");
    is_established || !matches!(field, "spec.scope" | "spec.names.kind")
}

fn versions(definition: &Value) -> &[Value] {
    let versions = definition
        .pointer("/spec/versions")
        .and_then(Value::as_array);
    versions.map_or(&[], Vec::as_slice)
}

fn of_identity(definition: &Value, faults: &mut Vec<FieldFault>) {
    let group = text(definition, "/spec/group");
    let plural = text(definition, "/spec/names/plural");
    let name = text(definition, "/metadata/name");
    if name != format!("{plural}.{group}") {
        let message = "must be spec.names.plural+\".\"+spec.group";
        let fault = FieldFault::new("metadata.name", Sort::Invalid, message);
        faults.push(fault.of(json!(name)));
    }
    if group.is_empty() {
        faults.push(FieldFault::new("spec.group", Sort::Required, ""));
    } else if !group.contains('.') {
        let message = "should be a domain with at least one dot";
        faults.push(FieldFault::new("spec.group", Sort::Invalid, message).of(json!(group)));
    }
    let is_protected = ["k8s.io", "kubernetes.io"].iter().any(|owner| {
        let below = group.strip_suffix(owner);
        below.is_some_and(|below| below.is_empty() || below.ends_with('.'))
    });
    let annotations = definition.pointer("/metadata/annotations");
    if is_protected && annotations.and_then(|all| all.get(APPROVED)).is_none() {
        let message = format!(
            "protected groups must have approval annotation {APPROVED:?}, see https://github.com/kubernetes/enhancements/pull/1111"
        );
        let field = format!("metadata.annotations[{APPROVED}]");
        faults.push(FieldFault::new(field, Sort::Required, message));
    }
    let scope = text(definition, "/spec/scope");
    if !matches!(scope, "Cluster" | "Namespaced") {
        let message = "supported values: \"Cluster\", \"Namespaced\"";
        let fault = FieldFault::new("spec.scope", Sort::NotSupported, message);
        faults.push(fault.of(json!(scope)));
    }
}

fn is_label(text: &str) -> bool {
    let is_inner = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    text.len() <= 63
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.ends_with(is_inner)
        && text.chars().all(|letter| is_inner(letter) || letter == '-')
}

fn of_names(definition: &Value, faults: &mut Vec<FieldFault>) {
    let names = definition.pointer("/spec/names").unwrap_or(&Value::Null);
    for field in ["plural", "singular", "kind", "listKind"] {
        let said = text(names, &format!("/{field}"));
        let place = format!("spec.names.{field}");
        if said.is_empty() {
            faults.push(FieldFault::new(place, Sort::Required, ""));
            continue;
        }
        let is_kind = matches!(field, "kind" | "listKind");
        let form = if is_kind {
            said.to_lowercase()
        } else {
            said.to_owned()
        };
        if !is_label(&form) {
            let message = if is_kind {
                format!("may have mixed case, but should otherwise match: {LABEL}")
            } else {
                LABEL.to_owned()
            };
            faults.push(FieldFault::new(place, Sort::Invalid, message).of(json!(said)));
        }
    }
    for list in ["shortNames", "categories"] {
        let all = names
            .get(list)
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        for (index, name) in all.enumerate() {
            if !name.as_str().is_some_and(is_label) {
                let place = format!("spec.names.{list}[{index}]");
                faults.push(FieldFault::new(place, Sort::Invalid, LABEL).of(name.clone()));
            }
        }
    }
}

fn of_versions(definition: &Value, faults: &mut Vec<FieldFault>) {
    let versions = versions(definition);
    let mut names = BTreeSet::new();
    let mut is_unique = true;
    for (place, version) in versions.iter().enumerate() {
        let name = text(version, "/name");
        is_unique &= names.insert(name);
        if !is_label(name) {
            let field = format!("spec.versions[{place}].name");
            faults.push(FieldFault::new(field, Sort::Invalid, LABEL).of(json!(name)));
            if place == 0 {
                faults.push(FieldFault::new("spec.version", Sort::Invalid, LABEL).of(json!(name)));
            }
        }
        if version.pointer("/schema/openAPIV3Schema").is_none() {
            let field = format!("spec.versions[{place}].schema.openAPIV3Schema");
            faults.push(FieldFault::new(field, Sort::Required, ""));
        }
    }
    let is_stored = |version: &&Value| version.get("storage") == Some(&Value::Bool(true));
    let stored: Vec<&str> = versions
        .iter()
        .filter(is_stored)
        .map(|version| text(version, "/name"))
        .collect();
    let mut say = |message: &str| {
        let value = Value::Array(versions.to_vec());
        faults.push(FieldFault::new("spec.versions", Sort::Invalid, message).of(value));
    };
    if !is_unique {
        say("must contain unique version names");
    }
    if stored.len() != 1 {
        say("must have exactly one version marked as storage version");
        let (message, value) = match stored.first() {
            None => (
                "must have at least one stored version".to_owned(),
                Value::Null,
            ),
            Some(name) => (
                format!("must have the storage version {name}"),
                json!([name]),
            ),
        };
        faults.push(FieldFault::new("status.storedVersions", Sort::Invalid, message).of(value));
    }
}

fn of_conversion(definition: &Value, faults: &mut Vec<FieldFault>) {
    let conversion = definition
        .pointer("/spec/conversion")
        .unwrap_or(&Value::Null);
    match text(conversion, "/strategy") {
        "" | "None" => {}
        "Webhook" => {
            for (pointer, field, message) in [
                (
                    "/webhook/clientConfig",
                    "webhookClientConfig",
                    "required when strategy is set to Webhook",
                ),
                (
                    "/webhook/conversionReviewVersions",
                    "conversionReviewVersions",
                    "",
                ),
            ] {
                if conversion.pointer(pointer).is_none() {
                    let field = format!("spec.conversion.{field}");
                    faults.push(FieldFault::new(field, Sort::Required, message));
                }
            }
        }
        other => {
            let message = "supported values: \"None\", \"Webhook\"";
            let fault = FieldFault::new("spec.conversion.strategy", Sort::NotSupported, message);
            faults.push(fault.of(json!(other)));
        }
    }
}

fn of_scale(version: &Value, at: &str, faults: &mut Vec<FieldFault>) {
    let Some(scale) = version.pointer("/subresources/scale") else {
        return;
    };
    for (field, above) in [
        ("specReplicasPath", ".spec"),
        ("statusReplicasPath", ".status"),
    ] {
        let path = text(scale, &format!("/{field}"));
        let place = format!("{at}.subresources.scale.{field}");
        let message = if path.is_empty() {
            faults.push(FieldFault::new(place, Sort::Required, ""));
            continue;
        } else if !path.starts_with('.') {
            "must be a simple json path starting with .".to_owned()
        } else if !path.starts_with(&format!("{above}.")) {
            format!("should be a json path under {above}")
        } else {
            continue;
        };
        faults.push(FieldFault::new(place, Sort::Invalid, message).of(json!(path)));
    }
}

fn of_columns(version: &Value, at: &str, faults: &mut Vec<FieldFault>) {
    const TYPES: [&str; 5] = ["boolean", "date", "integer", "number", "string"];
    let columns = version
        .get("additionalPrinterColumns")
        .and_then(Value::as_array);
    for (index, column) in columns.into_iter().flatten().enumerate() {
        let place = |field: &str| format!("{at}.additionalPrinterColumns[{index}].{field}");
        if text(column, "/name").is_empty() {
            faults.push(FieldFault::new(place("name"), Sort::Required, ""));
        }
        let sort = text(column, "/type");
        if !TYPES.contains(&sort) {
            let message = format!("must be one of {}", TYPES.join(","));
            faults.push(FieldFault::new(place("type"), Sort::Invalid, message).of(json!(sort)));
        }
        let path = text(column, "/jsonPath");
        if !path.starts_with('.') {
            let message = "must be a simple json path starting with .";
            let fault = FieldFault::new(place("JSONPath"), Sort::Invalid, message);
            faults.push(fault.of(json!(path)));
        }
    }
}
