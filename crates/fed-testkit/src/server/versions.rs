//! How does an object of one version look in another? A custom one as the same object with another
//! name of its version, less what the schema of that version does not know; an Event with other
//! names of its fields.

use bytes::Bytes;
use fed_schema::{Kind, Origin, Schemas, apply_rules};
use serde_json::{Value, json};

use super::shape::{drop_unknown, write_times};
use super::status::Refusal;
use super::store::Stored;
use super::write::{fields, not_yet};

/// The JSON of an object in a version of its kind.
pub(super) fn shown(kind: Kind<'_>, stored: &Stored) -> Bytes {
    if stored.api_version() == kind.api_version() {
        return stored.json().clone();
    }
    let mut object = stored.object();
    turn(kind, &mut object);
    // What was read as JSON can be written as it.
    serde_json::to_vec(&object).unwrap_or_default().into()
}

/// Do the versions of a kind differ in more than names?
pub(super) fn differ(kind: Kind<'_>) -> bool {
    (kind.group(), kind.kind()) == ("autoscaling", "HorizontalPodAutoscaler")
}

/// Can this object be shown in a version of its kind?
pub(super) fn can_show(kind: Kind<'_>, stored: &Stored) -> bool {
    !differ(kind) || stored.api_version() == kind.api_version()
}

/// What is said of an object that cannot be shown in a version.
pub(super) fn not_shown(kind: Kind<'_>) -> Refusal {
    not_yet(&format!("objects of other versions as {kind}"))
}

/// Turns an object into a version of its kind.
pub(super) fn turn(kind: Kind<'_>, object: &mut Value) {
    let version = kind.api_version();
    let before = fields(object).insert("apiVersion".to_owned(), json!(version));
    if before.is_none_or(|before| before == version) {
        return;
    }
    match kind.origin() {
        Origin::Custom => {
            drop_unknown(kind.root(), object);
        }
        Origin::Builtin => turn_event(kind, object),
    }
}

/// What the fields of an Event of the core group are called in the other one.
const OF_EVENTS: [(&str, &str); 7] = [
    ("count", "deprecatedCount"),
    ("firstTimestamp", "deprecatedFirstTimestamp"),
    ("involvedObject", "regarding"),
    ("lastTimestamp", "deprecatedLastTimestamp"),
    ("message", "note"),
    ("reportingComponent", "reportingController"),
    ("source", "deprecatedSource"),
];

/// An Event is one thing that two groups have names for.
fn turn_event(kind: Kind<'_>, object: &mut Value) {
    if kind.kind() != "Event" {
        return;
    }
    let is_core = kind.group().is_empty();
    let fields = fields(object);
    for (core, other) in OF_EVENTS {
        let (from, to) = if is_core {
            (other, core)
        } else {
            (core, other)
        };
        if let Some(value) = fields.remove(from) {
            fields.insert(to.to_owned(), value);
        }
    }
    // What Go writes of what is not there.
    let written: &[(&str, Value)] = if is_core {
        &[
            ("reportingComponent", json!("")),
            ("reportingInstance", json!("")),
            ("source", json!({})),
        ]
    } else {
        fields.retain(|_, value| *value != "");
        &[("deprecatedSource", json!({}))]
    };
    for (name, value) in written {
        fields.entry(*name).or_insert_with(|| value.clone());
    }
    write_times(kind, object);
}

/// Turns an object into the version that its kind is held in, and fills in what that version has of
/// its own.
pub(super) fn hold(schemas: &Schemas, kind: Kind<'_>, version: &str, object: &mut Value) {
    if let Some(held) = schemas.kind(kind.group(), version, kind.kind()) {
        turn(held, object);
        apply_rules(schemas, object, |_| true);
    }
}

/// Turns an Event of whatever group into what it is held as; other built-in kinds are held as they
/// come.
pub(super) fn hold_event(schemas: &Schemas, kind: Kind<'_>, object: &mut Value) {
    if (kind.group(), kind.kind()) == ("events.k8s.io", "Event")
        && let Some(held) = schemas.kind("", "v1", "Event")
    {
        turn(held, object);
    }
}
