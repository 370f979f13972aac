//! What does a body say? The object that a server reads in it: of the right kind, without unknown
//! fields, with defaults.

use fed_schema::rules::Stage;
use fed_schema::{Kind, Origin, apply_rules};
use serde_json::Value;

use super::{Call, fields, metadata, text, unread};
use crate::server::shape::{as_go_writes, drop_unknown, write_times};
use crate::server::status::Refusal;
use crate::server::{convert, service};

/// Requests larger than this are refused.
pub(super) const LARGEST: usize = 3 << 20;

const MEDIA: &str = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

/// What is said of an object that is sent to another namespace than its own.
pub(in crate::server) const OTHER_NAMESPACE: &str =
    "the namespace of the provided object does not match the namespace sent on the request";

/// An object as the server read it.
pub(in crate::server) struct Draft {
    pub(in crate::server) object: Value,
    pub(in crate::server) warnings: Vec<String>,
}

/// The JSON of a body.
pub(in crate::server) fn json(call: &Call<'_>) -> Result<Value, Refusal> {
    check_size(call)?;
    serde_json::from_slice(&call.request.body).map_err(|error| {
        Refusal::bad_request(format!("the object provided is unrecognized: {error}"))
    })
}

fn check_size(call: &Call<'_>) -> Result<(), Refusal> {
    if call.request.body.len() <= LARGEST {
        return Ok(());
    }
    let message = format!("Request entity too large: limit is {LARGEST}");
    Err(Refusal::new(413, "RequestEntityTooLarge", message))
}

/// The object of a body that is one.
pub(in crate::server) fn object(call: &Call<'_>) -> Result<Draft, Refusal> {
    let kind = call.target.kind;
    let (version, name) = (kind.version(), kind.kind());
    let object = body(call, &kind.api_version(), name)?;
    prepare(call, object).map_err(|refusal| match refusal.code {
        400 => unread::not_handled(name, version, name, &refusal.message),
        _ => refusal,
    })
}

/// What stands in a body: an object of this kind, which it need not name.
pub(in crate::server) fn body(
    call: &Call<'_>,
    api_version: &str,
    kind: &str,
) -> Result<Value, Refusal> {
    let media = call.request.media_type();
    if !matches!(media, "" | "application/json") {
        return Err(Refusal::unknown_format(MEDIA));
    }
    check_size(call)?;
    let body = &call.request.body;
    let mut object: Value = serde_json::from_slice(body)
        .map_err(|error| unread::unrecognized(kind, &unread::syntax(&error), body))?;
    if !object.is_object() {
        let why = unread::no_object(&object);
        return Err(unread::unrecognized(kind, &why, body));
    }
    let is_custom = call.target.kind.origin() == Origin::Custom;
    for (field, named, given) in [
        ("kind", "Kind", kind),
        ("apiVersion", "apiVersion", api_version),
    ] {
        if !text(&object, &format!("/{field}")).is_empty() {
            continue;
        }
        if is_custom {
            let raw = String::from_utf8_lossy(body);
            let why = format!("Object '{named}' is missing in '{raw}'");
            return Err(unread::unrecognized(kind, &why, body));
        }
        fields(&mut object).insert(field.to_owned(), given.into());
    }
    unread::check_kind(call, &object, api_version, kind)?;
    Ok(object)
}

/// The object as the server reads it, whether it came as a body or was made by a patch.
pub(super) fn prepare(call: &Call<'_>, mut object: Value) -> Result<Draft, Refusal> {
    let kind = call.target.kind;
    let dropped = drop_unknown(kind.root(), &mut object);
    let faults: Vec<String> = dropped
        .iter()
        .map(|path| format!("unknown field {path:?}"))
        .collect();
    let mut warnings = match call.request.parameter("fieldValidation") {
        Some("Strict") if !faults.is_empty() => {
            let message = format!("strict decoding error: {}", faults.join(", "));
            return Err(Refusal::bad_request(message));
        }
        Some("Ignore") => Vec::new(),
        _ => faults,
    };
    warnings.extend(without_effect(kind, &object));
    check_types(call, &object)?;
    as_go_writes(kind, &mut object);
    apply_rules(call.schemas, &mut object, |rule| {
        rule.stage == Stage::Reading
    });
    write_times(kind, &mut object);
    service::after_defaults(kind, &mut object);
    metadata(&mut object);
    convert::there_and_back(kind, &mut object);
    Ok(Draft { object, warnings })
}

/// What is held and has no effect is told to those who would rely on it.
fn without_effect(kind: Kind<'_>, object: &Value) -> Option<String> {
    let what = match (kind.group(), kind.kind()) {
        (
            "admissionregistration.k8s.io",
            "ValidatingWebhookConfiguration"
            | "MutatingWebhookConfiguration"
            | "ValidatingAdmissionPolicyBinding"
            | "MutatingAdmissionPolicyBinding",
        ) => "asks nobody whether objects may be written",
        ("apiregistration.k8s.io", "APIService") if object.pointer("/spec/service").is_some() => {
            "hands no requests on"
        }
        ("apiextensions.k8s.io", "CustomResourceDefinition")
            if text(object, "/spec/conversion/strategy") == "Webhook" =>
        {
            "asks nobody to convert objects"
        }
        _ => return None,
    };
    Some(format!("this API server is one in memory, and {what}"))
}

/// What Go cannot read into its types.
fn check_types(call: &Call<'_>, object: &Value) -> Result<(), Refusal> {
    let violations = call.schemas.unreadable(object).unwrap_or_default();
    let why = unread::why(call.target.kind, object, &violations);
    why.map_or(Ok(()), |why| Err(Refusal::bad_request(why)))
}

/// Does the object have the name and namespace of the path?
pub(in crate::server) fn check_name(call: &Call<'_>, object: &mut Value) -> Result<(), Refusal> {
    let target = &call.target;
    let (name, namespace) = (
        text(object, "/metadata/name"),
        text(object, "/metadata/namespace"),
    );
    if !target.name.is_empty() {
        if name.is_empty() {
            return Err(Refusal::bad_request(format!(
                "the name of the object ({} based on URL) was undeterminable: name must be provided",
                target.name
            )));
        }
        if name != target.name {
            return Err(Refusal::bad_request(format!(
                "the name of the object ({name}) does not match the name on the URL ({})",
                target.name
            )));
        }
    }
    if namespace != target.namespace && !namespace.is_empty() {
        return Err(Refusal::bad_request(OTHER_NAMESPACE));
    }
    if !target.namespace.is_empty() {
        metadata(object).insert("namespace".to_owned(), target.namespace.clone().into());
    }
    Ok(())
}
