//! How does a custom object of one version look in another? As the same object with another name of
//! its version, less what the schema of that version does not know.

use bytes::Bytes;
use fed_schema::{Kind, Origin, Schemas, apply_rules};
use serde_json::{Value, json};

use super::shape::drop_unknown;
use super::store::Stored;
use super::write::fields;

/// The JSON of an object in a version of its kind.
pub(super) fn shown(kind: Kind<'_>, stored: &Stored) -> Bytes {
    let version = kind.api_version();
    if kind.origin() == Origin::Builtin || stored.api_version() == version {
        return stored.json_as(&version);
    }
    let mut object = stored.object();
    turn(kind, &mut object);
    // What was read as JSON can be written as it.
    serde_json::to_vec(&object).unwrap_or_default().into()
}

/// Turns an object into a version of its kind; built-in kinds are left alone.
pub(super) fn turn(kind: Kind<'_>, object: &mut Value) {
    let version = kind.api_version();
    let held = object.get("apiVersion").and_then(Value::as_str);
    if kind.origin() == Origin::Builtin || held == Some(&version) {
        return;
    }
    fields(object).insert("apiVersion".to_owned(), json!(version));
    drop_unknown(kind.root(), object);
}

/// Turns an object into the version that its kind is held in, and fills in what that version has of
/// its own.
pub(super) fn hold(schemas: &Schemas, kind: Kind<'_>, version: &str, object: &mut Value) {
    if let Some(held) = schemas.kind(kind.group(), version, kind.kind()) {
        turn(held, object);
        apply_rules(schemas, object, |_| true);
    }
}
