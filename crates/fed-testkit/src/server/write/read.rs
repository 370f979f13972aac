//! What does a body say? The object that a server reads in it: of the right kind, without unknown
//! fields, with defaults.

use fed_schema::rules::Stage;
use fed_schema::{Fault, Origin, apply_rules};
use serde_json::Value;

use super::{Call, fields, metadata, text};
use crate::server::shape::{as_go_writes, drop_unknown, write_times};
use crate::server::status::Refusal;
use crate::server::{convert, service, validate};

/// Requests larger than this are refused.
pub(super) const LARGEST: usize = 3 << 20;

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
    if call.request.body.len() > LARGEST {
        return Err(Refusal::new(
            413,
            "RequestEntityTooLarge",
            format!("Request entity too large: limit is {LARGEST}"),
        ));
    }
    serde_json::from_slice(&call.request.body).map_err(|error| {
        Refusal::bad_request(format!("the object provided is unrecognized: {error}"))
    })
}

/// The object of a body that is one.
pub(in crate::server) fn object(call: &Call<'_>) -> Result<Draft, Refusal> {
    let kind = call.target.kind;
    prepare(call, body(call, &kind.api_version(), kind.kind())?)
}

/// What stands in a body: an object of this kind, which it need not name.
pub(in crate::server) fn body(
    call: &Call<'_>,
    api_version: &str,
    kind: &str,
) -> Result<Value, Refusal> {
    let media = call.request.media_type();
    if !matches!(media, "" | "application/json") {
        return Err(Refusal::new(
            415,
            "UnsupportedMediaType",
            "the body of the request was in an unknown format - accepted media types include: application/json",
        ));
    }
    let mut object = json(call)?;
    if !object.is_object() {
        return Err(Refusal::bad_request("the object provided is not an object"));
    }
    for (field, given) in [("apiVersion", api_version), ("kind", kind)] {
        let found = text(&object, &format!("/{field}"));
        if found.is_empty() {
            fields(&mut object).insert(field.to_owned(), given.into());
        } else if found != given {
            let field = if field == "kind" {
                "kind"
            } else {
                "API version"
            };
            return Err(Refusal::bad_request(format!(
                "the {field} in the data ({found}) does not match the expected {field} ({given})"
            )));
        }
    }
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
    let warnings = match call.request.parameter("fieldValidation") {
        Some("Strict") if !faults.is_empty() => {
            let message = format!("strict decoding error: {}", faults.join(", "));
            return Err(Refusal::bad_request(message));
        }
        Some("Ignore") => Vec::new(),
        _ => faults,
    };
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

/// What Go cannot read into its types.
fn check_types(call: &Call<'_>, object: &Value) -> Result<(), Refusal> {
    let kind = call.target.kind;
    let violations = call.schemas.unreadable(object).unwrap_or_default();
    let is_metadata = |path: &str| path == "/metadata" || path.starts_with("/metadata/");
    let wrong = violations
        .iter()
        .find_map(|violation| match violation.fault {
            Fault::WrongType { wanted, found }
                if kind.origin() == Origin::Builtin || is_metadata(&violation.path) =>
            {
                Some((&violation.path, wanted, found))
            }
            _ => None,
        });
    let Some((path, wanted, found)) = wrong else {
        return Ok(());
    };
    let field = validate::dotted(kind.root(), path);
    let (name, version) = (kind.kind(), kind.version());
    Err(Refusal::bad_request(format!(
        "{name} in version {version:?} cannot be handled as a {name}: json: cannot unmarshal {found} into Go struct field {name}.{field} of type {wanted}"
    )))
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
        return Err(Refusal::bad_request(match target.name.as_str() {
            "" => OTHER_NAMESPACE.to_owned(),
            _ => format!(
                "the namespace of the object ({namespace}) does not match the namespace on the request ({})",
                target.namespace
            ),
        }));
    }
    if !target.namespace.is_empty() {
        metadata(object).insert("namespace".to_owned(), target.namespace.clone().into());
    }
    Ok(())
}
