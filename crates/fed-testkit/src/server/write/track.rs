//! Who owns the fields of an object after a write that is no apply?

use serde_json::Value;

use super::{Call, metadata};
use crate::server::fields::{Managers, Writer};
use crate::server::shape::nothing;
use crate::server::strategy::reset_fields;

/// The managers that an object holds; none where what it holds cannot be read.
pub(super) fn managers(call: &Call<'_>, object: &Value) -> Managers {
    let entries = object.pointer("/metadata/managedFields");
    served(call, entries.and_then(Managers::decode).unwrap_or_default())
}

/// The managers whose versions are served.
fn served(call: &Call<'_>, managers: Managers) -> Managers {
    let kind = call.target.kind.kind();
    managers.served(|version| call.schemas.kind_of(version, kind).is_some())
}

pub(super) fn set_managers(object: &mut Value, managers: &Managers) {
    let metadata = metadata(object);
    if managers.is_empty() {
        metadata.remove("managedFields");
    } else {
        metadata.insert("managedFields".to_owned(), managers.encode());
    }
}

/// Writes down who owns what of a new object, or of one that another takes the place of.
pub(in crate::server) fn track(call: &Call<'_>, live: Option<&Value>, object: &mut Value) {
    let sent = metadata(object).remove("managedFields");
    let known = || live.map(|live| managers(call, live)).unwrap_or_default();
    let is_reset = sent
        .as_ref()
        .and_then(Value::as_array)
        .is_some_and(|entries| {
            entries.is_empty() || matches!(&entries[..], [Value::Object(entry)] if entry.is_empty())
        });
    let sent = sent.as_ref().and_then(Managers::decode).unwrap_or_default();
    let before = if !call.target.subresource.is_empty() {
        known()
    } else if is_reset {
        Managers::default()
    } else if sent.is_empty() {
        known()
    } else {
        let is_tracked = served(call, sent);
        if is_tracked.is_empty() {
            // Whoever names only managers that cannot be is rid of all.
            metadata(object).remove("managedFields");
        }
        is_tracked
    };
    // Nobody is written down for what was there before anybody was.
    if before.is_empty() && live.is_some() {
        return;
    }
    let none = nothing(call.target.kind);
    let reset = reset_fields(call.target.kind, &call.target.subresource);
    let version = call.target.kind.api_version();
    let writer = Writer {
        name: call.manager(),
        api_version: &version,
        subresource: &call.target.subresource,
        now: &call.now,
        reset: &reset,
    };
    let live = live.map(untracked);
    let live = live.as_ref().unwrap_or(&none);
    let after = before.after_update(call.root(), live, object, &writer);
    set_managers(object, &after);
}

/// The object without its managers.
pub(super) fn untracked(object: &Value) -> Value {
    let mut object = object.clone();
    metadata(&mut object).remove("managedFields");
    object
}
