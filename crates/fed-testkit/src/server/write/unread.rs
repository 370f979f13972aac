//! What is said of a body that cannot be read? The words of Go, whose types a real server reads it
//! into.

use std::fmt::Write;

use fed_schema::{Fault, Kind, Origin, Shape, Type, Violation};
use serde_json::{Value, json};

use super::{Call, text};
use crate::server::status::{FieldFault, Refusal, Sort};

/// How much of a body is told again.
const TOLD: usize = 30;

const QUANTITY: &str =
    r"quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/// 400 for a body that is no object of any kind.
pub(super) fn unrecognized(kind: &str, why: &str, body: &[u8]) -> Refusal {
    let body = told(body);
    let message =
        format!("the object provided is unrecognized (must be of type {kind}): {why} ({body})");
    Refusal::bad_request(message)
}

/// The beginning of a body: as it stands where it could be JSON, else byte by byte.
fn told(body: &[u8]) -> String {
    let (first, is_all) = match body.get(..TOLD) {
        Some(first) => (first, body.len() == TOLD),
        None => (body, true),
    };
    let first = match first {
        [] => return "<empty>".to_owned(),
        [b'{', ..] => String::from_utf8_lossy(first).into_owned(),
        bytes => bytes.iter().fold(String::new(), |mut text, byte| {
            // Writing to a text cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        }),
    };
    if is_all {
        first
    } else {
        format!("{first} ...")
    }
}

/// Why something is no JSON.
pub(super) fn syntax(error: &serde_json::Error) -> String {
    let why = if error.is_eof() {
        "unexpected end of JSON input".to_owned()
    } else {
        error.to_string()
    };
    format!("couldn't get version/kind; json parse error: {why}")
}

/// Why a value is no object.
pub(super) fn no_object(value: &Value) -> String {
    let found = name_of(value);
    format!(
        "couldn't get version/kind; json parse error: json: cannot unmarshal {found} into an object"
    )
}

/// 400 for an object that cannot be turned into what is asked for.
pub(super) fn not_handled(found: &str, version: &str, wanted: &str, why: &str) -> Refusal {
    Refusal::bad_request(format!(
        "{found} in version {version:?} cannot be handled as a {wanted}: {why}"
    ))
}

/// Is it an object of this kind?
pub(super) fn check_kind(
    call: &Call<'_>,
    object: &Value,
    api_version: &str,
    kind: &str,
) -> Result<(), Refusal> {
    let (found_version, found) = (text(object, "/apiVersion"), text(object, "/kind"));
    if (found_version, found) == (api_version, kind) {
        return Ok(());
    }
    let target = call.target.kind;
    let is_custom = target.origin() == Origin::Custom;
    let (group, version) = found_version
        .rsplit_once('/')
        .unwrap_or(("", found_version));
    let known = call.schemas.kind(group, version, found).is_some();
    if found_version != api_version && (is_custom || (known && found == kind)) {
        return Err(Refusal::bad_request(format!(
            "the API version in the data ({found_version}) does not match the expected API version ({api_version})"
        )));
    }
    if is_custom {
        let fault = FieldFault::new("kind", Sort::Invalid, format!("must be {kind}"));
        let name = text(object, "/metadata/name");
        return Err(Refusal::invalid(
            target.group(),
            found,
            name,
            &[fault.of(json!(found))],
        ));
    }
    let internal = match api_version.split_once('/') {
        Some((group, _)) => group.split('.').next().unwrap_or_default(),
        None => "core",
    };
    let why = if known {
        format!("converting ({version}.{found}) to ({internal}.{kind}): unknown conversion")
    } else {
        format!(
            "no kind {found:?} is registered for version {found_version:?} in scheme \"pkg/runtime/scheme.go:111\""
        )
    };
    Err(not_handled(found, version, kind, &why))
}

/// Why the first of these makes an object one that cannot be read, if they do.
pub(super) fn why(kind: Kind<'_>, object: &Value, violations: &[Violation]) -> Option<String> {
    let is_metadata = |path: &str| path == "/metadata" || path.starts_with("/metadata/");
    let is_read =
        |violation: &&Violation| kind.origin() == Origin::Builtin || is_metadata(&violation.path);
    let mut read = violations.iter().filter(is_read);
    read.find_map(|violation| match &violation.fault {
        Fault::WrongType { .. } => Some(wrong_type(kind, object, &violation.path)),
        Fault::Rule { message, .. } if message.starts_with("must be a quantity") => {
            Some(QUANTITY.to_owned())
        }
        Fault::Rule { message, .. } if message.starts_with("must be base64") => {
            let value = object.pointer(&violation.path);
            let byte = first_no_base64(value.and_then(Value::as_str).unwrap_or_default());
            Some(format!("illegal base64 data at input byte {byte}"))
        }
        _ => None,
    })
}

/// Where Go stops to read base64: at what is no symbol, or where the last four are not whole.
fn first_no_base64(text: &str) -> usize {
    let is_symbol = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let odd = text.bytes().position(|byte| !is_symbol(byte));
    odd.unwrap_or(text.len() / 4 * 4)
}

/// Why the value at this JSON Pointer cannot be read into its field.
pub(super) fn wrong_type(kind: Kind<'_>, object: &Value, pointer: &str) -> String {
    let (mut here, mut owner, mut path) = (Some(kind.root()), kind.kind(), String::new());
    for segment in pointer.split('/').skip(1) {
        let name = segment.replace("~1", "/").replace("~0", "~");
        // Items and entries have no names of their own.
        if !matches!(here.map(Type::shape), Some(Shape::List | Shape::Map)) {
            path = format!("{path}.{name}");
            let definition = here.and_then(Type::definition);
            owner = definition.map_or(owner, |name| name.rsplit('.').next().unwrap_or(name));
        }
        here = here.and_then(|of| of.child(&name));
    }
    // The metadata of other kinds is read by itself.
    if kind.origin() == Origin::Custom {
        path = path.replacen(".metadata", "", 1);
    }
    let wanted = here.map_or_else(|| "interface {}".to_owned(), type_name);
    let found = match object.pointer(pointer) {
        Some(Value::Number(number)) if wanted.starts_with("int") => format!("number {number}"),
        found => name_of(found.unwrap_or(&Value::Null)).to_owned(),
    };
    format!("json: cannot unmarshal {found} into Go struct field {owner}{path} of type {wanted}")
}

/// What Go calls a type.
fn type_name(of: Type<'_>) -> String {
    let of_what = |of: Option<Type<'_>>| of.map_or_else(|| "interface {}".to_owned(), type_name);
    match of.shape() {
        Shape::String => "string".to_owned(),
        Shape::Bytes => "[]uint8".to_owned(),
        Shape::Boolean => "bool".to_owned(),
        Shape::Int32 | Shape::IntOrString => "int32".to_owned(),
        Shape::Int64 | Shape::Integer => "int64".to_owned(),
        Shape::Number => "float64".to_owned(),
        Shape::List => format!("[]{}", of_what(of.items())),
        Shape::Map => format!("map[string]{}", of_what(of.values())),
        _ => {
            let mut parts = of.definition().unwrap_or_default().rsplit('.');
            match (parts.next(), parts.next()) {
                (Some(name), Some(package)) => format!("{package}.{name}"),
                _ => "map[string]interface {}".to_owned(),
            }
        }
    }
}

pub(super) fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use fed_schema::Schemas;

    use super::*;

    #[test]
    fn wrong_types_are_told_as_go_does() {
        let schemas = Schemas::builtin();
        let kind = schemas.kind("apps", "v1", "Deployment").expect("a kind");
        let object = json!({
            "metadata": {"labels": []},
            "spec": {"replicas": 1.5, "template": {"spec": {"containers": [{"name": 5}]}}},
        });
        for (pointer, expected) in [
            (
                "/metadata/labels",
                "array into Go struct field ObjectMeta.metadata.labels of type map[string]string",
            ),
            (
                "/spec/replicas",
                "number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32",
            ),
            (
                "/spec/template/spec/containers",
                "array into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container",
            ),
            (
                "/spec/template/spec/containers/0/name",
                "number into Go struct field Container.spec.template.spec.containers.name of type string",
            ),
        ] {
            let told = wrong_type(kind, &object, pointer);
            assert_eq!(told, format!("json: cannot unmarshal {expected}"));
        }
    }

    #[test]
    fn bodies_are_told_as_far_as_they_fit() {
        assert_eq!(told(b""), "<empty>");
        assert_eq!(told(b"[]"), "5b5d");
        assert_eq!(told(&[b'{'; 30]), "{".repeat(30));
        assert_eq!(told(&[b'{'; 31]), format!("{} ...", "{".repeat(30)));
    }
}
